"""The report of both sides in Chromium: what differs is found, solved and frozen (Z.5,
Z.27); with 300 documents where pictures of it are wanted."""

import base64
import os
import unittest
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from odoo import fields

from odoo.addons.octopus_connector.api.quota import DAILY_LIMITS
from odoo.addons.octopus_connector.sync.both_sides import BothSides

from octopus_sandbox.state.keys import DocumentKey

from .languages import LANGUAGES
from .looking import FOLDER, WIDTHS, Looking

REPORT = "/odoo/octopus-both-sides"
DOCUMENT_LIST = "/odoo/octopus-both-sides-documents"
DOCUMENTS = 300
INSERT = "insert_booking"


class BothSidesHttpCase(Looking):
    def setUp(self):
        super().setUp()
        self.company.octopus_attachment_policy = "none"
        self.partner_a.with_company(self.company).property_payment_term_id = False

    def send(self, moves):
        """Send documents; return their rows."""
        rows = moves._octopus_queue(self.env.user)
        while rows.filtered(lambda row: row.state == "ready"):
            self.push()
        self.assertEqual(set(rows.mapped("state")), {"booked"})
        return rows

    def key(self, row):
        bookyear = row.bookyear_id.octopus_id
        return DocumentKey(bookyear, row.journal_id.key, row.number)

    def edit(self, row, **values):
        self.books.accountant.edit(self.key(row), **values)

    def compare(self):
        self.pull()
        while BothSides(self.dossier).update()[1]:
            pass


class TestBothSides(BothSidesHttpCase):
    def test_z5_z27_a_person_finds_what_differs_and_freezes_the_month(self):
        moves = self.document() | self.document() | self.document()
        rows = self.send(moves)
        self.edit(rows[0], amount=Decimal("60.50"))
        self.compare()
        header = (
            self.env["octopus.comparison.row"]
            .search([("booking_id", "=", rows[0].id)])
            .comparison_id
        )
        # Of earlier months others booked there; they are not what is looked at.
        self.env["octopus.comparison"].search([("id", "!=", header.id)]).sudo().unlink()
        self.start_tour(REPORT, "octopus_both_sides", login="admin", timeout=120)
        proof = self.env["octopus.comparison.proof"].search([])
        self.assertEqual((proof.row_count, proof.open_count), (3, 1))
        self.assertTrue(base64.b64decode(proof.pdf))
        for language in LANGUAGES:
            with self.reading(language):
                self.open(REPORT, "Read Octopus now", "Result")
                self.look("both_sides")
                self.open(DOCUMENT_LIST, "Other amount")
                self.look("both_sides_documents")
                self.open(f"{REPORT}/{header.id}", "What is not equal", "By VAT code")
                self.look("both_sides_period")
                # What is frozen stays in the language of who froze it.
                self.press("action_freeze")
                self.see("Fingerprint")
                self.look("both_sides_proof")


@unittest.skipUnless(os.environ.get(FOLDER), "only where pictures are kept")
class TestPictures(BothSidesHttpCase):
    def test_pictures(self):
        DAILY_LIMITS_kept = dict(DAILY_LIMITS)
        self.addCleanup(DAILY_LIMITS.update, DAILY_LIMITS_kept)
        self.sandbox.world.set_switches({"quota": "off"})
        DAILY_LIMITS.pop(INSERT, None)
        today = fields.Date.today()
        first = self.document(invoice_date=today - timedelta(days=1))
        moves = self.many(first, DOCUMENTS, days=90)
        rows = self.send(moves[:-20])
        for number in (3, 50, 90):
            self.edit(rows[number], amount=Decimal("60.50"))
        self.edit(rows[7], document_date=today - timedelta(days=100))
        rows[12].move_id.button_draft()
        self.compare()
        header = (
            self.env["octopus.comparison.row"]
            .search([("booking_id", "=", rows[12].id)])
            .comparison_id
        )
        proof = self.env["octopus.comparison.proof"].browse(
            header.action_freeze()["res_id"]
        )
        self.edit(rows[20], amount=Decimal("1.21"))
        self.compare()
        folder = Path(os.environ[FOLDER])
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        pdf, _kind = reports._render_qweb_pdf(
            "octopus_connector.action_report_octopus_comparison_proof", proof.ids
        )
        folder.joinpath("proof.pdf").write_bytes(pdf)
        folder.joinpath("proof.xlsx").write_bytes(base64.b64decode(proof.xlsx))
        row = self.env["octopus.comparison.row"].search(
            [("kind", "=", "other_amount")], limit=1
        )
        with self.browsing(self.browser):
            self.visit("periods", REPORT, "V1")
            self.visit("period", f"{REPORT}/{header.id}", "VAT")
            self.visit("documents", DOCUMENT_LIST, "Other amount")
            self.visit("document", f"{DOCUMENT_LIST}/{row.id}", "Octopus")
            self.visit("amounts", "/odoo/octopus-both-sides-amounts", "Total")
            self.visit("proof", f"/odoo/octopus-proofs/{proof.id}", "Fingerprint")

    def visit(self, name, path, *texts):
        """Open a page at both widths: what is shown on a phone is chosen when it is
        loaded."""
        for label in WIDTHS:
            self.emulate(label)
            self.open(path, *texts)
            self.look_at(f"{name}_{label}")
