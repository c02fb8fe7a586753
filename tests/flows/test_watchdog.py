"""Silence is a signal: what stays broken is told once (Z.18, X.44, X.45, C.3)."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user

from .outbox_case import OutboxCase
from .workers_case import WorkersCase


class TestWatchdog(OutboxCase):
    def setUp(self):
        super().setUp()
        self.cron = self.env.ref("octopus_connector.cron_watch")
        # A call that succeeded, a moment ago.
        self.refresh()

    def watch(self):
        self.run_cron(self.cron)
        return self.dossier.activity_ids

    def codes(self, passing=False):
        found = self.env["octopus.watchdog"].findings(self.dossier, passing)
        for finding in found:
            texts = self.env["octopus.finding"]._texts(finding.as_json())
            self.assertTrue(all(texts.values()), texts)
            self.assertNotIn("?", texts["title"] + texts["fix"])
        return [finding.code for finding in found]

    def age_calls(self, **duration):
        """Let the calls so far be older than they are."""
        self.env["octopus.call"].flush_model()
        self.env.cr.execute(
            "UPDATE octopus_call SET date = date - %s", [timedelta(**duration)]
        )
        self.env.invalidate_all()

    def test_z18_quiet_when_all_is_well(self):
        self.assertEqual(self.codes(passing=True), [])
        self.assertFalse(self.watch())
        self.assertFalse(self.dossier.stays_html)

    def test_z18_no_success_for_a_working_day_is_told_once(self):
        monday = datetime(2026, 11, 16, 12)
        self.env["octopus.call"].sudo().search([]).write({"date": monday})
        with freeze_time("2026-11-17 12:30:00"):
            self.assertNotIn("nothing_succeeded", self.codes())
        with freeze_time("2026-11-17 13:30:00"):
            self.assertIn("nothing_succeeded", self.codes())

    def test_z18_a_weekend_and_a_holiday_are_no_silence(self):
        friday = datetime(2026, 11, 20, 12)
        self.env["octopus.call"].sudo().search([]).write({"date": friday})
        with freeze_time("2026-11-23 12:30:00"):
            self.assertNotIn("nothing_succeeded", self.codes())
        with freeze_time("2026-11-23 13:30:00"):
            self.assertIn("nothing_succeeded", self.codes())
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Closed",
                    "calendar_id": self.company.resource_calendar_id.id,
                    "company_id": self.company.id,
                    "date_from": "2026-11-22 23:00:00",
                    "date_to": "2026-11-23 23:00:00",
                }
            )
            self.assertNotIn("nothing_succeeded", self.codes())

    def test_z18_one_activity_that_is_updated_and_goes_away(self):
        row = self.queue(self.document())
        self.set_journal("V1", closed=True)
        self.refresh()
        self.push()
        self.assert_held(row, "waiting", "journal_closed")
        self.assertFalse(self.watch(), "nobody is bothered before three days")
        row.sudo().waiting_since -= timedelta(days=4)
        [activity] = self.watch()
        self.assertIn("Documents that wait for more than 3 days: 1", activity.summary)
        self.assertEqual(activity.user_id, self.connection.responsible_id)
        self.dossier.pull_cron_id.active = False
        self.assertEqual(self.watch(), activity, "updated, not repeated")
        self.assertIn("switched off", activity.summary)
        self.assertIn("Documents that wait for more than 3 days: 1", activity.note)
        self.dossier.pull_cron_id.active = True
        self.set_journal("V1", closed=False)
        self.later(row)
        self.refresh()
        self.push()
        self.assert_booked(row)
        self.assertFalse(self.watch())

    def test_z18_an_unknown_answer_that_stays_is_told(self):
        row = self.queue(self.document())
        since = fields.Datetime.now() - timedelta(days=4)
        row.sudo().write({"state": "unknown", "waiting_since": since})
        self.assertIn("documents_wait", self.codes())
        self.dossier.watch_days = 5
        self.assertNotIn("documents_wait", self.codes())
        with self.assertRaises(ValidationError):
            self.dossier.watch_days = 0

    def test_z18_what_a_person_marked_as_done_comes_back_only_when_it_is_new(self):
        self.dossier.pull_cron_id.active = False
        self.watch().action_done()
        self.assertFalse(self.watch(), "no flood")
        self.dossier.pull_cron_id.active = True
        self.watch()
        self.dossier.pull_cron_id.active = False
        self.assertTrue(self.watch(), "it was mended in between")

    def test_x45_a_scheduler_that_does_not_run_shows_on_the_dossier(self):
        late = fields.Datetime.now() - timedelta(hours=3)
        self.dossier.push_cron_id.nextcall = late
        self.assertIn("scheduler_stopped", self.codes())
        user = new_test_user(self.env, "reader", groups="octopus_connector.group_user")
        html = self.dossier.with_user(user).stays_html
        self.assertIn('data-code="scheduler_stopped"', html)

    def test_x45_an_action_of_all_dossiers_that_stands_still_shows_and_leads_there(
        self,
    ):
        cron = self.env.ref("octopus_connector.cron_wake")
        late = fields.Datetime.now() - timedelta(hours=3)
        for values in (
            {"active": False},
            {"nextcall": late},
            {"first_failure_date": late, "failure_count": 9},
        ):
            before = {name: cron[name] for name in values}
            cron.write(values)
            with self.subTest(values):
                self.assertEqual(self.codes(), ["wake_missing"])
                [found] = self.env["octopus.watchdog"].findings(self.dossier)
                self.assertEqual((found.model, found.ids), (cron._name, (cron.id,)))
                self.assertIn("wake what is due", self.watch().note)
            cron.write(before)
        self.assertEqual(self.codes(), [])

    def test_x45_what_wakes_is_brought_forward(self):
        cron = self.env.ref("octopus_connector.cron_wake")
        now = fields.Datetime.now()
        for ahead, interval, mended in ((2, 1, True), (2, 4, False)):
            cron.write({"interval_number": interval, "interval_type": "days"})
            cron.nextcall = planned = now + timedelta(days=ahead)
            self.watch()
            with self.subTest(ahead=ahead, interval=interval):
                self.assertEqual(cron.nextcall != planned, mended)
                self.assertLessEqual(cron.nextcall, planned if not mended else now)

    def test_x44_a_banner_after_two_hours_tells_when_it_goes_on(self):
        row = self.queue(self.document())
        self.faults.add("status", status=503, count=50)
        self.push()
        self.assertEqual(row.cause, "service_down")
        self.assertNotIn("service_down_since", self.codes(passing=True))
        self.age_calls(hours=3)
        self.assertIn("service_down_since", self.codes(passing=True))
        self.assertNotIn("service_down_since", self.codes(), "nobody must act")
        self.faults.clear()
        self.later(row)
        self.push()
        self.assert_booked(row)
        self.assertNotIn("service_down_since", self.codes(passing=True))

    def test_x44_a_service_that_never_answered_is_told_as_well(self):
        self.env["octopus.call"].sudo().search([]).unlink()
        self.assertEqual(self.codes(passing=True), [])
        self.faults.add("status", status=503, count=50)
        self.queue(self.document())
        self.push()
        self.age_calls(hours=3)
        self.assertIn("service_down_since", self.codes(passing=True))

    def test_x45_a_copy_tells_that_it_is_one(self):
        self.connection.sudo().database_uuid = "another"
        self.assertEqual(self.codes(), ["copied_database"])
        [activity] = self.watch()
        self.assertIn("copy", activity.summary)
        self.assertEqual(len(self.watch()), 1)

    def test_c3_the_next_bookyear_is_asked_for_in_its_last_month(self):
        years = self.dossier.bookyear_ids.sorted("date_start")
        last = years[-1]
        with freeze_time(last.date_end - timedelta(days=60)):
            self.assertNotIn("next_bookyear_missing", self.codes())
        with freeze_time(last.date_end - timedelta(days=20)):
            self.assertIn("next_bookyear_missing", self.codes())

    def test_x7_what_the_next_bookyear_lacks_is_named(self):
        this, coming = self.turn_of_year()
        with freeze_time(this.date_end - timedelta(days=10)):
            self.assertNotIn("next_bookyear_journals", self.codes())
            journal = self.company.octopus_out_invoice_journal_id
            years = journal.sudo().year_ids
            years.filtered(lambda row: row.bookyear_id == coming).active = False
            mapped = self.env["octopus.account.mapping"].search(
                [("state", "=", "accepted")], limit=1
            )
            mapped.octopus_account_id.sudo().bookyear_ids -= coming
            found = self.env["octopus.watchdog"].findings(self.dossier)
            params = {finding.code: finding.params for finding in found}
            self.assertEqual(params["next_bookyear_journals"]["journals"], ["V1"])
            self.assertEqual(params["next_bookyear_accounts"]["count"], 1)

    def turn_of_year(self):
        """Return two bookyears that follow each other, both open."""
        years = self.dossier.bookyear_ids.sorted("date_start")
        for this, coming in zip(years, years[1:], strict=False):
            if coming.account_ids and not coming.closed:
                return this, coming
        self.fail("the demonstration has no two open bookyears")


class TestWatchdogAtOnce(WorkersCase):
    def test_z18_a_dossier_that_others_change_at_this_moment_is_looked_at_anew(self):
        with self.worker() as env:
            env["ir.cron"].browse(self.dossier.pull_cron_id.id).active = False
        with self.worker() as env:
            every = env["octopus.dossier"].sudo().search([])
            self.assertGreater(len(every), 1)
            with self.worker() as other:
                mine = other["octopus.dossier"].browse(self.dossier.id).sudo()
                mine.watch_days += 1
            env["octopus.watchdog"].sudo()._watch_each(every)
        with self.worker() as env:
            mine = env["octopus.dossier"].browse(self.dossier.id).sudo()
            self.assertIn("scheduled_action_off", mine.watched or [])
            self.assertEqual(len(mine.activity_ids), 1)
