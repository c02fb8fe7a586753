from odoo import fields, models


class OctopusPeriod(models.Model):
    """Mirror of a booking period; its number is Octopus's own, never computed."""

    _name = "octopus.period"
    _description = "Octopus Period"
    _order = "number"
    _rec_name = "number"

    bookyear_id = fields.Many2one(
        "octopus.bookyear",
        required=True,
        index=True,
        ondelete="cascade",
        help="The bookyear that the period is in.",
    )
    number = fields.Integer(
        required=True,
        help="The number that Octopus gave the period.",
    )
    date_start = fields.Date(
        string="From",
        required=True,
        help="The first day of the period.",
    )
    date_end = fields.Date(
        string="Until",
        required=True,
        help="The last day of the period.",
    )

    _number_uniq = models.Constraint(
        "UNIQUE(bookyear_id, number)", "A period is mirrored once."
    )
