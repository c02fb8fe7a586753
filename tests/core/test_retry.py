"""When a document is tried again (X.4, X.43)."""

from datetime import datetime, timedelta

import pytest

from octopus_connector.api.quota import daily_limit
from octopus_connector.core.retry import next_day, next_pass, next_try

NOW = datetime(2026, 6, 15, 12, 0)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(0, 2), (1, 2), (2, 10), (3, 30), (4, 60), (50, 60)]
)
def test_x4_two_ten_thirty_minutes_then_hourly(attempts, minutes):
    assert next_try(NOW, attempts, lambda: 0) == NOW + timedelta(minutes=minutes)


def test_x4_jitter_adds_at_most_a_tenth():
    assert next_try(NOW, 4, lambda: 1) == NOW + timedelta(minutes=66)


def test_x43_passes_all_day_long_do_not_use_up_the_openings():
    """Each in another process, and the reading of each hour, too."""
    allowed = daily_limit("open_dossier") * 9 // 10
    moment, opened = NOW, 0
    while moment < NOW + timedelta(days=1):
        opened += 1
        moment = next_pass(moment, opened, allowed)
    assert allowed / 2 < opened < allowed - 24


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        # Summer: midnight in Brussels is 22:00 UTC.
        (datetime(2026, 6, 15, 12, 0), datetime(2026, 6, 15, 22, 0)),
        (datetime(2026, 6, 15, 22, 30), datetime(2026, 6, 16, 22, 0)),
        # Winter: 23:00 UTC.
        (datetime(2026, 1, 10, 22, 59), datetime(2026, 1, 10, 23, 0)),
        # The night in which the clock goes back, and the day is 25 hours long.
        (datetime(2026, 10, 25, 12, 0), datetime(2026, 10, 25, 23, 0)),
    ],
)
def test_x43_the_next_day_begins_in_brussels(now, midnight):
    assert next_day(now, lambda: 0) == midnight + timedelta(minutes=1)
    assert next_day(now, lambda: 1) == midnight + timedelta(minutes=10)
