"""What ./dev bench says of a figure (issue 2 §6)."""

import json

import pytest

from benchmarks.figures import Figure


@pytest.mark.parametrize(
    ("value", "target", "met"),
    [(1.25, 1.25, True), (1.26, 1.25, False), (9, None, None)],
)
def test_a_figure_up_to_its_target_meets_it(value, target, met):
    told = json.loads(Figure("time", value, "times", target).as_json())
    assert told == {
        "name": "time",
        "value": value,
        "unit": "times",
        "target": target,
        "met": met,
    }


def test_a_person_reads_what_was_missed():
    assert Figure("time", 2, "times", 1).as_text().endswith("at most 1      MISSED")
    assert "MISSED" not in Figure("time", 1, "times", 1).as_text()
