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
from ..core.find_booking import NEAR, likeness, words
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
# The same as people name it with other signs, in any case: its words of letters and
# digits, and each text without anything else.
PLAIN_WORDS = """
    string_to_array(
        lower(regexp_replace(
            coalesce(comment, '') || ' ' || coalesce(reference, ''),
            '[^[:alnum:]]+', ' ', 'g')),
        ' ')
"""
_TIGHT = "lower(regexp_replace({}, '[^[:alnum:]]+', '', 'g'))"
TIGHT_COMMENT, TIGHT_REFERENCE = map(_TIGHT.format, ("comment", "reference"))


# Documents


def exists_like(row_id, booking) -> SQL:
    """Return the SQL condition that some entry may be a document (:func:`_like`).

    It is asked for every document that is sent. They are counted: asked with EXISTS,
    PostgreSQL expects one soon and reads all entries, without the index of words.

    :param row_id: id of its ``octopus.booking``
    :param booking: what would be sent, as ``api.types.Booking``
    """
    dossier = SQL("(SELECT dossier_id FROM octopus_booking WHERE id = %s)", row_id)
    return SQL("0 < (SELECT count(*) FROM (%s) AS found)", _like(dossier, booking))


def _like(dossier, booking):
    """Return the query of entries that are nobody's and may be a document: those that
    hold one of its numbers as a word, and those of its amount that :func:`likeness`
    can ask about, which are of its day and its relation, or name it with other signs.

    Each of its parts has an index. Others may have booked the same amount ten thousand
    times.

    :param dossier: SQL of the id of its ``octopus.dossier``
    """
    texts = _texts(booking)
    parts = [
        SQL("comment = ANY(%s)", list(texts)),
        SQL("reference = ANY(%s)", list(texts)),
        SQL("%s && %s", SQL(WORDS), list(texts)),
        SQL("amount = %s AND %s", booking.amount, _of_that_day(booking)),
    ]
    parts += [
        SQL("amount = %s AND %s", booking.amount, named) for named in _naming(booking)
    ]
    return SQL(
        "SELECT id FROM octopus_journal_entry WHERE dossier_id = %s AND %s AND (%s)",
        dossier,
        SQL(FREE),
        SQL(" OR ").join(parts),
    )


def _of_that_day(booking):
    """Return the condition of entries near a document's day, of its relation as far as
    both are known."""
    day = booking.document_date
    near = SQL("document_date BETWEEN %s AND %s", day - NEAR, day + NEAR)
    relation = booking.relation.id
    if not relation:
        return near
    return SQL("%s AND coalesce(relation_octopus_id, 0) IN (0, %s)", near, relation)


def _naming(booking):
    """Return conditions of entries that name a document with other signs."""
    texts = _texts(booking)
    if not all(text.isascii() for text in texts):
        # PostgreSQL may take another sign for a letter: all of them are looked at.
        return [SQL("TRUE")]
    named = [
        "".join(it if it.isalnum() else " " for it in text.lower()).split()
        for text in texts
    ]
    named = [words for words in named if words]
    if not named:
        return []
    tight = ["".join(words) for words in named]
    return [
        SQL("%s = ANY(%s)", SQL(TIGHT_COMMENT), tight),
        SQL("%s = ANY(%s)", SQL(TIGHT_REFERENCE), tight),
        *(SQL("%s @> %s", SQL(PLAIN_WORDS), words) for words in named),
    ]


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
    """Return entries of the same kind of journal that are nobody's and may be this
    document, and of which nobody said that they are not."""
    dossier = SQL("%s", row.dossier_id.id)
    entries = row.env["octopus.journal.entry"]
    # The query reads columns that the domain does not name.
    entries.flush_model()
    return entries.search(
        [
            ("id", "in", SQL("(%s)", _like(dossier, booking))),
            ("journal_type", "=", booking.journal[:1]),
            ("other_booking_ids", "not in", row.ids),
        ]
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
