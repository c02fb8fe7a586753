from odoo import api, fields, models
from odoo.fields import Domain

LANGUAGES = ("nl", "fr", "en", "de")


class OctopusAccount(models.Model):
    """Mirror of a ledger account by its number, with the bookyears it is in."""

    _name = "octopus.account"
    _description = "Octopus Account"
    _order = "number"
    _rec_names_search = ["number", "name"]

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
    name = fields.Char(compute="_compute_name", search="_search_name")
    name_nl = fields.Char(
        string="Dutch name",
        help="The name in Dutch.",
    )
    name_fr = fields.Char(
        string="French name",
        help="The name in French.",
    )
    name_en = fields.Char(
        string="English name",
        help="The name in English.",
    )
    name_de = fields.Char(
        string="German name",
        help="The name in German.",
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
    active = fields.Boolean(default=True)

    _number_uniq = models.Constraint(
        "UNIQUE(dossier_id, number)", "An account is mirrored once."
    )

    @api.depends(*(f"name_{language}" for language in LANGUAGES))
    @api.depends_context("lang")
    def _compute_name(self):
        own = (self.env.lang or "")[:2]
        order = sorted(LANGUAGES, key=lambda language: language != own)
        for account in self:
            names = (account[f"name_{language}"] for language in order)
            account.name = next(filter(None, names), False)

    @api.private
    def names(self):
        """Return the names of the account, ``{"nl": "Verkopen"}``."""
        self.ensure_one()
        names = {language: self[f"name_{language}"] for language in LANGUAGES}
        return {language: name for language, name in names.items() if name}

    @api.model
    def _search_display_name(self, operator, value):
        """Find accounts by the beginning of their number, or by their name."""
        if operator not in ("ilike", "like") or not (value or "").strip().isdigit():
            return super()._search_display_name(operator, value)
        return Domain("number", "=like", f"{value.strip()}%")

    @api.model
    def _search_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(
            Domain(f"name_{language}", operator, value) for language in LANGUAGES
        )

    @api.depends("number", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for account in self:
            account.display_name = f"{account.number} {account.name or ''}".strip()
