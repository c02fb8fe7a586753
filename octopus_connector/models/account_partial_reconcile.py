from odoo import api, fields, models

from ..groups import USER


class AccountPartialReconcile(models.Model):
    """A reconciliation: caused by Octopus's match of two documents, or to be
    followed there, of a payment that Odoo owns or of two documents."""

    _inherit = "account.partial.reconcile"

    octopus_balancing_ids = fields.Many2many(
        "octopus.balancing", "octopus_balancing_partial_rel", copy=False, groups=USER
    )

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        partials = super().create(vals_list)
        self.env["octopus.payment"]._note_reconciled(partials._octopus_moves())
        self.env["octopus.document.match"].note_reconciled(partials)
        return partials

    def unlink(self):
        # EXTENDS 'account'
        moves = self._octopus_moves()
        caused_by = self.sudo().octopus_balancing_ids
        result = super().unlink()
        self.env["octopus.payment"]._note_reconciled(moves)
        self.env["octopus.document.match"].note_undone(moves)
        moves = moves.exists()
        caused_by.note_touched(moves.origin_payment_id, moves)
        return result

    def _octopus_moves(self):
        lines = self.sudo().debit_move_id | self.sudo().credit_move_id
        return lines.move_id
