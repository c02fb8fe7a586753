"""Whether a booking in Octopus is one of our documents (X.32), without Odoo."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from octopus_connector.api.types import Booking, RelationRef
from octopus_connector.core.find_booking import likeness

DAY = date(2026, 7, 15)


def booking(**values):
    facts = {
        "bookyear_id": 1,
        "journal": "V1",
        "number": 7,
        "relation": RelationRef(id=3),
        "period": 7,
        "document_date": DAY,
        "expiry_date": DAY,
        "exchange_rate": Decimal(1),
        "amount": Decimal("121.00"),
        "currency": "EUR",
        "comment": "INV/2026/00012",
        "reference": "+++000/0000/01254+++",
    }
    return Booking(**{**facts, **values})


OURS = booking()


@pytest.mark.parametrize(
    ("theirs", "asks"),
    [
        # Typed by hand: the same customer, amount and date.
        ({"comment": "consultancy July", "reference": None}, True),
        (
            {"comment": None, "reference": None, "document_date": DAY + timedelta(3)},
            True,
        ),
        # What a subscription has every month says nothing.
        (
            {"comment": None, "reference": None, "document_date": DAY + timedelta(31)},
            False,
        ),
        (
            {"comment": None, "reference": None, "document_date": DAY + timedelta(7)},
            False,
        ),
        # Our number in it, whatever else it says.
        (
            {"comment": "Factuur INV/2026/00012 (juli)", "amount": Decimal("60.50")},
            True,
        ),
        ({"comment": None, "reference": "inv-2026-00012", "amount": Decimal(1)}, True),
        # The reference with other signs, whatever the date (X.63).
        (
            {
                "comment": None,
                "reference": "000-000001254",
                "document_date": DAY + timedelta(31),
            },
            True,
        ),
        # Another number of our own series is another document, however alike.
        ({"comment": "INV/2026/00013", "reference": None}, False),
        ({"comment": "INV/2026/00013"}, False),
        # The number inside a longer one is another number.
        (
            {"comment": "8INV/2026/000120", "reference": None, "amount": Decimal(1)},
            False,
        ),
        # What the payer quotes, with the amount or the customer.
        (
            {
                "comment": "x",
                "amount": Decimal(1),
                "document_date": DAY - timedelta(90),
            },
            True,
        ),
        # Another customer: too many agree to be chance, or not.
        ({"comment": "x", "reference": None, "relation": RelationRef(id=4)}, False),
        ({"relation": RelationRef(id=4)}, True),
        # Not told who it is.
        ({"comment": None, "reference": None, "relation": None}, True),
        (
            {
                "comment": None,
                "reference": None,
                "relation": None,
                "document_date": DAY + timedelta(1),
            },
            False,
        ),
        # The same figure in another currency is another amount.
        ({"comment": None, "reference": None, "currency": "USD"}, False),
        # A credit note of the same invoice is no invoice.
        ({"comment": None, "reference": None, "amount": Decimal("-121.00")}, False),
    ],
)
def test_x32_a_person_is_asked_when_too_much_agrees(theirs, asks):
    assert likeness(OURS, booking(**theirs)).asks is asks


def test_x32_the_reasons_name_what_agrees():
    found = likeness(OURS, booking(comment=None, reference=None))
    assert set(found.reasons) == {"relation", "amount", "date"}
    found = likeness(OURS, booking(reference=None, relation=None, amount=Decimal(1)))
    assert set(found.reasons) == {"number", "date"}


def test_x32_the_more_agrees_the_higher_the_score():
    exact = likeness(OURS, booking())
    later = likeness(OURS, booking(document_date=DAY + timedelta(2)))
    dearer = likeness(OURS, booking(amount=Decimal(122)))
    assert exact.score > later.score > dearer.score


def test_x32_a_bill_by_the_vendor_s_number():
    bill = booking(journal="A1", comment="BILL/2026/07/0003", reference="F-118")
    far = {"document_date": DAY - timedelta(40), "reference": None}
    same_vendor = booking(journal="A1", comment="F-118", amount=Decimal(5), **far)
    assert likeness(bill, same_vendor).asks
    other = {"comment": "F-118", "relation": RelationRef(id=4), "amount": Decimal(5)}
    assert not likeness(bill, booking(journal="A1", **other)).asks


def test_x32_a_booking_without_a_date_is_compared_by_the_rest():
    assert likeness(OURS, booking(document_date=None, comment="x")).asks
