"""Documents that go by themselves (F.5)."""

from datetime import timedelta

from odoo import fields

from .outbox_case import OutboxCase


class TestAutomatic(OutboxCase):
    def test_f5_x80_what_was_collected_before_waits_when_the_switch_is_on(self):
        """A pass that came before the switch only gives documents their row; whether
        there was such a pass must make no difference."""
        earlier = self.document()
        self.push()
        row = self.row(earlier)
        self.assertEqual((row.state, row.queued), ("ready", False))
        self.assert_booked(self.send(self.document()))
        self.dossier.automatic = True
        self.push()
        self.assertEqual((row.state, row.queued), ("ready", False))

    def test_x43_documents_that_come_soon_after_a_pass_go_together(self):
        """A token belongs to one process, so each pass may open the dossier anew; the
        day allows that 150 times."""
        self.assert_booked(self.send(self.document()))
        runs = self.env["octopus.run"].sudo()
        run = runs.search([("kind", "=", "push")], limit=1)
        self.dossier.automatic = True
        self.assertEqual(self.next_pass(), run.started_at + timedelta(minutes=6))
        calls = self.env["octopus.call"].sudo()
        opened = calls.search([("operation", "=", "open_dossier")], limit=1)
        for _time in range(70):
            opened.copy()
        self.assertEqual(self.next_pass(), run.started_at + timedelta(minutes=30))
        run.sudo().started_at -= timedelta(hours=1)
        self.assertLessEqual(self.next_pass(), fields.Datetime.now())

    def next_pass(self):
        """Return when a document that is confirmed now goes by itself."""
        triggers = self.env["ir.cron.trigger"].sudo()
        ours = [("cron_id", "=", self.dossier.push_cron_id.id)]
        triggers.search(ours).unlink()
        self.document()
        return triggers.search(ours).call_at

    def test_f5_what_a_person_kept_out_stays_out(self):
        excluded = self.document()
        self.row(excluded).exclude("Booked by hand")
        self.assert_booked(self.send(self.document()))
        self.dossier.automatic = True
        self.push()
        self.assertEqual(self.row(excluded).state, "excluded")
