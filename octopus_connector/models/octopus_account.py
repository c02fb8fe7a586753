from odoo import api, fields, models
from odoo.fields import Domain


class OctopusAccount(models.Model):
    """Mirror of a ledger account by its number, with the bookyears it is in."""

    _name = "octopus.account"
    _description = "Octopus Account"
    _order = "number"
    _rec_names_search = ["number", "name"]
    _inherit = ["octopus.names.mixin"]

    dossier_id = fields.Many2one(
        "octopus.dossier",
        required=True,
        index=True,
        ondelete="cascade",
        help="The dossier that the account is in.",
    )
    number = fields.Integer(
        required=True,
        help="The number of the account in Octopus.",
    )
    bookyear_ids = fields.Many2many(
        "octopus.bookyear",
        help="The bookyears in which the account can be used.",
    )
    vat_recup_percentage = fields.Float(
        digits=(5, 2),
        help="The share of VAT that can be recovered on this account.",
    )
    sales_vat_code = fields.Char(
        help="The VAT code that Octopus proposes for sales.",
    )
    purchase_vat_code = fields.Char(
        help="The VAT code that Octopus proposes for purchases.",
    )
    cost_centre_policy = fields.Selection(
        [
            ("none", "None"),
            ("mandatory", "Mandatory"),
            ("optional", "Not mandatory"),
        ],
        string="Cost centre",
        help="Whether Octopus wants a cost centre on each line of this account. It is"
        " not told over SOAP.",
    )
    active = fields.Boolean(default=True)

    _number_uniq = models.Constraint(
        "UNIQUE(dossier_id, number)", "An account is mirrored once."
    )

    @api.model
    def _search_display_name(self, operator, value):
        """Find accounts by the beginning of their number, or by their name."""
        if operator not in ("ilike", "like") or not (value or "").strip().isdigit():
            return super()._search_display_name(operator, value)
        return Domain("number", "=like", f"{value.strip()}%")

    @api.depends("number", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for account in self:
            account.display_name = f"{account.number} {account.name or ''}".strip()
