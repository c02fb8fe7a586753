from odoo import api, fields, models

from ..api.stored import from_json
from ..api.types import Booking, FinancialBooking
from ..sync.find_entry import (
    BANK,
    FREE,
    PLAIN_WORDS,
    TIGHT_COMMENT,
    TIGHT_REFERENCE,
    WORDS,
)


class OctopusJournalEntry(models.Model):
    """A booking as it stands in an Octopus journal, read there and never written by
    hand.

    Of purchases and sales each one is kept, ours or not. One that is ours points at its
    row of the outbox; one that is not may turn out to be a document of Odoo that
    somebody booked by hand, or that was sent before a backup was restored.

    In the journal of a bank those are kept that no payment here accounts for: somebody
    else booked them; or this database did, before a backup of it was restored or
    without an answer, and somebody altered it since. A payment that one may be is not
    booked again until a person said whether it is.
    """

    _name = "octopus.journal.entry"
    _description = "Octopus Journal Entry"
    _order = "document_date desc, id desc"
    _rec_name = "octopus_number"

    journal_year_id = fields.Many2one(
        "octopus.journal.year", required=True, index=True, ondelete="cascade"
    )
    dossier_id = fields.Many2one(related="journal_year_id.dossier_id", store=True)
    journal_id = fields.Many2one(
        related="journal_year_id.journal_id", string="Octopus journal", store=True
    )
    # F: the booking is a payment; else it is a document.
    journal_type = fields.Selection(
        related="journal_id.type", string="Kind of journal", store=True
    )
    number = fields.Integer(required=True, aggregator=None)
    octopus_number = fields.Char(
        string="Number in Octopus", compute="_compute_octopus_number", store=True
    )
    relation_octopus_id = fields.Integer(string="Relation number", aggregator=None)
    relation_id = fields.Many2one("octopus.relation", compute="_compute_relation_id")
    document_date = fields.Date()
    currency_code = fields.Char(string="Currency")
    amount = fields.Float(
        digits=(16, 2),
        help="Of a document its total in its currency, negative on credit notes. Of a"
        " payment what the bank moves, in the currency of its journal in Octopus;"
        " negative when money goes out.",
    )
    # A payment has no comment in Octopus; its reference are the texts of its lines.
    comment = fields.Char()
    reference = fields.Char()
    # A payment that is not there any more is no row here either.
    deleted = fields.Boolean(help="It is not in Octopus any more.")
    read_at = fields.Datetime(string="Read on")
    data = fields.Json(help="The booking as it was read last, complete.")
    booking_id = fields.Many2one(
        "octopus.booking",
        string="From Odoo",
        index="btree_not_null",
        ondelete="set null",
    )
    other_booking_ids = fields.Many2many(
        "octopus.booking",
        "octopus_journal_entry_other_rel",
        "entry_id",
        "booking_id",
        string="Not one of",
        help="Documents of which a person said that they are something else.",
    )
    payment_ids = fields.One2many(
        "octopus.payment", "entry_id", string="Payments that it may be"
    )
    other_payment_ids = fields.Many2many(
        "octopus.payment",
        "octopus_journal_entry_other_payment_rel",
        "entry_id",
        "payment_id",
        string="Not one of these payments",
        help="Payments of which a person said that they are something else.",
    )

    _number_uniq = models.Constraint(
        "UNIQUE(journal_year_id, number)", "A number of a journal is kept once."
    )
    # Documents that are nobody's are looked through for each one that is sent.
    _amount_idx = models.Index(
        "(dossier_id, amount, document_date, (coalesce(relation_octopus_id, 0)))"
        f" WHERE {FREE}"
    )
    _comment_idx = models.Index(f"(dossier_id, comment) WHERE {FREE}")
    _reference_idx = models.Index(f"(dossier_id, reference) WHERE {FREE}")
    # What was written lately must not be read through each time.
    _words_idx = models.Index(
        f"USING gin (({WORDS})) WITH (fastupdate = off) WHERE {FREE}"
    )
    _plain_words_idx = models.Index(
        f"USING gin (({PLAIN_WORDS})) WITH (fastupdate = off) WHERE {FREE}"
    )
    _tight_comment_idx = models.Index(f"(dossier_id, ({TIGHT_COMMENT})) WHERE {FREE}")
    _tight_reference_idx = models.Index(
        f"(dossier_id, ({TIGHT_REFERENCE})) WHERE {FREE}"
    )
    # And the bookings of banks for each payment.
    _bank_reference_idx = models.Index(f"(reference) WHERE {BANK}")
    _bank_day_idx = models.Index(f"(document_date, amount) WHERE {BANK}")

    @api.depends("journal_year_id.name", "number")
    def _compute_octopus_number(self):
        for entry in self:
            entry.octopus_number = entry.journal_year_id.number_name(entry.number)

    @api.depends("dossier_id", "relation_octopus_id")
    def _compute_relation_id(self):
        relations = self.env["octopus.relation"].search(
            [
                ("dossier_id", "in", self.dossier_id.ids),
                ("octopus_id", "in", self.mapped("relation_octopus_id")),
            ]
        )
        known = {(row.dossier_id, row.octopus_id): row for row in relations}
        for entry in self:
            key = entry.dossier_id, entry.relation_octopus_id
            entry.relation_id = known.get(key)

    # Protocol

    @api.private
    def as_booking(self):
        """Return the entry as it was read last.

        :return: ``api.types.FinancialBooking`` in the journal of a bank, else
            ``api.types.Booking``
        """
        self.ensure_one()
        kind = FinancialBooking if self.journal_type == "F" else Booking
        return from_json(kind, self.data)

    @api.private
    def key(self):
        """Return bookyear, journal and number as Octopus names them."""
        return *self.journal_year_id.place(), self.number
