from odoo import fields, models


class OctopusDossier(models.Model):
    """The cost centres of a dossier."""

    # A theme of its own, beside a file that is full.
    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited

    cost_centre_ids = fields.One2many(
        "octopus.cost.centre", "dossier_id", string="Cost centres"
    )
    cost_centres_at = fields.Datetime(
        string="Cost centres last read", readonly=True, copy=False
    )
