from odoo import fields, models

CODES = "account.intrastat.code"


class AccountIntrastatCode(models.Model):
    """A code of Intrastat, as in Odoo Enterprise."""

    _name = "account.intrastat.code"
    _description = "Intrastat Code"

    name = fields.Char()
    code = fields.Char(required=True)
    type = fields.Selection(
        [
            ("commodity", "Commodity"),
            ("transport", "Transport"),
            ("transaction", "Transaction"),
            ("region", "Region"),
        ]
    )


class ResCompany(models.Model):
    _inherit = "res.company"

    intrastat_region_id = fields.Many2one(CODES)
    intrastat_transport_mode_id = fields.Many2one(CODES)


class ProductProduct(models.Model):
    _inherit = "product.product"

    intrastat_code_id = fields.Many2one(CODES)


class AccountMove(models.Model):
    _inherit = "account.move"

    intrastat_country_id = fields.Many2one("res.country")
    intrastat_transport_mode_id = fields.Many2one(CODES)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    intrastat_transaction_id = fields.Many2one(CODES)
    intrastat_product_origin_country_id = fields.Many2one("res.country")
