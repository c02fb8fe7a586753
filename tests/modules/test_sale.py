"""Down payments of sales orders."""

from decimal import Decimal

from odoo.fields import Command

from ..flows.payments_case import exact
from .module_case import ModuleCase


class TestDownPayment(ModuleCase):
    modules = ("sale",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")

    def order(self, *prices):
        product = self.make_product(invoice_policy="order")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "payment_term_id": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.tax_sale_a.ids)],
                        }
                    )
                    for price in prices
                ],
            }
        )
        order.action_confirm()
        return order

    def invoice(self, order, method="delivered", **values):
        known = order.invoice_ids
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create({"advance_payment_method": method, **values}).create_invoices()
        invoice = order.invoice_ids - known
        invoice.action_post()
        return invoice

    def test_a_down_payment_and_what_is_left(self):
        order = self.order(100.0, 100.03)
        first = self.invoice(order, "percentage", amount=30)
        last = self.invoice(order)
        self.push()
        # 30 % of 200.03, and of its VAT of 42.01
        self.assert_document(first, "72.61", [("60.01", "12.60")])
        self.assertEqual(self.booking(last).state, "booked")
        total = self.there_as(first).amount + self.there_as(last).amount
        self.assertEqual(total, exact(order.amount_total))
        self.assertFalse(self.held())

    def test_more_was_paid_down_than_is_left(self):
        """The last invoice is a credit note of what was paid too much."""
        order = self.order(100.0, 100.0)
        self.invoice(order, "percentage", amount=80)
        order.order_line.filtered("product_id")[-1:].product_uom_qty = 0
        credit = self.invoice(order)
        self.assertEqual(credit.move_type, "out_refund")
        self.push()
        # 193.60 was paid down, and 121.00 was sold.
        self.assertEqual(self.there_as(credit).amount, Decimal("-72.60"))
        self.assertFalse(self.held())

    def test_a_down_payment_is_paid(self):
        order = self.order(200.0)
        first = self.invoice(order, "fixed", fixed_amount=121.0)
        self.push()
        row = self.assert_document(first, "121.00", [("100.00", "21.00")])
        paid = self.pay(row)
        self.push()
        payment = self.row(paid)
        self.assert_booked(payment)
        self.assertEqual(self.matched(payment), {self.name(row): Decimal("121.00")})
        self.assertFalse(self.held())
