"""Ticks *No Follow-Up* of Odoo on documents that are held for follow-up, and unticks it
when they are free again.

Odoo's own reminders (``account_followup``, Enterprise) leave out the journal items on
which it is ticked. What a person ticked before stays; what a person unticks stays so
until the document is free again. What the addon ticked is marked on the item, and only
that is unticked.
"""

from __future__ import annotations

import logging

from odoo.fields import Domain
from odoo.tools import SQL

from ..prepare.follow_ups import held_for_follow_up

_logger = logging.getLogger(__name__)

# So many items are written in one transaction.
BATCH = 500


def keep_from_reminders(env) -> bool:
    """Tick and untick a batch of items, without committing it; what somebody else is
    writing at this moment has its turn the next time.

    :param env: any; items of all companies are written in sudo
    :return: whether there may be more
    """
    lines = env["account.move.line"].sudo()
    held = env["account.move"].sudo()._search(held_for_follow_up(env))
    all_free = lines.search(
        Domain("octopus_no_followup", "=", True) & Domain("move_id", "not in", held),
        limit=BATCH,
    )
    free = all_free.try_lock_for_update(allow_referencing=True)
    _tick(free, False)
    all_taken = lines.search(
        Domain("move_id", "in", held)
        & Domain("account_type", "=", "asset_receivable")
        & Domain("no_followup", "=", False)
        & Domain("octopus_no_followup", "=", False),
        limit=BATCH,
    )
    taken = all_taken.try_lock_for_update(allow_referencing=True)
    _tick(taken, True)
    if taken or free:
        _logger.info("No reminders: %d items more, %d less", len(taken), len(free))
    # With a few that are locked there are more all the same.
    is_full = BATCH in (len(all_taken), len(all_free))
    return is_full and bool(taken or free)


def release_all(env) -> None:
    """Untick what the addon ticked, as nobody does it once it is gone.

    :param env: any
    """
    lines = env["account.move.line"].sudo()
    _tick(lines.search([("octopus_no_followup", "=", True)]), False)


def _tick(lines, ticked):
    """Tick items and mark them, or untick them and forget it, in one statement.

    The ORM would write each document too, as Odoo keeps its items alike, and compute
    its lines anew: it would look changed to whoever compares it, and a thousand would
    take a minute. All items of a document that it would write are among these.
    """
    if not lines:
        return
    lines.env.cr.execute(
        SQL(
            "UPDATE account_move_line SET no_followup = %s, octopus_no_followup = %s"
            " WHERE id IN %s",
            ticked,
            ticked,
            tuple(lines.ids),
        )
    )
    names = ["no_followup", "octopus_no_followup"]
    lines.invalidate_recordset(names, flush=False)
    lines.modified(names)
