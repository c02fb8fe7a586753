"""Stock that is valued: what rides on documents, and what is booked beside them."""

from odoo.fields import Command

from .module_case import ModuleCase


class TestValuation(ModuleCase):
    """Anglo-Saxon accounting: the cost of what is sold is on the invoice's entry."""

    modules = ("stock_account", "stock_landed_costs")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.anglo_saxon_accounting = True
        cls.stock_account = cls.env["account.account"].create(
            {"name": "Stock", "code": "340900", "account_type": "asset_current"}
        )
        cls.category = cls.env["product.category"].create(
            {
                "name": "Valued",
                "property_valuation": "real_time",
                "property_cost_method": "average",
                "property_stock_valuation_account_id": cls.stock_account.id,
            }
        )
        cls.map_account(cls.stock_account, 499000)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def valued(self):
        return self.make_product(
            is_storable=True, categ_id=self.category.id, standard_price=60.0
        )

    def receive_goods(self, product, quantity=10):
        """A receipt of goods, as the warehouse does it."""
        arrival = self.warehouse.in_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": arrival.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": 60.0,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.warehouse.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def line(self, product, price, taxes):
        return {
            "product_id": product.id,
            "quantity": 1,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
        }

    def test_the_cost_of_what_is_sold_is_no_part_of_the_invoice(self):
        product = self.valued()
        self.receive_goods(product)
        for kind, amount in (("out_invoice", "121.00"), ("out_refund", "-121.00")):
            with self.subTest(kind):
                move = self.document(kind, [self.line(product, 100.0, self.tax_sale_a)])
                cost = move.line_ids.filtered(lambda it: it.display_type == "cogs")
                self.assertEqual(sum(cost.mapped("debit")), 60.0)
                self.push()
                self.assert_document(move, amount, [("100.00", "21.00")])
        self.assertFalse(self.held())

    def test_a_bill_of_goods_goes_with_its_stock_account(self):
        product = self.valued()
        self.receive_goods(product)
        line = self.line(product, 60.0, self.tax_purchase_a)
        bill = self.document(
            "in_invoice", [{**line, "account_id": self.stock_account.id}]
        )
        self.push()
        self.assert_document(bill, "72.60", [("60.00", "12.60")], "A1")
        self.assertFalse(self.held())

    def test_what_is_booked_beside_documents_stays_out(self):
        """Landed costs, and the closing of the valuation."""
        product = self.valued()
        picking = self.receive_goods(product)
        freight = self.make_product(type="service", landed_cost_ok=True)
        bill = self.document(
            "in_invoice",
            [
                {
                    **self.line(freight, 50.0, self.tax_purchase_a),
                    "is_landed_costs_line": True,
                }
            ],
        )
        action = bill.button_create_landed_costs()
        costs = self.env["stock.landed.cost"].browse(action["res_id"])
        costs.picking_ids = picking
        costs.account_journal_id = self.company_data["default_journal_misc"]
        costs.compute_landed_cost()
        costs.button_validate()
        self.company.action_close_stock_valuation(auto_post=True)
        entries = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", "entry")]
        )
        self.push()
        self.assertIn(self.stock_account, entries.line_ids.account_id)
        self.assert_stays_out(entries)
        self.assert_document(bill, "60.50", [("50.00", "10.50")], "A1")
        self.assertFalse(self.held())
