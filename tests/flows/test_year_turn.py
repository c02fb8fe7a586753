"""The turn of the year (Z.9, X.7)."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.core.check_lines import (
    ACCOUNTANT,
    CHECKS,
    DONE,
    LATER,
    OPEN,
    UNKNOWN,
)
from odoo.addons.octopus_connector.core.year_turn_lines import TURN_CHECKS
from odoo.addons.octopus_connector.prepare.year_turn import turn_of
from odoo.addons.octopus_connector.prepare.year_turn_list import YearTurnList

from octopus_sandbox.state.bookyear import Bookyear

from ..common import OctopusCase
from .payments_case import PaymentsCase

MAKE_YEAR = "insertBookyear"
FINDINGS = (
    "next_bookyear_missing",
    "next_bookyear_closed",
    "next_bookyear_journals",
    "next_bookyear_accounts",
)


def forget_year(dossier, number):
    """Let a dossier of the sandbox never have had a bookyear."""
    for kept in (
        dossier.journals,
        dossier.accounts,
        dossier.feeds.journals.changes,
        dossier.feeds.accounts.changes,
    ):
        for place in [place for place in kept if place[0] == number]:
            del kept[place]
    del dossier.bookyears[number]


def end_on(dossier, day):
    """Let the last bookyear of a dossier of the sandbox end on a day near today."""
    forget_year(dossier, 3)
    start = day - timedelta(days=190)
    dossier.bookyears[2] = Bookyear(2, dossier.bookyears[2].names, start, day)
    dossier.bookyears[1].end = start - timedelta(days=1)
    dossier.bookyears[1].start = start - timedelta(days=300)


class YearTurnCase(OctopusCase):
    def setUp(self):
        super().setUp()
        today = fields.Date.today()
        years = self.dossier.bookyear_ids.sorted("date_start")
        self.this = years.filtered(lambda row: row.date_start <= today <= row.date_end)
        self.coming = years.filtered(lambda row: row.date_start > self.this.date_end)

    def in_december(self):
        return freeze_time(self.this.date_end - timedelta(days=20))

    def lines(self):
        self.env.invalidate_all()
        found = YearTurnList(self.dossier).lines(self.dossier)
        return {(line.code, line.key): line.state for line in found}

    def state(self, code, key=""):
        return self.lines().get((code, key))

    def findings(self):
        self.env.invalidate_all()
        found = self.env["octopus.watchdog"].findings(self.dossier)
        return {row.code: row.params for row in found if row.code in FINDINGS}

    def without_coming(self):
        """The next bookyear is in neither place."""
        forget_year(self.books.dossier, self.coming.octopus_id)
        self.coming.sudo().unlink()

    def lose_journal(self, journal):
        rows = journal.sudo().year_ids
        rows.filtered(lambda row: row.bookyear_id == self.coming).active = False


class TestTurn(YearTurnCase):
    def test_z9_from_mid_november_until_the_end_of_february(self):
        """Z.9: also for bookyears that are no calendar years, by their own end."""
        end = self.this.date_end
        asked = {
            end - timedelta(days=47): False,
            end - timedelta(days=46): True,
            end: True,
            end + timedelta(days=1): True,
            fields.Date.add(end, months=2): True,
            fields.Date.add(end, months=2, days=1): False,
        }
        for day, now in asked.items():
            turn = turn_of(self.dossier, day)
            self.assertEqual(turn.now, now, day)
            if now:
                self.assertEqual((turn.ending, turn.coming), (self.this, self.coming))
        self.assertEqual((asked[end], end.month, end.day), (True, 12, 31))
        self.assertEqual((turn_of(self.dossier, end).opens.month), 11)
        self.assertEqual((turn_of(self.dossier, end).opens.day), 15)

    def test_z9_a_bookyear_until_june(self):
        """Z.9: from mid-May until the end of August, with or without the next one."""
        half = self.this.date_start.replace(month=6, day=30)
        self.this.sudo().date_end = half
        self.coming.sudo().date_start = half + timedelta(days=1)
        for month, now in ((4, False), (6, True), (8, True), (10, False)):
            day = half.replace(month=month, day=15)
            self.assertEqual(turn_of(self.dossier, day).now, now, month)
        self.coming.sudo().unlink()
        turn = turn_of(self.dossier, half + timedelta(days=20))
        self.assertTrue(turn.now)
        self.assertEqual((turn.ending, bool(turn.coming)), (self.this, False))

    def test_z9_all_is_there_is_one_green_line(self):
        with self.in_december():
            self.assertFalse(
                {key for key, state in self.lines().items() if state == OPEN}
            )
            self.assertEqual(self.state("turn_bookyear_there"), DONE)
            self.assertEqual(self.state("turn_accounts_there"), DONE)
            used = self.company.octopus_journals_used()
            self.assertTrue(used)
            for journal in used:
                self.assertEqual(self.state("turn_journal_there", journal.key), DONE)
            self.assertEqual(self.dossier.year_turn_state, "done")
            self.assertIn(self.coming.name, self.dossier.year_turn_title)
            self.assertEqual(self.findings(), {})

    def test_z9_out_of_season_it_asks_for_nothing(self):
        self.coming.sudo().unlink()
        with freeze_time(self.this.date_end - timedelta(days=90)):
            self.assertEqual(self.lines(), {("turn_not_yet", ""): LATER})
            self.assertEqual(self.dossier.year_turn_state, "later")
            self.assertEqual(self.findings(), {})

    def test_z9_the_last_numbers_are_told(self):
        row = self.this.journal_year_ids.filtered(lambda it: it.journal_id.key == "V1")
        row.sudo().last_number = 74
        with self.in_december():
            self.assertEqual(self.state("turn_numbers"), DONE)
            self.assertIn("V1 74", self.dossier.year_turn_html)

    def test_x7_the_bookyear_is_missing_or_closed(self):
        self.coming.sudo().closed = True
        with self.in_december():
            self.assertEqual(self.state("turn_bookyear_closed"), OPEN)
            self.assertIn("next_bookyear_closed", self.findings())
        self.coming.sudo().unlink()
        with self.in_december():
            self.assertEqual(self.state("turn_bookyear_missing"), OPEN)
            self.assertEqual([*self.findings()], ["next_bookyear_missing"])
            self.assertEqual(self.dossier.year_turn_state, "todo")
        with freeze_time(self.this.date_end + timedelta(days=20)):
            self.assertEqual(self.state("turn_bookyear_missing"), OPEN)
            self.assertEqual([*self.findings()], ["next_bookyear_missing"])

    def test_x7_journals_of_settings_overrides_and_banks(self):
        """X.7, Z.9: each journal that something goes to, also of a branch."""
        keys = {row.key: row for row in self.dossier.journal_ids}
        mappings = self.env["octopus.journal.mapping"]
        branch = self.branch()
        bank = self.env["account.journal"].create(
            {"name": "Bank", "code": "BNKX", "type": "bank", "company_id": branch.id}
        )
        sales = self.env["account.journal"].create(
            {"name": "Shop", "code": "SHOP", "type": "sale"}
        )
        for journal, company, values in (
            (bank, branch, {"octopus_journal_id": keys["F2"].id}),
            (sales, self.company, {"octopus_refund_journal_id": keys["V2"].id}),
        ):
            mappings.create(
                {
                    "company_id": company.id,
                    "dossier_id": self.dossier.id,
                    "journal_id": journal.id,
                    **values,
                }
            )
        for key in ("V1", "V2", "F2"):
            self.lose_journal(keys[key])
        with self.in_december():
            self.assertEqual(self.state("turn_journal_missing", "V1"), OPEN)
            self.assertEqual(self.state("turn_journal_missing", "V2"), OPEN)
            self.assertEqual(self.state("turn_journal_missing", "F2"), OPEN)
            told = self.findings()["next_bookyear_journals"]["journals"]
            self.assertEqual(told, ["F2", "V1", "V2"])
            self.company.octopus_out_refund_goes = False
            self.assertIsNone(self.state("turn_journal_missing", "V2"))

    def branch(self):
        """A branch with separate settings that books in the same dossier."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        branch.octopus_separate_settings = True
        branch.sudo().write(
            {"octopus_dossier_id": self.dossier.id, "octopus_enabled": True}
        )
        return branch

    def test_c11_another_journal_in_the_bookyear_takes_its_place(self):
        """C.11, X.7: the one that is chosen for that bookyear is looked for."""
        keys = {row.key: row for row in self.dossier.journal_ids}
        self.lose_journal(keys["V1"])
        self.env["octopus.bookyear.journal"].create(
            {
                "bookyear_id": self.coming.id,
                "journal_id": keys["V1"].id,
                "other_id": keys["V2"].id,
            }
        )
        with self.in_december():
            self.assertIsNone(self.state("turn_journal_missing", "V1"))
            self.assertEqual(self.state("turn_journal_there", "V2"), DONE)
            self.lose_journal(keys["V2"])
            self.assertEqual(self.state("turn_journal_missing", "V2"), OPEN)

    def test_x7_accounts_of_settings_and_mappings(self):
        mapped = self.env["octopus.account.mapping"].search(
            [("state", "=", "accepted")], limit=1
        )
        account = self.dossier.account_ids.filtered(lambda row: row.number == 653000)
        account = account or (self.dossier.account_ids - mapped.octopus_account_id)[:1]
        account.sudo().bookyear_ids -= self.coming
        with self.in_december():
            self.assertIsNone(self.state("turn_accounts_missing"))
            self.company.octopus_suspense_account_id = account
            self.assertEqual(self.state("turn_accounts_missing"), OPEN)
            mapped.octopus_account_id.sudo().bookyear_ids -= self.coming
            told = self.findings()["next_bookyear_accounts"]
            self.assertEqual(told["count"], 2)
            self.assertIn(str(account.number), self.dossier.year_turn_html)

    def test_x7_accounts_that_were_not_read_tell_nothing(self):
        self.coming.sudo().account_ids = False
        with self.in_december():
            self.assertEqual(self.state("turn_accounts_unread"), UNKNOWN)
            self.assertNotIn("next_bookyear_accounts", self.findings())
            self.assertEqual(self.dossier.year_turn_state, "done")

    def test_z9_one_activity_that_closes_itself(self):
        """Z.9, Z.18: told once, gone when the accountant made it."""
        self.refresh()
        cron = self.env.ref("octopus_connector.cron_watch")
        journal = self.company.octopus_out_invoice_journal_id
        self.lose_journal(journal)
        with self.in_december():
            watchdog = self.env["octopus.watchdog"]
            for dossier in (self.dossier, self.dossier):
                watchdog.with_user(cron.user_id).watch(dossier.sudo())
            [activity] = self.dossier.activity_ids.filtered(
                lambda row: journal.key in row.note
            )
            self.assertIn("/odoo/octopus-year-turn", activity.note)
            rows = journal.sudo().with_context(active_test=False).year_ids
            rows.active = True
            self.env.invalidate_all()
            watchdog.with_user(cron.user_id).watch(self.dossier.sudo())
            told = self.dossier.activity_ids.filtered(
                lambda row: journal.key in (row.note or "")
            )
            self.assertFalse(told)

    def test_z9_many_dossiers_take_as_many_queries_as_one(self):
        dossiers = self.dossier | self.dossier_of(71002) | self.dossier_of(71003)
        with self.in_december():
            counts = []
            for some in (self.dossier, dossiers):
                self.env.invalidate_all()
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                some.read(["year_turn_html", "year_turn_title"])
                counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 3, counts)

    def test_l5_each_line_says_who_does_what_where(self):
        values = dict.fromkeys(
            "ending end_date from_date bookyear start_date date journal number numbers"
            " count accounts seen_at payments_at bookings_at".split(),
            "x",
        )
        self.assertFalse(CHECKS.keys() & TURN_CHECKS.keys())
        for code, kind in TURN_CHECKS.items():
            with self.subTest(code=code):
                self.assertTrue(kind.text % values)
                self.assertEqual(bool(kind.who), bool(kind.fix % values))
                if kind.who == ACCOUNTANT:
                    self.assertIn("Management >", kind.fix)


class TestOpenItems(YearTurnCase):
    """What is left of the bookyear that ends."""

    def setUp(self):
        super().setUp()
        self.invoice = self.document(invoice_date=self.this.date_start)
        self.company.octopus_attachment_policy = "none"

    def booked(self):
        self.invoice.action_octopus_send()
        row = self.invoice.octopus_booking_ids
        self.assertEqual(row.state, "booked", row.findings)
        return row

    def test_z9_documents_that_are_not_sent_are_counted(self):
        with self.in_december():
            self.assertEqual(self.state("turn_documents_left"), LATER)
            self.assertEqual(self.dossier.year_turn_state, "done")
        self.booked()
        with self.in_december():
            self.assertEqual(self.state("turn_documents_sent"), DONE)

    def test_z9_unknown_is_said_as_unknown(self):
        """Z.9: the contract tells nothing of carrying over."""
        with self.in_december():
            self.assertEqual(self.state("turn_open_items_none"), DONE)
        self.booked()
        with self.in_december():
            self.assertEqual(self.state("turn_open_items_untold"), UNKNOWN)
            self.assertIn("Not known", self.dossier.year_turn_html)

    def test_z9_what_the_list_of_open_items_showed(self):
        """Z.9, X.33: a list that has them is said, one that leaves them out is asked
        about; before the new bookyear neither says anything."""
        row = self.booked()
        january = self.coming.date_start + timedelta(days=10)
        self.dossier.sudo().open_items_at = self.this.date_end
        self.coming.flush_recordset()
        self.env.cr.execute(
            "UPDATE octopus_bookyear SET create_date = %s WHERE id = %s",
            (self.this.date_start, self.coming.id),
        )
        with freeze_time(january):
            self.assertEqual(self.state("turn_open_items_untold"), UNKNOWN)
            self.dossier.sudo().open_items_at = january
            self.assertEqual(self.state("turn_open_items_listed"), DONE)
            self.env["octopus.payment.question"].sudo().create(
                {
                    "dossier_id": self.dossier.id,
                    "company_id": row.company_id.id,
                    "key": "report:client",
                    "kind": "notice",
                    "code": "open_items_empty",
                }
            )
            self.assertEqual(self.state("turn_open_items_left_out"), OPEN)
            self.assertEqual(self.dossier.year_turn_state, "todo")


class TestMakeYear(YearTurnCase):
    def dialog(self, action, **answers):
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.write(answers)
        return dialog

    def test_z9_the_bookyear_is_made_from_the_page(self):
        self.without_coming()
        with freeze_time(self.this.date_end - timedelta(days=20)):
            self.assertTrue(self.dossier.can_make_year)
            action = self.dossier.action_turn_new_bookyear()
            self.env.invalidate_all()
        dialog = self.dialog(action)
        self.assertEqual(
            dialog.date_start, self.this.date_end + timedelta(days=1), "it follows"
        )
        with self.failing(UserError):
            dialog.action_make()
        self.assertFalse(self.calls(MAKE_YEAR))
        dialog.agreed = True
        answer = dialog.action_make()
        self.assertEqual(answer, {"type": "ir.actions.act_window_close"})
        self.assertEqual(len(self.calls(MAKE_YEAR)), 1)
        with freeze_time(self.this.date_end - timedelta(days=20)):
            self.assertEqual(self.state("turn_bookyear_there"), DONE)
            self.assertFalse(self.dossier.can_make_year)

    def test_z9_a_journal_is_made_as_it_was(self):
        """Z.9: the same key in the next bookyear."""
        place = self.coming.octopus_id, "V1"
        del self.books.dossier.journals[place]
        self.lose_journal(self.company.octopus_out_invoice_journal_id)
        with self.in_december():
            self.assertTrue(self.dossier.can_make_year_journal)
            action = self.dossier.action_turn_new_journal()
        dialog = self.dialog(action, agreed=True)
        self.assertEqual((dialog.key, dialog.bookyear_id), ("V1", self.coming))
        dialog.action_make()
        self.assertIn(place, self.books.dossier.journals)
        with self.in_december():
            self.assertEqual(self.state("turn_journal_there", "V1"), DONE)
            self.assertFalse(self.dossier.can_make_year_journal)
            with self.assertRaises(UserError):
                self.dossier.action_turn_new_journal()

    def test_z9_a_journal_of_a_bank_is_made_as_it_was(self):
        """Z.9, B.9: with its ledger account and IBAN."""
        place = self.coming.octopus_id, "F1"
        before = self.books.dossier.journals.pop(place)
        bank = self.dossier.journal_ids.filtered(lambda row: row.key == "F1")
        mapping = self.env["octopus.journal.mapping"]
        journal = self.company_data["default_journal_bank"]
        mapping.search([("journal_id", "=", journal.id)]).unlink()
        mapping.create(
            {
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "journal_id": journal.id,
                "octopus_journal_id": bank.id,
            }
        )
        self.lose_journal(bank)
        with self.in_december():
            self.assertTrue(self.dossier.can_make_year_journal)
            action = self.dossier.action_turn_new_journal()
        dialog = self.dialog(action, agreed=True)
        self.assertEqual((dialog.key, dialog.account_id.number), ("F1", before.account))
        dialog.action_make()
        made = self.books.dossier.journals[place]
        self.assertEqual((made.iban, made.account), (before.iban, before.account))
        with self.in_december():
            self.assertEqual(self.state("turn_journal_there", "F1"), DONE)

    def test_z9_who_may_not_make_it_sees_the_page(self):
        reader = new_test_user(
            self.env,
            "reader",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.coming.sudo().unlink()
        with self.in_december():
            dossier = self.dossier.with_user(reader)
            self.assertIn("turn_bookyear_missing", dossier.year_turn_html)
            for act in ("action_turn_new_bookyear", "action_turn_new_journal"):
                with self.assertRaises(AccessError):
                    getattr(dossier, act)()

    def test_z9_checked_again(self):
        self.without_coming()
        self.books.accountant.add_year()
        self.dossier.action_turn_check_again()
        self.assertEqual(len(self.dossier.bookyear_ids), 3)


class TestMakeYearSoap(YearTurnCase):
    transport = "soap"

    def test_z9_over_soap_nothing_is_made(self):
        self.coming.sudo().unlink()
        with self.in_december():
            self.assertEqual(self.state("turn_bookyear_missing"), OPEN)
            self.assertFalse(self.dossier.can_make_year)


class TestOldYearIsRead(PaymentsCase):
    """The bookyear ended and none follows: what happens in it still arrives."""

    def setUp(self):
        super().setUp()
        self.last_day = self.today - timedelta(days=10)
        end_on(self.books.dossier, self.last_day)
        self.refresh()
        years = self.dossier.bookyear_ids
        self.assertEqual(max(years.mapped("date_end")), self.last_day)

    def test_z9_payments_and_changes_of_the_old_year_arrive(self):
        paid, gone = (
            self.booked(invoice_date=self.last_day - timedelta(days=5)),
            self.booked(invoice_date=self.last_day - timedelta(days=5)),
        )
        self.receive((paid, 121), date=self.last_day)
        self.books.accountant.delete_last(2, "V1")
        self.pull()
        self.assertEqual(paid.move_id.payment_state, "paid")
        self.assertEqual(gone.state, "gone")

    def test_z9_open_items_of_the_old_year_are_compared(self):
        """Z.1, Z.9: over the old bookyear, once Octopus told today that none follows;
        else it is asked, as the next one may be there already."""
        self.booked(invoice_date=self.last_day - timedelta(days=5))
        self.pull()
        self.assertNotIn("open_items_bookyear", self.questions().mapped("code"))
        [call] = self.calls("getReportOpenClient")
        self.assertEqual(call.status, 200)
        self.assertTrue(self.dossier.open_items_at)
        self.dossier.sudo().write({"open_items_at": False, "parts_read_at": False})
        self.pull()
        self.assertIn("open_items_bookyear", self.questions().mapped("code"))
