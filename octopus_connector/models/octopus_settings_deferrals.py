from odoo import api, fields, models

from ..prepare.deferrals import has_deferrals
from .octopus_settings_mixin import setting


class OctopusSettingsMixin(models.AbstractModel):
    """Whether lines that run over time are spread by Octopus, in the settings."""

    _inherit = "octopus.settings.mixin"

    octopus_has_deferrals = fields.Boolean(compute="_compute_octopus_has_deferrals")
    octopus_deferrals = fields.Selection(
        lambda self: self._octopus_selection("octopus_deferrals"),
        string="Deferred lines",
        **setting("octopus_deferrals"),
    )
    octopus_sale_deferral_account_id = fields.Many2one(
        "octopus.account",
        string="Deferred income",
        **setting("octopus_sale_deferral_account_id"),
    )
    octopus_purchase_deferral_account_id = fields.Many2one(
        "octopus.account",
        string="Deferred charges",
        **setting("octopus_purchase_deferral_account_id"),
    )

    @api.depends("company_id")
    def _compute_octopus_has_deferrals(self):
        """Tell whether lines have days at all: in Odoo Enterprise they do."""
        self.octopus_has_deferrals = has_deferrals(self.env)
