"""The steps of the set-up: situations, what is sold or bought, mappings, the first
document, who may send (A.9, A.11, B.6, L.1, L.2; D.8)."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from tests.common import OctopusCase, demo

INVOICING = "account.group_account_invoice"
USER = "octopus_connector.group_user"


class SetupCase(OctopusCase):
    linked = False

    def start(self, **values):
        return self.env["octopus.setup"].create(
            {
                "software_house": demo.SOFTWARE_HOUSE,
                "user_name": demo.USER,
                "password": demo.PASSWORD,
                **values,
            }
        )

    def at(self, state, **values):
        """Return a set-up that came to a step, with what is chosen on the way."""
        setup = self.start()
        setup.action_next()
        setup.write(values)
        while setup.state != state:
            before = setup.state
            setup.action_next()
            self.assertNotEqual(setup.state, before)
        return setup

    def walked(self, **values):
        setup = self.start()
        setup.action_next()
        setup.write(values)
        seen = [setup.state]
        while setup.state != "start":
            setup.action_next()
            seen.append(setup.state)
        return seen


class TestSituations(SetupCase):
    def test_l1_each_situation_has_its_own_steps(self):
        """L.1: an empty Octopus has no contacts to match."""
        self.assertNotIn("contacts", self.walked(situation="octopus_empty"))
        for situation in ("odoo_empty", "both"):
            self.assertIn("contacts", self.walked(situation=situation))

    def test_a8_a_first_login_has_a_name_to_go_on_with(self):
        self.env["octopus.connection"].search([]).active = False
        shown = self.env["octopus.setup"].default_get(["connection_name"])
        self.assertEqual(shown["connection_name"], "Octopus")

    def test_l1_what_odoo_looks_like_is_proposed(self):
        """L.1: a company without documents is empty."""
        self.assertEqual(self.start().situation, "odoo_empty")
        self.document()
        self.assertEqual(self.start().situation, "both")

    def test_l2_a_company_that_only_sells(self):
        """L.2: no journal of purchases is demanded, the kinds stay out."""
        setup = self.at("journals", trade="sells")
        setup.octopus_in_invoice_journal_id = False
        setup.octopus_in_refund_journal_id = False
        setup.action_next()
        self.assertEqual(setup.state, "mappings")
        self.assertFalse(self.company.octopus_in_invoice_goes)
        self.assertFalse(self.company.octopus_in_refund_goes)
        self.assertTrue(self.company.octopus_out_invoice_goes)
        self.assertEqual(self.start().trade, "sells", "and it is shown again")

    def test_l2_a_company_that_only_buys(self):
        setup = self.at("journals", trade="buys")
        setup.octopus_out_invoice_journal_id = False
        setup.octopus_out_refund_journal_id = False
        setup.action_next()
        self.assertEqual(setup.state, "mappings")
        kinds = self.company.octopus_kinds()
        self.assertEqual(set(kinds), {"in_invoice", "in_refund"})

    def test_l2_single_kinds_of_the_settings_stay(self):
        """L.2: going through the set-up again does not undo a choice of one kind."""
        self.at("journals")
        self.company.octopus_in_refund_goes = False
        again = self.start()
        again.action_next()
        again.action_next()
        self.assertFalse(self.company.octopus_in_refund_goes)

    def test_b9_the_check_list_is_a_step(self):
        """B.9: what is there is ticked before the journals are chosen."""
        setup = self.at("checks")
        self.assertIn('data-state="done"', setup.checks_html)
        self.assertIn("number_valid", setup.checks_html)


class TestDossierStep(SetupCase):
    def test_no_python_text_where_nothing_is_found(self):
        """screens.md: no dossier was found: nothing is to be agreed to."""
        self.company.vat = "BE0246697724"
        setup = self.start()
        setup.action_next()
        self.assertFalse(setup.dossier_id)
        self.assertFalse(setup.change_text)

    def test_what_was_found_is_told(self):
        """screens.md: the login worked, so many dossiers, found by which number."""
        setup = self.start()
        setup.action_next()
        self.assertIn("Login accepted", setup.found_text)
        self.assertIn(demo.MAIN_VAT, setup.found_text)
        self.assertIn(demo.MAIN_VAT, setup.dossier_numbers)

    def test_l9_a_wrong_number_is_told_before_anything_is_searched(self):
        self.company.partner_id.with_context(
            no_vat_validation=True
        ).vat = "BE0123456780"
        self.assertTrue(self.start().number_wrong)


class TestMappingsStep(SetupCase):
    def test_sure_ones_are_accepted_in_the_step(self):
        """screens.md: counts, and a button for each kind, inside the step."""
        setup = self.at("mappings")
        for kind, plural in (("tax", "taxes"), ("account", "accounts")):
            with self.subTest(kind=kind):
                sure, left = setup[f"{kind}_sure"], setup[f"{kind}_open"]
                self.assertGreater(sure, 0)
                action = getattr(setup, f"action_accept_{plural}")()
                self.assertEqual(action["res_id"], setup.id)
                setup.invalidate_recordset()
                self.assertEqual(setup[f"{kind}_accepted"], sure)
                self.assertEqual(setup[f"{kind}_sure"], 0)
                self.assertEqual(setup[f"{kind}_open"], left)

    def test_another_name_with_the_same_number_is_not_accepted_with_all(self):
        """D.8, screens.md: it is set apart; by itself it can be accepted."""
        account = self.company_data["default_account_revenue"]
        account.with_context(lang="en_US").name = "Rent of garages"
        account.code = "700000"
        self.document(lines=[{"account_id": account.id, "price_unit": 5}])
        setup = self.at("mappings")
        mapping = self.env["octopus.account.mapping"]
        row = mapping.search([("account_id", "=", account.id)])
        self.assertEqual(row.octopus_account_id.number, 700000)
        self.assertTrue(row.unlike, row.reason_text)
        self.assertIn("another name", row.reason_text)
        setup.action_accept_accounts()
        mapping.action_accept_all()
        self.assertEqual(row.state, "proposed")
        row.action_accept()
        self.assertEqual(row.state, "accepted")

    def test_the_list_leads_back(self):
        """screens.md: the list has a button to the set-up, at the same step."""
        setup = self.at("mappings")
        action = setup.action_open_accounts()
        rows = self.env[action["res_model"]].with_context(**action["context"])
        back = rows.action_back_to_setup()
        self.assertEqual((back["res_model"], back["res_id"]), (setup._name, setup.id))
        self.assertEqual(setup.state, "mappings")
        setup.sudo().unlink()
        self.assertEqual(rows.action_back_to_setup()["res_model"], "octopus.setup")


class TestStartStep(SetupCase):
    def test_the_rehearsal_leads_back(self):
        """Also when it is rehearsed anew from there."""
        setup = self.at("start", situation="octopus_empty")
        action = setup.action_rehearse()
        for _time in range(2):
            shown = self.env[action["res_model"]].browse(action["res_id"])
            shown = shown.with_context(**action["context"])
            back = shown.action_back_to_setup()
            self.assertEqual(
                (back["res_model"], back["res_id"]), (setup._name, setup.id)
            )
            action = shown.action_rehearse()
        self.assertEqual(setup.state, "start")

    def test_only_ready_documents_newest_first(self):
        """screens.md: no booked, blocked or foreign document; customers show."""
        setup = self.at("start", situation="octopus_empty")
        self.map_all()
        old, new, booked = self.document(), self.document(), self.document()
        booked.action_octopus_send()
        self.assertEqual(booked.octopus_state, "booked")
        dollars = self.document(currency_id=self.env.ref("base.USD").id)
        action = setup.action_first_document()
        found = self.env["account.move"].search(action["domain"], order="id desc")
        self.assertEqual(found[0], new)
        self.assertIn(old, found)
        self.assertFalse(found & (booked | dollars))
        self.assertEqual(action["context"]["default_move_type"], "out_invoice")
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        arch = etree.tostring(view._get_combined_arch(), encoding="unicode")
        self.assertIn("invoice_partner_display_name", arch)

    def test_payments_are_chosen_in_the_set_up(self):
        setup = self.at("start", situation="octopus_empty")
        setup.octopus_payment_owner = "octopus"
        self.assertEqual(self.company.octopus_payment_owner, "octopus")

    def test_who_invoices_gets_the_right_with_one_click(self):
        """screens.md: people who make invoices are named, and can be let in."""
        bookkeeper = new_test_user(
            self.env,
            "plain-bookkeeper",
            groups=INVOICING,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            groups=INVOICING,
            company_id=self.env["res.company"].sudo().create({"name": "Else"}).id,
        )
        setup = self.at("start", situation="octopus_empty")
        self.assertIn(bookkeeper, setup.without_group_ids)
        self.assertNotIn(elsewhere, setup.without_group_ids)
        setup.action_let_them_send()
        self.assertTrue(bookkeeper.has_group(USER))
        self.assertFalse(bookkeeper.has_group("octopus_connector.group_manager"))
        self.assertFalse(elsewhere.has_group(USER))
        setup.invalidate_recordset()
        self.assertFalse(setup.without_group_ids)

    def test_only_administrators_let_others_in(self):
        setup = self.at("start", situation="octopus_empty")
        user = new_test_user(self.env, "octo-user", groups=USER)
        with self.assertRaises(AccessError):
            setup.with_user(user).action_let_them_send()


class TestAskForId(SetupCase):
    def test_a9_a_mail_that_says_all_octopus_wants_to_know(self):
        """A.9: who asks, for which software, how and in which language to answer."""
        self.company.write(
            {"email": "info@company.example", "phone": "+32 2 123 45 67"}
        )
        self.company.partner_id.write(
            {"street": "Wetstraat 1", "city": "Brussel", "lang": "en_US"}
        )
        setup = self.start()
        action = setup.action_ask_for_id()
        composer = (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )
        self.assertIn("octopus.be", composer.partner_ids.mapped("email")[0])
        body = composer.body
        for text in (
            self.company.name,
            "Odoo",
            "Wetstraat 1",
            self.env.user.name,
            "+32 2 123 45 67",
            "info@company.example",
            "EN",
            "redirect URL",
        ):
            self.assertIn(text, body)
        self.assertIn(self.company.name, composer.subject)
        self.assertNotIn(demo.PASSWORD, body)

    def test_a9_an_octopus_administrator_sends_it(self):
        """A.9: who has no other rights in Odoo can send it, too."""
        boss = new_test_user(
            self.env,
            "octo-boss",
            groups="octopus_connector.group_manager",
            email="boss@company.example",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        mine = self.env["octopus.setup"].with_user(boss).create({})
        action = mine.action_ask_for_id()
        composer = self.env[action["res_model"]].with_user(boss)
        before = self.env["mail.mail"].sudo().search([])
        composer.with_context(**action["context"]).create({}).action_send_mail()
        sent = self.env["mail.mail"].sudo().search([]) - before
        messages = mine.connection_id.sudo().message_ids
        found = sent.mapped("subject") + messages.mapped("subject")
        self.assertTrue([text for text in found if text and "Software-house" in text])

    def test_a9_a11_which_user_stands_in_the_login(self):
        """A.9, A.11: kinds of users, and where Octopus is sold."""
        arch = self.env["octopus.setup"].get_view(view_type="form")["arch"]
        self.assertIn("kind U and K", arch)
        self.assertIn("https://www.octopus.be", arch)
        self.assertIn("action_ask_for_id", arch)


class TestBookyearForm(OctopusCase):
    def test_l7_one_form_per_bookyear(self):
        """L.7: periods, journals and bank accounts of a bookyear on one form."""
        arch = self.env["octopus.bookyear"].get_view(view_type="form")["arch"]
        for name in ("date_start", "date_end", "status", "period_ids", "iban"):
            self.assertIn(f'name="{name}"', arch)
        year = self.dossier.bookyear_ids[-1]
        self.assertTrue(year.journal_year_ids)
        self.assertTrue(any(year.journal_year_ids.mapped("iban")))

    def test_l8_the_company_reads_new_bookyears(self):
        """L.8: the button on the company."""
        self.books.accountant.add_year()
        before = len(self.dossier.bookyear_ids)
        self.dossier.sudo().refresh_cron_id.active = False
        self.company.action_octopus_refresh()
        self.assertEqual(len(self.dossier.bookyear_ids), before + 1)
