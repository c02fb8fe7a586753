"""What is kept as JSON is read back as it was, also of an older version (X.23)."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus_connector.api.stored import from_json, to_json
from octopus_connector.api.types import (
    Balancing,
    BalancingDocument,
    BalancingKey,
    Booking,
    BookingLine,
    FinancialBooking,
    FinancialLine,
    Relation,
    RelationRef,
)
from octopus_connector.core.payment_allocation import PaymentLine

DAY = date(2026, 6, 15)
BOOKING = Booking(
    bookyear_id=3,
    journal="V1",
    number=12,
    relation=RelationRef(id=7),
    period=202606,
    document_date=DAY,
    expiry_date=None,
    amount=Decimal("121.00"),
    currency="EUR",
    exchange_rate=Decimal(1),
    lines=(
        BookingLine(
            account=700000, base=Decimal("100.00"), vat_code="21", vat=Decimal("21.00")
        ),
    ),
    comment="INV/2026/00012",
)
PAYMENT = FinancialBooking(
    bookyear_id=3,
    journal="F1",
    number=4,
    period=202606,
    document_date=DAY,
    exchange_rate=None,
    lines=(
        FinancialLine(
            type="C", amount=Decimal("121.00"), relation=RelationRef(external_id=3)
        ),
        FinancialLine(type="A", amount=Decimal("-0.01"), account=757000),
    ),
)
BALANCING = Balancing(
    debit=BalancingDocument(
        key=BalancingKey(bookyear_id=1, journal="V1", number=3),
        document_date=DAY,
        exchange_rate=Decimal("1.0"),
        debit_document_amount=Decimal("0.10"),
    ),
    credit=BalancingDocument(
        key=BalancingKey(bookyear_id=1, journal="F1", number=2, line=1)
    ),
    credit_booking_amount=Decimal("279.10"),
    type="C",
    relation=RelationRef(id=16, external_id=3),
)
LINE = PaymentLine(line=2, item=81, amount=Decimal("12.30"), document=7)
KEPT = (BOOKING, PAYMENT, BALANCING, LINE)
amounts = st.decimals(-(10**9), 10**9, places=2)


def through_the_database(value, **options):
    return json.loads(json.dumps(to_json(value, **options)))


@pytest.mark.parametrize("value", KEPT, ids=lambda value: type(value).__name__)
def test_x23_what_is_kept_is_what_was_there(value):
    assert from_json(type(value), through_the_database(value)) == value


@given(amount=amounts, base=amounts, vat=amounts)
def test_x23_every_cent_of_a_booking_is_kept(amount, base, vat):
    line = replace(BOOKING.lines[0], base=base, vat=vat)
    booking = replace(BOOKING, amount=amount, lines=(line,))
    assert from_json(Booking, through_the_database(booking)) == booking


def test_what_is_absent_takes_no_room_if_so_asked():
    stored = through_the_database(BALANCING, sparse=True)
    assert None not in stored.values()
    assert from_json(Balancing, stored) == BALANCING
    assert to_json(RelationRef(id=7), sparse=True) == {"id": 7}
    assert to_json(RelationRef(id=7)) == {"id": 7, "external_id": None}
    relation = Relation(id=7, name="De Linde", sdd_signature_date=DAY)
    stored = to_json(relation, sparse=True)
    assert "unread" not in stored
    assert from_json(Relation, stored) == relation


# As 19.0.1.0.0 wrote them; whoever has installed that has rows like these.
OLD = {
    Booking: (
        {
            "bookyear_id": 3,
            "journal": "V1",
            "number": 12,
            "relation": {"id": 7, "external_id": None},
            "period": 202606,
            "document_date": "2026-06-15",
            "expiry_date": None,
            "amount": "121.00",
            "currency": "EUR",
            "exchange_rate": "1",
            "lines": [
                {
                    "account": 700000,
                    "base": "100.00",
                    "vat_code": "21",
                    "vat": "21.00",
                    "vat_recup_percentage": None,
                    "comment": None,
                    "cost_centre_id": None,
                }
            ],
            "comment": "INV/2026/00012",
            "order_reference": None,
            "reference": None,
            "payment_method": None,
        },
        BOOKING,
    ),
    FinancialBooking: (
        {
            "bookyear_id": 3,
            "journal": "F1",
            "number": 4,
            "period": 202606,
            "document_date": "2026-06-15",
            "exchange_rate": None,
            "lines": [
                {
                    "type": "C",
                    "amount": "121.00",
                    "account": None,
                    "relation": {"id": None, "external_id": 3},
                    "reference": None,
                    "cost_centre_id": None,
                },
                {
                    "type": "A",
                    "amount": "-0.01",
                    "account": 757000,
                    "relation": None,
                    "reference": None,
                    "cost_centre_id": None,
                },
            ],
        },
        PAYMENT,
    ),
    Balancing: (
        {
            "debit": {
                "key": {"bookyear_id": 1, "journal": "V1", "number": 3, "line": -1},
                "document_date": "2026-06-15",
                "exchange_rate": "1.0",
                "debit_document_amount": "0.10",
            },
            "credit": {
                "key": {"bookyear_id": 1, "journal": "F1", "number": 2, "line": 1}
            },
            "credit_booking_amount": "279.10",
            "type": "C",
            "relation": {"id": 16, "external_id": 3},
        },
        BALANCING,
    ),
    PaymentLine: ({"line": 2, "item": 81, "amount": "12.30", "document": 7}, LINE),
}


@pytest.mark.parametrize("kind", OLD, ids=lambda kind: kind.__name__)
def test_rows_of_an_installed_version_are_read(kind):
    stored, value = OLD[kind]
    assert from_json(kind, stored) == value
    if kind is Booking:
        # What came later is empty in them.
        later = {"overflow": None, "intrastat": None}
        lines = [line | later for line in stored["lines"]]
        assert to_json(value) == {**stored, "lines": lines}


def test_what_is_no_value_of_ours_is_refused():
    stored = to_json(BOOKING)
    for wrong, error in (
        ({**stored, "colour": "red"}, TypeError),
        ({key: stored[key] for key in stored if key != "amount"}, TypeError),
        ({**stored, "document_date": "yesterday"}, ValueError),
        ({**stored, "amount": "much"}, InvalidOperation),
    ):
        with pytest.raises(error):
            from_json(Booking, wrong)
