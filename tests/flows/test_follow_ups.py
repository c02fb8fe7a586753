"""Nobody is reminded of what may be paid (Z.15)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.sync.both_sides import BothSides
from odoo.addons.octopus_connector.sync.follow_ups import release_all

from .payments_case import PaymentsCase


class TestFollowUps(PaymentsCase):
    def setUp(self):
        super().setUp()
        self.booking = self.booked()
        self.move = self.booking.move_id
        self.partner = self.move.commercial_partner_id

    def answered(self, **ago):
        """Let the answer on payments be that old."""
        moment = ago and fields.Datetime.now() - timedelta(**ago)
        self.dossier.sudo().payments_read_at = moment or False

    def assert_held(self, held, move=None):
        """A document and its contact are held, or not: read, and searched."""
        move = move or self.move
        self.env.flush_all()
        self.env.invalidate_all()
        for record in (move, move.commercial_partner_id):
            model = record.with_user(self.clerk())
            with self.subTest(model=model._name):
                self.assertEqual(model.octopus_follow_up_held, held)
                for value in (True, False):
                    domain = [
                        ("id", "=", record.id),
                        ("octopus_follow_up_held", "=", value),
                    ]
                    found = model.search(domain)
                    self.assertEqual(bool(found), held is value, domain)

    def clerk(self):
        """Somebody who sends reminders, without rights on Octopus."""
        users = self.env["res.users"]
        return users.search([("login", "=", "clerk")]) or new_test_user(
            self.env,
            "clerk",
            groups="account.group_account_invoice,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def test_z15_held_while_the_answer_is_older_than_the_limit(self):
        self.answered()
        self.assert_held(True)
        self.answered(hours=25)
        self.assert_held(True)
        self.answered(hours=23)
        self.assert_held(False)
        self.company.octopus_follow_up_hours = 12
        self.assert_held(True)
        self.answered(hours=11)
        self.assert_held(False)

    def test_z15_never_held_without_a_limit_or_payments_in_octopus(self):
        self.answered(days=9)
        self.company.octopus_follow_up_hours = 0
        self.assert_held(False)
        self.company.octopus_follow_up_hours = 24
        self.company.octopus_payment_owner = "none"
        self.assert_held(False)

    def test_z15_what_is_not_booked_or_not_open_is_not_held(self):
        self.answered(days=9)
        self.assert_held(False, self.document(partner_id=self.partner_b.id))
        bill = self.booked("in_invoice", partner_id=self.partner_b.id)
        self.assert_held(False, bill.move_id)
        self.receive((self.booking, 121))
        self.pull()
        self.assertEqual(self.move.payment_state, "paid")
        self.answered(days=9)
        self.assert_held(False)

    def test_z15_held_while_a_match_waits_for_a_person(self):
        """A payment was read and is not accepted yet: a reminder would be wrong."""
        self.receive((self.booking, 121))
        self.company.octopus_payment_limit = 0
        self.pull()
        self.assertTrue(self.plan())
        self.assertEqual(self.move.payment_state, "not_paid")
        self.answered(hours=1)
        self.assert_held(True)
        self.plan().action_accept()
        self.assertEqual(self.move.payment_state, "paid")
        self.assert_held(False)

    def test_z15_held_while_octopus_says_paid_though_a_person_dropped_it(self):
        """Octopus has it as paid: who reminds the customer would be wrong."""
        line = self.receive((self.booking, 121))
        self.company.octopus_payment_limit = 0
        self.pull()
        self.plan().action_drop()
        self.pull()
        self.assertFalse(self.questions())
        self.answered(hours=1)
        self.assert_held(True)
        self.unmatch(self.booking, line)
        self.pull()
        self.assertEqual(self.move.payment_state, "not_paid")
        self.assert_held(False)

    def test_z15_held_though_a_person_left_it_as_it_is(self):
        """Until it is paid here, too."""
        self.act(
            "write_off",
            key=self.key(self.booking),
            account=657000,
            date=str(self.today),
        )
        self.pull()
        self.questions(self.booking)._ignore("We ask the accountant")
        self.answered(hours=1)
        self.assert_held(True)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.move.ids
        )
        wizard.create({})._create_payments()
        self.assert_held(False)

    def test_z15_checked_now_it_is_free(self):
        """The button on the contact, and on a selection of contacts."""
        self.answered(days=9)
        self.assert_held(True)
        self.partner.action_octopus_check_payments()
        self.assert_held(False)
        self.answered(days=9)
        action = self.env.ref("octopus_connector.action_partner_check_payments")
        self.assertEqual(action.binding_model_id.model, "res.partner")
        action.with_context(
            active_model="res.partner", active_ids=(self.partner | self.partner_b).ids
        ).run()
        self.assert_held(False)

    def test_z15_of_a_branch_the_settings_that_hold_there_count(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        self.answered(hours=25)
        settings = self.env["octopus.settings"].with_company(branch).create({})
        self.assertEqual(settings.octopus_follow_up_hours, 24)
        self.assert_held(True)

    def test_z15_many_documents_take_as_many_queries_as_one(self):
        moves = self.move
        for _number in range(4):
            moves |= self.booked().move_id
        self.answered(days=9)
        counts = []
        for some in (self.move, moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(some.mapped("octopus_follow_up_held")), {True})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])


class TestNoFollowUp(PaymentsCase):
    """Odoo's own tick, which its reminders heed, follows (Z.15)."""

    def setUp(self):
        super().setUp()
        self.move = self.booked().move_id
        self.other = self.booked().move_id

    def watched(self, ago):
        """Let the answer on payments be that old, and the watchdog look."""
        self.dossier.sudo().payments_read_at = fields.Datetime.now() - ago
        self.env.flush_all()
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        self.env.invalidate_all()

    def ticked(self, *moves):
        return [move.no_followup for move in moves or (self.move, self.other)]

    def test_z15_no_follow_up_is_ticked_while_held(self):
        self.watched(timedelta(hours=1))
        self.assertEqual(self.ticked(), [False, False])
        self.watched(timedelta(hours=30))
        self.assertEqual(self.ticked(), [True, True])
        copy = self.move.copy()
        copy.action_post()
        self.assertEqual(self.ticked(copy), [False])
        self.watched(timedelta(hours=1))
        self.assertEqual(self.ticked(), [False, False])

    def test_z15_what_a_person_ticks_or_unticks_stays(self):
        self.move.no_followup = True
        self.watched(timedelta(hours=30))
        self.other.no_followup = False
        self.watched(timedelta(hours=30))
        self.assertEqual(self.ticked(), [True, False], "unticked by hand")
        self.watched(timedelta(hours=1))
        self.assertEqual(self.ticked(), [True, False], "ticked by hand")

    def test_z15_locked_or_paid_documents_are_let_go(self):
        self.watched(timedelta(hours=30))
        self.company.sale_lock_date = fields.Date.today()
        self.watched(timedelta(hours=1))
        self.assertEqual(self.ticked(), [False, False])

    def test_z15_no_tick_stays_when_the_addon_goes(self):
        self.watched(timedelta(hours=30))
        release_all(self.env)
        self.assertEqual(self.ticked(), [False, False])

    def test_z15_both_sides_need_no_new_look_for_a_tick(self):
        both = BothSides(self.dossier)
        while both.update()[1]:
            pass
        self.watched(timedelta(hours=30))
        self.assertEqual(self.ticked(), [True, True])
        self.assertEqual(both.update(), (0, 0))
