from odoo import api, fields, models


class OctopusWithdraw(models.TransientModel):
    """Take documents back in Odoo that Octopus has, and keep the reason."""

    _name = "octopus.withdraw"
    _description = "Reset to Draft what Octopus Has"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("reason",)

    move_ids = fields.Many2many("account.move", string="Documents", readonly=True)
    numbers = fields.Char(
        string="In Octopus", compute="_compute_numbers", compute_sudo=True
    )
    reason = fields.Char()

    @api.depends("move_ids")
    def _compute_numbers(self):
        for wizard in self:
            numbers = wizard.move_ids.filtered("octopus_number").mapped(
                "octopus_number"
            )
            wizard.numbers = ", ".join(numbers)

    @api.model
    def _open(self, moves):
        """Return the action that warns and asks for the reason."""
        moves.check_access("read")
        return self._open_dialog(self.env._("Reset to draft"), {"move_ids": moves.ids})

    def action_withdraw(self):
        """Reset the documents to draft; refused to who is no Octopus administrator.

        :raises UserError: no reason was given
        """
        reason = self.env["octopus.booking"].checked_reason(self.reason)
        self.move_ids.with_context(octopus_reason=reason).button_draft()
        return {"type": "ir.actions.act_window_close"}
