"""Z.6: up to which day a journal of Octopus takes nothing any more."""

from datetime import date

import pytest

from octopus_connector.core.closed_days import all_closed_up_to, closed_up_to

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("periods", "until"),
    [
        ([], None),
        ([(*JANUARY, False)], None),
        ([(*JANUARY, True)], JANUARY[1]),
        ([(*FEBRUARY, True), (*JANUARY, True), (*MARCH, False)], FEBRUARY[1]),
        # What is open before it is not closed with it.
        ([(*JANUARY, False), (*FEBRUARY, True)], None),
        # Nobody knows what becomes of the days between.
        ([(*JANUARY, True), (*MARCH, True)], JANUARY[1]),
    ],
)
def test_z6_closed_up_to_the_first_open_period(periods, until):
    assert closed_up_to(periods) == until


@pytest.mark.parametrize(
    ("days", "until"),
    [
        ([], None),
        ([JANUARY[1]], JANUARY[1]),
        ([MARCH[1], JANUARY[1]], JANUARY[1]),
        ([MARCH[1], None], None),
    ],
)
def test_z6_of_several_journals_the_first_day_counts(days, until):
    assert all_closed_up_to(days) == until
