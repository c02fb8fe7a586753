"""What Odoo settles and Octopus has not got is told, whatever settled it (L.10)."""

from odoo.fields import Command

from odoo.addons.octopus_connector.send.collect_documents import rows_for

from .remittance_case import MATCH, RemittanceCase


class TestSettledHere(RemittanceCase):
    """All banks are kept in Odoo: Octopus's list of open items tells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.octopus_payment_owner = "odoo"
        cls.misc = cls.company_data["default_journal_misc"]
        cls.cost = cls.company_data["default_account_expense"]

    def compare(self):
        self.push()
        self.dossier.action_check_payments()
        self.env.invalidate_all()

    def entry(self, *lines, journal=None):
        """A posted entry of ``(account, partner, balance)``."""
        entry = self.env["account.move"].create(
            {
                "journal_id": (journal or self.misc).id,
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "balance": balance,
                        }
                    )
                    for account, partner, balance in lines
                ],
            }
        )
        entry.action_post()
        return entry

    @staticmethod
    def term(move):
        kinds = ("asset_receivable", "liability_payable")
        return move.line_ids.filtered(lambda line: line.account_type in kinds)

    def settled(self, invoice, amount=None, journal=None):
        """Settle an invoice, or a part of it, by an entry that only Odoo has."""
        term = self.term(invoice.move_id)
        amount = amount or term.balance
        nobody = self.env["res.partner"]
        entry = self.entry(
            (term.account_id, term.partner_id, -amount),
            (self.cost, nobody, amount),
            journal=journal,
        )
        (term | self.term(entry)).reconcile()
        return entry

    def test_l10_an_entry_that_settles_is_named(self):
        for amount in (121.0, 21.0, 0.01):
            with self.subTest(amount=amount):
                invoice = self.booked()
                entry = self.settled(invoice, amount)
                self.compare()
                question = self.questions(invoice)
                self.assertEqual(question.code, "settled_here")
                self.assertIn(entry.name, question.text)
                self.assertIn("121.00", question.text)
                self.assertIn(f"{121 - amount:.2f}", question.text)
                question._ignore("known")

    def test_l10_undone_here_nothing_is_asked_any_more(self):
        invoice = self.booked()
        entry = self.settled(invoice)
        self.compare()
        question = self.questions(invoice)
        self.term(entry).remove_move_reconcile()
        self.compare()
        self.assertEqual(question.state, "closed")

    def test_l10_settled_there_too_nothing_is_asked_any_more(self):
        invoice = self.booked()
        self.settled(invoice)
        self.compare()
        question = self.questions(invoice)
        self.act(
            "write_off", key=self.key(invoice), account=657000, date=str(self.today)
        )
        self.compare()
        self.assertEqual(question.state, "closed")

    def test_l10_customer_and_supplier_in_one(self):
        """A compensation is an entry of both: each document is told."""
        invoice, bill = self.booked(amount=60.0), self.booked("in_invoice", 60.0)
        terms = self.term(invoice.move_id), self.term(bill.move_id)
        entry = self.entry(
            *((term.account_id, term.partner_id, -term.balance) for term in terms)
        )
        for term in terms:
            line = entry.line_ids.filtered(
                lambda it, term=term: it.account_id == term.account_id
            )
            (term | line).reconcile()
        self.compare()
        for row in (invoice, bill):
            self.assertEqual(self.questions(row).code, "settled_here")
            self.assertIn(entry.name, self.questions(row).text)

    def test_x68_the_rate_between_an_invoice_and_its_credit_note(self):
        """Octopus matches what both have; the difference of the rate stays there."""
        usd = self.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        invoice = self.booked(amount=125.0, currency_id=usd.id)
        self.env["res.currency.rate"].search([("currency_id", "=", usd.id)]).rate = 1.5
        credit = self.booked("out_refund", 125.0, currency_id=usd.id)
        (self.term(invoice.move_id) | self.term(credit.move_id)).reconcile()
        self.compare()
        self.assertEqual(len(self.calls(MATCH)), 1)
        self.assertEqual(str(self.booked_open_there(invoice)), "16.67")
        self.assertEqual(self.questions(invoice).code, "settled_here")
        self.assertFalse(self.questions(credit))

    def test_l10_a_document_that_is_kept_out_of_octopus(self):
        invoice = self.booked()
        self.dossier.automatic = False
        credit = self.document("out_refund", [(121.0, self.env["account.tax"])])
        rows_for(credit.sudo()).exclude("not there")
        (self.term(invoice.move_id) | self.term(credit)).reconcile()
        self.compare()
        self.assertIn(credit.name, self.questions(invoice).text)

    def test_h1_what_goes_to_octopus_is_not_asked(self):
        invoice, credit = self.booked(), self.booked("out_refund", 50.0)
        paid = self.booked(amount=30.0)
        (self.term(invoice.move_id) | self.term(credit.move_id)).reconcile()
        self.pay(paid)
        self.compare()
        self.assertFalse(self.questions(), self.questions().mapped("text"))

    def test_g1_a_bank_that_nobody_follows_is_the_accountant_s(self):
        bank = self.cash
        bank.octopus_payment_owner = "none"
        self.pay(self.booked(), bank=bank)
        self.compare()
        self.assertFalse(self.questions(), self.questions().mapped("text"))

    def test_g1_the_rest_of_what_nobody_s_bank_paid_is_told(self):
        invoice = self.booked()
        self.cash.octopus_payment_owner = "none"
        paid = self.pay(invoice, amount=100.0, bank=self.cash)
        entry = self.settled(invoice, 21.0)
        self.compare()
        text = self.questions(invoice).text
        self.assertIn(entry.name, text)
        self.assertNotIn(paid.move_id.name, text)

    def test_x75_it_is_compared_once_a_day_by_itself(self):
        invoice = self.booked()
        self.settled(invoice)
        self.dossier.sudo().open_items_at = False
        self.pull()
        self.assertEqual(self.questions(invoice).code, "settled_here")
        asked = len(self.calls("getReportOpenClient"))
        self.pull()
        self.assertEqual(len(self.calls("getReportOpenClient")), asked)
