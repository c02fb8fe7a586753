"""All settings of all companies: value, origin, and who shares what (Z.19)."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.prepare.settings import (
    DOSSIER_SETTINGS,
    KEPT_WITH_SETTINGS,
    SETTINGS,
)

from ..common import OctopusCase
from .books_case import BooksCase


class TestEffectiveSettings(BooksCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env["res.company"]
        cls.branch = companies.create({"name": "Branch", "parent_id": cls.company.id})
        cls.own = companies.create({"name": "Shop", "parent_id": cls.company.id})
        cls.env.user.company_ids += cls.branch | cls.own
        cls.own.octopus_separate_settings = True
        cls.own.octopus_out_invoice_journal_id = cls._make_journal("V3").id
        cls.off = companies.create({"name": "Off"})
        cls.env.user.company_ids += cls.off

    def rows(self, env=None):
        """``{(company, setting): row}`` of what is shown."""
        action = (env or self.env)["octopus.effective.setting"].action_open()
        rows = self.env["octopus.effective.setting"].sudo().search(action["domain"])
        return {(row.company_id, row.setting): row for row in rows}

    def test_z19_each_setting_is_what_the_resolver_says(self):
        rows = self.rows()
        for company in self.company | self.branch | self.own:
            shown = {name for each, name in rows if each == company}
            self.assertEqual(
                shown, {*SETTINGS, *KEPT_WITH_SETTINGS, *DOSSIER_SETTINGS, "test"}
            )
            row = rows[company, "octopus_out_invoice_journal_id"]
            holder = company.octopus_settings()
            self.assertEqual(
                row.value, holder.octopus_out_invoice_journal_id.display_name
            )
            self.assertEqual(row.holder_id, holder)

    def test_z19_the_origin_is_told(self):
        rows = self.rows()
        name = "octopus_group_by_vat"
        self.assertEqual(rows[self.company, name].origin, "Own")
        self.assertIn(self.company.name, rows[self.branch, name].origin)
        self.assertTrue(rows[self.branch, name].inherited)
        self.assertEqual(rows[self.own, name].origin, "Own")
        self.assertEqual(rows[self.own, name].path, f"{self.company.name} / Shop")

    def test_z19_who_shares_a_dossier_or_a_journal_is_told(self):
        rows = self.rows()
        dossier = rows[self.own, "octopus_dossier_id"].shared
        self.assertIn(self.company.name, dossier)
        self.assertIn("Branch", dossier)
        self.assertFalse(rows[self.own, "octopus_out_invoice_journal_id"].is_shared)
        journal = rows[self.own, "octopus_in_invoice_journal_id"]
        self.assertIn("Branch", journal.shared)

    def test_z19_a_company_that_is_off_says_so(self):
        rows = self.rows()
        self.assertEqual(
            [name for each, name in rows if each == self.off], ["octopus_enabled"]
        )
        self.assertEqual(rows[self.off, "octopus_enabled"].value, "No")

    def test_z19_nobody_sees_companies_of_others(self):
        boss = new_test_user(
            self.env,
            "boss",
            groups="octopus_connector.group_manager",
            company_id=self.branch.id,
            company_ids=[Command.set(self.branch.ids)],
        )
        rows = self.rows(self.env(user=boss))
        self.assertEqual({company for company, _name in rows}, {self.branch})
        told = " ".join(row.shared or "" for row in rows.values())
        self.assertNotIn("Shop", told)
        clerk = new_test_user(self.env, "clerk", groups="octopus_connector.group_user")
        with self.assertRaises(AccessError):
            self.rows(self.env(user=clerk))

    def test_z19_opened_anew_the_rows_of_another_tab_stay(self):
        """And there are none twice, whatever page is loaded again."""
        before = self.rows()
        self.own.octopus_out_invoice_journal_id = False
        self.off.unlink()
        after = self.rows()
        mine = self.env["octopus.effective.setting"].search([])
        self.assertEqual(len(mine), len(after))
        row = before[self.own, "octopus_out_invoice_journal_id"]
        self.assertIn(row, mine)
        self.assertFalse(row.value)

    def test_z19_what_is_kept_on_the_dossier_is_told(self):
        self.dossier.vat_return = "quarter"
        rows = self.rows()
        for company in self.company | self.own:
            row = rows[company, "vat_return"]
            self.assertEqual((row.name, row.value), ("VAT return", "Every quarter"))
            self.assertIn(self.dossier.name, row.origin)
        self.assertIn("Shop", rows[self.company, "vat_return"].shared)
        self.assertEqual(rows[self.own, "automatic"].value, "No")


class TestConnectionTests(OctopusCase):
    """Z.19, A.10: in the list of all companies each dossier can be tried."""

    def setUp(self):
        super().setUp()
        self.branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += self.branch

    def rows(self):
        action = self.env["octopus.effective.setting"].action_open()
        rows = self.env["octopus.effective.setting"].search(action["domain"])
        tests = rows.filtered(lambda row: row.setting == "test")
        return {row.company_id: row for row in tests}

    def test_z19_each_company_has_the_result_and_a_button(self):
        rows = self.rows()
        self.assertEqual(rows[self.branch].value, "Not tested yet")
        calls = len(self.calls())
        told = rows[self.branch].action_test()
        self.assertEqual(told["params"]["type"], "success")
        self.assertGreater(len(self.calls()), calls)
        for company in self.company | self.branch:
            self.assertRegex(rows[company].value, r"^Opens \(.+\)$")
            self.assertFalse(rows[company].failed)

    def test_z19_a_dossier_that_does_not_open_is_told(self):
        rows = self.rows()
        self.sandbox.world.faults.add(
            "status", operation="getBookyears", status=403, count=2
        )
        told = rows[self.company].action_test()
        self.assertEqual(told["params"]["type"], "danger")
        self.assertTrue(rows[self.company].failed)
        self.assertTrue(self.rows()[self.branch].failed)

    def test_z19_a_login_that_does_not_work_is_not_tried_again(self):
        self.connection.sudo().state = "rejected"
        calls = len(self.calls())
        told = self.rows()[self.company].action_test()
        self.assertEqual(told["params"]["type"], "danger")
        self.assertEqual(len(self.calls()), calls)
