from odoo import api, fields, models

from ..api.stored import from_json
from ..api.types import FinancialBooking
from ..core.compare_payment import references, total


class OctopusPaymentEntry(models.Model):
    """A booking in a bank journal of Octopus that no payment here accounts for.

    Somebody else booked it; or this database did, before a backup of it was restored
    or without an answer, and somebody altered it since. A payment that it may be is
    not booked again until a person said whether it is.
    """

    _name = "octopus.payment.entry"
    _description = "Octopus Booking in a Bank Journal"
    _order = "journal_year_id, number"
    _rec_name = "octopus_number"

    journal_year_id = fields.Many2one(
        "octopus.journal.year", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, aggregator=None)
    octopus_number = fields.Char(
        string="Number in Octopus", compute="_compute_octopus_number", store=True
    )
    payload = fields.Json(help="The booking as it was read last.")
    reference = fields.Char(
        string="Text", compute="_compute_facts", store=True, index=True
    )
    document_date = fields.Date(string="Date", compute="_compute_facts", store=True)
    amount = fields.Float(
        digits=(16, 2),
        compute="_compute_facts",
        store=True,
        aggregator=None,
        help="What the bank moves, in the currency of its journal in Octopus; negative"
        " when money goes out.",
    )
    payment_ids = fields.One2many(
        "octopus.payment", "entry_id", string="Payments that it may be"
    )
    other_payment_ids = fields.Many2many(
        "octopus.payment",
        "octopus_payment_entry_other_rel",
        "entry_id",
        "payment_id",
        string="Not one of",
        help="Payments of which a person said that they are something else.",
    )

    _number_uniq = models.Constraint(
        "UNIQUE(journal_year_id, number)", "A booking is kept once."
    )
    _day_idx = models.Index("(document_date, amount)")

    @api.depends("journal_year_id.name", "number")
    def _compute_octopus_number(self):
        for entry in self:
            entry.octopus_number = f"{entry.journal_year_id.name} / {entry.number}"

    @api.depends("payload")
    def _compute_facts(self):
        for entry in self:
            booking = entry.as_booking()
            entry.reference = ", ".join(sorted(references(booking)))
            entry.document_date = booking.document_date
            entry.amount = float(total(booking))

    # Protocol

    @api.private
    def as_booking(self):
        """Return the entry as it was read last, an ``api.types.FinancialBooking``."""
        return from_json(FinancialBooking, self.payload)

    @api.private
    def key(self):
        """Return bookyear, journal and number as Octopus names them."""
        return *self.journal_year_id.place(), self.number
