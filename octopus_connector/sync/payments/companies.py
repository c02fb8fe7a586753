"""Which companies of a dossier take their payments from Octopus, and which bring theirs
there."""

from ...prepare.banks import banks_above, banks_of, follows_payments


def following(dossier):
    """Return the companies that book there and let Octopus own payments.

    :param dossier: ``octopus.dossier``, in sudo
    :return: ``res.company``, in sudo, maybe empty
    """
    owners = dossier.company_ids.filtered(
        lambda company: company.octopus_enabled and follows_payments(company)
    )
    companies = dossier.env["res.company"].sudo()
    return companies.union(*(owner.octopus_companies() for owner in owners))


def paying(dossier):
    """Return the companies that book there and keep a bank in Odoo, or the company
    above them does: what they reconcile must be matched in Octopus too.

    :param dossier: ``octopus.dossier``, in sudo
    :return: ``res.company``, in sudo, maybe empty
    """
    companies = dossier.env["res.company"].sudo()
    for holder in dossier.company_ids.filtered("octopus_enabled"):
        banks = banks_of(holder)
        if not follows_payments(holder):
            banks |= banks_above(holder)
        if any(bank.octopus_owner_now() == "odoo" for bank in banks):
            companies |= holder.octopus_companies()
    return companies
