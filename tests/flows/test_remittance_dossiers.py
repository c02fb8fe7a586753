"""Payments of documents of several dossiers, from one bank (X.69)."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.fields import Command

from odoo.addons.octopus_connector.send import collect_payments
from odoo.addons.octopus_connector.send.collect_payments import collect, to_collect
from odoo.addons.octopus_connector.sync.link_dossier import link

from ..common import demo
from .remittance_case import INSERT, RemittanceCase


class TestRemittanceDossiers(RemittanceCase):
    """A branch has a dossier of its own; the bank is the company's above it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {
                "name": "Branch",
                "parent_id": cls.company.id,
                "octopus_separate_settings": True,
            }
        )
        cls.env.cr.precommit.run()  # gives the branch its accounts
        cls.env.user.company_ids += cls.branch
        with cls.committing():
            cls.own = cls.link(cls.branch, demo.BRANCH)
            cls.map_all(cls.branch)

    def of_branch(self, amount, book=True):
        """A document of the branch, in its own dossier."""
        move = self.document(
            "out_invoice",
            [(amount, self.env["account.tax"])],
            company_id=self.branch.id,
        )
        if book:
            move._octopus_queue(self.env.user)
            self.push(self.own)
            self.assertEqual(
                (move.octopus_state, move.octopus_booking_id.dossier_id),
                ("booked", self.own),
            )
        return move

    def pay_moves(self, moves):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {
                    "journal_id": self.bank.id,
                    "payment_date": self.today,
                    "group_payment": True,
                }
            )
        )
        return wizard._create_payments()

    def push_all(self):
        self.push()
        self.push(self.own)

    def assert_told(self, row, move):
        told = {found["code"]: found["params"] for found in row.findings}
        self.assertEqual(list(told), ["payment_elsewhere"])
        self.assertEqual(told["payment_elsewhere"]["documents"], [move.name])
        for word in (move.name, self.own.name, self.dossier.name):
            self.assertIn(word, str(row.findings_html))

    def map_bank_of_branch(self):
        """Let the branch book payments of the bank above it in its own dossier."""
        self.env["octopus.journal.mapping"].create(
            {
                "company_id": self.branch.id,
                "dossier_id": self.own.id,
                "journal_id": self.bank.id,
                "octopus_journal_id": self.own.journal_ids.filtered(
                    lambda it: it.type == "F"
                )[:1].id,
            }
        )

    def test_x69_documents_of_two_dossiers(self):
        """The bank moved all of it; the part of the branch is told, and waits for
        nothing."""
        mine, theirs = self.booked(amount=321.0), self.of_branch(279.0)
        payment = self.pay_moves(mine.move_id | theirs)
        self.push_all()
        row = self.row(payment)
        self.assertEqual(row.dossier_id, self.dossier)
        copy = self.assert_booked(row)
        self.assertEqual(copy.total, Decimal("600.00"))
        self.assertEqual(self.matched(row), {self.name(mine): Decimal("321.00")})
        self.assertEqual(row.match_state, "done")
        self.assert_told(row, theirs)
        self.assert_same_open(mine)

    def test_x69_a_document_that_the_other_dossier_has_not_got_yet(self):
        mine, theirs = self.booked(amount=321.0), self.of_branch(279.0, book=False)
        payment = self.pay_moves(mine.move_id | theirs)
        self.push_all()
        row = self.row(payment)
        self.assert_booked(row)
        self.assert_told(row, theirs)
        theirs._octopus_queue(self.env.user)
        self.push_all()
        self.assert_told(row, theirs)

    def test_x69_an_advance_is_reconciled_with_the_other_dossier_later(self):
        mine = self.booked(amount=321.0)
        payment = self.pay(mine, amount=600.0)
        self.push_all()
        row = self.row(payment)
        self.assertFalse(row.findings)
        theirs = self.of_branch(279.0)
        (self.open_lines(payment.move_id) | self.open_lines(theirs)).reconcile()
        self.push_all()
        self.assertEqual(row.match_state, "done")
        self.assert_told(row, theirs)
        self.assertEqual(self.matched(row), {self.name(mine): Decimal("321.00")})

    def test_x69_a_payment_of_the_branch_from_the_bank_above(self):
        """It belongs to the dossier of the branch: it is told what it needs there, and
        goes once that is chosen."""
        theirs = self.of_branch(279.0)
        payment = self.pay_moves(theirs)
        self.assertEqual(payment.company_id, self.branch)
        payment.action_octopus_send()
        row = self.row(payment)
        self.assertEqual(
            (row.dossier_id, row.state, row.cause),
            (self.own, "blocked", "bank_without_journal"),
        )
        self.map_bank_of_branch()
        self.push_all()
        self.assertEqual((row.state, row.match_state), ("booked", "done"), row.findings)
        there = self.sandbox.books(demo.BRANCH).dossier.financial_bookings.values()
        self.assertEqual(
            [it.total for it in there if it.lines[0].reference == row.reference],
            [Decimal("279.00")],
        )
        self.assertFalse(self.copies(row), "not in the dossier above, too")

    def test_x69_what_a_branch_paid_before_its_own_start_is_left_alone(self):
        """The accountant booked it: the day on which the company above began to send
        payments is not the branch's."""
        self.dossier.automatic = self.own.automatic = False
        theirs = self.of_branch(279.0, book=False)
        self.branch.octopus_start_date = self.today + timedelta(days=1)
        payment = self.pay_moves(theirs)
        self.push_all()
        self.assertFalse(self.row(payment))
        self.branch.octopus_start_date = self.today
        self.push_all()
        self.assertEqual(self.row(payment).dossier_id, self.own)

    def test_x69_what_never_is_a_payment_hides_none_of_another_dossier(self):
        """A pass takes so many entries of each dossier, also of those that turn out to
        be none of its payments: nothing is paid by them."""
        term = self.open_lines(self.document())
        line = {"account_id": term.account_id.id, "partner_id": term.partner_id.id}
        entry = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": self.today - timedelta(days=1),
                "line_ids": [Command.create(line), Command.create(line)],
            }
        )
        entry.action_post()
        both = (self.dossier | self.own).sudo()
        with patch.object(collect_payments, "PASS_LIMIT", 1):
            self.assertFalse(to_collect(both.env, both))
            self.pay_moves(self.of_branch(279.0))
            self.assertEqual(to_collect(both.env, both), self.own)

    def test_x69_looking_costs_the_same_for_all_that_wait(self):
        """In one dossier, and in two."""
        self.dossier.automatic = self.own.automatic = False
        self.map_bank_of_branch()
        both = (self.dossier | self.own).sudo()
        waiting, counts = self.env["octopus.payment"], []
        for mine, theirs in ((1, 0), (3, 0), (0, 3)):
            for _number in range(mine):
                waiting |= self.that_waits(self.document())
            for _number in range(theirs):
                waiting |= self.that_waits(self.of_branch(279.0, book=False))
            self.push_all()
            self.assertEqual(set(waiting.mapped("cause")), {"payment_waits"})
            self.env.invalidate_all(flush=True)
            before = self.env.cr.sql_log_count
            self.assertFalse(to_collect(both.env, both))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(waiting), 7)
        self.assertEqual(counts, counts[:1] * 3)

    def that_waits(self, document):
        """The row of a payment of a document that nobody sent."""
        payment = self.pay_moves(document)
        payment.action_octopus_send()
        return self.row(payment)

    def test_l10_what_a_branch_settles_is_told_in_its_dossier(self):
        """It has no bank of its own, and pays from that of the company above."""
        theirs = self.of_branch(279.0)
        term = self.open_lines(theirs)
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "company_id": self.branch.id,
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": term.account_id.id,
                            "partner_id": term.partner_id.id,
                            "balance": -279.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "balance": 279.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (term | self.open_lines(entry)).reconcile()
        self.own.action_check_payments()
        question = self.env["octopus.payment.question"].search(
            [("booking_id", "=", theirs.octopus_booking_id.id)]
        )
        self.assertEqual(question.code, "settled_here")
        self.assertIn(entry.name, question.text)

    def test_x69_a_document_in_the_dossier_before(self):
        """The company has another dossier since: what is in the former never comes."""
        old = self.booked(amount=321.0)
        with self.committing():
            collect(self.env, self.dossier)
            link(self.company, self.own)
            self.map_all()
        self.map_bank_in(self.own)
        payment = self.pay(old)
        payment.action_octopus_send()
        row = self.row(payment)
        self.assertEqual((row.dossier_id, row.state), (self.own, "booked"))
        [told] = row.findings
        self.assertEqual(told["code"], "payment_elsewhere")
        self.assertEqual(told["params"]["others"], [self.dossier.name])

    def test_z24_what_is_kept_out_stays_out_when_the_company_comes_back(self):
        """A payment that was taken back in a dossier is over there: it takes no later
        row of the same entry away, which somebody keeps out for a reason."""
        payment = self.pay(self.booked(amount=321.0))
        payment.action_octopus_send()
        first = self.row(payment)
        first.sudo().write({"state": "reversed", "queued": False})
        # Sent anew, it is another one; somebody had booked it there by hand.
        collect(self.env(su=True), self.dossier)
        second = self.env["octopus.payment"].search(
            [("move_id", "=", payment.move_id.id), ("state", "!=", "reversed")]
        )
        second.exclude("booked by hand")
        with self.committing():
            link(self.company, self.own)
            link(self.company, self.dossier)
        self.assertTrue(second.exists())
        self.assertEqual((second.state, second.dossier_id), ("excluded", self.dossier))

    # What became of payments of a company that left the dossier (X.51)

    def leave(self):
        """Link the company with another dossier; in the former one another company
        books, so that it goes on."""
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        with self.committing():
            link(other, self.dossier)
            link(self.company, self.own)
            self.map_all()
        self.map_bank_in(self.own)

    def follow_again(self):
        """Let the branch follow the company above again."""
        self.branch.octopus_write_settings({"octopus_separate_settings": False})

    def payments_in(self, number, row):
        """The bookings of a payment in a dossier of the sandbox."""
        there = self.sandbox.books(number).dossier.financial_bookings.values()
        return [it for it in there if it.lines[0].reference == row.reference]

    def booked_payment(self, *bookings, **values):
        """The row of a payment that is booked in the company's dossier."""
        payment = self.pay(*bookings, **values)
        self.push()
        row = self.row(payment)
        self.assertEqual((row.dossier_id, row.state), (self.dossier, "booked"))
        return row

    def assert_taken_back(self, row, number):
        """It was taken back where it was, and is nowhere else."""
        self.assertEqual(row.state, "reversed", row.reversal_ids.findings)
        undone = row.reversal_ids
        self.assertEqual((undone.state, undone.dossier_id), ("booked", row.dossier_id))
        [before], [after] = (self.payments_in(number, it) for it in (row, undone))
        self.assertEqual((before.total, after.key.journal), (-after.total, "F1"))
        [elsewhere] = {demo.MAIN, demo.BRANCH} - {number}
        self.assertFalse(self.payments_in(elsewhere, undone))

    def test_x51_x36_a_payment_of_a_former_dossier_is_taken_back_there(self):
        invoice = self.booked(amount=321.0)
        row = self.booked_payment(invoice)
        self.assertTrue(self.matched(row))
        self.leave()
        row.payment_id.action_cancel()
        self.push()
        self.assert_taken_back(row, demo.MAIN)
        self.assertFalse(row.match_ids)
        self.assertFalse(self.matched(row))
        self.assertEqual(self.open_there(invoice), Decimal("321.00"))

    def test_x51_an_advance_of_a_former_dossier_is_taken_back_there(self):
        """There is no match that must go before."""
        invoice = self.booked(amount=321.0)
        row = self.booked_payment(invoice)
        invoice.move_id.line_ids.remove_move_reconcile()
        if self.transport == "soap":
            self.unmatch(invoice, f"{self.key(row)}/1")
        self.push()
        self.leave()
        row.payment_id.action_cancel()
        self.push()
        self.assert_taken_back(row, demo.MAIN)

    def test_x51_b3_a_payment_of_a_branch_that_follows_again_is_taken_back(self):
        """In the dossier that it had, which goes on working."""
        self.map_bank_of_branch()
        payment = self.pay_moves(self.of_branch(279.0))
        payment.action_octopus_send()
        row = self.row(payment)
        self.assertEqual((row.dossier_id, row.state), (self.own, "booked"))
        self.follow_again()
        payment.action_cancel()
        self.push_all()
        self.assert_taken_back(row, demo.BRANCH)

    def test_x51_a_payment_of_a_former_dossier_is_compared_as_it_was_sent(self):
        """With the relations and accounts of that dossier: nothing is taken back for
        another mark, as after contacts were merged."""
        cost = self.company_data["default_account_expense"]
        self.map_account(cost, 612400)
        invoice = self.booked(amount=321.0)
        costs = {"account_id": cost.id, "balance": 21.0, "name": "costs"}
        line = self.statement_of(300.0, invoice.move_id, others=[costs])
        self.push()
        row = self.env["octopus.payment"].search([("move_id", "=", line.move_id.id)])
        self.assertEqual(row.state, "booked", row.findings)
        self.leave()
        mark = row.fingerprint
        row.sudo().write({"fingerprint": "before", "seen_at": False})
        self.push()
        self.assertEqual((row.state, row.fingerprint), ("booked", mark))
        self.assertFalse(row.reversal_ids)

    # What was not sent yet (X.51, B.3)

    def asked_for(self, payment, dossier):
        """The row of a payment that somebody asked for, and that did not go yet."""
        collect(self.env(su=True), dossier)
        row = self.row(payment)
        self.assertEqual((row.dossier_id, row.state), (dossier, "ready"))
        row.sudo().queued = True
        return row

    def test_x51_b3_a_payment_of_a_branch_that_follows_again(self):
        """Its own dossier, which it keeps, goes on working: it does not go there."""
        self.own.automatic = self.dossier.automatic = False
        self.map_bank_of_branch()
        row = self.asked_for(self.pay_moves(self.of_branch(279.0)), self.own)
        self.follow_again()
        self.assertEqual((row.dossier_id, row.queued), (self.dossier, False))
        self.sandbox.world.calls.clear()
        self.push_all()
        self.assertFalse(self.calls(INSERT))
        row.action_send()
        self.assertEqual(row.state, "booked", row.findings)
        self.assertEqual(len(self.payments_in(demo.MAIN, row)), 1)
        self.assertFalse(self.payments_in(demo.BRANCH, row))

    def test_x51_a_payment_that_is_gone_goes_to_the_present_dossier(self):
        row = self.booked_payment(self.booked(amount=321.0))
        self.act("unmatch_document", key=self.key(row))
        self.books.accountant.delete_last(self.year, "F1")
        row.sudo().set_gone()
        self.leave()
        row.action_send_again()
        self.assertEqual((row.dossier_id, row.state), (self.own, "booked"))
        self.assertFalse(self.payments_in(demo.MAIN, row))
        self.assertEqual(len(self.payments_in(demo.BRANCH, row)), 1)

    def astray(self):
        """A payment that was asked for in the dossier that its company left, as at the
        very moment when it did."""
        self.own.automatic = self.dossier.automatic = False
        row = self.asked_for(self.pay(self.booked(amount=321.0)), self.dossier)
        self.leave()
        row.sudo().write({"dossier_id": self.dossier.id, "queued": True})
        self.sandbox.world.calls.clear()
        return row

    def test_x51_x25_a_payment_asked_for_at_that_moment_is_held(self):
        row = self.astray()
        self.push()
        self.assertFalse(self.calls(INSERT))
        self.assertEqual((row.state, row.cause), ("blocked", "other_dossier"))
        row.action_send()
        self.assertEqual((row.dossier_id, row.state), (self.own, "booked"))
        self.assertEqual(len(self.payments_in(demo.BRANCH, row)), 1)

    def test_x51_a_payment_of_a_company_without_dossier_says_so(self):
        """The accountant is not asked for a journal."""
        row = self.astray()
        self.company.octopus_write_settings({"octopus_enabled": False})
        self.push()
        self.assertEqual((row.state, row.cause), ("blocked", "no_dossier"))
        self.assertFalse(self.calls(INSERT))

    def test_x51_x25_a_request_of_before_is_looked_at_once_more(self):
        """A payment that was prepared for the dossier that its company left, and asked
        for again in the present one."""
        self.dossier.automatic = False
        row = self.asked_for(self.pay(self.booked(amount=321.0)), self.dossier).sudo()
        kind = row.octopus_kind()
        [request], _held = kind.prepare(row, self.env["octopus.run"].sudo())
        self.assertTrue(kind.look(row, request)[0])
        self.leave()
        row.queued = True
        self.assertFalse(kind.look(row, request)[0])

    def map_bank_in(self, dossier):
        key = dossier.journal_ids.filtered(lambda it: it.type == "F")[:1].key
        self.env["octopus.journal.mapping"].search(
            [("journal_id", "=", self.bank.id), ("company_id", "=", self.company.id)]
        ).unlink()
        self.env["octopus.journal.mapping"].create(
            {
                "company_id": self.company.id,
                "dossier_id": dossier.id,
                "journal_id": self.bank.id,
                "octopus_journal_id": dossier.journal_ids.filtered(
                    lambda it: it.key == key
                ).id,
            }
        )

    def assert_clean(self):
        """Both dossiers' books are right."""
        for number in (demo.MAIN, demo.BRANCH):
            problems = self.sandbox.books(number).audit().problems
            self.assertFalse(problems, [problem.text for problem in problems])
