"""One run over everything of a dossier: contacts, documents, payments to Octopus, the
comparison, payments from Octopus.

Each phase is done by the scheduled action that always does it, so that no two workers
do the same for a dossier. The run says whose turn it is; whoever did a phase notes what
came of it as a part of the run, and wakes the next one.
"""

from __future__ import annotations

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.fields import Domain
from odoo.tools import mute_logger

from ..core import codes
from ..core.findings import Finding

SYNC = "sync"
CONTACTS, DOCUMENTS, PAYMENTS = "contacts", "push", "remit"
COMPARISON, PULL = "compare", "pull"
# In their order; a phase is the kind of the run that is its part.
PHASES = (CONTACTS, DOCUMENTS, PAYMENTS, COMPARISON, PULL)
# In which field of the dossier the scheduled action is that does them; for contacts
# there is one for all dossiers.
CRON_FIELDS = {
    DOCUMENTS: "push_cron_id",
    PAYMENTS: "push_cron_id",
    COMPARISON: "pull_cron_id",
    PULL: "pull_cron_id",
}
# What each outbox is a phase of.
PHASE_OF = {"octopus.booking": DOCUMENTS, "octopus.payment": PAYMENTS}


def going_on(dossiers):
    """Return the runs over everything that are not over.

    :param dossiers: ``octopus.dossier``
    :return: ``octopus.run`` in sudo
    """
    return (
        dossiers.sudo()
        .env["octopus.run"]
        .search(
            [
                ("dossier_id", "in", dossiers.ids),
                ("kind", "=", SYNC),
                ("state", "=", "running"),
            ]
        )
    )


def start_all(dossiers):
    """Return the run of each dossier that is going on, else a new one.

    What waits for its moment, and is asked for, is tried again now, as far as the user
    who asks may see it.

    :param dossiers: ``octopus.dossier`` of the user who asks
    :return: ``octopus.run`` in sudo
    """
    runs = going_on(dossiers)
    for dossier in dossiers - runs.dossier_id:
        runs |= _start(dossier)
    return runs


def _start(dossier):
    runs = dossier.sudo().env["octopus.run"]
    try:
        with dossier.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            run = runs.create(
                {
                    "kind": SYNC,
                    "dossier_id": dossier.id,
                    "user_id": dossier.env.uid,
                    "interactive": True,
                    "step": PHASES[0],
                    "total": len(PHASES),
                }
            )
    except UniqueViolation:
        # Somebody else asked at this very moment: it shows in the next transaction.
        return runs
    _try_again(dossier, run)
    return run


def _try_again(dossier, run):
    """Let rows that wait for a moment be due now, and count with the run: what only the
    accountant can open is read anew for a person who waits."""
    waiting = (
        Domain("dossier_id", "=", dossier.id)
        & Domain("queued", "=", True)
        & Domain("state", "=", "waiting")
        & Domain("cause", "!=", codes.QUOTA_REACHED)
    )
    for rows in dossier.env["octopus.outbox.mixin"].outboxes():
        # A pass may have one of them in hand.
        found = rows.search(waiting).sudo()
        free = found.try_lock_for_update(allow_referencing=True)
        free.write({"retry_at": False, "run_id": run.id})


# Whose turn it is


def begin(dossier, phase):
    """Return the run of which a phase begins now, in sudo; none else. One that stands
    at a phase of another scheduled action is woken: that may have failed.

    :param dossier: one ``octopus.dossier``, or none
    :param phase: of :data:`PHASES`, or ``None`` for what is no phase
    """
    return turn_of(going_on(dossier)[:1], phase)


def turn_of(run, phase):
    """Return a run that is going on, if it stands at a phase, as of :func:`begin`.

    :param run: of :func:`going_on`, one or none
    """
    if run and phase and CRON_FIELDS.get(run.step) != CRON_FIELDS.get(phase):
        wake(run)
    return run if phase and run.step == phase else run.browse()


def end(run, part, **values) -> None:
    """Note what came of a phase, and let the next one begin.

    :param run: of :func:`begin`; nothing is noted where it is empty
    :param part: the ``octopus.run`` of the phase, empty where there was nothing to do
    :param values: of a part that is made here
    """
    if not run or run.state != "running":
        return
    phase, now = run.step, fields.Datetime.now()
    if not part:
        made = {"kind": phase, "dossier_id": run.dossier_id.id, "ended_at": now}
        made |= {"state": "stopped" if values.get("problem") else "done"}
        part = run.create({**made, "user_id": run.user_id.id, **values})
    part.parent_id = run
    following = PHASES[PHASES.index(phase) + 1 :][:1]
    if not following:
        run.end_sync()
        return
    run.step = following[0]
    if CRON_FIELDS.get(phase) != CRON_FIELDS[run.step]:
        wake(run)


def wake(run) -> None:
    """Wake the scheduled action whose turn it is; a phase of which somebody switched it
    off is left out, and that is told.

    :param run: ``octopus.run`` in sudo that is going on
    """
    if run.step != CONTACTS:
        run.dossier_id[CRON_FIELDS[run.step]]._trigger()
        return
    cron = run.env["octopus.watchdog"].scheduled_action("cron_contacts")
    if cron.active:
        cron._trigger()
        return
    missing = Finding(codes.CONTACTS_MISSING, {}, cron._name, cron.ids)
    end(run, run.browse(), problem=missing.as_json())
