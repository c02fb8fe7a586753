"""The switches, and the page of the manual that explains them."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from octopus_sandbox.switches import SWITCHES, Switches

MANUAL = Path(__file__).parents[2] / "docs" / "contract.md"


def test_every_switch_is_in_the_manual_with_its_values():
    rows = re.findall(
        r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$",
        MANUAL.read_text(encoding="utf-8"),
        re.M,
    )
    written = {name: values.split(", ") for name, values, *_rest in rows}
    assert set(written) == set(SWITCHES)
    for name, switch in SWITCHES.items():
        if switch.choices():
            assert written[name] == switch.choices()
        else:
            assert re.search(r"\d", written[name][-1])
            assert str(switch.default) in " ".join(written[name])


def test_the_default_is_the_first_value():
    for switch in SWITCHES.values():
        assert not switch.choices() or switch.default == switch.choices()[0]


def test_numbers_and_words_are_read():
    switches = Switches({"header_tolerance": "0.05", "attachment_limit": "10"})
    assert switches["header_tolerance"] == Decimal("0.05")
    assert switches["attachment_limit"] == 10
    assert switches.changed() == {
        "header_tolerance": "0.05",
        "attachment_limit": "10",
    }


def test_a_wrong_value_names_the_possible_ones():
    with pytest.raises(ValueError, match="429, 403, 400"):
        Switches({"quota_status": "500"})
    with pytest.raises(KeyError, match="nothing"):
        Switches({"nothing": "x"})
