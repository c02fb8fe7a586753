"""Which dossier is that of a company: the one with its VAT or enterprise number."""

from __future__ import annotations

from ..core.find_relation import VatNumber


def numbers_of(company) -> list[VatNumber]:
    """Return the numbers a dossier can be found by: VAT and registry, of the company
    itself or else of the nearest company above.

    :param company: one ``res.company``
    """
    company.ensure_one()
    for above in company.sudo().parent_ids[::-1]:
        country = above.country_id.code
        texts = (above.vat, above.company_registry)
        numbers = [VatNumber.of(text, country) for text in texts]
        if any(numbers):
            return [number for number in numbers if number]
    return []


def find_dossiers(company, dossiers):
    """Return those of some dossiers that carry a number of a company.

    :param company: one ``res.company``
    :param dossiers: ``octopus.dossier``
    """
    numbers = numbers_of(company)

    def matches(dossier):
        told = VatNumber.of(dossier.vat_number, dossier.country_code)
        return any(number.same(told) for number in numbers)

    return dossiers.filtered(matches)
