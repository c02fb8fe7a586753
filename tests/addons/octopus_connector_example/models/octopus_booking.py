from odoo import api, fields, models


class OctopusBooking(models.Model):
    """A field of another addon that follows what becomes of a row."""

    _inherit = "octopus.booking"

    example_shown = fields.Char(compute="_compute_example_shown", store=True)

    @api.depends("state", "octopus_number")
    def _compute_example_shown(self):
        for row in self:
            row.example_shown = f"{row.state} {row.octopus_number or '-'}"
