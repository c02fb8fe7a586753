"""One bad document, one bad answer, one bad day: the others go on (X.25, X.43)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.octopus_connector.core.retry import next_day
from odoo.addons.octopus_connector.prepare.document import DocumentBuilder
from odoo.addons.octopus_connector.send.batch import Batch
from odoo.addons.octopus_connector.send.sender import Sender
from odoo.addons.octopus_connector.sync.login import connect

from octopus_sandbox.state.codes import Code
from octopus_sandbox.state.errors import Refusal

from .outbox_case import INSERT, OutboxCase

OUTBOX_LOG = "odoo.addons.octopus_connector.send"
PREPARE_LOG = "odoo.addons.octopus_connector.prepare"


class TestBatch(OutboxCase):
    """Several documents in one pass."""

    def three(self):
        """Return the rows of three documents in one journal."""
        return self.queue(*(self.document() for _number in range(3)))

    def refuse(self, row, code):
        """Let Octopus refuse one document with a code."""
        bookkeeping = self.books.bookkeeping
        insert = bookkeeping.insert_booking

        def judge(booking):
            if booking.comment == row.document_name:
                raise Refusal(code, "for the test")
            return insert(booking)

        bookkeeping.insert_booking = judge

    def test_x25_a_refused_document_does_not_hold_the_others(self):
        rows = self.three()
        self.refuse(rows[1], Code.UNKNOWN_ACCOUNT)
        self.push()
        self.assert_held(rows[1], "blocked", "refused")
        self.assertEqual(rows[1].findings[0]["params"]["code"], -21)
        self.assert_booked(rows[0])
        self.assert_booked(rows[2])
        self.assertEqual(rows[2].number, rows[0].number + 1)

    def test_x25_a_mistake_of_ours_is_the_documents_own(self):
        rows = self.three()
        claim = Sender._claim

        def fail(sender, row, request, booking):
            if row.id == rows[1].id:
                raise ZeroDivisionError("ours")
            return claim(sender, row, request, booking)

        with (
            patch.object(Sender, "_claim", fail),
            self.assertLogs(OUTBOX_LOG, "ERROR") as logs,
        ):
            self.push()
        self.assertIn("Traceback", logs.output[0])
        self.assert_held(rows[1], "blocked", "unexpected")
        self.assertIn("in fail\n", rows[1].sudo().trace)
        self.assert_booked(rows[0])
        self.assert_booked(rows[2])

    def test_x25_a_document_that_can_not_be_prepared_is_alone(self):
        rows = self.three()
        prepare = DocumentBuilder.prepare

        def fail(builder):
            prepared = prepare(builder)
            if rows[1].move_id.id in prepared:
                raise KeyError("ours")
            return prepared

        with (
            patch.object(DocumentBuilder, "prepare", fail),
            self.assertLogs(PREPARE_LOG, "ERROR"),
        ):
            self.push()
        self.assert_held(rows[1], "blocked", "unexpected")
        self.assert_booked(rows[0])
        self.assert_booked(rows[2])

    def test_x8_blocked_and_good_documents_in_one_pass(self):
        rows = self.three()
        stranger = self.env["res.partner"].create({"name": "Nowhere"})
        bad = self.queue(self.document(partner_id=stranger.id))
        self.push()
        self.assert_held(bad, "blocked", "country_missing")
        for row in rows:
            self.assert_booked(row)

    def test_x43_our_own_budget_pauses_until_tomorrow(self):
        rows = self.three()
        path = "odoo.addons.octopus_connector.call_log.daily_limit"
        with patch(path, lambda counter: 3 if counter == "insert_booking" else None):
            # Three a day, one of them kept for people.
            self.push()
            self.assertEqual(rows.mapped("state"), ["booked", "booked", "waiting"])
            self.assert_held(rows[2], "waiting", "quota_reached")
            tomorrow = next_day(fields.Datetime.now(), lambda: 0)
            self.assertAlmostEqual(
                rows[2].retry_at, tomorrow, delta=timedelta(minutes=10)
            )
            self.assertEqual(self.statuses(), [201, 201])
            # The reserve is for whoever asks.
            rows[2].move_id.action_octopus_send()
        self.assert_booked(rows[2])

    def test_x43_octopus_refuses_for_its_limit(self):
        for status in ("429", "403", "400"):
            with self.subTest(status=status):
                self.sandbox.world.set_switches({"quota_status": status})
                rows = self.three()
                self.faults.add("quota", operation=INSERT, skip=1)
                self.push()
                self.assertEqual(rows.mapped("state"), ["booked", "waiting", "waiting"])
                for row in rows[1:]:
                    self.assert_held(row, "waiting", "quota_reached")
                self.env["octopus.call"].sudo().search([]).unlink()
                self.later(rows)
                self.push()
                for row in rows:
                    self.assert_booked(row)

    def test_x43_the_rest_waits_without_a_call(self):
        """Not only the batch at hand, but everything that is due."""
        with patch("odoo.addons.octopus_connector.send.batch.BATCH", 2):
            rows = self.queue(*(self.document() for _number in range(5)))
            self.faults.add("quota", operation=INSERT)
            self.push()
        for row in rows:
            self.assert_held(row, "waiting", "quota_reached")
        self.assertEqual(len(self.calls(INSERT)), 1)
        self.env["octopus.call"].sudo().search([]).unlink()

    def test_x38_a_rejected_login_stops_and_marks_nothing_as_failed(self):
        rows = self.three()
        self.faults.add("expired_token", operation=INSERT, count=2)
        self.push()
        self.assertEqual(rows.mapped("state"), ["ready"] * 3)
        self.assertEqual(rows.mapped("number"), [0] * 3)
        self.assertEqual(self.connection.state, "rejected")
        self.assertEqual(len(self.connection.activity_ids), 1)
        run = rows[0].run_id
        self.assertEqual(run.state, "stopped")
        self.assertEqual(run.problem["code"], "login_rejected")
        connect(self.connection)
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_x38_with_a_rejected_login_a_person_is_told(self):
        self.connection.sudo().state = "rejected"
        action = self.document().action_octopus_send()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("rejected the login", action["params"]["message"])
        self.assertEqual(self.calls(), [])
        self.connection.sudo().state = "connected"

    def test_x44_the_service_is_down(self):
        """Nothing left: all wait, with one vain attempt only."""
        rows = self.three()
        self.sandbox.stop()
        try:
            self.push()
        finally:
            self.sandbox.start()
        for row in rows:
            self.assert_held(row, "waiting", "service_down")
        self.later(rows)
        self.push()
        for row in rows:
            self.assert_booked(row)

    def test_x21_a_document_changed_after_it_was_prepared_is_looked_at_again(self):
        move = self.document(payment_reference="first")
        row = self.queue(move)
        send = Batch._send_some
        changed = []

        def change(batch, journal_id, waiting):
            if not changed:
                changed.append(True)
                # As another transaction, a moment later.
                self.env.cr.execute(
                    "UPDATE account_move SET payment_reference = 'second',"
                    " write_date = write_date + interval '1 second' WHERE id = %s",
                    [move.id],
                )
                move.invalidate_recordset()
            return send(batch, journal_id, waiting)

        with patch.object(Batch, "_send_some", change):
            self.push()
        self.assertTrue(changed)
        self.assert_booked(row)
        self.assertEqual(self.there(row).reference, "second")
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_j1_a_pass_that_runs_out_of_time_goes_on(self):
        with patch("odoo.addons.octopus_connector.send.batch.BATCH", 2):
            rows = self.queue(*(self.document() for _number in range(5)))
            with patch.object(Batch, "_time_left", return_value=0.0):
                self.push()
            self.assertIn("ready", rows.mapped("state"))
            progress = self.env["ir.cron.progress"].search(
                [("cron_id", "=", self.dossier.push_cron_id.id)], order="id desc"
            )
            self.assertTrue(progress[:1].remaining, "it is called again at once")
            self.push()
        for row in rows:
            self.assert_booked(row)
