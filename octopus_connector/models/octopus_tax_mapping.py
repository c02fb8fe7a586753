from odoo import fields, models


class OctopusTaxMapping(models.Model):
    """Tax → VAT code, for invoices and for credit notes (D.1, D.2, D.4, D.6).

    A row without a tax stands for lines without any tax, one per direction.
    """

    _name = "octopus.tax.mapping"
    _description = "Octopus VAT Mapping"
    _inherit = ["octopus.mapping.mixin"]

    tax_id = fields.Many2one("account.tax", index=True, ondelete="cascade")
    direction = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases")], required=True
    )
    vat_code_id = fields.Many2one("octopus.vat.code", string="VAT code")
    refund_vat_code_id = fields.Many2one(
        "octopus.vat.code", string="VAT code on credit notes"
    )
    no_vat_code = fields.Boolean(
        string="Send no VAT code", help="Only for lines without any tax."
    )
    account_policy = fields.Selection(
        [
            ("mapping", "Account of the line"),
            ("fallback", "Account of the line, else the one chosen here"),
            ("octopus", "Octopus's own account of the VAT code or relation"),
        ],
        default="mapping",
        required=True,
    )
    account_id = fields.Many2one("octopus.account", string="Fallback account")
    send_recuperation = fields.Boolean(
        help="Send the share of VAT that can be recovered; else Octopus takes the one"
        " of its account.",
    )
    recuperation = fields.Float(
        string="VAT recovered (%)", digits=(5, 2), default=100.0
    )

    _tax_uniq = models.UniqueIndex(
        "(company_id, dossier_id, COALESCE(tax_id, 0), direction)",
        "A tax has one mapping per company and dossier.",
    )
