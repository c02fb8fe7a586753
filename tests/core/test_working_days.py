"""Silence is measured on working days (Z.18, X.45)."""

from datetime import date, datetime, timedelta

import pytest

from octopus_connector.core.working_days import working_time

FRIDAY = datetime(2026, 11, 20, 16)  # 17:00 in Brussels


@pytest.mark.parametrize(
    ("end", "hours"),
    [
        (datetime(2026, 11, 20, 18), 2),
        # Midnight in Brussels is 23:00 UTC in winter.
        (datetime(2026, 11, 20, 23), 7),
        (datetime(2026, 11, 21, 12), 7),
        (datetime(2026, 11, 22, 23), 7),
        (datetime(2026, 11, 23, 16), 24),
        (FRIDAY, 0),
        (datetime(2026, 11, 19), 0),
    ],
)
def test_z18_a_weekend_does_not_count(end, hours):
    assert working_time(FRIDAY, end) == timedelta(hours=hours)


def test_z18_a_holiday_does_not_count():
    """From Tuesday 10 to Thursday 12 November 2026; Wednesday is Armistice Day."""
    start, end = datetime(2026, 11, 10, 11), datetime(2026, 11, 12, 11)
    assert working_time(start, end) == timedelta(hours=48)
    armistice = date(2026, 11, 11)
    worked = working_time(start, end, lambda day: day != armistice)
    assert worked == timedelta(hours=24)


def test_z18_a_day_with_a_change_of_clocks_has_its_real_hours():
    """On Sunday 25 October 2026 Brussels has 25 hours."""
    start, end = datetime(2026, 10, 24, 22), datetime(2026, 10, 25, 23)
    assert working_time(start, end, lambda day: True) == timedelta(hours=25)
