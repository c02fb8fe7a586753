"""Many documents: the day's plan, progress, pauses (Z.10, Z.23, J.1)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.send.sender import Sender

from .outbox_case import INSERT, OutboxCase

DAILY_LIMIT = "odoo.addons.octopus_connector.call_log.daily_limit"


class ManyCase(OutboxCase):
    """Helpers to send several documents as a person does with a selection."""

    def moves(self, count):
        return self.env["account.move"].union(
            *(self.document() for _number in range(count))
        )

    def ask(self, count):
        """Let a person send some documents; return them, their run and the message."""
        moves = self.moves(count)
        action = moves.action_octopus_send()
        rows = self.env["octopus.booking"].union(*map(self.row, moves))
        return rows, rows.run_id, action["params"]["message"]

    def limit(self, insert):
        """Let Octopus allow so many bookings a day, for a ``with`` statement."""
        limits = {"insert_booking": insert}
        return patch(DAILY_LIMIT, limits.get)


class TestDayPlan(ManyCase):
    """Documents that the day's limit does not take."""

    def test_z10_the_plan_is_told_wherever_somebody_looks(self):
        """Two of three a day go by themselves; the fourth and fifth need a day more."""
        with self.limit(3):
            rows, run, message = self.ask(5)
            plan = "0 of 3 bookings today; 3 older documents over 2 days, oldest first."
            self.assertIn(plan, message)
            told = []
            with patch.object(
                type(self.env["res.users"]),
                "_bus_send",
                lambda _users, _kind, message, **_more: told.append(message),
            ):
                self.push()
            plan = "2 of 3 bookings today; 3 older documents over 2 days, oldest first."
            self.assertEqual(rows.mapped("state"), ["booked"] * 2 + ["waiting"] * 3)
            self.assertEqual(self.dossier.day_plan_text, plan)
            self.assertEqual(rows[-1].day_plan_text, plan)
            self.assertEqual(rows[-1].move_id.octopus_day_plan_text, plan)
            self.assertFalse(rows[0].day_plan_text)
            [result] = [message["message"] for message in told if "message" in message]
            self.assertIn(plan, result)
            self.assertEqual(run.problem, False)
            self.assertEqual(run.state, "done")
            self.assertEqual(run.day_plan_text, plan)

    def test_z10_older_ones_go_first(self):
        rows = self.queue(
            *(
                self.document(invoice_date=self.today - timedelta(days=age))
                for age in (1, 3, 0, 2)
            )
        )
        with self.limit(3):
            self.push()
        sent = rows.filtered(lambda row: row.state == "booked")
        ages = [(self.today - row.document_date).days for row in sent]
        self.assertEqual(sorted(ages), [2, 3])

    def test_z10_octopus_itself_takes_no_more(self):
        self.faults.add("quota", operation=INSERT)
        self.ask(2)
        self.push()
        self.assertIn("tomorrow 2 more, oldest first.", self.dossier.day_plan_text)

    def test_x43_the_limit_of_new_relations_stops_nothing_else(self):
        """X.43: who needs no new relation goes on."""
        self.send(self.document())
        new = self.env["res.partner"].create(
            {"name": "New NV", **self.belgian_company("BE0403170701")}
        )
        for status in ("429", "403", "400"):
            with self.subTest(quota_status=status):
                self.sandbox.world.set_switches({"quota_status": status})
                self.faults.add("quota", operation="insertUpdateRelation")
                first = self.queue(self.document(partner_id=new.id))
                second = self.queue(self.document())
                self.push()
                self.assert_held(first, "waiting", "quota_reached")
                self.assert_booked(second)
                self.env["octopus.call"].sudo().search([]).unlink()
                first.exclude("another variant")

    def test_x43_a_run_reads_nothing_that_the_mirror_answers(self):
        """X.43: sending costs no read of master data, whatever the number."""
        self.send(self.document())
        self.sandbox.world.calls.clear()
        self.ask(6)
        self.push()
        made = [call.operation for call in self.calls()]
        self.assertEqual(made, [INSERT] * 6)


class TestMany(ManyCase):
    """A long list."""

    def test_j1_asking_for_many_costs_a_constant_number_of_queries(self):
        """J.1, Z.23: 5,000 return at once, as nothing is done one by one."""
        queries = {}
        for count in (3, 12):
            moves = self.moves(count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moves.action_octopus_send()
            self.env.flush_all()
            queries[count] = self.env.cr.sql_log_count - before
        self.assertEqual(self.calls(), [])
        self.assertLessEqual(queries[12], queries[3] + 2, queries)
        self.env["octopus.booking"].sudo().search(
            [("queued", "=", True)]
        ).queued = False

    def test_z23_progress_is_seen_while_it_goes_on(self):
        seen = []
        rows, run, _message = self.ask(4)
        send = Sender.send

        def look(sender, request):
            run.invalidate_recordset()
            seen.append((run.done, run.total, run.progress))
            return send(sender, request)

        with patch.object(Sender, "send", look):
            self.push()
        run.invalidate_recordset()
        self.assertEqual([done for done, _total, _progress in seen], [0, 1, 2, 3])
        self.assertEqual(seen[1][2], 25)
        self.assertEqual((run.done, run.progress, run.state), (4, 100, "done"))
        for row in rows:
            self.assert_booked(row)


class TestPause(ManyCase):
    """Somebody stops it for a while."""

    def pause(self):
        wizard = self.env["octopus.pause"].browse(self.dossier.action_pause()["res_id"])
        with self.assertRaisesRegex(UserError, "Say why"):
            wizard.action_pause()
        wizard.reason = "the accountant closes the year"
        wizard.action_pause()
        # As a request does at its end: others see it.
        self.env.flush_all()

    def test_z23_a_dossier_is_paused_and_resumed(self):
        """Who, since when and why is told; scheduled actions stay as they are."""
        self.pause()
        rows, _run, message = self.ask(2)
        self.assertIn("the accountant closes the year", message)
        self.assertIn(self.env.user.name, message)
        self.push()
        self.assertEqual(rows.mapped("state"), ["ready"] * 2)
        self.assertEqual(self.calls(), [])
        self.assertTrue(self.dossier.push_cron_id.active)
        clicked = self.document()
        told = clicked.action_octopus_send()["params"]["message"]
        self.assertIn("closes the year", told)
        self.assertIn("is kept and goes after that", told)
        self.assertIn("can resume it", told)
        self.assertIn("closes the year", self.dossier.message_ids[0].body)
        self.dossier.action_resume()
        self.assertFalse(self.dossier.pause_reason)
        self.push()
        for row in rows | self.row(clicked):
            self.assert_booked(row)

    def test_z23_a_pause_stops_a_pass_that_is_under_way(self):
        """The documents of the batch at hand still go."""
        rows, _run, _message = self.ask(5)
        send = Sender.send

        def pause(sender, request):
            if not self.dossier.paused:
                self.pause()
            return send(sender, request)

        with (
            patch("odoo.addons.octopus_connector.send.batch.BATCH", 2),
            patch.object(Sender, "send", pause),
        ):
            self.push()
        self.assertEqual(rows.mapped("state"), ["booked"] * 2 + ["ready"] * 3)
        self.dossier.action_resume()
        self.push()
        for row in rows:
            self.assert_booked(row)
        numbers = rows.mapped("number")
        self.assertEqual(numbers, sorted(numbers))

    def test_z23_a_run_is_paused_and_others_go_on(self):
        rows, run, _message = self.ask(3)
        run.action_pause()
        other = self.queue(self.document())
        self.push()
        self.assert_booked(other)
        self.assertEqual((run.state, run.done), ("paused", 0))
        self.assertEqual(rows.mapped("state"), ["ready"] * 3)
        run.action_resume()
        self.push()
        self.assertEqual((run.state, run.counts), ("done", {"booked": 3}))
        for row in rows:
            self.assert_booked(row)

    def test_z23_only_who_asked_or_an_administrator_pauses_a_run(self):
        _rows, run, _message = self.ask(2)
        user = new_test_user(
            self.env,
            "colleague",
            groups="octopus_connector.group_user",
            company_id=self.company.id,
        )
        with self.assertRaisesRegex(AccessError, "started this"):
            run.with_user(user).action_pause()
        run.sudo().user_id = user
        run.with_user(user).action_pause()
        self.assertEqual(run.state, "paused")
