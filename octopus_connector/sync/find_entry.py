"""Which booking that stands in Octopus a document or a payment is, or may be.

A document or payment that somebody else booked already, or this database before a
backup of it was restored, is not sent again: it is found here, or a person is asked.
"""

from __future__ import annotations

from odoo.fields import Domain
from odoo.tools import SQL

from ..core import codes
from ..core.bank_money import currency_of
from ..core.compare_booking import Match, compare
from ..core.compare_payment import total
from ..core.find_booking import likeness, words
from ..core.findings import Finding, FindingError

# Entries of a bank: each may be a payment.
BANK = "journal_type = 'F'"
# Documents that are there and nobody's: each may be one that was not sent yet.
FREE = "journal_type <> 'F' AND booking_id IS NULL AND deleted IS NOT TRUE"
# The words of what Octopus says of a booking, without the signs that people write
# around a number.
WORDS = """
    string_to_array(
        regexp_replace(
            coalesce(comment, '') || ' ' || coalesce(reference, ''),
            '[][(){}<>,;:!?"*'']|[.]( |$)', ' ', 'g'),
        ' ')
"""


# Documents


def exists_like(row_id, booking) -> SQL:
    """Return the SQL condition that some entry may be a document: its amount, or one
    of its numbers as a word.

    It is asked for every document, so it is no more than that. They are counted: asked
    with EXISTS, PostgreSQL expects one soon and reads them all, without the index of
    words.

    :param row_id: id of its ``octopus.booking``
    :param booking: what would be sent, as ``api.types.Booking``
    """
    return SQL(
        """
        0 < (
            SELECT count(*) FROM octopus_journal_entry AS entry
             WHERE entry.dossier_id = (
                       SELECT dossier_id FROM octopus_booking WHERE id = %(row)s)
               AND entry.journal_type <> 'F'
               AND entry.booking_id IS NULL
               AND entry.deleted IS NOT TRUE
               AND (entry.amount = %(amount)s
                    OR entry.comment IN %(texts)s OR entry.reference IN %(texts)s
                    OR %(words)s && %(list)s)
        )
        """,
        row=row_id,
        amount=booking.amount,
        texts=_texts(booking) or (None,),
        words=SQL(WORDS),
        list=list(_texts(booking)),
    )


def find_document(row, booking):
    """Return the entry that is a document that was not sent yet, maybe empty.

    :param row: its ``octopus.booking``
    :param booking: what would be sent, as ``api.types.Booking``
    :return: ``octopus.journal.entry``
    :raises FindingError: one looks like it, and a person must say whether it is
    """
    free = _free(row, booking)
    for entry in free.sorted("number"):
        if compare(booking, entry.as_booking()) is Match.SAME:
            return entry
    if finding := _most_like(free, booking):
        raise FindingError(finding)
    return free.browse()


def maybe_document(row, booking) -> Finding | None:
    """Return the finding that a document may be in Octopus already.

    :param row: its ``octopus.booking``
    :param booking: what would be sent, as ``api.types.Booking``
    :return: ``None`` when nothing there looks like it
    """
    return _most_like(_free(row, booking), booking)


def _most_like(entries, booking):
    scored = [(entry, likeness(booking, entry.as_booking())) for entry in entries]
    asked = [(entry, found) for entry, found in scored if found.asks]
    if not asked:
        return None
    entry, found = max(asked, key=lambda pair: (pair[1].score, pair[0].id))
    facts = {
        "number": entry.octopus_number,
        "amount": f"{entry.as_booking().amount:.2f}",
        "currency": entry.currency_code or "",
        "date": entry.document_date or None,
        "score": found.score,
        "reasons": list(found.reasons),
    }
    return Finding(codes.MAYBE_BOOKED, facts, entry._name, entry.ids)


def _free(row, booking):
    """Return entries of the same kind of journal that are nobody's, and of which nobody
    said that they are not this document."""
    return row.env["octopus.journal.entry"].search(
        [
            ("dossier_id", "=", row.dossier_id.id),
            ("journal_type", "=", booking.journal[:1]),
            ("booking_id", "=", False),
            ("deleted", "=", False),
            ("other_booking_ids", "not in", row.ids),
            "|",
            ("amount", "=", float(booking.amount)),
            "|",
            ("comment", "in", _texts(booking)),
            "|",
            ("reference", "in", _texts(booking)),
            ("id", "in", _holding(row.dossier_id, _texts(booking))),
        ]
    )


def _holding(dossier, texts):
    """Return the query of the entries that are nobody's and hold one of some numbers as
    a word."""
    return SQL(
        """(SELECT id FROM octopus_journal_entry
             WHERE dossier_id = %s AND %s AND %s && %s)""",
        dossier.id,
        SQL(FREE),
        SQL(WORDS),
        list(texts),
    )


def _texts(booking):
    """Return the numbers by which people name a document."""
    texts = words(booking.comment), words(booking.reference)
    return tuple(text for text in texts if text)


# Payments


def find_payment(row, journal, booking):
    """Return the entries that may be a payment which was not sent yet: the one that was
    found for it before, those with its reference, and those of that day and amount,
    whatever their text.

    :param row: ``octopus.payment``
    :param journal: ``octopus.journal``
    :param booking: what would be sent, as ``api.types.FinancialBooking``
    :return: ``octopus.journal.entry``
    """
    like = Domain("document_date", "=", booking.document_date) & Domain(
        "amount", "=", float(total(booking))
    )
    found = row.env["octopus.journal.entry"].search(
        Domain("journal_type", "=", "F")
        & Domain("journal_id", "=", journal.id)
        & Domain("other_payment_ids", "not in", row.ids)
        & (Domain("reference", "=", row.reference) | like),
        order="journal_year_id, number",
    )
    return (row.entry_id | found).filtered(lambda entry: not is_over(entry))


def is_over(entry) -> bool:
    """Whether a payment of ours has the number of an entry, or it is there no more.

    :param entry: ``octopus.journal.entry`` of a bank
    """
    here = [
        ("journal_year_id", "=", entry.journal_year_id.id),
        ("number", "=", entry.number),
    ]
    ours = entry.env["octopus.payment"].numbers(here)
    return bool(ours) or entry.number > entry.journal_year_id.last_number


def maybe_payment(entry) -> Finding:
    """Return the finding that an entry may be a payment.

    :param entry: ``octopus.journal.entry`` of a bank, one
    """
    entry.ensure_one()
    facts = {
        "number": entry.octopus_number,
        "date": entry.document_date or None,
        "amount": f"{entry.amount:.2f}",
        "currency": currency_of(entry.journal_id),
        "text": entry.reference or "–",
    }
    return Finding(codes.PAYMENT_DISPUTED, facts, entry._name, entry.ids)
