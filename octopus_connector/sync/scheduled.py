"""The scheduled actions of a dossier: one of each kind, so that several workers take
several dossiers side by side. No data file knows them."""

from __future__ import annotations

from datetime import timedelta

from odoo import fields

from ..call_log import budget
from ..core.retry import next_pass

# Field of the dossier → method of it, every how often.
CRONS = {
    "refresh_cron_id": ("_cron_refresh", 1, "days"),
    "push_cron_id": ("_cron_push", 10, "minutes"),
    "pull_cron_id": ("_cron_pull", 1, "hours"),
}
OPEN = "open_dossier"


def is_neutralized(env) -> bool:
    """Whether this is a neutralized copy, in which nothing is scheduled.

    :param env: any environment
    """
    parameters = env["ir.config_parameter"].sudo()
    return bool(parameters.get_param("database.is_neutralized"))


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
    now = fields.Datetime.now()
    for field, (method, number, unit) in CRONS.items():
        # What linking read a moment ago need not be read again: reads are few.
        fresh = field == "refresh_cron_id" and dossier.refreshed_at
        wait = timedelta(**{unit: number}) if fresh else timedelta()
        if not dossier[field]:
            dossier[field] = env["ir.cron"].create(
                {
                    "nextcall": now + wait,
                    "name": names[field],
                    "model_id": env["ir.model"]._get_id(dossier._name),
                    "state": "code",
                    "code": f"model.browse({dossier.id}).{method}()",
                    "user_id": env.ref("base.user_root").id,
                    "interval_number": number,
                    "interval_type": unit,
                    "active": False,
                }
            )


def activate_crons(dossiers):
    """Schedule the work of dossiers that a company uses, where the login works.

    :param dossiers: ``octopus.dossier``
    """
    if is_neutralized(dossiers.env):
        return
    for dossier in dossiers.sudo():
        if dossier.is_used() and dossier.is_ready():
            ensure_crons(dossier)
            crons = dossier.crons().filtered(lambda cron: not cron.active)
            crons.write({"active": True})


def restore_crons(dossier):
    """Make scheduled actions anew that somebody deleted; one that was switched off
    stays so, and is told.

    :param dossier: one ``octopus.dossier``
    """
    dossier = dossier.sudo()
    if is_neutralized(dossier.env) or all(dossier[field] for field in CRONS):
        return
    if dossier.is_used() and dossier.is_ready():
        known = dossier.crons()
        ensure_crons(dossier)
        (dossier.crons() - known).active = True


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
        last = env["octopus.run"].search(passes, limit=1).started_at
        soonest = fields.Datetime.now()
        if last:
            opened, _shut = env["octopus.call"].used_today(dossier, OPEN)
            allowed = budget(OPEN, automatic=True)
            soonest = max(soonest, next_pass(last, opened, allowed))
        dossier.push_cron_id._trigger(at=soonest)
