"""The link is ended from a date on, and taken up again (Z.24)."""

from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.sync.link_dossier import disconnect, link

from tests.common import OctopusCase


class TestEndDate(OctopusCase):
    def setUp(self):
        super().setUp()
        self.today = fields.Date.today()
        self.before = self.document(invoice_date=self.today - timedelta(days=1))
        self.later = self.document()

    def end(self, day):
        action = self.company.action_octopus_disconnect()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write({"scope": "date", "end_date": day})
        wizard.action_disconnect()

    def states(self):
        for move in (self.before, self.later):
            with suppress(UserError):
                move.action_octopus_send()
        return self.before.octopus_state, self.later.octopus_state

    def test_documents_from_that_day_on_do_not_go(self):
        """Z.24: what is before is sent as ever; nothing is deleted."""
        self.end(self.today)
        self.assertTrue(self.company.octopus_enabled)
        before, later = self.states()
        self.assertEqual(before, "booked")
        self.assertNotEqual(later, "booked")
        with self.assertRaisesRegex(UserError, "documents do not go to Octopus"):
            self.later.action_octopus_send()

    def test_what_waited_already_does_not_go_either(self):
        (self.before + self.later).action_octopus_send()
        self.end(self.today)
        self.push()
        self.assertEqual(self.before.octopus_state, "booked")
        self.assertNotEqual(self.later.octopus_state, "booked")

    def test_what_is_booked_is_followed(self):
        self.assertEqual(self.states(), ("booked", "booked"))
        number = self.later.octopus_number
        self.end(self.today)
        self.pull()
        self.assertEqual(self.later.octopus_state, "booked")
        self.assertEqual(self.later.octopus_number, number)

    def test_taken_away(self):
        """Z.24: everything goes on where it was."""
        self.end(self.today)
        self.states()
        self.end(False)
        self.assertEqual(self.states(), ("booked", "booked"))

    def test_linked_again(self):
        self.end(self.today)
        disconnect(self.company)
        link(self.company, self.dossier)
        self.assertFalse(self.company.octopus_end_date)
        self.assertEqual(self.states(), ("booked", "booked"))

    def test_only_administrators(self):
        user = new_test_user(
            self.env,
            "not-boss",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.company.with_user(user).octopus_end_on(self.today)
