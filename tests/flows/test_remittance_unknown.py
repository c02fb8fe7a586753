"""No payment and no match twice, none lost, when no answer comes (X.23, X.32)."""

from decimal import Decimal
from unittest.mock import patch

from odoo.addons.octopus_connector.api.operations import Capability
from odoo.addons.octopus_connector.api.rest import RestTransport

from .remittance_case import INSERT, MATCH, UNMATCH, RemittanceCase

LOST = (
    {"kind": "close"},
    {"kind": "status", "status": 502},
    {"kind": "html"},
)


class TestRemittanceUnknown(RemittanceCase):
    """The answer got lost, or this database lost what it knew."""

    def lose(self, operation, when, **fault):
        self.faults.add(operation=operation, when=when, **{"kind": "close", **fault})

    def settle(self, row):
        self.later(row)
        self.push()

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

    def test_x32_a_restored_backup_books_and_matches_nothing_again(self):
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        self.row(payment).sudo().unlink()
        year = self.dossier.journal_ids.filtered(lambda it: it.key == "F1").year_ids
        year.sudo().write({"last_number": 0, "accounted_number": 0})
        self.push()
        row = self.row(payment)
        self.assert_booked(row)
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertEqual(self.matched(row), {self.name(invoice): Decimal("121.00")})
        self.assertEqual(row.match_ids.mapped("state"), ["made"])
        self.assertEqual(len(self.copies(row)), 1)

    def test_x31_a_booking_deleted_there_is_not_sent_again(self):
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        self.books.accountant.delete_last(self.year, "F1")
        self.refresh()
        self.push()
        self.assertEqual(row.state, "gone")
        self.assertFalse(self.copies(row))

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
        self.assertEqual(self.row(other_payment).match_state, "done")

    def test_h2_without_the_call_a_match_is_taken_back_by_hand(self):
        """SOAP can not take a match back: the booking the other way is made, and the
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
