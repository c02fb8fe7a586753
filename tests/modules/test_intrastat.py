"""Goods that cross a border tell Intrastat details, where somebody chose so (Z.21).

``tests/addons/octopus_connector_example`` has the fields of Enterprise.
"""

from decimal import Decimal

from ..flows.outbox_case import OutboxCase
from .module_case import require_modules

TOLD = {
    "isoCountrycode": "NL",
    "transactionCode": 11,
    "productCode": "94031051",
    "region": 2,
    "transportCode": 3,
    "incoTerms": "EXW",
    "originCountry": "DE",
}


class TestIntrastat(OutboxCase):
    @classmethod
    def setUpClass(cls):
        require_modules("octopus_connector_example")
        super().setUpClass()
        cls.company.octopus_intrastat = True
        cls.company.intrastat_region_id = cls.code("region", "2")
        cls.company.intrastat_transport_mode_id = cls.code("transport", "3")
        cls.desk = cls.env["product.product"].create(
            {"name": "Desk", "intrastat_code_id": cls.code("commodity", "94031051").id}
        )

    @classmethod
    def code(cls, kind, code):
        codes = cls.env["account.intrastat.code"].sudo()
        return codes.create({"type": kind, "code": code, "name": kind})

    def goods(self, *lines, **values):
        """A document of 100.00 for each line, to the Netherlands by EXW."""
        own = {
            "price_unit": 100.0,
            "product_id": self.desk.id,
            "tax_ids": [(6, 0, self.tax_sale_a.ids)],
            "intrastat_transaction_id": self.code("transaction", "11").id,
            "intrastat_product_origin_country_id": self.env.ref("base.de").id,
        }
        header = {
            "intrastat_country_id": self.env.ref("base.nl").id,
            "invoice_incoterm_id": self.env.ref("account.incoterm_EXW").id,
        }
        return self.document(
            lines=[own | it for it in lines or ({},)], **header | values
        )

    def told(self, row):
        return [(line.base, line.intrastat) for line in self.there(row).lines]

    def codes_of(self, row):
        return [it["code"] for it in row.findings or ()]

    def test_z21_codes_of_goods_go_and_lines_of_others_stay_apart(self):
        self.company.octopus_group_by_vat = True
        code = self.code("transaction", "11").id
        same = {"intrastat_transaction_id": code}
        row = self.send(self.goods(same, {"product_id": False}, same))
        self.assert_booked(row)
        self.assertEqual(
            self.told(row), [(Decimal("200.00"), TOLD), (Decimal("100.00"), None)]
        )
        self.pull()
        self.assertEqual(row.state, "booked")

    def test_z21_nothing_is_told_of_services_or_without_a_country(self):
        service = self.env["product.product"].create(
            {
                "name": "Advice",
                "type": "service",
                "intrastat_code_id": self.desk.intrastat_code_id.id,
            }
        )
        for move in (
            self.goods({"product_id": service.id}),
            self.goods(intrastat_country_id=False),
        ):
            self.assertEqual(self.told(self.send(move)), [(Decimal("100.00"), None)])

    def test_z21_a_code_that_octopus_does_not_list_is_left_out_and_told(self):
        """DPU is an incoterm since 2020, which the contract does not have."""
        dpu = self.env.ref("account.incoterm_DPU", raise_if_not_found=False)
        dpu = dpu or self.env["account.incoterms"].create({"name": "D", "code": "DPU"})
        odd = {"intrastat_transaction_id": self.code("transaction", "X1").id}
        row = self.send(self.goods(odd, invoice_incoterm_id=dpu.id))
        self.assert_booked(row)
        unlisted = {"transactionCode", "incoTerms"}
        told = {key: it for key, it in TOLD.items() if key not in unlisted}
        self.assertEqual(self.told(row), [(Decimal("100.00"), told)])
        self.assertEqual(self.codes_of(row), ["intrastat_code_unknown"] * 2)

    def test_z21_what_was_sent_before_intrastat_does_not_look_changed(self):
        self.company.octopus_intrastat = False
        row = self.send(self.goods())
        self.assertEqual(self.told(row), [(Decimal("100.00"), None)])
        self.company.octopus_intrastat = True
        row.move_id.button_draft()
        row.move_id.action_post()
        self.assertEqual(row.state, "booked")
        other = self.send(self.goods())
        self.desk.intrastat_code_id = self.code("commodity", "94031091")
        self.company.intrastat_region_id = self.code("region", "1")
        other.move_id.button_draft()
        other.move_id.action_post()
        self.assertEqual(other.state, "booked", "the product's own changed since")
        self.desk.intrastat_code_id = False
        other.move_id.button_draft()
        other.move_id.action_post()
        self.assertEqual(other.state, "booked", "the product lost its own since")
        other.move_id.button_draft()
        other.move_id.intrastat_country_id = self.env.ref("base.fr")
        other.move_id.action_post()
        self.assertEqual(other.state, "changed")

    def test_z21_codes_that_move_to_another_line_are_a_change(self):
        sold, lent = (self.code("transaction", it).id for it in ("11", "60"))
        lines = [
            {"price_unit": price, "intrastat_transaction_id": code}
            for price, code in ((100.0, sold), (200.0, lent))
        ]
        row = self.send(self.goods(*lines))
        self.assert_booked(row)
        row.move_id.button_draft()
        row.move_id.action_post()
        self.assertEqual(row.state, "booked")
        row.move_id.button_draft()
        for line in row.move_id.invoice_line_ids:
            line.intrastat_transaction_id = lent if line.price_unit == 100 else sold
        row.move_id.action_post()
        self.assertEqual(row.state, "changed")

    def test_z21_the_settings_show_intrastat_where_documents_have_it(self):
        settings = self.env["octopus.settings"].create({"company_id": self.company.id})
        self.assertTrue(settings.octopus_has_intrastat)
        self.assertTrue(settings.octopus_intrastat)

    def test_z21_many_lines_take_as_many_queries_as_one(self):
        counts = []
        for size in (1, 8):
            moves = self.env["account.move"].union(
                *(self.goods(*[{}] * size) for _number in range(size))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            prepared = moves.octopus_prepare()
            counts.append(self.env.cr.sql_log_count - before)
            lines = [line for it in prepared.values() for line in it.lines]
            self.assertEqual(len(lines), size * size)
        self.assertLessEqual(counts[1], counts[0])


class TestIntrastatSoap(TestIntrastat):
    transport = "soap"

    def test_z21_codes_of_goods_go_and_lines_of_others_stay_apart(self):
        """SOAP has no place for them: the document goes, and says so once."""
        row = self.send(self.goods({}, {}))
        self.assert_booked(row)
        self.assertEqual(self.told(row), [(Decimal("100.00"), None)] * 2)
        self.assertEqual(self.codes_of(row), ["intrastat_not_sent"])

    test_z21_a_code_that_octopus_does_not_list_is_left_out_and_told = None
    test_z21_many_lines_take_as_many_queries_as_one = None
