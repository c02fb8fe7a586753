"""What the next bookyear lacks."""

from datetime import timedelta

from odoo import fields

from ...core import codes
from ...core.findings import Finding
from ...prepare.settings import JOURNAL_FIELDS
from . import NAMED

# How long before its end a bookyear asks for the next one.
YEAR_TURN = timedelta(days=31)


def year_turn(env, dossier):
    """Tell in the last month of a bookyear what the next one lacks.

    :param env: in the language and time zone of the reader
    :param dossier: ``octopus.dossier``, in sudo
    :return: ``[Finding]``
    """
    today = fields.Date.context_today(dossier.with_env(env))
    ending = dossier.bookyear_ids.filtered(
        lambda year: year.date_start <= today <= year.date_end
    )[:1]
    if not ending or ending.date_end - today > YEAR_TURN:
        return []
    start = ending.date_end + timedelta(days=1)
    coming = dossier.bookyear_ids.filtered(lambda year: year.date_start == start)
    if not coming:
        return [Finding(codes.NEXT_BOOKYEAR_MISSING, {"date": start})]
    return [
        *_journals_missing_in(env, coming[:1], dossier),
        *_accounts_missing_in(env, coming[:1], dossier),
    ]


def _journals_missing_in(env, bookyear, dossier):
    chosen = env["octopus.journal"]
    others = env["octopus.bookyear.journal"].lookup(dossier)
    for company in dossier.company_ids.filtered("octopus_enabled"):
        for field in JOURNAL_FIELDS.values():
            journal = company[field]
            chosen |= others.get((bookyear.id, journal.id), journal)
    there = dossier.journal_ids.year_ids.filtered(
        lambda row: row.bookyear_id == bookyear and row.active and not row.closed
    )
    missing = chosen - there.journal_id
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
