"""From a document to its calls and back, and what was sent (Z.22)."""

import json

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.octopus_connector.sync.refresh import refresh_now

from octopus_sandbox.state.codes import Code
from octopus_sandbox.state.errors import Refusal

from .outbox_case import OutboxCase
from .remittance_case import RemittanceCase


class TestLog(OutboxCase):
    def calls_of(self, row):
        action = row.action_open_calls()
        return self.env[action["res_model"]].search(action["domain"])

    def test_z22_from_a_document_to_its_calls_and_back(self):
        rows = self.queue(self.document(), self.document())
        self.push()
        for row in rows:
            calls = self.calls_of(row)
            self.assertIn("insert_booking", calls.mapped("operation"))
            self.assertEqual(row.call_count, len(calls))
            self.assertEqual({call.res_id for call in calls}, {row.id})
            self.assertEqual(calls[0].action_open_subject()["res_id"], row.id)

    def test_z22_a_number_that_went_to_another_document_tells_of_its_own_calls(self):
        """The first one is refused, so that both calls name the same number."""
        first, second = self.document(), self.document()
        insert = self.books.bookkeeping.insert_booking

        def judge(_booking):
            raise Refusal(Code.UNKNOWN_ACCOUNT, "for the test")

        self.books.bookkeeping.insert_booking = judge
        refused = self.send(first)
        self.books.bookkeeping.insert_booking = insert
        booked = self.send(second)
        self.assertEqual((refused.state, booked.state), ("blocked", "booked"))
        outcomes = [
            call.outcome
            for row in (refused, booked)
            for call in self.calls_of(row)
            if call.operation == "insert_booking"
        ]
        self.assertEqual(outcomes, ["refused", "ok"])

    def test_z22_what_nobody_sent_a_document_for_is_about_no_document(self):
        self.send(self.document())
        refresh_now(self.dossier)
        calls = self.env["octopus.call"].search([("operation", "=", "bookyears")])
        self.assertTrue(calls)
        self.assertFalse(any(calls.mapped("res_id")))
        self.assertFalse(calls[0].action_open_subject())

    def test_z22_a_call_about_a_document_that_was_deleted_leads_nowhere(self):
        row = self.send(self.document())
        calls = self.calls_of(row)
        self.assertTrue(calls[0].action_open_subject())
        calls.sudo().res_id = row.id + 1000
        self.assertFalse(calls[0].action_open_subject())

    def test_z22_what_was_sent_is_readable_and_whole(self):
        row = self.send(self.document())
        self.assertEqual(json.loads(row.payload_text), row.payload)
        self.assertIn(row.move_id.name, row.payload_text)

    def test_z22_users_see_neither_calls_nor_what_was_sent(self):
        clerk = new_test_user(
            self.env,
            "clerk",
            groups="octopus_connector.group_user,account.group_account_invoice",
        )
        row = self.send(self.document()).with_user(clerk)
        self.assertEqual(row.state, "booked")
        with self.assertRaises(AccessError):
            row.action_open_calls()
        for name in ("payload_text", "trace", "call_count"):
            with self.subTest(name), self.assertRaises(AccessError):
                row.read([name])

    def test_z22_where_it_failed_is_forgotten_when_it_is_booked(self):
        row = self.queue(self.document())
        row.sudo().trace = "a line of code"
        self.push()
        self.assertEqual((row.state, row.trace), ("booked", False))


class TestLogOfPayments(RemittanceCase):
    def test_z22_from_a_payment_to_its_calls(self):
        invoice = self.booked(amount=121.0)
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        action = row.action_open_calls()
        calls = self.env["octopus.call"].search(action["domain"])
        operations = set(calls.mapped("operation"))
        self.assertLessEqual(
            {"insert_financial_booking", "insert_balancing"}, operations
        )
        self.assertEqual({call.res_id for call in calls}, {row.id})
