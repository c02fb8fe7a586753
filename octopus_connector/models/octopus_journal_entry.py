from odoo import api, fields, models

from ..api.stored import from_json
from ..api.types import Booking
from ..sync.find_entry import FREE, WORDS


class OctopusJournalEntry(models.Model):
    """A purchase or sale as it stands in an Octopus journal, ours or not.

    Rows are read from the feed, never written by hand. One that is ours points at its
    row of the outbox; one that is not may turn out to be a document of Odoo that
    somebody booked by hand, or that was sent before a backup was restored.
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
        help="Total in the document's currency; negative on credit notes.",
    )
    comment = fields.Char()
    reference = fields.Char()
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

    _number_uniq = models.Constraint(
        "UNIQUE(journal_year_id, number)", "A number of a journal is kept once."
    )
    # What is nobody's is looked through for every document that is sent.
    _amount_idx = models.Index(f"(dossier_id, amount) WHERE {FREE}")
    _comment_idx = models.Index(f"(dossier_id, comment) WHERE {FREE}")
    _reference_idx = models.Index(f"(dossier_id, reference) WHERE {FREE}")
    _words_idx = models.Index(f"USING gin (({WORDS})) WHERE {FREE}")

    @api.depends("journal_year_id.name", "number")
    def _compute_octopus_number(self):
        for entry in self:
            entry.octopus_number = f"{entry.journal_year_id.name} / {entry.number}"

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
        """Return the entry as it was read last, an ``api.types.Booking``."""
        self.ensure_one()
        return from_json(Booking, self.data)
