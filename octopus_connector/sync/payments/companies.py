"""Which companies of a dossier take their payments from Octopus, and which bring theirs
there."""

from ...prepare.banks import banks_above, banks_of, that_follow


def following(dossier):
    """Return the companies that book there and let Octopus own payments.

    :param dossier: ``octopus.dossier``, in sudo
    :return: ``res.company``, in sudo, maybe empty
    """
    owners = that_follow(dossier.company_ids.filtered("octopus_enabled"))
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
        if not that_follow(holder):
            banks |= banks_above(holder)
        if any(bank.octopus_owner_now() == "odoo" for bank in banks):
            companies |= holder.octopus_companies()
    return companies


def followed_and_paid(dossiers):
    """Return the dossiers of which some company is :func:`following`, and those of
    which some is :func:`paying`, in a number of queries that does not grow with them.

    :param dossiers: ``octopus.dossier``, in sudo
    :return: two ``octopus.dossier``
    """
    followed = paid = dossiers.browse()
    holders = dossiers.company_ids.filtered("octopus_enabled")
    own = banks_of(holders).grouped(
        lambda bank: bank.company_id.octopus_settings_company_id
    )
    above = banks_above(holders).grouped("company_id")
    for holder in holders:
        banks = own.get(holder, ())
        follows = holder.octopus_payment_owner == "octopus" or any(
            bank.octopus_payment_owner == "octopus" for bank in banks
        )
        if follows:
            followed |= holder.octopus_dossier_id
        parents = () if follows else holder.parent_ids - holder
        banks = [*banks, *(it for row in parents for it in above.get(row, ()))]
        if any(bank.octopus_owner_now() == "odoo" for bank in banks):
            paid |= holder.octopus_dossier_id
    return followed, paid
