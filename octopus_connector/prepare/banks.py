"""The bank and cash journals of companies, and who keeps their payments."""

from __future__ import annotations

from odoo.fields import Domain

BANK_TYPES = ("bank", "cash", "credit")


def banks_of(holders):
    """Return the journals of the companies with these settings.

    :param holders: ``res.company`` that hold settings
    :return: ``account.journal`` in sudo
    """
    theirs = holders.octopus_companies_domain() & Domain("active", "=", True)
    return _banks(holders.sudo().env, Domain("company_id", "any", theirs))


def banks_above(companies):
    """Return the journals of the companies above these.

    :param companies: ``res.company``
    :return: ``account.journal`` in sudo
    """
    above = companies.sudo().parent_ids - companies
    return _banks(above.env, Domain("company_id", "in", above.ids))


def _banks(env, companies):
    domain = companies & Domain("type", "in", BANK_TYPES)
    return env["account.journal"].search_fetch(domain, ["octopus_payment_owner"])


def that_follow(holders):
    """Return those of whose settings payments of some bank are kept in Octopus.

    :param holders: ``res.company`` that hold settings
    """
    all_banks = holders.filtered(lambda it: it.octopus_payment_owner == "octopus")
    rest = holders - all_banks
    banks = banks_of(rest).filtered(lambda it: it.octopus_payment_owner == "octopus")
    some_banks = banks.company_id.octopus_settings_company_id
    return all_banks | (rest & some_banks)
