"""What the start of sending says that goes, and what goes (X.80, Z.12): no more, no
less, of documents and of payments, of whichever company."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.send.start import begin_shadow, end_shadow

from .remittance_case import RemittanceCase
from .test_start import StartCase


class TestBeforeTheStart(StartCase):
    def setUp(self):
        super().setUp()
        self.started()
        self.day = self.today.replace(day=1) - timedelta(days=1)
        self.early = self.document(invoice_date=self.day)
        self.late = self.document()

    def test_x80_what_is_before_the_start_stays_whatever_is_answered(self):
        """It has a row, of a time when the company had no start."""
        self.assertFalse(self.row(self.early).queued)
        dialog = self.dialog(start_date=self.today, mode="hand", backlog="send")
        self.assertEqual(dialog.backlog_count, 1)
        dialog.action_apply()
        self.push()
        self.assertFalse(self.row(self.early).queued)
        self.assertEqual(self.row(self.early).state, "ready")
        self.assert_booked(self.row(self.late))

    def test_x80_what_once_went_by_itself_stops_at_a_later_start(self):
        """Nobody asked for it: it waits, and is counted when the start is earlier."""
        row = self.row(self.early).sudo()
        row.queue()
        self.company.octopus_start_date = self.today
        self.push()
        self.assert_held(row, "blocked", "before_start_date")
        self.assertFalse(row.queued)
        self.company.octopus_start_date = self.day
        self.push()
        self.assertFalse(self.copies(self.early))
        self.assertEqual(self.dialog().backlog_count, 2)
        self.apply(mode="hand", backlog="send")
        self.push()
        self.assert_booked(row)

    def test_x80_what_a_person_asked_for_goes_all_the_same(self):
        row = self.queue(self.early)
        self.company.octopus_start_date = self.today
        self.push()
        self.assert_booked(row)

    def test_z12_shadow_mode_shows_that_it_stays(self):
        self.company.octopus_start_date = self.today
        begin_shadow(self.dossier.sudo())
        self.push()
        row = self.row(self.early)
        self.assertEqual((row.state, row.cause), ("blocked", "before_start_date"))
        self.assertFalse(row.foreseen)
        self.assertTrue(self.row(self.late).foreseen)

    def test_x80_what_is_after_the_end_is_not_counted(self):
        self.company.sudo().octopus_end_date = self.today
        self.forget_rows(self.late)
        dialog = self.dialog(start_date=self.day)
        self.assertEqual(dialog.backlog_count, 1)

    def test_a_company_without_dossier_is_told(self):
        self.company.sudo().octopus_dossier_id = False
        with self.assertRaisesRegex(UserError, "linked to an Octopus dossier"):
            self.company.action_octopus_start()


class TestOtherCompanies(StartCase):
    def setUp(self):
        super().setUp()
        self.started()
        self.branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # gives the branch its accounts
        self.env.user.company_ids += self.branch
        self.branch.octopus_separate_settings = True
        (self.branch | self.company).octopus_start_date = self.today
        self.apply(mode="shadow")
        move = self.document(
            lines=[(100.0, self.env["account.tax"])], company_id=self.branch.id
        )
        self.queue(move)
        self.other = self.row(move)

    def test_z12_the_end_of_shadow_asks_for_all_companies_of_the_dossier(self):
        self.assertEqual(self.dialog().asked_count, 1)
        self.apply(mode="hand", asked="leave")
        self.assertFalse(self.dossier.shadow)
        self.push()
        self.assertFalse(self.other.queued)
        self.assertFalse(self.copies(self.other.move_id))

    def test_z12_what_is_to_go_goes_for_all_of_them(self):
        self.apply(mode="hand", asked="send")
        self.assertTrue(self.other.queued)

    def test_z12_nobody_decides_for_companies_of_others(self):
        user = new_test_user(
            self.env,
            "one company",
            groups="octopus_connector.group_manager,account.group_account_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        company = self.company.with_user(user).with_company(self.company)
        with self.assertRaises(AccessError):
            action = company.action_octopus_start()
            dialog = company.env["octopus.start"].browse(action["res_id"])
            dialog.mode = "hand"
            dialog.action_apply()
        self.assertTrue(self.dossier.shadow)


class TestPayments(RemittanceCase, StartCase):
    """Payments are counted, and follow what is answered."""

    def setUp(self):
        super().setUp()
        self.company.octopus_start_date = self.today - timedelta(days=40)
        self.invoice = self.booked()

    def payment_left(self):
        """A payment that nobody asked for."""
        payment = self.pay(self.invoice)
        self.dossier.automatic = False
        return payment

    def row_of(self, payment):
        return RemittanceCase.row(self, payment)

    def test_x80_a_payment_alone_is_counted_and_waits_for_the_answer(self):
        payment = self.payment_left()
        self.assertEqual(self.dialog().backlog_count, 1, "it has no row")
        self.push()
        self.assertFalse(self.row_of(payment).queued)
        dialog = self.dialog()
        self.assertEqual(dialog.backlog_count, 1)
        self.assertIn("payments", dialog.backlog_text)
        self.assertEqual(self.dialog(start_date=self.today).backlog_count, 1)
        tomorrow = self.today + timedelta(days=1)
        self.assertFalse(self.dialog(start_date=tomorrow).backlog_count)
        dialog.write({"mode": "hand", "backlog": "leave"})
        dialog.action_apply()
        self.push()
        self.assertEqual(self.row_of(payment).state, "ready")
        self.apply(mode="hand", backlog="send")
        self.push()
        self.assertEqual(self.row_of(payment).state, "booked")

    def test_x80_a_payment_without_a_row_goes_when_it_is_to(self):
        payment = self.payment_left()
        self.assertFalse(self.row_of(payment))
        self.apply(mode="hand", backlog="send")
        self.push()
        self.assertEqual(self.row_of(payment).state, "booked")

    def test_z12_a_payment_alone_asks_at_the_end_of_shadow_mode(self):
        begin_shadow(self.dossier.sudo())
        payment = self.pay(self.invoice)
        self.push()
        self.assertTrue(self.row_of(payment).queued)
        self.assertEqual(self.dialog().asked_count, 1)
        self.apply(mode="hand", asked="leave")
        self.push()
        self.assertFalse(self.row_of(payment).queued)

    def test_z12_what_is_left_corrects_what_octopus_has_all_the_same(self):
        """A payment that Octopus has is taken back in Odoo during shadow mode."""
        payment = self.pay(self.invoice)
        self.push()
        row = self.row_of(payment)
        self.assertEqual(row.state, "booked")
        begin_shadow(self.dossier.sudo())
        payment.action_draft()
        self.push()
        self.assertEqual(row.state, "reversing")
        self.assertTrue(row.reversal_ids.queued)
        self.assertFalse(self.dialog().asked_count, "it goes whatever is answered")
        self.apply(mode="hand", asked="leave")
        self.assertTrue(row.reversal_ids.queued)
        self.push()
        self.assertEqual(row.state, "reversed")

    def test_z12_to_foresee_writes_on_no_row(self):
        """A booking the other way that is needless stays as it is until it would go."""
        payment = self.pay(self.invoice)
        self.push()
        row = self.row_of(payment)
        begin_shadow(self.dossier.sudo())
        payment.action_draft()
        self.push()
        back = row.reversal_ids.sudo()
        row.sudo().state = "gone"
        self.assertFalse(back.octopus_kind().foresee(back))
        self.assertEqual((back.state, back.queued), ("ready", True))
        row.sudo().state = "reversing"
        end_shadow(self.dossier.sudo())
        self.push()

    def test_x80_what_octopus_had_is_there_again_after_it_was_changed(self):
        """Whenever it was made: what stood there was asked for."""
        payment = self.pay(self.invoice)
        self.push()
        row = self.row_of(payment)
        payment.action_draft()
        self.written_later(payment.move_id)
        self.push()
        self.assertEqual(row.state, "reversed")
        payment.amount = 60.0
        payment.action_post()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET create_date = create_date - interval '9 days',"
            " octopus_confirmed_at = octopus_confirmed_at - interval '9 days'"
            " WHERE id = %s",
            [payment.move_id.id],
        )
        self.env.invalidate_all()
        self.company.sudo().octopus_automatic_since = self.today - timedelta(days=2)
        self.push()
        self.assertEqual(self.row_of(payment).state, "booked")
