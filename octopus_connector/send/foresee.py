"""A pass over a dossier in shadow mode: all that would be sent is prepared and shown,
and nothing is called."""

from __future__ import annotations

from functools import partial

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import split_every

from ..api.stored import to_json
from ..core.codes import WAIT
from ..core.findings import worst
from ..core.states import OPEN
from .batch import BATCH


def foresee(kind, dossier, chosen=None) -> None:
    """Note on the rows of a dossier what would be booked now; commits after each batch.

    :param kind: ``Kind`` of the rows, in sudo
    :param dossier: ``octopus.dossier`` in sudo
    :param chosen: only these rows, for a person who waits for them
    """
    progress = kind.env["ir.cron"]
    if chosen is None:
        retrying(partial(kind.collect, dossier), kind.env)
    ids = kind.rows.to_foresee(dossier, chosen).ids
    left = progress._commit_progress(remaining=len(ids))
    for some in split_every(BATCH, ids):
        # Shadow mode may have ended meanwhile.
        if not left or not dossier.shadow:
            return
        try:
            _note(kind, some)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody writes one of them at this moment: the next pass looks again.
            kind.env.cr.rollback()
        left = progress._commit_progress(len(some))


def _note(kind, ids):
    # A pass from before shadow mode, or after it, may have sent some meanwhile.
    rows = kind.rows.search([("id", "in", ids), ("state", "in", OPEN)], order="id")
    left_out = rows
    for row, booking, findings in kind.foresee(rows):
        left_out -= row
        if not booking:
            waits = worst(findings).severity == WAIT
            row.hold("waiting" if waits else "blocked", list(findings))
            row.foreseen_held = True
        row.set_foreseen(booking and to_json(booking), findings)
    # Taken back in Odoo, or no payment any more.
    left_out.exists().foreseen = False
    rows.exists().foreseen_at = kind.env.cr.now()
    # Who else writes them shows now, and not when this is committed.
    kind.env.flush_all()
