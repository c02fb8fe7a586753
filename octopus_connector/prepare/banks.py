"""The bank and cash journals of companies, and who keeps their payments."""

from __future__ import annotations

BANK_TYPES = ("bank", "cash", "credit")


def banks_of(holders):
    """Return the journals of the companies with these settings.

    :param holders: ``res.company`` that hold settings
    :return: ``account.journal`` in sudo
    """
    return _banks(holders.octopus_companies())


def banks_above(companies):
    """Return the journals of the companies above these.

    :param companies: ``res.company``
    :return: ``account.journal`` in sudo
    """
    return _banks(companies.sudo().parent_ids - companies)


def _banks(companies):
    domain = [("company_id", "in", companies.ids), ("type", "in", BANK_TYPES)]
    return companies.env["account.journal"].sudo().search(domain)


def follows_payments(holder) -> bool:
    """Whether payments of some bank of these settings are kept in Octopus.

    :param holder: one ``res.company`` that holds settings
    """
    holder.ensure_one()
    return holder.octopus_payment_owner == "octopus" or any(
        bank.octopus_payment_owner == "octopus" for bank in banks_of(holder)
    )
