from odoo import api, fields, models


class OctopusExclude(models.TransientModel):
    """Keep documents out of Octopus, for a reason that stays in their history."""

    _name = "octopus.exclude"
    _description = "Keep out of Octopus"

    move_ids = fields.Many2many("account.move", string="Documents", readonly=True)
    reason = fields.Char()

    @api.model
    def _open(self, moves):
        """Return the action that asks for the reason."""
        wizard = self.create({"move_ids": moves.ids})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Keep out of Octopus"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_exclude(self):
        """Keep the documents out; refused when one of them is in Octopus."""
        rows = self.env["octopus.booking"]._for_moves(self.move_ids._octopus_in_scope())
        rows._exclude(self.reason)
