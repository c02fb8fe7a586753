"""What ./dev bench measures with is right (issue 14)."""

import time

from odoo import sql_db

from benchmarks.commits import Commits
from benchmarks.scheduled import run_scheduled

from .workers_case import WorkersCase

TABLE = "octopus_bench_commits"


class TestBench(WorkersCase):
    """On real connections, of which nothing is undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls.registry.cursor() as cr:
            cr.execute(f"CREATE TABLE {TABLE} AS SELECT 1 AS number")

    def counted(self, *statements, milliseconds=0):
        """Return how many durable commits statements cost, each in the same one."""
        with Commits(milliseconds) as commits, self.registry.cursor() as cr:
            for statement in statements:
                cr.execute(statement)
            cr.commit()
        return commits.count

    def test_what_wrote_is_counted_once(self):
        write = f"UPDATE {TABLE} SET number = number + 1"
        self.assertEqual(self.counted(write), 1)
        # The number of a savepoint that wrote is no commit.
        nested = ("SAVEPOINT one", write, "RELEASE one", "SAVEPOINT two", write)
        self.assertEqual(self.counted(*nested), 1)
        # A lock is written down too.
        self.assertEqual(self.counted(f"SELECT * FROM {TABLE} FOR UPDATE"), 1)

    def test_what_only_read_is_not(self):
        self.assertEqual(self.counted(f"SELECT * FROM {TABLE}"), 0)
        self.assertEqual(self.counted(), 0)
        with Commits() as commits, self.registry.cursor() as cr:
            cr.execute(f"UPDATE {TABLE} SET number = 0")
            cr.rollback()
        self.assertEqual(commits.count, 0)

    def test_every_cursor_is_counted_and_none_afterwards(self):
        write = f"INSERT INTO {TABLE} VALUES (1)"
        with Commits() as commits:
            with self.registry.cursor() as one, self.registry.cursor() as other:
                one.execute(write)
                other.execute(write)
        with self.registry.cursor() as cr:
            cr.execute(write)
        self.assertEqual(commits.count, 2)

    def test_a_commit_takes_as_long_as_was_asked_for(self):
        start = time.perf_counter()
        self.counted(f"UPDATE {TABLE} SET number = 0", milliseconds=50)
        self.assertGreaterEqual(time.perf_counter() - start, 0.05)

    def test_counting_is_no_query(self):
        before = sql_db.sql_counter
        self.counted(f"UPDATE {TABLE} SET number = 0")
        self.assertEqual(sql_db.sql_counter - before, 1)

    def test_the_scheduled_action_sends_as_a_worker_lets_it(self):
        ids = self.queued(2)
        with self.worker() as env:
            dossier = env["octopus.dossier"].sudo().browse(self.dossier.id)
            cron = dossier.push_cron_id
            cron._trigger()
        rounds = run_scheduled(self.database, cron.id)
        self.assertEqual(rounds, 1)
        self.assert_all_booked(ids)
        with self.worker() as env:
            progress = env["ir.cron.progress"].search([("cron_id", "=", cron.id)])
            # The scheduler's own progress: it was its pass, not a request's.
            self.assertEqual(progress[:1].done, 2)
        # Nothing is due any more.
        self.assertEqual(run_scheduled(self.database, cron.id), 0)
