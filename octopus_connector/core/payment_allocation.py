"""Which documents the lines of a payment in Octopus are to be matched with: pure.

A line of an F booking stands for one counterpart of the payment in Odoo, or for the
part of it that one document takes. What should be matched is compared with what is; the
difference is carried out. Amounts are positive, in euro.

Source: docs/octopus.md §18.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class PaymentLine:
    """A line of the F booking that can be matched.

    :param line: its number in the booking, from 1
    :param item: the counterpart in Odoo that it stands for
    :param amount: what it can take
    :param document: the document it was made for, if any
    """

    line: int
    item: int
    amount: Decimal
    document: int | None = None


@dataclass(frozen=True)
class Pair:
    """A match: a line of the F booking and a document."""

    line: int
    document: int


class OverAllocated(Exception):
    """More is to be matched than the lines can take."""


def difference(
    slots: Iterable[PaymentLine],
    wanted: Mapping[tuple[int, int], Decimal],
    held: Mapping[Pair, Decimal],
) -> tuple[list[Pair], dict[Pair, Decimal]]:
    """Return the matches to take back, and then those to make.

    Octopus takes back a match only as a whole, so a match that is too big is taken
    back and made anew for what is left.

    :param wanted: by (item, document)
    :param held: what is matched now
    :raises OverAllocated: when the lines cannot take what is wanted
    """
    lines = {slot.line: slot for slot in slots}
    remove = _too_much(lines, wanted, held)
    kept = {pair: amount for pair, amount in held.items() if pair not in remove}
    return remove, _missing(lines, wanted, kept)


def _too_much(lines, wanted, held):
    excess = Counter()
    for pair, amount in held.items():
        excess[lines[pair.line].item, pair.document] += amount
    excess.subtract(wanted)
    remove = []
    for pair in sorted(held, key=lambda pair: (held[pair], pair.line)):
        key = lines[pair.line].item, pair.document
        if excess[key] > ZERO:
            remove.append(pair)
            excess[key] -= held[pair]
    return remove


def _missing(lines, wanted, kept):
    room = {slot.line: slot.amount for slot in lines.values()}
    matched = Counter()
    for pair, amount in kept.items():
        room[pair.line] -= amount
        matched[lines[pair.line].item, pair.document] += amount
    make: dict[Pair, Decimal] = {}
    for (item, document), amount in sorted(wanted.items()):
        left = amount - matched[item, document]
        for slot in _by_preference(lines, item, document):
            part = min(left, room[slot.line])
            if part > ZERO:
                make[Pair(slot.line, document)] = part
                room[slot.line] -= part
                left -= part
        if left > ZERO:
            raise OverAllocated(f"{left} of document {document} does not fit")
    return make


def _by_preference(lines, item, document):
    """The line made for the document, then those for none, then the others."""
    own = [slot for slot in lines.values() if slot.item == item]
    return sorted(
        own, key=lambda slot: (slot.document != document, slot.document is not None)
    )
