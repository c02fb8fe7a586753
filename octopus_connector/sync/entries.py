"""Keeps what stands in the journals of Octopus that we book in, ours or not.

A booking is asked for, and kept, by the kind of its journal: documents in sales and
purchase journals, payments in those of banks.
"""

from __future__ import annotations

from odoo import fields
from odoo.fields import Domain
from odoo.tools import split_every

from ..api.errors import OctopusMissing, OctopusQuotaError
from ..api.stored import to_json
from ..core.compare_payment import references, total
from ..core.find_booking import words
from .upsert import upsert

# Bookings that are written down together: a journal may have a hundred thousand.
BATCH = 1000


class Entries:
    """The bookings of one journal in one bookyear, as rows.

    :param journal_year: ``octopus.journal.year``; its rows are read and written as
        this one is, in sudo or not
    """

    def __init__(self, journal_year):
        self.env = journal_year.env
        self.journal_year = journal_year
        self.rows = self.env["octopus.journal.entry"]

    def keep(self, bookings):
        """Write down what stands in the journal, some at a time.

        :param bookings: ``api.types.Booking`` or ``api.types.FinancialBooking`` values
            of that journal and bookyear, as its kind has them; there may be many
        :return: the entries
        """
        ids = []
        for batch in split_every(BATCH, bookings):
            if ids:
                # What was kept of the batch before need not stay in memory.
                self.env.invalidate_all()
            ids += self._keep(batch).ids
        return self.rows.browse(ids)

    def _here(self, numbers):
        """Return the domain of what has one of these numbers of the journal."""
        return [
            ("journal_year_id", "=", self.journal_year.id),
            ("number", "in", list(numbers)),
        ]

    def _numbers(self, domain):
        """Return the numbers of entries, without having them all in memory."""
        return {number for (number,) in self.rows._read_group(domain, ["number"])}

    def _write(self, known, wanted):
        """Write down what stands on numbers of the journal, and that it was looked at.

        :param known: the entries that are there on these numbers
        :param wanted: ``{number: values}``
        :return: the entries
        """
        always = {
            "journal_year_id": self.journal_year.id,
            "read_at": fields.Datetime.now(),
        }
        wanted = {
            number: {**values, **always, "number": number}
            for number, values in wanted.items()
        }
        rows = upsert(known, lambda entry: entry.number, wanted)
        return self.rows.union(*rows.values())


class DocumentEntries(Entries):
    """Purchases or sales: each of them is kept, and tied to the document that it is."""

    def changed(self, octopus, since):
        """Return the bookings of the journal that changed since a moment.

        :param octopus: ``api.client.DossierClient``
        :param since: aware moment
        :return: ``api.types.Booking`` values, with what was left out
        :raises OctopusError: they cannot be listed
        """
        return octopus.bookings_modified(
            *self.journal_year.place(), since, partial=True
        )

    def one(self, octopus, number):
        """Return what stands on a number, as ``api.types.Booking``.

        :param octopus: ``api.client.DossierClient``
        :param number: of the journal
        :raises OctopusMissing: nothing does
        :raises OctopusError: it cannot be read now
        """
        return octopus.booking(*self.journal_year.place(), number)

    def known(self, beyond) -> set[int]:
        """Return the numbers among which is known what they are.

        :param beyond: a domain of journal and numbers
        """
        return self._numbers(Domain(beyond) & Domain("deleted", "=", False))

    def forget(self, numbers) -> None:
        """Octopus tells of a number alone that nothing stands there: the feed of
        deletions, which tells more, decides what became of an entry.

        :param numbers: of the journal
        """

    def _keep(self, bookings):
        """Write some bookings down, and tie to them what is ours; return the
        entries."""
        numbers = [booking.number for booking in bookings]
        known = self.rows.search(self._here(numbers))
        ours = self.env["octopus.booking"].by_number(self.journal_year, numbers)
        wanted = {
            booking.number: {
                **_facts_of_document(booking),
                "booking_id": ours.get(booking.number, False),
            }
            for booking in bookings
        }
        entries = self._write(known, wanted)
        # What stands there is taken, whatever the mirror of the journal says.
        if max(numbers, default=0) > self.journal_year.last_number:
            self.journal_year.last_number = max(numbers)
        self.journal_year.note_looked_at(numbers)
        return entries

    def delete(self, numbers) -> None:
        """Note that nothing stands on numbers any more. The feed tells it more than
        once: those that are known to be empty are left alone.

        :param numbers: of the journal
        """
        there = Domain(self._here(numbers)) & Domain("deleted", "=", False)
        stood = self.rows.search(there)
        ours = self.env["octopus.booking"].sudo().at_numbers(self.journal_year, numbers)
        self.journal_year.note_freed([*stood.mapped("number"), *ours.mapped("number")])
        stood.write({"deleted": True, "booking_id": False})


class PaymentEntries(Entries):
    """Bookings of a bank that no payment here accounts for."""

    def changed(self, octopus, since):
        """Return the bookings of the journal that changed since a moment.

        :param octopus: ``api.client.DossierClient``
        :param since: aware moment
        :return: ``api.types.FinancialBooking`` values, with what was left out
        :raises OctopusError: they cannot be listed
        """
        return octopus.financial_bookings_modified(
            *self.journal_year.place(), since, partial=True
        )

    def one(self, octopus, number):
        """Return what stands on a number, as ``api.types.FinancialBooking``.

        :param octopus: ``api.client.DossierClient``
        :param number: of the journal
        :raises OctopusMissing: nothing does
        :raises OctopusError: it cannot be read now
        """
        return octopus.financial_booking(*self.journal_year.place(), number)

    def known(self, beyond) -> set[int]:
        """Return the numbers among which is known what they are, payments of ours too.

        :param beyond: a domain of journal and numbers
        """
        ours = self.env["octopus.payment"].numbers(beyond)
        return self._numbers(beyond) | ours

    def forget(self, numbers) -> set[int]:
        """Drop what stood on numbers that were freed. What a person is asked about
        stays, and is looked at with the answer.

        :param numbers: of the journal
        :return: those of what was dropped
        """
        gone = self.rows.search(self._here(numbers))
        payments = self.env["octopus.payment"].sudo()
        gone -= payments.search([("entry_id", "in", gone.ids)]).entry_id
        freed = set(gone.mapped("number"))
        gone.unlink()
        return freed

    def _keep(self, bookings):
        """Keep those of some bookings that are of others; return their entries."""
        numbers = [booking.number for booking in bookings]
        here = self._here(numbers)
        known = self.rows.search(here)
        theirs = set(known.mapped("number"))
        ours = self.env["octopus.payment"].numbers(here) - theirs
        wanted = {
            booking.number: _facts_of_payment(booking)
            for booking in bookings
            if booking.number not in ours
        }
        entries = self._write(known, wanted)
        self.journal_year.note_looked_at(numbers)
        return entries

    def note_told(self, freed, taken) -> None:
        """Note which numbers Octopus told to be empty, or to have something where
        nothing was: whoever books there takes no new number.

        :param freed: numbers of what was deleted
        :param taken: those of what was booked or edited
        """
        filled = taken - freed
        here = self._here(filled)
        known = set(self.rows.search(here).mapped("number"))
        filled = filled - known - self.env["octopus.payment"].numbers(here)
        accounted = self.journal_year.accounted_number
        filled = {number for number in filled if number <= accounted}
        self.journal_year.note_freed(filled | self.forget(freed))


def entries_of(journal_year) -> DocumentEntries | PaymentEntries:
    """Return what stands in a journal, by its kind.

    :param journal_year: ``octopus.journal.year``
    """
    # Those of divers journals are read, and look, as those of banks.
    financial = journal_year.journal_id.type in ("F", "D")
    return (PaymentEntries if financial else DocumentEntries)(journal_year)


def note_beyond(journal_years) -> None:
    """Mark documents beyond the last number that Octopus has as gone.

    :param journal_years: ``octopus.journal.year``, of which it was just read
    """
    entries = journal_years.env["octopus.journal.entry"]
    here = [
        ("journal_year_id", "in", journal_years.ids),
        ("journal_type", "!=", "F"),
        ("deleted", "=", False),
    ]
    for year, number in entries._read_group(here, ["journal_year_id"], ["number:max"]):
        if number > year.last_number:
            DocumentEntries(year).delete(range(year.last_number + 1, number + 1))


def note_told(dossier, freed, taken) -> None:
    """Note what Octopus told of the bank journals that we book in.

    :param dossier: ``octopus.dossier``
    :param freed: (bookyear, journal, number) of what was deleted
    :param taken: those of what was booked or edited
    """
    for year in dossier.env["octopus.payment"].sudo().journal_years(dossier):
        place = year.place()
        PaymentEntries(year).note_told(_at(place, freed), _at(place, taken))


def read_anew(entry, octopus):
    """Return a booking of a bank as it is now, when somebody may have altered it again.

    :param entry: ``octopus.journal.entry`` of a bank, one
    :param octopus: ``api.client.DossierClient``
    :return: ``api.types.FinancialBooking``; ``None`` when it is there no more, and
        neither is its entry then
    :raises OctopusError: it cannot be read now
    """
    entry.ensure_one()
    kept = entry.as_booking()
    try:
        found = octopus.financial_booking(kept.bookyear_id, kept.journal, entry.number)
    except OctopusMissing:
        entry.unlink()
        return None
    except OctopusQuotaError:
        # Ten a day are allowed.
        return kept
    entry.write({**_facts_of_payment(found), "read_at": fields.Datetime.now()})
    return found


def _facts_of_document(booking):
    """Return what an entry keeps of a document."""
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


def _facts_of_payment(booking):
    """Return what an entry keeps of a booking of a bank."""
    return {
        "document_date": booking.document_date or False,
        "amount": float(total(booking)),
        "reference": ", ".join(sorted(references(booking))) or False,
        "data": to_json(booking),
    }


def _at(place, keys):
    """Return the numbers of keys of one journal and bookyear."""
    return {key[2] for key in keys if key[:2] == place}
