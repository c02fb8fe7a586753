"""What the next bookyear lacks."""

from datetime import timedelta

from odoo import fields

from ...core import codes
from ...core.findings import Finding
from . import NAMED

# How long before its end a bookyear asks for the next one.
YEAR_TURN = timedelta(days=31)


def where_year_turns(env, dossiers):
    """Return those dossiers in which :func:`year_turn` may find something.

    :param env: in the time zone of the reader
    :param dossiers: ``octopus.dossier``, in sudo
    """
    today = fields.Date.context_today(dossiers.with_env(env))
    turning = dossiers.filtered(lambda dossier: _ending(dossier, today))
    coming = {row: _coming(row, _ending(row, today)) for row in turning}
    years = turning.bookyear_ids.browse().union(*coming.values())
    missing = (
        env["octopus.account.mapping"]
        .sudo()
        ._read_group(
            [
                ("dossier_id", "in", turning.ids),
                ("state", "=", "accepted"),
                ("octopus_account_id.bookyear_ids", "not in", years.ids),
            ],
            ["dossier_id"],
        )
    )
    found = turning.browse().union(*(dossier.sudo() for [dossier] in missing))
    return found | turning.filtered(
        lambda row: (
            not coming[row]
            or row.other_journal_ids
            or _chosen(row) - _there(coming[row], row)
        )
    )


def _coming(dossier, ending):
    """Return the bookyear that follows another, maybe empty."""
    start = ending.date_end + timedelta(days=1)
    return dossier.bookyear_ids.filtered(lambda year: year.date_start == start)[:1]


def _chosen(dossier):
    """Return the journals that documents go to."""
    holders = dossier.company_ids.filtered("octopus_enabled")
    return holders.octopus_journals_used()


def _there(bookyear, dossier):
    """Return the journals that take bookings in a bookyear."""
    open_there = dossier.journal_ids.year_ids.filtered(
        lambda row: row.bookyear_id == bookyear and row.active and not row.closed
    )
    return open_there.journal_id


def _ending(dossier, today):
    """Return the bookyear that ends soon, maybe empty."""
    year = dossier.bookyear_ids.filtered(
        lambda year: year.date_start <= today <= year.date_end
    )[:1]
    return year.filtered(lambda year: year.date_end - today <= YEAR_TURN)


def year_turn(env, dossier):
    """Tell in the last month of a bookyear what the next one lacks.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    today = fields.Date.context_today(dossier.with_env(env))
    ending = _ending(dossier, today)
    if not ending:
        return []
    coming = _coming(dossier, ending)
    if not coming:
        start = ending.date_end + timedelta(days=1)
        return [Finding(codes.NEXT_BOOKYEAR_MISSING, {"date": start})]
    return [
        *_journals_missing_in(env, coming, dossier),
        *_accounts_missing_in(env, coming, dossier),
    ]


def _journals_missing_in(env, bookyear, dossier):
    others = env["octopus.bookyear.journal"].lookup(dossier)
    chosen = env["octopus.journal"]
    for journal in _chosen(dossier):
        chosen |= others.get((bookyear.id, journal.id), journal)
    missing = chosen - _there(bookyear, dossier)
    if not missing:
        return []
    params = {"bookyear": bookyear.name, "journals": missing.mapped("key")}
    return [Finding(codes.NEXT_BOOKYEAR_JOURNALS, params)]


def _accounts_missing_in(env, bookyear, dossier):
    # A bookyear whose accounts were not read yet tells nothing.
    if not bookyear.account_ids:
        return []
    mapped = (
        env["octopus.account.mapping"]
        .sudo()
        .search([("dossier_id", "=", dossier.id), ("state", "=", "accepted")])
    )
    missing = mapped.octopus_account_id.filtered(
        lambda account: bookyear not in account.bookyear_ids
    )
    if not missing:
        return []
    params = {
        "bookyear": bookyear.name,
        "count": len(missing),
        "accounts": missing[:NAMED].mapped("number"),
    }
    return [Finding(codes.NEXT_BOOKYEAR_ACCOUNTS, params)]
