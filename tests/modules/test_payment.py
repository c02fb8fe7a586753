"""Payments that customers make on the web, by a payment provider."""

from decimal import Decimal

from .module_case import ModuleCase


class TestPaymentProvider(ModuleCase):
    modules = ("account_payment", "payment_demo")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = (
            cls.env["payment.provider"]
            .sudo()
            .search(
                [("code", "=", "demo"), ("company_id", "=", cls.company.id)], limit=1
            )
        )
        cls.provider.write({"state": "test", "journal_id": cls.bank.id})
        cls.way = cls.bank.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        )

    def pay_online(self, invoice):
        """A customer pays an invoice; the provider says that it is done."""
        method = self.provider.payment_method_ids[:1]
        paid = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": method.id,
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "reference": invoice.name,
                "operation": "online_direct",
                "invoice_ids": invoice.ids,
            }
        )
        paid.action_demo_set_done()
        paid._post_process()
        self.assertEqual((paid.state, paid.payment_id.state), ("done", "paid"))
        return paid.payment_id

    def test_h1_a_payment_with_an_entry_goes_and_is_matched(self):
        self.way.payment_account_id = self.bank.default_account_id
        row = self.document_there()
        payment = self.pay_online(row.move_id)
        self.push()
        sent = self.row(payment)
        self.assert_booked(sent)
        self.assertEqual(self.matched(sent), {self.name(row): Decimal("121.00")})
        self.assertEqual(self.open_there(row), 0)
        self.assertFalse(self.held())

    def test_h1_what_the_bank_shows_later_is_not_sent_again(self):
        """The provider's payment stands on an account in between until the bank's."""
        between = self.company.transfer_account_id
        self.way.payment_account_id = between
        row = self.document_there()
        payment = self.pay_online(row.move_id)
        self.assertIn(between, payment.move_id.line_ids.account_id)
        self.push()
        sent = self.row(payment)
        self.assert_booked(sent)
        self.assertEqual(self.matched(sent), {self.name(row): Decimal("121.00")})
        before = len(self.books.dossier.financial_bookings)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.today,
                "payment_ref": "payout",
                "amount": 121.0,
                "counterpart_account_id": between.id,
            }
        )
        (line.move_id | payment.move_id).line_ids.filtered(
            lambda it: it.account_id == between
        ).reconcile()
        self.push()
        self.assert_stays_out(line.move_id)
        self.assertEqual(len(self.books.dossier.financial_bookings), before)
        self.assertFalse(self.held())

    def document_there(self):
        invoice = self.document()
        self.push()
        return self.assert_document(invoice, "121.00", [("100.00", "21.00")])
