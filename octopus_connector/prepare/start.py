"""From when documents go, and which of them go by themselves."""

from __future__ import annotations

from datetime import date

from odoo import fields
from odoo.fields import Domain

from ..core.vat_period import first_untold


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
    which wants so, unless it was made before the company did.

    :param record: ``account.move`` of a company with a dossier
    """
    settings = record.company_id.octopus_settings()
    since = settings.octopus_automatic_since
    made = record.create_date
    return settings.octopus_is_automatic() and (not since or not made or made >= since)
