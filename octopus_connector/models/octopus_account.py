from odoo import fields, models


class OctopusAccount(models.Model):
    """Mirror of a ledger account by its number, with the bookyears that have it (D.7)."""

    _name = "octopus.account"
    _description = "Octopus Account"
    _order = "number"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True)
    name = fields.Char(compute="_compute_name", search="_search_name")
    name_nl = fields.Char(string="Dutch name")
    name_fr = fields.Char(string="French name")
    name_en = fields.Char(string="English name")
    name_de = fields.Char(string="German name")
    bookyear_ids = fields.Many2many("octopus.bookyear")
    vat_recup_percentage = fields.Float(digits=(5, 2))
    sales_vat_code = fields.Char()
    purchase_vat_code = fields.Char()
    active = fields.Boolean(default=True)

    _number_uniq = models.Constraint(
        "UNIQUE(dossier_id, number)", "An account is mirrored once."
    )
