"""The bank and cash journals of companies, and who keeps their payments."""

from __future__ import annotations

from odoo.fields import Domain

BANK_TYPES = ("bank", "cash", "credit")


def banks_of(holders):
    """Return the journals of the companies with these settings.

    :param holders: ``res.company`` that hold settings
    :return: ``account.journal`` in sudo
    """
    enabled = holders.sudo().filtered("octopus_enabled")
    theirs = Domain("octopus_settings_company_id", "in", enabled.ids)
    theirs &= Domain("active", "=", True)
    return _banks(enabled.env, Domain("company_id", "any", theirs))


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


def follows_payments(holder) -> bool:
    """Whether payments of some bank of these settings are kept in Octopus.

    :param holder: one ``res.company`` that holds settings
    """
    holder.ensure_one()
    return holder.octopus_payment_owner == "octopus" or any(
        bank.octopus_payment_owner == "octopus" for bank in banks_of(holder)
    )
