"""From when documents go, how many of before that concerns, and which of them go by
themselves."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from odoo import fields
from odoo.fields import Domain

from ..core.states import OPEN
from ..core.vat_period import first_untold


class Backlog(NamedTuple):
    """Documents, or none: how many, and from which day to which."""

    count: int
    first: date | None
    last: date | None


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


def of_companies(settings, start) -> Domain:
    """Return the domain of posted documents that Octopus concerns from a day on.

    :param settings: ``res.company`` that holds its settings
    :param start: day, or nothing for all of them
    """
    domain = (
        Domain("state", "=", "posted")
        & Domain("move_type", "in", settings.octopus_kinds())
        & Domain("company_id", "child_of", settings.id)
        & Domain("company_id.octopus_settings_company_id", "=", settings.id)
        & settings.env["account.move"].octopus_domain()
    )
    return domain & Domain("date", ">=", start) if start else domain


def not_asked(settings, start) -> Backlog:
    """Return the documents that would go, and that nobody asked for.

    :param settings: as :func:`of_companies` takes them, as is ``start``
    """
    none = Domain("octopus_booking_id", "=", False)
    return _counted(settings, start, none | _open_rows(queued=False))


def asked(settings) -> Backlog:
    """Return the documents that wait for nothing but the end of shadow mode: also of
    before the start, where somebody asked for them.

    :param settings: as :func:`of_companies` takes them
    """
    return _counted(settings, None, _open_rows(queued=True))


def _open_rows(queued):
    row = Domain("state", "in", OPEN) & Domain("queued", "=", queued)
    return Domain("octopus_booking_id", "any", row)


def _counted(settings, start, which):
    moves = settings.env["account.move"].sudo()
    domain = of_companies(settings.sudo(), start) & which
    [told] = moves._read_group(domain, [], ["__count", "date:min", "date:max"])
    return Backlog(*told)


def goes_by_itself(record) -> bool:
    """Whether a document or payment goes without being asked for: that of a company
    which wants so, unless it was made before the company did.

    :param record: ``account.move`` of a company with a dossier
    """
    settings = record.company_id.octopus_settings()
    since = settings.octopus_automatic_since
    made = record.create_date
    return settings.octopus_is_automatic() and (not since or not made or made >= since)
