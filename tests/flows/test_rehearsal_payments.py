"""Payments are rehearsed where Odoo keeps them (Z.11)."""

from .remittance_case import INSERT, RemittanceCase


class TestPayments(RemittanceCase):
    def rehearsed(self):
        self.company.action_rehearse()
        cron = self.env.ref("octopus_connector.cron_rehearse")
        self.run_cron(cron)
        return self.env["octopus.rehearsal"]._of(self.company)

    def causes(self, rehearsal):
        return {
            line.finding["code"]: line.move_ids
            for line in rehearsal.line_ids
            if line.document_count
        }

    def fee(self):
        return self.env["account.account"].create(
            {"code": "650900", "name": "Bank fees", "account_type": "expense"}
        )

    def test_z11_what_payments_lack_is_told_by_bank_and_account(self):
        invoice = self.booked()
        fee = self.fee()
        short = self.pay(
            invoice,
            amount=120.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=fee.id,
        )
        whole = self.pay(self.booked(), bank=self.cash)
        self.cash.octopus_payment_owner = "odoo"
        mappings = self.env["octopus.journal.mapping"]
        mappings.search([("journal_id", "=", self.cash.id)]).unlink()
        before = self.env["octopus.payment"].search([])
        rehearsal = self.rehearsed()
        self.assertEqual(rehearsal.payment_count, 2)
        self.assertIn("documents and payments", rehearsal.score_text)
        causes = self.causes(rehearsal)
        self.assertEqual(causes["bank_without_journal"], whole.move_id)
        self.assertEqual(causes["account_not_mapped"], short.move_id)
        told = rehearsal.line_ids.mapped("name")
        self.assertTrue(any(self.cash.name in name for name in told), told)
        # Chosen where it is missing, it passes at once.
        line = rehearsal.line_ids.filtered("account_mapping_id")
        line.octopus_account_id = self.dossier.account_ids.filtered(
            lambda row: row.number == 657000
        )
        self.assertEqual(self.causes(rehearsal).keys(), {"bank_without_journal"})
        self.assertEqual(self.calls(INSERT), [])
        self.assertEqual(self.env["octopus.payment"].search([]), before)

    def test_z11_a_payment_of_a_document_that_is_not_sent_yet_passes(self):
        move = self.document(partner_id=self.partner_a.id)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": self.bank.id, "payment_date": self.today})
        )
        payment = wizard._create_payments()
        rehearsal = self.rehearsed()
        self.assertEqual(rehearsal.payment_count, 1)
        stopped = rehearsal.line_ids.move_ids
        self.assertNotIn(payment.move_id, stopped, self.causes(rehearsal))

    def test_z11_payments_that_octopus_keeps_are_not_rehearsed(self):
        self.pay(self.booked())
        self.bank.octopus_payment_owner = "octopus"
        rehearsal = self.rehearsed()
        self.assertEqual(rehearsal.payment_count, 0)
        self.assertNotIn("payments", rehearsal.score_text)
