"""A booking in debit and credit, as an accountant reads it (Z.12)."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from octopus_connector.api.types import BookingLine
from octopus_connector.core.ledger_lines import (
    ACCOUNT,
    PARTY,
    VAT,
    ledger_lines,
    off_by,
)

CENT = Decimal("0.01")


def line(base, vat, recovered=None):
    return BookingLine(
        account=700000,
        base=Decimal(base),
        vat_code="21",
        vat=Decimal(vat),
        vat_recup_percentage=recovered,
    )


@pytest.mark.parametrize(
    ("sale", "refund", "sides"),
    [
        (True, False, "DCC"),
        (True, True, "CDD"),
        (False, False, "CDD"),
        (False, True, "DCC"),
    ],
)
def test_z12_each_kind_stands_on_its_side(sale, refund, sides):
    total = Decimal(-121 if refund else 121)
    found = ledger_lines(sale, total, [line("100", "21")], CENT)
    assert [it.kind for it in found] == [PARTY, ACCOUNT, VAT]
    assert "".join("D" if it.debit else "C" for it in found) == sides
    assert [it.debit + it.credit for it in found] == [121, 100, 21]


def test_z12_vat_that_is_not_recovered_is_cost():
    half = line("100", "20.99", Decimal(50))
    found = ledger_lines(False, Decimal("120.99"), [half], CENT)
    assert [it.debit for it in found[1:]] == [Decimal("110.49"), Decimal("10.50")]
    assert off_by(found) == 0


amounts = st.decimals(-9999, 9999, places=2)
lines = st.lists(
    st.builds(line, amounts, amounts, st.none() | st.decimals(0, 100, places=2))
)


@given(st.booleans(), st.booleans(), lines)
def test_z12_debit_and_credit_add_up_whatever_stands_on_it(sale, refund, some):
    total = sum((it.base + it.vat for it in some), Decimal(0))
    # No document of Odoo has a negative total.
    assume(total >= 0)
    found = ledger_lines(sale, -total if refund else total, some, CENT)
    assert off_by(found) == 0
    assert sum(it.debit for it in found) == sum(it.credit for it in found)


def test_z12_what_does_not_add_up_is_told():
    found = ledger_lines(True, Decimal(120), [line("100", "21")], CENT)
    assert off_by(found) == -1
