"""Sharing an amount so that the shares are whole cents and add up to it exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor


class OppositeSignsError(Exception):
    """No sharing exists in which base and VAT of each line have the same sign (-23)."""


def spread(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Share ``total`` in proportion to ``weights`` by largest remainder.

    :param total: a multiple of ``unit``, of any sign
    :param weights: of any sign; when they cancel out, the first takes all
    :param unit: the currency's smallest amount
    :return: one multiple of ``unit`` per weight; their sum is ``total``
    """
    whole = sum(map(Fraction, weights), Fraction())
    if not whole:
        return _first(total, len(weights))
    exact = [Fraction(total) * Fraction(weight) / whole for weight in weights]
    return _settle(exact, unit)


def spread_vat(
    total: Decimal,
    bases: Sequence[Decimal],
    expected: Sequence[Decimal],
    unit: Decimal,
) -> list[Decimal]:
    """Share the VAT of one code over its lines, never against the sign of a base.

    Each line takes the VAT its base should have; what the document's VAT differs from
    that is shared by size of base. With bases of one sign and one rate this is the
    share in proportion to the base.

    :param total: VAT of the code as it is booked, a multiple of ``unit``
    :param bases: base of each line
    :param expected: VAT each line would have by the tax's rate, unrounded
    :param unit: the currency's smallest amount
    :return: one multiple of ``unit`` per base; their sum is ``total``
    :raises OppositeSignsError: when no such sharing exists
    """
    if not any(bases):
        return _first(total, len(bases))
    of, due = list(map(Fraction, bases)), list(map(Fraction, expected))
    shares = [Fraction()] * len(of)
    able = [index for index, base in enumerate(of) if base]
    while able:
        size = sum(abs(of[index]) for index in able)
        rest = Fraction(total) - sum(due[index] for index in able)
        for index in able:
            shares[index] = due[index] + rest * abs(of[index]) / size
        against = [index for index in able if shares[index] * of[index] < 0]
        if not against:
            return _settle(shares, unit)
        for index in against:
            shares[index] = Fraction()
            able.remove(index)
    if total:
        raise OppositeSignsError
    return [Decimal(0)] * len(of)


def _first(total: Decimal, count: int) -> list[Decimal]:
    return [total, *[Decimal(0)] * (count - 1)][:count]


def _settle(exact: Sequence[Fraction], unit: Decimal) -> list[Decimal]:
    """Round shares that add up to whole units, by largest remainder.

    Rounding down keeps the sign of every share, and only a share with a remainder is
    ever raised, so a share of zero stays zero.
    """
    units = [share / Fraction(unit) for share in exact]
    whole = [floor(share) for share in units]
    left = round(sum(units) - sum(whole))
    by_remainder = sorted(
        range(len(units)), key=lambda index: whole[index] - units[index]
    )
    for index in by_remainder[:left]:
        whole[index] += 1
    return [count * unit for count in whole]
