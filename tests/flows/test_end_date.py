"""The link is ended from a date on, and taken up again (Z.24)."""

from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.prepare.number_series import series_problem
from odoo.addons.octopus_connector.prepare.settings import effective
from odoo.addons.octopus_connector.send.collect_payments import collect
from odoo.addons.octopus_connector.sync.link_dossier import disconnect, link

from tests.common import OctopusCase

from .remittance_case import MATCH, RemittanceCase


class Ends:
    """Ends the link of a company from a day on, as a person does."""

    def end(self, day):
        action = self.company.action_octopus_disconnect()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write({"scope": "date", "end_date": day})
        wizard.action_disconnect()


class TestEndDate(Ends, OctopusCase):
    def setUp(self):
        super().setUp()
        self.today = fields.Date.today()
        self.before = self.document(invoice_date=self.today - timedelta(days=1))
        self.later = self.document()

    def states(self):
        for move in (self.before, self.later):
            with suppress(UserError):
                move.action_octopus_send()
        return self.before.octopus_state, self.later.octopus_state

    def test_z24_documents_from_that_day_on_do_not_go(self):
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

    def test_z24_taken_away(self):
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

    def test_z24_a_branch_with_settings_of_its_own_is_ended_too(self):
        """Z.24: as the settings are copied, so is the day; it is shown with them."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        self.end(self.today)
        shown = effective(branch)["octopus_end_date"]
        self.assertEqual(shown, str(self.today))
        branch.octopus_write_settings({"octopus_separate_settings": True})
        self.assertEqual(branch.octopus_end_date, self.today)
        self.assertEqual(effective(branch)["octopus_end_date"], shown)
        with self.assertRaisesRegex(AccessError, "no setting"):
            branch.octopus_write_settings({"octopus_end_date": False})

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

    def test_z24_numbers_of_documents_that_do_not_go_are_no_problem(self):
        """Z.24: a series that Odoo began after the end is none of Octopus's."""
        settings = self.company.sudo()
        self.assertFalse(series_problem(settings))
        self.later.button_draft()
        self.later.name = "ANEW/00001"
        self.later.action_post()
        self.assertTrue(series_problem(settings))
        self.end(self.today)
        self.assertFalse(series_problem(settings))


class TestPayments(Ends, RemittanceCase):
    """Z.24: payments of a bank that Odoo keeps go by the same date."""

    def setUp(self):
        super().setUp()
        yesterday = self.today - timedelta(days=1)
        self.before = self.pay(self.booked(), payment_date=yesterday)
        self.later = self.pay(self.booked())

    def states(self):
        return self.row(self.before).state, self.row(self.later).state

    def test_payments_from_that_day_on_do_not_go(self):
        self.end(self.today)
        self.push()
        # What would have gone got its row when the link ended, and says why it stays.
        self.assertEqual(self.states(), ("booked", "blocked"))
        self.assertEqual(self.row(self.later).cause, "payment_after_end_date")
        fresh = self.later.copy()
        fresh.action_post()
        self.push()
        self.assertFalse(self.row(fresh))
        with self.assertRaisesRegex(UserError, "payments do not go to Octopus"):
            fresh.action_octopus_send()
        self.end(False)
        self.push()
        self.assertEqual(self.states(), ("booked", "booked"))

    def test_what_waited_already_is_held_with_words(self):
        collect(self.env(su=True), self.dossier.sudo())
        self.end(self.today)
        self.push()
        self.assertEqual(self.states(), ("booked", "blocked"))
        row = self.row(self.later)
        self.assertEqual(row.cause, "payment_after_end_date")
        self.end(False)
        self.push()
        self.assertEqual(self.states(), ("booked", "booked"))

    def test_what_is_booked_is_matched_and_taken_back(self):
        alone = self.pay(self.booked(amount=100.0), amount=150.0)
        self.push()
        self.assertEqual(self.states(), ("booked", "booked"))
        self.end(self.today)
        more = self.booked(amount=50.0)
        (self.open_lines(alone.move_id) | self.open_lines(more.move_id)).reconcile()
        before = len(self.calls(MATCH))
        self.push()
        self.assertGreater(len(self.calls(MATCH)), before)
        row = self.row(self.later)
        self.later.action_draft()
        self.push()
        self.assertEqual(row.state, "reversed")
