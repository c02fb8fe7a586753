from odoo import api, fields, models
from odoo.fields import Domain

from ..api.enums import InsertionType
from ..core import codes
from ..prepare.kinds import TYPE_OF_KIND


class OctopusJournal(models.Model):
    """Mirror of a journal by its key, such as V1, over all bookyears."""

    _name = "octopus.journal"
    _description = "Octopus Journal"
    _order = "key"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    key = fields.Char(required=True)
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
    )
    insertion_type = fields.Integer(
        help="Sales journals only: 1 bookings, 2 and 3 invoices, 4 and 5 deliveries.",
    )
    currency_code = fields.Char()
    iban = fields.Char(string="IBAN")
    ledger_account = fields.Integer()
    detail_at = fields.Datetime(help="When the bank account was read last.")
    active = fields.Boolean(default=True)
    year_ids = fields.One2many("octopus.journal.year", "journal_id")

    _key_uniq = models.Constraint(
        "UNIQUE(dossier_id, key)", "A journal is mirrored once."
    )

    @api.depends("key", "name")
    def _compute_display_name(self):
        for journal in self:
            facts = (journal.key, journal.name)
            journal.display_name = " ".join(fact for fact in facts if fact)

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

    @api.model
    def _offered_domain(self, kind):
        """Return the domain of the journals that can take a kind of document."""
        domain = Domain("type", "=", TYPE_OF_KIND[kind])
        if TYPE_OF_KIND[kind] == "V":
            domain &= Domain("insertion_type", "in", (0, InsertionType.BOOKINGS))
        return domain
