"""Payments that go to Octopus: booked once, matched once, taken back (H.1, H.2)."""

from decimal import Decimal

from odoo.exceptions import UserError

from odoo.addons.octopus_connector.sync.link_dossier import link

from ..common import demo
from .remittance_case import INSERT, MATCH, RemittanceCase


class TestRemittance(RemittanceCase):
    """What goes by itself."""

    def test_h1_a_receipt_is_booked_and_matched(self):
        invoice = self.booked()
        row_of = self.pay(invoice)
        self.push()
        row = self.row(row_of)
        copy = self.assert_booked(row)
        [line] = copy.lines
        self.assertEqual((line.type, line.amount), ("C", Decimal("121.00")))
        self.assertEqual(line.relation, invoice.relation_id.octopus_id)
        self.assertEqual(self.matched(row), {self.name(invoice): Decimal("121.00")})
        self.assertEqual(row.match_state, "done", row.findings)
        self.assertEqual(self.open_there(invoice), 0)
        self.assert_same_open(invoice)

    def test_h1_nothing_is_sent_twice(self):
        self.pay(self.booked())
        self.push()
        before = len(self.calls(INSERT)), len(self.calls(MATCH))
        self.push()
        self.assertEqual((len(self.calls(INSERT)), len(self.calls(MATCH))), before)
        self.assertEqual(before, (1, 1))

    def test_h1_one_payment_of_two_invoices(self):
        first, second = self.booked(amount=321.0), self.booked(amount=279.0)
        payment = self.pay(first, second)
        self.assertEqual(len(payment), 1)
        self.push()
        row = self.row(payment)
        copy = self.assert_booked(row)
        self.assertEqual(copy.total, Decimal("600.00"))
        self.assertEqual(
            self.matched(row),
            {
                self.name(first): Decimal("321.00"),
                self.name(second): Decimal("279.00"),
            },
        )
        self.assert_same_open(first, second)

    def test_h1_a_supplier_is_paid(self):
        bill = self.booked("in_invoice", 250.0)
        self.pay(bill)
        self.push()
        [row] = self.env["octopus.payment"].search([])
        copy = self.assert_booked(row)
        self.assertEqual(
            [(line.type, line.amount) for line in copy.lines],
            [("S", Decimal("-250.00"))],
        )
        self.assert_same_open(bill)

    def test_h1_credit_notes_are_paid_back(self):
        customer = self.booked("out_refund", 60.0)
        supplier = self.booked("in_refund", 40.0, partner_id=self.partner_b.id)
        self.pay(customer)
        self.pay(supplier, amount=40.0)
        self.push()
        rows = self.env["octopus.payment"].search([])
        self.assertEqual(rows.mapped("amount"), [-60.0, 40.0])
        for row in rows:
            self.assert_booked(row)
        self.assert_same_open(customer, supplier)

    def test_h1_part_of_an_invoice(self):
        invoice = self.booked()
        first = self.pay(invoice, amount=21.0)
        self.push()
        self.assertEqual(
            self.matched(self.row(first)), {self.name(invoice): Decimal("21.00")}
        )
        self.pay(invoice)
        self.push()
        self.assertEqual(self.open_there(invoice), 0)

    def test_h1_an_advance_is_matched_later(self):
        """What nothing took yet is matched when it is reconciled."""
        first = self.booked(amount=100.0)
        payment = self.pay(first, amount=150.0)
        self.push()
        row = self.row(payment)
        self.assertEqual(self.matched(row), {self.name(first): Decimal("100.00")})
        second = self.booked(amount=20.0)
        left = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        term = second.move_id.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        (left | term).reconcile()
        self.push()
        self.assertEqual(
            self.matched(row),
            {self.name(first): Decimal("100.00"), self.name(second): Decimal("20.00")},
        )
        self.assert_same_open(first, second)

    def test_h1_a_payment_waits_for_its_document(self):
        self.dossier.automatic = False
        move = self.document(lines=[(121.0, self.env["account.tax"])])
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        payment = wizard.create({"journal_id": self.bank.id})._create_payments()
        payment.action_octopus_send()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("waiting", "payment_waits"))
        self.assertFalse(self.copies(row))
        invoice = self.book(move)
        self.push()
        self.assert_booked(row)
        self.assertEqual(self.matched(row), {self.name(invoice): Decimal("121.00")})

    def test_h1_a_statement_line_goes_once_it_is_reconciled(self):
        first, second = self.booked(amount=50.0), self.booked(amount=30.0)
        line = self.statement(80.0, first, second)
        self.push()
        [row] = self.env["octopus.payment"].search([])
        self.assertEqual(row.move_id, line.move_id)
        self.assert_booked(row)
        self.assert_same_open(first, second)

    def test_h1_a_statement_line_that_is_not_reconciled_stays(self):
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "payment_ref": "?", "amount": 5.0}
        )
        self.push()
        self.assertFalse(self.env["octopus.payment"].search([]))

    def test_h1_the_statement_of_a_registered_payment_is_not_a_second_one(self):
        """Money that waits on an account of the bank's own, as a direct debit or an
        online payment does, is in Octopus when the payment is."""
        payment = self.pay(self.booked())
        self.push()
        outstanding = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.outstanding_account_id
        )
        line = self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "payment_ref": "paid out", "amount": 121.0}
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.with_context(
            skip_readonly_check=True
        ).account_id = outstanding.account_id
        (outstanding | suspense).reconcile()
        self.push()
        self.assertEqual(len(self.env["octopus.payment"].search([])), 1)
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_h1_cash_goes_to_its_own_journal(self):
        self.map_bank(self.cash, "F2")
        self.cash.octopus_payment_owner = "odoo"
        self.cash.octopus_payments_from = False
        invoice = self.booked()
        self.pay(invoice, bank=self.cash)
        self.push()
        [row] = self.env["octopus.payment"].search([])
        self.assert_booked(row)
        self.assertEqual(row.journal_id.key, "F2")

    def test_h1_a_small_difference_goes_to_its_account(self):
        invoice = self.booked(amount=100.0)
        account = self.company_data["default_account_expense"]
        self.pay(
            invoice,
            amount=99.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        self.push()
        [row] = self.env["octopus.payment"].search([])
        copy = self.assert_booked(row)
        self.assertEqual(
            sorted((line.type, line.amount) for line in copy.lines),
            [("A", Decimal("-1.00")), ("C", Decimal("100.00"))],
        )
        self.assert_same_open(invoice)

    # Taken back

    def test_h2_a_cancelled_payment_is_taken_back(self):
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        payment.action_cancel()
        self.push()
        self.assertEqual(row.state, "reversed", row.findings)
        self.assertFalse(self.matched(row))
        [back] = row.reversal_ids
        self.assertEqual(self.there(back).total, Decimal("-121.00"))
        self.assertEqual(self.open_there(invoice), Decimal("121.00"))
        self.assert_same_open(invoice)
        self.push()
        self.assertEqual(len(self.calls(INSERT)), 2)

    def test_h2_a_payment_confirmed_anew_is_booked_anew(self):
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        first = self.row(payment)
        payment.action_draft()
        payment.amount = 100.0
        payment.action_post()
        self.written_later(payment.move_id)
        self.push()
        self.push()
        self.assertEqual(first.state, "reversed")
        row = self.row(payment)
        self.assert_booked(row)
        self.assertEqual(row.amount, 100.0)

    def test_e7_merged_contacts_are_no_change(self):
        """The relation stays what it is, so nothing is taken back or sent again."""
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        other = self.partner_a.copy({"vat": False})
        relation = invoice.relation_id
        lines = payment.move_id.line_ids | invoice.move_id.line_ids
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE id IN %s",
            [other.id, lines._ids],
        )
        self.env.invalidate_all()
        relation.sudo().partner_id = other
        payment.move_id.ref = "merged"
        self.push()
        self.assertEqual(self.row(payment).state, "booked")
        self.assertEqual(len(self.calls(INSERT)), 1)

    def test_h2_what_was_not_sent_yet_is_forgotten(self):
        self.dossier.automatic = False
        payment = self.pay(self.booked())
        self.push()
        self.assertEqual(self.row(payment).state, "ready")
        payment.action_cancel()
        self.push()
        self.assertFalse(self.env["octopus.payment"].search([]))
        self.assertFalse(self.calls(INSERT))

    def test_h2_a_reconciliation_undone_is_unmatched(self):
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        invoice.move_id.line_ids.remove_move_reconcile()
        self.push()
        self.assertEqual(row.state, "booked")
        self.assertFalse(self.matched(row))
        self.assert_same_open(invoice)

    # Kept out

    def test_z13_what_is_kept_out_stays_out_when_all_are_sent(self):
        """Issue 4: the accountant has it already; only an administrator lets it go."""
        self.dossier.automatic = False
        kept, other = self.pay(self.booked()), self.pay(self.booked(amount=20.0))
        self.push()
        rows = self.row(kept) | self.row(other)
        self.row(kept).exclude("booked by hand")
        rows.action_send()
        self.assertEqual(rows.mapped("state"), ["excluded", "booked"])
        with self.assertRaisesRegex(UserError, "kept out"):
            self.row(kept).action_send()
        with self.assertRaisesRegex(UserError, "kept out"):
            kept.action_octopus_send()
        self.assertFalse(self.copies(self.row(kept)))
        self.row(kept).action_include()
        self.row(kept).action_send()
        self.assert_booked(self.row(kept))

    def test_h2_what_undoes_a_payment_is_not_kept_out(self):
        payment = self.pay(self.booked())
        self.push()
        self.books.accountant.set_journal(self.year, "F1", opened_by="accountant")
        payment.action_cancel()
        self.push()
        with self.assertRaisesRegex(UserError, "taken back in Odoo"):
            self.row(payment).reversal_ids.exclude("not needed")
        self.books.accountant.set_journal(self.year, "F1", opened_by="")

    # Whose payments

    def test_g1_paid_while_octopus_kept_the_bank_is_not_sent(self):
        """Issue 4 §2: the owner changes twice; what lies between is there already."""
        self.bank.octopus_payments_from = self.days_ago(300)
        self.bank.octopus_payment_owner = "octopus"
        invoice = self.booked()
        self.pay(invoice, payment_date=self.days_ago(30))
        self.bank.octopus_payment_owner = "odoo"
        self.assertEqual(self.bank.octopus_payments_from, self.today)
        self.push()
        self.assertFalse(self.env["octopus.payment"].search([]))
        self.bank.octopus_payments_from = self.days_ago(60)
        self.push()
        self.assertEqual(len(self.calls(INSERT)), 1, "a person may put it back")

    def test_g1_the_owner_of_all_banks_changes_twice(self):
        self.bank.octopus_payment_owner = False
        self.company.octopus_payment_owner = "odoo"
        self.bank.octopus_payments_from = self.days_ago(300)
        self.company.octopus_payment_owner = "octopus"
        self.company.octopus_payment_owner = "odoo"
        self.assertEqual(self.bank.octopus_payments_from, self.today)

    def test_x51_payments_go_along_to_another_dossier(self):
        """What is booked stays where it is; what was not sent is asked for anew."""
        booked = self.pay(self.booked())
        self.push()
        self.dossier.automatic = False
        waiting = self.pay(self.booked(amount=20.0))
        self.push()
        rows = self.row(booked) | self.row(waiting)
        branch = self.dossier_of(demo.BRANCH)
        link(self.company, branch)
        self.assertEqual(rows.mapped("state"), ["booked", "ready"])
        self.assertEqual(rows.mapped("dossier_id"), self.dossier | branch)
        self.assertFalse(rows[1].queued)

    def test_x23_x51_an_answer_to_a_payment_keeps_the_dossier(self):
        payment = self.pay(self.booked())
        self.faults.add("close", operation=INSERT)
        self.push()
        row = self.row(payment)
        self.assertEqual(row.state, "unknown")
        with self.assertRaisesRegex(UserError, "is not known yet"):
            link(self.company, self.dossier_of(demo.BRANCH))
        self.assertEqual(self.company.octopus_dossier_id, self.dossier)
        self.later(row)
        self.push()
        self.assert_booked(row)

    # Mended

    def test_z3_a_mapping_mended_lets_payments_go(self):
        self.env["octopus.journal.mapping"].search(
            [("journal_id", "=", self.bank.id)]
        ).unlink()
        payment = self.pay(self.booked())
        self.push()
        row = self.row(payment)
        self.assertEqual((row.state, row.cause), ("blocked", "bank_without_journal"))
        self.map_bank(self.bank, "F1")
        self.push()
        self.assert_booked(row)

    # Loops

    def test_x37_what_we_sent_does_not_come_back_as_a_payment(self):
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        self.pull()
        [evidence] = self.rows(invoice)
        self.assertFalse(evidence.payment_id)
        self.assertFalse(evidence.problem)
        self.assertEqual(invoice.move_id.matched_payment_ids, payment)
        self.assertEqual(self.env["octopus.payment"].search_count([]), 1)

    def test_x37_what_came_from_octopus_is_not_sent_back(self):
        self.map_bank(self.cash, "F2")
        self.cash.octopus_payment_owner = "octopus"
        invoice = self.booked()
        self.receive((invoice, 121), journal="F2")
        self.pull()
        self.assertEqual(self.payments(invoice).journal_id, self.cash)
        self.cash.octopus_payment_owner = "odoo"
        self.cash.octopus_payments_from = False
        self.push()
        self.assertFalse(self.env["octopus.payment"].search([]))

    def test_x37_a_match_of_ours_taken_back_there_is_a_question(self):
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        self.pull()
        self.unmatch(invoice, f"{self.key(self.row(payment))}/1")
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_unmatched_there"])
        self.assertEqual(invoice.move_id.payment_state, "paid")

    def test_x36_a_match_of_ours_taken_back_before_it_was_read_is_a_question(self):
        """Once, however often the feed tells of it."""
        invoice = self.booked()
        payment = self.pay(invoice)
        self.pull()
        self.push()
        self.unmatch(invoice, f"{self.key(self.row(payment))}/1")
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_unmatched_there"])
        self.questions(invoice)._ignore("As it should be")
        self.pull()
        self.assertFalse(self.questions(invoice))
        self.assertEqual(invoice.move_id.payment_state, "paid")

    def test_x25_a_match_that_is_refused_stops_no_other(self):
        """One of two invoices was paid in Octopus already."""
        first, second = self.booked(amount=100.0), self.booked(amount=20.0)
        self.receive((first, 100), journal="F2")
        payment = self.pay(first, second)
        self.push()
        row = self.row(payment)
        self.assertEqual((row.match_state, row.cause), ("blocked", "match_refused"))
        self.assertEqual(self.matched(row), {self.name(second): Decimal("20.00")})
        self.assert_same_open(second)

    def test_h1_another_payment_instead_waits_for_the_older_match(self):
        """What was paid by mistake is paid anew before Octopus knows of the mistake."""
        invoice = self.booked(amount=100.0)
        mistake = self.pay(invoice)
        self.push()
        mistake.move_id.line_ids.remove_move_reconcile()
        payment = self.pay(invoice)
        self.push()
        old, new = self.row(mistake), self.row(payment)
        self.later(old, new)
        self.push()
        self.assertEqual((old.match_state, self.matched(old)), ("done", {}))
        self.assertEqual(new.match_state, "done", new.findings)
        self.assertEqual(self.matched(new), {self.name(invoice): Decimal("100.00")})

    def test_x36_a_match_of_ours_made_smaller_there_is_a_question(self):
        """Until it is whole again."""
        invoice = self.booked()
        payment = self.pay(invoice)
        self.push()
        line = f"{self.key(self.row(payment))}/1"
        sides = {"debit": self.key(invoice), "credit": line}
        self.unmatch(invoice, line)
        self.act("match", **sides, amount="100")
        self.pull()
        self.assertEqual(self.problems(invoice), ["payment_matched_less"])
        self.assertIn("100.00", self.questions(invoice).text)
        self.act("match", **sides, amount="21")
        self.pull()
        self.assertFalse(self.questions(invoice))
        self.assert_same_open(invoice)

    def test_x37_what_is_left_of_ours_and_matched_there_is_a_question(self):
        """Until Odoo has it the same; then what is there already is not made again."""
        first, second = self.booked(amount=100.0), self.booked(amount=20.0)
        payment = self.pay(first, amount=150.0)
        self.push()
        row = self.row(payment)
        sides = {"debit": self.key(second), "credit": f"{self.key(row)}/2"}
        self.act("match", **sides, amount="15")
        self.pull()
        self.assertEqual(self.problems(second), ["payment_matched_there"])
        self.assertEqual(self.questions(second).kind, "match")
        self.assertEqual(second.move_id.amount_residual, 20.0)
        (payment.move_id | second.move_id).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()
        self.act("match", **sides, amount="5")
        self.push()
        self.assertEqual(row.match_state, "done")
        self.assertEqual(self.matched(row)[self.name(second)], Decimal("20.00"))
        self.pull()
        self.assertFalse(self.questions(second))
        self.assert_same_open(first, second)

    def test_x37_undone_here_what_the_accountant_matched_is_a_question(self):
        """Our own match was refused, and he made it: found by chaos, seed 7105."""
        invoice = self.booked()
        line = self.receive((invoice, 121), journal="F2")
        payment = self.pay(invoice)
        self.push()
        row = self.row(payment)
        self.assertEqual((row.match_state, row.cause), ("blocked", "match_refused"))
        self.unmatch(invoice, line)
        self.act(
            "match",
            debit=self.key(invoice),
            credit=f"{self.key(row)}/1",
            amount="121.00",
        )
        self.pull()
        self.assertFalse(self.questions(invoice))
        invoice.move_id.line_ids.remove_move_reconcile()
        self.push()
        self.pull()
        self.assertEqual(self.questions(invoice).code, "payment_matched_there")

    def test_g1_a_payment_made_there_in_a_bank_of_ours_is_a_question(self):
        invoice = self.booked()
        self.receive((invoice, 121), journal="F1")
        self.pull()
        self.assertFalse(self.payments(invoice))
        self.assertEqual(self.problems(invoice), ["payment_not_owned"])

    def test_g2_statements_in_odoo_speak_against_octopus_as_owner(self):
        self.bank.octopus_payment_owner = "octopus"
        self.assertFalse(self.bank.octopus_owner_warning)
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "payment_ref": "?", "amount": 5.0}
        )
        self.bank.invalidate_recordset()
        self.assertIn("comes twice", self.bank.octopus_owner_warning)
        self.bank.octopus_payment_owner = "odoo"
        self.assertFalse(self.bank.octopus_owner_warning)

    def test_g1_earlier_payments_are_left_alone(self):
        self.bank.octopus_payments_from = self.today
        invoice = self.booked()
        self.pay(invoice, payment_date=self.days_ago(1))
        self.push()
        self.assertFalse(self.env["octopus.payment"].search([]))
