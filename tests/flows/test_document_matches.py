"""Documents that are reconciled with each other in Odoo are matched there (L.10)."""

from datetime import timedelta
from decimal import Decimal

from .remittance_case import MATCH, UNMATCH, RemittanceCase
from .test_soap import only

D = Decimal


class TestDocumentMatches(RemittanceCase):
    """All banks are kept in Odoo."""

    def settle(self, *bookings):
        """Reconcile documents with each other, as *Add* on an open credit does."""
        lines = self.env["account.move.line"].union(
            *(row.move_id.line_ids for row in bookings)
        )
        kinds = ("asset_receivable", "liability_payable")
        terms = lines.filtered(lambda line: line.account_type in kinds)
        terms.reconcile()
        return terms

    def matches(self):
        """``[(debit, credit, amount)]`` of what is matched there."""
        return sorted(
            (
                f"{pair.debit.journal}/{pair.debit.number}",
                f"{pair.credit.journal}/{pair.credit.number}",
                pair.amount,
            )
            for pair in self.books.dossier.balancings.values()
            if pair.debit.line == pair.credit.line == -1
        )

    def pair(self, debit, credit):
        return self.env["octopus.document.match"].search(
            [
                ("debit_move_id", "=", debit.move_id.id),
                ("credit_move_id", "=", credit.move_id.id),
            ]
        )

    def unmatch(self, debit, credit):
        """The accountant takes the match of two documents back."""
        sides = {"debit": debit, "credit": credit}
        self.act(
            "unmatch", **{name: f"{self.key(it)}/-1" for name, it in sides.items()}
        )

    def again(self):
        """Let what waits come due, and the next pass look."""
        for row in self.env["octopus.document.match"].search([]):
            if row.retry_at:
                row.sudo().retry_at -= timedelta(days=2)
        self.push()

    def test_l10_a_credit_note_of_the_whole_invoice(self):
        invoice, credit = self.booked(amount=500.0), self.booked("out_refund", 500.0)
        self.settle(invoice, credit)
        self.push()
        self.assertEqual(
            self.matches(), [(self.name(invoice), self.name(credit), D("500.00"))]
        )
        self.assert_same_open(invoice, credit)
        self.push()
        self.assertEqual(len(self.calls(MATCH)), 1)

    def test_l10_x67_a_credit_note_and_the_rest_is_paid(self):
        """The invoice of 500, a credit note of 100, 400 by bank."""
        invoice, credit = self.booked(amount=500.0), self.booked("out_refund", 100.0)
        self.settle(invoice, credit)
        payment = self.pay(invoice)
        self.push()
        self.assert_booked(self.row(payment))
        self.assertEqual(self.open_there(invoice), 0)
        self.assertEqual(self.open_there(credit), 0)
        self.assertFalse(self.questions())

    def test_l10_of_a_supplier(self):
        """There the credit note stands on the debit side."""
        bill, credit = self.booked("in_invoice", 300.0), self.booked("in_refund", 50.0)
        self.settle(bill, credit)
        self.push()
        self.assertEqual(
            self.matches(), [(self.name(credit), self.name(bill), D("50.00"))]
        )
        self.assert_same_open(bill, credit)

    def test_l10_one_credit_note_for_two_invoices(self):
        first, second = self.booked(amount=60.0), self.booked(amount=70.0)
        credit = self.booked("out_refund", 100.0)
        self.settle(first, second, credit)
        self.push()
        self.assertEqual(sum(amount for *_names, amount in self.matches()), D("100.00"))
        self.assert_same_open(first, second, credit)

    def test_l10_it_waits_for_the_document_that_is_not_there_yet(self):
        invoice = self.booked(amount=121.0)
        self.dossier.automatic = False
        credit = self.document("out_refund", [(121.0, self.env["account.tax"])])
        lines = invoice.move_id.line_ids | credit.line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.push()
        self.assertFalse(self.calls(MATCH))
        self.book(credit)
        row = credit.sudo().octopus_booking_ids
        self.push()
        self.assertEqual(
            self.matches(), [(self.name(invoice), self.name(row), D("121.00"))]
        )

    def test_l10_undone_here_it_is_taken_back_there(self):
        invoice, credit = self.booked(amount=80.0), self.booked("out_refund", 80.0)
        terms = self.settle(invoice, credit)
        self.push()
        terms.remove_move_reconcile()
        self.push()
        self.assertFalse(self.matches())
        self.assertEqual(len(self.calls(UNMATCH)), 1)
        self.assert_same_open(invoice, credit)

    def test_l10_less_than_before_is_made_anew(self):
        invoice, credit = self.booked(amount=80.0), self.booked("out_refund", 80.0)
        other = self.booked("out_refund", 30.0)
        terms = self.settle(invoice, credit)
        self.push()
        terms.remove_move_reconcile()
        self.settle(invoice, other)
        self.settle(invoice, credit)
        self.push()
        self.assertEqual(
            self.matches(),
            sorted(
                [
                    (self.name(invoice), self.name(credit), D("50.00")),
                    (self.name(invoice), self.name(other), D("30.00")),
                ]
            ),
        )
        self.assert_same_open(invoice, credit, other)

    def test_l10_h1_a_payment_instead_of_the_credit_note(self):
        invoice, credit = self.booked(amount=80.0), self.booked("out_refund", 80.0)
        terms = self.settle(invoice, credit)
        self.push()
        terms.remove_move_reconcile()
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertFalse(self.matches())
        self.assert_same_open(invoice, credit)
        payment.action_cancel()
        self.settle(invoice, credit)
        self.push()
        self.assertEqual(len(self.matches()), 1, self.questions().mapped("text"))
        self.assert_same_open(invoice, credit)

    def test_x23_a_lost_answer_matches_nothing_twice(self):
        for when in ("before", "after"):
            with self.subTest(when=when):
                invoice = self.booked(amount=90.0)
                credit = self.booked("out_refund", 40.0)
                self.settle(invoice, credit)
                self.lose(MATCH, when)
                self.push()
                self.assertEqual(self.pair(invoice, credit).step, "making")
                self.again()
                self.assertFalse(self.pair(invoice, credit).step)
                self.assertEqual(self.open_there(invoice), D("50.00"))
                self.assertEqual(self.open_there(credit), 0)

    def test_x23_a_lost_answer_when_it_is_taken_back(self):
        for when in ("before", "after"):
            with self.subTest(when=when):
                invoice = self.booked(amount=90.0)
                credit = self.booked("out_refund", 40.0)
                terms = self.settle(invoice, credit)
                self.push()
                terms.remove_move_reconcile()
                self.lose(UNMATCH, when)
                self.push()
                self.again()
                self.assertEqual(self.open_there(invoice), D("90.00"))
                self.assertFalse(self.pair(invoice, credit).due)

    def test_l10_the_accountant_matched_them_before(self):
        invoice, credit = self.booked(amount=70.0), self.booked("out_refund", 70.0)
        self.act(
            "match", debit=self.key(invoice), credit=self.key(credit), amount="70.00"
        )
        self.settle(invoice, credit)
        self.push()
        self.assertFalse(self.questions())
        self.assertFalse(self.pair(invoice, credit).due)
        self.assert_same_open(invoice, credit)

    def test_l10_taken_back_there_it_is_asked_where_more_was_matched(self):
        """More than is reconciled here, so that nothing was made of their match; ours
        leant on it all the same (seed 9534)."""
        self.cash.octopus_payment_owner = "octopus"
        invoice, credit = self.booked(amount=750.0), self.booked("out_refund", 750.0)
        self.pay(credit, amount=121.0)
        self.act(
            "match", debit=self.key(invoice), credit=self.key(credit), amount="750.00"
        )
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_residual"])
        terms = self.settle(invoice, credit)
        self.push()
        self.unmatch(invoice, credit)
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_undo_changed"])
        self.assertEqual(invoice.move_id.amount_residual, 121.0)
        terms.matched_credit_ids.filtered(
            lambda it: it.debit_move_id.move_id == invoice.move_id
        ).unlink()
        self.again()
        self.pull()
        self.assertFalse(self.problems(invoice))
        self.assertEqual(invoice.move_id.amount_residual, 750.0)

    def test_l10_taken_back_there_before_it_was_read_it_is_asked(self):
        """The feed tells only that our match is gone (seed 9605)."""
        self.cash.octopus_payment_owner = "octopus"
        invoice, credit = self.booked(amount=121.0), self.booked("out_refund", 121.0)
        terms = self.settle(invoice, credit)
        self.push()
        self.unmatch(invoice, credit)
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_undo_changed"])
        self.assertEqual(self.questions().code, "payment_undo_changed")
        self.pull()
        self.assertEqual(len(self.questions()), 1)
        self.assertEqual(invoice.move_id.amount_residual, 0)
        terms.remove_move_reconcile()
        self.again()
        self.pull()
        self.assertFalse(self.questions())
        self.assert_same_open(invoice, credit)

    def test_l10_taken_back_there_or_matched_there_again(self):
        """Then it is as it is here, and nothing is left to decide."""
        self.cash.octopus_payment_owner = "octopus"
        invoice, credit = self.booked(amount=121.0), self.booked("out_refund", 121.0)
        self.settle(invoice, credit)
        self.push()
        self.unmatch(invoice, credit)
        self.pull()
        self.act(
            "match", debit=self.key(invoice), credit=self.key(credit), amount="121.00"
        )
        self.pull()
        self.assertFalse(self.questions())
        self.assert_same_open(invoice, credit)

    def test_l10_made_anew_and_taken_back_there_before_it_was_read_it_is_asked(self):
        """Their row tells of an earlier match already that it is gone."""
        self.cash.octopus_payment_owner = "octopus"
        invoice, credit = self.booked(amount=121.0), self.booked("out_refund", 121.0)
        terms = self.settle(invoice, credit)
        self.push()
        self.pull()
        terms.remove_move_reconcile()
        self.push()
        self.pull()
        self.assertFalse(self.questions())
        self.settle(invoice, credit)
        self.push()
        self.unmatch(invoice, credit)
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_undo_changed"])

    def test_l10_refused_it_is_asked_and_seen_when_a_person_did_it(self):
        self.sandbox.world.set_switches({"document_match": "refuse"})
        invoice, credit = self.booked(amount=70.0), self.booked("out_refund", 70.0)
        other = self.booked(amount=10.0)
        payment = self.pay(other)
        self.settle(invoice, credit)
        self.push()
        self.assertEqual(self.row(payment).match_state, "done")
        [question] = self.questions()
        self.assertEqual(question.code, "documents_unmatched")
        self.assertIn("70.00", question.text)
        self.assertIn(credit.document_name, question.text)
        self.act(
            "match", debit=self.key(invoice), credit=self.key(credit), amount="70.00"
        )
        question.action_retry()
        self.push()
        self.assertFalse(self.questions())
        self.assertEqual(question.state, "closed")

    def test_g1_where_octopus_keeps_the_banks_nothing_is_matched_from_here(self):
        self.bank.octopus_payment_owner = "octopus"
        self.cash.octopus_payment_owner = "octopus"
        invoice, credit = self.booked(amount=70.0), self.booked("out_refund", 70.0)
        self.settle(invoice, credit)
        self.push()
        self.assertFalse(self.calls(MATCH))

    def test_x37_our_match_does_not_come_back_as_a_change(self):
        """Where another bank is kept in Octopus, its feed tells our own match too."""
        self.cash.octopus_payment_owner = "octopus"
        invoice, credit = self.booked(amount=70.0), self.booked("out_refund", 70.0)
        terms = self.settle(invoice, credit)
        self.push()
        self.pull()
        self.assertEqual(len(terms.matched_credit_ids), 1)
        self.assertFalse(self.questions())
        terms.remove_move_reconcile()
        self.push()
        self.pull()
        self.assertFalse(terms.matched_credit_ids)
        self.assertFalse(self.questions(), self.questions().mapped("text"))
        self.assertFalse(self.matches())

    def test_x34_what_octopus_matched_is_not_matched_again_from_here(self):
        self.cash.octopus_payment_owner = "octopus"
        invoice, credit = self.booked(amount=70.0), self.booked("out_refund", 70.0)
        self.act(
            "match", debit=self.key(invoice), credit=self.key(credit), amount="70.00"
        )
        self.pull()
        self.assertEqual(invoice.move_id.amount_residual, 0)
        self.push()
        self.assertFalse(self.calls(MATCH))

    def test_l10_what_was_settled_before_is_matched_after_a_comparison(self):
        """Before Odoo kept a bank, or before an upgrade."""
        self.bank.octopus_payment_owner = "none"
        invoice, credit = self.booked(amount=70.0), self.booked("out_refund", 70.0)
        self.settle(invoice, credit)
        self.push()
        self.assertFalse(self.calls(MATCH) or self.pair(invoice, credit))
        self.bank.octopus_payment_owner = "odoo"
        self.dossier.action_check_payments()
        self.push()
        self.assertEqual(len(self.matches()), 1)
        self.assertFalse(self.questions(), self.questions().mapped("text"))

    def test_x23_made_anew_it_is_told_as_taken_back_and_made(self):
        """A feed may tell both of the same two documents."""
        invoice, credit = self.booked(amount=100.0), self.booked("out_refund", 100.0)
        other = self.booked("out_refund", 40.0)
        terms = self.settle(invoice, credit)
        self.push()
        terms.remove_move_reconcile()
        self.settle(invoice, other)
        self.settle(invoice, credit)
        self.lose(MATCH, "after")
        self.push()
        pair = self.pair(invoice, credit)
        self.assertEqual((pair.step, pair.amount), ("making", 0.0))
        self.again()
        self.assertEqual((pair.step, pair.amount), (False, 60.0))
        self.assertFalse(self.questions())
        self.assert_same_open(invoice, credit, other)

    def test_x44_a_refused_feed_is_no_refused_match(self):
        invoice, credit = self.booked(amount=90.0), self.booked("out_refund", 40.0)
        self.settle(invoice, credit)
        self.lose(MATCH, "after")
        self.push()
        operation = "getModifiedBalancingRelations"
        self.faults.add("status", operation=operation, status=400)
        self.again()
        self.faults.clear()
        self.assertFalse(self.questions())
        self.assertEqual(self.pair(invoice, credit).step, "making")
        self.again()
        self.assertFalse(self.pair(invoice, credit).step)
        self.assertEqual(self.open_there(credit), 0)

    def test_x31_a_question_ends_with_the_document(self):
        self.sandbox.world.set_switches({"document_match": "refuse"})
        invoice, credit = self.booked(amount=70.0), self.booked("out_refund", 70.0)
        self.settle(invoice, credit)
        self.push()
        [question] = self.questions()
        credit.set_gone()
        self.assertEqual(question.state, "closed")

    def test_x31_what_octopus_lost_is_matched_again_when_it_is_sent_again(self):
        invoice, credit = self.booked(amount=70.0), self.booked("out_refund", 70.0)
        self.settle(invoice, credit)
        self.push()
        pair = self.pair(invoice, credit)
        credit.set_gone()
        self.assertEqual(pair.amount, 0.0)
        self.assertTrue(pair.due)
        self.assertNotIn(pair, pair.due_for(self.dossier))


@only(
    "test_l10_a_credit_note_of_the_whole_invoice",
    "test_l10_of_a_supplier",
    "test_x23_a_lost_answer_matches_nothing_twice",
    "test_l10_refused_it_is_asked_and_seen_when_a_person_did_it",
)
class TestDocumentMatchesSoap(TestDocumentMatches):
    """No call takes a match back: a person does."""

    transport = "soap"

    def test_l10_undone_here_a_person_takes_it_back(self):
        invoice, credit = self.booked(amount=80.0), self.booked("out_refund", 80.0)
        terms = self.settle(invoice, credit)
        self.push()
        terms.remove_move_reconcile()
        self.push()
        [question] = self.questions()
        self.assertEqual(question.code, "match_by_hand")
        self.act("unmatch", debit=self.key(invoice), credit=self.key(credit))
        question.action_retry()
        self.push()
        self.assertFalse(self.questions())
        self.assert_same_open(invoice, credit)
