from odoo import models


class OctopusFromSetupMixin(models.AbstractModel):
    """What the set-up opens, and what leads back to it."""

    _name = "octopus.from.setup.mixin"
    _description = "Opened from the Set-up of Octopus"

    def action_back_to_setup(self):
        """Show the set-up again, from which this was opened."""
        setup = self.env["octopus.setup"].browse(
            self.env.context.get("octopus_setup_id")
        )
        if not setup.exists():
            return self.env.company.action_octopus_setup()
        return setup._reopen()
