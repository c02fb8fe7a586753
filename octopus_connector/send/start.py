"""How documents of a company begin to go: what a person answered is carried out."""

from __future__ import annotations

from .backlog import asked_rows, kinds, not_asked_rows


def send_backlog(settings) -> None:
    """Ask for all documents and payments of a company that are not sent, from its start
    on: those that ``backlog.not_asked`` counts.

    :param settings: ``res.company`` in sudo that holds its settings
    """
    for kind in kinds(settings.env):
        kind.collect_all(settings)
        rows = not_asked_rows(kind, settings, settings.octopus_start_date)
        kind.rows.search(rows).queue(settings.env.user)
    settings.octopus_dossier_id.push_cron_id._trigger()


def leave_asked(dossier) -> None:
    """Let what was asked for wait until somebody asks anew: what ``backlog.asked``
    counts.

    :param dossier: ``octopus.dossier`` in sudo
    """
    for kind in kinds(dossier.env):
        kind.rows.search(asked_rows(kind, dossier)).queued = False


def end_shadow(dossier) -> None:
    """Let a dossier be written again; what shadow mode held is prepared anew.

    :param dossier: ``octopus.dossier`` in sudo
    """
    dossier.shadow = False
    for kind in kinds(dossier.env):
        kind.rows.release(dossier)
    dossier.push_cron_id._trigger()


def begin_shadow(dossier) -> None:
    """Write nothing to a dossier from now on, and show what would be booked.

    :param dossier: ``octopus.dossier`` in sudo
    """
    dossier.shadow = True
    dossier.push_cron_id._trigger()
