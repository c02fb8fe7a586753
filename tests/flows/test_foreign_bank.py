"""Payments of a bank that is not in euro reach its journal in Octopus (H.1, L.10)."""

from decimal import Decimal

from odoo.fields import Command

from .remittance_case import INSERT, RemittanceCase


class ForeignBankCase(RemittanceCase):
    """A dollar bank that is F2 in Octopus, and invoices at 1.25 dollars for a euro."""

    # How the sandbox reads rates and amounts, and how the dossier says it does.
    rates = ("divide", "foreign_per_euro")
    amounts = "journal_currency"
    takes_matches_back = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        cls.dollars = cls.env["account.journal"].create(
            {
                "name": "Dollars",
                "code": "USD",
                "type": "bank",
                "company_id": cls.company.id,
                "currency_id": cls.usd.id,
                "octopus_payment_owner": "odoo",
            }
        )
        cls.map_bank(cls.dollars, "F2")
        cls.dollars.octopus_payments_from = False
        journal = cls.dossier.journal_ids.filtered(lambda row: row.key == "F2")
        journal.sudo().currency_code = "USD"
        cls.dossier.exchange_rate_direction = cls.rates[1]
        cls.dossier.foreign_bank_amounts = cls.amounts
        for kind, number in (("expense", 654000), ("income", 754000)):
            cls.map_account(cls.company[f"{kind}_currency_exchange_account_id"], number)

    def setUp(self):
        super().setUp()
        for journal in self.books.dossier.journals.values():
            if journal.key == "F2":
                journal.currency = "USD"
        self.sandbox.world.set_switches(
            {"exchange_rate": self.rates[0], "foreign_bank_amounts": self.amounts}
        )

    def rate_there(self, worth, total):
        return super().rate_there(
            *((worth, total) if self.rates[0] == "multiply" else (total, worth))
        )

    def bank_moved(self, move, **_values):
        """In the currency in which Octopus takes it."""
        if self.amounts == "euro":
            return super().bank_moved(move)
        return super().bank_moved(move, "amount_currency", self.usd)

    # Acts

    def sold(self, kind="out_invoice", amount=125.0, currency=None):
        return self.booked(kind, amount, currency_id=(currency or self.usd).id)

    def rate(self, rate):
        """Let a euro be worth so many dollars from now on."""
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.usd.id)]
        ).rate = rate

    def paid(self, *bookings, **values):
        """Pay through the dollar bank."""
        return self.pay(*bookings, bank=self.dollars, **values)

    def sent(self, payment):
        """Let a payment go; return its row."""
        self.push()
        return self.row(payment)

    def moved(self, row):
        """Return what the bank has by a payment there: ``(dollars, euro)``."""
        reports = self.books.reports
        lines = reports.ledger_lines(self.there(row))
        account = self.books.dossier.journals[self.year, "F2"].account
        [bank] = [line for line in lines if line.account == account]
        return bank.document_amount, bank.booking_amount


class TestForeignBank(ForeignBankCase):
    def test_h1_a_dollar_invoice_is_paid_in_dollars(self):
        invoice = self.sold()
        row = self.sent(self.paid(invoice))
        self.assert_booked(row)
        self.assertEqual(self.moved(row), (Decimal("125.00"), Decimal("100.00")))
        self.assertEqual(row.match_state, "done")
        self.assertEqual(self.booked_open_there(invoice), 0)

    def test_h1_a_euro_invoice_is_paid_in_dollars(self):
        euro = self.company.currency_id
        invoice = self.sold(amount=100.0, currency=euro)
        payment = self.paid(invoice, amount=125.0, currency_id=self.usd.id)
        self.assertEqual(invoice.move_id.payment_state, "paid")
        row = self.sent(payment)
        self.assert_booked(row)
        self.assertEqual(self.moved(row), (Decimal("125.00"), Decimal("100.00")))
        self.assertEqual(self.open_there(invoice), 0)

    def test_h1_a_bill_and_a_credit_note(self):
        for kind in ("in_invoice", "out_refund"):
            with self.subTest(kind):
                document = self.sold(kind)
                row = self.sent(self.paid(document))
                self.assert_booked(row)
                self.assertEqual(
                    self.moved(row), (Decimal("-125.00"), Decimal("-100.00"))
                )
                self.assertEqual(self.booked_open_there(document), 0)

    def test_h1_in_parts_and_over_several(self):
        """10.01 + 10.01 USD at 1.5 are 6.67 and 6.67 EUR, together 13.35."""
        self.rate(1.5)
        first, second = self.sold(amount=10.01), self.sold(amount=10.01)
        third = self.sold(amount=100.0)
        payments = self.paid(first, second)
        for part in (33.33, 33.33, 33.34):
            payments |= self.paid(third, amount=part)
        self.push()
        rows = self.env["octopus.payment"].search([("payment_id", "in", payments.ids)])
        self.assertEqual(len(rows), 4)
        for row in rows:
            self.assert_booked(row)
            self.assertEqual(row.match_state, "done", row.findings)
        self.assertEqual(sum(self.moved(row)[0] for row in rows), Decimal("120.02"))
        for invoice in (first, second, third):
            self.assertLessEqual(self.booked_open_there(invoice), Decimal("0.01"))
            self.assertGreaterEqual(self.booked_open_there(invoice), 0)

    def test_h1_a_statement_line_with_a_charge(self):
        """97.00 USD came for 100.00: the bank kept 3.00."""
        charge = self.company_data["default_account_expense"]
        self.map_account(charge, 653000)
        invoice = self.sold(amount=100.0)
        receivable = self.open_lines(invoice.move_id)
        others = [
            {
                "account_id": account.id,
                "partner_id": invoice.partner_id.id,
                "currency_id": self.usd.id,
                "amount_currency": amount,
                "balance": balance,
                "name": name,
                "tax_ids": [Command.clear()],
            }
            for account, amount, balance, name in (
                (receivable.account_id, -100.0, -80.0, "receipt"),
                (charge, 3.0, 2.4, "charge"),
            )
        ]
        line = self.statement_of(97.0, bank=self.dollars, others=others)
        own = line.move_id.line_ids.filtered(lambda it: it.name == "receipt")
        (own | receivable).reconcile()
        self.push()
        row = self.env["octopus.payment"].search([("move_id", "=", line.move_id.id)])
        self.assert_booked(row)
        self.assertEqual(self.moved(row), (Decimal("97.00"), Decimal("77.60")))
        self.assertEqual(self.booked_open_there(invoice), 0)

    def test_h2_taken_back_in_the_same_currency(self):
        invoice = self.sold()
        payment = self.paid(invoice)
        row = self.sent(payment)
        self.rate(1.10)
        payment.action_cancel()
        self.push()
        self.assertEqual(row.state, "reversed", row.findings)
        back = self.env["octopus.payment"].search([("reversal_of_id", "=", row.id)])
        self.assertEqual(self.moved(back), (Decimal("-125.00"), Decimal("-100.00")))
        if self.takes_matches_back:
            self.assertEqual(self.booked_open_there(invoice), Decimal("100.00"))

    def test_x23_a_lost_answer_books_once(self):
        invoice = self.sold()
        self.lose(INSERT, "after")
        row = self.sent(self.paid(invoice))
        self.assertEqual(row.state, "unknown")
        self.settle(row)
        self.assert_booked(row)
        self.assertEqual(self.booked_open_there(invoice), 0)

    def test_x27_a_payment_in_euro_through_a_dollar_bank_is_for_a_person(self):
        """What the bank moved is not told by it."""
        euro = self.company.currency_id
        methods = self.dollars.inbound_payment_method_line_ids
        methods.payment_account_id = self.company_data["default_account_assets"]
        invoice = self.sold(amount=100.0, currency=euro)
        row = self.sent(self.paid(invoice, amount=100.0, currency_id=euro.id))
        self.assertEqual(
            (row.state, row.cause), ("blocked", "payment_not_in_bank_currency")
        )
        self.assertFalse(self.calls(INSERT))

    def test_h1_a_dollar_line_that_pays_euro_invoices_adds_up(self):
        """100.00 USD at 100/90 are three times 30.00 EUR: 33.33, 33.34 and 33.33."""
        self.rate(100 / 90)
        euro = self.company.currency_id
        invoices = [self.sold(amount=30.0, currency=euro) for _number in range(3)]
        terms = [self.open_lines(invoice.move_id) for invoice in invoices]
        others = [
            {
                "account_id": term.account_id.id,
                "partner_id": term.partner_id.id,
                "balance": -30.0,
                "currency_id": euro.id,
                "amount_currency": -30.0,
                "name": f"receipt {number}",
            }
            for number, term in enumerate(terms)
        ]
        line = self.statement_of(100.0, bank=self.dollars, others=others)
        for number, term in enumerate(terms):
            name = f"receipt {number}"
            own = line.move_id.line_ids.filtered(lambda it, name=name: it.name == name)
            (own | term).reconcile()
        self.push()
        row = self.env["octopus.payment"].search([("move_id", "=", line.move_id.id)])
        self.assert_booked(row)
        self.assertEqual(self.moved(row)[0], Decimal("100.00"))
        self.assertEqual(
            sorted(it.amount for it in self.there(row).lines),
            [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")],
        )

    def test_x36_another_rate_there_is_a_question(self):
        row = self.sent(self.paid(self.sold()))
        self.assert_booked(row)
        self.pull()
        there = self.there(row)
        # Worth twice as much, so that its match still fits.
        rate = there.rate * 2 if self.rates[0] == "multiply" else there.rate / 2
        self.books.accountant.edit(there.key, rate=rate)
        self.pull()
        self.assertEqual(row.state, "booked")
        asked = self.env["octopus.payment.question"].search(
            [("code", "like", "payment_edited"), ("state", "=", "open")]
        )
        self.assertTrue(asked)

    def test_l10_an_exchange_difference_that_comes_later_is_told(self):
        """Paid on account first; reconciled when the rate is another one."""
        invoice = self.sold()
        self.rate(1.50)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": invoice.partner_id.id,
                "journal_id": self.dollars.id,
                "currency_id": self.usd.id,
                "amount": 125.0,
                "date": self.today,
            }
        )
        payment.action_post()
        row = self.sent(payment)
        self.assert_booked(row)
        self.assertFalse(row.findings)
        terms = self.open_lines(payment.move_id) | self.open_lines(invoice.move_id)
        terms.reconcile()
        self.push()
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertEqual(self.booked_open_there(invoice), Decimal("16.67"))
        told = [it for it in row.findings if it["code"] == "payment_exchange_left"]
        self.assertEqual(told[0]["params"]["amount"], "16.67")

    def test_l10_an_exchange_difference_is_told(self):
        """100.00 EUR were booked and 83.33 came: 16.67 stay open in Octopus."""
        invoice = self.sold()
        self.rate(1.50)
        payment = self.paid(invoice)
        self.assertEqual(invoice.move_id.payment_state, "paid")
        row = self.sent(payment)
        self.assert_booked(row)
        self.assertEqual(self.moved(row), (Decimal("125.00"), Decimal("83.33")))
        self.assertEqual(self.booked_open_there(invoice), Decimal("16.67"))
        told = [it for it in row.findings if it["code"] == "payment_exchange_left"]
        self.assertEqual(told[0]["params"]["amount"], "16.67")

    def test_l10_a_gain_stays_open_on_the_payment(self):
        invoice = self.sold()
        self.rate(1.10)
        row = self.sent(self.paid(invoice))
        self.assert_booked(row)
        self.assertEqual(self.moved(row), (Decimal("125.00"), Decimal("113.64")))
        self.assertEqual(self.booked_open_there(invoice), 0)
        self.assertEqual(self.open_line(row, 1), Decimal("13.64"))
        told = [it for it in row.findings if it["code"] == "payment_exchange_left"]
        self.assertEqual(told[0]["params"]["amount"], "13.64")

    def test_h1_nothing_goes_while_nobody_said_how(self):
        for name, code in (
            ("foreign_bank_amounts", "bank_amounts_missing"),
            ("exchange_rate_direction", "rate_direction_missing"),
        ):
            with self.subTest(name):
                euro = self.company.currency_id
                invoice = self.sold(amount=80.0, currency=euro)
                before, self.dossier[name] = self.dossier[name], False
                row = self.sent(
                    self.paid(invoice, amount=100.0, currency_id=self.usd.id)
                )
                self.assertEqual((row.state, row.cause), ("blocked", code))
                self.assertFalse(self.there(row))
                self.dossier[name] = before
                self.push()
                self.assert_booked(row)

    def test_h1_the_journal_there_is_in_another_currency(self):
        journal = self.dossier.journal_ids.filtered(lambda row: row.key == "F2")
        journal.sudo().currency_code = "GBP"
        row = self.sent(self.paid(self.sold()))
        self.assertEqual((row.state, row.cause), ("blocked", "bank_currency_differs"))
        self.assertIn("GBP", row.cause_text)
        self.assertFalse(self.calls(INSERT))


class TestForeignBankOtherRates(TestForeignBank):
    """The same where a rate is written the other way round."""

    rates = ("multiply", "euro_per_foreign")


class TestForeignBankOverSoap(TestForeignBank):
    """No call takes a match back there: the accountant does (test_remittance_soap). Its
    feed does not tell that a payment was edited."""

    transport = "soap"
    takes_matches_back = False
    test_x36_another_rate_there_is_a_question = None


class TestForeignBankInEuro(ForeignBankCase):
    """Where Octopus takes the amounts of such a bank in euro, they go as those of any
    bank, with their exchange differences."""

    amounts = "euro"

    def test_h1_amounts_go_in_euro_with_the_rate(self):
        invoice = self.sold()
        row = self.sent(self.paid(invoice))
        copy = self.assert_booked(row)
        self.assertEqual(copy.rate, Decimal("1.25"))
        self.assertEqual(self.moved(row), (Decimal("125.00"), Decimal("100.00")))
        self.assertEqual(self.booked_open_there(invoice), 0)

    def test_x68_an_exchange_difference_is_booked_with_it(self):
        invoice = self.sold()
        self.rate(1.50)
        row = self.sent(self.paid(invoice))
        self.assert_booked(row)
        self.assertEqual(self.moved(row)[1], Decimal("83.33"))
        self.assertEqual(self.booked_open_there(invoice), 0)


class TestForeignBankOfOctopus(ForeignBankCase):
    """The accountant keeps the dollar bank: what he books comes to Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollars.octopus_payment_owner = "octopus"

    def receipt(self, invoice, dollars, worth):
        """Book dollars at 1.25, and match what they are worth with an invoice."""
        self.act(
            "pay",
            journal="F2",
            date=str(self.today),
            rate="1.25",
            lines=[
                {
                    "type": "C",
                    "relation": invoice.relation_id.octopus_id,
                    "amount": dollars,
                    "pays": {self.key(invoice): worth},
                }
            ],
        )

    def test_g1_dollars_come_in_the_bank_s_own_journal(self):
        invoice = self.sold()
        for dollars, worth in (("50.00", "40.00"), ("75.00", "60.00")):
            self.receipt(invoice, dollars, worth)
            self.pull()
            self.assert_same_open(invoice)
        payments = self.payments(invoice)
        self.assertEqual(payments.journal_id, self.dollars)
        self.assertEqual(payments.currency_id, self.usd)
        self.assertEqual(payments.mapped("amount"), [50.0, 75.0])
        self.assertEqual(
            payments.mapped("amount_company_currency_signed"), [40.0, 60.0]
        )
        self.assertEqual(invoice.move_id.payment_state, "paid")

    def test_g1_a_euro_invoice_that_dollars_pay(self):
        euro = self.company.currency_id
        invoice = self.sold(amount=100.0, currency=euro)
        self.receipt(invoice, "125.00", "100.00")
        self.pull()
        self.assert_same_open(invoice)
        payment = self.payments(invoice)
        self.assertEqual(payment.journal_id, self.dollars)
        self.assertEqual((payment.amount, payment.currency_id), (125.0, self.usd))
        self.assertEqual(payment.amount_company_currency_signed, 100.0)
        self.assertEqual(invoice.move_id.payment_state, "paid")

    def test_g1_dollars_for_three_euro_invoices_add_up(self):
        """125.00 USD at 1.5 are 83.33 EUR, for 27.77, 27.78 and 27.78 EUR."""
        euro = self.company.currency_id
        worths = ("27.77", "27.78", "27.78")
        invoices = [self.sold(amount=float(it), currency=euro) for it in worths]
        self.act(
            "pay",
            journal="F2",
            date=str(self.today),
            rate="1.5",
            lines=[
                {
                    "type": "C",
                    "relation": invoices[0].relation_id.octopus_id,
                    "amount": "125.00",
                    "pays": {
                        self.key(invoice): worth
                        for invoice, worth in zip(invoices, worths, strict=True)
                    },
                }
            ],
        )
        self.pull()
        self.assert_same_open(*invoices)
        payments = self.env["account.payment"]
        for invoice in invoices:
            self.assertEqual(invoice.move_id.payment_state, "paid")
            payments |= self.payments(invoice)
        self.assertEqual(sum(map(Decimal, map(str, payments.mapped("amount")))), 125)
        worth = sum(payments.mapped("amount_company_currency_signed"))
        self.assertAlmostEqual(worth, 83.33, 6)

    def test_g1_a_second_part_and_taking_it_back_ask_nothing(self):
        euro = self.company.currency_id
        invoice = self.sold(amount=100.0, currency=euro)
        self.receipt(invoice, "50.00", "40.00")
        self.pull()
        self.receipt(invoice, "75.00", "60.00")
        self.pull()
        self.assertEqual(self.problems(invoice), [])
        self.assertEqual(invoice.move_id.payment_state, "paid")
        last = self.books.dossier.last_number(self.year, "F2")
        self.unmatch(invoice, f"{self.year}/F2/{last}/1")
        self.pull()
        self.assertEqual(self.problems(invoice), [])
        self.assert_same_open(invoice)
        self.assertEqual(invoice.move_id.payment_state, "partial")

    def test_g1_three_currencies_are_for_a_person(self):
        pounds = self.setup_other_currency("GBP", rates=[("2020-01-01", 0.8)])
        invoice = self.sold(amount=80.0, currency=pounds)
        self.receipt(invoice, "125.00", "100.00")
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_bank_currency"])
        self.assertFalse(self.payments(invoice))
        self.assertEqual(invoice.move_id.payment_state, "not_paid")
