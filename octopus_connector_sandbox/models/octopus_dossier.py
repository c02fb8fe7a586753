from odoo import fields, models


class OctopusDossier(models.Model):
    _inherit = "octopus.dossier"

    is_test = fields.Boolean(
        related="connection_id.is_test",
        help="The pretend Octopus of this database keeps it, and no real one.",
    )
