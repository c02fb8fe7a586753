from odoo import api, fields, models

from ..prepare.scope import in_scope
from ..send.collect_documents import rows_for


class OctopusExclude(models.TransientModel):
    """Keep documents or payments out of Octopus, for a reason that stays in their
    history."""

    _name = "octopus.exclude"
    _description = "Keep out of Octopus"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("reason",)

    move_ids = fields.Many2many("account.move", string="Documents", readonly=True)
    payment_ids = fields.Many2many("octopus.payment", string="Payments", readonly=True)
    reason = fields.Char()

    @api.model
    def _open(self, moves):
        """Return the action that asks why documents are kept out."""
        moves.check_access("read")
        return self._open_dialog(
            self.env._("Keep out of Octopus"), {"move_ids": moves.ids}
        )

    @api.model
    def _open_payments(self, payments):
        """Return the action that asks why payments are kept out."""
        payments.check_access("read")
        return self._open_dialog(
            self.env._("Keep out of Octopus"), {"payment_ids": payments.ids}
        )

    def action_exclude(self):
        """Keep them out; refused when one of them is in Octopus."""
        moves = self.move_ids
        moves.check_access("read")
        rows_for(in_scope(moves)).exclude(self.reason)
        self.payment_ids.exclude(self.reason)
