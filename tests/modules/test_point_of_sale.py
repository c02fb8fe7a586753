"""Sessions of a point of sale, with the module itself (X.77)."""

from decimal import Decimal

from odoo.fields import Command

from .module_case import ModuleCase

D = Decimal
TAKINGS = 499000


class PointOfSaleCase(ModuleCase):
    """A shop whose cards go to F1 and whose cash goes to F2; both are kept in Odoo."""

    modules = ("point_of_sale",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("point_of_sale.group_pos_manager")
        cls.map_bank(cls.cash, "F2")
        cls.cash.octopus_payment_owner = "odoo"
        cls.cash.octopus_payments_from = False
        cls.ways = {
            name: cls.env["pos.payment.method"].create(
                {"name": name, "journal_id": journal.id}
            )
            for name, journal in (("card", cls.bank), ("cash", cls.cash))
        }
        cls.known = cls.env["pos.payment.method"].create(
            {
                "name": "Card of a known customer",
                "journal_id": cls.bank.id,
                "split_transactions": True,
            }
        )
        cls.shop = cls.env["pos.config"].create(
            {
                "name": "Shop",
                "invoice_journal_id": cls.company_data["default_journal_sale"].id,
                "payment_method_ids": [
                    Command.set([it.id for it in cls.ways.values()] + cls.known.ids)
                ],
            }
        )
        cls.takings = cls.company.account_default_pos_receivable_account_id

    def setUp(self):
        super().setUp()
        self.table = self.make_product(available_in_pos=True, type="consu")
        self.shop.open_ui()
        self.session = self.shop.current_session_id
        self.session.set_opening_control(0, None)

    def order(self, way, invoiced=False, partner=None, quantity=1):
        """An order of tables, 121.00 each, paid at once."""
        order = self.env["pos.order"].create(
            {
                "session_id": self.session.id,
                "company_id": self.company.id,
                "partner_id": partner and partner.id,
                "to_invoice": invoiced,
                "amount_total": 0,
                "amount_paid": 0,
                "amount_tax": 0,
                "amount_return": 0,
                "lines": [
                    Command.create(
                        {
                            "product_id": self.table.id,
                            "qty": quantity,
                            "price_unit": 100.0,
                            "price_subtotal": 100.0 * quantity,
                            "price_subtotal_incl": 121.0 * quantity,
                            "tax_ids": [Command.set(self.tax_sale_a.ids)],
                        }
                    )
                ],
            }
        )
        order._compute_prices()
        self.assertEqual(order.amount_total, 121.0 * quantity)
        return self.pay_order(order, way)

    def pay_order(self, order, way):
        self.env["pos.make.payment"].with_context(
            active_id=order.id, active_ids=order.ids, generate_pdf=False
        ).create({"payment_method_id": way.id}).check()
        self.assertIn(order.state, ("paid", "done"))
        self.assertEqual(bool(order.account_move), order.to_invoice)
        return order

    def close(self):
        """The shop closes; the cash is counted. What that booked in bank journals."""
        cash = self.session.order_ids.payment_ids.filtered(
            "payment_method_id.is_cash_count"
        )
        self.session.post_closing_cash_details(sum(cash.mapped("amount")))
        self.session.close_session_from_ui()
        self.assertEqual(self.session.state, "closed")
        return (
            self.session.bank_payment_ids.move_id
            | self.session.statement_line_ids.move_id
        )

    def rows_of(self, entries):
        return self.env["octopus.payment"].search([("move_id", "in", entries.ids)])

    def assert_told(self, invoices):
        """They are in Octopus, and open: what a session paid is told."""
        rows = [
            self.assert_document(it, "121.00", [("100.00", "21.00")]) for it in invoices
        ]
        self.dossier.action_check_payments()
        for row in rows:
            self.assertEqual(row.move_id.amount_residual, 0.0)
            self.assertEqual(self.open_there(row), D("121.00"))
            [question] = self.questions(row)
            self.assertEqual(question.code, "settled_here")

    def moved(self, rows):
        """``{F journal: amount}`` of what is booked in Octopus."""
        return {
            row.journal_id.key: self.assert_booked(row).total
            for row in rows.sorted(lambda row: row.journal_id.key)
        }


class TestSession(PointOfSaleCase):
    """One order by card and one in cash, without and with an invoice."""

    def sell(self):
        for way in self.ways.values():
            self.order(way)
        return [
            self.order(way, invoiced=True, partner=self.partner_a).account_move
            for way in self.ways.values()
        ]

    def test_x77_it_asks_what_becomes_of_the_takings(self):
        invoices = self.sell()
        entries = self.close()
        self.push()
        self.assert_told(invoices)
        rows = self.rows_of(entries)
        self.assertEqual(self.held(), ["payment_without_contact"] * 2)
        self.assertEqual(sorted(rows.mapped("cause")), self.held())

    def test_x77_left_out_nothing_stands_still(self):
        self.company.octopus_without_contact = "out"
        invoices = self.sell()
        entries = self.close()
        self.push()
        self.assert_told(invoices)
        self.assert_stays_out(entries | self.session.move_id)
        self.assertFalse(self.held())

    def test_x77_left_out_after_it_was_asked(self):
        self.sell()
        entries = self.close()
        self.push()
        self.company.octopus_without_contact = "out"
        self.push()
        self.assert_stays_out(entries)
        self.assertFalse(self.held())

    def test_x77_booked_on_its_account(self):
        self.company.octopus_without_contact = "account"
        self.map_account(self.takings, TAKINGS)
        invoices = self.sell()
        entries = self.close()
        self.push()
        self.assert_told(invoices)
        rows = self.rows_of(entries)
        self.assertEqual(self.moved(rows), {"F1": D("242.00"), "F2": D("242.00")})
        for row in rows:
            [line] = self.there(row).lines
            self.assertEqual((line.type, line.account), ("A", TAKINGS))
        self.assert_stays_out(self.session.move_id)
        self.assertFalse(self.held())

    def test_x77_what_was_refunded_is_taken_off(self):
        """A credit note of the shop goes as one; the cards gave 121.00 less."""
        self.company.octopus_without_contact = "account"
        self.map_account(self.takings, TAKINGS)
        card = self.ways["card"]
        self.order(card, quantity=2)
        sold = self.order(card, invoiced=True, partner=self.partner_a)
        back = self.env["pos.order"].browse(sold.refund()["res_id"])
        back.to_invoice = True
        self.pay_order(back, card)
        self.assertEqual(back.account_move.move_type, "out_refund")
        entries = self.close()
        self.push()
        self.assert_document(back.account_move, "-121.00", [("100.00", "21.00")])
        self.assertEqual(self.moved(self.rows_of(entries)), {"F1": D("242.00")})
        self.assertFalse(self.held())

    def test_x77_cash_that_was_missed_or_found(self):
        """The difference that was counted is no customer's either."""
        self.company.octopus_without_contact = "account"
        self.map_account(self.takings, TAKINGS)
        self.order(self.ways["cash"])
        self.session.post_closing_cash_details(120.0)
        self.session.close_session_from_ui()
        entries = self.session.statement_line_ids.move_id
        self.assertEqual(sum(self.session.statement_line_ids.mapped("amount")), 120.0)
        self.push()
        self.assertFalse(self.held())
        self.assertEqual(sum(self.moved(self.rows_of(entries)).values()), D("121.00"))

    def test_x77_an_invoice_that_is_asked_for_later(self):
        """The session is closed already; Odoo takes its takings back in an entry."""
        self.company.octopus_without_contact = "out"
        order = self.order(self.ways["card"], partner=self.partner_a)
        self.close()
        order.with_context(generate_pdf=False).action_pos_order_invoice()
        self.push()
        self.assert_told(order.account_move)
        self.assertFalse(self.held())


class TestKnownCustomer(PointOfSaleCase):
    """A way of payment that asks who the customer is."""

    def test_x77_their_payment_goes_to_the_customer(self):
        order = self.order(self.known, invoiced=True, partner=self.partner_a)
        entries = self.close()
        self.push()
        self.assert_told(order.account_move)
        rows = self.rows_of(entries)
        self.assertEqual(self.moved(rows), {"F1": D("121.00")})
        [line] = self.there(rows).lines
        self.assertEqual(line.type, "C")
        self.assertFalse(self.held())
