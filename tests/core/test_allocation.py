"""Sharing VAT over lines, to the cent (Z.7, X.26, X.28)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus_connector.core.allocation import OppositeSignsError, spread, spread_vat

CENT = Decimal("0.01")
D = Decimal

cents = st.integers(-(10**9), 10**9).map(lambda n: D(n).scaleb(-2))
rates = st.sampled_from([D("0"), D("0.06"), D("0.12"), D("0.21")])
units = st.sampled_from([D("1"), D("0.01"), D("0.001")])


def test_z7_largest_remainder_takes_the_cent():
    assert spread(D("1.00"), [D(1), D(1), D(1)], CENT) == [
        D("0.34"),
        D("0.33"),
        D("0.33"),
    ]
    assert spread(D("0.05"), [D(3), D(1)], CENT) == [D("0.04"), D("0.01")]


def test_z7_weights_that_cancel_leave_the_amount_on_the_first():
    assert spread(D("1.00"), [D(5), D(-5)], CENT) == [D("1.00"), D("0")]
    assert spread(D("1.00"), [], CENT) == []


def test_x28_a_negative_line_takes_negative_vat():
    bases = [D(100), D(-30)]
    expected = [D("21"), D("-6.3")]
    assert spread_vat(D("14.70"), bases, expected, CENT) == [D("21.00"), D("-6.30")]


def test_x28_lines_that_cancel_keep_their_own_vat():
    """Odoo's VAT of +100.00 and -99.99 is 0.00, yet neither line is without VAT."""
    bases = [D("100.00"), D("-99.99")]
    expected = [base * D("0.21") for base in bases]
    assert spread_vat(D("0.00"), bases, expected, CENT) == [D("21.00"), D("-21.00")]


def test_x28_vat_against_every_base_is_refused():
    with pytest.raises(OppositeSignsError):
        spread_vat(D("-1.00"), [D(10), D(20)], [D("2.1"), D("4.2")], CENT)


def test_x28_vat_against_one_base_goes_to_the_others():
    """VAT changed by hand from 0 to 5.00: the negative line cannot share in it."""
    shares = spread_vat(D("5.00"), [D(10), D(-10)], [D("2.1"), D("-2.1")], CENT)
    assert shares == [D("5.00"), D("0")]


@given(cents, st.lists(cents, min_size=1, max_size=12), units)
def test_z7_shares_are_whole_units_and_add_up(total, weights, unit):
    total = (total / unit).to_integral_value() * unit
    shares = spread(total, weights, unit)
    assert sum(shares) == total
    assert all(share % unit == 0 for share in shares)


@given(
    st.lists(st.tuples(cents, rates), min_size=1, max_size=12),
    st.integers(-3, 3),
)
def test_x28_vat_shares_add_up_and_never_oppose_their_base(lines, odd_cents):
    """Odoo's VAT of a tax, a few cents off the sum of its lines' own VAT."""
    bases = [base for base, _rate in lines]
    expected = [base * rate for base, rate in lines]
    vat = sum(expected).quantize(CENT) + odd_cents * CENT
    try:
        shares = spread_vat(vat, bases, expected, CENT)
    except OppositeSignsError:
        assert all(base * vat <= 0 for base in bases)
        return
    assert sum(shares) == vat
    assert all(share % CENT == 0 for share in shares)
    if any(bases):
        assert all(share * base >= 0 for share, base in zip(shares, bases, strict=True))


@given(st.lists(st.integers(1, 10**8), min_size=1, max_size=12), rates)
def test_z7_with_one_rate_and_one_sign_it_is_the_share_by_base(cents_, rate):
    bases = [D(n).scaleb(-2) for n in cents_]
    vat = (sum(bases) * rate).quantize(CENT)
    shares = spread_vat(vat, bases, [base * rate for base in bases], CENT)
    assert shares == spread(vat, bases, CENT)
