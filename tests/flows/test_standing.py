"""What became of documents after they were sent, and what a person decides about it
(X.29-X.32, Z.13; issue 3 points 4 and 5)."""

from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding

from .outbox_case import INSERT, OutboxCase
from .test_restore import RestoreCase

UPDATE = "updateBuySellBooking"


class StandingCase(OutboxCase):
    """A document that was booked, and a dialog to decide about it."""

    def booked(self, **values):
        row = self.send(self.document(**values))
        self.assert_booked(row)
        return row

    def decide(self, rows, choice, reason=None, agreed=False):
        """Do what a person does in the dialog."""
        action = rows.action_decide()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write({"reason": reason, "agreed": agreed})
        return getattr(wizard, f"action_{choice}")()

    def edit(self, row, **values):
        self.books.accountant.edit(self.there(row).key, **values)

    def history(self, row):
        return " ".join(row.move_id.message_ids.mapped("body"))

    def changed(self):
        """Return a document that was reset, given another amount and confirmed."""
        row = self.booked()
        row.move_id.button_draft()
        row.move_id.invoice_line_ids[0].price_unit = 50
        row.move_id.action_post()
        self.assertEqual(row.state, "changed")
        return row


class TestThere(StandingCase):
    """The accountant did something to it."""

    def test_x31_edited_there_it_differs_and_says_in_what(self):
        row = self.booked()
        self.edit(row, amount=Decimal("60.50"))
        self.pull()
        self.assertEqual(row.state, "differs")
        self.assertEqual(row.differences[0]["what"], "amount")
        self.assertIn("60.50 EUR instead of 121.00 EUR", self.history(row))
        self.assertEqual(row.move_id.octopus_state, "differs")
        # Told once, and taken back when the accountant takes it back.
        messages = len(row.move_id.message_ids)
        self.pull()
        self.assertEqual(len(row.move_id.message_ids), messages)
        self.edit(row, amount=Decimal("121.00"))
        self.pull()
        self.assertEqual((row.state, row.differences), ("booked", False))

    def test_z13_compared_by_whoever_sends_when_they_want(self):
        """On the document, on a selection, and for the whole dossier."""
        row, other = self.booked(), self.booked()
        told = row.move_id.action_octopus_compare()["params"]
        self.assertEqual(told["message"], "Nothing is different.")
        self.edit(row, amount=Decimal("60.50"))
        told = (row.move_id | other.move_id).action_octopus_compare()["params"]
        self.assertEqual(row.move_id.octopus_state, "differs")
        self.assertEqual(told["type"], "warning")
        self.assertIn(row.document_name, told["message"])
        self.assertNotIn(other.document_name, told["message"])
        domain = told["button"]["action"]["domain"]
        self.assertEqual(self.env["octopus.booking"].search(domain), row)
        self.edit(row, amount=Decimal("121.00"))
        told = self.dossier.action_compare()["params"]
        self.assertEqual(told["type"], "success")
        self.assertEqual(row.move_id.octopus_state, "booked")
        self.faults.add("status", operation="getModifiedBuySellBookings", status=503)
        told = self.dossier.action_compare()["params"]
        self.assertEqual((told["title"], told["type"]), ("Not compared", "danger"))
        with self.assertRaises(UserError):
            self.document().action_octopus_compare()

    def test_z13_the_dialog_shows_both_sides(self):
        row = self.booked()
        self.edit(row, amount=Decimal("60.50"))
        self.pull()
        action = row.action_decide()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        for text in ("121.00 EUR", "60.50 EUR", row.document_name):
            self.assertIn(text, wizard.sides_html)
        changed = self.changed()
        action = changed.action_decide()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("121.00", wizard.sides_html)
        self.assertIn("60.50", wizard.sides_html)

    def test_x31_what_changes_no_books_is_no_difference(self):
        row = self.booked()
        self.edit(row, reference="seen", order_reference="x")
        self.pull()
        self.assertEqual(row.state, "booked")

    def test_x31_another_date_or_relation_differs(self):
        row, other = self.booked(), self.booked()
        relations = {relation.id for relation in self.books.dossier.relations.values()}
        self.edit(row, relation=min(relations - {self.there(row).relation}))
        self.edit(other, document_date=self.today.replace(day=1, month=1))
        self.pull()
        self.assertEqual(row.differences[0]["what"], "relation")
        if self.today.timetuple().tm_yday > 1:
            self.assertEqual(other.differences[0]["what"], "date")

    def test_x31_deleted_there_it_is_gone(self):
        row = self.booked()
        self.books.accountant.delete_last(self.year, "V1")
        self.pull()
        self.assertEqual(row.state, "gone")
        self.assertIn("deleted in Octopus", self.history(row))

    def test_x31_deleted_and_the_number_used_for_something_else(self):
        row = self.booked()
        self.books.accountant.delete_last(self.year, "V1")
        number = self.by_hand()
        self.assertEqual(number, row.number)
        self.pull()
        self.assertEqual(row.state, "gone")

    def test_x31_edited_there_text_and_all_it_is_not_called_gone(self):
        """Nobody told that the number was deleted, and the relation is the same."""
        row = self.booked()
        self.edit(row, amount=Decimal("60.50"), comment="see file", reference="")
        self.pull()
        self.assertEqual(row.state, "differs")
        # Too little of it is left to write over it.
        with self.failing(UserError):
            self.decide(row, "update")
        self.assertEqual((row.state, self.statuses(UPDATE)), ("differs", []))
        # The feed that tells of deletions decides.
        self.books.accountant.delete_last(self.year, "V1")
        self.by_hand()
        self.pull()
        self.assertEqual(row.state, "gone")

    def test_x31_renumbered_onto_a_number_that_is_kept_for_nothing(self):
        """A document that is kept out holds no number that Octopus gave to another."""
        row, out = self.booked(), self.row(self.document())
        number = row.number + 7
        out.exclude("booked by hand")
        out.sudo().write({"journal_year_id": row.journal_year_id.id, "number": number})
        self.books.accountant.renumber(self.there(row).key, number)
        self.pull()
        self.assertEqual((row.number, out.number), (number, 0))
        self.assert_booked(row)
        # And back, which leaves no gap behind.
        self.books.accountant.renumber(self.there(row).key, number - 7)
        self.pull()
        self.assert_booked(row)

    def test_x31_renumbered_it_is_followed(self):
        """Both ways in which the feeds may tell it, §2.2."""
        for feed in ("delete_and_modify", "modify"):
            with self.subTest(renumber_feed=feed):
                self.sandbox.world.set_switches({"renumber_feed": feed})
                row = self.booked()
                number = row.number
                # And back, which leaves no gap behind.
                for new in (number + 7, number):
                    self.books.accountant.renumber(self.there(row).key, new)
                    self.pull()
                    self.assertEqual(row.number, new)
                    self.assert_booked(row)
                self.assertEqual(self.history(row).count("Renumbered in Octopus"), 2)

    def test_x31_renumbered_and_edited_it_is_followed_and_differs(self):
        """It is there under its own name: to call it gone invites a second one."""
        for feed in ("delete_and_modify", "modify"):
            with self.subTest(renumber_feed=feed):
                self.sandbox.world.set_switches({"renumber_feed": feed})
                row = self.booked()
                number = row.number
                self.edit(row, amount=Decimal("122.00"))
                # And back, which leaves no gap behind.
                for new in (number + 7, number):
                    self.books.accountant.renumber(self.there(row).key, new)
                    self.pull()
                    self.assertEqual((row.number, row.state), (new, "differs"))
                    self.assertEqual(row.differences[0]["what"], "amount")

    def test_x30_x31_renumbered_after_odoo_took_it_back(self):
        """Somebody must still know that Octopus has it, and Odoo does not."""
        for feed in ("delete_and_modify", "modify"):
            with self.subTest(renumber_feed=feed):
                self.sandbox.world.set_switches({"renumber_feed": feed})
                row = self.booked()
                number = row.number
                row.move_id.button_draft()
                # And back, which leaves no gap behind.
                for new in (number + 7, number):
                    self.books.accountant.renumber(self.there(row).key, new)
                    self.pull()
                    self.assertEqual((row.number, row.state), (new, "changed"))

    def test_x31_nothing_happened_costs_two_calls(self):
        self.booked()
        self.pull()
        self.sandbox.world.calls.clear()
        self.pull()
        names = {call.operation for call in self.calls() if "Booking" in call.operation}
        self.assertLessEqual(
            names, {"getModifiedBuySellBookings", "getReportModifiedBooking"}
        )
        feeds = [call for call in self.calls() if call.operation in names]
        self.assertEqual(len(feeds), 2)

    def test_x44_a_service_that_is_down_changes_nothing(self):
        row = self.booked()
        self.books.accountant.delete_last(self.year, "V1")
        self.faults.add("status", operation="getReportModifiedBooking", status=503)
        self.faults.add("status", operation="getModifiedBuySellBookings", status=503)
        self.pull()
        self.assertEqual(row.state, "booked")
        self.faults.clear()
        self.pull()
        self.assertEqual(row.state, "gone")

    def test_x31_an_answer_that_can_not_be_read_is_asked_for_again(self):
        """The feed is not taken for read: what it would have told is told later."""
        row = self.booked()
        self.pull()
        self.books.accountant.delete_last(self.year, "V1")
        for operation in ("getModifiedBuySellBookings", "getReportModifiedBooking"):
            with self.subTest(operation=operation):
                read_until = self.dossier.bookings_since
                self.faults.add("html", operation=operation)
                self.pull()
                self.assertEqual(self.dossier.bookings_since, read_until)
        self.pull()
        self.assertEqual(row.state, "gone")


class TestDecide(StandingCase):
    """Three choices, and none of them by itself."""

    def test_x29_changed_here_and_updated_there(self):
        row = self.changed()
        self.decide(row, "update")
        self.assert_booked(row)
        self.assertEqual(len(self.calls(UPDATE)), 1)
        self.pull()
        self.assertEqual(row.state, "booked")

    def test_x29_an_update_without_answer_may_be_done_again(self):
        for when in ("before", "after"):
            with self.subTest(when=when):
                row = self.changed()
                self.faults.add("close", operation=UPDATE, when=when)
                with self.failing(UserError):
                    self.decide(row, "update")
                self.assertEqual(row.state, "changed")
                self.decide(row, "update")
                self.assert_booked(row)

    def test_x31_an_update_never_writes_over_another_document(self):
        """The accountant used the number, and no feed was read since."""
        row = self.changed()
        self.books.accountant.delete_last(self.year, "V1")
        self.by_hand()
        there = self.there(row)
        with self.failing(UserError):
            self.decide(row, "update")
        self.assertEqual(row.state, "gone")
        self.assertEqual(self.statuses(UPDATE), [])
        self.assertIs(self.there(row), there)

    def test_x29_an_update_that_octopus_refuses_leaves_it_as_it_was(self):
        row = self.changed()
        self.books.accountant.protect_period(self.year, row.period_number)
        with self.failing(UserError):
            self.decide(row, "update")
        self.assertEqual(row.state, "changed")
        self.books.accountant.protect_period(self.year, 0)

    def test_x29_x25_an_update_that_is_refused_stops_no_other(self):
        """Each that could not be updated is named, whatever their order."""
        rows = self.changed() | self.changed() | self.changed()
        rows[0].move_id.button_draft()
        rows[2].move_id.button_draft()
        with self.failing(UserError) as told:
            self.decide(rows, "update")
        self.assertEqual(rows.mapped("state"), ["changed", "booked", "changed"])
        for row, named in zip(rows, (True, False, True), strict=True):
            self.assertEqual(row.document_name in str(told[0]), named)

    def test_x29_changed_and_credited_by_odoo(self):
        action = self.decide(self.changed(), "credit")
        self.assertEqual(action["res_model"], "account.move.reversal")

    def test_x29_changed_and_settled_needs_a_reason(self):
        row = self.changed()
        with self.failing(UserError):
            self.decide(row, "settle")
        self.decide(row, "settle", "rounding, on the phone")
        self.assertEqual(row.state, "booked")
        self.assertIn("rounding, on the phone", self.history(row))
        self.assertEqual(self.statuses(UPDATE), [])
        self.pull()
        self.assertEqual(row.state, "booked")

    def test_x31_different_there_and_taken_for_right(self):
        row = self.booked()
        self.edit(row, amount=Decimal("60.50"))
        self.pull()
        self.decide(row, "settle", "he is right")
        self.pull()
        self.assertEqual((row.state, row.amount), ("booked", 60.5))
        self.edit(row, amount=Decimal("30.25"))
        self.pull()
        self.assertEqual(row.state, "differs")

    def test_x31_what_nobody_was_told_is_not_settled_with_the_rest(self):
        """The push reads the journal, too; who settles then has not seen the edit."""
        row = self.changed()
        self.edit(row, amount=Decimal("60.50"))
        self.by_hand()
        self.send(self.document())
        self.assertEqual(row.entry_ids.amount, 60.5)
        self.decide(row, "settle", "he is right")
        self.pull()
        self.assertEqual((row.state, row.differences[0]["there"]), ("differs", "60.50"))

    def test_x31_different_there_and_put_back(self):
        row = self.booked()
        self.edit(row, amount=Decimal("60.50"))
        self.pull()
        self.decide(row, "update")
        self.assert_booked(row)

    def test_x31_gone_and_sent_again(self):
        row = self.booked()
        self.books.accountant.delete_last(self.year, "V1")
        self.pull()
        row.sudo().payments_linked = True
        self.decide(row, "send_again")
        self.assertFalse(row.payments_linked, "what was matched was the other one")
        self.push()
        self.assert_booked(row)

    def test_x31_sent_again_tells_when_it_goes(self):
        """Not *within some minutes* where nothing is sent at all."""
        problem = Finding(codes.LOGIN_REJECTED, {"connection": "X"}).as_json()
        connection = self.dossier.connection_id.sudo()
        for record, values, wanted in (
            (self.dossier.sudo(), {}, "goes within some minutes"),
            (self.dossier.sudo(), {"paused": True}, "is paused"),
            (self.dossier.sudo(), {"shadow": True}, "Shadow mode: nothing is sent"),
            (
                connection,
                {"state": "rejected", "problem": problem},
                "does not work now",
            ),
        ):
            with self.subTest(**values):
                row = self.booked()
                row.sudo().state = "gone"
                before = {name: record[name] for name in values}
                record.write(values)
                told = self.decide(row, "send_again", agreed=True)["params"]
                record.write(before)
                self.assertIn(wanted, told["message"])
                if values:
                    self.assertNotIn("some minutes", told["message"])
                self.assertEqual((row.state, row.queued), ("ready", True))
                self.push()

    def test_x31_gone_and_sent_again_asks_what_stands_there(self):
        """A booking of the same contact may be the document, edited; whether its number
        was seen free in between or not."""
        self.booked()
        for state in ("gone", "differs"):
            with self.subTest(state=state):
                row = self.booked()
                relation = self.there(row).relation
                self.books.accountant.delete_last(self.year, "V1")
                if state == "gone":
                    self.pull()
                key = self.books.accountant.book_document(
                    "V1", self.today, relation, [], f"see file {state}", Decimal(0)
                )
                self.pull()
                self.assertEqual((row.state, row.number), (state, key.number))
                with self.failing(UserError) as told:
                    self.decide(row, "send_again")
                self.assertIn("see file", str(told[0]))
                self.assertEqual(row.state, state)
                self.decide(row, "send_again", agreed=True)
                self.push()
                self.assert_booked(row)
                self.assertEqual(row.number, key.number + 1)
                self.assertFalse(
                    self.env["octopus.journal.entry"].search(
                        [("number", "=", key.number), ("booking_id", "=", row.id)]
                    )
                )

    def test_x29_what_certainly_is_there_is_not_sent_again(self):
        with self.failing(UserError):
            self.decide(self.changed(), "send_again")

    def test_x31_gone_and_settled(self):
        row = self.booked()
        self.books.accountant.delete_last(self.year, "V1")
        self.pull()
        self.decide(row, "settle", "was double")
        self.assertEqual((row.state, row.number), ("excluded", 0))
        self.push()
        self.assertEqual(len(self.calls(INSERT)), 1)
        # Its number is the next document's, which has nothing to wait for.
        self.booked()

    def test_z13_not_for_who_may_not_send(self):
        row = self.changed()
        clerk = new_test_user(self.env, "clerk", groups="account.group_account_invoice")
        with self.assertRaises(AccessError):
            row.with_user(clerk).action_adopt()


class TestWithdrawal(StandingCase):
    """Taken back in Odoo (X.30)."""

    def test_x30_reset_to_draft_asks_why_and_keeps_it(self):
        row = self.booked()
        action = row.move_id.action_octopus_draft()
        form = Form(self.env[action["res_model"]].browse(action["res_id"]))
        form.reason = "wrong customer"
        form.save().action_withdraw()
        self.assertEqual((row.move_id.state, row.state), ("draft", "changed"))
        self.assertIn("wrong customer", self.history(row))
        self.assertIn("wrong customer", " ".join(row.message_ids.mapped("body")))

    def test_x30_confirmed_again_as_it_was_it_is_booked(self):
        row = self.booked()
        row.move_id.button_draft()
        self.assertEqual(row.state, "changed")
        row.move_id.action_post()
        self.assertEqual(row.state, "booked")

    def test_x30_taken_back_here_it_stays_changed_whatever_happens_there(self):
        """Reset to draft or deleted, then edited and put back by the accountant (X.25,
        X.31): nobody takes it for booked, and every other document is still read."""
        draft, deleted, other = self.booked(), self.booked(), self.booked()
        name = deleted.document_name
        draft.move_id.button_draft()
        deleted.move_id.button_draft()
        deleted.move_id.unlink()
        rows = draft | deleted | other
        for amount, states in (
            ("60.50", {"differs"}),
            ("121.00", {"changed", "booked"}),
        ):
            for row in rows:
                self.edit(row, amount=Decimal(amount))
            self.pull()
            self.assertEqual(set(rows.mapped("state")), states)
        self.assertEqual(set((draft | deleted).mapped("state")), {"changed"})
        self.assertEqual(other.state, "booked")
        self.assertEqual(deleted.document_name, name)

    def test_x30_cancelled_or_deleted_it_stays_changed(self):
        row, other = self.booked(), self.booked()
        row.move_id.button_draft()
        row.move_id.button_cancel()
        self.assertEqual(row.state, "changed")
        other.move_id.button_draft()
        other.move_id.unlink()
        self.assertEqual(other.state, "changed")
        self.decide(row | other, "settle", "agreed")
        self.assertEqual(set((row | other).mapped("state")), {"booked"})


class TestFirstDay(RestoreCase):
    """Bookings from before the link are offered before anything is sent (X.32)."""

    def look(self):
        return self.dossier.action_look_for_existing()

    def test_x32_what_is_there_is_offered_and_nothing_of_it_sent(self):
        self.known(self.document())
        same, other = self.document(), self.document(lines=[(44.0, None)])
        self.typed(same)
        self.by_hand()
        rows = self.queue(same, other)
        row = self.row(same)
        self.look()
        self.assertEqual((row.state, row.cause), ("blocked", "maybe_booked"))
        self.assertEqual(row.candidate_amount, same.amount_total)
        self.assertIn("amount", row.candidate_reason)
        self.assertGreaterEqual(row.candidate_score, 70)
        self.push()
        self.assert_booked(self.row(other))
        self.assertEqual(row.state, "blocked")
        numbers = self.last()
        rows.filtered("candidate_id").action_adopt()
        self.assertEqual((row.state, row.number), ("booked", numbers - 2))
        self.push()
        self.pull()
        self.assertEqual(self.last(), numbers)
        self.assertEqual(row.state, "booked")

    def test_x30_x32_what_is_linked_while_it_is_a_draft_is_told(self):
        self.known(self.document())
        move = self.document()
        self.typed(move)
        row = self.queue(move)
        self.look()
        move.button_draft()
        row.action_adopt()
        self.assertEqual((row.state, row.number), ("changed", self.last()))
        move.action_post()
        self.assertEqual(row.state, "booked")

    def test_x32_another_document_goes_and_is_not_asked_again(self):
        self.known(self.document())
        move = self.document()
        self.typed(move)
        row = self.queue(move)
        self.look()
        row.action_other_document()
        self.look()
        self.push()
        self.assert_booked(row)
        self.assertIn("another document", " ".join(move.message_ids.mapped("body")))

    def test_x32_one_booking_is_not_two_documents(self):
        self.known(self.document())
        one, two = self.document(), self.document()
        self.typed(one)
        rows = self.queue(one, two)
        self.look()
        self.assertEqual(set(rows.mapped("cause")), {"maybe_booked"})
        with self.failing(UserError):
            rows.action_adopt()

    def test_x32_what_was_deleted_since_is_no_document(self):
        self.known(self.document())
        move = self.document()
        self.typed(move)
        row = self.queue(move)
        self.look()
        self.books.accountant.delete_last(self.year, "V1")
        self.refresh()
        with self.failing(UserError):
            row.action_adopt()
        self.assertEqual((row.state, row.number), ("blocked", 0))
        row.action_other_document()
        self.push()
        self.assert_booked(row)

    def test_x20_a_disputed_number_has_the_same_choice(self):
        for choice in ("adopt", "other_document"):
            with self.subTest(choice=choice):
                self.faults.add("close", operation=INSERT, when="after")
                row = self.send(self.document())
                self.books.accountant.edit(self.there(row).key, amount=Decimal("60.50"))
                self.later(row)
                self.push()
                self.assertEqual(row.cause, "number_disputed")
                entry = row.candidate_id
                self.assertEqual(entry.amount, 60.5)
                if choice == "adopt":
                    row.action_adopt()
                    self.assertEqual((row.state, row.number), ("booked", entry.number))
                    continue
                self.books.accountant.edit(
                    self.copies(row.move_id)[0].key, comment="not that one"
                )
                row.action_other_document()
                self.push()
                self.assert_booked(row)
