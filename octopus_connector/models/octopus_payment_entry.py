from odoo import api, fields, models
from odoo.fields import Domain

from ..api.errors import OctopusMissing, OctopusQuotaError
from ..api.stored import from_json, to_json
from ..api.types import FinancialBooking
from ..core import codes
from ..core.bank_money import currency_of
from ..core.compare_payment import references, total
from ..core.findings import Finding


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
            booking = entry._booking()
            entry.reference = ", ".join(sorted(references(booking)))
            entry.document_date = booking.document_date
            entry.amount = float(total(booking))

    # Reading, for the journal that reads (``octopus.journal.year``)

    @api.model
    def _ask_changed(self, journal_year, octopus, since):
        """Return the bookings of a bank journal that changed since a moment.

        :param octopus: ``api.client.DossierClient``
        """
        return octopus.financial_bookings_modified(
            *journal_year._place(), since, partial=True
        )

    @api.model
    def _ask_one(self, journal_year, octopus, number):
        """Return what stands on a number.

        :raises OctopusMissing: nothing does
        """
        return octopus.financial_booking(*journal_year._place(), number)

    @api.model
    def _told(self, beyond):
        """Return the numbers among which is known what they are, payments of ours too.

        :param beyond: a domain of journal and numbers
        """
        theirs = self.search_fetch(beyond, ["number"]).mapped("number")
        return {*theirs, *self.env["octopus.payment"].numbers(beyond)}

    @api.model
    def _note_told(self, dossier, freed, taken):
        """Note which numbers of bank journals Octopus told to be empty, or to have
        something where nothing was: whoever books there takes no new number.

        :param freed: (bookyear, journal, number) of what was deleted
        :param taken: those of what was booked or edited
        """
        for year in self.env["octopus.payment"].sudo().journal_years(dossier):
            place = year._place()
            empty = {key[2] for key in freed if key[:2] == place}
            filled = {key[2] for key in taken if key[:2] == place} - empty
            here = [("journal_year_id", "=", year.id), ("number", "in", list(filled))]
            known = set(self.search(here).mapped("number"))
            filled -= known | self.env["octopus.payment"].numbers(here)
            filled = {it for it in filled if it <= year.accounted_number}
            year._note_freed(filled | self._forget(year, empty))

    def _forget(self, journal_year, numbers):
        """Drop what stood on numbers that were freed; return which did. What a person
        is asked about stays, and is looked at with the answer."""
        gone = self.search(
            [
                ("journal_year_id", "=", journal_year.id),
                ("number", "in", list(numbers)),
            ]
        )
        asked = (
            self.env["octopus.payment"].sudo().search([("entry_id", "in", gone.ids)])
        )
        gone -= asked.entry_id
        freed = set(gone.mapped("number"))
        gone.unlink()
        return freed

    def _keep(self, journal_year, bookings):
        """Keep bookings of others as they are now; return their entries.

        :param bookings: ``api.types.FinancialBooking`` values
        """
        numbers = [booking.number for booking in bookings]
        here = [("journal_year_id", "=", journal_year.id), ("number", "in", numbers)]
        entries = self.search(here)
        known = {entry.number: entry for entry in entries}
        ours = self.env["octopus.payment"].numbers(here)
        fresh = []
        journal_year._note_looked_at(numbers)
        for booking in bookings:
            values = {"payload": to_json(booking)}
            if booking.number in known:
                known[booking.number].write(values)
            elif booking.number not in ours:
                place = {"journal_year_id": journal_year.id, "number": booking.number}
                fresh.append({**place, **values})
        return entries | self.create(fresh)

    @api.model
    def _find(self, row, journal, booking):
        """Return the entries that may be a payment which was not sent yet: the one
        that was found for it before, those with its reference, and those of that day
        and amount, whatever their text.

        :param row: ``octopus.payment``
        :param journal: ``octopus.journal``
        :param booking: what would be sent, as ``api.types.FinancialBooking``
        """
        like = Domain("document_date", "=", booking.document_date) & Domain(
            "amount", "=", float(total(booking))
        )
        found = self.search(
            Domain("journal_year_id.journal_id", "=", journal.id)
            & Domain("other_payment_ids", "not in", row.ids)
            & (Domain("reference", "=", row.reference) | like)
        )
        return (row.entry_id | found).filtered(lambda entry: not entry._is_over())

    def _is_over(self):
        """Whether a payment of ours has the number, or it is there no more."""
        here = [
            ("journal_year_id", "=", self.journal_year_id.id),
            ("number", "=", self.number),
        ]
        ours = self.env["octopus.payment"].numbers(here)
        return bool(ours) or self.number > self.journal_year_id.last_number

    def _booking(self):
        return from_json(FinancialBooking, self.payload)

    def _key(self):
        """Return bookyear, journal and number as Octopus names them."""
        return *self.journal_year_id._place(), self.number

    def _read_anew(self, octopus):
        """Return the booking as it is now, when somebody may have altered it again;
        ``None`` when it is there no more.

        :param octopus: ``api.client.DossierClient``
        :raises OctopusError: it cannot be read now
        """
        self.ensure_one()
        kept = self._booking()
        try:
            found = octopus.financial_booking(
                kept.bookyear_id, kept.journal, self.number
            )
        except OctopusMissing:
            self.unlink()
            return None
        except OctopusQuotaError:
            # Ten a day are allowed.
            return kept
        self.payload = to_json(found)
        return found

    def _maybe(self):
        """Return the finding that it may be a payment."""
        self.ensure_one()
        facts = {
            "number": self.octopus_number,
            "date": self.document_date or None,
            "amount": f"{self.amount:.2f}",
            "currency": currency_of(self.journal_year_id.journal_id),
            "text": self.reference or "–",
        }
        return Finding(codes.PAYMENT_DISPUTED, facts, self._name, self.ids)
