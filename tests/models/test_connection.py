"""The login at Octopus: what works, and what is said when it does not."""

from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.octopus_connector.api.errors import OctopusAuthError
from odoo.addons.octopus_connector.sync.login import connect

from octopus_sandbox.testing import Sandbox
from tests.common import URL_PARAMETER, OctopusCase, demo

PASSWORD = "a-very-secret-password"


class TestLogin(OctopusCase):
    linked = False

    def setUp(self):
        super().setUp()
        self.connection = self.env["octopus.connection"].create(
            {
                "name": "Sandbox",
                "software_house": demo.SOFTWARE_HOUSE,
                "user_name": demo.USER,
                "password": demo.PASSWORD,
            }
        )

    def problem(self):
        """Connect, and return the code of what stands in the way."""
        problem = connect(self.connection)
        if problem:
            texts = self.env["octopus.finding"]._texts(problem)
            self.assertTrue(all(texts.values()), texts)
            self.assertNotIn("?", texts["title"], "a value is missing in the text")
        return problem and problem["code"]

    def test_connect(self):
        """A.1, A.7: the login works and the dossiers of the login are listed."""
        self.assertFalse(self.problem())
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(
            sorted(self.connection.dossier_ids.mapped("octopus_id")),
            [demo.MAIN, demo.BRANCH, demo.THIRD],
        )
        self.assertEqual(
            self.connection.dossier_ids.filtered(
                lambda dossier: dossier.octopus_id == demo.MAIN
            ).vat_number,
            demo.MAIN_VAT,
        )
        self.assertTrue(self.connection.last_success)

    def test_connect_twice_keeps_dossiers(self):
        """A.7: listing again neither doubles a dossier nor loses one in use."""
        self.assertFalse(self.problem())
        before = self.connection.dossier_ids
        self.books.dossier.name = "New name"
        self.sandbox.world.state.logins[demo.USER].dossiers.remove(demo.THIRD)
        self.assertFalse(self.problem())
        after = self.connection.dossier_ids
        self.assertIn("New name", after.mapped("name"))
        self.assertEqual((before - after).octopus_id, demo.THIRD)
        self.assertFalse((before - after).active)

    def test_k2_whoami(self):
        """A.2, K.2: who is logged in is shown, whatever shape the answer has."""
        for answer in ("user", "token"):
            with self.subTest(answer):
                self.sandbox.world.switches["whoami"] = answer
                self.assertFalse(self.problem())
                shown = self.connection.whoami or ""
                self.assertEqual(demo.USER in shown, answer == "user", shown)
                self.assertNotIn("token", shown.lower())

    def test_looks_personal(self):
        """A.2: a user that looks like a person's own gets a hint."""
        self.assertFalse(self.connection.looks_personal)
        self.connection.user_name = "an.peeters"
        self.assertTrue(self.connection.looks_personal)

    def test_wrong_password(self):
        """X.38: rejected; one activity; no second try by the machine."""
        self.connection.password = "wrong"
        self.assertEqual(self.problem(), "login_rejected")
        self.assertEqual(self.connection.state, "rejected")
        self.assertEqual(len(self.connection.activity_ids), 1)
        self.assertEqual(len(self.calls("authenticateUser")), 1)
        with self.failing(OctopusAuthError), self.connection.client() as octopus:
            octopus.dossiers()
        self.assertEqual(len(self.calls("authenticateUser")), 1)
        self.assertEqual(self.problem(), "login_rejected")
        self.assertEqual(len(self.connection.activity_ids), 1, "one person, once")
        self.connection.password = demo.PASSWORD
        self.assertFalse(self.problem())
        self.assertFalse(self.connection.activity_ids)

    def test_wrong_software_house_names_both(self):
        """A.1: Octopus answers the same for a wrong password and a wrong id: say so."""
        self.connection.software_house = "00000000-0000-4000-8000-000000000009"
        self.assertEqual(self.problem(), "login_rejected")
        fix = self.env["octopus.finding"]._texts(self.connection.problem)["fix"]
        for word in ("password", "software-house ID", "does not say which"):
            self.assertIn(word, fix)

    def test_a10_no_dossier(self):
        """A.10: the login is right but opens nothing."""
        self.connection.write(
            {"user_name": demo.NOBODY, "password": demo.NOBODY_PASSWORD}
        )
        self.assertEqual(self.problem(), "login_without_dossier")
        self.assertEqual(self.connection.state, "draft")

    def test_web_service_off(self):
        """X.41: the user may not use the web service; both possible answers."""
        for status in ("401", "403"):
            with self.subTest(status):
                self.sandbox.world.switches["web_service_off"] = status
                self.connection.write(
                    {
                        "user_name": demo.SWITCHED_OFF,
                        "password": demo.SWITCHED_OFF_PASSWORD,
                    }
                )
                self.assertEqual(self.problem(), "web_service_off")

    def test_unreachable(self):
        """I.1: a server that is not there is named."""
        gone = Sandbox().start()
        gone.stop()
        self.env["ir.config_parameter"].set_param(URL_PARAMETER, gone.url)
        self.assertEqual(self.problem(), "host_unreachable")
        self.assertEqual(self.connection.state, "draft")

    def test_service_down(self):
        """X.44: an error page is no rejected login."""
        self.sandbox.world.faults.add("status", status=503, count=5)
        self.assertEqual(self.problem(), "service_down")
        self.assertEqual(self.connection.state, "draft")

    def test_k1_only_https(self):
        """K.1: a password never leaves over plain http, but on this machine."""
        self.env["ir.config_parameter"].set_param(
            URL_PARAMETER, "http://octopus.example/octopus-rest-api/v1"
        )
        self.assertEqual(self.problem(), "login_incomplete")
        self.assertIn("https", str(self.connection.problem))

    def test_incomplete(self):
        """A.1: what is missing is named."""
        self.connection.software_house = False
        self.assertEqual(self.problem(), "login_incomplete")
        self.assertIn("software house", str(self.connection.problem))

    def test_button_says_it_in_words(self):
        """A.2: the test button answers with a text, not with an error."""
        self.assertEqual(self.connection.action_connect()["params"]["type"], "success")
        self.connection.password = "wrong"
        answer = self.connection.action_connect()["params"]
        self.assertEqual(answer["type"], "danger")
        self.assertIn("rejected the login", answer["title"])

    def test_copied_database(self):
        """X.45: a copy of the database never calls, until somebody says that it is the
        real one; a new login alone says nothing about that."""
        self.assertFalse(self.problem())
        self.env["ir.config_parameter"].set_param("database.uuid", "a-copy")
        self.sandbox.world.calls.clear()
        self.assertEqual(self.problem(), "copied_database")
        self.assertEqual(self.connection.state, "elsewhere")
        self.connection.password = demo.PASSWORD
        self.assertEqual(self.problem(), "copied_database")
        self.assertFalse(self.calls())
        self.connection.action_confirm_database()
        self.assertFalse(self.problem())

    def test_delete_keeps_history(self):
        """X.51: a connection with dossiers is archived rather than deleted."""
        self.assertFalse(self.problem())
        with self.assertRaisesRegex(UserError, "Archive"):
            self.connection.unlink()

    def test_tokens_are_shared(self):
        """J.4: a second client of the same login makes no second login."""
        self.assertFalse(self.problem())
        with self.connection.client() as octopus:
            octopus.dossiers()
        self.assertEqual(len(self.calls("getDossiers")), 2)
        self.assertEqual(len(self.calls("authenticateUser")), 1)


class TestSecrets(OctopusCase):
    """K.1: no group and no way gives the password back."""

    linked = False

    def setUp(self):
        super().setUp()
        self.connection = self.env["octopus.connection"].create(
            {
                "software_house": "house-4711",
                "user_name": "user-4711",
                "password": PASSWORD,
            }
        )
        self.env.flush_all()

    def users(self):
        groups = {
            "user": "octopus_connector.group_user",
            "manager": "octopus_connector.group_manager",
            "admin": "octopus_connector.group_manager,base.group_system",
        }
        for name, xmlids in groups.items():
            yield name, new_test_user(self.env, login=f"secret-{name}", groups=xmlids)

    @contextmanager
    def refused(self):
        try:
            yield
        except UserError:  # AccessError is one
            return

    def test_read_and_export(self):
        for name, user in self.users():
            with self.subTest(name):
                connection = self.connection.with_user(user)
                seen = []
                for attempt in (
                    lambda record: record.read(),
                    lambda record: record.read(["password"]),
                    lambda record: record.read(["secret"]),
                    lambda record: record.export_data(["name", "password"]),
                    lambda record: record.export_data(["name", "secret"]),
                    lambda record: record.web_read({"password": {}, "name": {}}),
                    lambda record: record.copy().sudo().secret,
                    lambda record: record.search([("secret", "like", "a-very")]).ids,
                ):
                    with self.refused():
                        seen.append(attempt(connection))
                self.assertNotIn(PASSWORD, str(seen))
                self.assertNotIn(self.connection.ids, seen)

    def test_only_administrators_see_the_login(self):
        """A.12: user name and software-house id are for Octopus administrators."""
        for name, user in self.users():
            with self.subTest(name):
                fields = self.connection.with_user(user).fields_get()
                self.assertEqual("user_name" in fields, name != "user")
                self.assertNotIn("secret", fields)

    def test_k1_stored_once_only(self):
        """K.1: no chatter message, no call and no wizard table holds the password."""
        connect(self.connection)
        setup = self.env["octopus.setup"].create({"connection_id": self.connection.id})
        setup.password = PASSWORD
        setup.action_next()
        self.env.flush_all()
        for table in ("mail_message", "mail_activity", "octopus_call", "octopus_setup"):
            self.env.cr.execute(f"SELECT t::text FROM {table} t")  # noqa: S608
            for (row,) in self.env.cr.fetchall():
                self.assertNotIn(PASSWORD, row)

    def test_k1_not_logged(self):
        """K.1: no log line of a failing login holds a secret."""
        with self.assertLogs(level="DEBUG") as logs:
            connect(self.connection)
        self.assertTrue(logs.output)
        self.assertNotIn(PASSWORD, "\n".join(logs.output))

    def test_empty_password_keeps_the_stored_one(self):
        """A.1: saving the form without a password changes nothing."""
        self.connection.write({"name": "Renamed", "password": False})
        self.assertEqual(self.connection.sudo().secret, PASSWORD)

    def test_neutralize(self):
        """X.45: a neutralised copy has no secret left."""
        self.connection.set_connected()
        self.env.flush_all()
        queries = [
            query
            for query in get_neutralization_queries(["octopus_connector"])
            if "octopus" in query
        ]
        self.assertTrue(queries)
        for query in queries:
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(self.connection.sudo().secret)
        self.assertEqual(self.connection.state, "draft")
        self.assertTrue(self.connection.database_uuid, "it knows that it is a copy")


class TestSameLogin(OctopusCase):
    mapped = False

    def test_writing_the_same_login_changes_nothing(self):
        """X.38: only another login is a new try; saving the form again is none."""
        self.connection.write(
            {"software_house": demo.SOFTWARE_HOUSE, "user_name": demo.USER}
        )
        self.assertEqual(self.connection.state, "connected")
        self.connection.user_name = "somebody-else"
        self.assertEqual(self.connection.state, "draft")


@tagged("standard", "post_install", "-at_install")
class TestRejectedForGood(TransactionCase):
    """Here nothing pretends: transactions are real, and so are their locks."""

    def setUp(self):
        super().setUp()
        with self.env.registry.cursor() as cr:
            connection = self.env(cr=cr)["octopus.connection"].create({"name": "Real"})
            self.connection_id = connection.id
        self.addCleanup(self.forget)

    def forget(self):
        with self.env.registry.cursor() as cr:
            self.connection_in(cr).unlink()

    def connection_in(self, cr):
        connections = self.env(cr=cr)["octopus.connection"]
        return connections.browse(self.connection_id)

    def test_survives_a_rollback(self):
        """X.38: whoever rolls back, nobody tries the rejected login again."""
        with self.env.registry.cursor() as cr:
            self.connection_in(cr).note_rejected(OctopusAuthError())
            cr.rollback()
        with self.env.registry.cursor() as cr:
            connection = self.connection_in(cr)
            self.assertEqual(connection.state, "rejected")
            self.assertEqual(len(connection.activity_ids), 1)

    def test_never_waits_for_itself(self):
        """X.38: a transaction that is changing the login notes the rejection itself."""
        with self.env.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '5s'")
            connection = self.connection_in(cr)
            connection.name = "Changed"
            connection.note_rejected(OctopusAuthError())
            self.assertEqual(connection.state, "rejected")
