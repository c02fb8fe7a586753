"""Who sees what: groups and branches (A.12, B.3)."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.sync.refresh import refresh_now

from tests.common import OctopusCase, demo

MIRROR = (
    "octopus.bookyear",
    "octopus.period",
    "octopus.journal",
    "octopus.journal.year",
    "octopus.account",
    "octopus.vat.code",
    "octopus.relation",
)


class TestSecurity(OctopusCase):
    mapped = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.stranger = cls.env["res.company"].create({"name": "Stranger"})
        cls.branch_user = cls.person("branch-user", "group_user", cls.branch)
        cls.stranger_user = cls.person("stranger-user", "group_user", cls.stranger)
        cls.stranger_manager = cls.person(
            "stranger-boss", "group_manager", cls.stranger
        )

    @classmethod
    def person(cls, login, group, company):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"octopus_connector.{group}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def seen(self, model, user):
        return self.env[model].with_user(user).search([])

    def test_branch_sees_the_dossier_it_books_in(self):
        """B.2: people of a branch see the dossier of the company above."""
        self.assertEqual(self.seen("octopus.dossier", self.branch_user), self.dossier)
        for model in MIRROR:
            with self.subTest(model):
                self.assertTrue(self.seen(model, self.branch_user))

    def test_others_do_not(self):
        """B.3: people of another company see neither the dossier nor its mirror."""
        for model in ("octopus.dossier", *MIRROR):
            with self.subTest(model):
                self.assertFalse(self.seen(model, self.stranger_user))
        self.assertNotIn(
            self.dossier, self.seen("octopus.dossier", self.stranger_manager)
        )
        free = self.dossier_of(demo.THIRD)
        self.assertNotIn(
            free,
            self.seen("octopus.dossier", self.stranger_manager),
            "its login is the other company's",
        )
        free.sudo().connection_id = self.env["octopus.connection"].create({})
        self.assertIn(
            free,
            self.seen("octopus.dossier", self.stranger_manager),
            "an administrator may link a dossier that nobody uses",
        )

    def test_calls(self):
        """Z.22: the call log is for administrators, of their own dossiers."""
        refresh_now(self.dossier)
        with self.assertRaises(AccessError):
            self.seen("octopus.call", self.branch_user)
        numbers = self.seen("octopus.call", self.stranger_manager).mapped(
            "dossier_number"
        )
        self.assertNotIn(demo.MAIN, numbers)
        self.assertIn(
            demo.MAIN, self.env["octopus.call"].search([]).mapped("dossier_number")
        )

    def test_mirror_is_read_only(self):
        """C.2: nobody writes the mirror by hand."""
        boss = self.person("boss", "group_manager", self.company)
        for model in MIRROR:
            if model == "octopus.relation":
                continue  # its link with a contact is a person's
            with self.subTest(model), self.assertRaises(AccessError):
                self.seen(model, boss)[0].write({"write_uid": boss.id})

    def test_user_connects_nothing(self):
        """A.12: connecting and linking is for administrators."""
        with self.assertRaises(AccessError):
            self.seen("octopus.connection", self.branch_user)
        with self.assertRaises(AccessError):
            self.env["octopus.setup"].with_user(self.branch_user).create({})
        with self.assertRaises(AccessError):
            self.dossier.with_user(self.branch_user).automatic = True

    def test_nobody_else_calls_octopus(self):
        """A.12, X.43: who is no Octopus user spends none of the day's calls, and
        decides about no contact."""
        clerk = new_test_user(
            self.env, login="clerk", groups="base.group_partner_manager"
        )
        contact = self.partner_a.with_user(clerk)
        for action in (
            self.dossier.with_user(clerk).action_refresh,
            contact.action_octopus_find,
            contact.action_octopus_allow_creation,
        ):
            with self.subTest(action.__name__), self.assertRaises(AccessError):
                action()
        self.assertFalse(self.env["octopus.call"].search([]))

    def test_branch_user_reads_settings_of_above(self):
        """B.2, B.4: sending for a branch works without access to the company above."""
        branch = self.branch.with_user(self.branch_user)
        self.assertEqual(branch.octopus_settings(), self.company)
        self.assertEqual(branch.octopus_dossier(), self.dossier)
