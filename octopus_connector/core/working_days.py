"""How much of a time span lies on working days: pure, no Odoo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

from ..api.types import BRUSSELS

SATURDAY = 5


def on_weekdays(day: date) -> bool:
    """Whether people work on a day, where no calendar tells better.

    :param day: in Brussels; holidays are not known
    """
    return day.weekday() < SATURDAY


def working_time(
    start: datetime, end: datetime, works: Callable[[date], bool] = on_weekdays
) -> timedelta:
    """Return how much of the time from ``start`` to ``end`` lies on working days, all
    their 24 hours, as days are counted in Brussels.

    :param start: naive UTC, as Odoo keeps moments; so is ``end``
    """
    moment, last = _here(start), _here(end)
    total = timedelta()
    while moment < last:
        tomorrow = datetime.combine(moment.date() + timedelta(days=1), time(), BRUSSELS)
        until = min(tomorrow, last)
        if works(moment.date()):
            total += until.astimezone(timezone.utc) - moment.astimezone(timezone.utc)
        moment = until
    return total


def _here(moment):
    return moment.replace(tzinfo=timezone.utc).astimezone(BRUSSELS)
