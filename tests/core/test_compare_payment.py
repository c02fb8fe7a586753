"""Which booking in a bank journal is the payment that was sent (X.20, X.23, H.1)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from octopus_connector.api.types import (
    FinancialBooking,
    FinancialLine,
    RelationRef,
)
from octopus_connector.core.compare_booking import Match
from octopus_connector.core.compare_payment import compare

LINE = FinancialLine(
    type="C",
    amount=Decimal("121.00"),
    relation=RelationRef(id=7),
    reference="BNK1/2026/00001",
)
SENT = FinancialBooking(
    bookyear_id=1,
    journal="F1",
    number=3,
    period=11,
    document_date=date(2026, 11, 20),
    exchange_rate=None,
    lines=(LINE,),
)
OTHER_DAY = {"document_date": date(2026, 11, 21)}


def found(day=None, *lines):
    return replace(SENT, **(day or {}), lines=lines or SENT.lines)


def line(**values):
    return replace(LINE, **values)


OF_OTHER = RelationRef(id=8)


@pytest.mark.parametrize(
    ("booking", "match"),
    [
        (found(), Match.SAME),
        (
            found(None, line(amount=Decimal("100")), line(amount=Decimal("21"))),
            Match.SAME,
        ),
        (
            found(
                None,
                line(amount=Decimal("100")),
                line(amount=Decimal("21"), reference="fee"),
            ),
            Match.SAME,
        ),
        (found(OTHER_DAY), Match.ALTERED),
        (found(None, line(amount=Decimal("99"))), Match.ALTERED),
        (found(OTHER_DAY, line(relation=OF_OTHER)), Match.ALTERED),
        (found(None, line(reference="paid, thanks")), Match.ALTERED),
        (found(None, line(reference=None)), Match.ALTERED),
        (found(OTHER_DAY, line(reference="paid, thanks")), Match.ALTERED),
        (found(None, line(reference=None, amount=Decimal("99"))), Match.ALTERED),
        (found(None, line(reference=None, relation=OF_OTHER)), Match.ALTERED),
        (found(OTHER_DAY, line(reference=None, relation=OF_OTHER)), Match.OTHER),
        (found(OTHER_DAY, line(reference=None, amount=Decimal("99"))), Match.OTHER),
    ],
)
def test_x20_what_stands_on_its_number(booking, match):
    """Our text decides; without it, two of day, total and party make it doubtful."""
    assert compare(SENT, booking) is match
