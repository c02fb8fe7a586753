from odoo import api, fields, models

from ..prepare.peppol import has_peppol
from .octopus_settings_mixin import setting


class OctopusSettingsMixin(models.AbstractModel):
    """What the access point of Octopus does for a company, as a person tells it."""

    _inherit = "octopus.settings.mixin"  # pylint: disable=consider-merging-classes-inherited

    octopus_has_peppol = fields.Boolean(compute="_compute_octopus_has_peppol")
    octopus_peppol_receives = fields.Selection(
        lambda self: self._octopus_selection("octopus_peppol_receives"),
        string="Octopus receives bills",
        **setting("octopus_peppol_receives"),
    )
    octopus_peppol_sends = fields.Selection(
        lambda self: self._octopus_selection("octopus_peppol_sends"),
        string="Octopus sends invoices",
        **setting("octopus_peppol_sends"),
    )

    @api.depends("company_id")
    def _compute_octopus_has_peppol(self):
        self.octopus_has_peppol = has_peppol(self.env)
