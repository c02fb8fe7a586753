"""In what a booking differs from what was sent (Z.13, Z.21)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from octopus_connector.api.types import Booking, BookingLine, RelationRef
from octopus_connector.core.differences import Difference, differences


def booking(*lines):
    return Booking(
        bookyear_id=3,
        journal="A1",
        number=12,
        relation=RelationRef(id=7),
        period=202606,
        document_date=date(2026, 6, 15),
        expiry_date=date(2026, 7, 15),
        currency="EUR",
        exchange_rate=Decimal(1),
        amount=Decimal("121.00"),
        lines=tuple(
            BookingLine(
                account=610000,
                base=Decimal(base),
                vat_code="D21",
                vat=Decimal(vat),
                cost_centre_id=centre,
            )
            for centre, base, vat in lines
        ),
    )


SENT = booking((1, "60.00", "12.60"), (2, "40.00", "8.40"))


def test_z21_cost_centres_that_the_accountant_changed_are_told():
    found = booking((1, "60.00", "12.60"), (None, "40.00", "8.40"))
    assert differences(SENT, found) == [
        Difference("cost_centre", "0.00", "40.00", ""),
        Difference("cost_centre", "40.00", "0.00", "2"),
    ]


def test_z21_the_same_in_other_lines_is_no_difference():
    found = booking((2, "40.00", "8.40"), (1, "20.00", "4.20"), (1, "40.00", "8.40"))
    assert differences(SENT, found) == []
    assert differences(SENT, replace(found, lines=())) == []


def test_z21_where_none_was_sent_the_accountant_may_add_some():
    assert differences(booking((None, "100.00", "21.00")), SENT) == []
