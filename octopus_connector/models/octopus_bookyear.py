from odoo import fields, models


class OctopusBookyear(models.Model):
    """Mirror of a bookyear. Never written by hand."""

    _name = "octopus.bookyear"
    _description = "Octopus Bookyear"
    _order = "date_start"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    octopus_id = fields.Integer(string="Key", required=True)
    name = fields.Char(required=True)
    date_start = fields.Date(string="From", required=True)
    date_end = fields.Date(string="Until", required=True)
    closed = fields.Boolean()
    active = fields.Boolean(default=True)
    period_ids = fields.One2many("octopus.period", "bookyear_id")
    account_ids = fields.Many2many("octopus.account")
    other_journal_ids = fields.One2many(
        "octopus.bookyear.journal", "bookyear_id", string="Other journals"
    )

    _key_uniq = models.Constraint(
        "UNIQUE(dossier_id, octopus_id)", "A bookyear is mirrored once."
    )
