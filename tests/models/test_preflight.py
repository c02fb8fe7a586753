"""Everything that can stand in a document's way is found and told (Z.2, issue 2 §5)."""

from datetime import date

from odoo.fields import Command

from odoo.addons.octopus_connector.prepare.scope import concerned, in_scope

from .books_case import DAY, BooksCase

VAT21 = "attn_VAT-OUT-21-L"


class TestPlace(BooksCase):
    """Journal, bookyear and period."""

    def setUp(self):
        super().setUp()
        self.move = self.document("out_invoice", self.line("700000", 100.00, VAT21))
        self.year = self.v1.year_ids.sudo()

    def test_c6_kind_without_journal(self):
        self.company.octopus_out_invoice_journal_id = False
        self.finding(self.move, "kind_without_journal")

    def test_c10_journal_of_the_wrong_type(self):
        self.v1.sudo().type = "A"
        self.finding(self.move, "journal_wrong_type")

    def test_x5_journal_that_takes_invoices(self):
        self.v1.sudo().insertion_type = 2
        self.finding(self.move, "journal_invoice_mode")

    def test_c10_a_journal_of_unknown_mode_is_not_refused(self):
        self.v1.sudo().insertion_type = 0
        self.assertEqual(self.codes(self.move), [])

    def test_x7_journal_that_the_bookyear_has_not(self):
        self.year.unlink()
        self.finding(self.move, "journal_not_in_bookyear")

    def test_x1_journal_closed_waits_for_the_accountant(self):
        self.year.sudo().closed = True
        found = self.finding(self.move, "journal_closed")
        self.assertEqual(found.severity, "wait")
        self.assertFalse(self.prepare(self.move).blocked)

    def test_x1_no_bookyear_for_the_date(self):
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, VAT21),
            invoice_date=date(2025, 12, 31),
            date=date(2025, 12, 31),
        )
        self.assertEqual(self.codes(move), ["no_bookyear"])
        self.finding(move, "no_bookyear")

    def test_x1_bookyear_closed(self):
        self.bookyear.sudo().closed = True
        self.assertEqual(self.finding(self.move, "bookyear_closed").severity, "wait")

    def test_c2_date_without_period(self):
        periods = self.bookyear.sudo().period_ids
        periods.filtered(lambda period: period.number == 202603).unlink()
        self.finding(self.move, "period_missing")

    def test_x2_period_closed(self):
        """The larger of both decides; 0 is none."""
        for protected, closed, held in (
            (0, 202603, True),
            (202601, 202603, True),
            (202603, 202601, True),
            (0, 202602, False),
            (0, 0, False),
        ):
            self.year.sudo().write(
                {"protected_period": protected, "closed_period": closed}
            )
            codes = ["period_protected"] if held else []
            self.assertEqual(self.codes(self.move), codes, (protected, closed))

    def test_x2_period_protected(self):
        self.year.sudo().protected_period = 202603
        self.assertEqual(self.finding(self.move, "period_protected").severity, "wait")
        self.year.sudo().protected_period = 202602
        self.assertEqual(self.codes(self.move), [])

    def closed_policy(self, policy):
        """Protect March, and choose what becomes of its documents."""
        self.year.sudo().protected_period = 202603
        self.company.octopus_out_invoice_closed_policy = policy

    def test_z6_the_next_open_period_takes_it_with_its_own_date(self):
        """X.2, Z.6: the booking period moves, the document date does not."""
        self.closed_policy("next")
        for every, told in (
            (False, "2026-04/2026-Q2"),
            ("month", "2026-04"),
            ("quarter", "2026-Q2"),
        ):
            with self.subTest(every=every):
                self.dossier.vat_return = every
                found = self.finding(self.move, "period_moved")
                self.assertEqual(found.params["vat_period"], told)
        self.assertIn("Q2 2026", self.texts(found)["title"])
        document = self.prepare(self.move)
        self.assertFalse(document.stops)
        self.assertEqual(
            (document.period_number, document.document_date), (202604, DAY)
        )

    def texts(self, finding):
        return self.env["octopus.finding"]._texts(finding.as_json())

    def test_z6_a_closed_bookyear_goes_to_the_next_one_that_has_the_journal(self):
        """X.1, Z.6: and where none is open, it waits."""
        self.bookyear.sudo().closed = True
        self.company.octopus_out_invoice_closed_policy = "next"
        self.finding(self.move, "bookyear_closed")
        later = self._make_bookyear(4, 2027)
        self.finding(self.move, "bookyear_closed")
        self.mirror["octopus.journal.year"].create(
            {"journal_id": self.v1.id, "bookyear_id": later.id}
        )
        self.finding(self.move, "period_moved")
        document = self.prepare(self.move)
        self.assertEqual(document.bookyear, later)
        self.assertEqual(document.period_number, 202701)

    def test_z6_refused_it_stops_until_somebody_acts(self):
        self.closed_policy("refuse")
        self.assertEqual(self.finding(self.move, "period_protected").severity, "block")

    def test_z6_the_policy_is_that_of_the_kind(self):
        """Z.6: sales may go on while bills wait."""
        self.closed_policy("next")
        self.a1.year_ids.sudo().protected_period = 202603
        bill = self.document(
            "in_invoice", self.line("610000", 10.00, "attn_VAT-IN-V82-21-S")
        )
        self.assertEqual(self.codes(self.move), ["period_moved"])
        self.assertEqual(self.codes(bill), ["period_protected"])

    def test_c2_quarters_are_found_by_their_dates(self):
        self.bookyear.sudo().period_ids = [
            Command.clear(),
            Command.create(
                {
                    "number": 202601,
                    "date_start": date(2026, 1, 1),
                    "date_end": date(2026, 3, 31),
                }
            ),
        ]
        self.assertEqual(self.prepare(self.move).period_number, 202601)


class TestVat(BooksCase):
    def mapping(self, tax, direction="sale"):
        return self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", tax.id), ("direction", "=", direction)]
        )

    def test_x8_tax_without_vat_code(self):
        tax = self.tax("attn_VAT-OUT-12-S")
        move = self.document("out_invoice", self.line("700000", 100.00, tax))
        self.finding(move, "tax_not_mapped")

    def test_c12b_a_proposal_that_nobody_accepted_is_not_used(self):
        tax = self.tax(VAT21)
        mapping = self.mapping(tax)
        mapping.sudo().write({"state": "proposed"})
        move = self.document("out_invoice", self.line("700000", 100.00, tax))
        found = self.finding(move, "tax_not_mapped")
        self.assertEqual(found.ids, (mapping.id,))

    def test_x8_tax_without_code_for_credit_notes(self):
        self.mapping(self.tax(VAT21)).refund_vat_code_id = False
        invoice = self.document("out_invoice", self.line("700000", 100.00, VAT21))
        refund = self.document("out_refund", self.line("700000", 100.00, VAT21))
        self.assertEqual(self.codes(invoice), [])
        self.finding(refund, "tax_code_missing")

    def test_x8_code_that_octopus_has_no_more(self):
        self.vat_codes["sell", "21"].active = False
        move = self.document("out_invoice", self.line("700000", 100.00, VAT21))
        self.finding(move, "tax_code_missing")

    def test_x8_code_of_the_wrong_direction(self):
        code = self.vat_codes["sell", "21"]
        twin = code.search([("code", "=", code.code), ("type", "=", "sell_refund")])
        twin.unlink()
        code.sudo().type = "sell_refund"
        move = self.document("out_invoice", self.line("700000", 100.00, VAT21))
        self.finding(move, "tax_code_wrong_direction")

    def test_x9_the_leading_zero_survives(self):
        move = self.document(
            "out_invoice", self.line("700000", 100.00, "attn_VAT-OUT-06-L")
        )
        self.assertEqual(self.prepare(move).lines[0].vat_code, "06")

    def test_x8_line_with_several_vat_taxes(self):
        move = self.document(
            "out_invoice", self.line("700000", 100.00, VAT21, "attn_VAT-OUT-06-L")
        )
        self.finding(move, "several_vat_taxes")

    def test_x8_line_without_tax_needs_a_decision(self):
        self.mapping(self.env["account.tax"]).unlink()
        move = self.document("out_invoice", self.line("700000", 100.00))
        self.finding(move, "no_tax_not_mapped")

    def test_x8_lines_of_nothing_need_no_decision(self):
        self.mapping(self.env["account.tax"]).unlink()
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, VAT21),
            self.line("700000", 0.00, name="Thank you"),
        )
        self.assertEqual(self.codes(move), [])


class TestAccounts(BooksCase):
    def setUp(self):
        super().setUp()
        self.unmapped = self.account("700900")
        self.mapping = self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", self.tax(VAT21).id), ("direction", "=", "sale")]
        )

    def sold(self, code, *taxes):
        return self.document("out_invoice", self.line(code, 100.00, *taxes))

    def booked_on(self, code):
        return self.prepare(self.sold(code, VAT21)).lines[0].account

    def test_f9_account_without_counterpart(self):
        self.finding(self.sold("700900", VAT21), "account_not_mapped")

    def test_x11_account_on_suspense_goes_with_a_note(self):
        self.company.write(
            {
                "octopus_unknown_account_policy": "suspense",
                "octopus_suspense_account_id": self.octopus_accounts[700700].id,
            }
        )
        move = self.sold("700900", VAT21)
        self.assertEqual(self.finding(move, "account_on_suspense").severity, "warn")
        document = self.prepare(move)
        self.assertEqual(document.lines[0].account, 700700)
        self.assertEqual(document.stops, ())

    def test_d6_fallback_account_of_the_tax(self):
        self.mapping.write(
            {
                "account_policy": "fallback",
                "account_id": self.octopus_accounts[700600].id,
            }
        )
        self.assertEqual(
            self.prepare(self.sold("700900", VAT21)).lines[0].account, 700600
        )
        self.assertEqual(
            self.prepare(self.sold("700000", VAT21)).lines[0].account, 700000
        )

    def test_d4_octopus_s_own_account_of_the_vat_code(self):
        self.mapping.account_policy = "octopus"
        self.vat_codes["sell", "21"].sudo().default_sell_account = 700600
        move = self.sold("700900", VAT21)
        self.assertEqual(self.prepare(move).lines[0].account, 700600)

    def test_d4_else_the_account_of_the_relation(self):
        self.mapping.account_policy = "octopus"
        relation = self.prepare(self.sold("700000", VAT21)).relation
        relation.sudo().data = {"client_account": 700700}
        self.assertEqual(
            self.prepare(self.sold("700000", VAT21)).lines[0].account, 700700
        )

    def test_d4_vat_code_without_account(self):
        self.mapping.account_policy = "octopus"
        self.finding(self.sold("700000", VAT21), "vat_code_without_account")

    def test_d4_relation_without_account(self):
        self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", self.tax("attn_VAT-IN-V81-21").id)]
        ).account_policy = "octopus"
        move = self.document(
            "in_invoice", self.line("604000", 100.00, "attn_VAT-IN-V81-21")
        )
        self.finding(move, "relation_without_account")

    def test_d4_who_has_no_relation_is_named_and_looked_for_once(self):
        """Of a contact without a relation the mirror tells which it would be."""
        self.env["octopus.tax.mapping"].search(
            [("tax_id", "=", self.tax("attn_VAT-IN-V81-21").id)]
        ).account_policy = "octopus"
        partner = self.env["res.partner"].create({"name": "Nieuw"})
        line = self.line("604000", 100.00, "attn_VAT-IN-V81-21")
        moves = [
            self.document("in_invoice", line, line, partner_id=partner.id)
            for _time in range(5)
        ]
        finding = self.finding(moves[0], "no_relation_with_account")
        self.assertEqual(finding.params, {"partner": "Nieuw"})
        counts = []
        for some in (moves[:1], moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["account.move"].union(*some).octopus_prepare()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.mirror["octopus.relation"].create(
            {
                "dossier_id": self.dossier.id,
                "octopus_id": 99,
                "external_id": partner.id,
                "name": "Nieuw",
                "vat_type": 1,
                "data": {"supplier_account": 610000},
            }
        )
        document = self.prepare(moves[0])
        self.assertEqual((document.findings, document.lines[0].account), ((), 610000))
        self.assertFalse(document.relation, "a run links it")

    def test_x7_account_that_the_bookyear_has_not(self):
        self.octopus_accounts[700000].sudo().bookyear_ids = [Command.clear()]
        self.finding(self.sold("700000", VAT21), "account_missing_in_bookyear")

    def test_x12_cash_discount_without_account(self):
        self.company.write(
            {
                "octopus_sale_discount_account_id": False,
                "account_journal_early_pay_discount_loss_account_id": False,
            }
        )
        term = self.env["account.payment.term"].create(
            {
                "name": "2%",
                "early_discount": True,
                "discount_percentage": 2,
                "early_pay_discount_computation": "mixed",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, VAT21),
            invoice_payment_term_id=term.id,
        )
        self.finding(move, "discount_account_missing")

    def test_d12_credit_limitation_without_account(self):
        self.company.octopus_limitation_account_ids = self.account("700500")
        self.finding(self.sold("700500"), "limitation_account_missing")

    def test_d12_credit_limitation_with_tax(self):
        self.company.write(
            {
                "octopus_limitation_account_ids": [
                    Command.set(self.account("700500").ids)
                ],
                "octopus_sale_limitation_account_id": self.octopus_accounts[700700].id,
            }
        )
        self.finding(self.sold("700500", VAT21), "limitation_with_tax")


class TestAmounts(BooksCase):
    def test_x27_sums_that_do_not_meet(self):
        """A tax item whose line lost its tax: nothing in Odoo allows it, a database
        that was edited does."""
        move = self.document("out_invoice", self.line("700000", 100.00, VAT21))
        self.env.cr.execute(
            "DELETE FROM account_move_line_account_tax_rel"
            " WHERE account_move_line_id = %s",
            [move.invoice_line_ids.id],
        )
        self.env.invalidate_all()
        found = self.finding(move, "sums_differ")
        self.assertEqual(str(found.params["sum"]), "100.00")
        self.assertEqual(str(found.params["amount"]), "121.00")

    def test_x28_tax_changed_by_hand_to_the_other_sign(self):
        move = self.document(
            "in_invoice", self.line("604000", 100.00, "attn_VAT-IN-V81-21"), post=False
        )
        tax_item = move.line_ids.filtered("tax_line_id")
        move.line_ids = [Command.update(tax_item.id, {"amount_currency": -1.00})]
        move.action_post()
        self.assertEqual(move.amount_total, 99.00)
        self.finding(move, "line_signs")

    def test_x26_tax_changed_by_hand_by_a_cent_is_sent_as_booked(self):
        move = self.document(
            "in_invoice", self.line("604000", 100.00, "attn_VAT-IN-V81-21"), post=False
        )
        tax_item = move.line_ids.filtered("tax_line_id")
        move.line_ids = [Command.update(tax_item.id, {"amount_currency": 21.01})]
        move.action_post()
        document = self.prepare(move)
        self.assertEqual(document.findings, ())
        self.assertEqual(self.plain(document), [(604000, "H21", "100.00", "21.01")])
        self.assertEqual(str(document.amount), "121.01")

    def test_x50_rate_direction_that_nobody_knows(self):
        usd = self.setup_other_currency("USD", rates=[("2026-01-01", 1.25)])
        move = self.document(
            "out_invoice", self.line("700000", 100.00, VAT21), currency_id=usd.id
        )
        self.finding(move, "rate_direction_missing")

    def test_x50_rate_that_is_missing(self):
        usd = self.setup_other_currency("USD", rates=[("2026-01-01", 1.25)])
        move = self.document(
            "out_invoice", self.line("700000", 100.00, VAT21), currency_id=usd.id
        )
        self.env.cr.execute(
            "UPDATE account_move SET invoice_currency_rate = 0 WHERE id = %s", [move.id]
        )
        self.env.invalidate_all()
        self.finding(move, "rate_missing")


class TestScope(BooksCase):
    def setUp(self):
        super().setUp()
        self.move = self.document("out_invoice", self.line("700000", 100.00, VAT21))

    def test_f1_posted_documents_of_the_four_kinds(self):
        moves = self.move
        for kind, account, tax in (
            ("out_refund", "700000", VAT21),
            ("in_invoice", "604000", "attn_VAT-IN-V81-21"),
            ("in_refund", "604000", "attn_VAT-IN-V81-21"),
        ):
            moves += self.document(kind, self.line(account, 10.00, tax))
        entry = self.env["account.move"].create({"move_type": "entry"})
        receipt = self.document("out_receipt", self.line("700000", 10.00, VAT21))
        self.assertEqual(in_scope(moves + entry + receipt), moves)

    def test_f4_drafts_wait_until_they_are_confirmed(self):
        draft = self.document(
            "out_invoice", self.line("700000", 100.00, VAT21), post=False
        )
        self.assertFalse(in_scope(draft))
        self.assertEqual(concerned(draft), draft)
        self.finding(draft, "not_posted")

    def test_f3_older_documents_are_not_concerned(self):
        self.company.octopus_start_date = date(2026, 3, 11)
        self.assertFalse(in_scope(self.move))
        self.assertFalse(self.move.octopus_ready)
        self.assertIn("before_start_date", self.move.octopus_findings_html)
        self.company.octopus_start_date = DAY
        self.env.invalidate_all()
        self.assertEqual(in_scope(self.move), self.move)

    def test_f1_company_without_dossier(self):
        self.company.octopus_enabled = False
        self.assertFalse(in_scope(self.move))
        self.finding(self.move, "no_dossier")
        self.assertFalse(self.move.octopus_findings_html)

    def test_b4_the_company_of_the_document_decides(self):
        """A branch books by its own settings, whoever looks."""
        branch = self.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,
            }
        )
        self.env.user.company_ids += branch
        customer = self.customer.with_company(branch)
        customer.property_account_receivable_id = self.company_data[
            "default_account_receivable"
        ]
        move = self.document(
            "out_invoice",
            self.line("700000", 100.00, VAT21),
            company_id=branch.id,
            journal_id=self.company_data["default_journal_sale"].id,
            post=False,
        )
        self.assertEqual(self.prepare(move).settings, self.company)
        branch.octopus_separate_settings = True
        self.assertEqual(self.prepare(move).settings, branch)
        branch.octopus_dossier_id = False
        self.finding(move, "no_dossier")


class TestRelation(BooksCase):
    def preview_codes(self, move):
        document = move.octopus_prepare(find_relations=True)[move.id]
        return [finding.code for finding in document.findings]

    def sold_to(self, post=True, **values):
        partner = self.env["res.partner"].create({"name": "New", **values})
        return self.document(
            "out_invoice",
            self.line("700000", 100.00, VAT21),
            partner_id=partner.id,
            post=post,
        )

    def test_d13_a_new_contact_is_created_at_send_time(self):
        move = self.sold_to(country_id=self.env.ref("base.be").id)
        self.assertEqual(self.preview_codes(move), [])
        self.assertFalse(self.prepare(move).relation)

    def test_x14_contact_without_country(self):
        self.assertEqual(self.preview_codes(self.sold_to()), ["country_missing"])

    def test_x13_contact_whose_vat_type_can_not_be_told(self):
        move = self.sold_to(country_id=self.env.ref("base.be").id, is_company=True)
        self.assertEqual(self.preview_codes(move), ["vat_type_undecided"])

    def test_e12_ask_before_a_relation_is_created(self):
        self.company.octopus_relation_policy = "ask"
        move = self.sold_to(country_id=self.env.ref("base.be").id)
        self.assertEqual(self.preview_codes(move), ["relation_undecided"])

    def test_x16_a_relation_that_is_found_needs_no_country(self):
        relation = self.mirror["octopus.relation"].create(
            {"dossier_id": self.dossier.id, "octopus_id": 99, "name": "NEW"}
        )
        move = self.sold_to()
        document = move.octopus_prepare(find_relations=True)[move.id]
        self.assertEqual(document.relation, relation)
        self.assertEqual(document.findings, ())

    def test_x14_document_without_partner(self):
        """Also a bill that came by mail, and is only a file yet (X.63)."""
        for kind in ("out_invoice", "in_invoice"):
            move = self.document(
                kind,
                self.line("700000", 100.00),
                partner_id=False,
                post=False,
            )
            with self.subTest(kind):
                self.finding(move, "partner_missing")


class TestScreens(BooksCase):
    def setUp(self):
        super().setUp()
        self.move = self.document("out_invoice", self.line("700000", 100.00, VAT21))

    def test_z2_the_pill_of_a_draft(self):
        draft = self.document(
            "out_invoice", self.line("700000", 100.00, VAT21), post=False
        )
        self.assertTrue(draft.octopus_ready)
        self.assertFalse(draft.octopus_findings_html)
        draft.invoice_line_ids.account_id = self.account("700900")
        self.env.invalidate_all()
        self.assertFalse(draft.octopus_ready)
        self.assertIn('data-code="account_not_mapped"', draft.octopus_findings_html)

    def test_z2_a_finding_leads_to_the_place_where_it_is_mended(self):
        self.company.octopus_out_invoice_journal_id = False
        self.assertIn(
            "/odoo/octopus-settings",
            self.move.octopus_findings_html,
        )
        self.company.octopus_out_invoice_journal_id = self.v1
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", self.account("700000").id)]
        )
        mapping.octopus_account_id = False
        self.env.invalidate_all()
        self.assertIn(
            f"/odoo/octopus-accounts/{mapping.id}",
            self.move.octopus_findings_html,
        )

    def test_z12_the_preview_of_a_document_without_a_journal_names_no_record(self):
        self.company.octopus_out_invoice_journal_id = False
        action = self.move.action_octopus_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertFalse(preview.journal_id)
        self.assertEqual((preview.number, preview.number_text), (0, False))
        for name, field in preview._fields.items():
            if field.type in ("char", "text", "html") and name != "display_name":
                shown = str(preview[name] or "")
                self.assertNotIn("octopus.", shown.replace("/odoo/octopus", ""), name)

    def test_z12_the_preview_shows_the_booking(self):
        codes_21 = self.env["octopus.vat.code"].sudo().search([("code", "=", "21")])
        codes_21.percentage = 21
        before = self.move.octopus_booking_ids.read(["state", "number", "queued"])
        action = self.move.action_octopus_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertRecordValues(
            preview,
            [
                {
                    "journal_id": self.v1.id,
                    "number": 7,
                    "number_text": f"{self.v1.key} / 2026 / 7",
                    "may_send": True,
                    "off_by": 0,
                    "bookyear_id": self.bookyear.id,
                    "period_number": 202603,
                    "amount": 121.00,
                    "comment": self.move.name,
                }
            ],
        )
        self.assertFalse(preview.findings_html)
        self.assertRecordValues(
            preview.line_ids,
            [
                {
                    "account": False,
                    "account_name": f"Customer: {preview.relation_id.display_name}",
                    "vat_code": False,
                    "debit": 121.00,
                    "credit": 0,
                    "boxes": False,
                },
                {
                    "account": "700000",
                    "account_name": self.octopus_accounts[700000].name,
                    "vat_code": "21",
                    "debit": 0,
                    "credit": 100.00,
                    "boxes": "03",
                },
                {
                    "account": False,
                    "account_name": "VAT, on the account that Octopus has for it",
                    "vat_code": "21",
                    "debit": 0,
                    "credit": 21.00,
                    "boxes": "54",
                },
            ],
        )
        after = self.move.octopus_booking_ids.read(["state", "number", "queued"])
        self.assertEqual(after, before)

    def test_z12_a_number_is_its_own_when_octopus_has_it(self):
        """Until the answer is known it is the expected one."""
        row = self.move.octopus_booking_id.sudo()
        row.number = 7
        for state in ("sending", "unknown", "booked"):
            row.state = state
            action = self.move.action_octopus_preview()
            preview = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(preview.number, 7)
            self.assertEqual(preview.is_there, state == "booked", state)

    def test_z12_the_preview_of_an_incomplete_document_says_what_lacks(self):
        self.company.octopus_out_invoice_journal_id = False
        action = self.move.action_octopus_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("kind_without_journal", preview.findings_html)
        self.assertEqual(preview.line_ids[1].account, "700000")

    def test_z12_a_missing_account_is_not_shown_as_0(self):
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", self.account("700000").id)]
        )
        mapping.octopus_account_id = False
        action = self.move.action_octopus_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        line = preview.line_ids[1]
        self.assertFalse(line.account)
        self.assertTrue(line.is_missing)
        self.assertEqual(line.account_name, "No account yet")
        self.assertEqual(preview.off_by, 0)

    def test_z12_the_preview_sends(self):
        """It has the document's own button, where that may go."""
        draft = self.document(
            "out_invoice", self.line("700000", 100.00, VAT21), post=False
        )
        action = draft.action_octopus_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(preview.is_draft)
        self.assertFalse(preview.may_send)
        self.assertFalse(preview.findings_html)
        draft.action_post()
        action = draft.action_octopus_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(preview.may_send)
