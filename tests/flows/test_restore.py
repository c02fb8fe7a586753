"""What others booked is looked at before a number is taken (X.32, issue 3 point 1)."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from odoo.addons.octopus_connector.prepare.relations import Relations

from octopus_sandbox.state.booking import BookingLine

from .outbox_case import FEED, INSERT, JOURNALS, READ, OutboxCase


class RestoreCase(OutboxCase):
    """Acts of an accountant who books our documents too, and of a restored backup."""

    @contextmanager
    def restored(self):
        """Let what happens inside be forgotten by Odoo, as by a restored backup."""
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT yesterday")
        yield
        self.env.flush_all()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT yesterday")
        self.env.invalidate_all()

    def typed(self, move, comment="typed by hand", key="V1", **values):
        """Let the accountant enter a document by hand; return its key."""
        partner = move.commercial_partner_id
        relation = Relations(self.env, self.dossier).known(partner)[partner.id]
        account = move.company_id.octopus_dossier_id.account_ids.filtered(
            lambda row: row.number // 10000 == (70 if key == "V1" else 61)
        )[0]
        line = BookingLine(account.number, Decimal(str(move.amount_total)))
        entered = {
            "journal_key": key,
            "day": move.invoice_date,
            "relation": relation.octopus_id,
            "lines": [line],
            "comment": comment,
            **values,
        }
        return self.books.accountant.book_document(**entered)

    def known(self, move):
        """Have the contact of a document in Octopus already."""
        first = self.send(self.document(partner_id=move.commercial_partner_id.id))
        self.assert_booked(first)

    def entry(self, row):
        """Return what a row may be."""
        [finding] = row.findings
        return self.env[finding["model"]].browse(finding["ids"])


class TestRestore(RestoreCase):
    """Nothing is booked again after yesterday's database was put back."""

    def test_x32_z4_a_restored_database_books_nothing_again(self):
        """Found, linked and told, each under its own number; two calls in all."""
        before = self.send(self.document())
        moves = [self.document(), self.document(), self.document()]
        rows = self.queue(*moves)
        with self.restored():
            self.push()
            numbers = rows.mapped("number")
            self.assertTrue(all(numbers))
        self.assertFalse(any(rows.mapped("number")))
        self.sandbox.world.calls.clear()
        self.push()
        for row in rows:
            self.assert_booked(row)
            texts = " ".join(row.move_id.message_ids.mapped("body"))
            self.assertIn("it was not sent again", texts)
        self.assertEqual(rows.mapped("number"), numbers)
        self.assertEqual(self.statuses(INSERT), [400])
        self.assertEqual((len(self.calls(JOURNALS)), len(self.calls(FEED))), (1, 1))
        after = self.send(self.document())
        self.assert_booked(after)
        self.assertEqual(after.number, max(numbers) + 1)
        self.assertEqual(before.number, min(numbers) - 1)

    def test_x32_a_refresh_before_the_first_push_hides_nothing(self):
        """The mirror then knows the last number, and no -13 would warn."""
        row = self.queue(self.document())
        with self.restored():
            self.push()
        self.refresh()
        self.push()
        self.assert_booked(row)
        self.assertFalse(self.statuses(INSERT)[1:])

    def test_x32_documents_that_odoo_lost_stay_and_the_next_goes_behind(self):
        """Booked since the backup, unknown to Odoo now: left as they are."""
        self.send(self.document())
        with self.restored():
            lost = self.send(self.document(lines=[(77.0, None)]))
            name, number = lost.move_id.name, lost.number
        row = self.send(self.document(name=name))
        self.assertEqual((row.state, row.cause), ("blocked", "maybe_booked"))
        self.assertEqual(self.entry(row).number, number)

    def test_x32_x21_the_same_number_policy(self):
        self.company.octopus_number_policy = "same"
        self.books.accountant.delete_last(self.year, "V1")
        self.books.accountant.delete_last(self.year, "V1")
        self.refresh()
        row = self.queue(self.document(name="INV/2026/00001"))
        with self.restored():
            self.push()
            self.assert_booked(row)
        self.push()
        self.assert_booked(row)
        self.assertEqual(row.number, row.move_id.sequence_number)

    def test_x32_only_our_own_bookings_cost_no_call_besides(self):
        """Issue 3, speed: nothing foreign happened, so nothing is read."""
        self.send(self.document())
        self.sandbox.world.calls.clear()
        for _number in range(3):
            self.assert_booked(self.send(self.document()))
        names = {call.operation for call in self.calls()}
        self.assertEqual(names, {INSERT})

    def test_x32_foreign_bookings_are_read_once(self):
        """One call each time that somebody else booked; never again for our own."""
        self.send(self.document())
        self.by_hand()
        self.assert_booked(self.send(self.document()))
        self.by_hand()
        self.by_hand()
        self.assert_booked(self.send(self.document()))
        self.assert_booked(self.send(self.document()))
        self.assertEqual(len(self.calls(FEED)), 3)
        entries = self.env["octopus.journal.entry"].search([])
        self.assertEqual(max(entries.mapped("number")), self.last() - 2)


class TestTyped(RestoreCase):
    """A person booked the document by hand before it was sent."""

    def maybe(self, **values):
        move = self.document(**values)
        self.known(move)
        self.typed(move)
        row = self.send(move)
        self.assert_held(row, "blocked", "maybe_booked")
        return row

    def test_x32_the_same_amount_relation_and_date_ask(self):
        row = self.maybe()
        entry = self.entry(row)
        self.assertEqual(entry.number, self.last())
        self.assertEqual(entry.amount, row.move_id.amount_total)
        self.assertEqual(entry.comment, "typed by hand")
        # Asking again, alone or with others, sends it neither.
        self.send(row.move_id)
        self.assert_held(row, "blocked", "maybe_booked")

    def test_x32_others_go_on(self):
        row = self.maybe()
        other = self.send(self.document(lines=[(33.0, None)]))
        self.assert_booked(other)
        self.assert_held(row, "blocked", "maybe_booked")

    def test_x32_a_vendor_number_asks_whatever_the_date(self):
        move = self.document("in_invoice", ref="F-2026-77", lines=[(50.0, None)])
        self.assert_booked(self.send(self.document("in_invoice")))
        self.typed(move, comment="F-2026-77", key="A1", day=self.today - timedelta(9))
        row = self.send(move)
        self.assertEqual((row.state, row.cause), ("blocked", "maybe_booked"))

    def test_x32_a_subscription_of_every_month_does_not_ask(self):
        move = self.document()
        self.known(move)
        year = self.books.dossier.bookyear_of(self.today)
        other_day = min(day for day in (year.start, year.end) if day != self.today)
        self.typed(move, day=other_day)
        self.assert_booked(self.send(move))

    def test_x32_the_feed_is_empty_a_few_are_read_singly(self):
        """X.46: 404 means nothing changed; the number says that something is there."""
        move = self.document()
        self.known(move)
        self.typed(move)
        self.books.dossier.feeds.bookings.changes.clear()
        row = self.send(move)
        self.assert_held(row, "blocked", "maybe_booked")
        self.assertTrue(self.calls(READ))

    def test_x32_what_is_not_shown_waits(self):
        """Neither feed nor single read tells: nothing is sent, nothing is stuck."""
        move = self.document()
        self.known(move)
        self.typed(move)
        self.books.dossier.feeds.bookings.changes.clear()
        self.faults.add("quota", operation=READ)
        row = self.queue(move)
        self.push()
        self.assert_held(row, "waiting", "journal_unread")
        self.assertTrue(row.retry_at)

    def test_x43_the_limit_of_the_feed_waits_until_tomorrow(self):
        move = self.document()
        self.known(move)
        self.typed(move)
        self.faults.add("quota", operation=FEED)
        row = self.queue(move)
        self.push()
        self.assert_held(row, "waiting", "quota_reached")
