from odoo import models


# pylint: disable-next=no-wizard-in-models
class ResConfigSettings(models.TransientModel):
    """The settings of Octopus among those of Odoo."""

    # With a second parent Odoo wants the name, though it is its own model.
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "octopus.settings.mixin"]
