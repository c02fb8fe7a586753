"""How one document stands on both sides, and what it adds to the sums of each: pure.

Amounts are of two kinds. *Parts* are in the document's currency, as both sides exchange
them; *codes* and totals are booking amounts, in the dossier's currency, the only ones
that may be added up. A credit note is negative in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from ..api.types import ZERO, BookingLine
from .allocation import spread
from .money import CENT
from .states import BOOKED, IN_FLIGHT

# The code of what is not told by code.
UNKNOWN_CODE = "?"

# What a document comes to. Each stands in exactly one of these rows.
EQUAL = "equal"
IN_CURRENCY = "in_currency"  # equal; its booking amount was calculated with the rate
RENUMBERED = "renumbered"
OTHER_FACTS = "other_facts"
OTHER_PERIOD = "other_period"
OTHER_VAT = "other_vat"
OTHER_AMOUNT = "other_amount"
MISSING_HERE = "missing_here"
MISSING_THERE = "missing_there"
DELETED = "deleted"
TO_SEND = "to_send"
WAITING = "waiting"
BLOCKED = "blocked"
LEFT_OUT = "left_out"
OUTCOME = "outcome"
UNREAD = "unread"
NOT_TOLD = "not_told"

# The label of each, in the order in which people look at them.
KINDS = [
    (OTHER_AMOUNT, "Other amount"),
    (OTHER_VAT, "Other VAT"),
    (OTHER_PERIOD, "Other period"),
    (MISSING_HERE, "Missing in Odoo"),
    (MISSING_THERE, "Missing in Octopus"),
    (DELETED, "Deleted in Octopus"),
    (OTHER_FACTS, "Other date or contact"),
    (NOT_TOLD, "Not told by Octopus"),
    (OUTCOME, "Answer unknown"),
    (UNREAD, "Sent, not read back yet"),
    (BLOCKED, "Blocked"),
    (WAITING, "Waiting"),
    (TO_SEND, "To send"),
    (LEFT_OUT, "Not sent: left out"),
    (IN_CURRENCY, "Equal in its currency"),
    (RENUMBERED, "Equal, renumbered"),
    (EQUAL, "Equal"),
]
# Both sides have the same, to the cent.
SAME = (EQUAL, RENUMBERED)
# Nobody has to do anything about it, though it is not proved to the cent.
SETTLED = (*SAME, IN_CURRENCY)

_NOT_SENT = {
    "gone": DELETED,
    "waiting": WAITING,
    "blocked": BLOCKED,
    "excluded": LEFT_OUT,
}


class Place(NamedTuple):
    """Where a side books a document; either may be ``None`` when it is not known.

    :param journal: of one bookyear
    :param period: its number in that bookyear
    """

    journal: Any
    period: int | None


class Sums(NamedTuple):
    """Base and VAT, of one side."""

    base: Decimal = ZERO
    vat: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.base + self.vat

    def plus(self, other: Sums) -> Sums:
        """Return both together.

        :param other: in the same currency
        """
        return Sums(self.base + other.base, self.vat + other.vat)


@dataclass(frozen=True, kw_only=True)
class Side:
    """A document as one side has it.

    :param currency: code of the document's currency
    :param amount: total in it, negative on a credit note
    :param parts: ``{VAT code: Sums}`` in it; they add up to ``amount``
    :param codes: the same as booking amounts; they add up to ``total``
    :param total: booking amount; ``None`` while it is not known
    :param certain: the booking amount is that side's own; else it was calculated
    """

    place: Place
    currency: str | None
    amount: Decimal
    parts: Mapping[str, Sums]
    codes: Mapping[str, Sums]
    total: Decimal | None
    certain: bool = True


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is known of one document.

    :param state: of its row in the outbox; ``None`` without one
    :param here: as Odoo has it; ``None`` where it is not posted, or not at all
    :param there: as Octopus had it when it was read; ``None`` where it did not
    :param deleted: Octopus was read, and nothing stands on its number
    :param renumbered: it does not stand on the number under which it was sent
    :param others: other facts that differ, such as ``date`` or ``relation``
    """

    state: str | None = None
    here: Side | None = None
    there: Side | None = None
    deleted: bool = False
    renumbered: bool = False
    others: tuple[str, ...] = field(default=())


class Amount(NamedTuple):
    """What a document adds to the sums of one place and VAT code, on each side.

    The counts say whether the document is one of that side's at that place; they are
    set on one amount of a place only.
    """

    place: Place
    code: str
    here: Sums
    there: Sums
    here_count: int = 0
    there_count: int = 0


def side(
    place: Place,
    currency: str | None,
    amount: Decimal,
    lines: Iterable[BookingLine],
    *,
    total: Decimal | None = None,
    certain: bool = True,
) -> Side:
    """Return a document as one side has it.

    :param amount: in the document's currency, negative on a credit note
    :param lines: of the booking; those of a credit note are positive, unless its
        amount is 0: Octopus reads it as an invoice (docs/octopus.md §14)
    :param total: the booking amount
    :param certain: see :class:`Side`
    """
    parts = _parts(amount, lines, -1 if amount < 0 else 1)
    codes = {} if total is None else _converted(parts, amount, total)
    return Side(
        place=place,
        currency=currency,
        amount=amount,
        parts=parts,
        codes=codes,
        total=total,
        certain=certain,
    )


def _parts(amount, lines, sign):
    """Return base and VAT by code; what lines do not tell is under no known code."""
    parts = defaultdict(Sums)
    for line in lines:
        code = line.vat_code or ""
        parts[code] = parts[code].plus(Sums(sign * line.base, sign * line.vat))
    rest = amount - sum((it.total for it in parts.values()), ZERO)
    if rest:
        parts[UNKNOWN_CODE] = parts[UNKNOWN_CODE].plus(Sums(base=rest))
    return {code: sums for code, sums in sorted(parts.items()) if any(sums)}


def _converted(parts, amount, total):
    """Return parts as booking amounts: shares, to the cent, of the total."""
    if amount == total:
        return dict(parts)
    flat = [(code, value) for code, sums in parts.items() for value in sums]
    shares = spread(total, [value for _code, value in flat], CENT)
    codes = {}
    for (code, _value), base, vat in zip(
        flat[::2], shares[::2], shares[1::2], strict=True
    ):
        codes[code] = Sums(base, vat)
    if total and not codes:
        return {UNKNOWN_CODE: Sums(base=total)}
    return codes


def kind_of(document: Document) -> str | None:
    """Return what a document comes to, one of :data:`KINDS`; ``None`` where neither
    side has it, or will.

    :param document: as both sides have it
    """
    here, there, state = document.here, document.there, document.state
    if state in IN_FLIGHT:
        return OUTCOME
    if there is None:
        if here is None and state not in BOOKED:
            return None
        if state in BOOKED:
            return MISSING_THERE if document.deleted else UNREAD
        return _NOT_SENT.get(state, TO_SEND)
    if here is None:
        return MISSING_HERE
    return _of_both(document)


def _of_both(document):
    here, there = document.here, document.there
    if (here.amount, here.currency) != (there.amount, there.currency):
        return OTHER_AMOUNT
    if there.total is None or here.total is None:
        return NOT_TOLD
    certain = here.certain and there.certain
    if certain and here.total != there.total:
        return OTHER_AMOUNT
    if UNKNOWN_CODE in here.parts or UNKNOWN_CODE in there.parts:
        return NOT_TOLD
    if here.parts != there.parts:
        return OTHER_VAT
    if here.place != there.place:
        return OTHER_PERIOD
    if document.others:
        return OTHER_FACTS
    if not certain:
        return IN_CURRENCY
    return RENUMBERED if document.renumbered else EQUAL


def amounts(document: Document) -> list[Amount]:
    """Return what a document adds to the sums of both sides.

    :return: for each place and VAT code that it has on either side; of one whose
        booking amount is not known, its count only
    """
    found = defaultdict(dict)
    for name in ("here", "there"):
        one = getattr(document, name)
        for code, sums in _codes_of(one):
            found[one.place, code][name] = sums
    counted = set()
    result = []
    for (place, code), sums in found.items():
        counts = {}
        for name in sums:
            if (place, name) not in counted:
                counted.add((place, name))
                counts[f"{name}_count"] = 1
        here, there = sums.get("here", Sums()), sums.get("there", Sums())
        result.append(Amount(place, code, here, there, **counts))
    return result


def _codes_of(one):
    if one is None:
        return []
    return list(one.codes.items()) or [("", Sums())]


def add_up(every: Iterable[Amount]) -> dict[Place, dict[str, Amount]]:
    """Return the sums of both sides, by place and VAT code.

    :param every: what :func:`amounts` gives of documents
    """
    found: dict[Place, dict[str, Amount]] = defaultdict(dict)
    for one in every:
        known = found[one.place].get(one.code)
        found[one.place][one.code] = (
            one
            if known is None
            else Amount(
                one.place,
                one.code,
                known.here.plus(one.here),
                known.there.plus(one.there),
                known.here_count + one.here_count,
                known.there_count + one.there_count,
            )
        )
    return found
