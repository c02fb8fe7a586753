"""The numbers by which Octopus names languages, journals and VAT."""

from __future__ import annotations

from enum import IntEnum


class Locale(IntEnum):
    """Language of Octopus's messages and descriptions (docs/octopus.md §1)."""

    DEFAULT = 0
    NL = 1
    FR = 2
    EN = 3
    DE = 4


class VatCodeType(IntEnum):
    """Use of a VAT code; credit notes have a card of their own
    (docs/octopus.md §15)."""

    BUY = 1
    SELL = 2
    BUY_CREDIT_NOTE = 3
    SELL_CREDIT_NOTE = 4


class VatType(IntEnum):
    """VAT position of a relation (docs/octopus.md §10)."""

    UNKNOWN = 0
    BELGIAN = 1
    INTRA_COMMUNITY = 4
    OUTSIDE_EU = 6
    PRIVATE_BELGIUM = 7
    PRIVATE_EU = 8
    PRIVATE_OUTSIDE_EU = 9
    NOT_LIABLE = 10


class JournalType(IntEnum):
    """Journal type as the booking feed numbers it (docs/octopus.md §5 DocumentKey)."""

    UNKNOWN = 0
    BUY = 1
    SELL = 2
    FINANCIAL = 3
    DIVERS = 4
    DELIVERY = 7


class InsertionType(IntEnum):
    """What a sales journal takes; bookings go to ``BOOKINGS`` only
    (docs/octopus.md §12)."""

    BOOKINGS = 1
    INVOICES_VAT_EXCLUSIVE = 2
    INVOICES_VAT_INCLUSIVE = 3
    DELIVERY_NOTES_VAT_EXCLUSIVE = 4
    DELIVERY_NOTES_VAT_INCLUSIVE = 5


LETTER_OF_JOURNAL_TYPE = {
    JournalType.BUY: "A",
    JournalType.SELL: "V",
    JournalType.FINANCIAL: "F",
    JournalType.DIVERS: "D",
    JournalType.DELIVERY: "L",
}


def journal_key(journal_type: int, sequence: int) -> str:
    """Return the key of a journal, ``V1``, from the numbers the feeds use.

    :param journal_type: as a ``DocumentKey`` numbers it, see :class:`JournalType`
    :param sequence: number of the journal within its type
    :return: for an unknown type ``?1``: shown as it is, never taken for a real journal
    """
    return f"{LETTER_OF_JOURNAL_TYPE.get(journal_type, '?')}{sequence}"


class OverflowPeriod(IntEnum):
    """Per what a line is spread over time (docs/octopus.md §14)."""

    BOOKYEAR = 0
    PERIOD = 1
