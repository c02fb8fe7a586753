"""No document twice, none lost, when the answer does not come (X.20, X.23, Z.4)."""

from decimal import Decimal
from unittest.mock import patch

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.send.sender import Sender

from .outbox_case import FEED, INSERT, READ, OutboxCase

# Ways in which an answer gets lost; each before and after Octopus did its work.
LOST = (
    {"kind": "close"},
    {"kind": "reset"},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 502},
    {"kind": "status", "status": 503},
    {"kind": "html"},
)


class TestUnknown(OutboxCase):
    """The answer got lost."""

    def lose(self, when, **fault):
        self.faults.add(operation=INSERT, when=when, **{"kind": "close", **fault})

    def unknown(self, when="after", **values):
        """Return the row of a document whose answer got lost."""
        self.lose(when)
        row = self.send(self.document(**values))
        self.assertEqual((row.state, row.cause), ("unknown", "unknown_outcome"))
        return row

    def test_x23_a_mistake_of_ours_after_the_call_leaves_it_unknown(self):
        """Never blocked, never sent under another number."""
        move = self.document()
        with (
            patch.object(Sender, "_booked", side_effect=ValueError("ours")),
            self.assertLogs("odoo.addons.octopus_connector.send.sender", "ERROR"),
        ):
            move.action_octopus_send()
        row = self.row(move)
        self.assertEqual((row.state, row.cause), ("unknown", "unexpected"))
        self.settle(row)
        self.assert_booked(row)

    def settle(self, row):
        self.later(row)
        self.push()

    def test_x23_any_lost_answer_is_settled_under_the_same_number(self):
        for when in ("before", "after"):
            for fault in LOST:
                with self.subTest(when=when, **fault):
                    self.lose(when, **fault)
                    row = self.send(self.document())
                    self.assertEqual(row.state, "unknown", fault)
                    number = row.number
                    self.settle(row)
                    self.assert_booked(row)
                    self.assertEqual(row.number, number)

    def test_x23_it_waits_for_its_time(self):
        row = self.unknown()
        self.push()
        self.assertEqual(row.state, "unknown")
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_x23_nothing_makes_one_wait_that_may_be_there(self):
        """Nor one that is there."""
        row = self.unknown()
        number = row.number
        row.sudo().hold("waiting", [Finding(codes.SERVICE_DOWN)])
        row.sudo().hold("blocked", [Finding(codes.NUMBER_TAKEN)])
        self.assertEqual((row.state, row.number), ("unknown", number))
        self.assertEqual(row.cause, "unknown_outcome")
        self.settle(row)
        for state in ("waiting", "unknown"):
            row.sudo().hold(state, [Finding(codes.SERVICE_DOWN)])
            self.assert_booked(row)

    def test_x23_nobody_else_gets_a_number_meanwhile(self):
        row = self.unknown("before")
        other = self.queue(self.document())
        self.push()
        self.assert_held(other, "waiting", "waits_for_answer")
        self.assertEqual(other.findings[0]["params"]["document"], row.document_name)
        self.assertEqual(self.statuses(), [])
        self.settle(row | other)
        self.assert_booked(row)
        self.assert_booked(other)

    def test_x23_other_journals_go_on(self):
        self.unknown()
        bill = self.queue(self.document("in_invoice"))
        self.push()
        self.assert_booked(bill)

    def test_x23_a_person_may_ask_to_settle_now(self):
        row = self.unknown()
        row.move_id.action_octopus_send()
        self.assert_booked(row)

    def test_x20_somebody_else_took_the_number(self):
        """-13 after a lost answer: another document sits there, so the next number."""
        row = self.unknown("before")
        number = row.number
        self.by_hand()
        self.settle(row)
        self.push()
        self.assert_booked(row)
        self.assertEqual(row.number, number + 1)

    def test_x20_the_document_sits_there_and_was_altered(self):
        """X.20: a person must look; never booked a second time by itself."""
        row = self.unknown()
        sent = self.there(row)
        self.books.accountant.edit(sent.key, amount=Decimal("60.50"))
        self.settle(row)
        self.push()
        self.assertEqual((row.state, row.cause), ("blocked", "number_disputed"))
        self.assertEqual(len(self.copies(row.move_id)), 1)

    def test_x20_a_disputed_document_does_not_go_along_with_others(self):
        """X.20: sent again only on its own, by a person who looked at it."""
        row = self.unknown()
        self.books.accountant.edit(self.there(row).key, amount=Decimal("60.50"))
        self.settle(row)
        other = self.document()
        self.assertEqual(self.queue(row.move_id, other).move_id, other)
        self.assertEqual(row.state, "blocked")
        self.assertEqual(self.queue(row.move_id), row)
        row.sudo().state = "blocked"

    def test_x20_it_was_booked_and_deleted_again(self):
        row = self.unknown()
        self.books.accountant.delete_last(self.year, "V1")
        self.settle(row)
        self.assert_booked(row)

    def test_x20_booked_and_others_after_it(self):
        row = self.unknown()
        number = row.number
        self.by_hand()
        self.by_hand()
        self.settle(row)
        self.assert_booked(row)
        self.assertEqual(row.number, number)

    def test_x23_read_back_by_the_feed_when_the_single_read_is_used_up(self):
        row = self.unknown()
        self.sandbox.world.calls.clear()
        self.faults.add("quota", operation=READ)
        self.settle(row)
        self.assert_booked(row)
        self.assertEqual(self.statuses(FEED), [200])

    def test_x23_without_any_way_to_read_it_stays_unknown(self):
        row = self.unknown()
        self.faults.add("quota", operation=READ)
        self.faults.add("quota", operation=FEED)
        self.settle(row)
        self.assertEqual(row.state, "unknown")
        self.assertTrue(row.number)
        # Octopus's refusal holds until tomorrow; then it is settled.
        self.env["octopus.call"].sudo().search([]).unlink()
        self.settle(row)
        self.assert_booked(row)

    def test_x23_a_feed_that_does_not_have_it_proves_nothing(self):
        row = self.unknown()
        number = row.number
        self.books.dossier.feeds.bookings.changes.clear()
        self.faults.add("quota", operation=READ)
        self.settle(row)
        self.assertEqual((row.state, row.number), ("unknown", number))
        self.env["octopus.call"].sudo().search([]).unlink()
        self.settle(row)
        self.assert_booked(row)

    def test_x23_what_is_there_is_found_in_a_journal_that_stays_shut(self):
        for when, state in (("before", "unknown"), ("after", "booked")):
            with self.subTest(when=when):
                row = self.unknown(when)
                self.set_journal("V1", opened_by="accountant")
                self.settle(row)
                self.assertEqual(row.state, state)
                self.set_journal("V1", opened_by=None)
                self.settle(row)
                self.assert_booked(row)

    def test_x23_refused_for_something_else_is_no_proof(self):
        """A period that was protected meanwhile does not undo the booking."""
        row = self.unknown()
        self.books.accountant.protect_period(self.year, row.period_number)
        self.settle(row)
        self.assert_booked(row)

    def test_x23_withdrawn_in_odoo_it_is_looked_up_only(self):
        """Found there: booked, and not the same any more (X.30). Not there: given back,
        and not sent."""
        for when, state in (("after", "changed"), ("before", "ready")):
            with self.subTest(when=when):
                row = self.unknown(when)
                self.set_state_past_odoo(row.move_id, "draft")
                inserts = len(self.calls(INSERT))
                self.settle(row)
                self.assertEqual(row.state, state)
                self.assertEqual(len(self.calls(INSERT)), inserts)
                self.set_state_past_odoo(row.move_id, "posted")

    def set_state_past_odoo(self, move, state):
        """Change a document in a way that no guard of Odoo sees."""
        move.flush_recordset()
        self.env.cr.execute(
            "UPDATE account_move SET state = %s WHERE id = %s", [state, move.id]
        )
        move.invalidate_recordset(["state"])

    def test_x39_a_token_that_expires_in_the_middle_is_renewed_once(self):
        self.faults.add("expired_token", operation=INSERT)
        row = self.send(self.document())
        self.assert_booked(row)
        self.assertEqual(self.statuses(), [401, 201])
