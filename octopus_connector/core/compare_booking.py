"""Whether what sits on a number of Octopus is the document that was sent: no Odoo."""

from __future__ import annotations

from enum import Enum

from ..api.codec import REPLACEMENT
from ..api.types import Booking
from .find_booking import names, same_relation, words


class Match(Enum):
    """How a booking that is found compares with the one that was sent."""

    SAME = "same"
    ALTERED = "altered"  # ours, or maybe ours, with other values
    OTHER = "other"


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
