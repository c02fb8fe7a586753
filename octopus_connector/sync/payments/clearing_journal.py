"""The journal that takes payments of Octopus journals without a bank in Odoo."""

from __future__ import annotations


def make_clearing_journal(settings):
    """Make the clearing journal of settings, unless there is one.

    Its payment methods point at the journal's own account, so that an invoice paid
    through it is paid, and does not wait for a bank statement.

    :param settings: one ``res.company`` that holds settings, in sudo
    """
    settings.ensure_one()
    if settings.octopus_clearing_journal_id:
        return
    journal = settings.env["account.journal"].create(
        {
            "name": "Octopus",
            "type": "bank",
            "company_id": settings.id,
            # It is no bank to connect, or to look at.
            "show_on_dashboard": False,
        }
    )
    methods = (
        journal.inbound_payment_method_line_ids
        | journal.outbound_payment_method_line_ids
    )
    methods.payment_account_id = journal.default_account_id
    settings.octopus_clearing_journal_id = journal
