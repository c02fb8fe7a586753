"""From what a document's journal items contribute to the lines Octopus gets.

Contributions are positive when they add to the document, on credit notes too; only the
header of a credit note is negative (docs/octopus.md §14). A header of 0 cannot be: the
lines of such a credit note are turned. Amounts are in the document's currency.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..api.types import ZERO, BookingLine, Intrastat, Overflow
from .allocation import OppositeSignsError, spread, spread_vat
from .cost_centres import CostShare


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
    :param costs: what cost centres take of the base; none of it when empty
    :param overflow: how it is spread over time, maybe not at all
    :param intrastat: what it tells of goods that cross a border, maybe nothing
    """

    base: Decimal
    expected_vat: Decimal = ZERO
    pool: Hashable = None
    account: int | None = None
    vat_code: str | None = None
    recuperation: Decimal | None = None
    comment: str | None = None
    costs: tuple[CostShare, ...] = ()
    overflow: Overflow | None = None
    intrastat: Intrastat | None = None

    @property
    def group(self) -> tuple:
        """Parts of one group become one line when lines are grouped by VAT code."""
        place = (self.pool, self.vat_code, self.account, self.recuperation)
        return (*place, self.overflow, self.intrastat)


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
    :param grouped: one line per VAT code, account, recuperation, spreading over time,
        Intrastat details and cost centre; else one per part and cost centre, with
        its comment
    :return: lines whose VAT adds up to ``vat`` per pool; lines of nothing are left out.
        Cost centres change neither base nor VAT of what they share
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
        line
        for part, amount in zip(lines, vat_of, strict=True)
        for line in _lines(part, amount, unit)
        if line.base or line.vat
    )


def total(lines: Iterable[BookingLine]) -> Decimal:
    """Return Σ(base + VAT), which must be the size of the document's total.

    :param lines: of one booking, in the document's currency; on a credit note they are
        positive (docs/octopus.md §14)
    """
    return sum((line.base + line.vat for line in lines), ZERO)


def as_read(
    lines: tuple[BookingLine, ...], amount: Decimal, refund: bool
) -> tuple[BookingLine, ...]:
    """Return lines so that Octopus reads what they contribute: by the sign of the
    header alone, and under a total of 0 as those of an invoice.

    :param lines: as :func:`booking_lines` returns them
    :param amount: the document's total
    :param refund: whether the document is a credit note
    """
    if amount or not refund:
        return lines
    return tuple(replace(line, base=-line.base, vat=-line.vat) for line in lines)


def _merge(parts: Iterable[Part]) -> list[Part]:
    groups: dict[tuple, Part] = {}
    for part in parts:
        seen = groups.get(part.group)
        if seen:
            part = replace(
                seen,
                base=seen.base + part.base,
                expected_vat=seen.expected_vat + part.expected_vat,
                costs=_merged_costs(seen, part),
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


def _merged_costs(*parts: Part) -> tuple[CostShare, ...]:
    merged: dict[int | None, CostShare] = {}
    for share in (it for part in parts for it in _costs(part)):
        seen = merged.get(share.centre, CostShare(centre=share.centre, base=ZERO))
        merged[share.centre] = replace(
            seen,
            base=seen.base + share.base,
            expected_vat=seen.expected_vat + share.expected_vat,
        )
    return tuple(merged.values())


def _costs(part: Part) -> tuple[CostShare, ...]:
    own = CostShare(centre=None, base=part.base, expected_vat=part.expected_vat)
    return part.costs or (own,)


def _lines(part: Part, vat: Decimal, unit: Decimal) -> list[BookingLine]:
    """Return the lines of a part, one for each cost centre, that add up to it."""
    costs = _costs(part)
    if sum((it.base for it in costs), ZERO) != part.base:
        raise ValueError(f"Cost centres take {costs} of {part.base}")
    return [
        BookingLine(
            account=part.account,
            base=share.base,
            vat_code=part.vat_code,
            vat=amount,
            comment=part.comment,
            cost_centre_id=share.centre,
            vat_recup_percentage=part.recuperation,
            overflow=part.overflow,
            intrastat=part.intrastat,
        )
        for share, amount in zip(costs, _vat_of(part, costs, vat, unit), strict=True)
    ]


def _vat_of(part, costs, vat, unit):
    bases, due = [it.base for it in costs], [it.expected_vat for it in costs]
    try:
        return spread_vat(vat, bases, due, unit)
    except OppositeSignsError:
        raise LineSignsError(part.vat_code, part.base, vat) from None
