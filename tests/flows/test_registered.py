"""Payments that are registered in Odoo without an entry, and what Octopus tells of them
(X.64)."""

from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError

from .remittance_case import RemittanceCase


class RegisteredCase(RemittanceCase):
    """Odoo Enterprise, and a bank without outstanding accounts: what is registered
    waits for the bank, and has no entry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        methods = (
            cls.bank.inbound_payment_method_line_ids
            | cls.bank.outbound_payment_method_line_ids
        )
        methods.payment_account_id = False
        # As Enterprise's accounting says: there payments need no outstanding account.
        enterprise = patch.object(
            type(cls.env["account.move"]),
            "_get_invoice_in_payment_state",
            lambda moves: "in_payment",
        )
        cls.startClassPatcher(enterprise)

    def registered(self, *bookings, **values):
        payment = self.pay(*bookings, **values)
        self.assertEqual((payment.state, len(payment.move_id)), ("in_process", 0))
        return payment

    def live(self, booking):
        """The payments in force of a document."""
        return booking.move_id.matched_payment_ids.filtered(
            lambda it: it.state in ("in_process", "paid")
        )


class TestRegistered(RegisteredCase):
    """Octopus keeps the bank: the receipt comes from there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank.octopus_payment_owner = "octopus"

    def assert_used(self, payment, *bookings):
        """The registered payment is the only one, with its entry, and evidence."""
        for booking in bookings:
            self.assertEqual(self.live(booking), payment)
            self.assertEqual(booking.move_id.payment_state, "paid")
        self.assertEqual(payment.state, "paid")
        self.assertEqual(payment.move_id.state, "posted")
        self.assertTrue(payment.octopus_balancing_ids)
        self.assert_same_open(*bookings)

    def test_x64_the_registered_payment_is_the_one(self):
        """The issue: 121 in process, then a receipt of 121; never 242."""
        invoice = self.booked()
        payment = self.registered(invoice, payment_date=self.days_ago(2))
        self.receive((invoice, 121))
        self.pull()
        self.assertEqual(self.problems(invoice), [])
        self.assert_used(payment, invoice)
        self.assertEqual((payment.date, payment.amount), (self.today, 121.0))
        bank = payment.move_id.line_ids.filtered(
            lambda it: it.account_id == self.bank.default_account_id
        )
        self.assertEqual(bank.balance, 121.0)
        self.pull()
        self.assert_used(payment, invoice)
        self.assertFalse(self.questions(invoice))

    def test_x64_what_nobody_registered_gets_its_payment(self):
        """In Enterprise a bank needs no outstanding account: the payment is on the
        account of the bank itself."""
        invoice = self.booked()
        self.receive((invoice, 121))
        self.pull()
        self.assertFalse(self.problems(invoice))
        self.assert_used(self.payments(invoice), invoice)

    def test_x64_a_bill_that_was_paid_by_a_file(self):
        bill = self.booked("in_invoice", 250.0)
        payment = self.registered(bill)
        self.receive((bill, 250))
        self.pull()
        self.assert_used(payment, bill)

    def test_x64_a_registered_payment_in_another_currency(self):
        """It gets the euros that Octopus booked, not those of Odoo's rate."""
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        invoice = self.booked(amount=333.33, currency_id=usd.id)
        payment = self.registered(invoice, currency_id=usd.id)
        self.assertEqual(payment.amount, 333.33)
        self.receive((invoice, "166.67"))
        self.pull()
        self.assertFalse(self.problems(invoice))
        self.assert_used(payment, invoice)
        self.assertEqual(payment.amount_company_currency_signed, 166.67)

    def test_x64_two_of_the_same_amount_are_used_one_by_one(self):
        invoice = self.booked(amount=120.0)
        payments = self.registered(invoice, amount=60.0)
        payments |= self.registered(invoice, amount=60.0)
        for _time in range(2):
            self.receive((invoice, 60))
        self.pull()
        self.assertEqual(self.live(invoice), payments)
        self.assertEqual(len(payments.move_id), 2)
        self.assert_same_open(invoice)

    def test_x64_one_receipt_pays_one_of_two_that_were_registered(self):
        """Odoo takes the reconciliation of one for the bank's word about the other."""
        for amount in (121.0, 60.0):
            with self.subTest(amount=amount):
                invoice = self.booked()
                payments = self.registered(invoice, amount=amount)
                payments |= self.registered(invoice, amount=amount)
                self.receive((invoice, amount))
                self.pull()
                self.assertFalse(self.problems(invoice))
                self.assertEqual(payments.mapped("state"), ["paid", "in_process"])
                self.assertEqual(len(payments.move_id), 1)
                self.assert_same_open(invoice)

    def test_x64_another_amount_is_asked(self):
        """And is followed once a person cancelled what was registered."""
        invoice = self.booked()
        payment = self.registered(invoice)
        self.receive((invoice, 100))
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_registered"])
        [question] = self.questions(invoice)
        self.assertEqual(question.kind, "doubt")
        for word in (payment.name, "100.00", "121.00"):
            self.assertIn(word, question.text)
        self.assertEqual(self.live(invoice), payment)
        payment.action_cancel()
        question.action_retry()
        self.assertFalse(self.problems(invoice))
        self.assertEqual(self.live(invoice).amount, 100.0)
        self.assert_same_open(invoice)

    def test_x64_who_takes_it_back_need_not_look_again(self):
        """What the question advises is its answer: the next reading sees it, also where
        one payment of two documents was taken back, changed or confirmed again."""
        first, second = self.booked(amount=321.0), self.booked(amount=279.0)
        payment = self.registered(first, second)
        self.receive((first, 321), (second, 279))
        self.pull()
        self.assertEqual(self.problems(first, second), ["payment_registered"] * 2)
        payment.action_draft()
        payment.amount = 500.0
        payment.action_post()
        self.pull()
        for question in self.questions(first, second):
            self.assertIn("500.00", question.text)
        payment.action_cancel()
        self.pull()
        self.assertFalse(self.problems(first, second))
        self.assertFalse(self.questions(first, second))
        self.assert_same_open(first, second)

    def test_x64_one_payment_of_two_documents_is_asked(self):
        first, second = self.booked(amount=321.0), self.booked(amount=279.0)
        payment = self.registered(first, second)
        self.receive((first, 321), (second, 279))
        self.pull()
        self.assertEqual(
            self.problems(first, second), ["payment_registered", "payment_registered"]
        )
        self.assertEqual(self.live(first) | self.live(second), payment)

    def test_x64_another_bank_is_asked(self):
        """The receipt is in a journal that stands for no bank of Odoo."""
        invoice = self.booked()
        payment = self.registered(invoice)
        self.receive((invoice, 121), journal="F2")
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_registered"])
        self.assertEqual(self.live(invoice), payment)

    def test_x64_what_was_cancelled_or_rejected_is_none(self):
        for act in ("action_cancel", "action_reject"):
            with self.subTest(act=act):
                invoice = self.booked()
                payment = self.registered(invoice)
                getattr(payment, act)()
                self.receive((invoice, 121))
                self.pull()
                self.assertFalse(self.problems(invoice))
                self.assertFalse(self.live(invoice) & payment)
                self.assert_same_open(invoice)

    def test_x64_taken_back_it_stays_and_is_asked(self):
        """What a person registered is never undone by itself."""
        invoice = self.booked()
        payment = self.registered(invoice)
        line = self.receive((invoice, 121))
        self.pull()
        self.unmatch(invoice, line)
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_undo_changed"])
        self.assertEqual(payment.state, "paid")
        payment.action_cancel()
        self.questions(invoice).action_retry()
        self.assertFalse(self.problems(invoice))
        self.assert_same_open(invoice)


class TestRegisteredInOdoo(RegisteredCase):
    """Odoo keeps the bank: what has no entry goes with its statement line."""

    def test_x64_send_says_that_it_goes_with_its_statement_line(self):
        invoice = self.booked()
        payment = self.registered(invoice)
        with self.assertRaisesRegex(UserError, "goes with its bank statement line"):
            payment.action_octopus_send()
        self.statement(121.0, invoice)
        self.push()
        [row] = self.env["octopus.payment"].search([])
        self.assert_booked(row)
        self.assertEqual(self.matched(row), {self.name(invoice): Decimal("121.00")})
        self.assertEqual(payment.state, "paid")
        self.assert_same_open(invoice)

    def test_x64_send_says_who_books_what_is_of_nobody(self):
        """As an expense that the company paid: it has an entry, and moves no money of
        a customer or supplier."""
        self.bank.outbound_payment_method_line_ids.payment_account_id = (
            self.bank.default_account_id
        )
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "journal_id": self.bank.id,
                "amount": 50.0,
                "date": self.today,
                "write_off_line_vals": [],
                "destination_account_id": self.company_data[
                    "default_account_expense"
                ].id,
            }
        )
        payment.action_post()
        self.assertTrue(payment.move_id)
        with self.assertRaisesRegex(UserError, "no money of a customer or supplier"):
            payment.action_octopus_send()

    def test_x64_a_receipt_there_of_what_odoo_keeps_is_asked_as_before(self):
        invoice = self.booked()
        payment = self.registered(invoice)
        self.receive((invoice, 121))
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_not_owned"])
        self.assertEqual(self.live(invoice), payment)
