"""./dev upgrade: what is lost, sent twice or another value is seen (issue 13)."""

import json

import pytest

from devtools.errors import DevError
from devtools.revisions import checkout
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
    "payload": {"lines": []},
}


def fate(wanted="booked", found=(THERE,), before=None, after=None, **more):
    """A document that was booked before and after, but for what is given."""
    rows = {**ROW, **(before or {})}, {**ROW, **(after or {})}
    return Fate("INV/1", wanted, *rows, list(found), **more)


def test_a_document_that_stayed_as_it_was_is_right():
    assert fate().wrong == []
    gone = {"state": "gone"}
    assert fate("gone", found=(), before=gone, after=gone).wrong == []


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


def test_a_column_with_another_name_is_kept():
    before = {"octopus_balancing": {1: {"id": 1, "verdict": "accepted"}}}
    after = {"octopus_balancing": {1: {"id": 1, "decision": "accepted"}}}
    found = compare(before, after)
    assert (found.wrong, found.notes) == ([], [])
    after["octopus_balancing"][1]["decision"] = None
    assert "1: accepted → None" in compare(before, after).wrong[0]


class TestMovedRows:
    """Entries of banks stand in the table of all entries today, and what points to
    them follows."""

    FINDING = {"code": "payment_disputed", "model": "octopus.payment.entry", "ids": [7]}
    BEFORE = {
        "octopus_payment": {1: {"id": 1, "entry_id": 7, "findings": [FINDING]}},
        "octopus_payment_entry": {7: ENTRY},
        "octopus_payment_entry_other_rel": {
            '{"entry_id": 7, "payment_id": 1}': {"entry_id": 7, "payment_id": 1}
        },
        "octopus_journal_entry": {},
    }

    @pytest.fixture
    def after(self):
        finding = {**self.FINDING, "model": "octopus.journal.entry", "ids": [90]}
        entry = {**ENTRY, "id": 90, "comment": "more is kept there"}
        entry["data"] = entry.pop("payload")
        link = {"entry_id": 90, "payment_id": 1}
        return {
            "octopus_payment": {1: {"id": 1, "entry_id": 90, "findings": [finding]}},
            "octopus_journal_entry": {90: entry},
            "octopus_journal_entry_other_payment_rel": {
                json.dumps(link, sort_keys=True): link
            },
        }

    def test_they_are_found(self, after):
        found = compare(self.BEFORE, after)
        told = "1 rows of octopus_payment_entry stand in octopus_journal_entry now"
        assert (found.wrong, found.notes) == ([], [told])

    def test_what_points_elsewhere_is_told(self, after):
        after["octopus_payment"][1]["entry_id"] = 7
        assert "1: 90 → 7" in compare(self.BEFORE, after).wrong[0]

    def test_a_finding_that_points_elsewhere_is_told(self, after):
        after["octopus_payment"][1]["findings"] = [self.FINDING]
        [sentence] = compare(self.BEFORE, after).wrong
        assert "octopus_payment.findings" in sentence

    @pytest.mark.parametrize("column", ["amount", "data", "document_date"])
    def test_another_value_is_told(self, after, column):
        after["octopus_journal_entry"][90][column] = None
        assert len(compare(self.BEFORE, after).wrong) == 1

    @pytest.mark.parametrize(
        "table", ["octopus_journal_entry", "octopus_journal_entry_other_payment_rel"]
    )
    def test_one_that_is_lost_is_told(self, after, table):
        after[table] = {}
        assert any(
            "octopus_payment_entry" in it for it in compare(self.BEFORE, after).wrong
        )


def test_a_revision_that_git_does_not_have_is_told():
    with pytest.raises(DevError, match="no-such-revision"):
        checkout(Workspace(), "no-such-revision")
