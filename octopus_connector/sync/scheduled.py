"""The scheduled actions of a dossier: one of each kind, so that several workers take
several dossiers side by side. No data file knows them.

Those that begin by the clock are spread: the dossiers of an office that were linked in
one go would else be due in the same minute for good. The one that sends is woken by
what is due (``send.due``, and whoever asks); its own interval is a net below that.
"""

from __future__ import annotations

import math
import time
from datetime import timedelta
from typing import NamedTuple

from odoo import fields

from ..call_log import budget
from ..core.retry import next_pass


class Cron(NamedTuple):
    """A scheduled action: what it calls, every how often, and its place among those
    that are due (the smallest number first; Odoo's own have 5)."""

    method: str
    number: int
    unit: str
    priority: int = 5

    @property
    def interval(self) -> timedelta:
        """The time from one run to the next."""
        return timedelta(**{self.unit: self.number})


# By the field of the dossier. Whoever sends goes before what only reads, and both
# behind other modules: see ``ir.cron``.
CRONS = {
    "refresh_cron_id": Cron("_cron_refresh", 1, "days", 30),
    "push_cron_id": Cron("_cron_push", 1, "days", 10),
    "pull_cron_id": Cron("_cron_pull", 1, "hours", 20),
}
# Those of all dossiers together, by their name in the data file; with the model.
SHARED = {
    "cron_watch": ("octopus.watchdog", Cron("_cron_watch", 1, "hours")),
    "cron_wake": ("octopus.watchdog", Cron("_cron_wake", 10, "minutes")),
    "cron_compare": ("octopus.comparison", Cron("_cron_compare", 1, "days", 35)),
    "cron_contacts": ("octopus.matching", Cron("_cron_contacts", 1, "hours", 25)),
}
OPEN = "open_dossier"
# Multiples of it, without their whole part, are spread evenly however many there are.
GOLDEN = 0.6180339887498949


def is_neutralized(env) -> bool:
    """Whether this is a neutralized copy, in which nothing is scheduled.

    :param env: any environment
    """
    parameters = env["ir.config_parameter"].sudo()
    return bool(parameters.get_param("database.is_neutralized"))


def may_schedule(dossier) -> bool:
    """Whether the work of a dossier may be scheduled here.

    :param dossier: one ``octopus.dossier`` in sudo
    """
    return dossier.connection_id.stays_here() or not is_neutralized(dossier.env)


def first_call(dossier, field, now=None):
    """Return when the turn of a scheduled action comes first, within its interval.

    :param dossier: one ``octopus.dossier``
    :param field: of :data:`CRONS`
    :param now: naive UTC
    """
    now = now or fields.Datetime.now()
    share = dossier.id * GOLDEN % 1
    return now + CRONS[field].interval - share * timedelta(hours=1)


def values_of(env, model, name, code, cron) -> dict:
    """Return the values of a scheduled action of ours.

    :param env: any environment
    :param model: name of the model that it calls
    :param name: for people
    :param code: that it runs
    :param cron: :class:`Cron`
    """
    return {
        "name": name,
        "model_id": env["ir.model"]._get_id(model),
        "state": "code",
        "code": code,
        "user_id": env.ref("base.user_root").id,
        "interval_number": cron.number,
        "interval_type": cron.unit,
        "priority": cron.priority,
    }


def ensure_crons(dossier):
    """Make the scheduled actions that a dossier lacks, switched off.

    :param dossier: one ``octopus.dossier`` in sudo
    """
    env, name = dossier.env, dossier.name
    names = {
        "refresh_cron_id": env._("Octopus: refresh %(name)s", name=name),
        "push_cron_id": env._("Octopus: send to %(name)s", name=name),
        "pull_cron_id": env._("Octopus: payments of %(name)s", name=name),
    }
    for field, cron in CRONS.items():
        if not dossier[field]:
            code = f"model.browse({dossier.id}).{cron.method}()"
            values = values_of(env, dossier._name, names[field], code, cron)
            turn = {"nextcall": first_call(dossier, field), "active": False}
            dossier[field] = env["ir.cron"].create({**values, **turn})


def activate_crons(dossiers):
    """Schedule the work of dossiers that a company uses, where the login works.

    :param dossiers: ``octopus.dossier``
    """
    for dossier in dossiers.sudo().filtered(may_schedule):
        if dossier.is_used() and dossier.is_ready():
            ensure_crons(dossier)
            crons = dossier.crons().filtered(lambda cron: not cron.active)
            crons.write({"active": True})
            if dossier.refreshed_at:
                # What linking read a moment ago need not be read again: reads are few.
                crons -= dossier.refresh_cron_id
            for cron in crons:
                cron._trigger()


def lacks_crons(dossier) -> bool:
    """Whether somebody deleted scheduled actions of a dossier, or it never had them.

    :param dossier: one ``octopus.dossier``
    """
    return not all(dossier.sudo()[field] for field in CRONS)


def restore_crons(dossier):
    """Make scheduled actions anew that somebody deleted; one that was switched off
    stays so, and is told.

    :param dossier: one ``octopus.dossier``
    """
    dossier = dossier.sudo()
    if not may_schedule(dossier) or not lacks_crons(dossier):
        return
    if dossier.is_used() and dossier.is_ready():
        known = dossier.crons()
        ensure_crons(dossier)
        made = dossier.crons() - known
        made.active = True
        for cron in made:
            cron._trigger()


def go_on(dossiers):
    """Take up what waited for nothing but the dossier or its connection.

    :param dossiers: ``octopus.dossier``
    """
    activate_crons(dossiers)
    for dossier in dossiers.sudo():
        if dossier.is_used() and dossier.is_ready():
            dossier.push_cron_id._trigger()
            dossier.pull_cron_id._trigger()


def go_on_soon(dossier):
    """Have the scheduled action that had no time for a call run again, in a worker that
    has its whole time before it.

    :param dossier: one ``octopus.dossier``
    """
    cron_id = dossier.env.context.get("cron_id")
    cron = dossier.env["ir.cron"].sudo().browse(cron_id)
    if cron & dossier.sudo().crons():
        cron._trigger()


def send_soon(dossiers):
    """Have documents sent that nobody waits for: at once, or together with others when
    there was a pass just now.

    :param dossiers: ``octopus.dossier`` in sudo
    """
    env = dossiers.env
    for dossier in dossiers:
        passes = [("dossier_id", "=", dossier.id), ("kind", "=", "push")]
        last = env["octopus.run"].search_fetch(passes, ["started_at"], limit=1)
        soonest = fields.Datetime.now()
        if last.started_at:
            opened, _shut = env["octopus.call"].used_today(dossier, OPEN)
            allowed = budget(OPEN, automatic=True)
            soonest = max(soonest, next_pass(last.started_at, opened, allowed))
        dossier.push_cron_id._trigger(at=soonest)


def is_left(dossier) -> bool:
    """Whether sending is left to another run: the time of the scheduled action is over,
    though Odoo calls it again for what it left. Nothing is prepared in vain then, and a
    worker is woken, which else could sleep for a minute.

    :param dossier: one ``octopus.dossier``, with the scheduler's context
    """
    if time.monotonic() < dossier.env.context.get("cron_end_time", math.inf):
        return False
    dossier.push_cron_id._trigger()
    dossier.env["ir.cron"]._commit_progress(remaining=1)
    return True
