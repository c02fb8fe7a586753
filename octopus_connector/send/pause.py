"""Pausing a dossier: nothing is sent to it until somebody resumes; reading goes on."""

from __future__ import annotations

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..core import codes
from ..core.findings import Finding
from ..prepare.responsible import people

# So many are named, of those who can do something.
SOME = 3


def pause(dossiers, reason):
    """Send nothing to these dossiers until somebody resumes.

    :param dossiers: ``octopus.dossier`` of the person who pauses them
    :param reason: in words, for who reads it
    :raises AccessError: the person may not change one of them
    :raises UserError: there is no reason
    """
    dossiers.check_access("write")
    env, reason = dossiers.env, (reason or "").strip()
    if not reason:
        raise UserError(env._("Say why sending is paused: others read it."))
    dossiers.sudo().write(
        {
            "paused": True,
            "pause_reason": reason,
            "paused_at": fields.Datetime.now(),
            "paused_by_id": env.uid,
        }
    )
    note = env._("Sending is paused: %(reason)s", reason=reason)
    dossiers._message_log_batch({dossier.id: note for dossier in dossiers})


def resume(dossiers):
    """Send again what was asked for.

    :param dossiers: ``octopus.dossier`` of the person who resumes them
    :raises AccessError: the person may not change one of them
    """
    dossiers.check_access("write")
    paused = dossiers.filtered("paused")
    paused.sudo().write(
        {
            "paused": False,
            "pause_reason": False,
            "paused_at": False,
            "paused_by_id": False,
        }
    )
    note = dossiers.env._("Sending goes on.")
    paused._message_log_batch({dossier.id: note for dossier in paused})
    for dossier in paused.sudo().filtered("push_cron_id"):
        dossier.push_cron_id._trigger()


def pause_text(dossier) -> str:
    """Return who paused sending, since when and why; nothing when nobody did.

    :param dossier: one ``octopus.dossier``, in the language of the text
    """
    dossier.ensure_one()
    paused, env = dossier.sudo(), dossier.env
    if not paused.paused:
        return ""
    return env._(
        "Sending to %(dossier)s is paused since %(date)s by %(user)s (%(reason)s).",
        dossier=paused.name,
        user=paused.paused_by_id.name,
        date=format_datetime(env, paused.paused_at),
        reason=paused.pause_reason,
    )


def pause_finding(dossier) -> Finding | None:
    """Return why nothing is sent though it was asked for, if somebody paused it.

    :param dossier: one ``octopus.dossier``
    """
    dossier.ensure_one()
    paused = dossier.sudo()
    if not paused.paused:
        return None
    facts = {
        "dossier": paused.name,
        "user": paused.paused_by_id.name,
        "paused_at": paused.paused_at.isoformat(),
        "reason": paused.pause_reason,
    }
    return Finding(codes.SENDING_PAUSED, facts, paused._name, paused.ids)


def kept_text(dossier) -> str:
    """Return what becomes of what is asked for while sending is paused, and who can
    resume it; nothing when nobody paused it.

    :param dossier: one ``octopus.dossier``, in the language of the text
    """
    paused, env = pause_text(dossier), dossier.env
    if not paused:
        return ""
    names = ", ".join(_who_may_resume(dossier).mapped("name"))
    kept = env._("What you ask for is kept and goes after that.")
    who = names and env._("%(names)s can resume it.", names=names)
    return " ".join(filter(None, (paused, kept, who)))


def _who_may_resume(dossier):
    """Return some who may: administrators in all of its companies."""
    _users, managers, _system = people(dossier.env)
    companies = dossier.sudo().company_ids
    return managers.filtered(
        lambda user: user.active and not companies - user.company_ids
    ).sorted("id")[:SOME]
