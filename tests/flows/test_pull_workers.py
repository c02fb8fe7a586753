"""Payments read while the dossier is refreshed, in transactions of their own."""

import threading
from unittest.mock import patch

from .workers_case import WorkersCase

ANSWERED = 10


class TestPullBesideRefresh(WorkersCase):
    """Both scheduled actions of a dossier may run at the same moment (X.24)."""

    def test_g5_a_refresh_at_the_same_moment_does_not_stop_a_pull(self):
        with self.worker() as env:
            env["res.company"].browse(self.company.id).octopus_payment_owner = "octopus"
        answered, refreshed = threading.Event(), threading.Event()
        feed = "odoo.addons.octopus_connector.models.octopus_balancing.Feed.keep"

        def refresh():
            answered.wait(ANSWERED)
            with self.worker() as env:
                env["octopus.dossier"].sudo().browse(self.dossier.id).name = "Renamed"
            refreshed.set()

        def pull():
            with self.worker() as env:
                dossier = env["octopus.dossier"].browse(self.dossier.id)
                env["octopus.balancing"]._pull(dossier)

        def keep(feed, result):
            # The refresh commits after the pull began, before it notes its position.
            answered.set()
            self.assertTrue(refreshed.wait(ANSWERED))

        with patch(feed, keep):
            self.side_by_side(refresh, pull)
        with self.worker() as env:
            dossier = env["octopus.dossier"].browse(self.dossier.id)
            self.assertEqual(dossier.name, "Renamed")
            self.assertTrue(dossier.balancings_since)


class TestOnePlan(WorkersCase):
    """Two readings of one dossier that find, at once, what must be asked (Z.1)."""

    def test_z1_the_second_worker_leaves_the_plan_to_the_first(self):
        with self.worker() as env:
            plans, dossier = self.plans(env)
            self.assertFalse(plans._waiting(dossier))
            with self.worker() as other:
                first = plans.browse(self.opened(other).ids)
            self.assertFalse(self.opened(env))
            env["octopus.dossier"].sudo().browse(self.dossier.id).name = "Goes on"
        with self.worker() as env:
            plans, dossier = self.plans(env)
            self.assertEqual(plans._waiting(dossier).ids, first.ids)
            self.assertEqual(dossier.name, "Goes on")

    def opened(self, env):
        plans, dossier = self.plans(env)
        return plans._open(dossier)

    def plans(self, env):
        return (
            env["octopus.payment.plan"],
            env["octopus.dossier"].browse(self.dossier.id),
        )
