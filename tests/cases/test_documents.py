"""Documents that are a little unlike others: texts, dates, numbers, private shares.

Read with: odoo/odoo#236836 (control characters stopped a sending),
OCA/l10n-germany#155 (a description longer than the other side takes), and
odoo/odoo#240955 (reverse charge with a private share).
"""

from datetime import date, timedelta

from odoo.exceptions import ValidationError

from odoo.addons.octopus_connector.prepare.scope import (
    in_scope,
    is_before_start,
    moves_without_row,
)

from ..common import upgrade
from ..flows.outbox_case import OutboxCase
from ..models.books_case import DAY, BooksCase, D


class TestSelfBilling(BooksCase):
    """A bill that the company makes in the name of its vendor."""

    def bill(self, kind="in_invoice", **values):
        journal = self.company_data["default_journal_purchase"]
        journal.is_self_billing = True
        line = self.line("610000", 100.00, "attn_VAT-IN-V82-21-S")
        return self.document(kind, line, **{"ref": False, **values})

    def test_x70_the_number_that_the_vendor_knows_goes_along(self):
        for kind in ("in_invoice", "in_refund"):
            move = self.bill(kind)
            self.assertTrue(move.name)
            self.assertEqual(self.prepare(move).reference, move.name)

    def test_x70_a_number_of_the_vendor_s_own_goes_first(self):
        self.assertEqual(self.prepare(self.bill(ref="V-7")).reference, "V-7")

    def test_x70_an_ordinary_bill_without_reference_has_none(self):
        move = self.bill()
        move.journal_id.is_self_billing = False
        self.assertIsNone(self.prepare(move).reference)


class TestPrivateShareWithReverseCharge(BooksCase):
    """A purchase in the EU of which a part is for private use (X.61)."""

    def setUp(self):
        super().setUp()
        self.env.user.group_ids += self.env.ref(
            "account.group_partial_purchase_deductibility"
        )
        journal = self.company_data["default_journal_purchase"]
        journal.non_deductible_account_id = self.account("700700")

    def bill(self, *lines):
        return self.document(
            "in_invoice",
            *(
                self.line("610000", amount, tax, deductible_amount=share)
                for amount, tax, share in lines
            ),
        )

    def test_x61_all_of_the_vat_is_due_and_the_private_share_recovers_none(self):
        tax = "attn_VAT-IN-V82-21-EU-S"
        self.assert_booked(
            self.bill((100.00, tax, 60)),
            "100.00",
            [(610000, "D21E", "60.00", "0.00"), (700700, "D21E", "40.00", "0.00")],
        )
        document = self.prepare(self.bill((100.00, tax, 60)))
        self.assertEqual(
            [line.vat_recup_percentage for line in document.lines], [None, D(0)]
        )

    def test_x61_amounts_that_do_not_divide(self):
        for amount, share in ((33.33, 33.33), (0.05, 50), (99.99, 12.5), (10.01, 1)):
            for tax in ("attn_VAT-IN-V82-21-EU-S", "attn_VAT-IN-V82-21-CC"):
                with self.subTest(amount=amount, share=share, tax=tax):
                    document = self.prepare(self.bill((amount, tax, share)))
                    self.assertEqual(document.findings, ())
                    self.assertEqual(document.amount, D(str(amount)))

    def test_x61_domestic_and_reverse_charge_on_one_bill(self):
        document = self.prepare(
            self.bill(
                (100.00, "attn_VAT-IN-V82-21-EU-S", 60),
                (100.00, "attn_VAT-IN-V82-21-S", 60),
                (10.00, "attn_VAT-IN-V82-21-EU-S", 100),
            )
        )
        self.assertEqual(document.findings, ())
        self.assertEqual(document.amount, D("231.00"))
        self.assertEqual(
            sorted(self.plain(document), key=str),
            [
                (610000, "D21", "60.00", "12.60"),
                (610000, "D21E", "70.00", "0.00"),
                (700700, "D21E", "40.00", "0.00"),
                (700700, None, "48.40", "0.00"),
            ],
        )

    def test_x61_nothing_of_it_for_the_company(self):
        document = self.prepare(self.bill((100.00, "attn_VAT-IN-V82-21-EU-S", 0)))
        self.assertEqual(document.findings, ())
        self.assertEqual(self.plain(document), [(700700, "D21E", "100.00", "0.00")])


class TestTaxThatChanges(BooksCase):
    """What a tax was when its VAT code was accepted, and what it is now (X.62)."""

    def mapping(self, tax):
        return self.env["octopus.tax.mapping"].search([("tax_id", "=", tax.id)])

    def sale(self, tax):
        return self.document("out_invoice", self.line("700000", 100.00, tax))

    def test_x62_another_rate_stops_documents_until_somebody_looks(self):
        tax = self.tax("attn_VAT-OUT-06-L").copy({"name": "Logies"})
        codes = self.vat_codes
        self._map_tax(
            tax,
            "sale",
            vat_code_id=codes["sell", "06"].id,
            refund_vat_code_id=codes["sell_refund", "06"].id,
        )
        self.assertEqual(self.codes(self.sale(tax)), [])
        tax.amount = 12
        move = self.sale(tax)
        finding = self.finding(move, "tax_changed")
        self.assertIn("6 %", finding.params["before"])
        self.assertIn("12 %", finding.params["after"])
        mapping = self.mapping(tax)
        self.assertTrue(mapping.tax_changed)
        self.assertIn("tax_changed", self.codes(self.reversed(move)))
        mapping.write(
            {
                "vat_code_id": codes["sell", "12"].id,
                "refund_vat_code_id": codes["sell_refund", "12"].id,
            }
        )
        self.assert_booked(move, "112.00", [(700000, "12", "100.00", "12.00")])

    def test_x62_accepting_the_row_again_is_looking(self):
        tax = self.tax("attn_VAT-OUT-21-L")
        self.assertEqual(self.codes(self.sale(tax)), [])
        tax.amount = 20
        self.assertEqual(self.codes(self.sale(tax)), ["tax_changed"])
        self.mapping(tax).action_accept()
        self.assertEqual(self.codes(self.sale(tax)), [])

    def test_x62_an_upgrade_takes_accepted_taxes_for_what_they_are(self):
        tax = self.tax("attn_VAT-OUT-21-L")
        mapping = self.mapping(tax).sudo()
        mapping.accepted_as = False
        upgrade(self.env, "19.0.1.1.0", "post-accepted_taxes")
        self.assertFalse(mapping.tax_changed)
        tax.amount = 20
        self.assertEqual(self.codes(self.sale(tax)), ["tax_changed"])

    def test_x62_another_kind_stops_documents_too(self):
        tax = self.tax("attn_VAT-OUT-21-L")
        line = tax.invoice_repartition_line_ids.filtered(
            lambda it: it.repartition_type == "base"
        )
        line.tag_ids = (
            self.tax("attn_VAT-OUT-12-L")
            .invoice_repartition_line_ids.filtered(
                lambda it: it.repartition_type == "base"
            )
            .tag_ids
        )
        self.assertEqual(self.codes(self.sale(tax)), ["tax_changed"])

    def test_x62_a_new_name_is_the_same_tax(self):
        tax = self.tax("attn_VAT-OUT-21-L")
        tax.write({"name": "21 % btw", "invoice_label": "btw", "sequence": 77})
        self.assertEqual(self.codes(self.sale(tax)), [])

    def test_x62_a_rate_that_belgium_changes_in_the_middle_of_a_year(self):
        """Lodging goes from 6 to 12 % in March: another tax of Odoo, another code."""
        before = self.sale("attn_VAT-OUT-06-L")
        after = self.sale("attn_VAT-OUT-12-L")
        self.assert_booked(before, "106.00", [(700000, "06", "100.00", "6.00")])
        self.assert_booked(after, "112.00", [(700000, "12", "100.00", "12.00")])


class TestTextsThatLeave(OutboxCase):
    """Texts that came along with an import or were pasted (X.56, X.57)."""

    def test_x56_control_characters_are_dropped_on_the_way_out(self):
        self.company.octopus_group_by_vat = False
        contact = self.env["res.partner"].create(
            {
                "name": "Werf\x02 en Zoon",
                "street": "Kaai\x0b 1",
                "city": "Gent\x1f",
                "country_id": self.env.ref("base.be").id,
            }
        )
        line = {"name": "Werk\x02", "price_unit": 10.0}
        bill = self.document(
            "in_invoice", partner_id=contact.id, ref="F2026\x0b17", lines=[line]
        )
        row = self.send(bill)
        self.assert_booked(row)
        self.assertEqual(self.there(row).reference, "F202617")
        self.assertEqual(self.there(row).lines[0].comment, "Werk")
        relation = self.books.dossier.relations[row.relation_id.octopus_id]
        self.assertEqual(
            (relation.name, relation.street_and_nr, relation.city),
            ("Werf en Zoon", "Kaai 1", "Gent"),
        )
        sale = self.document(invoice_origin="S1\x1fS2", payment_reference="A\x0cB")
        row = self.send(sale)
        self.assert_booked(row)
        self.assertEqual(self.there(row).order_reference, "S1S2")
        self.assertEqual(self.there(row).reference, "AB")

    def test_x57_a_text_of_ours_is_cut_and_stays_whole_in_odoo(self):
        self.company.octopus_group_by_vat = False
        label, origin = "werk " * 200, ", ".join(f"S{it:05}" for it in range(90))
        line = {"name": label, "price_unit": 10.0}
        row = self.send(self.document(lines=[line], invoice_origin=origin))
        self.assert_booked(row)
        self.assertTrue(self.there(row).lines[0].comment.endswith("…"))
        self.assertTrue(self.there(row).order_reference.endswith("…"))
        self.assertEqual(row.move_id.invoice_line_ids.name, label)
        self.assertEqual(row.move_id.invoice_origin, origin)

    def test_x57_a_reference_that_is_too_long_is_named(self):
        self.sandbox.world.set_switches({"text_limit": 40})
        row = self.send(self.document("in_invoice", ref="F" * 41))
        self.assert_held(row, "blocked", "invalid_request")
        text = self.env["octopus.finding"].sentences(row.findings[0])
        self.assertIn("reference", text)
        row.move_id.button_draft()
        row.move_id.ref = "F" * 40
        row.move_id.action_post()
        self.assert_booked(self.send(row.move_id))


class TestLinesWithoutVatCode(OutboxCase):
    """A dossier that wants a VAT code on every line, those without tax included."""

    def setUp(self):
        super().setUp()
        self.sandbox.world.set_switches({"line_without_vat_code": "refuse"})

    def bare(self):
        line = {"name": "Statiegeld", "price_unit": 5.0, "tax_ids": False}
        return self.document(lines=[(100.0, None), line])

    def test_x72_the_finding_names_lines_and_mapping_and_one_choice_mends_all(self):
        rows = [self.send(self.bare()) for _each in range(2)]
        for row in rows:
            self.assert_held(row, "blocked", "vat_code_wanted")
        mapping = self.env["octopus.tax.mapping"].search(
            [
                ("company_id", "=", self.company.id),
                ("tax_id", "=", False),
                ("direction", "=", "sale"),
            ]
        )
        finding = rows[0].findings[0]
        self.assertEqual(
            (finding["model"], finding["ids"]), (mapping._name, mapping.ids)
        )
        self.assertEqual(len(finding["params"]["lines"]), 1)
        self.assertIn("5.0", finding["params"]["lines"][0])
        code = self.dossier.vat_code_ids.filtered(
            lambda card: (card.code, card.type) == ("00", "sell")
        )
        mapping.write(
            {"vat_code_id": code.id, "refund_vat_code_id": mapping._twin(code).id}
        )
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_x72_a_code_that_is_unknown_there_is_another_matter(self):
        code = self.dossier.sudo().vat_code_ids.filtered(
            lambda card: (card.code, card.type) == ("21", "sell")
        )
        code.sudo().code = "99"
        row = self.send(self.document())
        self.assert_held(row, "blocked", "refused")


class TestStartDate(OutboxCase):
    """A bill of before the start that is booked after it (X.58)."""

    def setUp(self):
        super().setUp()
        self.company.octopus_start_date = self.today.replace(day=1)
        self.before = self.company.octopus_start_date - timedelta(days=5)

    def test_x58_the_accounting_date_decides(self):
        bill = self.document("in_invoice", invoice_date=self.before, date=self.today)
        self.assertFalse(is_before_start(bill, self.company))
        row = self.send(bill)
        self.assert_booked(row)
        self.assertEqual(self.there(row).document_date, self.before)
        self.assertEqual(row.accounting_date, self.today)

    def test_x58_a_pass_collects_by_the_accounting_date_too(self):
        bill = self.document("in_invoice", invoice_date=self.before, date=self.today)
        self.row(bill).sudo().unlink()
        self.assertEqual(moves_without_row(self.company, 9), bill)

    def test_x58_an_accounting_date_before_the_start_stays_out(self):
        bill = self.document(
            "in_invoice", invoice_date=self.today, date=self.before, post=False
        )
        self.assertTrue(is_before_start(bill, self.company))
        self.assertFalse(in_scope(bill))

    def test_x58_its_tax_gets_a_mapping(self):
        tax = self.tax("attn_VAT-IN-V82-12-S")
        tax.active = False
        self.document(
            "in_invoice",
            lines=[(10.0, tax)],
            invoice_date=self.before,
            date=self.today,
        )
        self.assertIn(tax, self.env["octopus.tax.mapping"]._taxes(self.company))


class TestSameNumberAsInOdoo(BooksCase):
    """Numbers that cannot be those of a journal of Octopus (X.59)."""

    def bill(self, **values):
        line = self.line("610000", 10.00, "attn_VAT-IN-V82-21-S")
        return self.document("in_invoice", line, **values)

    def sale(self, kind="out_invoice", **values):
        line = self.line("700000", 10.00, "attn_VAT-OUT-21-L")
        return self.document(kind, line, **values)

    def choose(self):
        self.company.octopus_number_policy = "same"

    def assert_refused(self, *words):
        with self.assertRaises(ValidationError) as refused:
            self.choose()
        for word in words:
            self.assertIn(word, str(refused.exception))

    def test_x59_a_series_that_starts_anew_each_month(self):
        bill = self.bill()
        self.assert_refused("A1", bill.sequence_prefix, "each month")

    def test_x59_credit_notes_with_a_series_of_their_own_in_the_same_journal(self):
        self.sale()
        self.sale("out_refund")
        self.assert_refused("V1", "share")

    def test_x59_two_journals_of_odoo_in_one_of_octopus(self):
        self.sale()
        other = self.company_data["default_journal_sale"].copy({"code": "WEB"})
        self.sale(journal_id=other.id)
        self.assert_refused("V1", "share", "WEB")

    def test_x59_another_prefix_in_the_middle_of_a_year(self):
        self.sale()
        self.sale(name="SHOP/2026/00001")
        self.assert_refused("V1", "SHOP/2026/")

    def test_x59_one_series_through_the_year_is_accepted(self):
        self.sale()
        self.sale(date=date(2026, 4, 2), invoice_date=date(2026, 4, 2))
        self.choose()
        self.assertEqual(self.company.octopus_number_policy, "same")

    def test_x59_what_is_numbered_otherwise_later_says_why(self):
        self.choose()
        bill = self.bill()
        finding = self.finding(bill, "number_series")
        self.assertEqual(finding.params["series"], bill.sequence_prefix)
        self.assertEqual(self.codes(self.sale(invoice_date=DAY)), [])
