"""The set-up in Chromium, for each of the three situations (L.1, L.2, B.9)."""

from odoo.tests import new_test_user

from ..common import OctopusHttpCase
from .looking import Looking

SETUP = "/odoo/action-octopus_connector.action_octopus_setup"
SETTINGS = "/odoo/action-account.action_account_config"
STEP = ".modal .o_arrow_button_current[data-value=%s]"


class TestSetup(OctopusHttpCase):
    linked = False

    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        admin.company_id = self.company
        # See tests/browser/test_walk.py.
        self.company.tax_exigibility = True

    def walk(self, tour):
        self.start_tour(SETTINGS, tour, login="admin", timeout=180)

    def test_l1_l2_b9_octopus_is_empty(self):
        """L.1, L.2, B.9: a company that only sells makes its journal from here."""
        dossier = self.books.dossier
        for place, journal in list(dossier.journals.items()):
            if journal.type in ("V", "A"):
                del dossier.journals[place]
        self.walk("octopus_setup_octopus_empty")
        self.assertEqual(self.company.octopus_out_invoice_journal_id.key, "V1")
        self.assertFalse(self.company.octopus_in_invoice_goes)
        made = [row.key for row in dossier.journals.values() if row.type in ("V", "A")]
        self.assertEqual(made, ["V1"])

    def test_l1_odoo_is_empty(self):
        """L.1: all is in Octopus; the way ends with the first invoice to make."""
        self.walk("octopus_setup_odoo_empty")
        self.assertTrue(self.company.octopus_enabled)

    def test_l1_both_are_filled(self):
        """L.1: one document is sent, and the bookkeeper is let in."""
        self.company.octopus_attachment_policy = "none"
        account = self.company_data["default_account_revenue"]
        account.with_context(lang="en_US").name = "Sales of goods"
        account.code = "700000"
        bookkeeper = new_test_user(
            self.env,
            "bookkeeper",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        invoice = self.document()
        self.walk("octopus_setup_both")
        self.assertEqual(invoice.octopus_state, "booked")
        self.assertTrue(bookkeeper.has_group("octopus_connector.group_user"))


class TestSetupScreens(Looking):
    """What the steps say, for each situation and both ways to log in."""

    linked = False

    def setUp(self):
        super().setUp()
        self.connect()
        self.document()
        for place, journal in list(self.books.dossier.journals.items()):
            if journal.type == "V":
                del self.books.dossier.journals[place]

    def test_l1_k2_in_dutch(self):
        self.walk("nl")

    def test_l1_k2_in_french(self):
        self.walk("fr")

    def walk(self, language):
        with self.reading(language):
            self.open(SETUP, "Which user?")
            self.look("setup_login")
            self.choose("login_way", "oauth")
            self.see("Connect with Octopus")
            self.look("setup_oauth")
            self.choose("login_way", "password")
            self.go("dossier")
            self.choose("trade", "sells")
            self.choose("situation", "octopus_empty")
            self.look("setup_dossier")
            self.go("checks")
            self.see("Your accountant:")
            self.look("setup_checks")
            self.make_journal()
            self.look_at_steps("octopus_empty", "journals", "mappings", "start")
            for situation in ("odoo_empty", "both"):
                self.go_back_to("dossier")
                self.choose("situation", situation)
                self.go("checks")
                self.look_at_steps(
                    situation, "journals", "mappings", "contacts", "start"
                )

    def choose(self, field, value):
        self.click(f".modal div[name={field}] input[data-value={value}]")
        self.find(f".modal div[name={field}] input[data-value={value}]:checked")

    def go(self, step):
        """Go on to the next step."""
        self.press("action_next")
        self.find(STEP % step)

    def go_back_to(self, step):
        while not self.evaluate(f'!!document.querySelector("{STEP % step}")'):
            current = "document.querySelector('.o_arrow_button_current')"
            before = self.evaluate(f"{current}.dataset.value")
            self.press("action_back")
            self.wait_for(f"{current}.dataset.value !== '{before}'")

    def look_at_steps(self, situation, *steps):
        for step in steps:
            self.go(step)
            self.look(f"setup_{situation}_{step}")

    def make_journal(self):
        """Make the journal that is missing, from the check-list."""
        self.press("action_new_journal")
        self.click(".modal div[name=agreed] input")
        self.look("setup_new_journal")
        self.press("action_make")
        self.find(".modal li[data-code=journal_there]")
