from odoo import api, fields, models

from ..prepare.settings import GOES_FIELDS

TRADES = {
    "sells": ("out_invoice", "out_refund"),
    "buys": ("in_invoice", "in_refund"),
    "both": ("out_invoice", "out_refund", "in_invoice", "in_refund"),
}


class OctopusSetupSituation(models.AbstractModel):
    """What the set-up asks first, to show only what is needed: which side is filled
    already, and what the company does."""

    _name = "octopus.setup.situation"
    _description = "Set-up of Octopus: Situation"

    situation = fields.Selection(
        [
            ("octopus_empty", "Octopus is empty: we begin there"),
            ("odoo_empty", "Odoo is empty: customers and suppliers are in Octopus"),
            ("both", "Both are filled already"),
        ],
        compute="_compute_situation",
        store=True,
        readonly=False,
        help="Decides which steps follow: an empty Octopus needs bookyears, journals"
        " and accounts first, but no matching of contacts.",
    )
    trade = fields.Selection(
        [
            ("both", "Sells and buys"),
            ("sells", "Only sells"),
            ("buys", "Only buys"),
        ],
        string="Documents to send",
        compute="_compute_trade",
        store=True,
        readonly=False,
        help="What does not go to Octopus needs no journal there, waits for nothing and"
        " is not asked about. In the settings each kind can be chosen by itself.",
    )
    contact_count = fields.Integer(
        string="Contacts with documents",
        compute="_compute_contacts",
        help="Customers and suppliers of documents of the last twelve months.",
    )
    contact_linked_count = fields.Integer(
        string="of these found in Octopus",
        compute="_compute_contacts",
        help="Those that are linked with a relation of Octopus.",
    )
    relation_count = fields.Integer(
        string="Relations in Octopus",
        compute="_compute_contacts",
        help="Customers and suppliers of the dossier.",
    )

    @api.depends("company_id")
    def _compute_situation(self):
        """Propose what Odoo looks like; what is in Octopus a person knows."""
        for setup in self:
            empty = not setup._has_documents()
            setup.situation = "odoo_empty" if empty else "both"

    def _has_documents(self):
        moves = self.env["account.move"].sudo()
        of_company = [("company_id", "child_of", self.company_id.id)]
        posted = [*of_company, ("state", "=", "posted")]
        return bool(moves.search_count(posted, limit=1))

    @api.depends("company_id")
    def _compute_trade(self):
        for setup in self:
            company = setup.company_id.sudo()
            goes = {kind for kind, field in GOES_FIELDS.items() if company[field]}
            setup.trade = next(
                (trade for trade, kinds in TRADES.items() if set(kinds) == goes), "both"
            )

    @api.depends("state", "dossier_id")
    def _compute_contacts(self):
        for setup in self:
            if setup.state != "contacts":
                setup.relation_count = False
                setup.contact_count = setup.contact_linked_count = False
                continue
            relations = self.env["octopus.relation"]
            known = [("dossier_id", "=", setup.dossier_id.id), ("deleted", "=", False)]
            setup.relation_count = relations.search_count(known)
            partners = setup._partners()
            linked = relations.search([*known, ("partner_id", "in", partners.ids)])
            setup.contact_count = len(partners)
            setup.contact_linked_count = len(linked.partner_id)

    def _partners(self):
        used = self._check_list().partners_used()
        return self.env["res.partner"].browse(partner.id for partner in used)

    def _save_trade(self):
        """Let the kinds that are chosen go, and the others stay out; a choice of single
        kinds that was made in the settings stays."""
        company = self.company_id.sudo()
        kinds = TRADES[self.trade]
        was = {kind for kind, field in GOES_FIELDS.items() if company[field]}
        mixed = was not in map(set, TRADES.values())
        if mixed and self.trade == "both":
            return
        values = {
            field: kind in kinds
            for kind, field in GOES_FIELDS.items()
            if company[field] != (kind in kinds)
        }
        if values:
            self.company_id.octopus_write_settings(values)

    def action_match_contacts(self):
        """Open the contacts and relations of the dossier, to link those that are the
        same; a button there leads back."""
        self.ensure_one()
        matching = self.env["octopus.matching"].with_company(self.company_id)
        return {**matching.action_open(), "context": {"octopus_setup_id": self.id}}
