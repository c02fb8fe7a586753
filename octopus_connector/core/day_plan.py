"""When documents leave that a day's limit does not take: pure, no Odoo."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DayPlan:
    """What of a daily limit is used, and what is left for later days.

    :param used: calls today
    :param limit: calls a day that Octopus allows
    :param later: documents that do not leave today
    :param days: how many days they take from tomorrow on
    """

    used: int
    limit: int
    later: int
    days: int


def day_plan(
    used: int, limit: int, budget: int, pending: int, shut: bool = False
) -> DayPlan:
    """Return what leaves today and when the rest does.

    :param budget: calls a day without the reserve for what people ask for
    :param pending: documents that are to leave, oldest first
    :param shut: Octopus itself takes no more today
    """
    left = 0 if shut else max(budget - used, 0)
    later = max(pending - left, 0)
    return DayPlan(used, limit, later, -(-later // budget))
