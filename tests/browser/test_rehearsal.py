"""The first day by hand, in Chromium: rehearsal, shadow mode and the start of sending,
with some hundred documents (Z.11, Z.12, X.80)."""

from datetime import timedelta

from odoo import fields

from odoo.addons.octopus_connector.send.start import begin_shadow

from .looking import Looking

SETTINGS = "/odoo/action-octopus_connector.action_octopus_settings"
REHEARSAL = "/odoo/action-octopus_connector.action_octopus_rehearsal"
OUTBOX = "/odoo/action-octopus_connector.action_octopus_foreseen"
INVOICES = "/odoo/action-account.action_move_out_invoice"
DOCUMENTS = 300


class TestFirstDay(Looking):
    def setUp(self):
        super().setUp()
        self.company.octopus_attachment_policy = "none"
        first = self.document(invoice_date=fields.Date.today() - timedelta(days=200))
        self.moves = self.many(first, DOCUMENTS, days=200)

    def unmap(self):
        mappings = self.env["octopus.account.mapping"].search(
            [("account_id", "=", self.moves.invoice_line_ids.account_id.ids)]
        )
        mappings.octopus_account_id = False
        self.env["octopus.account.mapping"].propose_for(self.company)
        return mappings

    # What a person does

    def test_z11_a_person_rehearses_and_chooses(self):
        self.unmap()
        self.company.action_rehearse()
        self.run_cron(self.env.ref("octopus_connector.cron_rehearse"))
        rehearsal = self.env["octopus.rehearsal"]._of(self.company)
        with self.browsing(self.browser):
            self.open(
                f"{REHEARSAL}/{rehearsal.id}",
                f"0.0 % of {DOCUMENTS} documents",
                "1 account",
            )
            self.look("rehearsal")
        for language in ("nl", "fr"):
            with self.reading(language):
                self.open(f"{REHEARSAL}/{rehearsal.id}", "Accept all proposals")
                self.look("rehearsal")
        with self.browsing(self.browser):
            self.open(f"{REHEARSAL}/{rehearsal.id}")
            self.press("action_accept_proposals")
            self.see(f"100.0 % of {DOCUMENTS} documents")
            self.look("rehearsal_mended")
        self.assertEqual(rehearsal.score, 100)
        self.assertFalse(self.calls())

    def test_x80_z12_a_person_sees_shadow_mode_and_ends_it(self):
        begin_shadow(self.dossier.sudo())
        self.moves[:3]._octopus_queue(self.env.user)
        self.push()
        with self.browsing(self.browser):
            self.open(INVOICES, "Octopus: shadow")
            self.look("shadow_invoices")
            self.open(OUTBOX, "Octopus: shadow", "Not sent")
            self.evaluate("document.querySelector('.o_group_header').click()")
            self.see("period")
            self.look("shadow_outbox")
            self.open(f"{INVOICES}/{self.moves[0].id}", "would be booked in")
            self.look("shadow_invoice")
            self.open(SETTINGS, "Shadow mode: all is prepared")
            self.look("shadow_settings")
            self.press("action_octopus_start")
            self.see("documents of before", "as soon as shadow mode ends")
            self.wait_for("!!document.activeElement.closest('.modal [name=mode]')")
            self.wait_for("!document.querySelector('.o_datetime_picker')")
            self.look("start")
