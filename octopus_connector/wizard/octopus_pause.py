from odoo import api, fields, models

from ..send.pause import pause


class OctopusPause(models.TransientModel):
    """Pause the sending to dossiers, for a reason that everybody sees."""

    _name = "octopus.pause"
    _description = "Pause Sending"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("reason",)

    dossier_ids = fields.Many2many("octopus.dossier", readonly=True)
    reason = fields.Char()

    @api.model
    def _open(self, dossiers):
        """Return the action that asks for the reason."""
        dossiers.check_access("write")
        return self._open_dialog(
            self.env._("Pause sending"), {"dossier_ids": dossiers.ids}
        )

    def action_pause(self):
        """Pause."""
        pause(self.dossier_ids, self.reason)
