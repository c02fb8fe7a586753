from odoo import api, fields, models


class OctopusWithdraw(models.TransientModel):
    """Take documents back in Odoo that Octopus has, and keep the reason (X.30)."""

    _name = "octopus.withdraw"
    _description = "Reset to Draft what Octopus Has"

    move_ids = fields.Many2many("account.move", string="Documents", readonly=True)
    numbers = fields.Char(
        string="In Octopus", compute="_compute_numbers", compute_sudo=True
    )
    reason = fields.Char(required=True)

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
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reset to draft"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_ids": moves.ids},
        }

    def action_withdraw(self):
        """Reset the documents to draft; refused to who is no Octopus administrator."""
        self.move_ids.with_context(octopus_reason=self.reason).button_draft()
        return {"type": "ir.actions.act_window_close"}
