"""The set-up in Chromium, for each of the three situations (L.1, L.2, B.9)."""

from odoo.tests import new_test_user

from ..common import OctopusHttpCase

SETTINGS = "/odoo/action-account.action_account_config"


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
