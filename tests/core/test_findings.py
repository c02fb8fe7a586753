"""Findings are codes and plain values (I.2, Z.3)."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from octopus_connector.core import codes
from octopus_connector.core.findings import Finding, FindingError, worst


def test_z3_a_finding_is_stored_as_plain_json():
    finding = Finding(
        "sums_differ",
        {"sum": Decimal("12.10"), "date": date(2026, 3, 1)},
        model="account.move",
        ids=[7],
    )
    assert json.loads(json.dumps(finding.as_json())) == {
        "code": "sums_differ",
        "severity": "block",
        "params": {"sum": "12.10", "date": "2026-03-01"},
        "model": "account.move",
        "ids": [7],
    }


def test_z3_an_unknown_code_is_refused():
    with pytest.raises(ValueError):
        Finding("something_else")


def test_x25_what_blocks_comes_before_what_waits():
    waits, blocks = Finding("journal_closed"), Finding("no_bookyear")
    warns = Finding("account_on_suspense")
    assert worst([warns, waits, blocks]) is blocks
    assert worst([warns, waits]) is waits
    assert worst([]) is None
    assert [finding.stops for finding in (waits, blocks, warns)] == [True, True, False]


def test_x25_an_error_carries_one_finding_or_several():
    one = Finding("no_bookyear")
    assert FindingError(one).findings == [one]
    assert FindingError([one, one]).findings == [one, one]


def test_z3_every_code_says_what_is_wrong_who_mends_it_and_how():
    severities = {codes.BLOCK, codes.WAIT, codes.WARN, codes.INFO}
    people = {codes.YOU, codes.ADMINISTRATOR, codes.ACCOUNTANT, codes.OCTOPUS}
    assert len(codes.CODES) > 150
    for code, kind in codes.CODES.items():
        assert getattr(codes, code.upper()) == code
        assert kind.severity in severities and kind.who in people, code
        assert kind.title.endswith(".") or kind.title.endswith("%(message)s"), code
        assert kind.fix.endswith((".", "!")), code


def test_every_code_is_raised_somewhere():
    """A text that nobody meets is translated and kept in vain."""
    addon = Path(codes.__file__).parents[1]
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in addon.rglob("*.py")
        if path.name != "codes.py"
    )
    names = {
        name
        for name, value in vars(codes).items()
        if isinstance(value, str) and value in codes.CODES
    }
    raised = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", source))
    # Named after what travels, in sync/watch/outboxes.py.
    built = {
        f"{outbox}_{how}"
        for outbox in ("DOCUMENTS", "PAYMENTS")
        for how in ("WAIT", "BLOCKED")
    }
    assert sorted(names - raised) == sorted(built)
