"""In which dossiers something is due, asked for all of them at once.

What makes a document or payment due is often not ours: a person or another module of
Odoo confirms, pays, reconciles or attaches; a moment comes; a worker was killed. So
nobody has to tell: all dossiers are looked at every ten minutes, and passes begin
where one would find something. Who knows better wakes the scheduled action at once.
"""

from __future__ import annotations

import logging
from functools import partial

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


def wake_due(dossiers) -> None:
    """Wake the scheduled action that sends, where it has something to do.

    :param dossiers: ``octopus.dossier``
    """
    for dossier in due_in(_that_send(dossiers.sudo())):
        dossier.push_cron_id._trigger()


def due_in(dossiers):
    """Return those dossiers in which a pass would find something now.

    :param dossiers: ``octopus.dossier`` in sudo
    """
    texts = dossiers.env["octopus.error.text"]
    checks = [
        rows.sudo().octopus_kind().due_in
        for rows in dossiers.env["octopus.outbox.mixin"].outboxes()
    ]
    # What is foreseen there is looked at anew; a pass that finds nothing costs little.
    found = dossiers.filtered("shadow")
    for check in (*checks, texts.unknown_in):
        found |= _checked(check, dossiers - found)
    return found


def _that_send(dossiers):
    """Return those of which the scheduled action may send something."""
    ready = dossiers.connection_id.filtered(lambda login: login.is_ready())
    return dossiers.filtered(
        lambda dossier: (
            dossier.active
            and not dossier.paused
            and dossier.connection_id in ready
            and dossier.push_cron_id.active
            and dossier.is_used()
        )
    )


def _checked(check, dossiers):
    """Return where a check finds something; one that fails over a dossier says so of
    that one, whose own pass tells what is wrong, and of no other."""
    try:
        with dossiers.env.cr.savepoint(flush=False):
            return check(dossiers) if dossiers else dossiers
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        if len(dossiers) == 1:
            _logger.exception("What is due in %s cannot be told", dossiers)
            return dossiers
    half = len(dossiers) // 2
    again = partial(_checked, check)
    return again(dossiers[:half]) | again(dossiers[half:])
