"""Accounts and Octopus accounts (D.7-D.9, K.3, X.11)."""

from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..common import OctopusCase


class TestAccountMapping(OctopusCase):
    mapped = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapping = cls.env["octopus.account.mapping"]
        cls.mapping.search([]).unlink()

    def account(self, code):
        """The account of the Belgian chart, or a new one."""
        Account = self.env["account.account"]
        return Account.search([("code", "=", code)]) or Account.create(
            {"code": code, "name": code, "account_type": "income"}
        )

    def book(self, account):
        return self.document(
            lines=[
                {
                    "account_id": account.id,
                    "price_unit": 100.0,
                    "tax_ids": [Command.set(self.tax_sale_a.ids)],
                }
            ]
        )

    def propose(self):
        self.mapping.propose_for(self.company)
        rows = self.mapping.search([("company_id", "=", self.company.id)])
        return {row.account_id: row for row in rows}

    def octopus(self, number):
        return self.dossier.account_ids.filtered(lambda it: it.number == number)

    def test_d8_the_same_number_proposes_itself(self):
        account = self.account("700500")
        self.book(account)
        row = self.propose()[account]
        self.assertEqual(row.octopus_account_id, self.octopus(700500))
        self.assertEqual((row.state, row.reason_text), ("proposed", "Same number"))

    def test_d8_zeros_at_the_end_do_not_matter_and_the_reason_says_so(self):
        account = self.account("7005")
        self.book(account)
        row = self.propose()[account]
        self.assertEqual(row.octopus_account_id.number, 700500)
        self.assertEqual(row.reason_text, "Same number, with zeros added or left out")

    def test_d9_an_account_without_counterpart_is_to_choose(self):
        """D.9, K.3, X.11: nothing is guessed and nothing is created."""
        account = self.account("799123")
        self.book(account)
        row = self.propose()[account]
        self.assertFalse(row.octopus_account_id)
        self.assertEqual(row.state, "missing")
        self.assertEqual(row.reason_text, "No account 799123 in Octopus")
        self.assertFalse(self.calls("put_accounts"))

    def test_d8_any_class_of_account_that_documents_use(self):
        asset = self.account("240000")
        self.document(
            "in_invoice",
            lines=[
                {
                    "account_id": asset.id,
                    "price_unit": 50.0,
                    "tax_ids": [Command.set(self.tax_purchase_a.ids)],
                }
            ],
        )
        self.assertEqual(self.propose()[asset].octopus_account_id.number, 240000)

    def test_d8_receivables_and_vat_accounts_have_no_row(self):
        move = self.document()
        accounts = set(self.propose())
        for line in move.line_ids:
            if line.display_type in ("payment_term", "tax"):
                self.assertNotIn(line.account_id, accounts)

    def test_d11_default_accounts_have_a_row_before_any_document(self):
        """D.11: products, journals, cash discount."""
        gain = self.account("757000")
        self.company.account_journal_early_pay_discount_gain_account_id = gain
        income = self.account("700200")
        self.product_a.property_account_income_id = income
        journal = self.company_data["default_journal_sale"]
        rows = self.propose()
        for account in (gain, income, journal.default_account_id):
            self.assertIn(account, rows)

    def test_c12b_what_was_accepted_is_looked_up_in_one_query(self):
        account = self.account("700500")
        row = self.mapping.create(
            {"account_id": account.id, "octopus_account_id": self.octopus(700100).id}
        )
        self.assertEqual(row.state, "accepted")
        self.env.invalidate_all()
        settings = self.company.octopus_settings()
        settings.octopus_dossier_id.id  # noqa: B018 - read it before counting
        with self.assertQueryCount(1):
            found = self.mapping.lookup(settings)
        self.assertEqual(found, {account.id: self.octopus(700100)})

    def test_d8_an_account_of_another_dossier_is_refused(self):
        other = (
            self.env["octopus.account"]
            .sudo()
            .create(
                {"dossier_id": self.dossier_of(self.demo.BRANCH).id, "number": 700500}
            )
        )
        with self.assertRaisesRegex(ValidationError, "belongs to dossier"):
            self.mapping.create(
                {
                    "account_id": self.account("700500").id,
                    "octopus_account_id": other.id,
                }
            )
