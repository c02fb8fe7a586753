from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ..api.enums import InsertionType
from ..core import codes
from ..prepare.kinds import TYPE_OF_KIND

_lt = LazyTranslate(__name__)

INSERTION_TEXTS = {
    InsertionType.BOOKINGS: _lt("Bookings"),
    InsertionType.INVOICES_VAT_EXCLUSIVE: _lt("Invoices, VAT exclusive"),
    InsertionType.INVOICES_VAT_INCLUSIVE: _lt("Invoices, VAT inclusive"),
    InsertionType.DELIVERY_NOTES_VAT_EXCLUSIVE: _lt("Delivery notes, VAT exclusive"),
    InsertionType.DELIVERY_NOTES_VAT_INCLUSIVE: _lt("Delivery notes, VAT inclusive"),
}


class OctopusJournal(models.Model):
    """Mirror of a journal by its key, such as V1, over all bookyears."""

    _name = "octopus.journal"
    _description = "Octopus Journal"
    _inherit = ["octopus.cause.mixin"]
    _order = "key"

    dossier_id = fields.Many2one(
        "octopus.dossier",
        required=True,
        index=True,
        ondelete="cascade",
        help="The dossier that the journal is in.",
    )
    key = fields.Char(
        required=True,
        help="Letter of the type and number, as the accountant names the journal.",
    )
    name = fields.Char()
    type = fields.Selection(
        [
            ("A", "Purchase"),
            ("V", "Sales"),
            ("F", "Financial"),
            ("D", "Diverse"),
            ("L", "Delivery notes"),
        ],
        required=True,
        help="What the journal takes. Sales, purchase and financial journals are used.",
    )
    insertion_type = fields.Integer(
        help="Sales journals only: 1 bookings, 2 and 3 invoices, 4 and 5 deliveries.",
    )
    insertion_text = fields.Char(
        string="Entry",
        compute="_compute_insertion_text",
        help="What is entered in a sales journal: only one for bookings takes invoices"
        " of the connector.",
    )
    years_text = fields.Char(
        string="Bookyears",
        compute="_compute_years_text",
        help="The bookyears in which the journal exists, but for closed ones.",
    )
    currency_code = fields.Char(
        help="The currency of a financial journal; empty is EUR.",
    )
    iban = fields.Char(
        string="IBAN",
        help="The bank account that the financial journal stands for.",
    )
    ledger_account = fields.Integer(
        help="The ledger account of the financial journal, as Octopus tells it.",
    )
    detail_at = fields.Datetime(help="When the bank account was read last.")
    active = fields.Boolean(default=True)
    year_ids = fields.One2many(
        "octopus.journal.year",
        "journal_id",
        help="The bookyears in which the journal exists, with its state in each.",
    )

    _key_uniq = models.Constraint(
        "UNIQUE(dossier_id, key)", "A journal is mirrored once."
    )

    @api.depends("key", "name", "years_text")
    @api.depends_context("octopus_years")
    def _compute_display_name(self):
        """Name a journal; where one is chosen, with the bookyears that have it."""
        years = self.env.context.get("octopus_years")
        for journal in self:
            facts = [journal.key, journal.name]
            if years and journal.years_text:
                facts.append(f"({journal.years_text})")
            journal.display_name = " ".join(fact for fact in facts if fact)

    @api.depends("year_ids.bookyear_id.name", "year_ids.bookyear_id.closed")
    def _compute_years_text(self):
        for journal in self:
            years = journal.year_ids.bookyear_id.sorted("date_start")
            in_use = years.filtered(lambda year: not year.closed)
            journal.years_text = ", ".join(in_use.mapped("name")) or False

    @api.depends("insertion_type")
    @api.depends_context("lang")
    def _compute_insertion_text(self):
        for journal in self:
            text = INSERTION_TEXTS.get(journal.insertion_type)
            journal.insertion_text = text and self.env._(text)

    @api.private
    def why_not(self, kind):
        """Return the finding's code why this journal cannot take a kind of document.

        A sales journal whose entry type Octopus did not tell is given the benefit of
        the doubt: Octopus itself refuses it if need be.

        :param kind: move type, as in ``octopus.booking.kind``
        :return: code of a finding, ``None`` when the journal is right
        """
        self.ensure_one()
        if self.type != TYPE_OF_KIND[kind]:
            return codes.JOURNAL_WRONG_TYPE
        if self.type == "V" and self.insertion_type not in (0, InsertionType.BOOKINGS):
            return codes.JOURNAL_INVOICE_MODE
        return None
