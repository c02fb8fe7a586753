"""What a match in Octopus means for a document (G.6, X.34), without Odoo."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus_connector.api.types import (
    Balancing,
    BalancingDocument,
    BalancingKey,
    RelationRef,
)
from octopus_connector.core.matches import (
    DOCUMENT,
    PAYMENT,
    UNKNOWN,
    WRITE_OFF,
    Match,
    document_amounts,
)
from octopus_connector.sync.payments.desired import Sent, is_same_document

DAY = date(2026, 3, 1)


def side(journal="V1", number=1, line=-1, **values):
    key = BalancingKey(bookyear_id=1, journal=journal, number=number, line=line)
    return BalancingDocument(key=key, document_date=DAY, **values)


def match(row=1, *, journal="F1", document=None, **values):
    amounts = {"debit_booking_amount": Decimal(0), "credit_booking_amount": None}
    balancing = Balancing(
        debit=document or side(debit_booking_amount=Decimal(100)),
        credit=side(journal, 2, 1, credit_booking_amount=Decimal(100)),
        **{**amounts, **values},
    )
    return Match(row, balancing, True)


@pytest.mark.parametrize(
    ("journal", "meaning"),
    [
        ("F1", PAYMENT),
        ("V2", DOCUMENT),
        ("A1", DOCUMENT),
        ("D1", WRITE_OFF),
        ("?1", UNKNOWN),
    ],
)
def test_g3_the_journal_of_the_counterpart_tells_what_it_is(journal, meaning):
    assert match(journal=journal).meaning == meaning


def test_the_recorded_rows_hold_the_amount_on_the_credit_side_only():
    found = match(credit_booking_amount=Decimal("279.00"))
    assert found.matched == found.paid == Decimal(279)


def test_two_amounts_belong_each_to_its_own_side():
    found = match(
        debit_booking_amount=Decimal(1000), credit_booking_amount=Decimal(950)
    )
    assert (found.matched, found.paid) == (Decimal(1000), Decimal(950))


def test_no_amount_is_no_amount():
    assert match().matched is None
    assert document_amounts([match()], "EUR") == {}


def test_x34_one_receipt_of_600_over_two_invoices():
    first = match(1, credit_booking_amount=Decimal("321.00"))
    second = match(2, credit_booking_amount=Decimal("279.00"))
    assert document_amounts([first], "EUR") == {1: Decimal(321)}
    assert document_amounts([second], "EUR") == {2: Decimal(279)}


def test_x50_a_foreign_document_is_paid_for_its_share():
    invoice = side(
        currency="USD",
        debit_booking_amount=Decimal(1000),
        debit_document_amount=Decimal(1100),
    )
    half = match(document=invoice, credit_booking_amount=Decimal(500))
    assert document_amounts([half], "USD") == {1: Decimal(550)}


def test_x50_a_foreign_document_without_totals_is_left_out():
    invoice = side(currency="USD", debit_booking_amount=Decimal(1000))
    half = match(document=invoice, credit_booking_amount=Decimal(500))
    assert document_amounts([half], "USD") == {}


cents = st.integers(1, 10**7).map(lambda number: Decimal(number) / 100)


@given(st.lists(cents, min_size=1, max_size=8), cents, st.randoms())
def test_x34_parts_of_a_foreign_document_add_up_to_it(parts, total, random):
    invoice = side(debit_booking_amount=sum(parts), debit_document_amount=total)
    matches = [
        match(row, document=invoice, credit_booking_amount=part)
        for row, part in enumerate(parts)
    ]
    amounts = document_amounts(matches, "USD")
    assert sum(amounts.values()) == total
    random.shuffle(matches)
    assert document_amounts(matches, "USD") == amounts


def sent(**values):
    facts = {"comment": "INV/1", "relation": 16, "total": Decimal(121)}
    return Sent(**{**facts, **values})


def there(comment="INV/1", relation=16, total=Decimal(121)):
    document = side(comment=comment, debit_document_amount=total)
    reference = RelationRef(id=relation) if relation else None
    return match(document=document, relation=reference)


@pytest.mark.parametrize(
    ("found", "same"),
    [
        (there(), True),
        (there(total=Decimal(100), relation=17), True),  # our comment proves it
        (there(comment="by hand"), True),
        (there(comment="by hand", relation=17), False),
        (there(comment="by hand", total=Decimal(100)), False),
        (there(comment=None, relation=None, total=None), True),  # nothing contradicts
    ],
)
def test_g6_a_number_given_to_another_document_is_noticed(found, same):
    assert is_same_document(found, sent()) is same


def test_g6_what_we_do_not_know_contradicts_nothing():
    assert is_same_document(there(), sent(comment=None, relation=None, total=None))
