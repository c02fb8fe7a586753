from odoo import models


class ResConfigSettings(models.TransientModel):
    """The settings of Octopus among those of Odoo (B.1)."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "octopus.settings.mixin"]
