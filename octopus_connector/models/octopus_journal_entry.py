from odoo import api, fields, models
from odoo.tools import SQL

from ..ledger.findings import Finding, FindingError
from ..matching.adoption import likeness, words
from ..outbox.payload import Match, compare, from_json, to_json
from .mirror import upsert

FREE = "booking_id IS NULL AND deleted IS NOT TRUE"


class OctopusJournalEntry(models.Model):
    """A purchase or sale as it stands in an Octopus journal, ours or not (X.31, X.32).

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

    # Reading

    @api.model
    def _keep(self, journal_year, bookings):
        """Write down what stands in a journal, and tie to it what is ours.

        :param bookings: ``api.Booking`` values of that journal and bookyear
        :return: the entries
        """
        numbers = [booking.number for booking in bookings]
        here = [("journal_year_id", "=", journal_year.id), ("number", "in", numbers)]
        known = self.search(here)
        now = fields.Datetime.now()
        ours = self.env["octopus.booking"]._by_number(journal_year, numbers)
        wanted = {
            booking.number: {
                **self._facts(booking),
                "journal_year_id": journal_year.id,
                "number": booking.number,
                "booking_id": ours.get(booking.number, False),
                "read_at": now,
            }
            for booking in bookings
        }
        rows = upsert(known, lambda entry: entry.number, wanted)
        return self.union(*rows.values())

    @staticmethod
    def _facts(booking):
        return {
            "relation_octopus_id": (booking.relation and booking.relation.id) or 0,
            "document_date": booking.document_date or False,
            "currency_code": booking.currency or False,
            "amount": float(booking.amount),
            "comment": words(booking.comment) or False,
            "reference": words(booking.reference) or False,
            "deleted": False,
            "data": to_json(booking),
        }

    @api.model
    def _note_gone(self, journal_year):
        """Mark entries beyond the last number Octopus has."""
        beyond = [
            ("journal_year_id", "=", journal_year.id),
            ("number", ">", journal_year.last_number),
        ]
        self.search(beyond).write({"deleted": True, "booking_id": False})

    def _booking(self):
        """Return the entry as an ``api.Booking``."""
        self.ensure_one()
        return from_json(self.data)

    # Which document it is

    @api.model
    def _exists_like(self, row_id, booking):
        """Return the SQL condition that some entry may be a document: its amount or
        one of its numbers. It is asked for every document, so it is no more than that.

        :param booking: what would be sent, as ``api.Booking``
        """
        return SQL(
            """
            EXISTS (
                SELECT 1 FROM octopus_journal_entry AS entry
                 WHERE entry.dossier_id = (
                           SELECT dossier_id FROM octopus_booking WHERE id = %(row)s)
                   AND entry.booking_id IS NULL
                   AND entry.deleted IS NOT TRUE
                   AND (entry.amount = %(amount)s
                        OR entry.comment IN %(texts)s OR entry.reference IN %(texts)s)
            )
            """,
            row=row_id,
            amount=booking.amount,
            texts=_texts(booking) or (None,),
        )

    @api.model
    def _find(self, row, booking):
        """Return the entry that is a document that was not sent yet, maybe empty.

        :param row: its ``octopus.booking``
        :param booking: what would be sent, as ``api.Booking``
        :raises FindingError: one looks like it, and a person must say whether it is
        """
        free = self._free(row, booking)
        stands = {entry: entry._booking() for entry in free}
        for entry in free.sorted("number"):
            if compare(booking, stands[entry]) is Match.SAME:
                return entry
        scored = [(entry, likeness(booking, stands[entry])) for entry in free]
        asked = [(entry, found) for entry, found in scored if found.asks]
        if asked:
            entry, found = max(asked, key=lambda pair: (pair[1].score, pair[0].id))
            raise FindingError(entry._maybe(found))
        return self.browse()

    def _free(self, row, booking):
        """Return entries of the same kind of journal that are nobody's, and of which
        nobody said that they are not this document."""
        return self.search(
            [
                ("dossier_id", "=", row.dossier_id.id),
                ("journal_id.type", "=", booking.journal[:1]),
                ("booking_id", "=", False),
                ("deleted", "=", False),
                ("other_booking_ids", "not in", row.ids),
                "|",
                ("amount", "=", float(booking.amount)),
                "|",
                ("comment", "in", _texts(booking)),
                ("reference", "in", _texts(booking)),
            ]
        )

    def _maybe(self, found):
        """Return the finding that this may be a document (X.32).

        :param found: ``Likeness`` of the two
        """
        facts = {
            "number": self.octopus_number,
            "amount": self._booking().amount,
            "currency": self.currency_code or "",
            "date": self.document_date or None,
            "score": found.score,
            "reasons": list(found.reasons),
        }
        return Finding("maybe_booked", facts, self._name, self.ids)


def _texts(booking):
    """Return the numbers by which people name a document."""
    texts = words(booking.comment), words(booking.reference)
    return tuple(text for text in texts if text)
