"""Taxes that are not what they look like (X.52), on the taxes that Odoo makes.

Read with: odoo/odoo#288013 (rates of OSS were taken for those of the country), and
odoo/odoo#287797 (those of a registration abroad carry no tag of OSS).
"""

from odoo.fields import Command

from ..common import OctopusCase
from ..models.books_case import BooksCase


class ProposalCase(OctopusCase):
    mapped = False

    def copy_of(self, xmlid, **values):
        """A copy of a tax of l10n_be, in use."""
        return self.tax(xmlid).copy({"name": "21 % copy", "active": True, **values})

    def retag(self, tax, *names, country=None):
        """Give every line of a tax these tags instead of its own."""
        tags = self.env["account.account.tag"].create(
            [
                {
                    "name": name,
                    "applicability": "taxes",
                    "country_id": country and country.id,
                }
                for name in names
            ]
        )
        lines = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
        lines.tag_ids = [Command.set(tags.ids)]
        return tax

    def proposal(self, tax):
        mapping = self.env["octopus.tax.mapping"]
        mapping.propose_for(self.company)
        row = mapping.search(
            [("company_id", "=", self.company.id), ("tax_id", "=", tax.id)]
        )
        self.assertEqual(len(row), 1)
        return row

    def assert_asked(self, tax):
        row = self.proposal(tax)
        self.assertEqual((row.state, row.vat_code_id.code), ("missing", False))
        self.assertEqual(row.reason["code"], "vat_unclear")


class TestSalesAbroad(ProposalCase):
    """A shop that sells to private people in other countries, by One Stop Shop."""

    def test_x52_a_tax_with_the_tag_of_oss_is_not_belgian(self):
        self.assert_asked(self.retag(self.copy_of("attn_VAT-OUT-21-L"), "OSS"))

    def test_x52_the_tag_of_oss_on_credit_notes_only_is_enough(self):
        tax = self.copy_of("attn_VAT-OUT-21-L")
        tag = self.env["account.account.tag"].create(
            {"name": "OSS", "applicability": "taxes"}
        )
        tax.refund_repartition_line_ids.tag_ids += tag
        self.assert_asked(tax)

    def test_x52_a_tax_for_one_country_abroad_is_not_belgian(self):
        position = self.env["account.fiscal.position"].create(
            {"name": "OSS B2C Nederland", "country_id": self.env.ref("base.nl").id}
        )
        tax = self.copy_of(
            "attn_VAT-OUT-21-L", fiscal_position_ids=[Command.set(position.ids)]
        )
        self.assert_asked(tax)


class TestRegistrationAbroad(ProposalCase):
    """A company with a VAT number in another country, and its taxes."""

    def test_x52_a_tax_of_another_country_is_not_belgian(self):
        netherlands = self.env.ref("base.nl")
        self.env["account.fiscal.position"].create(
            {
                "name": "Registratie Nederland",
                "country_id": netherlands.id,
                "foreign_vat": "NL123456782B12",
            }
        )
        group = self.env["account.tax.group"].create(
            {"name": "NL", "country_id": netherlands.id}
        )
        tax = self.env["account.tax"].create(
            {
                "name": "21% verkoop",
                "amount": 21,
                "type_tax_use": "sale",
                "country_id": netherlands.id,
                "tax_group_id": group.id,
            }
        )
        self.assert_asked(self.retag(tax, "03", "54", country=netherlands))


class TestOwnTaxes(ProposalCase):
    """Taxes that the company's own people made."""

    def test_x52_a_tax_without_tags_is_for_nothing_known(self):
        self.assert_asked(self.retag(self.copy_of("attn_VAT-OUT-21-L")))

    def test_x52_a_tag_that_only_has_the_name_of_a_box_is_none(self):
        self.assert_asked(self.retag(self.copy_of("attn_VAT-OUT-21-L"), "03", "54"))

    def test_x52_a_rate_that_does_not_belong_in_its_box_is_asked_about(self):
        self.assert_asked(self.copy_of("attn_VAT-OUT-06-L", amount=12))

    def test_x52_a_copy_with_its_tags_is_understood(self):
        row = self.proposal(self.copy_of("attn_VAT-OUT-06-L"))
        self.assertEqual((row.state, row.vat_code_id.code), ("proposed", "06"))

    def test_x52_a_group_with_one_vat_tax_is_proposed_as_that_tax(self):
        member = self.copy_of("attn_VAT-OUT-21-L", type_tax_use="none")
        tax = self.env["account.tax"].create(
            {
                "name": "Recupel + 21 %",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set(member.ids)],
            }
        )
        row = self.proposal(tax)
        self.assertEqual((row.state, row.vat_code_id.code), ("proposed", "21"))


class TestContributionInAGroup(BooksCase):
    """A contribution such as Recupel that is in the base of VAT, in one group with it.

    Its members are of type None, so nobody could map them (X.52).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat = cls.tax("attn_VAT-OUT-21-L").copy(
            {"name": "21 % in a group", "type_tax_use": "none", "sequence": 20}
        )
        cls.recupel = cls.env["account.tax"].create(
            {
                "name": "Recupel",
                "amount_type": "fixed",
                "amount": 2.5,
                "type_tax_use": "none",
                "include_base_amount": True,
                "sequence": 10,
                "invoice_repartition_line_ids": cls._to_account("700000"),
                "refund_repartition_line_ids": cls._to_account("700000"),
            }
        )
        cls.group = cls.env["account.tax"].create(
            {
                "name": "Recupel + 21 %",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set((cls.recupel | cls.vat).ids)],
            }
        )

    @classmethod
    def _to_account(cls, code):
        account = cls.account(code)
        return [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": account.id}),
        ]

    def map_group(self):
        self._map_tax(
            self.group,
            "sale",
            vat_code_id=self.vat_codes["sell", "21"].id,
            refund_vat_code_id=self.vat_codes["sell_refund", "21"].id,
        )

    def test_x52_a_document_goes_with_the_mapping_of_the_group(self):
        self.map_group()
        move = self.document("out_invoice", self.line("700000", 100, self.group))
        self.assert_booked(move, "124.03", [(700000, "21", "102.50", "21.53")])

    def test_x52_a_group_and_its_vat_tax_on_other_lines_add_up(self):
        self.map_group()
        move = self.document(
            "out_invoice",
            self.line("700000", 100, self.group),
            self.line("700000", 10, "attn_VAT-OUT-21-L"),
        )
        self.assert_booked(move, "136.13", [(700000, "21", "112.50", "23.63")])

    def test_x52_a_contribution_outside_the_base_needs_no_code_of_the_group(self):
        self.recupel.include_base_amount = False
        self.map_group()
        move = self.document("out_invoice", self.line("700000", 100, self.group))
        self.assert_booked(
            move,
            "123.50",
            [(700000, "21", "100.00", "21.00"), (700000, None, "2.50", "0.00")],
        )

    def test_x52_a_group_that_is_not_mapped_is_named_itself(self):
        move = self.document("out_invoice", self.line("700000", 100, self.group))
        found = self.finding(move, "tax_not_mapped")
        self.assertIn("Recupel + 21 %", found.params["tax"])
