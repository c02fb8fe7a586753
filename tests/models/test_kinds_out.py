"""Kinds of documents that stay out of Octopus (L.2)."""

from odoo.exceptions import UserError

from tests.common import OctopusCase

KINDS = ("out_invoice", "out_refund", "in_invoice", "in_refund")


class TestKindsOut(OctopusCase):
    def keep_out(self, *kinds):
        for kind in kinds:
            self.company.octopus_write_settings({f"octopus_{kind}_goes": False})
            self.company[f"octopus_{kind}_journal_id"] = False

    def test_l2_each_kind_can_stay_out(self):
        """L.2: it gets no row, blocks nothing, is asked about nowhere; others go."""
        self.dossier.automatic = False
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.keep_out(kind)
                move = self.document(kind)
                self.push()
                self.assertFalse(move.octopus_booking_id)
                self.assertIn("stay out of Octopus", move.octopus_told)
                with self.assertRaisesRegex(UserError, "stay out of Octopus"):
                    move.action_octopus_send()
                other = next(each for each in KINDS if each != kind)
                goes = self.document(other)
                goes.action_octopus_send()
                self.assertEqual(goes.octopus_state, "booked")
                self.company[f"octopus_{kind}_goes"] = True
                self.restore(kind)

    def restore(self, kind):
        letter = "V1" if kind.startswith("out") else "A1"
        self.company[f"octopus_{kind}_journal_id"] = self.dossier.journal_ids.filtered(
            lambda row: row.key == letter
        )

    def test_l2_no_one_is_told_of_what_stays_out(self):
        """L.2: no activity for documents of before the VAT return."""
        bill = self.document("in_invoice", invoice_date="2026-01-15")
        self.push()
        asked = [("octopus_not_asked", "=", True), ("id", "=", bill.id)]
        found = self.env["account.move"].search_count(asked)
        self.keep_out("in_invoice", "in_refund")
        self.assertFalse(self.env["account.move"].search_count(asked))
        self.assertTrue(found or bill.octopus_state, "it was told of before")

    def test_l2_what_waited_comes_back(self):
        """L.2: what was asked for is forgotten; it comes when the kind goes again."""
        bill = self.document("in_invoice")
        bill._octopus_queue(self.env.user)
        self.assertTrue(bill.octopus_booking_id)
        self.keep_out("in_invoice")
        self.assertFalse(bill.octopus_booking_id)
        self.company.octopus_in_invoice_goes = True
        self.restore("in_invoice")
        bill.action_octopus_send()
        self.assertEqual(bill.octopus_state, "booked")

    def test_l2_what_is_booked_stays(self):
        """L.2: what is in Octopus is left alone."""
        invoice = self.document()
        invoice.action_octopus_send()
        self.keep_out("out_invoice")
        self.assertEqual(invoice.octopus_state, "booked")

    def test_l2_the_year_asks_for_no_journal_of_it(self):
        """L.2: the journals of kinds that stay out are used by nobody."""
        self.company.octopus_write_settings(
            {"octopus_in_invoice_goes": False, "octopus_in_refund_goes": False}
        )
        used = self.company.octopus_journals_used()
        self.assertEqual(set(used.mapped("type")), {"V"})

    def test_l2_receipts_follow_their_direction(self):
        """L.2: receipts go where invoices of their direction go, or stay out."""
        self.company.octopus_receipts = "go"
        self.company.octopus_in_invoice_goes = False
        kinds = self.company.octopus_kinds()
        self.assertIn("out_receipt", kinds)
        self.assertNotIn("in_receipt", kinds)
