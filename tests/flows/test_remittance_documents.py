"""Payments of documents that Octopus gets later, or never (X.66)."""

from decimal import Decimal

from odoo.addons.octopus_connector.send.collect_documents import rows_for

from .remittance_case import RemittanceCase


class TestRemittanceDocuments(RemittanceCase):
    """What a payment waits for, and what it is matched with in the end."""

    def draft(self, amount=250.0, kind="in_invoice", **values):
        """A draft without a number."""
        move = self.document(
            kind, [(amount, self.env["account.tax"])], post=False, **values
        )
        self.assertIn(move.name, (False, "/"))
        return move

    def payment_row(self):
        return self.env["octopus.payment"].search([])

    def told(self, row):
        """``{code: documents}`` of what is told about documents."""
        return {
            found["code"]: found["params"]["documents"] for found in row.findings or []
        }

    def assert_matched(self, row, *bookings):
        """It is booked once, and matched with just these documents, with all of
        them."""
        self.assert_booked(row)
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertEqual(
            self.matched(row),
            {
                self.name(booking): Decimal(f"{booking.move_id.amount_total:.2f}")
                for booking in bookings
            },
        )
        self.assert_same_open(*bookings)

    def test_x66_a_bank_line_of_a_draft_bill_waits(self):
        bill = self.draft()
        line = self.statement_of(-250.0, bill)
        self.push()
        row = self.payment_row()
        self.assertEqual(row.move_id, line.move_id)
        self.assertEqual(
            (row.state, self.told(row)),
            ("waiting", {"payment_waits": [bill.display_name]}),
        )
        self.assertIn(bill.display_name, row.cause_text)
        self.assertFalse(self.copies(row))
        bill.action_post()
        booking = self.book(bill)
        self.push()
        self.assert_matched(row, booking)
        self.assertEqual(self.told(row), {})

    def test_x66_one_of_two_documents_is_a_draft(self):
        bill, draft = self.booked("in_invoice", 100.0), self.draft(150.0)
        self.statement_of(-250.0, bill.move_id, draft)
        self.push()
        row = self.payment_row()
        self.assertEqual(self.told(row), {"payment_waits": [draft.display_name]})
        draft.action_post()
        self.push()
        self.assert_matched(row, bill, draft.octopus_booking_id)

    def test_x66_a_draft_that_is_deleted_is_not_waited_for(self):
        bill = self.draft()
        self.statement_of(-250.0, bill)
        self.push()
        row = self.payment_row()
        self.assertEqual(row.state, "waiting")
        bill.unlink()
        self.push()
        self.assert_matched(row)

    def test_x66_an_advance_of_a_draft(self):
        """It is booked already when it is reconciled with the draft."""
        other = self.booked(amount=100.0)
        payment = self.pay(other, amount=150.0)
        self.push()
        row = self.row(payment)
        draft = self.draft(50.0, "out_invoice")
        (self.open_lines(payment.move_id) | self.open_lines(draft)).reconcile()
        self.push()
        self.assertEqual(
            (row.match_state, self.told(row)),
            ("waiting", {"payment_waits": [draft.display_name]}),
        )
        draft.action_post()
        booking = self.book(draft)
        self.push()
        self.assert_matched(row, other, booking)

    def test_x66_a_draft_from_before_the_start_comes_after_all(self):
        """Outside the scope of today it goes unmatched; a change of the start brings
        the bill to Octopus, and the payment is matched then."""
        self.company.octopus_start_date = self.today
        bill = self.draft(invoice_date=self.days_ago(20), date=self.days_ago(20))
        self.statement_of(-250.0, bill)
        self.push()
        row = self.payment_row()
        self.assert_matched(row)
        self.assertEqual(self.told(row), {"payment_unmatched": [bill.display_name]})
        bill.action_post()
        self.push()
        self.assert_matched(row)
        self.company.octopus_start_date = self.days_ago(30)
        self.push()
        self.assert_matched(row, bill.octopus_booking_id)
        self.assertEqual(self.told(row), {})
        calls = len(self.calls())
        self.push()
        self.assertEqual(len(self.calls()), calls, "nothing is left to do")

    def test_x66_what_was_kept_out_comes_after_all(self):
        """Two that were kept out; the one that is booked is matched, the other is still
        told."""
        first = self.document("in_invoice", [(100.0, self.env["account.tax"])])
        second = self.document("in_invoice", [(150.0, self.env["account.tax"])])
        rows = rows_for((first | second).sudo())
        rows.exclude("booked by hand")
        self.statement_of(-250.0, first, second)
        self.push()
        row = self.payment_row()
        self.assertEqual(list(self.told(row)), ["payment_unmatched"])
        self.assertCountEqual(
            self.told(row)["payment_unmatched"], [first.name, second.name]
        )
        rows[0].unlink()
        booking = self.book(first)
        self.push()
        self.assert_matched(row, booking)
        self.assertEqual(self.told(row), {"payment_unmatched": [second.name]})
        self.assertEqual(self.open_line(row), Decimal("150.00"))

    def test_x66_what_is_reconciled_later_and_never_comes_is_told(self):
        """Not only what was known when the payment was booked."""
        payment = self.pay(self.booked(amount=100.0), amount=150.0)
        self.push()
        row = self.row(payment)
        self.company.octopus_start_date = self.today
        old = self.document(
            lines=[(50.0, self.env["account.tax"])], invoice_date=self.days_ago(40)
        )
        (self.open_lines(payment.move_id) | self.open_lines(old)).reconcile()
        self.push()
        self.assertEqual(row.match_state, "done")
        self.assertEqual(self.told(row), {"payment_unmatched": [old.name]})
