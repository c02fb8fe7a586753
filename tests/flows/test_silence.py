"""Nothing stops in silence: each thing that should happen by itself is watched by
itself, somebody who can be reached is told, once (X.75, Z.18)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.prepare.responsible import responsible_of
from odoo.addons.octopus_connector.sync.watch.outboxes import not_sent_before_vat

from .outbox_case import OutboxCase
from .payments_case import PaymentsCase

MOMENTS = ("parts_read_at", "expected_since")
STEP = 6


class SilenceCase(OutboxCase, PaymentsCase):
    def setUp(self):
        super().setUp()
        self.sandbox.world.set_switches({"quota": "off"})

    def watch(self):
        self.run_cron(self.env.ref("octopus_connector.cron_watch"))
        return self.dossier.activity_ids

    def jump(self, **duration):
        """Let time go by: every moment that was written down moves into the past."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT table_name, array_agg(column_name::text)
              FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name LIKE 'octopus\\_%'
               AND data_type LIKE 'timestamp%' AND column_name <> 'read_at'
             GROUP BY table_name
            """
        )
        span = timedelta(**duration)
        for table, columns in self.env.cr.fetchall():
            sets = ", ".join(f"{name} = {name} - %(span)s" for name in columns)
            self.env.cr.execute(f"UPDATE {table} SET {sets}", {"span": span})
        self.env.cr.execute(
            "UPDATE octopus_call SET quota_day = quota_day - %s", [max(span.days, 1)]
        )
        self.env.invalidate_all()
        for name in MOMENTS:
            moments = self.dossier[name] or {}
            self.dossier.sudo()[name] = {
                thing: fields.Datetime.to_string(fields.Datetime.to_datetime(at) - span)
                for thing, at in moments.items()
            }

    def go_on(self):
        """What the scheduled actions of a dossier do in a day."""
        self.refresh()
        self.push()
        self.pull()

    def month_of_failure(self, code, *operations):
        """Let calls fail for a month, while all others work; then let them work."""
        self.go_on()
        self.assertFalse(self.watch(), self.dossier.activity_ids.note)
        for operation in operations:
            self.faults.add("status", operation=operation, status=503, count=10**6)
        seen = set()
        for _day in range(0, 30, STEP):
            self.jump(days=STEP)
            self.go_on()
            activities = self.watch()
            self.assertLessEqual(len(activities), 1)
            seen |= set(activities.ids)
        self.assertEqual(len(seen), 1, "one activity, which is kept")
        self.assertEqual(len(self.dossier.activity_ids), 1)
        self.assertIn(code, self.dossier.watched)
        self.assertNotIn("nothing_succeeded", self.dossier.watched)
        self.faults.clear()
        self.mend()
        self.assertFalse(self.watch(), self.dossier.activity_ids.note)

    def mend(self):
        self.go_on()


class TestSilence(SilenceCase):
    def test_x75_quiet_when_all_goes_well_for_a_month(self):
        self.receive((self.send(self.document()), 121))
        for _day in range(0, 30, 10):
            self.jump(days=10)
            self.go_on()
            self.assertFalse(self.watch(), self.dossier.activity_ids.note)

    def test_x75_a_feed_of_payments_that_fails_for_a_month(self):
        self.month_of_failure("payments_not_read", "getModifiedBalancingRelations")

    def test_x75_open_documents_that_are_not_compared_for_a_month(self):
        self.month_of_failure("open_items_not_compared", "getReportOpenClient")

    def test_x75_documents_that_are_not_compared_for_a_month(self):
        self.assert_booked(self.send(self.document()))
        self.month_of_failure(
            "comparison_stands_still",
            "getModifiedBuySellBookings",
            "getReportModifiedBooking",
            "getModifiedBookings",
        )

    def test_x75_relations_that_are_not_read_for_a_month(self):
        self.month_of_failure("mirror_not_read", "getModifiedRelations", "getRelations")

    def test_x75_journals_that_are_not_read_for_a_month(self):
        self.month_of_failure("mirror_not_read", "getJournals")

    def test_x75_vat_codes_that_are_not_read_for_a_month(self):
        self.month_of_failure("mirror_not_read", "getVatCodes")

    def test_x75_what_was_not_expected_is_no_silence(self):
        """Payments that Octopus owns since today were not missed for a month."""
        self.company.octopus_payment_owner = False
        self.go_on()
        month_ago = fields.Datetime.now() - timedelta(days=30)
        self.dossier.sudo().payments_read_at = month_ago
        self.assertFalse(self.watch())
        self.company.octopus_payment_owner = "octopus"
        self.assertFalse(self.watch())

    def test_x75_sending_that_fails_for_a_month(self):
        row = self.queue(self.document())
        self.go_on()
        self.assert_booked(row)
        self.later_row = self.queue(self.document())
        self.faults.add(
            "status", operation="insertBuySellBooking", status=503, count=10**6
        )
        self.push()
        seen = set()
        for _day in range(0, 30, STEP):
            self.jump(days=STEP)
            self.go_on()
            seen |= set(self.watch().ids)
        self.assertEqual(len(seen), 1)
        self.assertIn("documents_wait", self.dossier.watched)
        self.faults.clear()
        self.later(self.later_row)
        self.go_on()
        self.assert_booked(self.later_row)
        self.assertFalse(self.watch(), self.dossier.activity_ids.note)

    def test_x75_a_scheduled_action_that_does_not_run(self):
        for field in ("refresh_cron_id", "push_cron_id", "pull_cron_id"):
            self.go_on()
            cron = self.dossier[field]
            due = cron.nextcall
            cron.nextcall = fields.Datetime.now() - timedelta(days=30)
            [activity] = self.watch()
            self.assertEqual(self.dossier.watched, ["scheduler_stopped"])
            self.assertEqual(self.watch(), activity)
            cron.nextcall = due
            self.assertFalse(self.watch())


class TestWhoIsTold(SilenceCase):
    def setUp(self):
        super().setUp()
        self.go_on()
        self.manager = new_test_user(
            self.env,
            "manager",
            groups="octopus_connector.group_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )

    def break_something(self):
        self.dossier.pull_cron_id.active = False

    def responsible(self, **values):
        return new_test_user(
            self.env,
            "responsible",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
            **values,
        )

    def test_x75_a_responsible_who_was_archived_is_replaced(self):
        user = self.connection.responsible_id = self.responsible()
        self.break_something()
        self.assertEqual(self.watch().user_id, user)
        user.active = False
        [activity] = self.watch()
        self.assertTrue(activity.user_id.active)
        self.assertTrue(
            activity.user_id.has_group("octopus_connector.group_manager"),
            "an Octopus administrator of the company",
        )
        self.assertEqual(len(self.watch()), 1)

    def test_x75_somebody_else_is_told_what_was_marked_as_done(self):
        user = self.connection.responsible_id = self.responsible()
        self.break_something()
        self.watch().action_done()
        self.assertFalse(self.watch())
        user.active = False
        self.assertEqual(len(self.watch()), 1)

    def test_x75_a_responsible_without_group_or_company_is_replaced(self):
        user = self.connection.responsible_id = self.responsible()
        self.assertEqual(responsible_of(self.dossier), user)
        user.group_ids -= self.env.ref("octopus_connector.group_user")
        self.assertNotEqual(responsible_of(self.dossier), user)
        user.group_ids += self.env.ref("octopus_connector.group_user")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        user.write({"company_ids": elsewhere.ids, "company_id": elsewhere.id})
        self.assertNotEqual(responsible_of(self.dossier), user)

    def test_x75_without_any_administrator_of_octopus_one_of_the_system_is_told(self):
        self.connection.responsible_id = False
        groups = [
            self.env.ref(f"octopus_connector.group_{it}").sudo()
            for it in ("manager", "user")
        ]
        before = [group.user_ids for group in groups]
        for group in groups:
            group.user_ids = False
        told = responsible_of(self.dossier)
        for group, users in zip(groups, before, strict=True):
            group.user_ids = users
        self.assertTrue(told.active)
        self.assertTrue(told.has_group("base.group_system"))

    def test_x75_a_rejected_login_is_told_to_somebody_who_is_there(self):
        user = self.connection.responsible_id = self.responsible()
        user.active = False
        self.env.ref("base.user_admin").active = False
        self.connection.password = "another than that"
        self.connection.action_connect()
        [activity] = self.connection.activity_ids
        self.assertTrue(activity.user_id.active)


class TestScheduledActions(SilenceCase):
    def test_x75_a_deleted_action_of_a_dossier_is_made_anew(self):
        self.go_on()
        self.dossier.pull_cron_id.unlink()
        self.assertFalse(self.watch())
        self.assertTrue(self.dossier.pull_cron_id.active)
        self.pull()

    def test_x75_the_deleted_action_that_watches_is_made_anew(self):
        self.go_on()
        self.env.ref("octopus_connector.cron_watch").unlink()
        self.assertIn("watch_missing", self.dossier.stays_html)
        self.connection.user_name = "somebody"
        cron = self.env.ref("octopus_connector.cron_watch")
        self.assertTrue(cron.active)
        cron.unlink()
        self.connection.user_name = self.demo.USER
        self.assertTrue(self.env.ref("octopus_connector.cron_watch").exists())

    def test_x75_another_action_makes_the_one_that_watches_anew(self):
        self.env.ref("octopus_connector.cron_watch").unlink()
        self.pull()
        self.watch()


class TestBeforeVat(SilenceCase):
    """Z.18: also where documents do not go by themselves."""

    def finding(self):
        found = not_sent_before_vat(self.env, self.dossier)
        return found[0] if found else None

    def long_ago(self):
        return self.document(invoice_date=self.today - timedelta(days=70))

    def test_z18_a_document_that_nobody_asked_for_is_told_before_its_vat_return(self):
        self.assertFalse(self.dossier.automatic)
        self.document()
        self.assertFalse(self.finding(), "its return is far away")
        move = self.long_ago()
        finding = self.finding()
        self.assertEqual(finding.params["count"], 1)
        self.assertEqual(finding.params["due_date"].day, 20)
        texts = self.env["octopus.finding"]._texts(finding.as_json())
        self.assertNotIn("?", texts["title"])
        html = self.env["octopus.finding"]._html([finding.as_json()])
        self.assertIn("/odoo/octopus-not-sent", html)
        found = self.env["account.move"].search([("octopus_not_asked", "=", True)])
        self.assertEqual(found, move, "exactly these")
        self.assertTrue(move.octopus_not_asked)
        self.assertEqual(len(self.watch()), 1)
        self.assertEqual(self.dossier.watched, ["not_sent_before_vat"])
        self.assert_booked(self.send(move))
        self.assertFalse(self.finding())
        self.assertFalse(self.watch())

    def test_z18_what_is_kept_out_is_not_told(self):
        move = self.long_ago()
        self.row(move).exclude("ours only")
        self.assertFalse(self.finding())

    def test_z18_a_document_without_a_row_is_told_too(self):
        move = self.long_ago()
        self.row(move).sudo().unlink()
        self.assertEqual(self.finding().params["count"], 1)
        self.company.octopus_start_date = self.today
        self.assertFalse(self.finding())
