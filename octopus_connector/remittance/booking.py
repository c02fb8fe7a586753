"""The F booking of a payment as it is sent, kept and recognised: pure, no Odoo.

Source: api.md §4.10: lines hold only the counterparts, + is money in and - money out;
the bank's own side is implicit. The header has no comment, so the reference of the
lines is what a payment is known by.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from ..api.types import FinancialBooking, FinancialLine, RelationRef
from ..outbox.payload import Match

_AMOUNTS = ("amount", "exchange_rate")


def from_json(payload: dict) -> FinancialBooking:
    """Return the booking that ``outbox.payload.to_json`` was given."""
    values = _typed(payload)
    lines = values.pop("lines")
    return FinancialBooking(**values, lines=tuple(_line(line) for line in lines))


def _line(line):
    values = _typed(line)
    relation = values.pop("relation")
    return FinancialLine(**values, relation=relation and RelationRef(**relation))


def _typed(values):
    typed = dict(values)
    for name in _AMOUNTS:
        if typed.get(name) is not None:
            typed[name] = Decimal(typed[name])
    if typed.get("document_date"):
        typed["document_date"] = date.fromisoformat(typed["document_date"])
    return typed


def total(booking: FinancialBooking) -> Decimal:
    """Return what the bank moves: positive when money comes in."""
    return sum((line.amount for line in booking.lines), Decimal(0))


def compare(sent: FinancialBooking, found: FinancialBooking) -> Match:
    """Tell whether ``found`` is the payment that was ``sent`` (X.20).

    Our reference decides, with the date and the amounts. Where the reference is not
    told, a booking that agrees in all the rest is for a person to judge.
    """
    ours, theirs = references(sent), references(found)
    same = sent.document_date == found.document_date and (
        amounts(sent) == amounts(found)
    )
    if not theirs:
        return Match.ALTERED if same else Match.OTHER
    if ours != theirs:
        return Match.OTHER
    return Match.SAME if same else Match.ALTERED


def references(booking: FinancialBooking) -> set[str]:
    """Return what the lines of a booking are known by."""
    return {_words(line.reference) for line in booking.lines if _words(line.reference)}


def _words(text):
    return " ".join((text or "").split())


def amounts(booking: FinancialBooking) -> Counter:
    """Return what each party or account gets: how that is cut in lines may differ."""
    sums = Counter()
    for line in booking.lines:
        party = line.account or (line.relation and line.relation.id) or 0
        sums[line.type, party] += line.amount
    return sums
