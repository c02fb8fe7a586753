"""Workers in transactions of their own, in a database of their own.

Registry test mode puts everything on one connection: there no lock can be missed and
no process can die half-way. Here what is committed stays committed.
"""

import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tests import common
from odoo.tools import SQL, config

from .outbox_case import OutboxCase


class Killed(BaseException):
    """The process is gone: nothing may catch this."""


class WorkersCase(OutboxCase):
    """The sandbox's and Odoo's state live on from test to test, as in life."""

    # Not in registry test mode: every cursor is a connection.
    _registry_patched = True

    @classmethod
    def setUpClass(cls):
        source = common.get_db_name()
        cls.database = f"{source}_workers"
        cls._copy_database(source)
        cls.addClassCleanup(cls._drop_database)
        chosen = patch.object(common, "get_db_name", lambda: cls.database)
        cls.startClassPatcher(chosen)
        cls._registry_patched = False
        super().setUpClass()
        cls._registry_patched = True
        cls.env.flush_all()
        # The class's own cursor refuses; what was set up must be there for workers.
        type(cls.cr).commit(cls.cr)

    @classmethod
    def _copy_database(cls, source):
        close_db(source)
        cls._drop_database()
        cls._administer("CREATE DATABASE %s TEMPLATE %s", cls.database, source)
        # Odoo would look for tests to run while it loads the registry.
        testing = config["test_enable"]
        config["test_enable"] = False
        try:
            Registry(cls.database)
        finally:
            config["test_enable"] = testing

    @classmethod
    def _drop_database(cls):
        Registry.delete(cls.database)
        close_db(cls.database)
        cls._administer("DROP DATABASE IF EXISTS %s", cls.database)

    @classmethod
    def _administer(cls, statement, *names):
        with db_connect("postgres").cursor() as cr:
            # Databases are made and dropped outside any transaction.
            cr._cnx.autocommit = True
            cr.execute(SQL(statement, *map(SQL.identifier, names)))

    def setUp(self):
        with patch.object(self.sandbox.world, "reset"):
            super().setUp()
        self.sandbox.world.calls.clear()

    # Workers

    @contextmanager
    def worker(self):
        """Give the environment of a worker; what it leaves is committed."""
        with self.registry.cursor() as cr:
            yield self.env_of(cr)

    def env_of(self, cr):
        """Return the test's own environment on another cursor."""
        return api.Environment(cr, type(self).env.uid, dict(type(self).env.context))

    def queued(self, count=1, **values):
        """Return ids of queued rows of new documents, committed."""
        with self.worker() as env:
            case = type(self)
            with patch.object(case, "env", env):
                moves = env["account.move"].union(
                    *(case.document(**values) for _number in range(count))
                )
            return moves._octopus_queue(env.user).ids

    def pass_over(self, ids=None):
        """Let a worker make one pass, over some rows or over all that is due."""
        with self.worker() as env:
            bookings = env["octopus.booking"]
            bookings.push(
                env["octopus.dossier"].browse(self.dossier.id),
                ids and bookings.browse(ids),
            )

    def killed(self, place, step):
        """Let a worker make a pass and die where ``step`` of ``place`` begins."""
        with patch.object(place, step, side_effect=Killed):
            with self.registry.cursor() as cr:
                env = self.env_of(cr)
                try:
                    env["octopus.booking"].push(
                        env["octopus.dossier"].browse(self.dossier.id)
                    )
                except Killed:
                    # PostgreSQL undoes what a dead process did not commit.
                    cr.rollback()
                    return
        raise AssertionError(f"{step} was not reached")

    def side_by_side(self, *works):
        """Run functions at the same time; the first error of one is raised."""
        errors = []

        def run(work):
            threading.current_thread().dbname = self.database
            try:
                work()
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        if errors:
            raise errors[0]

    # Judgement

    @contextmanager
    def rows(self, ids):
        """Give rows as they are committed now."""
        with self.worker() as env:
            yield env["octopus.booking"].sudo().browse(ids)

    def states(self, ids):
        """Return the committed states of rows."""
        with self.rows(ids) as rows:
            return rows.mapped("state")

    def assert_all_booked(self, ids):
        """Each is booked, once, to the cent."""
        with self.rows(ids) as rows:
            for row in rows:
                self.assert_booked(row)

    def assert_clean(self):
        with self.worker() as env, patch.object(self, "env", env):
            super().assert_clean()
