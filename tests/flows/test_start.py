"""No switch sends a backlog (X.80); from when documents go (F.3), and after what (F.5);
by themselves for each branch (B.3)."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.octopus_connector.prepare.start import default_start

from .outbox_case import OutboxCase


class StartCase(OutboxCase):
    def dialog(self, company=None, **answers):
        """Return the dialog about the start, answered."""
        action = (company or self.company).action_octopus_start()
        dialog = self.env["octopus.start"].browse(action["res_id"])
        dialog.write(answers)
        return dialog

    def apply(self, company=None, **answers):
        self.dialog(company, **answers).action_apply()
        self.env.flush_all()

    def started(self):
        """Book a first document, so that others may go by themselves."""
        self.assert_booked(self.send(self.document()))

    def age(self, *moves):
        """Let documents have been made, and confirmed, the day before."""
        moves = self.env["account.move"].union(*moves)
        self.env.flush_all()
        for column in ("create_date", "octopus_confirmed_at"):
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET %(at)s = %(at)s - interval '1 day'"
                    " WHERE id IN %(moves)s",
                    at=SQL.identifier(column),
                    moves=tuple(moves.ids),
                )
            )
        moves.invalidate_recordset()

    def forget_rows(self, *moves):
        """Let documents have no row, as before the link."""
        moves = self.env["account.move"].union(*moves)
        moves.octopus_booking_ids.sudo().unlink()


class TestNoFlood(StartCase):
    def test_x80_switching_on_sends_nothing_of_before(self):
        """Whichever way the switch is written: documents with a row and without."""
        self.started()
        waiting, without = self.document(), self.document()
        self.forget_rows(without)
        self.age(waiting, without)
        self.dossier.automatic = True
        self.push()
        for move in (waiting, without):
            self.assertEqual(self.row(move).state, "ready")
            self.assertFalse(self.row(move).queued)
        new = self.document()
        self.push()
        self.assert_booked(self.row(new))

    def test_x80_the_dialog_counts_and_names_the_period(self):
        self.started()
        first = self.today.replace(day=1) - timedelta(days=40)
        self.document(invoice_date=first)
        self.forget_rows(self.document())
        dialog = self.dialog(start_date=first)
        self.assertEqual(dialog.backlog_count, 2)
        self.assertIn(f"{first:%m/%Y}", dialog.backlog_text)
        self.assertIn(f"{self.today:%m/%Y}", dialog.backlog_text)
        dialog.start_date = self.today
        self.assertEqual(dialog.backlog_count, 1)
        # One month is named once.
        self.assertEqual(dialog.backlog_text.count(f"{self.today:%m/%Y}"), 1)

    def test_x80_what_is_left_stays(self):
        self.started()
        left = self.document()
        self.apply(mode="automatic", start_date=self.today, backlog="leave")
        self.push()
        self.assertFalse(self.row(left).queued)
        self.assertTrue(self.dossier.automatic)

    def test_x80_what_is_to_be_sent_goes(self):
        self.started()
        waiting, without = self.document(), self.document()
        self.forget_rows(without)
        self.age(without)
        self.apply(mode="automatic", start_date=self.today, backlog="send")
        self.push()
        for move in (waiting, without):
            self.assert_booked(self.row(move))

    def test_x80_an_earlier_start_sends_nothing_by_itself(self):
        self.started()
        self.company.octopus_start_date = self.today
        self.dossier.automatic = True
        earlier = self.document(invoice_date=self.today.replace(day=1) - timedelta(40))
        self.age(earlier)
        self.assertFalse(self.row(earlier))
        self.company.octopus_start_date = earlier.date
        self.push()
        self.assertFalse(self.row(earlier).queued)

    def test_x80_receipts_of_before_stay_when_they_may_go(self):
        self.started()
        self.dossier.automatic = True
        receipt = self.document("out_receipt")
        self.assertFalse(self.row(receipt))
        self.age(receipt)
        self.company.octopus_receipts = "go"
        self.push()
        self.assertFalse(self.row(receipt).queued)

    def test_x80_a_database_of_before_goes_on_as_it_did(self):
        """Without the moment that is kept now, documents without a row go by
        themselves, and no start date is made up."""
        self.started()
        self.dossier.automatic = True
        self.company.sudo().octopus_automatic_since = False
        self.assertFalse(self.company.octopus_start_date)
        old = self.document()
        self.forget_rows(old)
        self.age(old)
        self.push()
        self.assert_booked(self.row(old))

    def test_f5_nothing_goes_by_itself_before_a_first_document(self):
        with self.assertRaisesRegex(ValidationError, "by hand first"):
            self.apply(mode="automatic", start_date=self.today)

    def test_z12_the_end_of_shadow_mode_asks(self):
        """What was asked for goes or stays, as is answered; so does the rest."""
        self.started()
        self.apply(mode="shadow", start_date=self.today)
        asked, other = self.document(), self.document()
        self.queue(asked)
        self.push()
        dialog = self.dialog()
        self.assertEqual((dialog.mode, dialog.asked_count), ("shadow", 1))
        self.assertEqual(dialog.backlog_count, 1)
        self.apply(mode="hand", asked="leave")
        self.push()
        self.assertFalse(self.row(asked).queued)
        self.apply(mode="shadow")
        self.queue(asked)
        self.apply(mode="hand", asked="send")
        self.push()
        self.assert_booked(self.row(asked))
        self.assertEqual(self.row(other).state, "ready")


class TestStartDate(StartCase):
    def test_f3_the_default_is_the_open_vat_return_or_today(self):
        self.dossier.vat_return = False
        self.assertEqual(default_start(self.dossier), self.today)
        self.dossier.vat_return = "quarter"
        start = default_start(self.dossier)
        self.assertEqual((start.day, start.month % 3), (1, 1))
        self.assertLess(start, self.today + timedelta(days=1))

    def test_f3_a_link_demands_a_date(self):
        self.company.octopus_dossier_id = False
        values = {"octopus_dossier_id": self.dossier.id, "octopus_start_date": False}
        with self.assertRaisesRegex(UserError, "from which date"):
            self.company.octopus_write_settings(values)
        self.company.octopus_start_date = self.today
        with self.assertRaisesRegex(UserError, "from which date"):
            self.company.octopus_write_settings({"octopus_start_date": False})

    def test_f3_other_settings_of_a_database_without_date_are_saved(self):
        self.assertFalse(self.company.octopus_start_date)
        self.company.octopus_write_settings({"octopus_group_by_vat": True})
        self.assertTrue(self.company.octopus_group_by_vat)
        self.assertFalse(self.company.octopus_start_date)


class TestBranches(StartCase):
    def test_b3_a_branch_goes_by_itself_and_its_company_does_not(self):
        self.started()
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        branch.octopus_separate_settings = True
        branch.octopus_start_date = self.company.octopus_start_date = self.today
        self.assertEqual(branch.octopus_dossier_id, self.dossier)
        self.apply(branch, mode="automatic")
        self.assertTrue(branch.octopus_is_automatic())
        self.assertFalse(self.company.octopus_is_automatic())
        self.assertFalse(self.row(self.document()).queued)
        self.apply(mode="automatic")
        self.assertTrue(self.row(self.document()).queued)
        self.apply(branch, mode="hand")
        self.assertTrue(self.company.octopus_is_automatic())
        self.assertFalse(branch.octopus_is_automatic())
        self.apply(mode="hand")
        self.assertFalse(self.dossier.automatic)
        self.assertEqual(fields.Date.today(), self.today)
