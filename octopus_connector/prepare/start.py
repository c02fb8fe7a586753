"""From when documents go, and which of them go by themselves."""

from __future__ import annotations

from datetime import date

from odoo import fields
from odoo.fields import Domain

from ..core.vat_period import first_untold
from .payment_items import PARTIES


def default_start(dossier) -> date:
    """Return from when documents of a new link go: the first day of the VAT return that
    is still open; today where nobody told how often one is filed.

    :param dossier: ``octopus.dossier``
    """
    today = fields.Date.context_today(dossier)
    every = dossier.sudo().vat_return
    start = first_untold(today, every) if every else today
    years = dossier.sudo().bookyear_ids
    return max([start, *sorted(years.mapped("date_start"))[:1]])


def between(settings, start) -> Domain:
    """Return the domain of posted entries of companies from a day on, until the link
    ends.

    :param settings: ``res.company`` in sudo that holds its settings
    :param start: day, or nothing for all of them
    """
    domain = Domain("state", "=", "posted")
    domain &= Domain("company_id", "in", settings.octopus_companies().ids)
    if start:
        domain &= Domain("date", ">=", start)
    if settings.octopus_end_date:
        domain &= Domain("date", "<", settings.octopus_end_date)
    return domain


def goes_by_itself(record) -> bool:
    """Whether a document or payment goes without being asked for: that of a company
    which wants so, unless it was there before the company did.

    :param record: posted ``account.move`` of a company with a dossier
    """
    settings = record.company_id.octopus_settings()
    if not settings.octopus_is_automatic():
        return False
    since, there = _since(record.company_id.sudo(), settings), _there_since(record)
    return not since or not there or there >= since


def _since(company, settings):
    """Return from when documents of a company go by themselves. The moment of a switch
    is kept on the company where it was made, which need not hold the settings now."""
    found = company | settings
    while company and company != settings:
        company = company.parent_id
        found |= company
    return max(filter(None, found.mapped("octopus_automatic_since")), default=None)


def _there_since(move):
    """Return when a document was confirmed, or a payment made; not when its draft was,
    or its bank statement was read in."""
    if move.statement_line_id:
        return _paid_since(move)
    return move.octopus_confirmed_at or move.create_date


def _paid_since(move):
    """Return when a statement line became a payment: with its first line on a customer
    or supplier, which may have stood on the suspense account until it was
    reconciled."""
    moments = []
    for line in move.line_ids.filtered(lambda it: it.account_type in PARTIES):
        partials = line.matched_debit_ids | line.matched_credit_ids
        met = filter(None, partials.mapped("create_date"))
        moments.append(max(line.create_date, min(met, default=line.create_date)))
    return min(moments, default=move.create_date)
