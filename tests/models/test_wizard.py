"""The set-up, from nothing to a first document (A.5, A.7, B.7, B.8)."""

from odoo.exceptions import UserError

from tests.common import OctopusCase, demo


class TestSetup(OctopusCase):
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

    def test_whole_way(self):
        """A.5: login → dossier → journals → mappings → start."""
        setup = self.start()
        self.assertEqual(setup.state, "credentials")
        setup.action_next()
        self.assertEqual(setup.state, "dossier")
        self.assertEqual(setup.dossier_id.octopus_id, demo.MAIN, "found by VAT number")
        self.assertFalse(self.company.octopus_dossier_id, "nothing before Next")
        setup.action_next()
        self.assertEqual(self.company.octopus_dossier_id.octopus_id, demo.MAIN)
        self.assertTrue(self.company.octopus_enabled)
        self.assertEqual(setup.octopus_out_invoice_journal_id.key, "V1")
        self.assertEqual(setup.state, "checks")
        setup.action_next()
        self.assertEqual(setup.state, "journals")
        setup.action_next()
        self.assertEqual(setup.state, "mappings")
        self.assertGreater(setup.tax_sure, 0)
        self.assertGreater(setup.tax_open, 0)
        self.assertEqual(setup.tax_accepted, 0, "C.12b: nothing accepts itself")
        setup.action_next()
        self.assertEqual(setup.state, "contacts")
        setup.action_next()
        self.assertEqual(setup.state, "start")
        setup.action_back()
        self.assertEqual(setup.state, "contacts")

    def test_wrong_login_stays(self):
        """A.5: with a wrong login the step stays, with the reason."""
        setup = self.start(password="wrong")
        setup.action_next()
        self.assertEqual(setup.state, "credentials")
        self.assertIn("rejected the login", setup.problem_html)
        setup.password = demo.PASSWORD
        setup.action_next()
        self.assertEqual(setup.state, "dossier")

    def test_b8_no_match_is_explained(self):
        """B.8: no dossier by VAT number: both sides' numbers are shown."""
        self.company.vat = "BE0246697724"
        setup = self.start()
        setup.action_next()
        self.assertFalse(setup.dossier_id)
        self.assertEqual(setup.match_count, 0)
        self.assertIn("0246.697.724", setup.company_numbers)
        self.assertIn(demo.MAIN_VAT, setup.dossier_numbers)
        with self.assertRaisesRegex(UserError, "Choose the dossier"):
            setup.action_next()

    def test_b8_several_are_asked(self):
        """B.8: several dossiers with the number: the person chooses."""
        self.sandbox.world.books[demo.THIRD].dossier.vat_number = demo.MAIN_VAT
        setup = self.start()
        setup.action_next()
        self.assertEqual(setup.match_count, 2)
        self.assertFalse(setup.dossier_id)

    def test_missing_journal_is_named(self):
        """C.6: the step asks for each of the four kinds."""
        setup = self.start()
        setup.action_next()
        setup.action_next()
        setup.action_next()
        setup.octopus_in_refund_journal_id = False
        with self.assertRaisesRegex(UserError, "Purchase credit notes"):
            setup.action_next()

    def test_reuses_the_connection(self):
        """A.5: opening the set-up again makes no second connection."""
        first = self.start()
        first.action_next()
        again = self.env["octopus.setup"].create({})
        self.assertEqual(again.connection_id, first.connection_id)

    def test_b7_buttons_lead_on(self):
        """A.5, B.7, F.5: each button opens something that exists."""
        action = self.company.action_octopus_setup()
        self.assertEqual(action["res_model"], "octopus.setup")
        setup = self.start()
        setup.action_next()
        setup.action_next()
        self.map_all()
        self.document()
        for button in (
            setup.action_open_taxes,
            setup.action_open_accounts,
            setup.action_open_journals,
            setup.action_match_contacts,
            setup.action_first_document,
        ):
            action = button()
            self.env[action["res_model"]].search(action.get("domain", []), limit=1)
