"""What leaves Odoo, to the cent, on the taxes of l10n_be (Z.7, X.26-X.28)."""

from datetime import date

from odoo.fields import Command

from .books_case import DAY, BooksCase, D


class TestSales(BooksCase):
    def test_d10_rates_mixed_on_one_invoice(self):
        move = self.document(
            "out_invoice",
            self.line("700000", 33.33, "attn_VAT-OUT-21-L"),
            self.line("700000", 66.67, "attn_VAT-OUT-21-L"),
            self.line("700000", 50.05, "attn_VAT-OUT-12-L"),
            self.line("700000", 10.01, "attn_VAT-OUT-06-L"),
            self.line("700000", 7.77, "attn_VAT-OUT-00-L"),
        )
        self.assert_booked(
            move,
            "195.44",
            [
                (700000, "21", "100.00", "21.00"),
                (700000, "12", "50.05", "6.01"),
                (700000, "06", "10.01", "0.60"),
                (700000, "00", "7.77", "0.00"),
            ],
        )

    def test_d10_several_accounts_share_the_vat_of_their_code(self):
        """0.05 at 21 % three times is 0.0315: Odoo books 0.03, and 0.03 is shared."""
        move = self.document(
            "out_invoice",
            self.line("700000", 0.05, "attn_VAT-OUT-21-L"),
            self.line("700100", 0.05, "attn_VAT-OUT-21-S"),
            self.line("700500", 0.05, "attn_VAT-OUT-21-L"),
        )
        document = self.prepare(move)
        self.assertEqual(document.findings, ())
        self.assertEqual(
            sum(line.vat for line in document.lines), D(str(move.amount_tax))
        )
        self.assertEqual(
            [(line.account, line.base) for line in document.lines],
            [(700000, D("0.05")), (700100, D("0.05")), (700500, D("0.05"))],
        )
        self.assertEqual({line.vat for line in document.lines}, {D("0.01")})

    def test_d10_ungrouped_sends_each_line_with_its_label(self):
        self.company.octopus_group_by_vat = False
        move = self.document(
            "out_invoice",
            self.line("700000", 33.33, "attn_VAT-OUT-21-L", name="Bread"),
            self.line("700000", 66.67, "attn_VAT-OUT-21-L", name="Rolls\nwith seeds"),
        )
        document = self.assert_booked(
            move,
            "121.00",
            [
                (700000, "21", "33.33", "7.00"),
                (700000, "21", "66.67", "14.00"),
            ],
        )
        self.assertEqual(
            [line.comment for line in document.lines], ["Bread", "Rolls with seeds"]
        )

    def test_z7_prices_with_tax_included(self):
        tax = self.tax("attn_VAT-OUT-21-L").copy(
            {"name": "21% incl", "price_include_override": "tax_included"}
        )
        self._map_tax(
            tax,
            "sale",
            vat_code_id=self.vat_codes["sell", "21"].id,
            refund_vat_code_id=self.vat_codes["sell_refund", "21"].id,
        )
        move = self.document(
            "out_invoice",
            self.line("700000", 9.99, tax, quantity=3),
            self.line("700100", 0.99, tax),
        )
        self.assert_booked(
            move,
            "30.96",
            [(700000, "21", "24.77", "5.20"), (700100, "21", "0.82", "0.17")],
        )

    def test_z7_line_discounts(self):
        move = self.document(
            "out_invoice",
            self.line("700000", 99.99, "attn_VAT-OUT-21-L", discount=12.5),
        )
        self.assert_booked(move, "105.86", [(700000, "21", "87.49", "18.37")])

    def test_d11_early_discount_mixed(self):
        term = self._mixed_term()
        move = self.document(
            "out_invoice",
            self.line("700000", 60.00, "attn_VAT-OUT-21-L"),
            self.line("700000", 40.00, "attn_VAT-OUT-21-L"),
            invoice_payment_term_id=term.id,
        )
        self.assert_booked(
            move,
            "120.58",
            [(700000, "21", "98.00", "20.58"), (657000, None, "2.00", "0.00")],
        )

    def test_d11_early_discount_ungrouped_lowers_each_line(self):
        self.company.octopus_group_by_vat = False
        move = self.document(
            "out_invoice",
            self.line("700000", 60.00, "attn_VAT-OUT-21-L", name="One"),
            self.line("700000", 40.00, "attn_VAT-OUT-21-L", name="Two"),
            invoice_payment_term_id=self._mixed_term().id,
        )
        document = self.prepare(move)
        self.assertEqual(
            self.plain(document),
            [
                (700000, "21", "58.80", "12.35"),
                (700000, "21", "39.20", "8.23"),
                (657000, None, "2.00", "0.00"),
            ],
        )

    def test_d11_early_discount_uses_odoo_s_own_account_when_none_is_chosen(self):
        self.company.octopus_sale_discount_account_id = False
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, "attn_VAT-OUT-21-L"),
            invoice_payment_term_id=self._mixed_term().id,
        )
        self.assertEqual(self.prepare(move).lines[1].account, 657000)

    def test_d2_intra_community_sales(self):
        move = self.document(
            "out_invoice",
            self.line("700600", 1000.00, "attn_VAT-OUT-00-EU-L"),
            self.line("700600", 250.00, "attn_VAT-OUT-00-EU-S"),
        )
        self.assert_booked(
            move,
            "1250.00",
            [(700600, "00E", "1000.00", "0.00"), (700600, "00S", "250.00", "0.00")],
        )

    def test_d2_export_sales(self):
        move = self.document(
            "out_invoice", self.line("700700", 88.88, "attn_VAT-OUT-00-ROW")
        )
        self.assert_booked(move, "88.88", [(700700, "00X", "88.88", "0.00")])

    def test_d2_co_contractor_sales(self):
        move = self.document(
            "out_invoice", self.line("700500", 5000.00, "attn_VAT-OUT-00-CC")
        )
        self.assert_booked(move, "5000.00", [(700500, "00M", "5000.00", "0.00")])

    def test_x28_negative_lines(self):
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, "attn_VAT-OUT-21-L"),
            self.line("700100", -30.00, "attn_VAT-OUT-21-L"),
        )
        self.assert_booked(
            move,
            "84.70",
            [(700000, "21", "100.00", "21.00"), (700100, "21", "-30.00", "-6.30")],
        )

    def test_x28_a_down_payment_that_is_settled(self):
        move = self.document(
            "out_invoice",
            self.line("700000", 1000.00, "attn_VAT-OUT-21-L", name="Oven"),
            self.line(
                "700000", 300.00, "attn_VAT-OUT-21-L", name="Down payment", quantity=-1
            ),
        )
        self.assert_booked(move, "847.00", [(700000, "21", "700.00", "147.00")])
        self.company.octopus_group_by_vat = False
        self.assertEqual(
            self.plain(self.prepare(move)),
            [
                (700000, "21", "1000.00", "210.00"),
                (700000, "21", "-300.00", "-63.00"),
            ],
        )

    def test_x28_lines_that_all_but_cancel_out(self):
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, "attn_VAT-OUT-21-L"),
            self.line("700100", -99.99, "attn_VAT-OUT-21-L"),
        )
        self.assert_booked(
            move,
            "0.01",
            [(700000, "21", "100.00", "21.00"), (700100, "21", "-99.99", "-21.00")],
        )

    def test_z7_a_zero_invoice(self):
        """Octopus knows bookings of 0 without lines (api.md §4.5)."""
        move = self.document(
            "out_invoice",
            self.line("700000", 50.00, "attn_VAT-OUT-21-L"),
            self.line("700000", -50.00, "attn_VAT-OUT-21-L"),
            self.line("700100", 80.00, "attn_VAT-OUT-06-L", discount=100),
        )
        self.assert_booked(move, "0.00", [])

    def test_x28_a_credit_note_of_zero_is_read_as_an_invoice(self):
        """Octopus knows a credit note by its negative total alone."""
        move = self.document(
            "out_refund",
            self.line("700000", 100.00, "attn_VAT-OUT-21-L"),
            self.line("700100", -121.00, "attn_VAT-OUT-00-L"),
        )
        mapping = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", self.tax("attn_VAT-OUT-21-L").id)]
        )
        # The card of credit notes would be refused (-75).
        mapping.refund_vat_code_id = self.vat_codes["sell_refund", "12"]
        document = self.prepare(move)
        self.assertEqual(
            self.plain(document),
            [(700000, "21", "-100.00", "-21.00"), (700100, "00", "121.00", "0.00")],
        )
        self.assertEqual(self.codes(move), ["credit_note_of_zero"])
        self.assertEqual(self.finding(move, "credit_note_of_zero").severity, "warn")
        preview = self.env["octopus.booking.preview"].browse(
            move.action_octopus_preview()["res_id"]
        )
        self.assertEqual(
            [(it.debit, it.credit) for it in preview.line_ids],
            [(0, 0), (100, 0), (21, 0), (0, 121)],
        )

    def test_x28_a_vendor_s_credit_note_of_zero(self):
        move = self.document(
            "in_refund",
            self.line("604000", 100.00, "attn_VAT-IN-V81-21"),
            self.line("610000", -121.00),
        )
        self.assertEqual(
            self.plain(self.prepare(move)),
            [(604000, "H21", "-100.00", "-21.00"), (610000, None, "121.00", "0.00")],
        )

    def test_z7_cash_rounding_as_a_line(self):
        move = self._rounded("add_invoice_line")
        self.assertEqual(move.amount_total, 12.10)
        self.assert_booked(
            move,
            "12.10",
            [(700000, "21", "9.98", "2.10"), (757100, None, "0.02", "0.00")],
        )

    def test_z7_cash_rounding_on_the_biggest_tax(self):
        move = self._rounded("biggest_tax")
        self.assert_booked(move, "12.10", [(700000, "21", "9.98", "2.12")])

    def test_z7_a_fixed_tax_is_base_on_its_own_account(self):
        """Recupel: 0.50 for each piece, subject to VAT like the goods."""
        recupel = self.env["account.tax"].create(
            {
                "name": "Recupel",
                "amount_type": "fixed",
                "amount": 0.50,
                "type_tax_use": "sale",
                "include_base_amount": True,
                "sequence": 1,
                "invoice_repartition_line_ids": self._to_account("700100"),
                "refund_repartition_line_ids": self._to_account("700100"),
            }
        )
        move = self.document(
            "out_invoice",
            self.line("700000", 10.00, recupel, "attn_VAT-OUT-21-L", quantity=2),
        )
        self.assert_booked(
            move,
            "25.41",
            [(700000, "21", "20.00", "4.20"), (700100, "21", "1.00", "0.21")],
        )

    def test_d12_credit_limitation(self):
        limitation = self.octopus_accounts[700700]
        self.company.write(
            {
                "octopus_sale_limitation_account_id": limitation.id,
                "octopus_limitation_product_ids": [Command.set(self.product_a.ids)],
                "octopus_limitation_account_ids": [
                    Command.set(self.account("700500").ids)
                ],
            }
        )
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, "attn_VAT-OUT-21-L"),
            self.line("700000", 2.00, product_id=self.product_a.id),
            self.line("700500", 1.00),
        )
        self.assert_booked(
            move,
            "124.00",
            [(700000, "21", "100.00", "21.00"), (700700, None, "3.00", "0.00")],
        )

    def test_x50_foreign_currency_with_the_rate_of_the_document(self):
        usd = self.setup_other_currency("USD", rates=[("2026-01-01", 1.25)])
        move = self.document(
            "out_invoice",
            self.line("700700", 1000.00, "attn_VAT-OUT-00-ROW"),
            self.line("700000", 33.33, "attn_VAT-OUT-21-L"),
            currency_id=usd.id,
        )
        self.dossier.exchange_rate_direction = "foreign_per_euro"
        document = self.assert_booked(
            move,
            "1040.33",
            [(700700, "00X", "1000.00", "0.00"), (700000, "21", "33.33", "7.00")],
        )
        self.assertEqual(document.exchange_rate, D("1.25"))
        self.assertEqual(document.currency, usd)
        self.dossier.exchange_rate_direction = "euro_per_foreign"
        self.assertEqual(self.prepare(move).exchange_rate, D("0.8"))

    def test_x50_a_rate_keeps_its_digits(self):
        jpy = self.setup_other_currency(
            "JPY", rounding=1.0, rates=[("2026-01-01", 161.4321)]
        )
        self.dossier.exchange_rate_direction = "euro_per_foreign"
        move = self.document(
            "out_invoice",
            self.line("700700", 1000000, "attn_VAT-OUT-00-ROW"),
            currency_id=jpy.id,
        )
        document = self.assert_booked(
            move, "1000000", [(700700, "00X", "1000000", "0")]
        )
        back = document.amount * document.exchange_rate
        self.assertAlmostEqual(float(back), move.amount_total_signed, places=2)

    def _mixed_term(self):
        return self.env["account.payment.term"].create(
            {
                "name": "2% in 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )

    def _rounded(self, strategy):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": strategy,
                "rounding_method": "HALF-UP",
                "profit_account_id": self.account("757100").id,
                "loss_account_id": self.account("757100").id,
            }
        )
        return self.document(
            "out_invoice",
            self.line("700000", 9.98, "attn_VAT-OUT-21-L"),
            invoice_cash_rounding_id=rounding.id,
        )

    def _to_account(self, code):
        return [
            Command.clear(),
            Command.create({"repartition_type": "base"}),
            Command.create(
                {"repartition_type": "tax", "account_id": self.account(code).id}
            ),
        ]


class TestPurchases(BooksCase):
    def test_d2_goods_services_and_investments(self):
        move = self.document(
            "in_invoice",
            self.line("604000", 100.00, "attn_VAT-IN-V81-21"),
            self.line("604000", 20.00, "attn_VAT-IN-V81-06"),
            self.line("610000", 50.00, "attn_VAT-IN-V82-21-S"),
            self.line("240000", 1000.00, "attn_VAT-IN-V83-21"),
        )
        self.assert_booked(
            move,
            "1412.70",
            [
                (604000, "H21", "100.00", "21.00"),
                (604000, "H06", "20.00", "1.20"),
                (610000, "D21", "50.00", "10.50"),
                (240000, "I21", "1000.00", "210.00"),
            ],
        )

    def test_d2_intra_community_purchases_have_no_vat_to_pay(self):
        move = self.document(
            "in_invoice",
            self.line("604000", 1000.00, "attn_VAT-IN-V81-21-EU"),
            self.line("610000", 200.00, "attn_VAT-IN-V82-21-EU-S"),
        )
        self.assert_booked(
            move,
            "1200.00",
            [(604000, "H21E", "1000.00", "0.00"), (610000, "D21E", "200.00", "0.00")],
        )

    def test_d2_imports(self):
        move = self.document(
            "in_invoice", self.line("604000", 333.33, "attn_VAT-IN-V81-21-ROW-CC")
        )
        self.assert_booked(move, "333.33", [(604000, "H21X", "333.33", "0.00")])

    def test_d2_co_contractor_purchases(self):
        move = self.document(
            "in_invoice", self.line("610000", 750.00, "attn_VAT-IN-V82-21-CC")
        )
        self.assert_booked(move, "750.00", [(610000, "D21M", "750.00", "0.00")])

    def test_d2_half_deductible_vat_is_vat_and_not_cost(self):
        move = self.document(
            "in_invoice",
            self.line("610200", 100.00, "attn_VAT-IN-V82-CAR-EXC"),
            self.line("610200", 10.00, "attn_VAT-IN-V82-21-S"),
        )
        document = self.assert_booked(
            move,
            "133.10",
            [(610200, "D21", "100.00", "21.00"), (610200, "D21", "10.00", "2.10")],
        )
        self.assertEqual(
            [line.vat_recup_percentage for line in document.lines], [D("50.00"), None]
        )

    def test_d2_vat_that_can_not_be_deducted(self):
        move = self.document(
            "in_invoice", self.line("610000", 100.00, "attn_VAT-IN-V82-S-ND")
        )
        document = self.assert_booked(
            move, "121.00", [(610000, "D21", "100.00", "21.00")]
        )
        self.assertEqual(document.lines[0].vat_recup_percentage, D("0.00"))

    def test_d11_early_discount_mixed_on_a_bill(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2% in 7 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 7,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        move = self.document(
            "in_invoice",
            self.line("604000", 100.00, "attn_VAT-IN-V81-21"),
            invoice_payment_term_id=term.id,
        )
        self.assert_booked(
            move,
            "120.58",
            [(604000, "H21", "98.00", "20.58"), (757000, None, "2.00", "0.00")],
        )

    def test_z7_a_bill_that_is_partly_private(self):
        """60 % for the company: base 60.00 with VAT 12.60, and 48.40 private."""
        self.env.user.group_ids += self.env.ref(
            "account.group_partial_purchase_deductibility"
        )
        journal = self.company_data["default_journal_purchase"]
        journal.non_deductible_account_id = self.account("700700")
        move = self.document(
            "in_invoice",
            self.line("610000", 100.00, "attn_VAT-IN-V82-21-S", deductible_amount=60),
            self.line("610000", 10.00, "attn_VAT-IN-V82-21-S"),
        )
        document = self.prepare(move)
        self.assertEqual(document.findings, ())
        self.assertEqual(
            self.plain(document),
            [(610000, "D21", "70.00", "14.70"), (700700, None, "48.40", "0.00")],
        )
        self.company.octopus_group_by_vat = False
        self.assertEqual(
            self.plain(self.prepare(move))[:2],
            [(610000, "D21", "60.00", "12.60"), (610000, "D21", "10.00", "2.10")],
        )


class TestHeader(BooksCase):
    def test_f2_numbers_and_references_of_a_sale(self):
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, "attn_VAT-OUT-21-L"),
            invoice_origin="SO42",
            payment_reference="+++251/8016/43531+++",
            invoice_date_due=date(2026, 4, 9),
        )
        document = self.prepare(move)
        self.assertEqual(
            (document.comment, document.reference, document.order_reference),
            (move.name, "+++251/8016/43531+++", "SO42"),
        )
        self.assertEqual(document.document_date, DAY)
        self.assertEqual(document.expiry_date, date(2026, 4, 9))
        self.assertEqual(document.journal_year.journal_id, self.v1)
        self.assertEqual(document.bookyear, self.bookyear)
        self.assertEqual(document.period_number, 202603)
        self.assertEqual(document.exchange_rate, D(1))
        self.assertEqual(document.relation.octopus_id, 16)

    def test_f2_a_bill_carries_the_vendor_s_number(self):
        move = self.document(
            "in_invoice", self.line("604000", 100.00, "attn_VAT-IN-V81-21")
        )
        document = self.prepare(move)
        self.assertEqual(document.reference, "F-2026/17")
        self.assertEqual(document.comment, move.name)

    def test_c2_the_accounting_date_decides_the_period(self):
        move = self.document(
            "in_invoice",
            self.line("604000", 100.00, "attn_VAT-IN-V81-21"),
            invoice_date=date(2026, 2, 27),
            date=date(2026, 3, 31),
        )
        document = self.prepare(move)
        self.assertEqual(document.document_date, date(2026, 2, 27))
        self.assertEqual(document.period_number, 202603)

    def test_c8_credit_notes_may_have_a_journal_of_their_own(self):
        self.company.octopus_in_refund_journal_id = self.a2
        move = self.document(
            "in_refund", self.line("604000", 100.00, "attn_VAT-IN-V81-21")
        )
        self.assertEqual(self.prepare(move).journal, self.a2)

    def test_c6_a_journal_of_odoo_may_have_its_own(self):
        self.env["octopus.journal.mapping"].create(
            {
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "journal_id": self.company_data["default_journal_purchase"].id,
                "octopus_journal_id": self.a2.id,
            }
        )
        bill = self.document(
            "in_invoice", self.line("604000", 100.00, "attn_VAT-IN-V81-21")
        )
        refund = self.document(
            "in_refund", self.line("604000", 100.00, "attn_VAT-IN-V81-21")
        )
        self.assertEqual(self.prepare(bill).journal, self.a2)
        self.assertEqual(self.prepare(refund).journal, self.a1)

    def test_x22_a_booking_has_our_number_and_odoo_s_beside_it(self):
        move = self.document(
            "out_refund", self.line("700000", 100.00, "attn_VAT-OUT-21-L")
        )
        document = self.prepare(move)
        types = self.api_types()
        booking = document.booking(7, types.RelationRef(id=16))
        self.assertEqual(booking.number, 7)
        self.assertEqual(booking.comment, move.name)
        self.assertEqual(booking.amount, D("-121.00"))
        self.assertEqual(booking.lines[0].base, D("100.00"))
        self.assertEqual((booking.bookyear_id, booking.journal), (3, "V1"))
        self.assertEqual((booking.currency, booking.exchange_rate), ("EUR", D(1)))
        self.assertEqual(booking.relation.id, 16)

    def test_x25_what_is_incomplete_can_not_be_booked(self):
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, "attn_VAT-OUT-21-L"),
            post=False,
        )
        self.assertEqual(self.codes(move), ["not_posted"])
        with self.assertRaisesRegex(ValueError, "not_posted"):
            self.prepare(move).booking(7, self.api_types().RelationRef(id=16))

    def api_types(self):
        from odoo.addons.octopus_connector.api import types

        return types


class TestFingerprint(BooksCase):
    def setUp(self):
        super().setUp()
        self.move = self.document(
            "out_invoice", self.line("700000", 100.00, "attn_VAT-OUT-21-L")
        )
        self.mark = self.prepare(self.move).fingerprint

    def test_c12b_a_mapping_that_changes_later_is_no_change(self):
        self.company.octopus_group_by_vat = False
        self.company.octopus_out_invoice_journal_id = self._make_journal("V3")
        mapping = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", self.tax("attn_VAT-OUT-21-L").id)]
        )
        mapping.vat_code_id = self.vat_codes["sell", "06"]
        self.assertEqual(self.prepare(self.move).fingerprint, self.mark)

    def test_x29_the_same_document_posted_again_is_no_change(self):
        self.move.button_draft()
        self.move.action_post()
        self.assertEqual(self.prepare(self.move).fingerprint, self.mark)

    def test_x29_another_amount_account_tax_or_partner_is_a_change(self):
        line = self.move.invoice_line_ids
        changes = [
            (line, {"price_unit": 100.01}),
            (line, {"account_id": self.account("700100").id}),
            (line, {"tax_ids": [Command.set(self.tax("attn_VAT-OUT-06-L").ids)]}),
            (self.move, {"partner_id": self.supplier.id}),
            (self.move, {"invoice_date": date(2026, 3, 11)}),
        ]
        marks = {self.mark}
        for record, values in changes:
            self.move.button_draft()
            record.write(values)
            self.move.action_post()
            marks.add(self.prepare(self.move).fingerprint)
        self.assertEqual(len(marks), len(changes) + 1)


class TestSpeed(BooksCase):
    def test_queries_are_the_same_for_5_and_for_50_documents(self):
        """Batches cost a fixed number of queries (issue 2, bench push)."""
        moves = self.env["account.move"].union(
            *[
                self.document(
                    "out_invoice",
                    self.line("700000", 100.00 + index, "attn_VAT-OUT-21-L"),
                    self.line("700100", 50.00, "attn_VAT-OUT-06-L"),
                )
                for index in range(50)
            ]
        )
        self._queries(moves[:1])
        self.assertEqual(self._queries(moves[:5]), self._queries(moves))

    def _queries(self, moves):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        prepared = moves.octopus_prepare()
        self.assertEqual(
            {code for it in prepared.values() for code in it.findings}, set()
        )
        return self.env.cr.sql_log_count - before
