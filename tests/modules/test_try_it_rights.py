"""Who may do what in test mode, for each of the people of the policy (Z.25)."""

from odoo.exceptions import AccessError
from odoo.fields import Command

from ..security import policy
from .trial_case import TrialCase

SANDBOX, PAGE = "octopus.sandbox", "octopus.test.mode"
ACTIONS = (
    "action_start",
    "action_enter",
    "action_setup",
    "action_login",
    "action_documents",
    "action_accountant",
    "action_restart",
    "action_end",
)


class TestRights(TrialCase):
    def setUp(self):
        super().setUp()
        self.neutralize()
        self.env.company.vat = "BE0477472701"
        self.start(self.env.company)
        make = self.env["res.company"].create
        self.companies = {"own": self.company, "other": make({"name": "Other"})}
        self.companies["branch"] = make(
            {"name": "Branch", "parent_id": self.company.id}
        )

    def people(self):
        for name, (groups, company) in policy.PEOPLE.items():
            if name == "public":
                yield name, self.env.ref("base.public_user")
                continue
            company = self.companies[company]
            groups = [self.env.ref(it).id for it in groups]
            values = {
                "name": name,
                "login": f"rights-{name}",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(groups)],
            }
            yield name, self.env["res.users"].create(values)

    def allowed(self, method, *args):
        with self.env.cr.savepoint(flush=False) as savepoint:
            try:
                method(*args)
                self.env.flush_all()
            except AccessError:
                return False
            finally:
                savepoint.rollback()
                self.env.invalidate_all()
        return True

    def test_z25_the_books_are_for_nobody(self):
        row = self.test
        for name, person in self.people():
            seen = row.with_user(person).sudo(False)
            with self.subTest(name):
                self.assertFalse(self.allowed(seen.read, ["world"]))
                self.assertFalse(self.allowed(seen.write, {"world": "{}"}))
                self.assertFalse(self.allowed(seen.unlink))
                self.assertFalse(self.allowed(seen.search, []))
                values = {"company_id": self.company.id}
                self.assertFalse(self.allowed(seen.create, values))

    def test_z25_the_page_is_for_administrators_of_the_company(self):
        mine = self.page()
        for name, person in self.people():
            is_administrator = name in (policy.ADMINISTRATOR, "branch", "other")
            pages = self.env[PAGE].with_user(person)
            with self.subTest(name):
                self.assertIs(self.allowed(pages.create, {}), is_administrator)
                # A page of somebody else is not read.
                self.assertFalse(self.allowed(mine.with_user(person).read, ["is_on"]))
            if not is_administrator:
                continue
            for action in ("action_enter", "action_restart", "action_end"):
                page = pages.create({})
                with self.subTest(name, action=action):
                    allowed = self.allowed(getattr(page, action))
                    self.assertIs(allowed, name == policy.ADMINISTRATOR)

    def test_z25_what_a_client_may_call(self):
        """Nothing but the buttons of the page is public."""
        for model in (SANDBOX, PAGE):
            parts = type(self.env[model]).mro()
            own = [part for part in parts if "sandbox" in part.__module__]
            public = {
                name
                for part in own
                for name, value in vars(part).items()
                if callable(value)
                and not name.startswith("_")
                and not getattr(value, "_api_private", False)
            }
            self.assertEqual(public, set(ACTIONS if model == PAGE else ()))
