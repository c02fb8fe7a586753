"""Which lock dates of Odoo would follow what Octopus has closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..core.closed_days import all_closed_up_to
from .journals import JournalResolver
from .kinds import KINDS_OF_TYPE

SALE, PURCHASE = "sale_lock_date", "purchase_lock_date"
TAX, YEAR = "tax_lock_date", "fiscalyear_lock_date"
# The journals that say where a company books: their type in Odoo and in Octopus.
TYPES = {SALE: ("sale", "V"), PURCHASE: ("purchase", "A")}


@dataclass(frozen=True)
class LockDate:
    """A lock date that would move forward.

    :param field: of ``res.company``
    :param old: as it is, maybe nothing
    :param new: as Octopus has it closed
    :param journals: keys of the journals that say so; none: the bookyears do
    """

    company_id: int
    field: str
    old: date | None
    new: date
    journals: tuple[str, ...]


def lock_dates(companies) -> list[LockDate]:
    """Return the lock dates that would move forward, of each company by itself; none
    goes backwards, and the one that is for good (``hard_lock_date``) is nobody's to
    propose.

    :param companies: ``res.company`` in sudo
    """
    return [found for company in companies for found in _of_company(company)]


def _of_company(company):
    settings = company.octopus_settings()
    if not settings.octopus_dossier_id:
        return
    resolver = JournalResolver(settings)
    used = {field: _journals(resolver, company, field) for field in TYPES}
    days = {field: _closed(resolver, journals) for field, journals in used.items()}
    days[TAX] = all_closed_up_to((days[SALE], days[PURCHASE]))
    used[TAX] = used[SALE] | used[PURCHASE]
    days[YEAR], used[YEAR] = resolver.closed_years_up_to(), used[SALE].browse()
    for field in (SALE, PURCHASE, TAX, YEAR):
        old, new = company[field] or None, days[field]
        if new and (not old or new > old):
            keys = tuple(used[field].sorted("key").mapped("key"))
            yield LockDate(company.id, field, old, new, keys)


def _journals(resolver, company, field):
    """Return the journals of Octopus to which sales, or purchases, of a company go."""
    type_, octopus_type = TYPES[field]
    # Journals of a company are those of its branches, too.
    own = company.env["account.journal"].search(
        [
            *company.env["account.journal"]._check_company_domain(company),
            ("type", "=", type_),
        ]
    )
    kinds = KINDS_OF_TYPE[octopus_type]
    found = [resolver.chosen_journal(row, kind) for row in own for kind in kinds]
    return company.env["octopus.journal"].union(*found)


def _closed(resolver, journals):
    return all_closed_up_to(resolver.closed_up_to(journal) for journal in journals)
