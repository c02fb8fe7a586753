"""Another addon overrides each documented hook, and patches nothing (Z.28)."""

from datetime import timedelta
from decimal import Decimal

from odoo.fields import Command
from odoo.tools import mute_logger

from octopus_sandbox.state.keys import DocumentKey

from ..flows.outbox_case import OutboxCase
from ..flows.payments_case import PaymentsCase
from ..flows.remittance_case import INSERT, RemittanceCase
from .module_case import require_modules


class TestExtending(OutboxCase):
    """``tests/addons/octopus_connector_example`` is installed beside ours."""

    map_account = classmethod(RemittanceCase.map_account.__func__)

    @classmethod
    def setUpClass(cls):
        require_modules("octopus_connector_example")
        super().setUpClass()

    def other_account(self, number=643000):
        """Return Odoo's account for what is given away, mapped."""
        account = self.env["account.account"].search([("code", "=", "643000")], limit=1)
        if not account:
            account = self.env["account.account"].create(
                {
                    "name": "Given away",
                    "code": "643000",
                    "account_type": "expense",
                }
            )
        self.map_account(account, number)
        return account

    def known_account(self):
        """Return the number of an account that Octopus has besides those in use."""
        numbers = self.dossier.account_ids.mapped("number")
        return next(number for number in numbers if 610000 <= number < 650000)

    def test_z28_another_account_for_a_line(self):
        number = self.known_account()
        self.other_account(number)
        move = self.document()
        move.button_draft()
        move.invoice_line_ids[0].name = "Given away: a table"
        move.action_post()
        row = self.send(move)
        self.assert_booked(row)
        self.assertIn(number, [line.account for line in self.there(row).lines])
        plain = self.send(self.document())
        self.assertNotIn(number, [line.account for line in self.there(plain).lines])

    def test_z28_a_field_follows_a_row(self):
        """What another addon computes and stores is right, though rows are made, and
        most of them written, without the ORM."""
        move = self.document()
        self.assertEqual(self.row(move).example_shown, "ready -")
        row = self.send(move)
        self.assert_booked(row)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT example_shown FROM octopus_booking WHERE id = %s", [row.id]
        )
        [[stored]] = self.env.cr.fetchall()
        self.assertEqual(stored, f"booked {row.octopus_number}")
        self.assertEqual(row.example_shown, stored)

    def test_z28_a_document_is_kept_out(self):
        """It has no row, nobody can send it, and why is said."""
        kept = self.document(invoice_origin="OWN SHOP")
        other = self.document(invoice_origin="S0001")
        self.push()
        self.assertFalse(self.row(kept))
        self.assertTrue(self.row(other))
        self.assertFalse(kept._octopus_queue(self.env.user))
        self.assertIn("Another app", kept.octopus_findings_html or "")
        self.assertFalse(kept.octopus_not_asked)

    def test_z28_another_fact_in_the_fingerprint(self):
        """A change of the narration is a change of what was sent."""
        move = self.document(narration="Thank you")
        row = self.send(move)
        self.assert_booked(row)
        move.with_context(octopus_reason="other words").button_draft()
        move.action_post()
        self.assertEqual(row.state, "booked")
        move.with_context(octopus_reason="other words").button_draft()
        move.narration = "Many thanks"
        move.action_post()
        self.assertEqual(row.state, "changed")

    def test_z28_another_builder(self):
        row = self.send(self.document(invoice_origin="SHOP"))
        self.assert_booked(row)
        self.assertEqual(row.payload["order_reference"], "Shop 7")

    def test_z28_another_plan_for_payments(self):
        rows = self.env["octopus.balancing"]
        self.assertEqual(rows.octopus_plan().__name__, "ExamplePlan")

    # Another kind of row

    def memo(self, amount=125.0):
        """Return a posted entry that goes to the divers journal."""
        debit, credit = self.memo_accounts()
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "ref": "Memo 1",
                "date": self.today,
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create({"account_id": debit.id, "debit": amount}),
                    Command.create({"account_id": credit.id, "credit": amount}),
                ],
            }
        )
        move.action_post()
        return move

    def memo_accounts(self):
        accounts = self.env["account.account"].search(
            [
                ("account_type", "=", "expense"),
                ("company_ids", "in", self.company.ids),
            ],
            limit=2,
        )
        numbers = [
            number
            for number in self.dossier.account_ids.mapped("number")
            if 610000 <= number < 650000
        ]
        for account, number in zip(accounts, numbers, strict=False):
            self.map_account(account, number)
        return accounts

    def memo_row(self, move):
        return self.env["octopus.example.entry"].search([("move_id", "=", move.id)])

    def memo_there(self, row):
        """Return the sandbox's booking under the number of a row, or ``None``."""
        key = DocumentKey(row.bookyear_id.octopus_id, "D1", row.number)
        return self.books.dossier.financial_bookings.get(key)

    def test_z28_another_kind_of_row_is_sent_by_the_same_pass(self):
        move = self.memo()
        self.push()
        row = self.memo_row(move)
        self.assertEqual(row.state, "booked", row.findings)
        there = self.memo_there(row)
        self.assertEqual(
            [line.amount for line in there.lines], [Decimal(125), Decimal(-125)]
        )
        self.assertEqual(row.number, self.last("D1"))

    def test_z28_its_lost_answer_is_resolved_and_it_is_there_once(self):
        self.faults.add("close", operation=INSERT, when="after")
        move = self.memo()
        with mute_logger("odoo.addons.octopus_connector"):
            self.push()
        row = self.memo_row(move)
        self.assertEqual(row.state, "unknown", row.findings)
        self.later(row)
        self.push()
        self.assertEqual(row.state, "booked", row.findings)
        memos = [
            booking
            for key, booking in self.books.dossier.financial_bookings.items()
            if key.journal == "D1"
            and any(line.reference == "Memo 1" for line in booking.lines)
        ]
        self.assertEqual(memos, [self.memo_there(row)])

    def test_z28_what_stands_in_its_way_is_said_and_mended_by_a_setting(self):
        move = self.memo()
        mappings = self.env["octopus.account.mapping"].search(
            [("account_id", "in", move.line_ids.account_id.ids)]
        )
        kept = {row: row.octopus_account_id for row in mappings}
        mappings.octopus_account_id = False
        self.push()
        row = self.memo_row(move)
        self.assertEqual((row.state, row.cause), ("blocked", "account_not_mapped"))
        for mapping, account in kept.items():
            mapping.octopus_account_id = account
        # One fix, and it goes by itself, as documents do.
        self.push()
        self.assertEqual(row.state, "booked", row.findings)
        self.assertEqual(self.memo_there(row).lines[0].amount, Decimal(125))


class TestReminders(PaymentsCase):
    """An addon for reminders leaves out who is held for follow-up."""

    @classmethod
    def setUpClass(cls):
        require_modules("octopus_connector_example")
        super().setUpClass()

    def test_z15_a_reminder_waits_for_a_new_answer(self):
        booking = self.booked()
        tomorrow = self.today + timedelta(days=60)
        customer = booking.move_id.commercial_partner_id
        remind = self.env["res.partner"].example_to_remind
        self.assertNotIn(customer, remind(tomorrow))
        customer.action_octopus_check_payments()
        self.env.invalidate_all()
        self.assertIn(customer, remind(tomorrow))
