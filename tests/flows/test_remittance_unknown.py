"""No payment and no match twice, none lost, when no answer comes (X.23, X.32)."""

from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from unittest.mock import patch

from odoo.exceptions import UserError

from odoo.addons.octopus_connector.api.client import FIRST_SYNC, DossierClient
from odoo.addons.octopus_connector.api.operations import Capability
from odoo.addons.octopus_connector.api.rest.transport import RestTransport
from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.send.batch import Batch
from odoo.addons.octopus_connector.sync.login import connect

from octopus_sandbox.state.keys import DocumentKey

from .remittance_case import INSERT, MATCH, UNMATCH, RemittanceCase

MATCHES = "getModifiedBalancingRelations"
FEED = "getModifiedFinancialDiversBookings"
READ = "getFinancialDiversBooking"
LOST = (
    {"kind": "close"},
    {"kind": "status", "status": 502},
    {"kind": "html"},
)


class TestRemittanceUnknown(RemittanceCase):
    """The answer got lost, or this database lost what it knew."""

    def test_x23_a_lost_answer_to_a_booking(self):
        for when in ("before", "after"):
            for fault in LOST:
                with self.subTest(when=when, **fault):
                    self.lose(INSERT, when, **fault)
                    invoice = self.booked(amount=10.0)
                    payment = self.pay(invoice)
                    self.push()
                    row = self.row(payment)
                    self.assertEqual(row.state, "unknown", row.findings)
                    number = row.number
                    self.settle(row)
                    self.assert_booked(row)
                    self.assertEqual(row.number, number)
                    self.assert_same_open(invoice)

    def test_x23_a_lost_answer_to_a_match(self):
        """Also on a line that could take the same match twice."""
        for when in ("before", "after"):
            for fault in LOST:
                with self.subTest(when=when, **fault):
                    advance = self.booked(amount=10.0)
                    payment = self.pay(advance, amount=40.0)
                    self.push()
                    row = self.row(payment)
                    invoice = self.booked(amount=10.0)
                    lines = payment.move_id.line_ids | invoice.move_id.line_ids
                    receivable = lines.filtered(
                        lambda it: it.account_type == "asset_receivable"
                    )
                    self.lose(MATCH, when, **fault)
                    receivable.reconcile()
                    self.push()
                    self.assertEqual(row.match_state, "waiting", row.findings)
                    self.assertIn("making", row.match_ids.mapped("state"))
                    self.settle(row)
                    self.assertEqual(row.match_state, "done", row.findings)
                    self.assertEqual(self.matched(row)[self.name(invoice)], 10)
                    self.assert_same_open(advance, invoice)

    def test_x23_a_lost_answer_to_an_unmatch(self):
        for when in ("before", "after"):
            with self.subTest(when=when):
                invoice = self.booked(amount=10.0)
                payment = self.pay(invoice)
                self.push()
                row = self.row(payment)
                self.lose(UNMATCH, when)
                payment.action_cancel()
                self.push()
                self.settle(row | row.reversal_ids)
                self.assertEqual(row.state, "reversed", row.findings)
                self.assertFalse(self.matched(row))
                self.assert_same_open(invoice)

    def test_x23_sent_into_another_journal_since_it_was_prepared(self):
        """Another worker follows the settings as they are now, and dies during its
        call: nothing is booked where it was prepared for as well."""
        payment = self.pay(self.booked())
        before = self.last()
        send_requests, sent = Batch._send_requests, []

        def elsewhere_first(batch, requests, in_time):
            if not sent:
                sent.append(self.send_into(batch, requests[0], "F2"))
            return send_requests(batch, requests, in_time)

        with patch.object(Batch, "_send_requests", elsewhere_first):
            self.push()
        row = self.row(payment)
        self.assert_booked(row)
        self.assertEqual((row.journal_id.key, self.last()), ("F2", before))

    def test_x23_one_that_may_be_there_is_not_dropped(self):
        """Something makes it wait, and it is cancelled: its row and its doubt stay."""
        self.lose(INSERT, "after")
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        row.sudo().hold("waiting", [Finding(codes.SERVICE_DOWN)])
        self.assertEqual(row.state, "unknown")
        payment.action_cancel()
        self.settle(row)
        self.push()
        self.assertEqual(row.state, "reversed")
        self.assertEqual(len(self.copies(row.reversal_ids)), 1)

    def send_into(self, batch, request, key):
        """Book a payment in another journal and note the claim only, as a worker that
        dies; return its row."""
        row = batch.kind.rows.browse(request.booking_id)
        journals = self.dossier.journal_ids.filtered(lambda it: it.key == key)
        years = journals.year_ids.filtered(
            lambda it: it.bookyear_id.octopus_id == self.year
        )
        booking = replace(request.booking, journal=key, number=self.last(key) + 1)
        row.claim(request, booking, journal_year_id=years.id, slots=[*request.slots])
        batch.commit()
        batch.kind.insert(row, request, booking)
        return row

    def forget(self, payment):
        """Know nothing of a payment that was sent, as after a restored backup."""
        self.row(payment).sudo().unlink()
        year = self.dossier.journal_ids.filtered(lambda it: it.key == "F1").year_ids
        year.sudo().write({"last_number": 0, "accounted_number": 0})

    def test_x32_a_restored_backup_books_and_matches_nothing_again(self):
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        self.forget(payment)
        self.push()
        row = self.row(payment)
        self.assert_booked(row)
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertEqual(self.matched(row), {self.name(invoice): Decimal("121.00")})
        self.assertEqual(row.match_ids.mapped("state"), ["made"])
        self.assertEqual(len(self.copies(row)), 1)

    def test_x31_nothing_is_undone_that_is_gone_there(self):
        """Issue 4: the accountant deleted it while the booking the other way waited."""
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        self.books.accountant.set_journal(self.year, "F1", opened_by="accountant")
        payment.action_cancel()
        self.push()
        back = row.reversal_ids
        self.assertEqual((row.state, back.state), ("reversing", "waiting"))
        self.books.accountant.set_journal(self.year, "F1", opened_by="")
        self.books.accountant.delete_last(self.year, "F1")
        self.later(back)
        self.push()
        self.refresh()
        self.later(back)
        self.push()
        self.assertFalse(self.copies(back))
        self.assertEqual((row.state, back.state), ("reversed", "excluded"))
        self.assertEqual(self.open_there(invoice), Decimal("121.00"))

    def test_x31_its_number_is_free_for_another(self):
        first = self.pay(self.booked())
        self.push()
        row = self.row(first)
        first.action_cancel()
        self.books.accountant.delete_last(self.year, "F1")
        self.push()
        self.refresh()
        second = self.pay(self.booked(amount=20.0))
        self.push()
        self.assertEqual(row.state, "reversed")
        self.assert_booked(self.row(second))

    ALTERED = {
        "another day": {"days": 1},
        "no text": {"text": ""},
        "another text and amount": {"text": "paid, thanks", "less": 1},
    }

    def assert_asked(self, row):
        self.assertEqual(
            (row.state, row.cause), ("blocked", "payment_disputed"), row.findings
        )

    def test_x23_what_was_altered_there_is_never_booked_twice(self):
        """H.1, X.20: what was found is shown and asked; Send alone books nothing."""
        for how, altered in self.ALTERED.items():
            with self.subTest(how):
                row, _invoice = self.disputed(**altered)
                before = self.last()
                for _try in range(2):
                    self.assert_asked(row)
                    shown = row.entry_id
                    self.assertEqual(shown.number, before)
                    there = self.books.dossier.financial_bookings[
                        DocumentKey(self.year, "F1", before)
                    ]
                    self.assertEqual(
                        (row.entry_date, row.entry_amount, row.entry_text or None),
                        (
                            there.document_date,
                            float(there.total),
                            there.lines[0].reference or None,
                        ),
                    )
                    self.assertIn(shown.octopus_number, row.told)
                    row.action_send()
                self.assertEqual(self.last(), before)
                self.assertIn("payments_disputed", self.told())
                self.dossier.action_check_payments()
                self.assertFalse(self.questions(), "It is asked twice")
                row.action_adopt()
                self.assertEqual(row.state, "booked", row.findings)

    def test_x32_it_is_this_one(self):
        """H.1: what was found is linked and matched; nothing is booked."""
        row, invoice = self.disputed(text="paid, thanks", days=1)
        before = self.last()
        self.books.accountant.set_journal(self.year, "F1", opened_by="accountant")
        row.action_adopt()
        self.books.accountant.set_journal(self.year, "F1", opened_by="")
        self.push()
        self.assertEqual((row.state, row.number), ("booked", before))
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertFalse(row.entry_id)
        self.assertEqual(self.last(), before)
        self.assert_same_open(invoice)

    def test_h2_it_is_this_one_and_was_taken_back_here(self):
        row, invoice = self.disputed(text="paid, thanks")
        row.payment_id.action_cancel()
        self.written_later(row.move_id)
        self.push()
        self.assert_asked(row)
        row.action_send()
        self.assert_asked(row)
        row.action_adopt()
        self.push()
        self.assertEqual((row.state, row.reversal_ids.state), ("reversed", "booked"))
        self.assertFalse(self.matched(row))
        self.assert_same_open(invoice)

    def test_x32_it_is_another(self):
        """H.1: it is booked once, and that question is not asked again."""
        row, invoice = self.disputed(text="paid, thanks")
        found = row.entry_id
        before = self.last()
        row.action_other_payment()
        self.assertEqual((row.state, row.entry_id), ("ready", found.browse()))
        self.push()
        self.assert_booked(row)
        self.assertEqual(row.number, before + 1)
        self.assert_same_open(invoice)

    def test_x32_another_that_was_taken_back_here_is_let_go(self):
        row, _invoice = self.disputed(text="paid, thanks")
        row.payment_id.action_cancel()
        self.push()
        row.action_other_payment()
        before = self.last()
        self.push()
        self.assertFalse(row.exists())
        self.assertEqual(self.last(), before)

    def test_x32_what_was_shown_is_what_is_linked(self):
        """It was altered once more, or deleted, while a person looked at it."""
        row, invoice = self.disputed(text="paid, thanks")
        there = self.books.dossier.financial_bookings
        number = row.entry_id.number
        key = DocumentKey(self.year, "F1", number)
        self.books.accountant.edit(key, document_date=self.days_ago(2))
        self.assertIn("meanwhile", self.refused(row.action_adopt))
        self.assert_asked(row)
        self.assertEqual(row.entry_date, there[key].document_date)
        self.books.accountant.delete_last(self.year, "F1")
        self.assertIn("meanwhile", self.refused(row.action_adopt))
        self.assertFalse(row.entry_id)
        row.action_send()
        self.assert_booked(row)
        self.assert_same_open(invoice)

    def refused(self, act):
        """What a person is told; unlike with assertRaises, what was read stays."""
        try:
            act()
        except UserError as error:
            self.env.invalidate_all()
            return str(error)
        return self.fail("It was not refused")

    def test_x32_altered_and_lost_with_a_restored_backup(self):
        """Nothing knows its number any more: its day, amount and payer tell."""
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        self.alter(self.row(payment), text="paid, thanks")
        number = self.row(payment).number
        self.forget(payment)
        self.push()
        row = self.row(payment)
        self.assert_asked(row)
        self.assertEqual(row.entry_id.number, number)
        row.action_send()
        self.assert_asked(row)
        self.assertEqual(self.last(), number)
        row.action_adopt()
        self.assertEqual((row.number, row.match_state), (number, "done"), row.findings)
        self.assert_same_open(invoice)

    def test_x20_what_was_altered_there_and_mended(self):
        """Issue 4: a person puts one of the two right, then it goes on."""
        for mended in (True, False):
            with self.subTest(mended=mended):
                row, invoice = self.disputed(days=1)
                key = DocumentKey(self.year, "F1", row.entry_id.number)
                if mended:
                    self.books.accountant.edit(key, document_date=self.today)
                else:
                    self.books.accountant.delete_last(self.year, "F1")
                row.action_send()
                self.assert_booked(row)
                self.assertFalse(row.entry_id)
                self.assert_same_open(invoice)

    def test_x46_only_what_changed_is_read_again(self):
        """Issue 4: the accountant books each day in the same journal."""
        asked = []
        read = DossierClient.financial_bookings_modified

        def note(client, bookyear, journal, since, **options):
            asked.append(since)
            return read(client, bookyear, journal, since, **options)

        with patch.object(DossierClient, "financial_bookings_modified", note):
            for amount in (10.0, 20.0, 30.0):
                others = self.booked(amount=amount + 1)
                self.receive((others, amount + 1), journal="F1")
                self.refresh()
                payment = self.pay(self.booked(amount=amount))
                self.push()
                self.assert_booked(self.row(payment))
        self.assertEqual([since == FIRST_SYNC for since in asked], [True, False, False])

    def test_x23_matches_that_are_not_listed_wait(self):
        """A refused list is no refused match."""
        self.lose(MATCH, "after")
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        self.faults.add("status", status=400, operation=MATCHES)
        self.settle(row)
        self.assertEqual((row.match_state, row.cause), ("waiting", "answer_unclear"))
        self.assertTrue(row.retry_at)
        self.settle(row)
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertEqual(self.matched(row), {self.name(invoice): Decimal("121.00")})

    # Octopus does not list what stands in a bank journal

    def others_booked(self, count):
        """The accountant books in the journal, which is known from its last number."""
        for _time in range(count):
            others = self.booked(amount=11.0)
            self.receive((others, 11.0), journal="F1")
        self.refresh()

    def refuse(self, count=1):
        """Let Octopus refuse to list bank bookings."""
        self.faults.add("status", status=400, operation=FEED, count=count)

    def test_x32_a_refused_feed_of_a_few_is_read_singly(self):
        self.others_booked(2)
        there = self.last()
        self.refuse()
        payment = self.pay(self.booked(amount=20.0))
        self.push()
        self.assert_booked(self.row(payment))
        self.assertEqual(len(self.calls(READ)), there)

    def test_x32_a_refused_feed_waits_and_mends_itself(self):
        """As with documents: the feed was refused, not the payment."""
        self.others_booked(6)
        self.refuse()
        invoice = self.booked(amount=20.0)
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("waiting", "journal_unread"))
        self.assertTrue(row.retry_at)
        self.assertFalse(self.calls(READ), "six would be too many of ten a day")
        self.settle(row)
        self.assert_booked(row)
        self.assert_same_open(invoice)

    def test_x32_neither_feed_nor_single_read(self):
        self.others_booked(1)
        self.refuse()
        self.faults.add("quota", operation=READ)
        payment = self.pay(self.booked(amount=20.0))
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("waiting", "journal_unread"))
        self.settle(row)
        self.assert_booked(row)

    def test_x32_a_refused_feed_of_a_number_that_was_freed(self):
        """It was deleted and perhaps booked anew: that is looked at once it can be."""
        paid = [self.pay(self.booked(amount=amount)) for amount in (10.0, 12.0)]
        self.push()
        year = self.row(paid[1]).journal_year_id.sudo()
        year.freed_numbers = [self.row(paid[0]).number]
        self.refuse()
        self.faults.add("quota", operation=READ)
        payment = self.pay(self.booked(amount=20.0))
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("waiting", "journal_unread"))
        self.settle(row)
        self.assert_booked(row)
        self.assertFalse(year.freed_numbers)

    def test_h2_a_refused_feed_does_not_stop_what_is_taken_back(self):
        """The single read has no call left, and the feed is refused."""
        payment = self.pay(self.booked(amount=20.0))
        self.push()
        row = self.row(payment)
        payment.action_cancel()
        self.refuse()
        self.faults.add("quota", operation=READ)
        self.push()
        self.assertEqual(row.state, "reversed", row.reversal_ids.findings)

    def test_x31_a_booking_deleted_there_is_not_sent_again(self):
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        self.books.accountant.delete_last(self.year, "F1")
        self.refresh()
        self.push()
        self.assertEqual(row.state, "gone")
        self.assertFalse(self.copies(row))

    def test_x31_a_person_decides_about_what_is_gone(self):
        """It is told once, and can be booked anew or left."""
        for again in (True, False):
            with self.subTest(again=again):
                invoice = self.booked(amount=10.0)
                payment = self.pay(invoice)
                self.push()
                row = self.row(payment)
                self.books.accountant.delete_last(self.year, "F1")
                self.refresh()
                self.assertIn("payments_gone", self.told())
                row.action_send_again() if again else row.exclude("not needed")
                self.assertNotIn("payments_gone", self.told())
                self.assertEqual(row.state, "booked" if again else "excluded")
                self.assertEqual(len(self.copies(row)), int(again))
                self.assertEqual(self.open_there(invoice), 0 if again else 10)

    def test_x31_the_way_back_is_gone(self):
        """The payment stands there again, though it was taken back here."""
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        payment.action_cancel()
        self.push()
        self.books.accountant.delete_last(self.year, "F1")
        self.refresh()
        back = row.reversal_ids
        self.assertEqual(back.state, "gone")
        back.action_send_again()
        self.assertEqual(back.state, "booked")
        for _deleted in range(2):
            self.books.accountant.delete_last(self.year, "F1")
        self.refresh()
        self.assertEqual((row.state, back.state), ("reversed", "excluded"))

    def told(self):
        """Codes of what the watchdog tells about the dossier."""
        found = self.env["octopus.watchdog"].findings(self.dossier)
        return [finding.code for finding in found]

    def test_h2_undone_while_the_match_is_on_its_way(self):
        """Issue 4 §3: what is taken back in that second is taken back there too."""
        invoice = self.booked()
        payment = self.pay(invoice)
        with self.meanwhile("insert_balancing", self.unreconcile, invoice):
            self.push()
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.match_state), ("booked", "done"))
        self.assertFalse(self.matched(row))
        self.assert_same_open(invoice)

    def test_h2_undone_while_the_match_is_refused(self):
        """It is looked at once more in the same pass: nobody wakes the next one."""
        invoice = self.booked(amount=50.0)
        self.receive((invoice, 50), journal="F2")
        payment = self.pay(invoice)
        with self.meanwhile("insert_balancing", self.unreconcile, invoice):
            self.push()
        self.assertEqual(self.row(payment).match_state, "done")

    @contextmanager
    def meanwhile(self, operation, act, *args):
        """Let a person do something once, while a call is on its way."""
        call = getattr(DossierClient, operation)
        left = [partial(act, *args)]

        def slow(*values, **named):
            try:
                return call(*values, **named)
            finally:
                while left:
                    left.pop()()

        with patch.object(DossierClient, operation, slow):
            yield

    def unreconcile(self, booking):
        booking.move_id.line_ids.remove_move_reconcile()
        self.env.flush_all()

    def test_h2_a_match_that_is_not_there_is_taken_back(self):
        """How Octopus answers then is unknown (api.md §4.10)."""
        for how in ("refused", "404", "400"):
            with self.subTest(how=how):
                self.sandbox.world.set_switches({"unmatched_twice": how})
                invoice = self.booked(amount=10.0)
                payment = self.pay(invoice)
                self.push()
                row = self.row(payment)
                self.unmatch(invoice, f"{self.key(row)}/1")
                payment.action_cancel()
                self.push()
                self.assertEqual(
                    (row.state, row.match_state), ("reversed", "done"), row.findings
                )
                self.assertFalse(row.match_ids)

    def test_x43_the_limit_of_matches_stops_no_booking(self):
        payments = [self.pay(self.booked(amount=10.0 + i)) for i in range(3)]
        limit = "odoo.addons.octopus_connector.call_log.daily_limit"
        with patch(limit, lambda name: 2 if name == "insert_balancing" else None):
            # Two a day, one of them kept for people.
            self.push()
        rows = self.env["octopus.payment"].union(*map(self.row, payments))
        self.assertEqual(rows.mapped("state"), ["booked"] * 3)
        self.assertEqual(rows.mapped("match_state"), ["done", "waiting", "todo"])
        self.assertEqual(rows[1].cause, "quota_reached")
        self.assertEqual(len(self.calls(MATCH)), 1)
        run = self.env["octopus.run"].search([("kind", "=", "remit")], limit=1)
        self.assertEqual(run.problem["code"], "quota_reached")
        self.later(rows)
        self.push()
        self.assertEqual(rows.mapped("match_state"), ["done"] * 3)

    def test_x38_a_rejected_login_marks_no_match(self):
        payments = [self.pay(self.booked(amount=10.0 + i)) for i in range(2)]
        self.push()
        rows = self.env["octopus.payment"].union(*map(self.row, payments))
        for payment in payments:
            payment.move_id.line_ids.remove_move_reconcile()
        self.faults.add("expired_token", operation=UNMATCH, count=2)
        self.push()
        self.assertEqual(self.connection.state, "rejected")
        self.assertEqual(rows.mapped("match_state"), ["todo", "todo"])
        self.assertFalse(any(rows.mapped("cause")))
        connect(self.connection)
        self.push()
        self.assertEqual(rows.mapped("match_state"), ["done", "done"])

    def test_x36_a_match_of_ours_taken_back_there_is_one_question(self):
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        self.pull()
        self.unmatch(invoice, f"{self.key(self.row(payment))}/1")
        self.dossier.action_check_payments()
        self.assertEqual(self.questions().mapped("code"), ["payment_unmatched_there"])

    def test_x25_what_the_accountant_matched_before_is_a_question(self):
        """Octopus refuses what is matched already; the booking stands, others go on."""
        invoice = self.booked(amount=50.0)
        self.receive((invoice, 50), journal="F2")
        payment = self.pay(invoice)
        other = self.booked(amount=30.0)
        other_payment = self.pay(other)
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.match_state), ("booked", "blocked"))
        self.assertEqual(row.cause, "match_refused")
        self.assertIn("matches_blocked", self.told())
        self.assertEqual(self.row(other_payment).match_state, "done")

    def test_h2_without_the_call_a_match_is_taken_back_by_hand(self):
        """SOAP cannot take a match back: the booking the other way is made, and the
        accountant is asked."""
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        payment.action_cancel()
        without = RestTransport.capabilities - {Capability.BALANCING_DELETE}
        with patch.object(RestTransport, "capabilities", without):
            self.push()
        self.assertEqual((row.state, row.match_state), ("reversed", "blocked"))
        self.assertEqual(row.cause, "match_by_hand")
        self.assertEqual(self.there(row.reversal_ids).total, Decimal("-121.00"))

    def test_x4_a_journal_open_elsewhere_is_waited_for(self):
        self.books.accountant.set_journal(self.year, "F1", opened_by="accountant")
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("waiting", "journal_open_elsewhere"))
        self.books.accountant.set_journal(self.year, "F1", opened_by="")
        self.settle(row)
        self.assert_booked(row)

    def test_x2_a_protected_period_is_waited_for(self):
        period = self.books.dossier.bookyears[self.year].period_of(self.today).number
        self.books.accountant.set_journal(self.year, "F1", protected_period=period)
        self.refresh()
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("waiting", "period_protected"))
