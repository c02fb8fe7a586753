"""What only a person may settle stays a question, in shadow mode and after (Z.12)."""

from datetime import timedelta

from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.send.kinds import NOT_BY_ITSELF
from odoo.addons.octopus_connector.send.start import begin_shadow, end_shadow

from .test_restore import RestoreCase
from .test_start import StartCase


class TestQuestions(RestoreCase, StartCase):
    def begin(self):
        begin_shadow(self.dossier.sudo())
        self.env.flush_all()

    def end(self):
        end_shadow(self.dossier.sudo())
        self.env.flush_all()

    def typed_one(self):
        """A document that the accountant typed, read into the mirror."""
        move = self.document()
        self.known(move)
        self.typed(move)
        return move

    def test_z12_each_question_outlasts_shadow_mode(self):
        """Whatever its code is: what sending found, preparing cannot answer."""
        rows = {}
        for code in NOT_BY_ITSELF:
            row = self.queue(self.document()).sudo()
            row.hold("blocked", [Finding(code)])
            rows[code] = row
        self.begin()
        self.push()
        for code, row in rows.items():
            self.assertEqual((row.state, row.cause), ("blocked", code))
            self.assertFalse(row.foreseen_text, code)
        self.dossier.sudo().shadow = True
        self.env["octopus.outbox.mixin"].wake_all(self.dossier)
        self.push()
        self.end()
        self.push()
        for code, row in rows.items():
            self.assert_held(row, "blocked", code)

    def test_z12_what_octopus_may_have_is_asked_in_shadow_mode(self):
        move = self.typed_one()
        row = self.send(move)
        self.assert_held(row, "blocked", "maybe_booked")
        row.sudo().may_go()
        self.begin()
        self.push()
        self.assert_held(row, "blocked", "maybe_booked")
        self.assertTrue(row.candidate_id)
        self.end()
        self.push()
        self.assert_held(row, "blocked", "maybe_booked")
        row.action_other_document()
        self.push()
        self.assert_booked(row)

    def test_z12_what_a_person_settles_in_shadow_mode_is_shown_at_once(self):
        row = self.send(self.typed_one())
        self.begin()
        self.push()
        row.action_other_document()
        self.push()
        self.assertEqual(row.state, "ready")
        self.assertTrue(row.foreseen_text)
        self.end()
        self.push()
        self.assert_booked(row)

    def test_z12_the_end_with_another_start_looks_at_all_anew(self):
        """What shadow mode held is free, whatever else is applied with it."""
        self.started()
        self.apply(mode="shadow", start_date=self.today)
        move = self.document()
        mapping = self.env["octopus.account.mapping"].search(
            [("account_id", "=", move.invoice_line_ids.account_id.id)]
        )
        account = mapping.octopus_account_id
        mapping.octopus_account_id = False
        row = self.row(move)
        self.push()
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        other = self.today - timedelta(days=1)
        self.apply(mode="hand", start_date=other, backlog="leave")
        self.assertEqual((row.state, row.cause), ("ready", False))
        self.assertFalse(row.foreseen_at)
        mapping.octopus_account_id = account
