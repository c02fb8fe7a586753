"""Several workers and one pretend Octopus: each change is kept (Z.25)."""

import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api

from .trial_case import TrialCase


class TestWorkers(TrialCase):
    # Not in registry test mode: every cursor is a connection.
    _registry_patched = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What workers see must be committed; it is taken away again.
        with cls.real_env() as env:
            test = env["octopus.sandbox"].create(
                {
                    "company_id": cls.env.company.id,
                    "connection_id": env["octopus.connection"].create({}).id,
                    "dossier_values": {"name": "Test"},
                    "world": cls.pretend.new_world(name="Test"),
                }
            )
            cls.ids = test.id, test.connection_id.id
        cls.addClassCleanup(cls.take_away)

    @classmethod
    def take_away(cls):
        with cls.real_env() as env:
            env["octopus.sandbox"].browse(cls.ids[0]).unlink()
            env["octopus.connection"].browse(cls.ids[1]).unlink()

    @classmethod
    @contextmanager
    def real_env(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def disabled(self):
        with self.books() as books:
            return books.dossier.disabled

    def test_z25_two_at_once_take_turns(self):
        """The second waits for the first, and goes on where that one was."""
        inside, free = threading.Event(), threading.Event()
        seen, errors = [], []

        def first():
            with self.books() as books:
                inside.set()
                free.wait(20)
                books.dossier.name = "first"

        def second():
            inside.wait(20)
            threading.Timer(0.5, free.set).start()
            with self.books() as books:
                seen.append(books.dossier.name)
                books.dossier.name += ", second"

        def run(work):
            threading.current_thread().dbname = self.cr.dbname
            try:
                work()
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=run, args=(it,)) for it in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertFalse(errors)
        self.assertEqual(seen, ["first"])
        self.new_worker()
        with self.books() as books:
            self.assertEqual(books.dossier.name, "first, second")

    def test_z25_a_change_of_another_worker_is_seen(self):
        """What this worker knows is old as soon as another one changed it."""
        self.act("disable")
        kept = dict(self.pretend._KNOWN)
        self.new_worker()
        self.act("disable", disabled="no")
        self.pretend._KNOWN.update(kept)
        self.assertFalse(self.disabled())

    def test_z25_what_failed_half_way_is_not_kept(self):
        with self.assertRaises(ZeroDivisionError), self.books() as books:
            books.dossier.disabled = True
            raise ZeroDivisionError
        self.assertFalse(self.disabled())

    def test_z25_a_call_that_does_not_end_is_not_waited_for_for_ever(self):
        waiting, self.pretend.WAITING = self.pretend.WAITING, "200ms"
        self.addCleanup(setattr, self.pretend, "WAITING", waiting)
        with self.real_env() as env:
            env.cr.execute("SELECT id FROM octopus_sandbox FOR UPDATE")
            with self.assertRaises(self.pretend.NoPretendOctopus):
                self.disabled()
