"""The accountant says that something is open again: what waits for it goes at once."""

from __future__ import annotations

from datetime import timedelta

from odoo import fields

from ..core.states import OPEN

# A whole reading of a dossier takes many calls of the day.
READ_AGAIN = timedelta(hours=1)


def let_go(dossier, waiting) -> None:
    """Look at Octopus again, and send what waited: the next pass of the scheduled
    action, which is woken, does both.

    What is still closed there is held again, with the same cause and since the same
    moment.

    :param dossier: one ``octopus.dossier`` in sudo
    :param waiting: ``octopus.reopen`` of what waits for one act
    """
    _forget_what_is_closed(dossier, waiting)
    for rows in waiting.outbox_rows():
        rows.filtered(lambda row: row.state in OPEN).queue()
    for cron in dossier.push_cron_id:
        cron._trigger()


def _forget_what_is_closed(dossier, waiting):
    """Have the mirror read again: what is closed there, or all of it."""
    years = dossier.bookyear_ids.filtered(
        lambda year: any(
            year.date_start <= day <= year.date_end
            for day in waiting.mapped("document_date")
            if day
        )
    )
    (years or dossier.bookyear_ids).journal_year_ids.read_at = False
    is_old = (
        not dossier.refreshed_at
        or dossier.refreshed_at < fields.Datetime.now() - READ_AGAIN
    )
    if is_old and any(not row.is_closed() for row in waiting):
        for cron in dossier.refresh_cron_id:
            cron._trigger()
