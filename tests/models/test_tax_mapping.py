"""Taxes and VAT codes (D.1-D.6, C.12b, B.6, X.8, X.9)."""

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user

from ..common import OctopusCase


class TaxMappingCase(OctopusCase):
    mapped = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapping = cls.env["octopus.tax.mapping"]
        cls.mapping.search([]).unlink()

    def propose(self):
        self.mapping.propose_for(self.company)
        rows = self.mapping.search([("company_id", "=", self.company.id)])
        return {(row.tax_id, row.direction): row for row in rows}

    def row(self, xmlid):
        tax = self.tax(xmlid)
        return self.propose()[tax, tax.type_tax_use]

    def code(self, code, kind="sell"):
        return self.dossier.vat_code_ids.filtered(
            lambda card: (card.code, card.type) == (code, kind)
        )

    def choose(self, xmlid, code, **values):
        tax = self.tax(xmlid)
        kind = "sell" if tax.type_tax_use == "sale" else "buy"
        return self.mapping.create(
            {
                "tax_id": tax.id,
                "direction": tax.type_tax_use,
                "vat_code_id": self.code(code, kind).id,
                **values,
            }
        )


class TestTaxProposals(TaxMappingCase):
    def test_d5_every_belgian_tax_finds_the_code_of_the_dossier(self):
        """D.2, D.3, D.5, X.9: by direction, rate and kind; "06" keeps its zero."""
        expected = {
            "attn_VAT-OUT-21-L": "21",
            "attn_VAT-OUT-12-L": "12",
            "attn_VAT-OUT-06-L": "06",
            "attn_VAT-OUT-00-L": "00",
            "attn_VAT-OUT-00-CC": "MC",
            "attn_VAT-OUT-00-EU-S": "IS",
            "attn_VAT-OUT-00-EU-L": "IG",
            "attn_VAT-OUT-00-EU-T": False,
            "attn_VAT-OUT-00-ROW": "EX",
            "attn_VAT-IN-V81-21": "H21",
            "attn_VAT-IN-V81-06": "H06",
            "attn_VAT-IN-V81-00": "H00",
            "attn_VAT-IN-V82-21-S": "D21",
            "attn_VAT-IN-V83-21": "I21",
            "attn_VAT-IN-V81-21-EU": "HE1",
            "attn_VAT-IN-V81-21-CC": "HM1",
            "attn_VAT-IN-V82-21-CC": "DM1",
            "attn_VAT-IN-V81-21-ROW-CC": "HW1",
            "attn_VAT-IN-V82-21-ROW-CC": "DW1",
            "attn_VAT-IN-V82-CAR-EXC": "D21",
            "attn_VAT-IN-V81-21-ND": "H21",
        }
        for xmlid in expected:
            self.tax(xmlid).active = True
        rows = self.propose()
        found = {}
        for xmlid in expected:
            tax = self.tax(xmlid)
            found[xmlid] = rows[tax, tax.type_tax_use].vat_code_id.code
        self.assertEqual(found, expected)

    def test_d1_every_active_tax_of_both_directions_has_a_row(self):
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "in", ("sale", "purchase")),
                ("amount_type", "in", ("percent", "division")),
            ]
        )
        rows = self.propose()
        self.assertGreater(len(taxes), 20)
        self.assertFalse({(tax, tax.type_tax_use) for tax in taxes} - set(rows))

    def test_d1_an_archived_tax_counts_while_documents_have_it(self):
        archived = self.tax("attn_VAT-OUT-21-S")
        self.assertFalse(archived.active)
        self.assertNotIn((archived, "sale"), self.propose())
        self.document(lines=[(100.0, archived)])
        self.assertEqual(self.propose()[archived, "sale"].vat_code_id.code, "21")

    def test_f3_documents_before_the_start_date_do_not_count(self):
        archived = self.tax("attn_VAT-OUT-21-S")
        self.document(lines=[(100.0, archived)])
        self.company.octopus_start_date = fields.Date.add(fields.Date.today(), days=1)
        self.assertNotIn((archived, "sale"), self.propose())

    def test_d5_the_credit_note_takes_the_twin_of_the_code(self):
        row = self.row("attn_VAT-OUT-06-L")
        self.assertEqual(row.refund_vat_code_id, self.code("06", "sell_refund"))

    def test_d5_a_dossier_that_lists_each_code_once_uses_it_for_both(self):
        """api.md §5.5: how credit-note codes are listed is unknown."""
        self.dossier.sudo().vat_code_ids.filtered(
            lambda card: card.type.endswith("_refund")
        ).unlink()
        row = self.row("attn_VAT-OUT-06-L")
        self.assertEqual(row.vat_code_id, self.code("06"))
        self.assertEqual(row.refund_vat_code_id, self.code("06"))
        row.action_accept()
        self.assertEqual(row.state, "accepted")

    def test_d2_the_share_that_is_recovered_comes_from_the_tax(self):
        shares = {
            "attn_VAT-IN-V82-21-S": (False, 100),
            "attn_VAT-IN-V82-CAR-EXC": (True, 50),
            "attn_VAT-IN-V81-21-ND": (True, 0),
            "attn_VAT-OUT-21-L": (False, 100),
        }
        for xmlid, expected in shares.items():
            row = self.row(xmlid)
            with self.subTest(xmlid):
                self.assertEqual((row.send_recuperation, row.recuperation), expected)

    def test_d5_a_proposal_tells_why(self):
        row = self.row("attn_VAT-OUT-06-L")
        self.assertEqual(row.reason_text, "Code 06 has the right form and 6 %")

    def test_d5_two_codes_that_fit_are_named_and_none_is_taken(self):
        self.code("MC").sudo().copy({"code": "M2"})
        row = self.row("attn_VAT-OUT-00-CC")
        self.assertEqual(row.state, "missing")
        self.assertFalse(row.vat_code_id)
        self.assertEqual(row.reason_text, "Several codes fit: M2, MC")

    def test_d3_an_inactive_code_is_not_proposed(self):
        self.code("06").sudo().active = False
        self.assertEqual(self.row("attn_VAT-OUT-06-L").state, "missing")

    def test_d1_lines_without_tax_have_a_row_per_direction(self):
        rows = self.propose()
        no_tax = self.env["account.tax"]
        for direction in ("sale", "purchase"):
            row = rows[no_tax, direction]
            self.assertEqual((row.state, row.no_vat_code), ("proposed", True))

    def test_d1_proposing_twice_writes_nothing(self):
        before = set(self.propose().values())
        written = []
        self.patch(
            type(self.mapping),
            "write",
            lambda rows, vals: written.append((rows, vals)),
        )
        self.assertEqual(set(self.propose().values()), before)
        self.assertFalse(written)


class TestTaxChoices(TaxMappingCase):
    def test_c12b_nothing_is_used_before_it_is_accepted(self):
        row = self.row("attn_VAT-OUT-21-L")
        key = (row.tax_id.id, "sale")
        self.assertEqual(row.state, "proposed")
        self.assertNotIn(key, self.mapping.lookup(self.company))
        row.action_accept()
        self.assertEqual(self.mapping.lookup(self.company)[key], row)

    def test_c12b_saving_a_choice_accepts_it_and_says_who_chose(self):
        row = self.row("attn_VAT-OUT-00-EU-T")
        row.vat_code_id = self.code("IG")
        self.assertEqual(row.state, "accepted")
        self.assertEqual(row.reason_text, f"Chosen by {self.env.user.name}")

    def test_c12b_a_choice_that_is_emptied_is_to_be_made_again(self):
        row = self.choose("attn_VAT-OUT-21-L", "21")
        self.assertEqual(row.state, "accepted")
        row.write({"vat_code_id": False, "refund_vat_code_id": False})
        self.assertEqual((row.state, row.reason_text), ("missing", False))

    def test_c12b_proposing_again_never_touches_a_choice(self):
        row = self.choose("attn_VAT-OUT-21-L", "12")
        self.propose()
        self.assertEqual((row.vat_code_id.code, row.state), ("12", "accepted"))

    def test_c12b_accept_all_leaves_out_what_is_to_choose(self):
        rows = self.propose().values()
        self.mapping.action_accept_all()
        self.assertEqual({row.state for row in rows}, {"accepted", "missing"})
        self.assertTrue(
            all(row._is_filled() for row in rows if row.state == "accepted")
        )

    def test_c12b_what_is_empty_can_not_be_accepted(self):
        row = self.row("attn_VAT-OUT-00-EU-T")
        with self.assertRaisesRegex(ValidationError, "Nothing is chosen"):
            row.sudo().state = "accepted"

    def test_b6_rows_of_another_dossier_are_kept_but_do_not_count(self):
        """B.6: changing the dossier marks the mappings, and keeps them."""
        row = self.choose("attn_VAT-OUT-21-L", "21")
        self.company.octopus_dossier_id = self.dossier_of(self.demo.BRANCH)
        self.assertTrue(row.stale)
        self.assertIn(row, self.mapping.search([("stale", "=", True)]))
        self.assertNotIn(row, self.mapping.search([("stale", "=", False)]))
        self.assertFalse(self.mapping.lookup(self.company))
        self.propose()
        self.assertEqual(row.vat_code_id.code, "21")
        self.company.octopus_dossier_id = self.dossier
        self.assertFalse(row.stale)
        self.assertIn(row, self.mapping.lookup(self.company).values())

    def test_d3_a_code_of_the_other_direction_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "H21"):
            self.mapping.create(
                {
                    "tax_id": self.tax("attn_VAT-OUT-21-L").id,
                    "direction": "sale",
                    "vat_code_id": self.code("H21", "buy").id,
                }
            )

    def test_d3_an_invoice_code_is_refused_for_credit_notes(self):
        with self.assertRaisesRegex(ValidationError, "21"):
            self.choose(
                "attn_VAT-OUT-21-L", "21", refund_vat_code_id=self.code("21").id
            )

    def test_d3_a_code_of_another_dossier_is_refused(self):
        other = self.dossier_of(self.demo.BRANCH)
        code = (
            self.env["octopus.vat.code"]
            .sudo()
            .create(
                {"dossier_id": other.id, "code": "21", "type": "sell", "percentage": 21}
            )
        )
        with self.assertRaisesRegex(ValidationError, "belongs to dossier"):
            self.choose("attn_VAT-OUT-21-L", "12", vat_code_id=code.id)

    def test_d1_the_direction_is_that_of_the_tax(self):
        with self.assertRaisesRegex(ValidationError, "not used for this direction"):
            self.choose("attn_VAT-OUT-21-L", "21", direction="purchase")

    def test_d1_only_lines_without_tax_go_without_code(self):
        with self.assertRaisesRegex(ValidationError, "Only lines without any tax"):
            self.choose("attn_VAT-OUT-21-L", "21", no_vat_code=True)

    def test_d6_a_fallback_account_is_needed_where_it_is_the_policy(self):
        with self.assertRaisesRegex(ValidationError, "fallback account"):
            self.choose("attn_VAT-OUT-21-L", "21", account_policy="fallback")

    def test_b4_a_tax_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        tax = self.env["account.tax"].search([("company_id", "=", other.id)], limit=1)
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.mapping.create(
                {
                    "company_id": self.company.id,
                    "tax_id": tax.id,
                    "direction": tax.type_tax_use,
                }
            )

    def test_b3_a_branch_without_own_settings_uses_those_of_the_company(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        row = self.choose("attn_VAT-OUT-21-L", "21")
        found = self.mapping.lookup(branch.octopus_settings())
        self.assertEqual(list(found.values()), [row])

    def test_x8_a_lookup_takes_the_same_queries_however_many_rows(self):
        self.propose()
        self.mapping.action_accept_all()
        self.env.invalidate_all()
        settings = self.company.octopus_settings()
        settings.octopus_dossier_id.id  # noqa: B018 - read it before counting
        with self.assertQueryCount(1):
            found = self.mapping.lookup(settings)
            self.assertGreater(len(found), 20)
            self.assertTrue(any(row.vat_code_id for row in found.values()))

    def test_a12_a_user_sees_mappings_and_can_not_change_them(self):
        row = self.choose("attn_VAT-OUT-21-L", "21")
        user = new_test_user(
            self.env,
            "octopus-user",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertEqual(row.with_user(user).vat_code_id.code, "21")
        with self.assertRaises(AccessError):
            row.with_user(user).vat_code_id = self.code("12")
        with self.assertRaises(AccessError):
            self.mapping.with_user(user).action_propose()
