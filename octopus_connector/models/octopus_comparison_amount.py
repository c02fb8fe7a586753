from odoo import fields, models


class OctopusComparisonAmount(models.Model):
    """What a document adds to the sums of one period of a journal and VAT code, on each
    side; booking amounts, in the currency of the books.

    A document that stands in two periods adds to each what that side has in it. All
    sums that are shown are sums of these rows.
    """

    _name = "octopus.comparison.amount"
    _description = "Octopus: Amounts on Both Sides"
    _order = "comparison_id, code, id"
    _rec_name = "code"

    row_id = fields.Many2one(
        "octopus.comparison.row",
        string="Document",
        required=True,
        index=True,
        ondelete="cascade",
    )
    comparison_id = fields.Many2one(
        "octopus.comparison",
        string="Journal and period",
        required=True,
        index=True,
        ondelete="cascade",
    )
    dossier_id = fields.Many2one("octopus.dossier", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", ondelete="cascade")
    kind = fields.Selection(related="row_id.kind", string="Result")
    # They go with what they follow: PostgreSQL would refuse to empty them on the way.
    journal_id = fields.Many2one(
        related="comparison_id.journal_id",
        string="Octopus journal",
        store=True,
        ondelete="cascade",
    )
    bookyear_id = fields.Many2one(
        related="comparison_id.bookyear_id",
        string="Bookyear",
        store=True,
        ondelete="cascade",
    )
    date_start = fields.Date(
        related="comparison_id.date_start", string="Period from", store=True
    )
    code = fields.Char(
        string="VAT code",
        help="Empty for amounts without code, ? for what is not told.",
    )
    currency_id = fields.Many2one("res.currency", required=True)
    here_count = fields.Integer(string="Documents in Odoo")
    here_base = fields.Monetary(string="Base in Odoo")
    here_vat = fields.Monetary(string="VAT in Odoo")
    here_total = fields.Monetary(string="Total in Odoo")
    there_count = fields.Integer(string="Documents in Octopus")
    there_base = fields.Monetary(string="Base in Octopus")
    there_vat = fields.Monetary(string="VAT in Octopus")
    there_total = fields.Monetary(string="Total in Octopus")

    def action_open_row(self):
        """Open the document that an amount is of."""
        self.ensure_one()
        self.check_access("read")
        return self.row_id._get_records_action()
