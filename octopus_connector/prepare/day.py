"""What the day still takes: Octopus allows so many calls of a kind from one day to the
next."""

from __future__ import annotations

from odoo.fields import Domain

from ..call_log import budget
from ..core import codes
from ..core.day_plan import DayPlan, day_plan

INSERT = "insert_booking"


def plan_of(dossier) -> DayPlan:
    """Return the plan of what was asked for and is not sent yet.

    :param dossier: one ``octopus.dossier`` in sudo
    """
    dossier.ensure_one()
    return plans_of(dossier)[dossier.id]


def plans_of(dossiers) -> dict[int, DayPlan]:
    """Return the plan of each dossier, by its id, in a number of queries that does not
    grow with them.

    :param dossiers: ``octopus.dossier`` in sudo
    """
    used = dossiers.env["octopus.call"].used_today_in(dossiers, INSERT)
    pending = _pending(dossiers)
    limits = budget(INSERT, automatic=False), budget(INSERT, automatic=True)
    plans = {}
    for dossier in dossiers:
        calls, shut = used[dossier.id]
        left = pending.get(dossier, 0)
        plans[dossier.id] = day_plan(calls, *limits, left, shut)
    return plans


def _pending(dossiers):
    """Return how many documents are to leave as soon as the day allows it:
    ``{dossier: count}``."""
    asked = (
        Domain("dossier_id", "in", dossiers.ids)
        & Domain("queued", "=", True)
        & (
            Domain("state", "=", "ready")
            | Domain("state", "=", "waiting")
            & Domain("cause", "=", codes.QUOTA_REACHED)
        )
    )
    rows = dossiers.env["octopus.booking"]
    return dict(rows._read_group(asked, ["dossier_id"], ["__count"]))


def plan_text(env, plan: DayPlan) -> str:
    """Return a plan in words.

    :param env: its language is that of the text
    :param plan: of a dossier
    """
    values = {"used": plan.used, "limit": plan.limit}
    if not plan.later:
        return env._("%(used)s of %(limit)s bookings today.", **values)
    if plan.days == 1:
        return env._(
            "%(used)s of %(limit)s bookings today; tomorrow %(later)s more, oldest"
            " first.",
            later=plan.later,
            **values,
        )
    return env._(
        "%(used)s of %(limit)s bookings today; %(later)s older documents over %(days)s"
        " days, oldest first.",
        later=plan.later,
        days=plan.days,
        **values,
    )


def later_text(dossier) -> str:
    """Return the plan in words when the day does not take all documents, else nothing.

    :param dossier: one ``octopus.dossier``, in the language of the text
    """
    plan = plan_of(dossier.sudo())
    return plan_text(dossier.env, plan) if plan.later else ""
