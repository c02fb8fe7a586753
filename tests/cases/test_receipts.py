"""Receipts, and what employees paid (X.76).

In Odoo they are documents beside the invoices: ``out_receipt`` and ``in_receipt``. An
expense that an employee paid is a purchase receipt of that employee.

Read with: OCA/hr-expense#362 (Odoo 19 makes a purchase receipt of such an expense).
"""

from decimal import Decimal

from odoo.exceptions import UserError

from ..flows.payments_case import PaymentsCase, exact
from ..flows.remittance_case import RemittanceCase

D = Decimal
KINDS = {"out_receipt": "V1", "in_receipt": "A1"}


class ReceiptMixin:
    """A sales receipt, and an expense that an employee paid; of 121.00 each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.octopus_attachment_policy = "none"
        cls.employee = cls.env["res.partner"].create(
            {"name": "Els Peeters", "country_id": cls.env.ref("base.be").id}
        )

    def receipt(self, kind="in_receipt", **values):
        return self.document(kind, partner_id=self.employee.id, **values)

    def booking(self, move):
        return self.env["octopus.booking"].search([("move_id", "=", move.id)])

    def here(self, booking):
        """The sandbox's booking of a document, which is there once."""
        found = self.there_as(booking.move_id)
        self.assertEqual(len(found), 1, booking.findings)
        return found[0]

    def there_as(self, move):
        """What the sandbox has of a document."""
        bookings = self.books.dossier.bookings.values()
        return [it for it in bookings if it.comment == move.name]

    def pay_move(self, move):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": self.bank.id, "payment_date": self.today})
        )
        return wizard._create_payments()


class TestReceiptsStayOut(ReceiptMixin, RemittanceCase):
    """Nobody chose: they stay out, and say so."""

    def test_x76_nothing_goes_and_the_receipt_says_why(self):
        self.assertEqual(self.company.octopus_receipts, "out")
        for kind in KINDS:
            with self.subTest(kind=kind):
                move = self.receipt(kind)
                self.push()
                self.assertFalse(self.booking(move))
                self.assertIn("receipts_stay_out", move.octopus_findings_html)
                self.assertIn("stay out of Octopus", move.octopus_told)
                self.assertTrue(move.octopus_enabled)
                with self.assertRaisesRegex(UserError, "stay out of Octopus"):
                    move.action_octopus_send()
                self.assertFalse(self.booking(move))
                self.assertFalse(self.there_as(move))
        self.assertFalse(
            self.env["account.move"]
            .search([("octopus_not_asked", "=", True)])
            .filtered(lambda move: move.move_type in KINDS)
        )

    def test_x76_an_invoice_says_nothing_of_it(self):
        self.assertNotIn("receipts", self.document().octopus_findings_html or "")

    def test_x76_its_payment_goes_unmatched_and_names_it(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                move = self.receipt(kind)
                payment = self.pay_move(move)
                self.push()
                row = self.row(payment)
                self.assert_booked(row)
                [told] = row.findings
                self.assertEqual(told["code"], "payment_unmatched")
                self.assertEqual(told["params"]["documents"], [move.name])
                self.assertIn(move.name, row.findings_html)
                self.assertFalse(self.matched(row))

    def test_x76_its_payment_is_matched_when_it_goes_later(self):
        """X.66: what went unmatched is matched once its document comes after all."""
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.company.octopus_receipts = "out"
                move = self.receipt(kind)
                payment = self.pay_move(move)
                self.push()
                row = self.row(payment)
                self.assertFalse(self.matched(row))
                self.company.octopus_receipts = "go"
                move.action_octopus_send()
                self.push()
                booking = self.booking(move)
                self.assertEqual(self.matched(row), {self.name(booking): D("121.00")})
                self.assertEqual(self.open_there(booking), 0)
                self.assertFalse(row.findings)

    def test_x76_one_that_was_asked_for_does_not_go_after_all(self):
        self.company.octopus_receipts = "go"
        self.dossier.automatic = False
        move = self.receipt()
        rows = move._octopus_queue(self.env.user)
        self.company.octopus_receipts = "out"
        self.push()
        self.assertEqual((rows.state, rows.cause), ("blocked", "receipts_stay_out"))
        self.assertFalse(self.there_as(move))
        self.company.octopus_receipts = "go"
        move.action_octopus_send()
        self.assertEqual(rows.state, "booked", rows.findings)


class TestReceiptsGo(ReceiptMixin, RemittanceCase):
    """A company chose that they go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.octopus_receipts = "go"

    def test_x76_they_are_booked_as_invoices_are(self):
        for kind, journal in KINDS.items():
            with self.subTest(kind=kind):
                booking = self.booking(self.receipt(kind))
                self.assertEqual((booking.state, booking.kind), ("ready", kind))
                self.push()
                self.assertEqual(booking.state, "booked", booking.findings)
                there = self.here(booking)
                self.assertEqual(there.journal, journal)
                self.assertEqual(there.amount, D("121.00"))
                self.assertEqual(
                    [(line.base, line.vat) for line in there.lines],
                    [(D("100.00"), D("21.00"))],
                )
                relation = self.books.dossier.relations[there.relation]
                sale = kind == "out_receipt"
                self.assertTrue(relation.client if sale else relation.supplier)
                self.assertEqual(booking.document_amount, 121.0)

    def test_x76_their_own_journal_goes_first(self):
        """Expenses have a journal of their own in Odoo; it is mapped with another."""
        expenses = self.company_data["default_journal_purchase"].copy(
            {"name": "Expenses", "code": "EXP"}
        )
        key = "A2"
        self.env["octopus.journal.mapping"].create(
            {
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "journal_id": expenses.id,
                "octopus_journal_id": self.dossier.journal_ids.filtered(
                    lambda row: row.key == key
                ).id,
            }
        )
        booking = self.booking(self.receipt(journal_id=expenses.id))
        self.push()
        self.assertEqual(self.here(booking).journal, key)

    def test_x76_closed_periods_are_those_of_invoices(self):
        self.company.octopus_in_invoice_closed_policy = "refuse"
        self.books.accountant.set_journal(self.year, "A1", closed=True)
        self.refresh()
        booking = self.booking(self.receipt())
        self.push()
        self.assertEqual((booking.state, booking.cause), ("blocked", "journal_closed"))

    def test_x76_their_payments_wait_for_them_and_are_matched(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                move = self.receipt(kind)
                payment = self.pay_move(move)
                self.push()
                row, booking = self.row(payment), self.booking(move)
                self.later(row)
                self.push()
                self.assert_booked(row)
                name = self.name(booking)
                self.assertEqual(self.matched(row), {name: D("121.00")})
                self.assertEqual(self.open_there(booking), 0)
                self.assertFalse(row.findings)


class TestReceiptsPaidInOctopus(ReceiptMixin, PaymentsCase):
    """The bank is kept in Octopus."""

    def test_x76_a_receipt_is_paid_as_an_invoice_is(self):
        self.company.octopus_receipts = "go"
        for kind in KINDS:
            with self.subTest(kind=kind):
                move = self.receipt(kind)
                move.action_octopus_send()
                booking = self.booking(move)
                line = self.receive((booking, 121))
                self.pull()
                self.assertEqual(move.amount_residual, 0.0)
                self.assertEqual(self.problems(booking), [])
                self.assertEqual(exact(self.payments(booking).amount), D("121.00"))
                self.unmatch(booking, line)
                self.pull()
                self.assertEqual(move.amount_residual, 121.0)
