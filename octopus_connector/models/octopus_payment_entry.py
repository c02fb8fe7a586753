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
        found = octopus.financial_bookings_modified(
            journal_year.bookyear_id.octopus_id,
            journal_year.journal_id.key,
            FIRST_SYNC,
        )
        by_number = {booking.number: booking for booking in found}
        if journal_year.last_number not in by_number:
            # The last one may have been deleted since its number was told.
            journal_year._read_state(octopus)
        last = journal_year.last_number
        if journal_year._has_unknown() and last not in by_number:
            params = {"journal": journal_year.journal_id.key, "number": last}
            raise FindingError(Finding("journal_unread", params))
        self._keep(journal_year, by_number)
        journal_year.accounted_number = last

    def _keep(self, journal_year, by_number):
        known = self.search([("journal_year_id", "=", journal_year.id)])
        known.unlink()
        ours = self.env["octopus.payment"]._numbers(journal_year)
        self.create(
            [
                {
                    "journal_year_id": journal_year.id,
                    "number": number,
                    "reference": next(iter(sorted(references(booking))), False),
                    "payload": to_json(booking),
                }
                for number, booking in by_number.items()
                if number not in ours
            ]
        )

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
        payments = self.env["octopus.payment"]
        return found.filtered(
            lambda row: row.number not in payments._numbers(row.journal_year_id)
        )[:1]

    def _booking(self):
        return from_json(self.payload)
