"""What was sent, kept and recognised (X.20, X.23)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from octopus_connector.api.types import Booking, BookingLine, RelationRef
from octopus_connector.core.compare_booking import (
    Match,
    compare,
    compare_moved,
)

SENT = Booking(
    bookyear_id=3,
    journal="V1",
    number=12,
    relation=RelationRef(id=7),
    period=202606,
    document_date=date(2026, 6, 15),
    expiry_date=date(2026, 7, 15),
    amount=Decimal("121.00"),
    currency="EUR",
    exchange_rate=Decimal(1),
    lines=(
        BookingLine(
            account=700000,
            base=Decimal("100.00"),
            vat_code="21",
            vat=Decimal("21.00"),
            vat_recup_percentage=Decimal("50"),
        ),
    ),
    comment="INV/2026/00012",
    reference="+++000/0000/00097+++",
)


def test_x20_the_same_document_is_recognised():
    # Octopus gives the text back with its own spaces, and the relation with both ids.
    found = replace(
        SENT,
        amount=Decimal("121.0"),
        comment=" INV/2026/00012 ",
        relation=RelationRef(id=7, external_id=4),
    )
    assert compare(SENT, found) is Match.SAME


@pytest.mark.parametrize(
    "change",
    [
        {"comment": "INV/2026/00013"},
        {"relation": RelationRef(id=8)},
        {"comment": None, "amount": Decimal(5)},
        {"relation": None, "amount": Decimal(5)},
    ],
)
def test_x20_another_document_is_not_taken_for_it(change):
    assert compare(SENT, replace(SENT, **change)) is Match.OTHER


@pytest.mark.parametrize(
    "change", [{"amount": Decimal("121.01")}, {"document_date": date(2026, 6, 16)}]
)
def test_x20_ours_with_other_values_is_told_apart(change):
    assert compare(SENT, replace(SENT, **change)) is Match.ALTERED


@pytest.mark.parametrize(
    "untold",
    [{"comment": None}, {"relation": None}, {"relation": RelationRef(external_id=4)}],
)
def test_x23_what_is_not_told_never_makes_it_another(untold):
    # Taken for another it would be booked twice.
    assert compare(SENT, replace(SENT, **untold)) is Match.ALTERED


def test_x20_without_a_comment_a_difference_means_another():
    sent = replace(SENT, comment=None)
    found = replace(sent, amount=Decimal(5))
    assert compare(sent, found) is Match.OTHER
    assert compare(sent, sent) is Match.SAME


def test_x20_an_external_number_identifies_where_octopus_gives_no_own():
    sent = replace(SENT, relation=RelationRef(external_id=4))
    assert compare(sent, sent) is Match.SAME
    other = replace(sent, relation=RelationRef(external_id=5))
    assert compare(sent, other) is Match.OTHER


MOVED = replace(SENT, number=15, comment="Els: (INV/2026/00012), checked")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Match.SAME),
        ({"comment": "see file", "reference": "INV/2026/00012"}, Match.SAME),
        # Under its own name it is ours, whatever it came to.
        ({"comment": "INV/2026/00012", "amount": Decimal(5)}, Match.ALTERED),
        # What only speaks of it may stand beside it.
        ({"amount": Decimal(5)}, Match.OTHER),
        ({"amount": Decimal("-121.00")}, Match.OTHER),
        ({"document_date": date(2026, 6, 16)}, Match.OTHER),
        ({"relation": RelationRef(id=8)}, Match.OTHER),
        ({"relation": None}, Match.OTHER),
        ({"comment": "see file"}, Match.OTHER),
        ({"comment": "INV/2026/000120 checked"}, Match.OTHER),
    ],
)
def test_x31_under_another_number_a_text_that_holds_its_name_is_enough(
    change, expected
):
    found = replace(MOVED, **change)
    assert compare_moved(SENT, found, "INV/2026/00012") is expected


def test_x31_it_may_hold_the_name_that_it_has_in_odoo_now():
    found = replace(MOVED, comment="INV/2026/00012-B checked")
    sent = replace(SENT, comment="typed by hand")
    assert compare_moved(sent, found, "INV/2026/00012-B") is Match.SAME
    assert compare_moved(sent, found, "") is Match.OTHER
