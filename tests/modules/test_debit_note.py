"""Debit notes: invoices and bills that name another one."""

from .module_case import ModuleCase


class TestDebitNote(ModuleCase):
    modules = ("account_debit_note",)

    def debit_note(self, move, copy_lines=True):
        wizard = (
            self.env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"date": self.today, "copy_lines": copy_lines, "reason": "more"})
        )
        wizard.create_debit()
        note = self.env["account.move"].search([("debit_origin_id", "=", move.id)])
        note.invoice_date = self.today
        note.action_post()
        return note

    def test_a_debit_note_of_an_invoice_goes_beside_it(self):
        invoice = self.document()
        note = self.debit_note(invoice)
        self.push()
        for move in (invoice, note):
            self.assert_document(move, "121.00", [("100.00", "21.00")])
        self.assertFalse(self.held())

    def test_a_debit_note_of_a_bill_is_not_taken_for_the_same_bill(self):
        """X.63: it has the vendor, the amount and the day of the bill."""
        bill = self.document("in_invoice")
        note = self.debit_note(bill)
        self.assertEqual(note.amount_total, bill.amount_total)
        self.push()
        for move in (bill, note):
            self.assert_document(move, "121.00", [("100.00", "21.00")], "A1")
        self.assertFalse(self.held())
