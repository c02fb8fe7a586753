"""The Octopus administrator administers, without Odoo's own administration (A.12)."""

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from tests.common import OctopusCase, demo


class TestSettings(OctopusCase):
    mapped = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.env["res.company"].create({"name": "Stranger"})
        cls.boss = cls.person("boss", "group_manager", cls.company)
        cls.sender = cls.person("sender", "group_user", cls.company)
        cls.other_boss = cls.person("other-boss", "group_manager", cls.stranger)

    @classmethod
    def person(cls, login, group, company):
        return new_test_user(
            cls.env,
            login,
            groups=f"base.group_user,octopus_connector.{group}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def page(self, user=None):
        settings = self.env["octopus.settings"].with_user(user or self.boss)
        return settings.with_company((user or self.boss).company_id)

    def test_a12_the_page_shows_every_setting(self):
        """It is the block of Odoo's own settings, by which none is forgotten; the plan
        of the cost centres shows to who has analytic accounting."""
        self.boss.group_ids += self.env.ref("analytic.group_analytic_accounting")
        arch = etree.fromstring(self.page().get_view(view_type="form")["arch"])
        shown = set(arch.xpath("//field/@name"))
        block = self.env.ref("octopus_connector.res_config_settings_view_form_octopus")
        wanted = set(etree.fromstring(block.arch).xpath("//field/@name"))
        self.assertGreater(len(wanted), 30)
        self.assertLessEqual(wanted, shown)
        self.assertFalse(arch.xpath("//block"))

    def test_a12_the_menu_is_for_octopus_administrators(self):
        menu = self.env.ref("octopus_connector.menu_octopus_settings")
        setup = self.env.ref("octopus_connector.menu_octopus_setup")
        for user, sees in ((self.boss, True), (self.sender, False)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for entry in (menu, setup):
                with self.subTest(user=user.login, menu=entry.name):
                    self.assertEqual(entry.id in visible, sees)

    def test_a12_an_octopus_administrator_changes_settings(self):
        """Owner, journals, start date and what is on the dossier, with one group."""
        self.assertFalse(self.boss.has_group("base.group_system"))
        self.assertFalse(self.company.with_user(self.boss).has_access("write"))
        journal = self.company.octopus_out_refund_journal_id
        day = fields.Date.to_date("2026-02-01")
        with Form(self.page()) as form:
            form.octopus_payment_owner = "octopus"
            form.octopus_out_invoice_journal_id = journal
            form.octopus_start_date = day
            form.octopus_vat_return = "quarter"
        self.assertEqual(self.company.octopus_payment_owner, "octopus")
        self.assertEqual(self.company.octopus_out_invoice_journal_id, journal)
        self.assertEqual(self.company.octopus_start_date, day)
        self.assertEqual(self.dossier.vat_return, "quarter")
        self.assertTrue(self.company.octopus_clearing_journal_id)
        self.assertEqual(Form(self.page()).octopus_start_date, day)

    def test_a12_nobody_else_does(self):
        with self.assertRaises(AccessError):
            self.page(self.sender).create({"octopus_payment_owner": "octopus"})
        with self.assertRaises(AccessError):
            self.company.with_user(self.sender).octopus_write_settings(
                {"octopus_payment_owner": "octopus"}
            )
        self.assertEqual(self.company.octopus_payment_owner, "none")

    def test_b3_not_of_another_company(self):
        """Settings of a company that the administrator does not see are neither shown
        nor changed."""
        page = self.page(self.other_boss)
        values = {"company_id": self.company.id}
        changing = {**values, "octopus_payment_owner": "octopus"}
        for attempt in (
            lambda: page.create(changing),
            lambda: page.create(values).octopus_dossier_id,
            lambda: page.onchange(values, [], {"octopus_dossier_id": {}}),
            lambda: page.new(values).octopus_start_date,
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(self.company.octopus_payment_owner, "none")

    def test_b3_not_with_another_companys_dossier(self):
        with self.assertRaises(AccessError):
            self.page(self.other_boss).create(
                {"octopus_enabled": True, "octopus_dossier_id": self.dossier.id}
            )
        self.assertFalse(self.stranger.octopus_dossier_id)

    def test_a12_only_settings_are_written_so(self):
        """The way in sudo is no way to anything else of the company."""
        company = self.company.with_user(self.boss)
        for name, value in (("octopus_payments_accepted", True), ("name", "Mine")):
            with self.subTest(name), self.assertRaises(AccessError):
                company.octopus_write_settings({name: value})

    def test_a12_disconnecting_is_an_octopus_administrators(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.sender).action_octopus_disconnect()
        action = self.page().create({}).action_octopus_disconnect()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.with_user(self.boss).action_disconnect()
        self.assertFalse(self.company.octopus_enabled)


class TestSetup(OctopusCase):
    linked = False

    def test_a12_an_octopus_administrator_sets_up_alone(self):
        """Login, dossier, journals, start: nothing of it needs Odoo's own rights; the
        password is entered, and read by nobody."""
        boss = new_test_user(
            self.env,
            "boss",
            groups="base.group_user,octopus_connector.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        setup = (
            self.env["octopus.setup"]
            .with_user(boss)
            .create(
                {
                    "transport": "rest",
                    "software_house": demo.SOFTWARE_HOUSE,
                    "user_name": demo.USER,
                    "password": demo.PASSWORD,
                }
            )
        )
        setup.action_next()
        self.assertEqual(setup.state, "dossier", setup.connection_id.problem)
        self.env.invalidate_all()
        self.assertFalse(setup.password)
        self.assertFalse(setup.connection_id.password)
        with self.assertRaises(AccessError):
            setup.connection_id.read(["secret"])
        setup.dossier_id = self.dossier_of()
        setup.action_next()
        self.assertEqual(setup.state, "checks")
        self.assertEqual(self.company.octopus_dossier_id, self.dossier_of())
        chosen = setup.octopus_out_refund_journal_id
        setup.write(
            {
                "octopus_out_invoice_journal_id": chosen.id,
                "octopus_start_date": "2026-01-01",
            }
        )
        self.assertEqual(self.company.octopus_out_invoice_journal_id, chosen)
        setup.action_next()
        setup.action_next()
        self.assertEqual(setup.state, "mappings")
        for model in ("tax", "account", "journal"):
            mapping = self.env[f"octopus.{model}.mapping"].with_user(boss)
            mapping.action_accept_all()
        setup.action_next()
        setup.action_next()
        self.assertEqual(setup.state, "start")
        move = self.document()
        move.with_user(boss).action_octopus_send()
        self.assertEqual(move.octopus_state, "booked")
        action = setup.action_start()
        asked = self.env[action["res_model"]].with_user(boss).browse(action["res_id"])
        asked.mode = "automatic"
        asked.action_apply()
        self.assertTrue(self.dossier_of().automatic)
