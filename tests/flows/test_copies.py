"""A copy of the database beside the original (X.45, X.73): made as an administrator
makes one, with a database and transactions of its own."""

import subprocess
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.sql_db import close_db
from odoo.tests import new_test_user
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

from odoo.addons.octopus_connector.call_log import TOKENS
from odoo.addons.octopus_connector.database import _ask
from odoo.addons.octopus_connector.prepare.database_check import database_differences
from odoo.addons.octopus_connector.sync.link_dossier import link
from odoo.addons.octopus_connector.sync.login import connect

from octopus_sandbox.seed import demo

from .outbox_case import OutboxCase
from .workers_case import WorkersCase

PDF = b"%PDF-1.4 the document"
ROW = ("state", "queued", "retry_at", "cause", "findings", "number", "attachment_state")


class TestCopies(WorkersCase):
    """Nothing leaves a copy, whoever asks, until a person says that it is the real
    database; then everything goes on as it was."""

    attachments = "existing"

    @property
    def copy(self):
        return f"{self.database}_copy"

    def setUp(self):
        super().setUp()
        self.addCleanup(self.drop_copy)

    def drop_copy(self):
        Registry.delete(self.copy)
        close_db(self.copy)
        self._administer("DROP DATABASE IF EXISTS %s", self.copy)

    # Making it

    def dump_and_restore(self):
        """Copy the database, which is in use, with PostgreSQL's own programs."""
        env, options = exec_pg_environ(), {"check": True, "capture_output": True}
        dump = subprocess.run(
            [find_pg_tool("pg_dump"), "--format=c", "--no-owner", self.database],
            env=env,
            **options,
        )
        self.drop_copy()
        self._administer("CREATE DATABASE %s TEMPLATE template0", self.copy)
        restore = [find_pg_tool("pg_restore"), "--no-owner", f"--dbname={self.copy}"]
        subprocess.run(restore, input=dump.stdout, env=env, **options)
        self.open_copy()

    def put_back(self):
        """Drop the copy and put a backup of it back under its name."""
        kept = f"{self.copy}_kept"
        Registry.delete(self.copy)
        close_db(self.copy)
        self._administer("CREATE DATABASE %s TEMPLATE %s", kept, self.copy)
        self._administer("DROP DATABASE %s", self.copy)
        self._administer("CREATE DATABASE %s TEMPLATE %s", self.copy, kept)
        self._administer("DROP DATABASE %s", kept)
        self.open_copy()

    def open_copy(self):
        # Another machine knows no token of this one.
        TOKENS.clear()
        # Odoo would look for tests to run while it loads the registry.
        with patch.dict(config.options, test_enable=False):
            Registry(self.copy)

    @contextmanager
    def in_copy(self):
        """Give an environment of the copy; what it leaves is committed."""
        with Registry(self.copy).cursor() as cr:
            yield self.env_of(cr)

    def in_there(self, env, record):
        """Return a record of the original as the copy has it: not ``with_env``, which
        keeps the original's registry."""
        return env[record._name].browse(record.ids)

    # What is tried there

    def by_itself(self):
        """Return what Odoo's scheduler does, by name."""
        crons = ("push_cron_id", "pull_cron_id", "refresh_cron_id")
        return {
            **{name: partial(self.run_in_copy, name=name) for name in crons},
            "watchdog": lambda env: env["octopus.watchdog"].sudo()._cron_watch(),
        }

    def run_in_copy(self, env, name):
        cron = self.in_there(env, self.dossier).sudo()[name]
        cron.active = True
        env.cr.commit()
        self.assertIs(cron.method_direct_trigger(), True)

    def log_in_anew(self, env):
        """Enter the login and let the watchdog try it."""
        connection = self.in_there(env, self.connection)
        transport = connection.transport
        connection.transport = "soap" if transport == "rest" else "rest"
        connection.write({"transport": transport, "password": demo.PASSWORD})
        env["octopus.watchdog"].sudo()._cron_watch()
        other = connection.create(
            {
                "name": "Another",
                "software_house": demo.SOFTWARE_HOUSE,
                "user_name": demo.USER,
                "password": demo.PASSWORD,
            }
        )
        connect(other)

    def by_people(self, booked_id, move_ids):
        """Return what people click, by name."""

        def moves(env):
            return env["account.move"].browse(move_ids)

        def dossier(env):
            return self.in_there(env, self.dossier)

        def partner(env):
            return self.in_there(env, self.partner_a)

        return {
            "send one": lambda env: moves(env)[:1].action_octopus_send(),
            "send many": lambda env: moves(env).action_octopus_send(),
            "payments": lambda env: (
                moves(env).browse(booked_id).action_octopus_check_payments()
            ),
            "payments of a contact": lambda env: partner(
                env
            ).action_octopus_check_payments(),
            "contact": lambda env: partner(env).action_octopus_find(),
            "refresh": lambda env: dossier(env).action_refresh(),
            "payments of all": lambda env: dossier(env).action_check_payments(),
            "existing": lambda env: dossier(env).action_look_for_existing(),
            "resume": lambda env: dossier(env).action_resume(),
            "link": lambda env: link(self.in_there(env, self.company), dossier(env)),
            "test": lambda env: self.in_there(env, self.connection).action_connect(),
            "set-up": lambda env: env["octopus.setup"].create({}).action_next(),
        }

    def assert_silent(self, acts):
        """No act makes a call in the copy; what a person sees names the reason."""
        for name, act in acts.items():
            with self.subTest(name), self.in_copy() as env, self.committing_in(env):
                try:
                    act(env)
                except UserError as error:
                    env.cr.rollback()
                    self.assertIn("copy", str(error))
                self.assertEqual(self.calls(), [], name)

    @contextmanager
    def committing_in(self, env):
        """Let buttons commit what they did so far, as outside of tests."""
        with patch.object(
            type(env["account.move.send"]), "_can_commit", lambda _s: True
        ):
            yield

    def rows_of(self, env, ids):
        return [tuple(row[name] for name in ROW) for row in self.rows_in(env, ids)]

    def rows_in(self, env, ids):
        return env["octopus.booking"].browse(ids)

    def changed_facts(self, env):
        return list(database_differences(env))

    def confirm(self):
        with self.in_copy() as env:
            self.in_there(env, self.connection).action_confirm_database()

    def prepare(self):
        """Return ids of rows: one booked that waits for its file, three to send; and
        ids of their documents."""
        booked = self.queued()
        self.pass_over()
        with self.worker() as env:
            self.in_there(env, self.company).octopus_payment_owner = "octopus"
            env["ir.attachment"].create(
                {
                    "name": "INV.pdf",
                    "raw": PDF,
                    "res_model": "account.move",
                    "res_id": self.rows_in(env, booked).move_id.id,
                    "res_field": "invoice_pdf_report_file",
                }
            )
        waiting = self.queued(3)
        with self.rows(booked + waiting) as rows:
            self.assertEqual(rows[0].attachment_state, "later")
            move_ids = rows.move_id.ids
        self.sandbox.world.calls.clear()
        return booked + waiting, move_ids

    # The tests

    def test_x73_a_dump_of_a_running_database_calls_nothing_until_confirmed(self):
        ids, move_ids = self.prepare()
        self.dump_and_restore()
        with self.in_copy() as env:
            before = self.rows_of(env, ids)
            self.assertEqual(self.changed_facts(env), ["name", "oid"])
        clicks = self.by_people(move_ids[0], move_ids[1:])
        self.assert_silent({**self.by_itself(), **clicks})
        with self.in_copy() as env:
            self.assertEqual(self.rows_of(env, ids), before, "no row was touched")
            rows = self.rows_in(env, ids)
            for row in rows[1:]:
                self.assertIn("copied_database", row.findings_html)
            self.assertIn("may be a copy", rows[1].told)
            [activity] = self.in_there(env, self.dossier).activity_ids
            self.assertIn("may be a copy", activity.summary)
            doubt = self.in_there(env, self.connection).database_doubt
            self.assertIn(f"was {self.database}, is {self.copy}", doubt)
        # Nothing is wrong with the original meanwhile.
        self.pass_over()
        self.assert_all_booked(ids)
        self.assertEqual(self.statuses(), [201] * 3)
        self.confirm()
        with self.in_copy() as env:
            self.assertFalse(self.in_there(env, self.connection).database_doubt)
            self.assertEqual(self.rows_of(env, ids), before, "nothing waits anew")
            crons = self.in_there(env, self.dossier).sudo().crons()
            self.assertEqual(crons.mapped("active"), [True] * 3)
            env["octopus.watchdog"].sudo()._cron_watch()
            notes = self.in_there(env, self.dossier).activity_ids.mapped("note")
            self.assertEqual(notes, [])
        self.sandbox.world.calls.clear()
        with self.in_copy() as env:
            self.run_in_copy(env, "push_cron_id")
        self.assertTrue(self.calls())
        with self.in_copy() as env:
            # What the original sent meanwhile is found, and never sent again.
            self.assertEqual(set(self.rows_in(env, ids).mapped("state")), {"booked"})

    def test_x73_a_backup_put_back_under_the_same_name_is_asked_about(self):
        ids, _move_ids = self.prepare()
        self.dump_and_restore()
        self.confirm()
        self.put_back()
        with self.in_copy() as env:
            self.assertEqual(self.changed_facts(env), ["oid"])
        self.assert_silent({**self.by_itself(), "new login": self.log_in_anew})
        self.confirm()
        with self.in_copy() as env:
            env["octopus.watchdog"].sudo()._cron_watch()
            self.run_in_copy(env, "push_cron_id")
        with self.in_copy() as env:
            self.assertEqual(set(self.rows_in(env, ids).mapped("state")), {"booked"})

    def test_x73_what_the_server_keeps_for_itself_is_unknown_and_no_error(self):
        with self.worker() as env:
            self.assertIsNone(_ask(env.cr, "server", "SELECT pg_read_file('a')"))
            self.assertIsNone(_ask(env.cr, "server", "SELECT pg_not_there()"))
            self.assertTrue(env["octopus.connection"].browse(self.connection.id).name)


class TestConfirm(OutboxCase):
    """What one click frees, and what it does not."""

    def doubt(self):
        """Let the connection remember another database."""
        other = {**self.connection.sudo().database_facts, "oid": 1}
        self.connection.sudo().database_facts = other

    def test_x73_a_login_that_was_rejected_is_not_tried_again(self):
        row = self.queue(self.document())
        self.connection.sudo().state = "rejected"
        self.doubt()
        self.push()
        self.connection.action_confirm_database()
        self.assertEqual(self.connection.state, "rejected")
        self.push()
        self.assertEqual(row.state, "ready")
        self.assertEqual(self.calls(), [])

    def test_x73_a_login_that_was_entered_in_doubt_is_tried_after_it(self):
        self.doubt()
        self.connection.password = demo.PASSWORD
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.assertEqual(self.calls(), [])
        self.connection.action_confirm_database()
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.env.invalidate_all()
        self.assertEqual(self.connection.state, "connected")

    def test_x73_all_logins_are_confirmed_at_once_and_it_is_kept_who_did(self):
        other = self.connect()
        self.doubt()
        self.assertTrue(database_differences(self.env))
        self.assertIn("was 1, is", other.database_doubt)
        other.action_confirm_database()
        self.assertFalse(database_differences(self.env))
        note = self.connection.message_ids[0].body
        self.assertIn(self.env.user.name, note)
        self.assertIn("was 1, is", note)

    def test_x73_an_earlier_version_remembered_less_and_is_asked_about(self):
        self.connection.sudo().database_facts = False
        self.assertTrue(database_differences(self.env))
        self.assertIn("was not known", self.connection.database_doubt)
        self.connection.action_confirm_database()
        self.assertFalse(database_differences(self.env))

    def test_x73_another_address_is_asked_about_once(self):
        """Administrators log in under several; that of this machine says nothing."""
        for url, told in (
            ("https://erp.example.be", []),
            ("http://localhost:8069", []),
            ("https://test.example.be", ["host"]),
            ("https://erp.example.be:8443", []),
            ("https://test.example.be", []),
        ):
            self.env["ir.config_parameter"].set_param("web.base.url", url)
            found = database_differences(self.env)
            self.assertEqual(list(found), told, url)
            self.connection.action_confirm_database()

    def test_x73_people_who_may_not_change_the_connection_can_not_confirm(self):
        self.doubt()
        user = new_test_user(self.env, "u", groups="octopus_connector.group_user")
        with self.assertRaises(AccessError):
            self.connection.with_user(user).action_confirm_database()
        self.assertTrue(database_differences(self.env))
