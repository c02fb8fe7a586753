"""Up to which day a journal of Octopus takes nothing any more: pure, no Odoo."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def closed_up_to(periods: Iterable[tuple[date, date, bool]]) -> date | None:
    """Return the last day before the first period that takes bookings; ``None`` when
    the first of them is open, or there is none.

    A period that is missing is not closed: nobody knows what becomes of its days.

    :param periods: ``(first day, last day, closed)`` of each, in any order
    """
    until = None
    for start, end, closed in sorted(periods):
        if not closed or (until and start > until + ONE_DAY):
            break
        until = max(until or end, end)
    return until


def all_closed_up_to(days: Iterable[date | None]) -> date | None:
    """Return the day up to which all of several journals are closed; ``None`` when one
    of them is open from its first day, or there is none.

    :param days: what :func:`closed_up_to` says of each
    """
    known = list(days)
    return min(known) if known and all(known) else None
