from odoo import fields, models


class OctopusSettingsMixin(models.AbstractModel):
    _inherit = "octopus.settings.mixin"

    octopus_is_test = fields.Boolean(
        related="octopus_dossier_id.is_test",
        help="The documents of this company go to a pretend Octopus.",
    )
