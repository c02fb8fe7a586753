from odoo import api, fields, models


class ResCompany(models.Model):
    """Octopus settings live on the company; a branch may have its own (B.1-B.3)."""

    _inherit = "res.company"

    octopus_enabled = fields.Boolean(string="Octopus")
    octopus_separate_settings = fields.Boolean(
        string="Separate accounting settings apply to this branch"
    )
    octopus_settings_company_id = fields.Many2one(
        "res.company",
        string="Octopus settings of",
        compute="_compute_octopus_settings_company_id",
        compute_sudo=True,
        recursive=True,
        help="The company whose Octopus settings hold here: this one, or the nearest"
        " company above that has settings of its own.",
    )
    octopus_dossier_id = fields.Many2one(
        "octopus.dossier", string="Octopus dossier", copy=False, index="btree_not_null"
    )
    octopus_out_invoice_journal_id = fields.Many2one(
        "octopus.journal", string="Sales invoices"
    )
    octopus_out_refund_journal_id = fields.Many2one(
        "octopus.journal", string="Sales credit notes"
    )
    octopus_in_invoice_journal_id = fields.Many2one(
        "octopus.journal", string="Purchase invoices"
    )
    octopus_in_refund_journal_id = fields.Many2one(
        "octopus.journal", string="Purchase credit notes"
    )
    octopus_start_date = fields.Date(string="Documents from")
    octopus_group_by_vat = fields.Boolean(string="Group lines by VAT code")
    octopus_sale_discount_account_id = fields.Many2one(
        "octopus.account", string="Cash discount on sales"
    )
    octopus_purchase_discount_account_id = fields.Many2one(
        "octopus.account", string="Cash discount on purchases"
    )
    octopus_sale_limitation_account_id = fields.Many2one(
        "octopus.account", string="Credit limitation on sales"
    )
    octopus_purchase_limitation_account_id = fields.Many2one(
        "octopus.account", string="Credit limitation on purchases"
    )
    octopus_limitation_account_ids = fields.Many2many(
        "account.account",
        "octopus_limitation_account_rel",
        string="Accounts used for credit limitation",
    )
    octopus_limitation_product_ids = fields.Many2many(
        "product.product",
        "octopus_limitation_product_rel",
        string="Products used for credit limitation",
    )
    octopus_number_policy = fields.Selection(
        [
            ("next", "Next number of the Octopus journal"),
            ("same", "Same number as in Odoo"),
        ],
        default="next",
        string="Document numbers",
    )
    octopus_unknown_account_policy = fields.Selection(
        [("block", "Stop the document"), ("suspense", "Book on the suspense account")],
        default="block",
        string="Account without counterpart",
    )
    octopus_suspense_account_id = fields.Many2one(
        "octopus.account", string="Octopus suspense account"
    )
    octopus_relation_policy = fields.Selection(
        [("create", "Create it in Octopus"), ("ask", "Ask first")],
        default="create",
        string="Contact not found in Octopus",
    )
    octopus_attachment_policy = fields.Selection(
        [
            ("make", "Send, and make them where missing"),
            ("existing", "Send those that exist"),
            ("none", "Do not send"),
        ],
        default="make",
        string="PDF and UBL",
    )
    octopus_payment_owner = fields.Selection(
        [
            ("none", "Not followed"),
            ("octopus", "Payments are followed in Octopus"),
        ],
        default="none",
        string="Payments",
    )
    octopus_clearing_journal_id = fields.Many2one(
        "account.journal",
        string="Clearing journal",
        help="Takes payments of Octopus journals that have no bank journal in Odoo.",
    )

    @api.depends(
        "parent_id.octopus_settings_company_id", "octopus_separate_settings"
    )
    def _compute_octopus_settings_company_id(self):
        for company in self:
            holder = company
            if company.parent_id and not company.octopus_separate_settings:
                holder = company.parent_id.octopus_settings_company_id
            company.octopus_settings_company_id = holder

    def _octopus_settings(self):
        """Return the company whose Octopus settings hold for this one (B.2, B.3).

        The one way to every setting. The result is in sudo, because people of a branch
        may not read the company above; it is empty when Octopus is switched off there.
        """
        self.ensure_one()
        holder = self.sudo().octopus_settings_company_id
        return holder if holder.octopus_enabled else holder.browse()

    def _octopus_companies(self):
        """Return the companies whose settings are those of this one: the other way
        round of ``_octopus_settings``, in sudo."""
        self.ensure_one()
        below = self.sudo().search([("id", "child_of", self.id)])
        return below.filtered(lambda company: company._octopus_settings() == self)

    def _octopus_dossier(self):
        """Return the dossier that this company's documents go to (B.4), maybe empty."""
        return self._octopus_settings().octopus_dossier_id
