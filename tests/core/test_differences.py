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


def coded(*lines, amount=None, **values):
    """A booking of lines of one base under one code each, without VAT unless told."""
    lines = [(*line, "0.00")[:3] for line in lines]
    total = sum(Decimal(base) + Decimal(vat) for _code, base, vat in lines)
    return replace(
        booking(),
        amount=total if amount is None else Decimal(amount),
        lines=tuple(
            BookingLine(
                account=700000, vat_code=code, base=Decimal(base), vat=Decimal(vat)
            )
            for code, base, vat in lines
        ),
        **values,
    )


def test_z13_a_code_without_vat_that_was_changed_is_told():
    """It decides in which boxes of the return, and on which listing, the sale is."""
    sent = coded(("00S", "100.00"), ("21", "10.00", "2.10"))
    assert differences(sent, coded(("00E", "100.00"), ("21", "10.00", "2.10"))) == [
        Difference("base", "0.00", "100.00", "00E"),
        Difference("base", "100.00", "0.00", "00S"),
    ]
    assert differences(sent, coded(("00S", "110.00"), ("21", "0.00", "2.10"))) == [
        Difference("base", "100.00", "110.00", "00S"),
        Difference("base", "10.00", "0.00", "21"),
    ]


def test_z13_vat_and_total_that_differ_say_enough():
    sent = coded(("00", "100.00"), ("21", "100.00", "21.00"))
    assert differences(sent, coded(("00", "100.00"), ("06", "115.00", "6.00"))) == [
        Difference("vat", "0.00", "6.00", "06"),
        Difference("vat", "21.00", "0.00", "21"),
    ]
    [told] = differences(sent, coded(("00", "90.00"), ("21", "100.00", "21.00")))
    assert told.what == "amount"


def test_z13_bases_that_are_not_told_are_no_difference():
    sent = coded(("00S", "60.00"), ("00S", "40.00"), ("21", "10.00", "2.10"))
    merged = coded(("21", "10.00", "2.10"), ("00S", "100.00"))
    assert differences(sent, merged) == [], "in other lines"
    bare = coded(("00S", "0.00"), ("21", "0.00", "2.10"), amount="112.10")
    assert differences(sent, bare) == [], "no line tells a base"
    euro = coded(("00S", "90.00"), ("21", "9.00", "2.10"), amount="112.10")
    assert differences(sent, euro) == [], "bases in another currency than the total"
    uncoded = coded((None, "100.00"), ("21", "10.00", "2.10"))
    assert differences(sent, uncoded) == [], "no code is told"
    assert differences(uncoded, sent) == [], "Octopus has one for what had none"


def test_z13_a_credit_note_is_compared_as_an_invoice():
    sent = coded(("00S", "100.00"), amount="-100.00")
    assert differences(sent, sent) == []
    [first, second] = differences(sent, coded(("00E", "100.00"), amount="-100.00"))
    assert (first.code, second.code) == ("00E", "00S")


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
