"""How one document stands in Octopus after it was booked.

Nothing here or there is changed by it: a person decides.
"""

from __future__ import annotations

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..api.stored import from_json
from ..api.types import Booking
from ..core.compare_booking import Match, compare_moved
from ..core.differences import differences
from ..core.find_booking import likeness, same_relation, words
from ..core.states import BOOKED
from .entries import DocumentEntries

_logger = logging.getLogger(__name__)


def judge(row, booking: Booking, freed: bool = False) -> bool:
    """Note how what stands on the number of a document compares with what was sent;
    what it is not at all means that ours is gone.

    :param row: ``octopus.booking``
    :param booking: what was read
    :param freed: Octopus told that the number was deleted since
    :return: whether it still is this document
    """
    row.ensure_one()
    sent = from_json(Booking, row.payload)
    found = [difference.as_json() for difference in differences(sent, booking)]
    if not may_be(row, booking, freed):
        return False
    if found and found != row.differences:
        row.write({"state": "differs", "differences": found})
        note = row.env._(
            "Octopus has something else now: %(text)s.", text=row.differences_text
        )
        row.tell(note)
    elif not found and row.state == "differs":
        # Changed, unless the document here still is what was sent.
        row.write({"state": "changed", "differences": False})
        row.note_reposted()
    return True


def may_be(row, booking: Booking, freed: bool = False) -> bool:
    """Whether what stands on the number of a document may still be it, edited or not.

    :param row: ``octopus.booking``
    :param booking: what was read
    :param freed: Octopus told that the number was deleted since
    """
    if is_alike(row, booking):
        return True
    return not freed and _may_be_edited(row, from_json(Booking, row.payload), booking)


def judge_entries(entries, deleted):
    """Compare entries that are ours with what was sent; let go of those that are
    another document now.

    :param entries: ``octopus.journal.entry``, of one journal
    :param deleted: numbers of which Octopus told that they were
    :return: the ``octopus.booking`` that lost their booking so, and those that could
        not be compared, which stops no other
    """
    lost = unclear = entries.env["octopus.booking"]
    for entry in entries.filtered(lambda it: it.booking_id.state in BOOKED):
        row = entry.booking_id
        try:
            with entries.env.cr.savepoint():
                same = judge(row, entry.as_booking(), entry.number in deleted)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("%s cannot be compared", row.octopus_number)
            unclear |= row
            continue
        if not same:
            entry.booking_id = False
            lost |= row
    return lost, unclear


def _may_be_edited(row, sent, booking):
    """Whether what has hardly anything of a document still may be it, text and all
    changed by the accountant: to call it gone would invite a second booking."""
    if same_relation(sent, booking) is False:
        return False
    texts = {words(booking.comment), words(booking.reference)} - {""}
    another = [
        ("dossier_id", "=", row.dossier_id.id),
        ("document_name", "in", list(texts)),
        ("id", "!=", row.id),
    ]
    return not (row.search_count(another, limit=1) or _is_elsewhere(row, sent))


def _is_elsewhere(row, sent):
    """Whether another number of the journal has the name of a document, or says in all
    but a part of the text the same."""
    name = words(sent.comment)
    if not name:
        return False
    elsewhere = [
        ("journal_year_id", "=", row.journal_year_id.id),
        ("number", "!=", row.number),
        ("deleted", "=", False),
        "|",
        ("comment", "like", name),
        ("reference", "like", name),
    ]
    return any(
        entry.comment == name
        or compare_moved(sent, entry.as_booking(), name) is not Match.OTHER
        for entry in row.env["octopus.journal.entry"].search(elsewhere)
    )


def standing(row):
    """Return what stands on the number of a document in Octopus, is of its own
    relation, and perhaps is it: a person must say.

    :param row: ``octopus.booking``
    :return: ``octopus.journal.entry``, maybe empty
    """
    row.ensure_one()
    here = [
        ("journal_year_id", "=", row.journal_year_id.id),
        ("number", "=", row.number),
        ("deleted", "=", False),
        ("booking_id", "in", (False, row.id)),
    ]
    entry = row.env["octopus.journal.entry"].search(here)
    if not entry or not row.payload:
        return entry.browse()
    booking = entry.as_booking()
    other = same_relation(from_json(Booking, row.payload), booking) is False
    edited = row.state != "gone" and is_alike(row, booking)
    return entry.browse() if other or edited else entry


def is_alike(row, booking: Booking) -> bool:
    """Whether a booking certainly is a document, edited or not.

    :param row: ``octopus.booking`` that was sent
    :param booking: what was read
    """
    sent = from_json(Booking, row.payload)
    return not differences(sent, booking) or likeness(sent, booking).asks


def follow(row, entry, empty: bool = True) -> None:
    """Follow a document that is not under its number any more.

    :param row: ``octopus.booking``
    :param entry: ``octopus.journal.entry`` that is the document
    :param empty: nothing stands on its number; else another document does
    """
    row.ensure_one()
    if row.state != "gone" and empty:
        DocumentEntries(row.journal_year_id).delete([row.number])
    if row.frees_number(entry):
        _renumber(row, entry)
        judge_entries(entry, ())
    elif row.state != "gone":
        row.set_gone()


def _renumber(row, entry):
    old = row.octopus_number
    row.entry_ids.booking_id = False
    entry.booking_id = row
    row.write(
        {
            "journal_year_id": entry.journal_year_id.id,
            "number": entry.number,
            "payments_linked": False,
        }
    )
    if row.state == "gone":
        # What it differs in is looked at anew; changed, unless the document here
        # still is what was sent.
        row.write({"state": "changed", "differences": False})
        row.note_reposted()
    note = row.env._(
        "Renumbered in Octopus: %(old)s is %(new)s now.",
        old=old,
        new=row.octopus_number,
    )
    row.tell(note)
