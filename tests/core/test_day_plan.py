"""What a day's limit leaves for later (Z.10)."""

import pytest

from octopus_connector.core.day_plan import DayPlan, day_plan


@pytest.mark.parametrize(
    ("used", "pending", "shut", "later", "days"),
    [
        (0, 0, False, 0, 0),
        (312, 48, False, 0, 0),
        (312, 49, False, 1, 1),
        (312, 748, False, 700, 2),
        (360, 360, False, 360, 1),
        (360, 361, False, 361, 2),
        # People used the reserve.
        (395, 10, False, 10, 1),
        # Octopus says that it is enough, whatever we counted.
        (5, 700, True, 700, 2),
    ],
)
def test_z10_what_the_day_does_not_take_goes_later(used, pending, shut, later, days):
    plan = day_plan(used, 400, 360, pending, shut)
    assert plan == DayPlan(used, 400, later, days)
