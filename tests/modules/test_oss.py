"""Sales to private people in other countries, with the taxes of One Stop Shop."""

from .module_case import ModuleCase


class TestOneStopShop(ModuleCase):
    modules = ("l10n_eu_oss",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._map_eu_taxes()
        netherlands = cls.env.ref("base.nl")
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Jan de Vries", "country_id": netherlands.id}
        )
        cls.position = cls.env["account.fiscal.position"].search(
            [("company_id", "=", cls.company.id), ("country_id", "=", netherlands.id)]
        )
        cls.oss = cls.position.map_tax(cls.tax_sale_a)

    def invoice(self):
        return self.document(
            lines=[(100.0, self.oss)],
            partner_id=self.buyer.id,
            fiscal_position_id=self.position.id,
        )

    def mapping(self):
        return self.env["octopus.tax.mapping"].search(
            [("company_id", "=", self.company.id), ("tax_id", "=", self.oss.id)]
        )

    def test_x52_no_tax_of_it_is_proposed_as_a_belgian_one(self):
        mappings = self.env["octopus.tax.mapping"]
        mappings.propose_for(self.company)
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("fiscal_position_ids.name", "like", "OSS"),
            ]
        )
        self.assertGreater(len(taxes), 20)
        found = mappings.search([("tax_id", "in", taxes.ids)])
        self.assertEqual(found.tax_id, taxes)
        self.assertEqual(set(found.mapped("state")), {"missing"})
        self.assertFalse(found.vat_code_id)

    def test_x52_an_invoice_waits_for_a_choice_and_then_goes(self):
        self.assertEqual(len(self.oss), 1)
        self.assertEqual(self.oss.amount, 21.0)
        invoice = self.invoice()
        self.push()
        row = self.booking(invoice)
        self.assertEqual((row.state, row.cause), ("blocked", "tax_not_mapped"))
        # Its taxes came after the mapping was made: the pass gave it its row.
        mapping = self.mapping()
        self.assertEqual(mapping.state, "missing")
        code = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", self.tax_sale_a.id), ("state", "=", "accepted")], limit=1
        )
        mapping.write({"vat_code_id": code.vat_code_id.id})
        mapping.action_accept()
        self.push()
        self.assert_document(invoice, "121.00", [("100.00", "21.00")])
        self.assertFalse(self.held())
