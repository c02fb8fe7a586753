"""Amounts to the cent."""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
_CENT = Decimal("0.01")


def to_cents(amount):
    """``amount`` rounded half up to two decimals."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def has_cents_only(amount):
    """Whether nothing is smaller than a cent."""
    return amount == to_cents(amount)
