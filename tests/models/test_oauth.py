"""OAuth beside the password: the way to Octopus's own page and back (A.3, A.6, K.1,
K.2, X.40)."""

import base64
import io
import logging
import zipfile
from datetime import timedelta
from itertools import product
from urllib.parse import parse_qs, urlsplit

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.api.errors import OctopusAuthError
from odoo.addons.octopus_connector.call_log import TOKENS
from odoo.addons.octopus_connector.sync.login import connect
from odoo.addons.octopus_connector.sync.oauth import forget, keep_alive

from tests.common import demo

from .oauth_case import OAuthCase


class OAuthAdminCase(OAuthCase):
    def setUp(self):
        super().setUp()
        self.admin = self.env.ref("base.user_admin")
        self.admin.group_ids += self.env.ref("octopus_connector.group_manager")
        self.admin.company_ids += self.company


class TestWay(OAuthAdminCase):
    def test_a3_a6_the_way_there_and_back(self):
        """A.3, A.6: no password is entered here, none is stored, and the dossiers are
        there."""
        self.connection.password = "an-old-password"
        query = self.agree(self.address_for("admin"))
        self.assertEqual(set(query), {"code", "state"})
        answer = self.come_back(query)
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(f"/{self.connection.id}"))
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.connection.login_way, "oauth")
        self.assertFalse(self.connection.sudo().secret)
        self.assertFalse(self.connection.has_secret)
        numbers = self.connection.dossier_ids.mapped("octopus_id")
        self.assertEqual(sorted(numbers), [demo.MAIN, demo.BRANCH, demo.THIRD])
        days = (self.connection.access_until - fields.Datetime.now()).days
        self.assertIn(days, (59, 60))

    def test_a3_what_is_asked_for(self):
        """A.3: as the manual of Octopus says."""
        query = parse_qs(urlsplit(self.address()).query)
        self.assertEqual(query["scope"], ["webservice"])
        self.assertEqual(query["response_type"], ["code"])
        self.assertEqual(query["client_id"], [demo.SOFTWARE_HOUSE])
        self.assertEqual(query["redirect_uri"], [self.connection.return_url])
        self.assertTrue(query["state"])

    def test_a6_set_up_goes_on(self):
        """A.6: who came from the set-up comes back to it."""
        setup = self.env["octopus.setup"].with_user(self.admin)
        setup = setup.create({"connection_id": self.connection.id})
        url = setup.action_connect_with_octopus()["url"]
        self.env.flush_all()
        answer = self.come_back(self.agree(url))
        self.assertIn("action_octopus_setup", answer.headers["Location"])
        again = self.env["octopus.setup"].with_user(self.admin)
        again = again.create({"company_id": self.company.id})
        self.assertEqual(again.state, "dossier")
        self.assertEqual(again.connection_id, self.connection)
        self.assertEqual(again.dossier_id.octopus_id, demo.MAIN)

    def test_a8_a_second_login_with_a_name(self):
        """A.8: beside the first one, which stays as it is."""
        setup = self.env["octopus.setup"].create({"connection_id": self.connection.id})
        setup.action_other_login()
        setup.connection_name = "Of the branch"
        self.assertNotEqual(setup.connection_id, self.connection)
        self.assertEqual(setup.connection_id.name, "Of the branch")
        self.assertEqual(self.connection.name, "By its page")

    def test_a3_second_time_without_the_grant_screen(self):
        """A.3: Octopus asks once; connecting again keeps what is linked."""
        self.give_access()
        dossiers = self.connection.dossier_ids
        before = self.token().sudo().refresh_token
        self.give_access()
        self.assertEqual(self.connection.dossier_ids, dossiers)
        self.assertEqual(len(self.token()), 1)
        self.assertNotEqual(self.token().sudo().refresh_token, before)

    def test_a6_switched_to_soap_meanwhile(self):
        """A.6: neither the code is used nor is an access kept that nothing can use."""
        self.connection.write({"login_way": "password", "password": "an-old-password"})
        query = self.agree(self.address_for("admin"))
        self.connection.transport = "soap"
        answer = self.come_back(query)
        self.assertEqual(answer.status_code, 400)
        self.assertIn("needs REST", answer.text)
        self.assertFalse(self.token())
        self.assertEqual(self.connection.login_way, "password")
        self.assertTrue(self.connection.has_secret)
        with self.assertRaisesRegex(UserError, "needs REST"):
            self.address_for("admin")

    def test_x40_every_answer_of_the_contract(self):
        """X.40: each open question, both ways, where the parameters say so."""
        for path, body, keys, redirect, life in product(
            ("token", "oauth2/token"),
            ("form", "json"),
            ("rfc", "camel"),
            ("ignored", "required"),
            ("fixed", "sliding"),
        ):
            with self.subTest(path=path, body=body, keys=keys, redirect=redirect):
                self.switch(
                    oauth_path=path,
                    oauth_body=body,
                    oauth_keys=keys,
                    oauth_redirect_uri=redirect,
                    oauth_life=life,
                )
                self.parameter("body", body)
                camel = "accessToken,refreshToken,expiresIn"
                self.parameter("keys", camel if keys == "camel" else "")
                named = "yes" if redirect == "required" else "no"
                self.parameter("send_redirect_uri", named)
                self.assertEqual(self.give_access().status_code, 303)
                self.assertEqual(self.connection.state, "connected")
                self.expire_access()
                self.assertFalse(connect(self.connection))

    def test_x40_wrong_parameters_are_told(self):
        """X.40: who has to set a parameter reads which part does not fit."""
        wrong = {
            "path": ({"oauth_path": "oauth2/token"}, "404"),
            "body": ({"oauth_body": "json"}, "invalid_request"),
            "keys": ({"oauth_keys": "camel"}, "accessToken"),
            "redirect": ({"oauth_redirect_uri": "required"}, "code"),
        }
        for name, (switches, word) in wrong.items():
            with self.subTest(name):
                self.sandbox.world.switches.reset()
                self.point_at_sandbox()
                query = self.agree(self.address_for("admin"))
                self.sandbox.world.set_switches(switches)
                answer = self.come_back(query)
                self.assertEqual(answer.status_code, 400)
                self.assertIn(word, answer.text)
                self.assertFalse(self.token())

    def expire_access(self):
        """Let the access token be too old, here and in this process."""
        self.token().access_until = fields.Datetime.now()
        TOKENS.clear()
        self.env.flush_all()


class TestRefused(OAuthAdminCase):
    """Each refusal has its words, and changes nothing."""

    def refused(self, answer, words):
        self.assertEqual(answer.status_code, 400)
        self.assertIn(words, " ".join(answer.text.split()))
        self.assertIn("Back to Odoo", answer.text)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")

    def nothing_came_of_it(self):
        self.assertFalse(self.token())
        self.assertNotEqual(self.connection.state, "connected")

    def test_a6_state_replayed(self):
        query = self.agree(self.address_for("admin"))
        self.come_back(query)
        again = self.agree(self.address_for("admin"))
        before = self.token().sudo().refresh_token
        self.refused(
            self.come_back({**again, "state": query["state"]}), "was used before"
        )
        self.assertEqual(self.token().sudo().refresh_token, before)

    def test_a6_state_is_used_up_by_a_failure(self):
        query = self.agree(self.address_for("admin"))
        self.refused(
            self.come_back({**query, "code": "wrong"}), "did not take the code"
        )
        self.refused(self.come_back(query), "was used before")
        self.nothing_came_of_it()

    def test_a6_state_expired(self):
        with freeze_time(fields.Datetime.now() - timedelta(minutes=16)):
            address = self.address_for("admin")
        self.refused(self.come_back(self.agree(address)), "too old")
        self.nothing_came_of_it()

    def test_a6_state_is_of_nobody(self):
        for state in ("", "x", "é", "AAAA", None):
            with self.subTest(state):
                query = {"code": "code-1", "state": state}
                query = {key: it for key, it in query.items() if it is not None}
                self.refused(self.come_back(query), "did not make it")
        self.nothing_came_of_it()

    def test_a6_state_changed(self):
        """A connection that the state was not signed for."""
        query = self.agree(self.address_for("admin"))
        state = query["state"]
        turned = state[:-4] + ("AAAA" if not state.endswith("AAAA") else "BBBB")
        self.refused(self.come_back({**query, "state": turned}), "did not make it")
        self.nothing_came_of_it()

    def test_a6_foreign_user(self):
        new_test_user(
            self.env,
            "boss",
            groups="base.group_user,octopus_connector.group_manager",
            password="boss",
        )
        query = self.agree(self.address_for("admin"))
        self.refused(self.come_back(query, login="boss"), "Somebody else began this")
        self.nothing_came_of_it()

    def test_a6_foreign_connection(self):
        """Who lost the right meanwhile, or another company's connection."""
        query = self.agree(self.address_for("admin"))
        self.admin.group_ids -= self.env.ref("octopus_connector.group_manager")
        answer = self.come_back(query)
        self.assertEqual(answer.status_code, 400)
        self.nothing_came_of_it()

    def test_a6_access_is_of_the_connection_that_it_was_asked_for(self):
        """Two at once: each state leads to its own, and to no other."""
        values = {"name": "Another", "login_way": "oauth"}
        other = self.connection.create(
            {**values, "software_house": self.connection.software_house}
        )
        query = self.agree(self.address_for("admin"))
        self.address(other.with_user(self.admin))
        self.come_back(query)
        self.assertEqual(self.token().connection_id, self.connection)
        self.assertNotEqual(other.state, "connected")
        self.refused(self.come_back(query), "was used before")
        self.assertEqual(self.token().connection_id, self.connection)

    def test_a6_connection_of_others(self):
        query = self.agree(self.address_for("admin"))
        other = self.env["res.company"].create({"name": "Others"})
        dossier = self.env["octopus.dossier"].sudo()
        dossier = dossier.create(
            {"connection_id": self.connection.id, "octopus_id": 5, "name": "Theirs"}
        )
        other.sudo().octopus_dossier_id = dossier
        self.assertNotIn(other, self.admin.company_ids)
        self.assertEqual(self.come_back(query).status_code, 400)
        self.nothing_came_of_it()

    def test_nobody_logged_in(self):
        query = self.agree(self.address_for("admin"))
        answer = self.come_back(query, login=None)
        self.assertIn("/web/login", answer.headers["Location"])
        self.nothing_came_of_it()

    def test_a6_code_used_twice(self):
        query = self.agree(self.address_for("admin"))
        self.come_back(query)
        forget(self.connection)
        again = self.agree(self.address_for("admin"))
        self.refused(
            self.come_back({**again, "code": query["code"]}), "did not take the code"
        )
        self.assertFalse(self.token())

    def test_a6_code_expired(self):
        query = self.agree(self.address_for("admin"))
        self.sandbox.world.clock.advance(minutes=6)
        self.refused(self.come_back(query), "did not take the code")
        self.nothing_came_of_it()

    def test_refused_at_octopus(self):
        query = self.agree(self.address_for("admin"), act="refuse")
        self.refused(self.come_back(query), "access_denied")
        self.nothing_came_of_it()

    def test_service_down(self):
        query = self.agree(self.address_for("admin"))
        self.sandbox.world.faults.add("status", operation="oauthToken", status=503)
        answer = self.come_back(query)
        self.assertEqual(answer.status_code, 400)
        self.nothing_came_of_it()

    def test_copied_database(self):
        """X.45: a copy neither asks for access nor takes it."""
        query = self.agree(self.address_for("admin"))
        self.connection.set_connected()
        self.env["ir.config_parameter"].set_param("database.uuid", "a-copy")
        self.refused(self.come_back(query), "may be a copy")
        self.assertFalse(self.token())
        with self.assertRaisesRegex(UserError, "may be a copy"):
            self.connection.action_connect_with_octopus()

    def test_a3_soap_is_no_way(self):
        """A.3: the contract knows no way to present a token over SOAP."""
        with self.assertRaisesRegex(ValidationError, "needs REST"):
            self.connection.transport = "soap"

    def test_without_software_house(self):
        self.connection.software_house = False
        with self.assertRaisesRegex(UserError, "software-house ID"):
            self.connection.action_connect_with_octopus()

    def test_never_connected(self):
        problem = connect(self.connection)
        self.assertEqual(problem["code"], "login_incomplete")
        self.assertFalse(self.calls())


class TestAlive(OAuthAdminCase):
    """Ten minutes, 60 days, and what happens at the end of each."""

    def setUp(self):
        super().setUp()
        self.give_access()

    def asked(self):
        return len(self.calls("oauthToken"))

    def forget_access(self):
        self.token().access_until = fields.Datetime.now()
        TOKENS.clear()
        self.env.flush_all()

    def test_access_token_is_shared(self):
        """J.4: another process takes the access token that is kept."""
        TOKENS.clear()
        before = self.asked()
        self.assertFalse(connect(self.connection))
        self.assertEqual(self.asked(), before)

    def test_refused_access_token_is_renewed_once(self):
        """X.39: Octopus ends an access token before its time."""
        self.sandbox.world.state.tokens.expire_all()
        before = self.asked()
        self.assertFalse(connect(self.connection))
        self.assertEqual(self.asked(), before + 1)

    def test_x40_every_kind_of_renewal(self):
        """X.40: whether a new refresh token comes or not, and whatever the old is."""
        for how in ("none", "rotated", "added"):
            with self.subTest(how):
                self.switch(oauth_refresh=how)
                self.give_access()
                before = self.token().sudo().refresh_token
                for _time in range(3):
                    self.forget_access()
                    self.assertFalse(connect(self.connection))
                after = self.token().sudo().refresh_token
                self.assertEqual(before == after, how == "none")

    def test_x40_refresh_dead(self):
        """X.40: told once, in its own words; not repeated; connecting again keeps the
        dossiers, and what waits goes on."""
        dossiers = self.connection.dossier_ids
        for status in ("400", "401"):
            with self.subTest(status):
                self.switch(oauth_refused=status)
                self.sandbox.world.grants.withdraw()
                self.forget_access()
                problem = connect(self.connection)
                self.assertEqual(problem["code"], "access_rejected")
                self.assertEqual(self.connection.state, "rejected")
                self.assertEqual(len(self.connection.activity_ids), 1)
                before = self.asked()
                with self.failing(OctopusAuthError), self.connection.client() as client:
                    client.dossiers()
                self.assertEqual(self.asked(), before)
                self.give_access()
                self.assertEqual(self.connection.state, "connected")
                self.assertFalse(self.connection.activity_ids)
                self.assertEqual(self.connection.dossier_ids, dossiers)

    def test_service_down_is_no_end(self):
        self.forget_access()
        self.sandbox.world.faults.add("status", operation="oauthToken", status=503)
        self.assertEqual(connect(self.connection)["code"], "service_down")
        self.assertNotEqual(self.connection.state, "rejected")
        self.assertFalse(connect(self.connection))

    def test_x40_kept_alive(self):
        """X.40: an access that nobody uses is used once a week, by the action that
        watches."""
        self.link(self.company)
        self.token().refreshed_at -= timedelta(days=6)
        before = self.asked()
        self.watch()
        self.assertEqual(self.asked(), before)
        self.switch(oauth_refresh="rotated")
        ends = self.token().ends_at - timedelta(days=7)
        self.token().write(
            {
                "refreshed_at": fields.Datetime.now() - timedelta(days=8),
                "ends_at": ends,
            }
        )
        self.watch()
        self.assertEqual(self.asked(), before + 1)
        self.assertGreater(self.token().ends_at, ends, "a new one lasts 60 days anew")

    def watch(self):
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.env.invalidate_all()

    def ends(self):
        return self.connection.activity_ids.filtered(
            lambda row: "ends on" in (row.summary or "")
        )

    def test_x40_told_ten_days_before_its_end(self):
        """X.40: one activity, not another one when it is marked as done; none any more
        when access was given anew."""
        keep_alive(self.connection.sudo())
        self.assertFalse(self.ends())
        self.token().ends_at = fields.Datetime.now() + timedelta(days=9)
        keep_alive(self.connection.sudo())
        keep_alive(self.connection.sudo())
        self.assertEqual(len(self.ends()), 1)
        self.ends().action_done()
        keep_alive(self.connection.sudo())
        self.assertFalse(self.ends())
        self.token().write({"told_end": False})
        keep_alive(self.connection.sudo())
        self.assertEqual(len(self.ends()), 1)
        self.give_access()
        keep_alive(self.connection.sudo())
        self.assertFalse(self.ends())

    def test_a3_back_to_a_password(self):
        """A.3: the other way round, too; nothing of the access is left."""
        self.connection.write(
            {
                "login_way": "password",
                "user_name": demo.USER,
                "password": demo.PASSWORD,
            }
        )
        self.assertFalse(self.token())
        self.assertFalse(connect(self.connection))

    def test_k2_with_which_user(self):
        """K.2: who the connection works as, if Octopus tells it."""
        self.sandbox.world.switches["whoami"] = "user"
        self.assertFalse(connect(self.connection))
        self.assertIn(demo.USER, self.connection.login_name)
        self.sandbox.world.switches["whoami"] = "token"
        self.assertFalse(connect(self.connection))
        self.assertIn("does not tell", self.connection.login_name)


class TestNoToken(OAuthAdminCase):
    """K.1: nobody can read a token, in whatever way."""

    def setUp(self):
        super().setUp()
        self.connection.action_support_start()
        with self.assertLogs(level=logging.DEBUG) as logs:
            self.query = self.agree(self.address_for("admin"))
            self.come_back(self.query)
            self.link(self.company)
            self.document().action_octopus_send()
            self.token().access_until = fields.Datetime.now()
            TOKENS.clear()
            self.env.flush_all()
            connect(self.connection)
        self.logs = "\n".join(logs.output)
        token = self.token().sudo()
        self.secrets = (token.refresh_token, token.access_token, token.permission)
        self.assertTrue(all(self.secrets))
        self.env.flush_all()

    def holds(self, text):
        return [secret for secret in self.secrets if secret in text]

    def test_k1_not_in_a_log(self):
        self.assertIn("octopus", self.logs)
        self.assertFalse(self.holds(self.logs))

    def test_k1_no_other_table_holds_one(self):
        """Each table of the database, each row, each column."""
        self.env.cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        tables = [name for (name,) in self.env.cr.fetchall()]
        self.assertIn("octopus_call", tables)
        found = set()
        for table in tables:
            for secret in self.secrets:
                self.env.cr.execute(
                    f'SELECT 1 FROM "{table}" t'  # noqa: S608
                    " WHERE strpos(t::text, %s) > 0 LIMIT 1",
                    [secret],
                )
                if self.env.cr.fetchone():
                    found.add(table)
        self.assertEqual(found, {"octopus_token"})

    def test_k1_no_user_reads_one(self):
        """Each model that a group can reach, each field of it, computed ones too."""
        groups = {
            "user": "octopus_connector.group_user",
            "manager": "octopus_connector.group_manager",
            "system": "base.group_system",
            "all": "octopus_connector.group_manager,base.group_system,"
            "account.group_account_manager",
        }
        for name, xmlids in groups.items():
            user = new_test_user(
                self.env,
                f"reads-{name}",
                groups=xmlids,
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            seen, reached = self.all_that(user)
            self.assertGreater(reached, 50)
            self.assertFalse(self.holds(seen), name)

    def all_that(self, user):
        """Return the text of all that a user can read, and of how many models."""
        env = self.env(user=user)
        texts, reached = [], 0
        for name in sorted(env.registry):
            model = env[name]
            if model._abstract or not model._auto or not model.has_access("read"):
                continue
            reached += 1
            rows = model.with_context(active_test=False).search([], limit=500)
            ours = name.startswith("octopus.") or name in ("res.company", "ir.logging")
            for field, about in model.fields_get(attributes=["type", "store"]).items():
                if about["type"] == "binary" or not (ours or about.get("store")):
                    continue
                try:
                    texts.append(str(rows.read([field], load=None)))
                except AccessError:
                    # Refused: that is as good as nothing in it.
                    continue
        return "\n".join(texts), reached

    def test_k1_refused_by_every_way(self):
        for user in (self.admin, self.env.user):
            for model in ("octopus.token", "octopus.authorization"):
                rows = self.env[model].sudo().search([]).with_user(user).sudo(False)
                self.assertTrue(rows)
                for attempt in (
                    rows.read,
                    lambda rows=rows: rows.search([]),
                    lambda rows=rows: rows.web_read({"connection_id": {}}),
                    lambda rows=rows: rows.export_data(["connection_id"]),
                    lambda rows=rows: rows.copy(),
                    lambda rows=rows: rows.write({"connection_id": 1}),
                    rows.unlink,
                    lambda rows=rows: rows.search([("connection_id", "!=", 0)]),
                ):
                    with self.assertRaises(UserError):
                        attempt()

    def test_k1_not_copied(self):
        copy = self.connection.copy()
        self.assertEqual(len(self.token()), 1)
        self.assertFalse(copy.access_until)
        self.assertEqual(connect(copy)["code"], "login_incomplete")

    def test_k1_not_in_the_support_file(self):
        booking = self.env["octopus.booking"].search([], limit=1)
        self.assertTrue(booking)
        opened = booking.action_support()
        wizard = self.env[opened["res_model"]].browse(opened["res_id"])
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(wizard.data))) as bundle:
            texts = [bundle.read(name).decode() for name in bundle.namelist()]
        self.assertIn("octopus", "".join(texts))
        self.assertFalse(self.holds("".join(texts)))

    def test_neutralize(self):
        """X.45: a neutralised copy has none."""
        self.env.flush_all()
        for query in get_neutralization_queries(["octopus_connector"]):
            if "octopus" in query:
                self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.token())

    def test_k1_erased_with_the_password(self):
        self.connection.forget_login()
        self.assertFalse(self.token())
