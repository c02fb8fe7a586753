from odoo import fields, models


class OctopusMappingMixin(models.AbstractModel):
    """What the three mappings share: an owner, a dossier, a proposal and its reason.

    A mapping belongs to the company that holds the settings and to the dossier it was
    made for. It counts only when it was accepted and that dossier is still the
    company's (B.6, C.12b).
    """

    _name = "octopus.mapping.mixin"
    _description = "Octopus Mapping"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("missing", "To choose"), ("proposed", "Proposed"), ("accepted", "Accepted")],
        default="missing",
        required=True,
    )
    stale = fields.Boolean(
        compute="_compute_stale",
        search="_search_stale",
        help="Made for another dossier than the company has now.",
    )
    reason = fields.Json(help="Code and values of why this was proposed.")
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")
