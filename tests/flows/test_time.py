"""Workers have little time, and are killed when it is over (X.23, X.44)."""

import os
import signal
import threading
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo import api, sql_db
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config, real_time

from odoo.addons.octopus_connector.api.errors import OctopusNoTime
from odoo.addons.octopus_connector.call_log import TOKENS
from odoo.addons.octopus_connector.models import ir_cron
from odoo.addons.octopus_connector.sync.link_dossier import link
from odoo.addons.octopus_connector.sync.mirror import Mirror, open_bookyears
from odoo.addons.octopus_connector.sync.refresh import unfinished
from odoo.addons.octopus_connector.work_time import begin_round, work_time

from ..common import OctopusCase
from .workers_case import WorkersCase

ACCOUNTS = ("getAccounts", "getModifiedAccounts")


@contextmanager
def limits(**values):
    """Set Odoo's own limits for a while."""
    with patch.dict(config.options, values):
        yield


class TestKilledReading(WorkersCase):
    """Worker processes that are killed with SIGKILL, as Odoo kills its own."""

    mapped = False

    def setUp(self):
        super().setUp()
        # The sandbox's day goes on from test to test, and allows two readings.
        self.sandbox.world.set_switches({"quota": "off"})
        with self.worker() as env:
            dossier = self.dossier_in(env)
            unfinished(dossier).write({"state": "stopped"})
            # As if nothing was ever read, but for the bookyears.
            dossier.write(
                {
                    "accounts_since": False,
                    "relations_since": False,
                    "vat_codes_at": False,
                }
            )

    def new_day(self):
        """Workers see only what is committed: the day's calls are forgotten there."""
        self.books = self.sandbox.books()
        TOKENS.clear()
        with self.worker() as env:
            env["octopus.call"].sudo().search([]).unlink()

    def tearDown(self):
        self.sandbox.world.faults.clear()
        super().tearDown()

    def dossier_in(self, env):
        return env["octopus.dossier"].sudo().browse(self.dossier.id)

    def names(self):
        return [call.operation for call in self.calls()]

    def refresh_in(self, env):
        # As the scheduler does; the progress of a job needs one.
        self.dossier_in(env)._cron_refresh()

    def process(self):
        """Return the id of a new process that reads the dossier."""
        pid = os.fork()
        if pid:
            return pid
        try:
            # Connections of the process that it comes from are not its own.
            with _fresh_cursor(self.database) as cr:
                self.refresh_in(api.Environment(cr, self.env.uid, {}))
        finally:
            os._exit(0)

    def killed_at(self, operation):
        """Let a process read until it waits for the answer to a call, and kill it."""
        faults = self.sandbox.world.faults
        faults.add("hang", operation=operation, seconds=120)
        pid = self.process()
        end = time.monotonic() + 120
        while ("hang", operation) not in faults.met:
            self.assertLess(time.monotonic(), end, f"{operation} was not reached")
            time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        faults.clear()

    def test_x23_a_killed_worker_loses_only_the_part_under_way(self):
        self.killed_at("getModifiedRelations")
        with self.worker() as env:
            dossier = self.dossier_in(env)
            [run] = unfinished(dossier)
            self.assertTrue(dossier.accounts_since)
            self.assertTrue(dossier.vat_codes_at)
            self.assertFalse(dossier.relations_since)
            self.assertIn("vat_codes", run.steps)
            self.assertNotIn("relations", run.steps)
            self.assertIn("the relations", dossier.reading_text)
            run_id = run.id
        read = self.names()
        self.sandbox.world.calls.clear()
        with self.worker() as env:
            self.refresh_in(env)
        data = {*ACCOUNTS, "getVatCodes", "getBookyears", "getJournals"}
        self.assertLessEqual({"getVatCodes", "getBookyears", "getJournals"}, set(read))
        self.assertFalse(data.intersection(self.names()))
        self.assertIn("getModifiedRelations", self.names())
        with self.worker() as env:
            dossier = self.dossier_in(env)
            self.assertTrue(dossier.relations_since)
            self.assertFalse(unfinished(dossier))
            run = env["octopus.run"].browse(run_id)
            self.assertEqual(run.state, "done")
            self.assertEqual(run.progress, 100)

    def test_d7_accounts_are_not_read_in_full_twice(self):
        """Twice a day only: a kill after that must not use the second one up."""
        self.killed_at("getVatCodes")
        spent = len([name for name in self.names() if name in ACCOUNTS])
        self.assertTrue(spent)
        with self.worker() as env:
            self.refresh_in(env)
            self.assertFalse(unfinished(self.dossier_in(env)))
        now = len([name for name in self.names() if name in ACCOUNTS])
        self.assertEqual(now, spent)

    def test_journals_are_parts_of_their_own(self):
        with self.worker() as env:
            years = open_bookyears(self.dossier_in(env)).mapped("octopus_id")
        self.assertGreater(len(years), 1)
        self.killed_at("getModifiedAccounts")
        with self.worker() as env:
            [run] = unfinished(self.dossier_in(env))
            self.assertLessEqual({f"journals/{year}" for year in years}, set(run.steps))

    def test_another_day_it_begins_anew(self):
        self.killed_at("getVatCodes")
        with self.worker() as env:
            [run] = unfinished(self.dossier_in(env))
            run.started_at = "2020-01-01"
            old = run.id
        self.sandbox.world.calls.clear()
        with self.worker() as env:
            self.refresh_in(env)
            self.assertFalse(unfinished(self.dossier_in(env)))
            self.assertEqual(env["octopus.run"].browse(old).state, "stopped")
        self.assertIn("getBookyears", self.names())

    def test_an_error_of_one_part_is_told_and_others_go_on(self):
        """X.25: also one that nobody thought of."""

        def broken(mirror, octopus):
            mirror.env.cr.execute("SELECT 1 / 0")

        with self.worker() as env:
            dossier = self.dossier_in(env)
            with patch.object(Mirror, "vat_codes", broken):
                with self.assertLogs("odoo.addons.octopus_connector", "ERROR"):
                    self.refresh_in(env)
            self.assertEqual(
                [found["code"] for found in dossier.problems], ["part_failed"]
            )
            self.assertTrue(dossier.accounts_since)
            self.assertTrue(dossier.relations_since)

    def test_two_at_once_read_each_part_once(self):
        self.sandbox.world.faults.latency = 0.1

        def read():
            with self.worker() as env:
                self.refresh_in(env)

        self.side_by_side(read, read)
        self.sandbox.world.faults.latency = 0
        self.assertEqual(self.names().count("getVatCodes"), 1)
        self.assertEqual(self.names().count("getModifiedRelations"), 1)
        with self.worker() as env:
            self.assertFalse(unfinished(self.dossier_in(env)))

    # Time

    def test_x44_no_call_outlives_its_worker(self):
        """A server that does not answer is left before Odoo kills who waits for it."""
        limit = 8
        self.sandbox.world.faults.add("hang", operation="getVatCodes", seconds=300)
        with limits(limit_time_real=limit, limit_time_real_cron=-1):
            started = time.monotonic()
            with self.worker() as env:
                self.refresh_in(env)
            self.assertLess(time.monotonic() - started, 3 * limit)
        with self.worker() as env:
            calls = env["octopus.call"].search([("operation", "=", "vat_codes")])
            self.assertTrue(calls)
            self.assertLess(max(calls.mapped("duration_ms")), 1000 * limit)
            # What was read before is there.
            self.assertTrue(self.dossier_in(env).accounts_since)

    def test_x44_without_time_for_another_call_a_job_stops_and_comes_again(self):
        with limits(limit_time_real=100, limit_time_real_cron=0, workers=0):
            # Other scheduled actions of the same worker took their time.
            begin_round(real_time() - 70)
            try:
                with self.worker() as env:
                    self.refresh_in(env)
                    [run] = unfinished(self.dossier_in(env))
                    self.assertFalse(run.steps)
            finally:
                begin_round(None)
            self.assertEqual(self.names(), [])
        with self.worker() as env:
            self.refresh_in(env)
            self.assertFalse(unfinished(self.dossier_in(env)))


@contextmanager
def _fresh_cursor(database):
    """Give a cursor of this process alone."""
    # The pool's connections belong to the other process: they are not even closed.
    sql_db._Pool = None
    registry = Registry(database)
    registry._db = sql_db.db_connect(database)
    with registry.cursor() as cr:
        yield cr


class TestWorkTime(OctopusCase):
    """What Odoo's configuration leaves for calls."""

    linked = False

    def left(self, began=None, cron=False, **values):
        """Return the seconds that a worker has left that began so long ago."""
        thread = threading.current_thread()
        with limits(**{"workers": 2, "limit_time_real_cron": -1, **values}):
            if cron:
                begin_round(real_time() - (began or 0))
            elif began is not None:
                thread.perf_t0 = real_time() - began
            try:
                return work_time().left()
            finally:
                begin_round(None)
                thread.__dict__.pop("perf_t0", None)

    def test_requests(self):
        self.assertAlmostEqual(self.left(0, limit_time_real=120), 90, delta=5)
        self.assertAlmostEqual(self.left(50, limit_time_real=120), 40, delta=5)
        self.assertAlmostEqual(self.left(0, limit_time_real=40), 30, delta=5)
        self.assertEqual(self.left(0, limit_time_real=0), float("inf"))
        # A clock that was set says nothing.
        self.assertAlmostEqual(self.left(9000, limit_time_real=120), 90, delta=5)

    def test_scheduled_actions_have_their_own_limit(self):
        cron = {"cron": True, "limit_time_real": 120}
        self.assertAlmostEqual(self.left(0, **cron), 90, delta=5)
        own = {**cron, "limit_time_real_cron": 600}
        self.assertAlmostEqual(self.left(100, **own), 470, delta=5)
        never = {**cron, "limit_time_real_cron": 0}
        self.assertEqual(self.left(0, **never), float("inf"))
        # Where they run in threads, 0 lifts nothing.
        self.assertAlmostEqual(self.left(0, **never, workers=0), 90, delta=5)

    def test_all_jobs_of_a_round_share_its_time(self):
        """Odoo works through all that is due before it tells that it is alive."""
        cron = self.env["ir.cron"].search([], limit=1)
        seen = []

        def run(_cls, _job):
            seen.append(work_time().left())
            return "fully done"

        with limits(limit_time_real=120, limit_time_real_cron=-1, workers=2):
            with patch.object(type(cron), "_run_job", classmethod(run)):
                job = {
                    "id": cron.id,
                    "timed_out_counter": 0,
                    "done": 0,
                    "user_id": self.env.uid,
                    "failure_count": 0,
                    "first_failure_date": None,
                    "active": True,
                    "cron_name": cron.name,
                    "interval_type": "days",
                    "interval_number": 1,
                    "nextcall": cron.nextcall,
                }
                with patch.object(ir_cron, "real_time") as clock:
                    clock.side_effect = [real_time() - 60, real_time()]
                    ir_cron.ROUNDS.pop(self.env.cr, None)
                    for _job in range(2):
                        type(cron)._process_job(self.env.cr, dict(job))
        ir_cron.ROUNDS.pop(self.env.cr, None)
        self.assertEqual(len(seen), 2)
        for left in seen:
            self.assertLess(left, 60)
            self.assertGreater(left, 10)


class TestFirstReading(OctopusCase):
    """The set-up does not wait for a dossier that takes long."""

    linked = False

    def setUp(self):
        super().setUp()
        self.connection = self.connect()
        self.unread = self.dossier_of()

    def setup_at_dossier(self):
        setup = self.env["octopus.setup"].create({})
        setup.action_next()
        setup.dossier_id = self.unread
        self.assertEqual(setup.state, "dossier")
        return setup

    def test_a_small_dossier_is_linked_at_once(self):
        setup = self.setup_at_dossier()
        setup.action_next()
        self.assertEqual(setup.state, "checks")
        self.assertEqual(self.company.octopus_dossier_id, self.unread)

    def test_a_big_one_is_read_by_the_scheduled_action(self):
        setup = self.setup_at_dossier()
        with patch("odoo.addons.octopus_connector.wizard.octopus_setup.PATIENCE", 0):
            action = setup.action_next()
        self.assertEqual(action["res_id"], setup.id)
        self.env.invalidate_all()
        self.assertEqual(setup.state, "dossier")
        self.assertFalse(self.company.octopus_dossier_id)
        self.assertIn("parts are done", setup.reading_text)
        cron = self.unread.sudo().refresh_cron_id
        self.assertTrue(cron.active)
        self.assertFalse(self.unread.push_cron_id.active)
        self.run_cron(cron)
        self.env.invalidate_all()
        self.assertTrue(self.unread.refreshed_at)
        self.assertFalse(setup.reading_text)
        made = len(self.calls())
        setup.action_next()
        self.assertEqual(setup.state, "checks")
        self.assertEqual(self.company.octopus_dossier_id, self.unread)
        self.assertEqual(len(self.calls()), made, "nothing is read twice")
        self.assertTrue(self.unread.push_cron_id.active)

    def test_looking_again_goes_on_where_nobody_else_does(self):
        """Without a scheduler, the person's own clicks read the dossier."""
        setup = self.setup_at_dossier()
        with patch("odoo.addons.octopus_connector.wizard.octopus_setup.PATIENCE", 0):
            setup.action_next()
        setup.action_next()
        self.assertEqual(setup.state, "checks")
        self.assertEqual(len(self.calls("getBookyears")), 1)

    def test_a_set_up_that_is_left_leaves_nothing_running(self):
        setup = self.setup_at_dossier()
        with patch("odoo.addons.octopus_connector.wizard.octopus_setup.PATIENCE", 0):
            setup.action_next()
        cron = self.unread.sudo().refresh_cron_id
        self.run_cron(cron)
        self.run_cron(cron)
        self.env.invalidate_all()
        self.assertFalse(cron.active)

    def test_without_time_a_dossier_is_not_linked_half_read(self):
        begin_round(real_time() - 70)
        try:
            with limits(limit_time_real=100, limit_time_real_cron=-1, workers=2):
                with self.failing(UserError) as told:
                    link(self.company, self.unread)
        finally:
            begin_round(None)
        self.assertIn("still being read", str(told[0]))
        self.assertFalse(self.company.octopus_dossier_id)


class TestPushInTime(OctopusCase):
    """A pass stops while it can, and goes on in another worker."""

    def test_x44_a_pass_without_time_stops_before_the_next_document(self):
        moves = self.document() + self.document()
        moves._octopus_queue(self.env.user)
        begin_round(real_time() - 70)
        try:
            with limits(limit_time_real=100, limit_time_real_cron=-1, workers=2):
                with self.env.registry.cursor() as cr:
                    booking = self.env(cr=cr)["octopus.booking"]
                    booking.push(self.dossier.with_env(booking.env))
        finally:
            begin_round(None)
        rows = self.env["octopus.booking"].search([("move_id", "in", moves.ids)])
        self.assertEqual(rows.mapped("state"), ["ready", "ready"])
        self.assertEqual(self.calls(), [])
        self.push()
        self.env.invalidate_all()
        self.assertEqual(rows.mapped("state"), ["booked", "booked"])

    def test_x44_an_error_of_time_is_told_as_that(self):
        error = OctopusNoTime(operation="bookyears")
        finding = self.dossier.note_error(error)
        self.assertEqual(finding["code"], "out_of_time")
        texts = self.env["octopus.finding"]._texts(finding)
        self.assertIn("goes on by itself", texts["fix"])
