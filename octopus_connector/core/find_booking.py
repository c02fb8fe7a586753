"""Whether a booking that stands in Octopus already is one of our documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from ..api.types import Booking

# From here on a person is asked; below it they are two documents.
THRESHOLD = 70
NEAR = timedelta(days=3)
# A shorter reference without its signs may be any number.
TYPED = 4
OWN_NUMBER, REFERENCE, AMOUNT, SAME_DATE, NEAR_DATE = 70, 40, 30, 30, 10
# By whether the relation is the same; ``None``: Octopus does not tell.
RELATION = {True: 30, None: 20, False: -30}

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Likeness:
    """How much a booking looks like a document.

    :param score: a person is asked from :data:`THRESHOLD` on
    :param reasons: what agrees: ``number``, ``reference``, ``relation``, ``amount``,
        ``date``, ``near_date``
    """

    score: int
    reasons: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether a person must look before the document may be sent."""
        return self.score >= THRESHOLD


def likeness(ours: Booking, theirs: Booking) -> Likeness:
    """Compare a document with a booking, by number, relation, amount and date.

    Amount and relation alone say nothing: a subscription has both every month. A text
    that is another number of our own series says that it is another document.

    :param ours: what would be sent; ``comment`` is Odoo's number, ``reference`` what
        the payer quotes or the vendor's number
    :param theirs: what stands in Octopus; its texts may be typed by a person
    """
    if _other_of_series(ours.comment, theirs.comment):
        return Likeness(0, ())
    same = same_relation(ours, theirs)
    found = {
        "number": OWN_NUMBER * names(theirs, ours.comment),
        "reference": REFERENCE * _refers(theirs, ours.reference),
        "relation": RELATION[same],
        "amount": AMOUNT * _same_amount(ours, theirs),
        **_dates(ours.document_date, theirs.document_date),
    }
    told = [name for name, points in found.items() if points > 0]
    if same is None:
        told.remove("relation")
    return Likeness(sum(found.values()), tuple(told))


def same_relation(ours: Booking, theirs: Booking) -> bool | None:
    """Return whether both are of one relation, ``None`` when that cannot be told.

    :param ours: what would be sent, or was
    :param theirs: what stands in Octopus; a relation may be known by Octopus's number
        or by the external one, and only numbers of one sort are compared
    """
    for name in ("id", "external_id"):
        one = getattr(ours.relation, name, None)
        other = getattr(theirs.relation, name, None)
        if one and other:
            return one == other
    return None


def names(booking: Booking, number: str | None) -> bool:
    """Return whether a booking's texts hold a number as a whole.

    :param booking: as Octopus has it, or as it would be sent
    :param number: Odoo's number of a document; nothing holds an empty one
    """
    wanted = _plain(number)
    if not wanted:
        return False
    texts = (booking.comment, booking.reference)
    return any(f" {wanted} " in f" {_plain(text)} " for text in texts)


def words(text: str | None) -> str:
    """Return a text with its spaces made even, as two systems can compare it.

    :param text: a comment or a reference, maybe empty; its case and signs stay
    """
    return " ".join((text or "").split())


def _same_amount(ours, theirs):
    currencies = {ours.currency, theirs.currency} - {None}
    return ours.amount == theirs.amount and len(currencies) < 2


def _dates(ours, theirs):
    apart = abs(ours - theirs) if ours and theirs else None
    if apart is None or apart > NEAR:
        return {}
    return {"near_date": NEAR_DATE} if apart else {"date": SAME_DATE}


def _refers(booking, reference):
    """Whether a booking's texts hold a reference, or are it with other signs: people
    type *F2026-17* for *F 2026/17*."""
    wanted = _tight(reference)
    texts = (booking.comment, booking.reference)
    typed = len(wanted) >= TYPED and wanted in map(_tight, texts)
    return typed or names(booking, reference)


def _other_of_series(ours, theirs):
    one, other = words(ours), words(theirs)
    return one != other and _series(one) == _series(other) != one


def _series(text):
    return _DIGITS.sub("#", text)


def _tight(text):
    return _NOT_ALPHANUMERIC.sub("", text or "").casefold()


def _plain(text):
    return _NOT_ALPHANUMERIC.sub(" ", text or "").strip().casefold()
