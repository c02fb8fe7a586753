"""Which VAT return a booking period falls in (X.2, Z.6)."""

from datetime import date

import pytest

from octopus_connector.core.vat_period import (
    MONTH,
    due_date,
    first_day,
    first_untold,
    vat_returns,
)

APRIL = date(2026, 4, 1), date(2026, 4, 30)
QUARTER = date(2026, 4, 1), date(2026, 6, 30)
YEAR = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("period", "every", "told"),
    [
        (APRIL, "month", "2026-04"),
        (APRIL, "quarter", "2026-Q2"),
        (APRIL, None, "2026-04/2026-Q2"),
        (QUARTER, "quarter", "2026-Q2"),
        (QUARTER, None, "2026-Q2"),
        (QUARTER, "month", "2026"),
        (YEAR, "quarter", "2026"),
        ((date(2026, 7, 1), date(2027, 6, 30)), None, "2026–2027"),
    ],
)
def test_z6_only_what_is_certain_is_told(period, every, told):
    assert vat_returns(*period, every) == told


def test_z6_a_return_begins_on_a_day():
    assert first_day("2026-04") == date(2026, 4, 1)
    assert first_day("2026-Q4") == date(2026, 10, 1)
    assert first_day("2026") is None
    assert first_day("2026–2027") is None


@pytest.mark.parametrize(
    ("today", "every", "told", "due"),
    [
        (date(2026, 11, 9), MONTH, date(2026, 10, 1), date(2026, 10, 20)),
        (date(2026, 11, 10), MONTH, date(2026, 11, 1), date(2026, 11, 20)),
        (date(2026, 11, 30), MONTH, date(2026, 11, 1), date(2026, 11, 20)),
        (date(2027, 1, 9), MONTH, date(2026, 12, 1), date(2026, 12, 20)),
        (date(2027, 1, 10), MONTH, date(2027, 1, 1), date(2027, 1, 20)),
        (date(2027, 1, 9), "quarter", date(2026, 10, 1), date(2026, 10, 25)),
        (date(2027, 1, 10), "quarter", date(2027, 1, 1), date(2027, 1, 25)),
        (date(2027, 3, 31), "quarter", date(2027, 1, 1), date(2027, 1, 25)),
    ],
)
def test_z18_a_return_is_told_some_days_before_it_is_due(today, every, told, due):
    assert first_untold(today, every) == told
    assert due_date(told, every) == due
