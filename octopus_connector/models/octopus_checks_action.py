from odoo import models


class OctopusChecksAction(models.AbstractModel):
    """The button of a dossier that shows what is still to be done for it."""

    _name = "octopus.checks.action"
    _description = "Check-list of a Dossier"

    def action_check_list(self):
        """Show what Octopus lacks for the companies that book in this dossier."""
        self.ensure_one()
        return self.env["octopus.check.list"]._open_for_dossier(self)
