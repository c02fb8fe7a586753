"""What a rate changes between an invoice and its payment reaches Octopus (X.68)."""

from decimal import Decimal

from odoo.addons.octopus_connector.prepare.payment_items import fingerprint_of_move

from ..common import upgrade
from .remittance_case import INSERT, RemittanceCase

LOSS, GAIN = "654000", "754000"


class TestExchange(RemittanceCase):
    """Invoices of 125.00 USD, booked at 1.25 as 100.00 EUR, and banks in euro."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        for kind, key in (("expense", LOSS), ("income", GAIN)):
            cls.map_account(
                cls.company[f"{kind}_currency_exchange_account_id"], int(key)
            )

    def sold(self, kind="out_invoice", amount=125.0):
        return self.booked(kind, amount, currency_id=self.usd.id)

    def rate(self, rate):
        """Let a euro be worth so many dollars from now on."""
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.usd.id)]
        ).rate = rate

    def paid_at(self, rate, *bookings, **values):
        """Pay in dollars, at another rate than was booked."""
        self.rate(rate)
        return self.pay(*bookings, currency_id=self.usd.id, **values)

    def paid_in_euro(self, invoice):
        """Pay what was booked as 800.00 with 500.00 EUR, and a loss."""
        return self.pay(
            invoice,
            currency_id=self.company.currency_id.id,
            amount=500.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company.expense_currency_exchange_account_id.id,
        )

    def lines(self, payment):
        """``[(type, account, amount)]`` of its booking there."""
        copy = self.assert_booked(self.row(payment))
        return sorted((it.type, it.account or 0, it.amount) for it in copy.lines)

    def test_x68_a_loss_closes_the_invoice(self):
        invoice = self.sold()
        payment = self.paid_at(1.50, invoice)
        self.push()
        self.assertEqual(
            self.lines(payment),
            [("A", int(LOSS), Decimal("-16.67")), ("C", 0, Decimal("100.00"))],
        )
        self.assertEqual(self.row(payment).match_state, "done")
        self.assertEqual(self.booked_open_there(invoice), 0)

    def test_x68_a_gain_leaves_nothing_of_the_payment(self):
        invoice = self.sold()
        payment = self.paid_at(1.10, invoice)
        self.push()
        self.assertEqual(
            self.lines(payment),
            [("A", int(GAIN), Decimal("13.64")), ("C", 0, Decimal("100.00"))],
        )
        self.assertEqual(self.booked_open_there(invoice), 0)
        self.assertEqual(self.open_line(self.row(payment), 1), 0)

    def test_x68_a_supplier_is_paid_at_another_rate(self):
        for rate, account, amount in (
            (1.50, GAIN, Decimal("16.67")),
            (1.10, LOSS, Decimal("-13.64")),
        ):
            with self.subTest(rate=rate):
                self.env["res.currency.rate"].search([]).rate = 1.25
                bill = self.sold("in_invoice")
                payment = self.paid_at(rate, bill)
                self.push()
                self.assertEqual(
                    self.lines(payment),
                    [("A", int(account), amount), ("S", 0, Decimal("-100.00"))],
                )
                self.assertEqual(self.booked_open_there(bill), 0)

    def test_x68_a_credit_note_is_paid_back_at_another_rate(self):
        credit = self.sold("out_refund")
        payment = self.paid_at(1.50, credit)
        self.push()
        self.assertEqual(
            self.lines(payment),
            [("A", int(GAIN), Decimal("16.67")), ("C", 0, Decimal("-100.00"))],
        )
        self.assertEqual(self.booked_open_there(credit), 0)

    def test_x68_in_parts_to_the_cent(self):
        invoice = self.sold(amount=100.0)
        for rate, part in ((1.50, 33.33), (1.10, 33.33), (1.40, 33.34)):
            self.paid_at(rate, invoice, amount=part)
        self.assertEqual(invoice.move_id.payment_state, "paid")
        self.push()
        rows = self.env["octopus.payment"].search([])
        self.assertEqual(rows.mapped("match_state"), ["done"] * 3)
        for row in rows:
            self.assert_booked(row)
        self.assertEqual(self.booked_open_there(invoice), 0)

    def test_x68_two_invoices_at_once(self):
        first, second = self.sold(), self.sold(amount=250.0)
        payment = self.paid_at(1.50, first, second)
        self.push()
        self.assertEqual(
            self.lines(payment),
            [
                ("A", int(LOSS), Decimal("-50.00")),
                ("C", 0, Decimal("100.00")),
                ("C", 0, Decimal("200.00")),
            ],
        )
        self.assertEqual(self.booked_open_there(first), 0)
        self.assertEqual(self.booked_open_there(second), 0)

    def test_x68_a_loss_and_a_gain_in_one_payment(self):
        """125 USD booked as 100.00, and 125 USD booked as 80.00; 250 USD for 180.00."""
        first = self.sold()
        self.rate(1.5625)
        second = self.sold()
        self.assertEqual(second.move_id.amount_total_signed, 80.0)
        payment = self.paid_at(250 / 180, first, second)
        self.push()
        row = self.row(payment)
        self.assertEqual(self.assert_booked(row).total, Decimal("180.00"))
        self.assertEqual(
            [it for it in self.lines(payment) if it[0] == "A"],
            [("A", int(LOSS), Decimal("-10.00")), ("A", int(GAIN), Decimal("10.00"))],
        )
        for invoice in (first, second):
            self.assertEqual(self.booked_open_there(invoice), 0)
        for number, line in enumerate(self.there(row).lines, 1):
            if line.type == "C":
                self.assertEqual(self.open_line(row, number), 0)

    def test_x68_euro_for_dollars_is_taken_back_with_its_loss(self):
        """Once it is undone, nothing of the payment itself is in dollars."""
        invoice = self.sold(amount=1000.0)
        payment = self.paid_in_euro(invoice)
        self.push()
        invoice.move_id.line_ids.remove_move_reconcile()
        self.push()
        self.later(*self.env["octopus.payment"].search([]))
        self.push()
        self.assertEqual(self.lines(payment), [("C", 0, Decimal("500.00"))])
        self.assertEqual(self.booked_open_there(invoice), Decimal("800.00"))

    def test_x68_what_was_booked_before_an_upgrade_stays(self):
        """It was booked without its loss, and the accountant closed that by hand."""
        payment = self.paid_at(1.50, self.sold())
        self.push()
        row = self.row(payment).sudo()
        before = fingerprint_of_move(row.move_id, with_exchanges=False)
        self.assertNotEqual(before, row.fingerprint)
        row.write({"fingerprint": before, "seen_at": False})
        upgrade(self.env, "19.0.1.1.0", "post-exchange_differences")
        self.assertEqual(row.fingerprint, fingerprint_of_move(row.move_id))
        copies = self.last()
        self.push()
        self.assertEqual((row.state, self.last()), ("booked", copies))

    def test_x68_dollars_paid_in_euro_with_a_loss(self):
        invoice = self.sold(amount=1000.0)
        payment = self.paid_in_euro(invoice)
        self.push()
        self.assertEqual(
            self.lines(payment),
            [("A", int(LOSS), Decimal("-300.00")), ("C", 0, Decimal("800.00"))],
        )
        self.assertEqual(self.booked_open_there(invoice), 0)

    def test_x68_booked_before_it_was_reconciled(self):
        """What was sent as 83.33 alone is booked anew with the loss."""
        invoice = self.sold()
        payment = self.paid_at(1.50, invoice)
        lines = payment.move_id.line_ids | invoice.move_id.line_ids
        terms = lines.filtered(lambda it: it.account_type == "asset_receivable")
        terms.remove_move_reconcile()
        self.push()
        first = self.row(payment)
        self.assertEqual(self.lines(payment), [("C", 0, Decimal("83.33"))])
        terms.reconcile()
        self.written_later(payment.move_id)
        self.push()
        self.later(*self.env["octopus.payment"].search([]))
        self.push()
        self.assertEqual(first.state, "reversed")
        self.assertEqual(
            self.lines(payment),
            [("A", int(LOSS), Decimal("-16.67")), ("C", 0, Decimal("100.00"))],
        )
        self.assertEqual(self.booked_open_there(invoice), 0)

    def test_x68_undone_it_is_taken_back(self):
        invoice = self.sold()
        payment = self.paid_at(1.50, invoice)
        self.push()
        invoice.move_id.line_ids.remove_move_reconcile()
        self.push()
        self.later(*self.env["octopus.payment"].search([]))
        self.push()
        self.assertEqual(self.lines(payment), [("C", 0, Decimal("83.33"))])
        self.assertEqual(self.booked_open_there(invoice), Decimal("100.00"))

    def test_x68_an_account_without_a_mapping_is_named(self):
        mappings = self.env["octopus.account.mapping"]
        account = self.company.expense_currency_exchange_account_id
        mappings.search([("account_id", "=", account.id)]).unlink()
        payment = self.paid_at(1.50, self.sold())
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        self.assertFalse(self.calls(INSERT))
        # X.65: there is a row to choose.
        offered = mappings.search([("account_id", "=", account.id)])
        self.assertEqual(row.deciding()["ids"], offered.ids)
        self.assertEqual(len(offered), 1)

    def test_x68_without_a_difference_nothing_is_added(self):
        payment = self.paid_at(1.25, self.sold())
        self.push()
        self.assertEqual(self.lines(payment), [("C", 0, Decimal("100.00"))])
