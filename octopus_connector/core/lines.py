"""From what a document's journal items contribute to the lines Octopus gets.

Contributions are positive when they add to the document, on credit notes too; only the
header of a credit note is negative (docs/octopus.md §14). Amounts are in the document's
currency.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..api.types import ZERO, BookingLine
from .allocation import OppositeSignsError, spread, spread_vat


class LineSignsError(Exception):
    """The VAT of a code cannot be placed on lines of its own sign (-23).

    :param vat_code: the code
    :param base: sum of its bases
    :param vat: its VAT as booked
    """

    def __init__(self, vat_code: str | None, base: Decimal, vat: Decimal):
        super().__init__(vat_code)
        self.vat_code, self.base, self.vat = vat_code, base, vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one journal item adds to the base of a document.

    :param base: amount without VAT
    :param expected_vat: VAT by the rate of its tax, unrounded
    :param pool: which VAT total it takes part in; ``None`` for none
    :param account: account in Octopus; ``None`` while nobody chose one
    :param recuperation: share of the VAT that can be recovered, in percent; ``None``
        leaves it to the account
    """

    base: Decimal
    expected_vat: Decimal = ZERO
    pool: Hashable = None
    account: int | None = None
    vat_code: str | None = None
    recuperation: Decimal | None = None
    comment: str | None = None

    @property
    def group(self) -> tuple:
        """Parts of one group become one line when lines are grouped by VAT code."""
        return (self.pool, self.vat_code, self.account, self.recuperation)


def fold(
    parts: Sequence[Part], amount: Decimal, weights: Sequence[Decimal], unit: Decimal
) -> list[Part]:
    """Add ``amount``, which belongs to ``parts`` together, to their bases.

    A cash discount or a private share is one journal item for several lines; on each
    of them it lowers the base, so that no line of opposite sign is needed.
    """
    shares = spread(amount, weights, unit)
    folded = []
    for part, share in zip(parts, shares, strict=True):
        base = part.base + share
        rate = part.expected_vat / part.base if part.base else ZERO
        folded.append(replace(part, base=base, expected_vat=base * rate))
    return folded


def booking_lines(
    parts: Iterable[Part],
    vat: Mapping[Hashable, Decimal],
    *,
    unit: Decimal,
    grouped: bool,
) -> tuple[BookingLine, ...]:
    """Return the lines of a booking.

    :param parts: what the document's journal items contribute
    :param vat: VAT as booked, by pool
    :param unit: the currency's smallest amount
    :param grouped: one line per VAT code, account and recuperation; else one
        per part, with its comment
    :return: lines whose VAT adds up to ``vat`` per pool; lines of nothing are left out
    :raises LineSignsError: when base and VAT of a line would have opposite signs
    """
    lines = _merge(parts) if grouped else list(parts)
    vat_of = [ZERO] * len(lines)
    for pool, booked in vat.items():
        members = [index for index, line in enumerate(lines) if line.pool == pool]
        if not members:
            continue  # the sum check tells: this VAT has no line to be on
        shares = _shares([lines[index] for index in members], booked, unit)
        for index, share in zip(members, shares, strict=True):
            vat_of[index] = share
    return tuple(
        _line(part, amount)
        for part, amount in zip(lines, vat_of, strict=True)
        if part.base or amount
    )


def total(lines: Iterable[BookingLine]) -> Decimal:
    """Return Σ(base + VAT), which must be the size of the document's total.

    :param lines: of one booking, in the document's currency; on a credit note they are
        positive (docs/octopus.md §14)
    """
    return sum((line.base + line.vat for line in lines), ZERO)


def _merge(parts: Iterable[Part]) -> list[Part]:
    groups: dict[tuple, Part] = {}
    for part in parts:
        seen = groups.get(part.group)
        if seen:
            part = replace(
                seen,
                base=seen.base + part.base,
                expected_vat=seen.expected_vat + part.expected_vat,
            )
        else:
            part = replace(part, comment=None)
        groups[part.group] = part
    return list(groups.values())


def _shares(members: Sequence[Part], vat: Decimal, unit: Decimal) -> list[Decimal]:
    bases = [part.base for part in members]
    try:
        return spread_vat(vat, bases, [part.expected_vat for part in members], unit)
    except OppositeSignsError:
        raise LineSignsError(members[0].vat_code, sum(bases, ZERO), vat) from None


def _line(part: Part, vat: Decimal) -> BookingLine:
    return BookingLine(
        account=part.account,
        base=part.base,
        vat_code=part.vat_code,
        vat=vat,
        comment=part.comment,
        vat_recup_percentage=part.recuperation,
    )
