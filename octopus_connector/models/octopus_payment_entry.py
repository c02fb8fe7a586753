from odoo import api, fields, models
from odoo.fields import Domain

from ..api.client import FIRST_SYNC
from ..api.errors import OctopusMissing, OctopusQuotaError
from ..ledger.findings import Finding
from ..outbox.payload import to_json
from ..remittance.booking import from_json, references, total
from .octopus_journal_year import FEW


class OctopusPaymentEntry(models.Model):
    """A booking in a bank journal of Octopus that no payment here accounts for.

    Somebody else booked it; or this database did, before a backup of it was restored
    or without an answer, and somebody altered it since. A payment that it may be is
    not booked again until a person said whether it is (X.23, X.32).
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
        string="Amount (EUR)",
        digits=(16, 2),
        compute="_compute_facts",
        store=True,
        aggregator=None,
        help="What the bank moves; negative when money goes out.",
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

    @api.model
    def _account_for(self, journal_year, octopus):
        """Read what others booked in a bank journal, before a number is taken there.

        :param octopus: ``api.client.DossierClient``
        :raises FindingError: Octopus does not show what it has
        :raises OctopusError: it can not be read now
        """
        self._look_at_freed(journal_year, octopus)
        if not journal_year._has_unread():
            return
        self._read(journal_year, octopus)
        if journal_year.last_number not in self._told(journal_year):
            # The last one may have been deleted since its number was told.
            journal_year._read_state(octopus)
        last = journal_year.last_number
        if journal_year._has_unread() and last not in self._told(journal_year):
            raise journal_year._unread(last)
        journal_year.accounted_number = last

    def _look_at_freed(self, journal_year, octopus):
        """Read what may stand on numbers that were freed, or filled again; parameters
        and errors as for :meth:`_account_for`."""
        numbers = journal_year._read_freed(octopus)
        if not numbers:
            return
        if len(numbers) > FEW or not self._read_singly(journal_year, octopus, numbers):
            self._take(journal_year, octopus, journal_year._read_from())
        journal_year.freed_numbers = False

    def _read_singly(self, journal_year, octopus, numbers):
        """Read what stands on a few numbers, if anything; only ten a day are allowed.

        :return: whether Octopus answered for each of them
        """
        place = journal_year.bookyear_id.octopus_id, journal_year.journal_id.key
        for number in numbers:
            try:
                self._keep(journal_year, [octopus.financial_booking(*place, number)])
            except OctopusMissing:
                self._forget(journal_year, [number])
            except OctopusQuotaError:
                return False
        return True

    @api.model
    def _note_told(self, dossier, freed, taken):
        """Note which numbers of bank journals Octopus told to be empty, or to have
        something where nothing was: whoever books there takes no new number (X.32).

        :param freed: (bookyear, journal, number) of what was deleted
        :param taken: those of what was booked or edited
        """
        for year in self.env["octopus.payment"].sudo()._journal_years(dossier):
            place = year.bookyear_id.octopus_id, year.journal_id.key
            empty = {key[2] for key in freed if key[:2] == place}
            filled = {key[2] for key in taken if key[:2] == place} - empty
            here = [("journal_year_id", "=", year.id), ("number", "in", list(filled))]
            known = set(self.search(here).mapped("number"))
            filled -= known | self.env["octopus.payment"]._numbers(here)
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
            journal_year.bookyear_id.octopus_id,
            journal_year.journal_id.key,
            since,
            partial=True,
        )
        self._keep(journal_year, found)
        journal_year._check_whole(found)
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

    def _keep(self, journal_year, bookings):
        """Keep bookings of others as they are now; return their entries.

        :param bookings: ``api.types.FinancialBooking`` values
        """
        numbers = [booking.number for booking in bookings]
        here = [("journal_year_id", "=", journal_year.id), ("number", "in", numbers)]
        entries = self.search(here)
        known = {entry.number: entry for entry in entries}
        ours = self.env["octopus.payment"]._numbers(here)
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
        ours = self.env["octopus.payment"]._numbers(here)
        return bool(ours) or self.number > self.journal_year_id.last_number

    def _booking(self):
        return from_json(self.payload)

    def _key(self):
        """Return bookyear, journal and number as Octopus names them."""
        year = self.journal_year_id
        return year.bookyear_id.octopus_id, year.journal_id.key, self.number

    def _read_anew(self, octopus):
        """Return the booking as it is now, when somebody may have altered it again;
        ``None`` when it is there no more.

        :param octopus: ``api.client.DossierClient``
        :raises OctopusError: it can not be read now
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
        """Return the finding that it may be a payment (X.23, X.32)."""
        self.ensure_one()
        facts = {
            "number": self.octopus_number,
            "date": self.document_date or None,
            "amount": f"{self.amount:.2f}",
            "text": self.reference or "–",
        }
        return Finding("payment_disputed", facts, self._name, self.ids)
