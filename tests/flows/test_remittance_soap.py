"""Payments to Octopus over SOAP: what of them differs there (issue 5 §4, H.1, H.2)."""

from datetime import timezone
from decimal import Decimal

from odoo.addons.octopus_connector.api.client import ALL_BOOKYEARS
from odoo.addons.octopus_connector.sync.line_relations import all_recognised

from . import (
    test_payment_standing,
    test_remittance,
    test_remittance_accounts,
    test_remittance_documents,
    test_remittance_dossiers,
    test_remittance_unknown,
)
from .test_soap import only


@only(
    "test_h1_a_receipt_is_booked_and_matched",
    "test_h1_one_payment_of_two_invoices",
    "test_x23_a_lost_answer_to_a_booking",
    "test_x23_sent_into_another_journal_since_it_was_prepared",
    "test_x32_a_restored_backup_books_and_matches_nothing_again",
    "test_x32_altered_and_lost_with_a_restored_backup",
    "test_x32_a_refused_feed_of_a_few_is_read_singly",
    "test_x32_it_is_this_one",
)
class TestRemittanceSoap(
    test_remittance.TestRemittance, test_remittance_unknown.TestRemittanceUnknown
):
    """Lines hold our own numbers of relations only, and no call takes a match back."""

    transport = "soap"

    def test_h2_a_match_taken_back_by_hand_is_done(self):
        """Capability balancing_delete is missing: the accountant is asked, and what was
        done is seen."""
        invoice, other = self.booked(amount=50.0), self.booked(amount=30.0)
        payment = self.pay(invoice, other)
        self.push()
        row = self.row(payment)
        invoice.move_id.line_ids.remove_move_reconcile()
        self.push()
        self.assertEqual((row.match_state, row.cause), ("blocked", "match_by_hand"))
        self.assertEqual(self.matched(row)[self.name(invoice)], Decimal("50.00"))
        for match in row.match_ids.filtered(lambda it: it.booking_id == invoice):
            self.unmatch(invoice, f"{self.key(row)}/{match.line}")
        row.action_send()
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertEqual(self.matched(row), {self.name(other): Decimal("30.00")})
        self.assert_same_open(invoice, other)


@only("test_x65_a_discount_whose_vat_is_corrected")
class TestRemittanceAccountsSoap(test_remittance_accounts.TestRemittanceAccounts):
    """Accounts on a payment over SOAP."""

    transport = "soap"


@only(
    "test_x66_a_bank_line_of_a_draft_bill_waits",
    "test_x66_a_draft_from_before_the_start_comes_after_all",
)
class TestRemittanceDocumentsSoap(test_remittance_documents.TestRemittanceDocuments):
    """What a payment over SOAP waits for."""

    transport = "soap"


@only(
    "test_x51_an_advance_of_a_former_dossier_is_taken_back_there",
    "test_x51_b3_a_payment_of_a_branch_that_follows_again",
)
class TestRemittanceDossiersSoap(test_remittance_dossiers.TestRemittanceDossiers):
    """Payments over SOAP of companies that changed their dossier."""

    transport = "soap"


@only(
    "test_h2_what_was_edited_since_the_last_reading_is_not_undone_either",
    "test_z13_a_list_of_payments_that_is_refused_stops_no_documents",
    "test_z13_a_payment_that_was_edited_there_is_one_question",
    "test_z13_another_day_is_told_without_amounts",
    "test_z13_what_was_edited_after_it_was_undone_is_asked",
)
class TestPaymentStandingSoap(test_payment_standing.TestPaymentStanding):
    """What the accountant does to a payment that went over SOAP."""

    transport = "soap"

    def test_h2_what_nobody_edited_is_undone_without_a_question(self):
        """Lines that are read back name the relation as we do, not as Octopus does."""
        invoice, row = self.sent()
        self.unmatch(invoice, f"{self.key(row)}/1")
        row.payment_id.action_cancel()
        self.push()
        self.pull()
        self.assertEqual(row.state, "reversed", row.reversal_ids.findings)
        self.assertFalse(self.questions_of(row))

    def test_z13_a_relation_that_became_inactive_changes_no_payment(self):
        """What was booked on it stays so."""
        invoice, row = self.sent()
        relation = invoice.move_id.partner_id.octopus_relation_ids
        self.books.dossier.relations[relation.octopus_id].active = False
        relation.sudo().active = False
        key = self.key(row)
        self.act("unmatch_document", key=key)
        for amount in ("122", "121"):
            self.act("edit_line", key=key, line=1, amount=amount)
        self.pull()
        self.assertFalse(relation.active)
        self.assertFalse(self.questions_of(row).mapped("text"))
        self.assertEqual(row.state, "booked")

    def test_z13_relations_of_many_payments_are_looked_up_at_once(self):
        rows = [self.sent(amount)[1] for amount in (121.0, 50.0, 30.0)]
        with self.dossier.client() as octopus:
            since = rows[0].create_date.replace(tzinfo=timezone.utc)
            listed = list(
                octopus.financial_bookings_modified(ALL_BOOKYEARS, None, since)
            )
            counts = []
            for few in (listed, listed[:1], listed):
                before = self.env.cr.sql_log_count
                told = all_recognised(self.env(su=True), octopus, few)
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(told), 3)
        self.assertEqual(counts[1:], [1, 1], "the first one fills caches")
        for booking in told:
            self.assertTrue(booking.lines[0].relation.id)
