from odoo import api, fields, models

from ..core.states import BOOKED


class AccountPaymentRegister(models.TransientModel):
    """Payments that people register themselves."""

    _inherit = "account.payment.register"

    octopus_follows = fields.Boolean(
        compute="_compute_octopus_follows",
        compute_sudo=True,
        help="What Octopus says of the payments of these documents is followed.",
    )

    @api.depends("line_ids", "journal_id")
    def _compute_octopus_follows(self):
        for wizard in self:
            moves = wizard.line_ids.move_id
            there = any(row.state in BOOKED for row in moves.octopus_booking_ids)
            owner = wizard.journal_id.octopus_owner_now() if there else "none"
            wizard.octopus_follows = owner == "octopus"

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
