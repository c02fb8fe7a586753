"""When a document that could not go now is tried again: pure, no Odoo."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone

from ..api.types import BRUSSELS

# Rows that one pass collects or looks at; the next pass takes the rest.
PASS_LIMIT = 5000
FIRST_WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
LATER_WAIT = timedelta(hours=1)
# Both together fit in a day of 150 times, beside the reading of each hour.
COLLECT, COLLECT_LONGER = timedelta(minutes=6), timedelta(minutes=30)
# Databases that were stopped by the same thing should not all come back at once.
SPREAD = 0.1


def next_try(
    now: datetime, attempts: int, chance: Callable[[], float] = random.random
) -> datetime:
    """Return when to try again after ``attempts`` vain attempts, the last one now.

    After 2, 10 and 30 minutes, then hourly, each up to a tenth later.

    :param now: naive UTC, as Odoo keeps moments
    :param chance: gives a number from 0 to 1
    """
    done = max(attempts, 1)
    wait = FIRST_WAITS[done - 1] if done <= len(FIRST_WAITS) else LATER_WAIT
    return now + wait * (1 + SPREAD * chance())


def next_pass(last: datetime, opened: int, allowed: int) -> datetime:
    """Return when the next pass that nobody asked for may begin.

    Each may open the dossier anew, as a token belongs to one process: what comes soon
    after a pass is collected, and longer once half of what the day allows is used.

    :param last: when the last pass began
    :param opened: how often the dossier was opened today, of ``allowed``
    """
    return last + (COLLECT if opened < allowed / 2 else COLLECT_LONGER)


def next_day(now: datetime, chance: Callable[[], float] = random.random) -> datetime:
    """Return a moment in the first minutes of tomorrow in Brussels, where Octopus
    counts its days.

    :param now: naive UTC; so is the answer
    """
    here = now.replace(tzinfo=timezone.utc).astimezone(BRUSSELS)
    midnight = datetime.combine(here.date() + timedelta(days=1), time(), BRUSSELS)
    later = timedelta(minutes=1 + 9 * chance())
    return midnight.astimezone(timezone.utc).replace(tzinfo=None) + later
