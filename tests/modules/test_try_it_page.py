"""The accountant's page inside Odoo: for administrators, with Odoo's own guard of forms
(Z.25)."""

import re

from odoo.tests import HttpCase

from .trial_case import MANAGER, TrialCase

DESK = "/octopus_connector_sandbox/accountant/"
LOGIN = "try-it"


class TestPage(TrialCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.neutralize()
        self.env.company.vat = "BE0477472701"
        self.start(self.env.company)
        self.person = self.env["res.users"].create(
            {
                "name": LOGIN,
                "login": LOGIN,
                "password": LOGIN,
                "company_id": self.company.id,
                "company_ids": self.company.ids,
                "group_ids": self.env.ref(MANAGER).ids,
            }
        )

    def log_in(self):
        self.env.flush_all()
        self.authenticate(LOGIN, LOGIN)

    def read(self, path="", **values):
        return self.url_open(DESK + path, allow_redirects=False, **values)

    def token(self, page):
        return re.search('name="csrf_token" value="([^"]+)"', page.text)[1]

    def test_z25_each_screen_and_each_link_stays_below_the_page(self):
        self.log_in()
        for path in ("", "settings", "log", "dossier/71001/open", "style.css"):
            with self.subTest(path):
                page = self.read(path)
                self.assertEqual(page.status_code, 200)
                links = re.findall(r'(?:href|action)="(/[^"]*)"', page.text)
                self.assertFalse([it for it in links if not it.startswith(DESK)])
        self.assertIn("Test", self.read().text)
        self.assertEqual(self.read("nothing").status_code, 404)

    def test_z25_the_accountant_acts(self):
        self.log_in()
        page = self.read("settings")
        fields = {
            "back": "/settings",
            "user": "odoo-link",
            "password": "another",
            "web_service": "yes",
        }
        # A form of another site has no token.
        self.assertEqual(self.read("do/login", data=fields).status_code, 400)
        fields["csrf_token"] = self.token(page)
        answer = self.read("do/login", data=fields)
        self.assertEqual(answer.status_code, 303)
        self.assertIn(f"{DESK}settings?said=Done", answer.headers["Location"])
        with self.pretend.pretend_octopus(self.env.registry) as world:
            self.assertEqual(world.state.logins["odoo-link"].password, "another")

    def test_z25_an_act_of_the_dossier(self):
        self.log_in()
        page = self.read("dossier/71001/journals")
        fields = {
            "back": "/dossier/71001/journals",
            "bookyear": "2",
            "period": "3",
            "csrf_token": self.token(page),
        }
        answer = self.read("act/71001/protect_period", data=fields)
        self.assertNotIn("wrong", answer.headers["Location"])
        with self.books() as books:
            journal = books.dossier.journals[2, "V1"]
            self.assertEqual(journal.protected_period, 3)

    def test_z25_administrators_of_the_company_only(self):
        self.assertEqual(self.read().status_code, 303)
        self.person.group_ids = self.env.ref("octopus_connector.group_user")
        self.log_in()
        for path in ("", "settings", "../enter"):
            self.assertEqual(self.read(path).status_code, 403, path)
        self.person.group_ids = self.env.ref(MANAGER)
        other = self.env["res.company"].create({"name": "Other"})
        self.person.write({"company_ids": other.ids, "company_id": other.id})
        self.log_in()
        self.assertEqual(self.read().status_code, 403)

    def test_z25_nothing_is_there_when_test_mode_is_off(self):
        self.page().action_end()
        self.log_in()
        self.assertEqual(self.read().status_code, 404)

    def test_z25_switched_to_the_test_company(self):
        self.log_in()
        answer = self.read("../enter")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(answer.cookies["cids"], str(self.company.id))
