"""What the accountant does to a payment that Odoo booked (X.31, Z.13)."""

from decimal import Decimal

from .remittance_case import INSERT, RemittanceCase


class TestPaymentStanding(RemittanceCase):
    def sent(self, amount=121.0):
        """A payment that is booked and matched, and its row."""
        invoice = self.booked(amount=amount)
        payment = self.pay(invoice)
        self.push()
        self.pull()
        return invoice, self.row(payment)

    def questions_of(self, row):
        return self.questions().filtered(lambda it: it.key == f"payment:{row.id}")

    def test_x31_a_payment_that_was_deleted_there_is_gone_at_the_next_reading(self):
        invoice, row = self.sent()
        self.act("delete_last", bookyear=self.year, journal="F1")
        self.pull()
        self.assertEqual(row.state, "gone")
        self.assertEqual(invoice.move_id.payment_state, "paid")

    def test_x31_a_number_that_others_use_anew_is_not_ours(self):
        _invoice, row = self.sent()
        self.act("delete_last", bookyear=self.year, journal="F1")
        self.act(
            "book_line",
            journal="F1",
            date=str(self.today),
            account=650000,
            amount="-2.50",
        )
        self.pull()
        self.assertEqual(row.state, "gone")
        _other, later = self.sent(50.0)
        self.assert_booked(later)

    def test_z13_a_payment_that_was_edited_there_is_one_question(self):
        """Until it is again what was sent; nothing is changed by itself."""
        _invoice, row = self.sent()
        key = self.key(row)
        self.act("unmatch_document", key=key)
        self.act("edit_line", key=key, line=1, amount="122")
        for _time in range(2):
            self.pull()
        question = self.questions_of(row)
        self.assertEqual((question.kind, question.amount), ("difference", 1.0))
        self.assertIn("122.00", question.text)
        self.assertEqual((row.state, row.amount), ("booked", 121.0))
        self.act("edit_line", key=key, line=1, amount="121")
        self.pull()
        self.assertEqual(question.state, "closed")

    def test_z13_a_list_of_payments_that_is_refused_stops_no_documents(self):
        """They are compared, and the payment is asked about at the next reading."""
        _invoice, row = self.sent()
        key = self.key(row)
        self.act("unmatch_document", key=key)
        self.act("edit_line", key=key, line=1, amount="122")
        self.faults.add(
            "status", status=400, operation="getModifiedFinancialDiversBookings"
        )
        self.dossier.sudo().compared_at = False
        self.pull()
        self.assertTrue(self.dossier.compared_at)
        self.assertFalse(self.questions_of(row))
        self.pull()
        self.assertEqual(self.questions_of(row).amount, 1.0)

    # Taken back here, though it was edited there

    def taken_back(self):
        """A payment that was edited in Octopus, then cancelled in Odoo; its key, its
        row and the one that would take it back."""
        _invoice, row = self.sent()
        key = self.key(row)
        self.act("unmatch_document", key=key)
        self.act("edit_line", key=key, line=1, amount="122")
        self.pull()
        row.payment_id.action_cancel()
        self.push()
        return key, row, row.reversal_ids

    def test_h2_what_was_edited_there_is_not_undone_with_another_amount(self):
        """A cent too much or too little would stay in Octopus's books: it waits."""
        key, row, back = self.taken_back()
        self.assertEqual((back.state, back.cause), ("blocked", "payment_undo_edited"))
        self.assertIn(row.octopus_number, back.cause_text)
        self.assertEqual(len(self.calls(INSERT)), 1)
        self.act("edit_line", key=key, line=1, amount="121")
        self.pull()
        self.push()
        self.assertEqual((row.state, back.state), ("reversed", "booked"))
        self.assertEqual(self.there(back).total, Decimal("-121.00"))

    def test_h2_what_was_edited_and_deleted_there_needs_no_undoing(self):
        _key, row, back = self.taken_back()
        self.act("delete_last", bookyear=self.year, journal="F1")
        self.pull()
        self.push()
        self.assertEqual((row.state, back.state), ("reversed", "excluded"))
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_h2_what_was_edited_since_the_last_reading_is_not_undone_either(self):
        """The likeliest moment: edited there and cancelled here within the hour."""
        _invoice, row = self.sent()
        key = self.key(row)
        self.act("unmatch_document", key=key)
        self.act("edit_line", key=key, line=1, amount="122")
        row.payment_id.action_cancel()
        self.push()
        [back] = row.reversal_ids
        self.assertEqual((back.state, back.cause), ("blocked", "payment_undo_edited"))
        self.assertEqual(self.questions_of(row).state, "open")
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_z13_what_was_edited_after_it_was_undone_is_asked(self):
        _invoice, row = self.sent()
        row.payment_id.action_cancel()
        self.push()
        self.assertEqual(row.state, "reversed")
        self.act("edit_line", key=self.key(row), line=1, amount="122")
        self.pull()
        self.assertIn("122.00", self.questions_of(row).text)

    def test_z13_another_day_is_told_without_amounts(self):
        """They are the same on both sides."""
        _invoice, row = self.sent()
        self.act("unmatch_document", key=self.key(row))
        self.alter(row, days=1)
        self.dossier.sudo().equal_at = False
        self.pull()
        question = self.questions_of(row)
        self.assertEqual(question.code, "payment_edited_otherwise")
        self.assertFalse(self.dossier.equal_at, "a person must say what is right")
        self.assertNotIn("EUR", question.text)
