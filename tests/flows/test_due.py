"""What makes documents and payments due is seen within ten minutes, whoever caused it;
sending itself is woken for nothing else (J.5)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.octopus_connector.send.document import DocumentKind
from odoo.addons.octopus_connector.send.due import due_in
from odoo.addons.octopus_connector.send.sender import Sender

from octopus_sandbox.state.codes import Code
from octopus_sandbox.state.errors import Refusal

from .outbox_case import OutboxCase
from .remittance_case import RemittanceCase
from .workers_case import WorkersCase


class DueCase:
    """Tells whether the dossiers are looked at with the right result."""

    def wakes(self):
        """Whether the scheduled action of all dossiers wakes that of this one; what
        wakes it besides is forgotten."""
        triggers = self.env["ir.cron.trigger"].sudo()
        ours = [("cron_id", "=", self.dossier.push_cron_id.id)]
        triggers.search(ours).unlink()
        self.run_cron(self.env.ref("octopus_connector.cron_wake"))
        now = fields.Datetime.now()
        return bool(triggers.search([*ours, ("call_at", "<=", now)]))

    def assert_due(self):
        """Something is due; once the woken action ran, nothing is."""
        self.assertTrue(self.wakes())
        self.push()
        self.assertFalse(self.wakes())


class TestDocumentsDue(DueCase, OutboxCase):
    attachments = "existing"

    def setUp(self):
        super().setUp()
        self.assertFalse(self.wakes(), "nothing is due")

    def automatic(self):
        self.assert_booked(self.send(self.document()))
        self.dossier.automatic = True
        self.push()

    def test_a_document_that_goes_by_itself(self):
        self.automatic()
        move = self.document()
        self.assert_due()
        self.assert_booked(self.row(move))

    def test_a_document_that_somebody_asked_for(self):
        row = self.queue(self.document())
        self.assert_due()
        self.assert_booked(row)

    def test_a_document_that_got_no_row(self):
        """Such as one of another module, which went on without us."""
        self.automatic()
        move = self.document()
        self.row(move).sudo().unlink()
        self.assert_due()
        self.assert_booked(self.row(move))

    def test_documents_of_a_kind_that_goes_from_now_on(self):
        self.automatic()
        move = self.document("out_receipt")
        self.assertFalse(self.wakes())
        self.company.octopus_receipts = "go"
        self.assert_due()
        self.assertTrue(self.row(move))

    def test_documents_from_before_the_start_date(self):
        self.automatic()
        self.company.octopus_start_date = self.today
        move = self.document(invoice_date=self.today - timedelta(days=1))
        self.assertFalse(self.wakes())
        self.company.octopus_start_date = False
        self.assert_due()
        self.assert_booked(self.row(move))

    def test_what_waits_for_its_moment(self):
        row = self.queue(self.document())
        self.faults.add("status", status=503, count=50)
        self.push()
        self.assertEqual(row.state, "waiting")
        self.faults.clear()
        self.assertFalse(self.wakes())
        self.later(row)
        self.assert_due()
        self.assert_booked(row)

    def test_what_a_mapping_blocked(self):
        row = self.queue(self.document())
        mapping = self.env["octopus.tax.mapping"].search(
            [("tax_id", "in", row.move_id.invoice_line_ids.tax_ids.ids)], limit=1
        )
        mapping.sudo().state = "proposed"
        self.push()
        self.assertEqual(row.state, "blocked")
        self.assertFalse(self.wakes())
        mapping.action_accept()
        self.assert_due()
        self.assert_booked(row)

    def test_a_file_that_came_after_the_booking(self):
        move = self.document()
        self.assert_booked(self.send(move))
        self.assertFalse(self.wakes(), "it has none yet")
        self.env["ir.attachment"].create(
            {
                "name": "INV.pdf",
                "raw": b"%PDF-1.4",
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        self.assert_due()
        self.assertEqual(self.row(move).attachment_state, "sent")

    def test_the_original_of_a_bill_that_came_after_the_booking(self):
        move = self.document("in_invoice")
        self.assert_booked(self.send(move))
        self.assertFalse(self.wakes())
        move.message_main_attachment_id = self.env["ir.attachment"].create(
            {
                "name": "b.pdf",
                "raw": b"%PDF",
                "res_model": move._name,
                "res_id": move.id,
            }
        )
        self.assert_due()
        self.assertEqual(self.row(move).attachment_state, "sent")

    def test_a_return_code_that_has_no_text_yet(self):
        def judge(_booking):
            raise Refusal(Code.UNKNOWN_ACCOUNT, "Field 7")

        self.books.bookkeeping.insert_booking = judge
        self.send(self.document())
        self.assert_due()
        texts = self.env["octopus.error.text"].search([("text", "!=", False)])
        self.assertTrue(texts)

    def test_nothing_is_due_in_a_dossier_that_may_not_send(self):
        self.queue(self.document())
        self.assertTrue(self.wakes())
        for record, field, value in (
            (self.dossier, "paused", True),
            (self.dossier, "active", False),
            (self.connection, "state", "rejected"),
            (self.company, "octopus_enabled", False),
        ):
            before = record.sudo()[field]
            record.sudo()[field] = value
            self.assertFalse(self.wakes(), field)
            record.sudo()[field] = before
        self.assertTrue(self.wakes())

    def test_where_it_cannot_be_told_the_dossier_itself_looks(self):
        """A fault that cannot be provoked otherwise: a look at all that fails."""
        dossiers = self.env["octopus.dossier"].sudo().search([])
        self.assertGreater(len(dossiers), 2)
        look = DocumentKind.due_in

        def fails(kind, among):
            if self.dossier in among:
                raise ValueError("spoilt")
            return look(kind, among)

        with (
            patch.object(DocumentKind, "due_in", fails),
            self.assertLogs("odoo.addons.octopus_connector.send.due", "ERROR"),
        ):
            self.assertEqual(due_in(dossiers), self.dossier)

    def test_looking_costs_the_same_for_many(self):
        dossiers = self.env["octopus.dossier"].sudo().search([])
        counts = []
        for some in (dossiers[:1], dossiers):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            due_in(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)


class TestPaymentsDue(DueCase, RemittanceCase):
    def setUp(self):
        super().setUp()
        self.push()
        self.assertFalse(self.wakes(), "nothing is due")

    def paid(self):
        payment = self.pay(self.booked())
        self.push()
        self.assertFalse(self.wakes())
        return payment

    def test_a_payment_that_was_registered(self):
        payment = self.pay(self.booked())
        self.assert_due()
        self.assert_booked(self.row(payment))

    def test_a_statement_line_that_was_reconciled(self):
        self.statement(121, self.booked())
        self.assert_due()

    def test_a_payment_that_was_taken_back(self):
        payment = self.paid()
        row = self.row(payment)
        payment.action_cancel()
        self.assert_due()
        self.assertEqual(row.state, "reversed")

    def test_a_payment_that_is_deleted(self):
        payment = self.paid()
        row = self.row(payment)
        payment.action_draft()
        payment.unlink()
        self.assert_due()
        self.assertEqual(row.state, "reversed")

    def test_a_reconciliation_that_was_undone(self):
        payment = self.paid()
        lines = self.open_lines(payment.move_id)
        lines.remove_move_reconcile()
        self.assert_due()

    def test_a_payment_whose_document_is_booked_now(self):
        """A person sent it, and a payment waits for it."""
        no_taxes = self.env["account.tax"]
        bill = self.document("in_invoice", ((250.0, no_taxes),), post=False)
        line = self.statement_of(-250.0, bill)
        self.push()
        row = self.env["octopus.payment"].search([("move_id", "=", line.move_id.id)])
        self.assertEqual((row.state, row.cause), ("waiting", "payment_waits"))
        self.assertFalse(self.wakes(), due_in(self.dossier.sudo()))
        bill.action_post()
        self.book(bill)
        self.assert_due()
        self.assertEqual((row.state, row.match_state), ("booked", "done"))

    def test_payments_of_a_bank_that_odoo_keeps_from_now_on(self):
        self.bank.octopus_payment_owner = "none"
        payment = self.pay(self.booked())
        self.assertFalse(self.wakes())
        self.bank.octopus_payment_owner = "odoo"
        self.assert_due()
        self.assert_booked(self.row(payment))


class TestKilledDue(WorkersCase):
    def test_what_a_killed_worker_left_behind(self):
        """Also of a person's click, which no scheduled action goes on with."""
        ids = self.queued()
        self.killed(Sender, "_booked")
        with self.worker() as env:
            self.assertEqual(env["octopus.booking"].browse(ids).state, "sending")
            dossier = env["octopus.dossier"].browse(self.dossier.id).sudo()
            self.assertEqual(due_in(dossier), dossier)
        self.pass_over()
        with self.worker() as env:
            # A refusal that it met has no text yet: that is due besides.
            dossier = env["octopus.dossier"].browse(self.dossier.id).sudo()
            kind = env["octopus.booking"].sudo().octopus_kind()
            self.assertFalse(kind.due_in(dossier))
