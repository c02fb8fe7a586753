"""How documents of a company begin to go: what a person answered is carried out."""

from __future__ import annotations

from odoo.fields import Domain

from ..core import codes
from ..core.retry import PASS_LIMIT
from ..core.states import HELD, OPEN
from ..prepare.scope import in_scope, moves_without_row
from .collect_documents import rows_for
from .new_rows import new_rows


def send_backlog(settings) -> None:
    """Ask for all documents and payments of a company that are not sent.

    :param settings: ``res.company`` in sudo that holds its settings
    """
    while moves := in_scope(moves_without_row(settings, PASS_LIMIT)):
        made, _dossiers = new_rows(moves)
        if not made | rows_for(moves - made).move_id:
            break
        settings.env.flush_all()
        settings.env.invalidate_all()
    for rows in _open_rows(settings, queued=False):
        rows.queue()
    settings.octopus_dossier_id.push_cron_id._trigger()


def leave_asked(settings) -> None:
    """Let what was asked for wait until somebody asks anew.

    :param settings: ``res.company`` in sudo that holds its settings
    """
    for rows in _open_rows(settings, queued=True):
        rows.queued = False


def _open_rows(settings, queued):
    companies = settings.octopus_companies()
    domain = (
        Domain("company_id", "in", companies.ids)
        & Domain("dossier_id", "=", settings.octopus_dossier_id.id)
        & Domain("state", "in", OPEN)
        & Domain("queued", "=", queued)
    )
    return [
        rows.search(domain) for rows in settings.env["octopus.outbox.mixin"].outboxes()
    ]


def end_shadow(dossier) -> None:
    """Let a dossier be written again; what was foreseen is prepared anew.

    :param dossier: ``octopus.dossier`` in sudo
    """
    dossier.shadow = False
    here = Domain("dossier_id", "=", dossier.id)
    seen = here & Domain("foreseen_at", "!=", False)
    # What a pass met that went on when shadow mode began.
    met = here & Domain("cause", "=", codes.SHADOW_MODE)
    afresh = {"state": "ready", "cause": False, "findings": False, "attempts": 0}
    for rows in dossier.env["octopus.outbox.mixin"].outboxes():
        held = rows.search((seen | met) & Domain("state", "in", HELD))
        # They were never tried: only prepared.
        held.write({**afresh, "retry_at": False})
        rows.search(seen).write({"foreseen": False, "foreseen_at": False})
    dossier.push_cron_id._trigger()


def begin_shadow(dossier) -> None:
    """Write nothing to a dossier from now on, and show what would be booked.

    :param dossier: ``octopus.dossier`` in sudo
    """
    dossier.shadow = True
    dossier.push_cron_id._trigger()
