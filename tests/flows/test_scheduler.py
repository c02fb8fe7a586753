"""Hundreds of dossiers on one server: scheduled actions of others, and what a person
asked for, do not wait for all of them (J.6)."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.octopus_connector.models import ir_cron
from odoo.addons.octopus_connector.models.ir_cron import ROUNDS, SHARE, Round
from odoo.addons.octopus_connector.send.document import DocumentKind
from odoo.addons.octopus_connector.sync.scheduled import CRONS, first_call

from ..common import OctopusCase, upgrade
from .workers_case import WorkersCase


class TestMakingWay(OctopusCase):
    def setUp(self):
        super().setUp()
        later = fields.Datetime.now() + timedelta(days=1)
        self.env["ir.cron"].search([]).nextcall = later
        self.env["ir.cron.trigger"].search([]).unlink()
        self.pull_cron = self.dossier.pull_cron_id
        self.other = self.env.ref("base.autovacuum_job")
        self.addCleanup(ROUNDS.pop, self.env.cr, None)

    def runs(self, cron, given=SHARE):
        """Whether a worker runs an action, after so many seconds for dossiers."""
        ROUNDS[self.env.cr] = Round(0.0, {*self.dossier.crons().ids}, given)
        self.env.flush_all()
        job = self.env["ir.cron"]._acquire_one_job(
            self.env.cr, cron.id, include_not_ready=True
        )
        seen = []

        def run(_cls, job):
            seen.append(job["id"])
            return "fully done"

        notices = patch.object(type(cron), "_notifydb", lambda _self: seen.append(0))
        with patch.object(type(cron), "_run_job", classmethod(run)), notices:
            type(cron)._process_job(self.env.cr, job)
            self.env.cr.postcommit.run()
        return seen

    def make_due(self, cron):
        cron.nextcall = fields.Datetime.now() - timedelta(minutes=1)

    def test_j6_a_dossier_makes_way_for_what_waits(self):
        self.assertEqual(self.runs(self.pull_cron), [self.pull_cron.id])
        self.make_due(self.pull_cron)
        self.make_due(self.other)
        self.assertEqual(self.runs(self.pull_cron), [0], "the worker chooses anew")
        self.assertLess(self.pull_cron.nextcall, fields.Datetime.now(), "still due")

    def test_j6_some_of_it_goes_in_each_round(self):
        """What is always due cannot keep dossiers out."""
        self.make_due(self.other)
        ran = self.runs(self.pull_cron, SHARE - 0.1)
        self.assertEqual(ran, [self.pull_cron.id])

    def test_j6_others_never_make_way(self):
        self.make_due(self.pull_cron)
        self.assertEqual(self.runs(self.other), [self.other.id])

    def test_j6_reading_makes_way_for_sending(self):
        self.make_due(self.dossier.push_cron_id)
        self.assertEqual(self.runs(self.pull_cron), [0])
        self.make_due(self.pull_cron)
        self.assertEqual(len(self.runs(self.dossier.push_cron_id)), 1)

    def test_j6_once_it_made_way_it_does_so_for_the_rest_of_the_round(self):
        self.make_due(self.other)
        self.assertEqual(self.runs(self.pull_cron), [0])
        walk = ROUNDS[self.env.cr]
        self.assertTrue(walk.makes_way)
        with patch.object(ir_cron.IrCron, "_octopus_is_waited_for") as asked:
            refresh = self.dossier.refresh_cron_id
            job = self.env["ir.cron"]._acquire_one_job(
                self.env.cr, refresh.id, include_not_ready=True
            )
            self.assertIsNone(type(refresh)._process_job(self.env.cr, job))
        asked.assert_not_called()

    def test_j6_what_is_left_wakes_a_worker_and_is_not_prepared_in_vain(self):
        """Odoo calls an action again after its ten seconds, and then lets it wait for a
        worker, which may sleep for a minute."""
        row = self.document()._octopus_queue(self.env.user)
        cron, progress = self.dossier.push_cron_id._add_progress()
        triggers = self.env["ir.cron.trigger"]
        mine = [("cron_id", "=", cron.id)]
        prepare = DocumentKind.prepare
        for ends, state, left in ((-1, "ready", 1), (60, "booked", 0)):
            triggers.search(mine).unlink()
            ends_at = time.monotonic() + ends
            own = cron.with_context(cron_id=cron.id, cron_end_time=ends_at).env
            with (
                self.registry.cursor() as cr,
                patch.object(DocumentKind, "prepare", autospec=True) as prepared,
            ):
                prepared.side_effect = prepare
                own(cr=cr)["octopus.dossier"].browse(self.dossier.id)._cron_push()
            self.env.invalidate_all()
            with self.subTest(ends=ends):
                self.assertEqual(row.state, state)
                self.assertEqual(progress.remaining, left)
                self.assertEqual(prepared.called, ends > 0)
                # One for now wakes a worker.
                self.assertEqual(bool(triggers.search(mine)), ends < 0)

    def test_what_is_known_of_a_round_outlives_a_commit(self):
        """A worker commits after each action."""
        with self.registry.cursor() as cr:
            ROUNDS[cr] = Round(1.0)
            env = self.env(cr=cr)
            cr.commit()
            self.assertEqual(ROUNDS[cr].started, 1.0)
            del env


class TestMakingWayAtOnce(WorkersCase):
    def test_j6_what_waited_is_done_by_another_worker_at_this_moment(self):
        """What it commits is later than what this worker sees."""
        other = self.env.ref("base.autovacuum_job").id
        pull_cron, ours = self.dossier.pull_cron_id.id, set(self.dossier.crons().ids)
        now = fields.Datetime.now()
        with self.worker() as env:
            env["ir.cron"].search([]).nextcall = now + timedelta(days=1)
            env["ir.cron.trigger"].search([]).unlink()
            env["ir.cron"].browse([pull_cron, other]).nextcall = now
        crons, notices = self.registry["ir.cron"], []
        with (
            self.registry.cursor() as cr,
            patch.object(crons, "_notifydb", lambda _self: notices.append(0)),
        ):
            job = crons._acquire_one_job(cr, pull_cron)
            ROUNDS[cr] = Round(0.0, ours, SHARE)
            with self.worker() as env:
                env["ir.cron"].browse(other).nextcall = now + timedelta(days=1)
            self.assertIsNone(crons._process_job(cr, job))
            self.assertTrue(ROUNDS[cr].makes_way)
            cr.commit()
        self.assertEqual(notices, [0], "the worker chooses anew")
        with self.worker() as env:
            self.assertEqual(env["ir.cron"].browse(pull_cron).nextcall, now, "due")


class TestTurns(OctopusCase):
    def test_dossiers_that_are_linked_at_once_are_not_due_at_once(self):
        dossiers = self.env["octopus.dossier"].search([])
        now = fields.Datetime.now()
        for field, cron in CRONS.items():
            turns = {first_call(dossier, field, now) for dossier in dossiers}
            self.assertEqual(len(turns), len(dossiers))
            for turn in turns:
                self.assertLessEqual(turn, now + cron.interval)
                self.assertGreater(turn, now)

    def test_an_upgrade_changes_what_nobody_chose(self):
        push, pull = self.dossier.push_cron_id, self.dossier.pull_cron_id
        other = self.env["octopus.dossier"].search([("id", "!=", self.dossier.id)])[:1]
        other.sudo().push_cron_id = push.copy({"interval_number": 3, "priority": 7})
        other.sudo().push_cron_id.interval_type = "minutes"
        push.write({"interval_number": 10, "interval_type": "minutes", "priority": 5})
        pull.priority = 5
        upgrade(self.env, "19.0.1.3.0", "post-scheduled_actions")
        self.assertEqual((push.interval_number, push.interval_type), (1, "days"))
        self.assertEqual((push.priority, pull.priority), (10, 20))
        now = fields.Datetime.now()
        self.assertLessEqual(pull.nextcall, now + timedelta(hours=1))
        kept = other.sudo().push_cron_id
        chosen = (kept.interval_number, kept.interval_type, kept.priority)
        self.assertEqual(chosen, (3, "minutes", 7))
