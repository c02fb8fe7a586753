"""Long feeds: kept some at a time, whole or not at all (issue 14)."""

from dataclasses import replace
from decimal import Decimal

from odoo.addons.octopus_connector.api.stored import from_json
from odoo.addons.octopus_connector.api.types import (
    Booking,
    FinancialBooking,
    FinancialLine,
)
from odoo.addons.octopus_connector.sync.entries import BATCH, entries_of

from .outbox_case import OutboxCase
from .payments_case import PaymentsCase

MATCHES, BOOKINGS = "getModifiedBalancingRelations", "getModifiedBuySellBookings"
# More than one batch of rows, and more than what is kept in memory of an answer.
MANY = 2 * BATCH + 300


class LongReadingCase(OutboxCase, PaymentsCase):
    def setUp(self):
        super().setUp()
        self.sandbox.world.set_switches({"quota": "off"})
        self.long = self.sandbox.world.copies

    def cut(self, operation):
        """Let the next answer break off in the middle of its list."""
        self.sandbox.world.faults.add("truncated", operation=operation)


class TestLongFeed(LongReadingCase):
    def setUp(self):
        super().setUp()
        self.paid = self.booked()
        self.receive((self.paid, 121))
        self.long.add(MATCHES, "modifiedBalancings", MANY)

    def test_a_feed_that_breaks_off_leaves_nothing(self):
        self.cut(MATCHES)
        self.pull()
        self.assertFalse(self.rows())
        self.assertFalse(self.dossier.balancings_since)
        self.assertEqual(self.paid.move_id.payment_state, "not_paid")
        run = self.env["octopus.run"].search([("kind", "=", "pull")], limit=1)
        self.assertTrue(run.problem)
        self.pull()
        self.assertEqual(len(self.rows()), MANY)
        self.assertTrue(self.dossier.balancings_since)
        self.assertEqual(self.paid.move_id.payment_state, "paid")

    def test_a_later_feed_that_breaks_off_takes_nothing_back(self):
        self.pull()
        before = self.dossier.balancings_since
        self.cut(MATCHES)
        self.pull()
        self.assertEqual(len(self.rows().filtered("deleted")), 0)
        self.assertEqual(len(self.rows()), MANY)
        self.assertEqual(self.dossier.balancings_since, before)
        self.assertEqual(self.paid.move_id.payment_state, "paid")


class TestLongJournal(LongReadingCase):
    def setUp(self):
        super().setUp()
        self.row = self.send(self.document())
        self.assert_booked(self.row)
        self.year = self.row.journal_year_id.sudo()
        self.model = self.env["octopus.journal.entry"].sudo()

    def book_by_hand(self):
        """The accountant books many documents that are not ours."""
        self.act(
            "book",
            journal=self.row.journal_id.key,
            date=str(self.today),
            relation=self.row.relation_id.octopus_id,
            account=700000,
            base="100",
            comment="By hand",
        )
        self.long.add(BOOKINGS, "", MANY)

    def entries(self):
        return self.model.search([("journal_year_id", "=", self.year.id)])

    def bookings(self, count):
        """Values as they are read, of numbers from 1000 on."""
        sent = from_json(Booking, self.row.payload)
        return [
            replace(sent, number=1000 + it, comment=f"By hand {it}")
            for it in range(count)
        ]

    def test_a_list_that_breaks_off_leaves_nothing(self):
        self.book_by_hand()
        # Those that were there before the first document was sent.
        before = self.entries()
        self.cut(BOOKINGS)
        self.pull()
        self.assertEqual(self.entries(), before)
        self.assertFalse(self.dossier.bookings_since)
        self.assertEqual(self.row.state, "booked", "what is not listed is not gone")
        self.pull()
        self.assertGreater(len(self.entries()), 2 * BATCH)
        self.assertEqual(self.row.entry_ids, self.entries().filtered("booking_id"))
        since = self.dossier.bookings_since
        self.assertTrue(since)
        self.cut(BOOKINGS)
        self.pull()
        self.assertFalse(self.entries().filtered("deleted"))
        self.assertEqual(self.dossier.bookings_since, since)
        self.assertEqual(self.row.state, "booked")

    def test_batches_keep_what_one_write_would(self):
        for count in (0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 1):
            with self.subTest(count):
                self.entries().unlink()
                told = self.bookings(count)
                kept = entries_of(self.year).keep(iter(told))
                self.assertEqual([it.as_booking() for it in kept], told)
                self.assertEqual(kept, self.entries().sorted("number"))

    def test_what_is_read_again_is_written_where_it_differs(self):
        told = self.bookings(BATCH + 2)
        first = entries_of(self.year).keep(told)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE octopus_journal_entry SET write_date = '2020-01-01',"
            " read_at = '2020-01-01'"
        )
        self.env.invalidate_all()
        told[-1] = replace(told[-1], amount=Decimal("7.77"), comment=None)
        again = entries_of(self.year).keep(told)
        self.assertEqual(again, first)
        self.assertEqual(again[-1].amount, 7.77)
        self.assertFalse(again[-1].comment)
        self.assertEqual(again[-1].as_booking(), told[-1])
        self.assertEqual(again[0].comment, "By hand 0")
        self.assertGreater(min(again.mapped("read_at")).year, 2020)

    def test_few_rows_are_in_memory(self):
        """A count of rows, not a time: one batch of them stays."""
        entries_of(self.year).keep(self.bookings(MANY))
        for name in ("data", "number", "amount"):
            cached = self.model._fields[name]._get_cache(self.env)
            self.assertLessEqual(len(cached), BATCH)


class TestPaymentsOfJournals(LongReadingCase):
    def test_batches_of_a_bank_keep_what_one_write_would(self):
        journal = self.dossier.journal_ids.filtered(lambda row: row.key == "F1")
        year = journal.year_ids.sudo()[:1]
        line = FinancialLine(type="A", amount=Decimal("-2.50"), account=650000)
        bookyear, key = year.place()
        told = [
            FinancialBooking(
                bookyear_id=bookyear,
                journal=key,
                number=1000 + it,
                period=None,
                document_date=self.today,
                exchange_rate=Decimal(1),
                lines=(line,),
            )
            for it in range(BATCH + 1)
        ]
        kept = entries_of(year).keep(told)
        self.assertEqual([it.as_booking() for it in kept], told)
        beyond = [("journal_year_id", "=", year.id), ("number", ">=", 1000)]
        self.assertEqual(
            entries_of(year).known(beyond), {booking.number for booking in told}
        )
