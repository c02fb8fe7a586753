"""What an analytic distribution gives to cost centres, to the cent: no Odoo."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .allocation import spread

HUNDRED = Decimal(100)


class SharesError(Exception):
    """A distribution cannot be booked: it is over more than all, or takes away.

    :param total: percent of all accounts of the plan together
    """

    def __init__(self, total: Decimal):
        super().__init__(total)
        self.total = total


@dataclass(frozen=True, slots=True, kw_only=True)
class CostShare:
    """What one cost centre takes of a line.

    :param centre: number of the cost centre in Octopus; ``None`` for none
    :param base: amount without VAT, in the document's currency
    :param expected_vat: VAT by the rate of its tax, unrounded
    """

    centre: int | None
    base: Decimal
    expected_vat: Decimal = Decimal(0)


def of_plan(
    distribution: Mapping[str, float] | None, accounts: Collection[int]
) -> dict[int, Decimal]:
    """Return what a distribution gives to the accounts of one plan.

    A key may join accounts of several plans, ``"1,5"``: each takes the whole percentage
    in its own plan.

    :param distribution: as Odoo keeps it, ``{"1,5": 40.0}``
    :param accounts: ids of the accounts of the plan
    :return: ``{id: percent}`` in the order of the distribution
    """
    found: dict[int, Decimal] = {}
    for key, percent in (distribution or {}).items():
        for text in key.split(","):
            account = int(text) if text.strip().isdecimal() else 0
            if account in accounts:
                share = Decimal(str(percent))
                found[account] = found.get(account, Decimal(0)) + share
    return {account: share for account, share in found.items() if share}


def with_rest(
    shares: Mapping[int | None, Decimal], digits: int
) -> dict[int | None, Decimal]:
    """Return shares of a whole, with the rest under ``None``.

    Each percentage is rounded, so that three times 33.33 is all of it.

    :param shares: percent by cost centre, ``None`` for what has none by choice
    :param digits: decimals that a percentage is kept with
    :raises SharesError: they are more than the whole, or one is negative
    """
    total = sum(shares.values(), Decimal(0))
    rest = HUNDRED - total
    rounding = len(shares) * Decimal(1).scaleb(-digits) / 2
    if rest < -rounding or any(share < 0 for share in shares.values()):
        raise SharesError(total)
    told = dict(shares)
    if rest > rounding:
        told[None] = told.get(None, Decimal(0)) + rest
    return told


def split(
    base: Decimal,
    expected_vat: Decimal,
    shares: Mapping[int | None, Decimal],
    unit: Decimal,
) -> tuple[CostShare, ...]:
    """Share a base over cost centres by largest remainder.

    :param base: a multiple of ``unit``
    :param expected_vat: VAT of all of it by the rate of its tax, unrounded
    :param shares: weights by cost centre, see :func:`with_rest`
    :param unit: the currency's smallest amount
    :return: shares whose bases add up to ``base``; those of nothing are left out
    """
    bases = spread(base, list(shares.values()), unit)
    rate = expected_vat / base if base else Decimal(0)
    return tuple(
        CostShare(centre=centre, base=part, expected_vat=part * rate)
        for centre, part in zip(shares, bases, strict=True)
        if part
    )
