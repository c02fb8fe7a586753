"""What a payment moves besides customers and suppliers: accounts and VAT (X.65)."""

from decimal import Decimal

from odoo.fields import Command

from .remittance_case import RemittanceCase


class TestRemittanceAccounts(RemittanceCase):
    """Cash discounts, differences and fees, with VAT or without."""

    def taxed(self, kind="out_invoice", price=100.0, **values):
        """A booked document with 21 % VAT."""
        return self.book(self.document(kind, [(price, None)], **values))

    def discount(self, computation="included"):
        """A term with 2 % cash discount."""
        return self.env["account.payment.term"].create(
            {
                "name": "2 % within 8 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 8,
                "early_pay_discount_computation": computation,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )

    def mapping(self, account):
        return self.env["octopus.account.mapping"].search(
            [("company_id", "=", self.company.id), ("account_id", "=", account.id)]
        )

    def lines(self, row):
        """What Octopus has, as ``{(type, account): amount}``."""
        found = {}
        for line in self.there(row).lines:
            key = line.type, line.account or 0
            found[key] = found.get(key, 0) + line.amount
        return found

    def told(self, row):
        return {found["code"]: found["params"] for found in row.findings or []}

    def unmapped(self, row):
        """The mapping rows to which what stops a payment leads."""
        stops = [it for it in row.findings if it["code"] == "account_not_mapped"]
        self.assertTrue(all(it["ids"] for it in stops), row.findings)
        ids = [row_id for it in stops for row_id in it["ids"]]
        return self.env["octopus.account.mapping"].browse(ids)

    def vat_account(self, tax):
        return tax.invoice_repartition_line_ids.account_id

    def test_x65_a_discount_whose_vat_is_corrected(self):
        """The issue: 100 + 21 %, 2 % discount; 118.58 is paid."""
        invoice = self.taxed(invoice_payment_term_id=self.discount().id)
        payment = self.pay(invoice)
        self.assertEqual(payment.amount, 118.58)
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        offered = self.unmapped(row)
        vat = self.mapping(self.vat_account(self.tax_sale_a))
        self.assertIn(vat, offered)
        self.assertEqual(
            (vat.state, vat.octopus_account_id.number), ("proposed", 451000)
        )
        for mapping in offered - vat:
            mapping.octopus_account_id = self.dossier.account_ids.filtered(
                lambda it: it.number == 657000
            )
        self.push()
        self.assertEqual(row.state, "blocked", "nobody accepted it yet")
        vat.action_accept()
        self.push()
        self.assert_booked(row)
        found = self.lines(row)
        self.assertEqual(found.pop(("C", 0)), Decimal("121.00"))
        self.assertEqual(found.pop(("A", 451000)), Decimal("-0.42"))
        self.assertEqual(list(found.values()), [Decimal("-2.00")])
        self.assertEqual(self.told(row)["payment_vat"]["amount"], "-0.42")
        self.assertIn("-0.42", str(row.findings_html))
        self.assert_same_open(invoice)

    def test_x65_a_discount_on_a_bill(self):
        """The VAT that was deducted is given back."""
        bill = self.taxed("in_invoice", invoice_payment_term_id=self.discount().id)
        payment = self.pay(bill)
        self.assertEqual(payment.amount, 118.58)
        self.push()
        row = self.row(payment)
        offered = self.unmapped(row)
        vat = self.mapping(self.vat_account(self.tax_purchase_a))
        self.assertIn(vat, offered)
        (offered - vat).octopus_account_id = self.dossier.account_ids.filtered(
            lambda it: it.number == 700000
        )
        vat.action_accept()
        self.push()
        self.assert_booked(row)
        self.assertEqual(
            sorted(self.lines(row).values()),
            [Decimal("-121.00"), Decimal("0.42"), Decimal("2.00")],
        )
        self.assertEqual(self.told(row)["payment_vat"]["amount"], "0.42")
        self.assert_same_open(bill)

    def test_x65_a_discount_without_vat_tells_nothing(self):
        """The VAT was lowered on the invoice: only the account is looked for."""
        invoice = self.taxed(invoice_payment_term_id=self.discount("mixed").id)
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        if row.state == "blocked":
            self.unmapped(row).octopus_account_id = self.dossier.account_ids[:1]
            self.push()
        self.assert_booked(row)
        self.assertNotIn("payment_vat", self.told(row))
        self.assert_same_open(invoice)

    def test_x65_an_account_without_counterpart_is_to_choose(self):
        account = self.env["account.account"].create(
            {"code": "659123", "name": "Differences", "account_type": "expense"}
        )
        invoice = self.booked(amount=100.0)
        payment = self.pay(
            invoice,
            amount=99.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        self.push()
        row = self.row(payment)
        mapping = self.unmapped(row)
        self.assertEqual((mapping.account_id, mapping.state), (account, "missing"))
        chosen = self.dossier.account_ids.filtered(lambda it: it.number == 650000)
        mapping.octopus_account_id = chosen
        self.push()
        self.assert_booked(row)
        self.assertEqual(
            self.lines(row),
            {("A", 650000): Decimal("-1.00"), ("C", 0): Decimal("100.00")},
        )
        self.push()
        self.assertEqual(self.mapping(account), mapping, "what was chosen stays")

    def test_x65_a_row_that_was_deleted_is_offered_again(self):
        account = self.company_data["default_account_expense"]
        self.mapping(account).unlink()
        payment = self.pay(
            self.booked(amount=100.0),
            amount=99.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        self.push()
        row = self.row(payment)
        self.assertEqual(self.unmapped(row), self.mapping(account))
        self.unmapped(row).unlink()
        row.action_send()
        self.assertEqual(self.unmapped(row), self.mapping(account))
        self.mapping(account).action_accept()
        self.push()
        self.assert_booked(row)

    def test_x65_the_accounts_of_the_bank_have_no_row(self):
        self.pay(self.booked())
        before = self.env["octopus.account.mapping"].search([])
        self.push()
        self.assertEqual(self.env["octopus.account.mapping"].search([]), before)

    def test_x65_a_bank_fee_with_vat(self):
        """A statement line: 118.58 comes in for 121.00, less 2.00 of costs and their
        VAT."""
        invoice = self.booked()
        tax = self.tax_purchase_a
        repartition = tax.invoice_repartition_line_ids.filtered("account_id")
        costs = {
            "account_id": self.company_data["default_account_expense"].id,
            "name": "costs",
            "balance": 2.0,
            "tax_ids": [Command.set(tax.ids)],
        }
        vat = {
            "account_id": repartition.account_id.id,
            "name": "VAT",
            "balance": 0.42,
            "tax_repartition_line_id": repartition.id,
        }
        self.statement_of(118.58, invoice.move_id, others=(costs, vat))
        self.push()
        row = self.env["octopus.payment"].search([])
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        self.unmapped(row).action_accept()
        self.push()
        self.assert_booked(row)
        self.assertEqual(self.lines(row)["A", 411000], Decimal("-0.42"))
        told = self.told(row)["payment_vat"]
        self.assertEqual((told["amount"], told["taxes"]), ("-0.42", [tax.name]))
        self.assert_same_open(invoice)
