from odoo import api, fields, models


class OctopusCostCentre(models.Model):
    """Mirror of a cost centre of a dossier, by its number."""

    _name = "octopus.cost.centre"
    _description = "Octopus Cost Centre"
    _order = "octopus_id"
    _rec_names_search = ["name"]
    _inherit = ["octopus.names.mixin"]

    dossier_id = fields.Many2one(
        "octopus.dossier",
        required=True,
        index=True,
        ondelete="cascade",
        help="The dossier that the cost centre is in.",
    )
    octopus_id = fields.Integer(
        string="Number",
        required=True,
        aggregator=None,
        help="The number of the cost centre in Octopus.",
    )
    closed = fields.Boolean(help="Nothing can be booked on it any more.")
    active = fields.Boolean(default=True)

    _number_uniq = models.Constraint(
        "UNIQUE(dossier_id, octopus_id)", "A cost centre is mirrored once."
    )

    @api.depends("octopus_id", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for centre in self:
            centre.display_name = f"{centre.octopus_id} {centre.name or ''}".strip()
