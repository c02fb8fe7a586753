"""Payments read while the dossier is refreshed, in transactions of their own."""

import threading
from unittest.mock import patch

import requests

from odoo import fields

from odoo.addons.octopus_connector.sync.payments import apply
from odoo.addons.octopus_connector.sync.payments.pull import pull as pull_payments

from octopus_sandbox.seed import demo

from .workers_case import WorkersCase

ANSWERED = 10


class TestPullBesideRefresh(WorkersCase):
    """Both scheduled actions of a dossier may run at the same moment (X.24)."""

    def test_g5_a_refresh_at_the_same_moment_does_not_stop_a_pull(self):
        with self.worker() as env:
            env["res.company"].browse(self.company.id).octopus_payment_owner = "octopus"
        answered, refreshed = threading.Event(), threading.Event()
        feed = "odoo.addons.octopus_connector.sync.payments.pull.Feed.keep"

        def refresh():
            answered.wait(ANSWERED)
            with self.worker() as env:
                env["octopus.dossier"].sudo().browse(self.dossier.id).name = "Renamed"
            refreshed.set()

        def pull():
            with self.worker() as env:
                dossier = env["octopus.dossier"].browse(self.dossier.id)
                pull_payments(dossier)

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


class TestPullBesidePeople(WorkersCase):
    """What people do to a document while its payment is made (X.24)."""

    def test_x24_a_person_at_the_same_moment_does_not_stop_a_pull(self):
        """PostgreSQL lets only the first of both write: the other begins anew."""
        self.accept_all()
        ids = self.queued()
        self.pass_over()
        self.receive(ids)
        moves = []
        carry_out = apply.carry_out

        def crossed(tasks):
            # The person commits after the pull began, before it pays the document.
            if not moves:
                moves.extend(task.make.move.id for task in tasks)
                with self.worker() as person:
                    move = person["account.move"].browse(moves)
                    move.invoice_origin = "At that moment"
            carry_out(tasks)

        with patch.object(apply, "carry_out", crossed):
            with self.worker() as env:
                env["octopus.dossier"].browse(self.dossier.id)._cron_pull()
        with self.worker() as env:
            move = env["account.move"].browse(moves)
            self.assertEqual(move, env["octopus.booking"].browse(ids).move_id)
            self.assertEqual(move.invoice_origin, "At that moment")
            self.assertEqual(move.payment_state, "paid")
            self.assertEqual(len(move.matched_payment_ids), 1)

    def accept_all(self):
        with self.worker() as env:
            env["res.company"].sudo().browse(self.company.id).write(
                {
                    "octopus_payment_owner": "octopus",
                    "octopus_payments_accepted": True,
                    "octopus_payment_limit": 100,
                    "octopus_payment_share": 100,
                }
            )

    def receive(self, ids):
        """Let the accountant receive the money of documents, all of it."""
        with self.worker() as env:
            for row in env["octopus.booking"].browse(ids):
                self.assertEqual(row.state, "booked")
                amount = str(row.amount)
                year = row.bookyear_id.octopus_id
                key = f"{year}/{row.journal_id.key}/{row.number}"
                line = {
                    "type": "C",
                    "relation": row.relation_id.octopus_id,
                    "amount": amount,
                    "pays": {key: amount},
                }
                values = {"journal": "F1", "lines": [line]}
                url = f"{self.sandbox.address}/_sandbox/dossiers/{demo.MAIN}/acts/pay"
                day = str(fields.Date.today())
                answer = requests.post(url, json={**values, "date": day}, timeout=10)
                self.assertTrue(answer.ok, answer.text)


class TestOnePlan(WorkersCase):
    """Two readings of one dossier that find, at once, what must be asked (Z.1)."""

    def test_z1_the_second_worker_leaves_the_plan_to_the_first(self):
        with self.worker() as env:
            plans, dossier = self.plans(env)
            self.assertFalse(plans.waiting(dossier))
            with self.worker() as other:
                first = plans.browse(self.opened(other).ids)
            self.assertFalse(self.opened(env))
            env["octopus.dossier"].sudo().browse(self.dossier.id).name = "Goes on"
        with self.worker() as env:
            plans, dossier = self.plans(env)
            self.assertEqual(plans.waiting(dossier).ids, first.ids)
            self.assertEqual(dossier.name, "Goes on")

    def opened(self, env):
        plans, dossier = self.plans(env)
        return plans.open_for(dossier)

    def plans(self, env):
        return (
            env["octopus.payment.plan"],
            env["octopus.dossier"].browse(self.dossier.id),
        )
