from odoo import fields, models


class OctopusSetup(models.TransientModel):
    _inherit = "octopus.setup"

    is_test = fields.Boolean(
        related="connection_id.is_test",
        help="The pretend Octopus of this database answers.",
    )
