"""A booking as it was sent, kept as JSON, and what may be sitting on its number.

Pure, no Odoo. The form is ours, not a transport's: what REST sent today may have to be
recognised over another transport tomorrow.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from ..api.codec import REPLACEMENT
from ..api.types import Booking, BookingLine, RelationRef
from .find_booking import names, same_relation, words

_DATES = ("document_date", "expiry_date")
_AMOUNTS = ("amount", "exchange_rate")
_LINE_AMOUNTS = ("base", "vat", "vat_recup_percentage")


class Match(Enum):
    """How a booking that is found compares with the one that was sent."""

    SAME = "same"
    ALTERED = "altered"  # ours, or maybe ours, with other values
    OTHER = "other"


def to_json(booking: Booking) -> dict:
    """Return a booking as plain JSON values.

    :param booking: a ``FinancialBooking`` too, see ``core.compare_payment``
    :return: what is ``None`` is there as well; amounts as text, which stays exact, and
        days in ISO format
    """
    return _plain(asdict(booking))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def from_json(payload: dict) -> Booking:
    """Return the booking that :func:`to_json` was given.

    :param payload: of a ``Booking``; amounts become ``Decimal`` again, days ``date``
    :raises KeyError: its relation or its lines are missing
    :raises TypeError: it holds what a ``Booking`` does not have, or lacks what it must
    """
    values = dict(payload)
    relation = values.pop("relation")
    lines = values.pop("lines")
    return Booking(
        relation=relation and RelationRef(**relation),
        lines=tuple(BookingLine(**_typed(line)) for line in lines),
        **_typed(values),
    )


def _typed(values):
    typed = dict(values)
    for name in _DATES:
        if typed.get(name):
            typed[name] = date.fromisoformat(typed[name])
    for name in (*_AMOUNTS, *_LINE_AMOUNTS):
        if typed.get(name) is not None:
            typed[name] = Decimal(typed[name])
    return typed


def compare(sent: Booking, found: Booking) -> Match:
    """Tell whether ``found`` is the document that was ``sent`` under this number.

    Relation, amount, date and comment decide; the comment carries Odoo's own number.
    What is not told about ``found`` contradicts nothing: without its comment, or its
    relation, a booking that agrees in all the rest is for a person to judge.
    """
    told = same_relation(sent, found), _same_comment(sent, found)
    if False in told:
        return Match.OTHER
    same = sent.amount == found.amount and sent.document_date == found.document_date
    if None in told:
        return Match.ALTERED if same else Match.OTHER
    if same:
        return Match.SAME
    return Match.ALTERED if words(sent.comment) else Match.OTHER


def compare_moved(sent: Booking, found: Booking, number: str) -> Match:
    """Tell whether ``found``, under another number, is the document that was ``sent``.

    As :func:`compare`; but where all the rest agrees, a text that was changed as well
    decides by holding Odoo's number. With another amount it may be a correction of the
    document, beside it.

    :param number: the name of the document in Odoo
    """
    match = compare(sent, found)
    told = names(found, number) or names(found, sent.comment)
    if match is not Match.OTHER or not told:
        return match
    same = (
        same_relation(sent, found) is True
        and sent.amount == found.amount
        and sent.document_date == found.document_date
    )
    return Match.SAME if same else Match.OTHER


def _same_comment(sent, found):
    """Return whether both say the same, ``None`` when only ours says something."""
    ours, theirs = words(sent.comment), words(found.comment)
    if ours != theirs and REPLACEMENT in (theirs or ""):
        return None  # it could not be read as it stands there
    return None if ours and not theirs else ours == theirs
