"""In what a booking differs from what was sent (Z.13, Z.21)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from octopus_connector.api.types import Booking, BookingLine, Overflow, RelationRef
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


YEAR = {"start": date(2026, 7, 1), "end": date(2027, 6, 30)}


def deferred(*lines):
    """A booking of lines of 50.00, of which some are spread over time."""
    some = booking(*[(None, "50.00", "10.50")] * len(lines))
    return replace(
        some,
        lines=tuple(
            replace(line, overflow=days and Overflow(account=490000, **days))
            for line, days in zip(some.lines, lines, strict=True)
        ),
    )


def test_z21_lines_that_are_spread_over_other_days_are_told():
    sent = deferred(YEAR | {"period_type": 1}, None)
    assert differences(sent, sent) == []
    later = {"start": date(2026, 8, 1), "end": date(2027, 7, 31), "period_type": 1}
    assert differences(sent, deferred(later, None)) == [
        Difference("deferral", "50.00", "0.00", "2026-07-01/2027-06-30/1"),
        Difference("deferral", "0.00", "50.00", "2026-08-01/2027-07-31/1"),
    ]
    assert differences(sent, deferred(YEAR | {"period_type": 0}, None)) == [
        Difference("deferral", "0.00", "50.00", "2026-07-01/2027-06-30/0"),
        Difference("deferral", "50.00", "0.00", "2026-07-01/2027-06-30/1"),
    ]
    both = deferred(*[YEAR | {"period_type": 1}] * 2)
    assert differences(both, sent) == [
        Difference("deferral", "0.00", "50.00", ""),
        Difference("deferral", "100.00", "50.00", "2026-07-01/2027-06-30/1"),
    ]


def test_z21_what_a_reading_does_not_tell_of_deferrals_is_no_difference():
    sent = deferred(YEAR | {"period_type": 1}, None)
    assert differences(sent, deferred(None, None)) == [], "no line tells any"
    assert differences(sent, deferred(YEAR, None)) == [], "the kind is not told"
    assert differences(sent, deferred({"start": YEAR["start"]}, None)) == []
    assert differences(deferred(None, None), sent) == [], "the accountant spread it"
