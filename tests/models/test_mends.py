"""The way from what stands in a document's way to where it is mended."""

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.models.octopus_finding import PATHS

from ..flows.outbox_case import OutboxCase


class TestMends(OutboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapping = cls.env["octopus.account.mapping"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.bookkeeper = new_test_user(
            cls.env,
            "bookkeeper",
            groups="octopus_connector.group_user,account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def stopped(self, record):
        """A document that is blocked because of a record."""
        row = self.row(self.document()) or self.queue(self.document())
        finding = Finding(
            codes.ACCOUNT_NOT_MAPPED,
            {"account": "x"},
            record._name,
            record.ids,
        )
        row.sudo().hold("blocked", [finding])
        return row

    def test_a_record_tells_how_many_documents_wait_for_it(self):
        other = self.env["octopus.account.mapping"].search(
            [("id", "!=", self.mapping.id)], limit=1
        )
        rows = self.stopped(self.mapping) | self.stopped(self.mapping)
        self.stopped(other)
        self.assertEqual(self.mapping.waiting_count, 2)
        self.assertIn("2", self.mapping.waiting_text)
        self.assertEqual(other.waiting_count, 1)
        action = self.mapping.action_open_waiting()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, rows)

    def test_no_document_is_read_to_count_them(self):
        """Thousands may wait, for other things too."""
        other = self.env["octopus.account.mapping"].search(
            [("id", "!=", self.mapping.id)], limit=1
        )
        row = self.stopped(self.mapping)
        row |= self.stopped(other)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.mapping.waiting_count, 1)
        for name in ("findings", "state"):
            self.assertFalse(list(row._fields[name]._get_cache(self.env)), name)

    def test_nothing_waits_for_what_is_only_named(self):
        """Kept out since: it is told of, and waits no more."""
        self.stopped(self.mapping).sudo().state = "excluded"
        self.assertFalse(self.mapping.waiting_count)
        self.assertFalse(self.mapping.waiting_text)

    def test_a_journal_in_its_year_tells_it_too(self):
        year = self.dossier.journal_ids.year_ids[:1]
        self.stopped(year)
        self.assertEqual(year.waiting_count, 1)
        self.assertFalse(year.journal_id.waiting_count)

    def test_a_bookkeeper_asks_the_administrator_once(self):
        mine = self.mapping.with_user(self.bookkeeper)
        self.assertFalse(mine.can_change)
        self.assertTrue(self.mapping.with_user(self.boss()).can_change)
        before = self.dossier.activity_ids
        for _again in range(2):
            mine.action_ask_administrator()
        [asked] = self.dossier.activity_ids - before
        self.assertIn(self.mapping.display_name, asked.summary)
        self.assertIn(f"octopus-accounts/{self.mapping.id}", asked.note)
        self.assertIn(self.bookkeeper.name, asked.note)

    def boss(self):
        return new_test_user(
            self.env,
            "boss",
            groups="octopus_connector.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_settings_are_linked_for_who_may_change_them(self):
        """Also without Odoo's own right to its settings; a bookkeeper gets no link
        that is then refused."""
        finding = Finding(
            codes.KIND_WITHOUT_JOURNAL, {"kind": "out_invoice"}, "res.config.settings"
        ).as_json()
        for user, linked in ((self.boss(), True), (self.bookkeeper, False)):
            self.assertFalse(user.has_group("base.group_system"))
            html = self.env(user=user)["octopus.finding"]._html([finding])
            self.assertEqual("/odoo/octopus-settings" in html, linked)

    def test_each_path_is_of_an_action_with_views_of_its_own(self):
        for model, path in PATHS.items():
            with self.subTest(model):
                action = self.env["ir.actions.act_window"].search([("path", "=", path)])
                self.assertEqual(action.res_model, model)
                self.assertIn("form", action.view_mode)

    def test_a_number_finds_accounts_that_begin_with_it(self):
        accounts = self.env["octopus.account"]
        found = accounts.browse(
            [
                row
                for row, _name in accounts.name_search(
                    "70", [("dossier_id", "=", self.dossier.id)], limit=None
                )
            ]
        )
        self.assertTrue(found)
        for account in found:
            self.assertTrue(str(account.number).startswith("70"), account.number)
        named = accounts.name_search(found[-1].name, [], limit=None)
        self.assertIn(found[-1].id, [row for row, _name in named])


class TestChoosing(OutboxCase):
    """The lists of mappings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapping = cls.env["octopus.account.mapping"]

    def account(self, code, name):
        return self.env["account.account"].create(
            {"code": code, "name": name, "account_type": "income"}
        )

    def proposed(self, name):
        """The row of an account that has the number of one in Octopus."""
        taken = set(self.mapping.search([]).mapped("account_id.code"))
        number = next(
            it.number
            for it in self.dossier.account_ids
            if it.name_en == "Insurance" and str(it.number) not in taken
        )
        used = self.env["account.account"].search([("code", "=", str(number))])
        account = used or self.account(str(number), name)
        account.name = name
        self.mapping.offer(self.company, account)
        return self.mapping.of_accounts(self.company, account)

    def test_d8_another_name_is_left_out_of_accept_all(self):
        row = self.proposed("Services in Belgium")
        self.assertEqual(row.state, "proposed")
        self.assertTrue(row.unlike)
        self.assertIn("another name", row.reason_text)
        told = self.mapping.action_accept_all()["params"]
        self.assertEqual(row.state, "proposed")
        left = self.mapping.search_count([("state", "!=", "accepted")])
        self.assertIn(f": {left}.", told["message"])
        self.assertIn("Proposed but not sure", told["message"])
        row.with_env(self.env).action_accept()
        self.assertEqual((row.state, row.unlike), ("accepted", False))

    def test_d8_the_same_name_is_accepted_with_the_rest(self):
        self.mapping.search([("state", "!=", "accepted")]).unlink()
        row = self.proposed("Insurance of vehicles")
        self.assertFalse(row.unlike)
        told = self.mapping.action_accept_all()["params"]
        self.assertEqual(row.state, "accepted")
        self.assertEqual(told["type"], "success")

    def test_a_list_opens_with_what_is_to_decide(self):
        self.mapping.search([("state", "!=", "accepted")]).unlink()
        context = self.mapping.action_open_list()["context"]
        self.assertEqual(context, {"search_default_current": 1})
        self.proposed("Services in Belgium")
        context = self.mapping.action_open_list()["context"]
        self.assertEqual(context, {"search_default_to_decide": 1})
