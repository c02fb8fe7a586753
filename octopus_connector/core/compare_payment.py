"""The F booking of a payment as it is sent, and recognised: pure, no Odoo.

Source: docs/octopus.md §18: lines hold only the counterparts, + is money in and - money
out; the bank's own side is implicit. The header has no comment, so the reference of the
lines is what a payment is known by.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from ..api.types import FinancialBooking, FinancialLine
from .compare_booking import Match

# Rates that differ by less, in proportion, are the same with fewer digits.
RATE_STEP = Decimal("0.00001")


def total(booking: FinancialBooking) -> Decimal:
    """Return what the bank moves: positive when money comes in.

    :param booking: its lines are the counterparts only (docs/octopus.md §18)
    :return: in what the lines are, the currency of the journal or euro (``BankMoney``)
    """
    return sum((line.amount for line in booking.lines), Decimal(0))


def compare(sent: FinancialBooking, found: FinancialBooking) -> Match:
    """Tell whether ``found``, on its number, is the payment that was ``sent``.

    Our reference decides, with the date and the amounts. Without it, or with another
    text in its place, a booking that agrees in two of day, total and parties is for a
    person to judge: somebody may have altered ours.
    """
    if references(sent) & references(found):
        return Match.SAME if is_like(sent, found) else Match.ALTERED
    agrees = (
        sent.document_date == found.document_date,
        total(sent) == total(found),
        amounts(sent).keys() == amounts(found).keys(),
    )
    return Match.ALTERED if sum(agrees) > 1 else Match.OTHER


def is_like(sent: FinancialBooking, found: FinancialBooking) -> bool:
    """Whether both move the same amounts of the same parties on the same day.

    :param sent: as it left, or as it was shown to a person
    :param found: as it was read; references and the cut into lines may differ
    """
    same_day = sent.document_date == found.document_date
    same_rate = _is_same_rate(sent.exchange_rate, found.exchange_rate)
    return same_day and same_rate and amounts(sent) == amounts(found)


def _is_same_rate(one, other):
    """Whether two rates are one, as far as both are told: how many digits Octopus keeps
    is not known."""
    return not (one and other) or abs(one - other) <= RATE_STEP * max(one, other)


def references(booking: FinancialBooking) -> set[str]:
    """Return what the lines of a booking are known by.

    :param booking: lines without a reference add nothing
    :return: each reference once, its spaces made even
    """
    return {_words(line.reference) for line in booking.lines if _words(line.reference)}


def _words(text):
    return " ".join((text or "").split())


def party_of(line: FinancialLine) -> tuple[str, int | None, bool]:
    """Return whose money a line moves, and whether it comes in.

    :param line: its relation counts by Octopus's number only
    :return: ``(type, Relation.id or None, money comes in)``
    """
    return line.type, line.relation and line.relation.id, line.amount > 0


def amounts(booking: FinancialBooking) -> Counter:
    """Return what each party or account gets: how that is cut in lines may differ.

    :param booking: its relations count by Octopus's number only
    :return: ``{(type, account or Relation.id or 0): Decimal}``, + is money in
    """
    sums = Counter()
    for line in booking.lines:
        party = line.account or (line.relation and line.relation.id) or 0
        sums[line.type, party] += line.amount
    return sums
