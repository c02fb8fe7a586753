from odoo import api, fields, models


class OctopusVatCode(models.Model):
    """Mirror of a VAT code in one direction; it is text, "06" is not "6"."""

    _name = "octopus.vat.code"
    _description = "Octopus VAT Code"
    _order = "type, code"
    _rec_names_search = ["code", "description"]

    dossier_id = fields.Many2one(
        "octopus.dossier",
        required=True,
        index=True,
        ondelete="cascade",
        help="The dossier that the VAT code is in.",
    )
    code = fields.Char(
        required=True,
        help="The code as Octopus writes it, with the zeros at its beginning.",
    )
    description = fields.Char(
        help="The name of the code in Octopus.",
    )
    type = fields.Selection(
        [
            ("buy", "Purchase"),
            ("sell", "Sale"),
            ("buy_refund", "Purchase credit note"),
            ("sell_refund", "Sales credit note"),
        ],
        required=True,
        help="The documents that the code can be used on.",
    )
    percentage = fields.Float(
        digits=(5, 2),
        help="The rate of the VAT.",
    )
    default_sell_account = fields.Integer(
        help="The account that Octopus proposes for sales with this code.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(dossier_id, code, type)", "A VAT code is mirrored once per direction."
    )

    @api.depends("code", "description")
    def _compute_display_name(self):
        for vat_code in self:
            texts = (vat_code.code, vat_code.description)
            vat_code.display_name = " ".join(filter(None, texts))
