from odoo import api, fields, models


class OctopusPause(models.TransientModel):
    """Pause the sending to dossiers, for a reason that everybody sees (Z.23)."""

    _name = "octopus.pause"
    _description = "Pause Sending"

    dossier_ids = fields.Many2many("octopus.dossier", readonly=True)
    reason = fields.Char()

    @api.model
    def _open(self, dossiers):
        """Return the action that asks for the reason."""
        wizard = self.create({"dossier_ids": dossiers.ids})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pause sending"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_pause(self):
        """Pause."""
        self.dossier_ids._pause(self.reason)
