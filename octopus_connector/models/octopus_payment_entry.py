from odoo import api, fields, models

from ..api.client import FIRST_SYNC
from ..ledger.findings import Finding, FindingError
from ..outbox.payload import to_json
from ..remittance.booking import from_json, references


class OctopusPaymentEntry(models.Model):
    """A booking in a bank journal of Octopus that no payment here accounts for.

    Somebody else booked it, or this database did before a backup of it was restored:
    then the reference is ours, and the payment is not booked again (X.32).
    """

    _name = "octopus.payment.entry"
    _description = "Octopus Booking in a Bank Journal"
    _order = "journal_year_id, number"

    journal_year_id = fields.Many2one(
        "octopus.journal.year", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True)
    reference = fields.Char(index=True)
    payload = fields.Json()

    _number_uniq = models.Constraint(
        "UNIQUE(journal_year_id, number)", "A booking is kept once."
    )

    @api.model
    def _account_for(self, journal_year, octopus):
        """Read what others booked in a bank journal, before a number is taken there.

        :param octopus: ``api.client.DossierClient``
        :raises FindingError: Octopus does not show what it has
        :raises OctopusError: it can not be read now
        """
        self._read(journal_year, octopus)
        if journal_year.last_number not in self._told(journal_year):
            # The last one may have been deleted since its number was told.
            journal_year._read_state(octopus)
        last = journal_year.last_number
        if journal_year._has_unknown() and last not in self._told(journal_year):
            params = {"journal": journal_year.journal_id.key, "number": last}
            raise FindingError(Finding("journal_unread", params))
        journal_year.accounted_number = last

    def _read(self, journal_year, octopus):
        """Read what changed; all of it the first time, as Octopus demands, and when
        the changes do not hold every number (api.md §2.2)."""
        first = not journal_year.entries_since
        if not first:
            self._take(journal_year, octopus, journal_year._read_from())
        unknown = journal_year.last_number - journal_year.accounted_number
        if first or len(self._told(journal_year)) < unknown:
            self._take(journal_year, octopus, FIRST_SYNC)

    def _take(self, journal_year, octopus, since):
        asked_at = fields.Datetime.now()
        found = octopus.financial_bookings_modified(
            journal_year.bookyear_id.octopus_id, journal_year.journal_id.key, since
        )
        self._keep(journal_year, found)
        # An empty answer proves nothing: everything is asked for again (X.46).
        if found:
            journal_year.entries_since = asked_at

    def _told(self, journal_year):
        """Return the numbers, beyond those accounted for, of which is known what they
        are."""
        beyond = [
            ("journal_year_id", "=", journal_year.id),
            ("number", ">", journal_year.accounted_number),
            ("number", "<=", journal_year.last_number),
        ]
        theirs = self.search_fetch(beyond, ["number"]).mapped("number")
        return {*theirs, *self.env["octopus.payment"]._numbers(beyond)}

    def _keep(self, journal_year, bookings, reference=None):
        """Keep bookings of others as they are now.

        :param bookings: ``api.types.FinancialBooking`` values
        :param reference: ours, of a booking that we sent and that was altered since
        """
        numbers = [booking.number for booking in bookings]
        here = [("journal_year_id", "=", journal_year.id), ("number", "in", numbers)]
        known = {entry.number: entry for entry in self.search(here)}
        ours = self.env["octopus.payment"]._numbers(here)
        fresh = []
        for booking in bookings:
            entry = known.get(booking.number, self)
            told = reference or next(iter(sorted(references(booking))), False)
            values = {
                "reference": told or entry.reference,
                "payload": to_json(booking),
            }
            if entry:
                entry.write(values)
            elif booking.number not in ours:
                place = {"journal_year_id": journal_year.id, "number": booking.number}
                fresh.append({**place, **values})
        self.create(fresh)

    @api.model
    def _find(self, journal, reference):
        """Return the entry with a reference of ours in a journal, maybe empty; that of
        a number which a payment of ours has is none.

        :param journal: ``octopus.journal``
        """
        found = self.search(
            [
                ("journal_year_id.journal_id", "=", journal.id),
                ("reference", "=", reference),
            ]
        )
        return found.filtered(lambda entry: not entry._is_over())[:1]

    def _is_over(self):
        """Whether a payment of ours has the number, or it is there no more."""
        here = [
            ("journal_year_id", "=", self.journal_year_id.id),
            ("number", "=", self.number),
        ]
        ours = self.env["octopus.payment"]._numbers(here)
        return bool(ours) or self.number > self.journal_year_id.last_number

    def _booking(self):
        return from_json(self.payload)
