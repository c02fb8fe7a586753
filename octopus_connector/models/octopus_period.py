from odoo import fields, models


class OctopusPeriod(models.Model):
    """Mirror of a booking period; its number is Octopus's own, never computed."""

    _name = "octopus.period"
    _description = "Octopus Period"
    _order = "number"
    _rec_name = "number"

    bookyear_id = fields.Many2one(
        "octopus.bookyear", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True)
    date_start = fields.Date(string="From", required=True)
    date_end = fields.Date(string="Until", required=True)

    _number_uniq = models.Constraint(
        "UNIQUE(bookyear_id, number)", "A period is mirrored once."
    )
