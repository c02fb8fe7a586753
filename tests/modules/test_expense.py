"""Expenses, paid by the employee or by the company (X.76)."""

from decimal import Decimal

from odoo.fields import Command

from .module_case import ModuleCase


class ExpenseCase(ModuleCase):
    modules = ("hr_expense",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref(
            "hr_expense.group_hr_expense_manager"
        ) | cls.env.ref("hr.group_hr_manager")
        contact = cls.env["res.partner"].create(
            {"name": "Els Peeters", "country_id": cls.env.ref("base.be").id}
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Els Peeters", "work_contact_id": contact.id}
        )

    def post(self, amount, mode="own_account", **values):
        """An expense of ``amount`` with its VAT in it, approved and posted."""
        expense = self.env["hr.expense"].create(
            {
                "name": "Lunch",
                "employee_id": self.employee.id,
                "product_id": self.make_product(
                    can_be_expensed=True, standard_price=0
                ).id,
                "account_id": self.company_data["default_account_expense"].id,
                "total_amount_currency": amount,
                "tax_ids": [Command.set(self.tax_purchase_a.ids)],
                "payment_mode": mode,
                **values,
            }
        )
        expense.action_submit()
        expense.action_approve()
        if mode == "own_account":
            expense._post_without_wizard()
        else:
            expense.action_post()
        self.assertEqual(expense.account_move_id.state, "posted")
        return expense.account_move_id

    def reimburse(self, receipt):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=receipt.ids)
            .create({"journal_id": self.bank.id, "payment_date": self.today})
        )
        return wizard._create_payments()


class TestPaidByEmployee(ExpenseCase):
    def test_x76_nobody_chose_and_it_stays_out_and_says_so(self):
        receipt = self.post(121.0)
        self.assertEqual(receipt.move_type, "in_receipt")
        self.push()
        self.assert_stays_out(receipt)
        self.assertIn("stay out of Octopus", receipt.octopus_told)
        paid = self.reimburse(receipt)
        self.push()
        payment = self.row(paid)
        self.assert_booked(payment)
        [told] = payment.findings
        self.assertEqual(told["code"], "payment_unmatched")
        self.assertEqual(told["params"]["documents"], [receipt.name])
        self.assertFalse(self.held())

    def test_x76_it_goes_to_the_cent_and_its_payment_is_matched(self):
        self.company.octopus_receipts = "go"
        amounts = {"121.00": ("100.00", "21.00"), "33.33": ("27.55", "5.78")}
        for amount, line in amounts.items():
            with self.subTest(amount):
                receipt = self.post(float(amount))
                self.push()
                row = self.assert_document(receipt, amount, [line], "A1")
                payment = self.reimburse(receipt)
                self.push()
                sent = self.row(payment)
                self.assert_booked(sent)
                self.assertEqual(self.matched(sent), {self.name(row): Decimal(amount)})
                self.assertEqual(self.open_there(row), 0)
        self.assertFalse(self.held())


class TestPaidByCompany(ExpenseCase):
    def test_x76_it_stays_out_and_says_why(self):
        """No supplier is paid: its booking, with VAT, is the accountant's."""
        self.company.octopus_receipts = "go"
        for values in ({}, {"vendor_id": self.partner_b.id}):
            with self.subTest(values):
                entry = self.post(121.0, "company_account", **values)
                payment = entry.origin_payment_id
                self.assertEqual(payment.amount, 121.0)
                self.push()
                self.assert_stays_out(entry)
                self.assertIn("bank statement", payment._octopus_why_nothing())
        self.assertFalse(self.held())
