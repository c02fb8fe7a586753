from odoo import api, models


class AccountPaymentRegister(models.TransientModel):
    """Payments that people register themselves."""

    _inherit = "account.payment.register"

    @api.model
    def _get_batch_available_journals(self, batch_result):
        """Leave out the journals that stand for no bank account: they take what Octopus
        matched, and nobody pays with them."""
        # EXTENDS 'account'
        journals = super()._get_batch_available_journals(batch_result)
        here = [("octopus_clearing_journal_id", "in", journals.ids)]
        companies = self.env["res.company"].sudo().search(here)
        clearing = companies.octopus_clearing_journal_id
        return journals - clearing.filtered(lambda it: not it.bank_account_id)
