"""One run over contacts, documents, payments both ways and the comparison (F.7)."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.send.pause import pause
from odoo.addons.octopus_connector.sync import synchronise

from .outbox_case import OutboxCase

PHASES = ["contacts", "push", "remit", "compare", "pull"]


class SynchroniseCase(OutboxCase):
    def contacts_cron(self):
        return self.env.ref("octopus_connector.cron_contacts")

    def press(self, user=None):
        """Press the button; return the run that its toast leads to."""
        dossier = self.dossier.with_user(user or self.env.user)
        params = dossier.action_synchronise()["params"]
        [link] = params["links"]
        run_id = int(link["url"].rpartition("/")[2])
        return self.env["octopus.run"].browse(run_id)

    def work(self):
        """Let the scheduled actions run that are woken."""
        for cron in (
            self.contacts_cron(),
            self.dossier.push_cron_id,
            self.dossier.pull_cron_id,
        ):
            self.run_cron(cron)

    def parts(self, run):
        return {part.kind: part for part in run.part_ids}


class TestSynchronise(SynchroniseCase):
    def test_f7_one_run_does_everything_and_tells_each_phase(self):
        move = self.document()
        self.queue(move)
        run = self.press()
        self.assertEqual(run.state, "running")
        self.assertFalse(self.calls("insertBuySellBooking"), "nothing in the request")
        self.work()
        self.assertEqual(run.state, "done", run.problem)
        parts = self.parts(run)
        self.assertEqual(sorted(parts), sorted(PHASES))
        self.assertEqual(parts["push"].counts, {"booked": 1})
        self.assert_booked(self.row(move))
        self.assertIn("Send: In Octopus: 1", run.counts_text)
        self.assertEqual((run.done, run.progress), (len(PHASES), 100))
        self.assertTrue(self.dossier.compared_at)

    def test_f7_a_second_press_gives_the_run_that_is_going_on(self):
        run = self.press()
        self.assertEqual(self.press(), run)
        self.work()
        self.assertNotEqual(self.press(), run)

    def test_f7_each_phase_has_its_turn(self):
        """Whoever runs before their turn does what they always do, and no phase."""
        run = self.press()
        self.run_cron(self.dossier.pull_cron_id)
        self.run_cron(self.dossier.push_cron_id)
        self.assertFalse(run.part_ids)
        seen = []
        for cron in (self.contacts_cron(), self.dossier.push_cron_id):
            self.run_cron(cron)
            seen.append((run.step, run.done))
        self.assertEqual(seen, [("push", 1), ("compare", 3)])
        self.run_cron(self.dossier.pull_cron_id)
        self.assertEqual(run.state, "done")

    def test_f7_the_next_phase_is_woken(self):
        self.press()
        for cron, following in (
            (self.contacts_cron(), self.dossier.push_cron_id),
            (self.dossier.push_cron_id, self.dossier.pull_cron_id),
        ):
            self.env["ir.cron.trigger"].search([]).unlink()
            self.run_cron(cron)
            woken = self.env["ir.cron.trigger"].search([]).cron_id
            self.assertIn(following, woken)

    def test_f7_a_problem_of_one_phase_stops_no_other(self):
        self.press()
        self.contacts_cron().active = False
        synchronise.going_on(self.dossier).unlink()
        move = self.document()
        self.queue(move)
        run = self.press()
        self.assertEqual(run.step, "push", "contacts are left out")
        self.run_cron(self.dossier.push_cron_id)
        self.run_cron(self.dossier.pull_cron_id)
        self.assertEqual(run.state, "stopped")
        self.assertEqual(run.problem["code"], codes.CONTACTS_MISSING)
        self.assert_booked(self.row(move))

    def test_f7_what_waits_is_tried_again_now(self):
        move = self.document()
        [row] = self.queue(move)
        later = fields.Datetime.now() + timedelta(hours=5)
        row.hold("waiting", [Finding(codes.SERVICE_DOWN)], later)
        self.press()
        self.work()
        self.assert_booked(self.row(move))

    def test_f7_what_the_days_limit_holds_is_not_tried_again(self):
        [row] = self.queue(self.document())
        later = fields.Datetime.now() + timedelta(hours=5)
        row.hold("waiting", [Finding(codes.QUOTA_REACHED)], later)
        self.press()
        self.work()
        self.assertEqual(row.state, "waiting")

    def test_f7_nobody_asked_for_means_nothing_is_sent(self):
        move = self.document()
        self.press()
        self.work()
        self.assertFalse(self.copies(move))
        self.assertEqual(self.row(move).state, "ready")

    def test_f7_a_paused_dossier_sends_nothing_and_says_so(self):
        move = self.document()
        self.queue(move)
        pause(self.dossier, "the year is closed")
        run = self.press()
        self.work()
        self.assertFalse(self.copies(move))
        self.assertEqual(self.parts(run)["push"].state, "paused")
        self.assertEqual(run.state, "done")

    def test_f7_what_cannot_be_called_says_why_at_once(self):
        self.connection.sudo().state = "rejected"
        with self.assertRaises(UserError):
            self.dossier.action_synchronise()
        self.assertFalse(synchronise.going_on(self.dossier))

    def test_f7_documents_that_differ_are_told_with_their_phase(self):
        self.send(move := self.document())
        key = self.there(self.row(move)).key
        self.books.accountant.edit(key, amount=Decimal("60.50"))
        run = self.press()
        self.work()
        self.assertEqual(self.parts(run)["compare"].counts, {"differs": 1})
        self.assertFalse(self.dossier.equal_at)

    def test_f7_who_asked_is_told_the_result(self):
        run = self.press()
        self.work()
        told = run._notification()["params"]
        self.assertEqual((told["type"], told["message"]), ("success", "Nothing to do."))
        self.assertEqual(run.counts_text, "Nothing to do.")
        for phase, part in self.parts(run).items():
            self.assertTrue(part.counts_text, phase)
        self.assertEqual(self.parts(run)["push"].counts_text, "Nothing to do.")
        self.assertEqual(self.parts(run)["compare"].counts_text, "Nothing differs.")
        self.assertEqual(told["button"]["action"]["res_id"], run.id)


class TestSynchroniseSoap(TestSynchronise):
    transport = "soap"


class TestSendDocuments(OutboxCase):
    """Send by kind and period, with count and amounts before (J.3)."""

    def open(self, **answers):
        action = self.dossier.action_send_documents()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.write(answers)
        return dialog

    def documents(self):
        early = self.today - timedelta(days=40)
        return (
            self.document(lines=[(100.0, None)]),
            self.document(lines=[(50.0, None)], invoice_date=early, date=early),
            self.document("out_refund", lines=[(10.0, None)]),
            self.document("in_invoice", lines=[(200.0, None)]),
        )

    def test_j3_it_says_how_many_and_how_much_before_it_queues(self):
        moves = self.documents()
        dialog = self.open()
        self.assertEqual(dialog.count, 4)
        for kind, count, some in (
            ("out_invoice", 2, moves[0] + moves[1]),
            ("out_refund", 1, moves[2]),
            ("in_invoice", 1, moves[3]),
        ):
            told = dialog[f"{kind}_told"]
            total = abs(sum(some.mapped("amount_total_signed")))
            self.assertIn(f"{count} document{'s' * (count > 1)},", told)
            self.assertIn(f"{total:.2f}", told)
        self.assertEqual(dialog.in_refund_told, "none")
        self.assertFalse(any(self.row(move).queued for move in moves))

    def test_j3_only_the_period_and_the_kinds_that_are_chosen_go(self):
        now, early, refund, bill = self.documents()
        first = self.today - timedelta(days=10)
        dialog = self.open(in_invoice=False, date_from=first)
        self.assertEqual(dialog.count, 2)
        dialog.action_send()
        queued = [self.row(move).queued for move in (now, early, refund, bill)]
        self.assertEqual(queued, [True, False, True, False])
        self.run_cron(self.dossier.push_cron_id)
        self.assertTrue(self.copies(now))
        self.assertFalse(self.copies(early))

    def test_j3_a_last_day(self):
        now, early, _refund, _bill = self.documents()
        dialog = self.open(date_to=self.today - timedelta(days=10))
        self.assertEqual(dialog.count, 1)
        dialog.action_send()
        self.assertTrue(self.row(early).queued)
        self.assertFalse(self.row(now).queued)

    def test_j3_only_kinds_that_the_company_sends(self):
        self.documents()
        self.company.octopus_in_invoice_goes = False
        dialog = self.open()
        self.assertFalse(dialog.in_invoice_told)
        self.assertEqual(dialog.count, 3)

    def test_j3_what_was_asked_for_or_kept_out_is_not_counted(self):
        now, early, refund, bill = self.documents()
        self.queue(now)
        self.send(bill)
        self.row(self.queue(refund).move_id).exclude("elsewhere")
        dialog = self.open()
        self.assertEqual(dialog.count, 1)
        dialog.action_send()
        self.assertTrue(self.row(early).queued)

    def test_j3_nothing_left_says_so(self):
        with self.assertRaisesRegex(UserError, "No document of this period"):
            self.open().action_send()
