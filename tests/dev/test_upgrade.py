"""./dev upgrade: what is lost, sent twice or another value is seen (issue 13)."""

import pytest

from devtools.commands.upgrade import checkout
from devtools.errors import DevError
from devtools.upgrade.job import names_document
from devtools.upgrade.judging import Fate, unexplained, unlike
from devtools.upgrade.rows import compare
from devtools.workspace import Workspace

ROW = {"state": "booked", "cause": None, "number": 4, "amount": 12.1}
THERE = {"key": "2/V1/4", "number": 4, "amount": "12.10"}
ENTRY = {
    "id": 7,
    "journal_year_id": 3,
    "number": 5,
    "reference": "by hand",
    "document_date": "2026-11-30",
    "amount": -5,
    "octopus_number": "F2 2026 / 5",
}


def fate(wanted="booked", found=(THERE,), before=None, after=None, **more):
    """A document that was booked before and after, but for what is given."""
    rows = {**ROW, **(before or {})}, {**ROW, **(after or {})}
    return Fate("INV/1", wanted, *rows, list(found), **more)


def test_a_document_that_stayed_as_it_was_is_right():
    assert fate().wrong == []
    assert fate("gone", found=(), before={"state": "gone"}, after={"state": "gone"})


@pytest.mark.parametrize(
    "told, it",
    [
        ("2 times", fate(found=(THERE, {**THERE, "key": "2/V1/5"}))),
        ("0 times", fate(found=())),
        ("not excluded", fate("excluded", found=())),
        ("1 times", fate("excluded", after={"state": "excluded"})),
        ("is unknown (lost), not", fate(after={"state": "unknown", "cause": "lost"})),
        ("has number 5 now", fate(after={"number": 5}, found=[{**THERE, "number": 5}])),
        ("has number 9 in Octopus", fate(found=[{**THERE, "number": 9}])),
        ("is 12.11 in Octopus", fate(found=[{**THERE, "amount": "12.11"}])),
        ("is 12.10 in Octopus", fate("differs", after={"state": "differs"})),
    ],
)
def test_each_other_end_is_told(told, it):
    assert any(told in sentence for sentence in it.wrong), it.wrong
    assert told in it.line()


def test_a_number_that_never_came_to_octopus_may_become_another():
    lost = {"state": "sending", "number": 6}
    assert fate(before=lost, stood=False).wrong == []
    assert fate(before=lost).wrong == ["has number 4 now"]


def test_what_nobody_made_is_told():
    assert unexplained(["2/V1/1", "2/V1/2"], {"2/V1/1"}) == ["2/V1/2 is nobody's"]


def test_another_amount_that_is_open_is_told():
    assert unlike({"2/V1/1": 5, "2/V1/2": 0}, {"2/V1/1": 5, "2/V1/2": 0}) == []
    assert len(unlike({"2/V1/1": 5}, {"2/V1/1": 4})) == 1


def test_the_name_of_one_document_is_not_the_end_of_anothers():
    assert names_document("INV/2026/1, checked", "INV/2026/1")
    assert not names_document("RINV/2026/1", "INV/2026/1")
    assert not names_document("INV/2026/12", "INV/2026/1")
    assert not names_document(None, "INV/2026/1")


def test_rows_that_are_kept_are_right():
    before = {"octopus_booking": {1: {"id": 1, "number": 4, "write_date": "then"}}}
    after = {"octopus_booking": {1: {"id": 1, "number": 4, "write_date": "now"}}}
    found = compare(before, after)
    assert (found.wrong, found.notes) == ([], [])
    assert found.rows == {"octopus_booking": 1}


@pytest.mark.parametrize(
    "told, after",
    [
        ("octopus_booking 1", {"octopus_booking": {}}),
        ("all 1 rows", {}),
        ("1: 4 → None", {"octopus_booking": {1: {"id": 1, "number": None}}}),
    ],
)
def test_rows_that_are_lost_or_changed_are_told(told, after):
    before = {"octopus_booking": {1: {"id": 1, "number": 4}}}
    [sentence] = compare(before, after).wrong
    assert told in sentence


def test_a_column_that_is_kept_no_more_is_noted():
    before = {"octopus_booking": {1: {"id": 1, "number": 4}}}
    found = compare(before, {"octopus_booking": {1: {"id": 1}}})
    assert found.wrong == []
    assert found.notes == ["octopus_booking.number is kept no more"]


def test_entries_of_banks_may_stand_in_the_table_of_all_entries():
    """And what points to them follows."""
    before = {
        "octopus_payment": {1: {"id": 1, "entry_id": 7}},
        "octopus_payment_entry": {7: ENTRY},
        "octopus_journal_entry": {},
    }
    there = {**ENTRY, "id": 90, "comment": "more is kept there"}
    after = {
        "octopus_payment": {1: {"id": 1, "entry_id": 90}},
        "octopus_journal_entry": {90: there},
    }
    found = compare(before, after)
    assert found.wrong == []
    assert found.notes == [
        "1 rows of octopus_payment_entry stand in octopus_journal_entry now"
    ]
    after["octopus_payment"][1]["entry_id"] = 7
    assert "1: 90 → 7" in compare(before, after).wrong[0]
    there["amount"] = 5
    assert len(compare(before, after).wrong) == 2
    after["octopus_journal_entry"] = {}
    assert "is not in octopus_journal_entry" in compare(before, after).wrong[0]


def test_a_revision_that_git_does_not_have_is_told():
    with pytest.raises(DevError, match="no-such-revision"):
        checkout(Workspace(), "no-such-revision")
