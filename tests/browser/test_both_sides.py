"""The report of both sides in Chromium: what differs is found, solved and frozen (Z.5,
Z.27); with 300 documents where pictures of it are wanted."""

import base64
import os
import time
import unittest
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from odoo import fields
from odoo.tests.common import ChromeBrowser

from odoo.addons.octopus_connector.api.quota import DAILY_LIMITS
from odoo.addons.octopus_connector.sync.both_sides import BothSides

from octopus_sandbox.state.keys import DocumentKey

from ..common import OctopusHttpCase

FOLDER = "OCTOPUS_PICTURES"
REPORT = "/odoo/octopus-both-sides"
DOCUMENTS = 300
WIDTHS = {"1280": (1280, 900), "390": (390, 844)}
INSERT = "insert_booking"


class BothSidesHttpCase(OctopusHttpCase):
    browser_size = "1280x900"

    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        admin.tour_enabled = False
        admin.company_ids += self.company
        admin.company_id = self.company
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

    def look(self):
        self.pull()
        while BothSides(self.dossier).update()[1]:
            pass


class TestBothSides(BothSidesHttpCase):
    def test_z5_z27_a_person_finds_what_differs_and_freezes_the_month(
        self, language="nl_BE"
    ):
        self.speak(language)
        moves = self.document() | self.document() | self.document()
        rows = self.send(moves)
        self.edit(rows[0], amount=Decimal("60.50"))
        self.look()
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

    def test_z5_z27_a_person_does_so_in_french(self):
        self.test_z5_z27_a_person_finds_what_differs_and_freezes_the_month("fr_BE")


@unittest.skipUnless(os.environ.get(FOLDER), "only where pictures are kept")
class TestPictures(BothSidesHttpCase):
    def test_pictures(self):
        DAILY_LIMITS_kept = dict(DAILY_LIMITS)
        self.addCleanup(DAILY_LIMITS.update, DAILY_LIMITS_kept)
        self.sandbox.world.set_switches({"quota": "off"})
        DAILY_LIMITS.pop(INSERT, None)
        today = fields.Date.today()
        first = self.document(invoice_date=today - timedelta(days=1))
        copies = self.env["account.move"]
        quiet = first.with_context(tracking_disable=True)
        for number in range(DOCUMENTS - 1):
            day = today - timedelta(days=number % 90)
            copies |= quiet.copy({"invoice_date": day, "date": day})
        copies.action_post()
        rows = self.send((first | copies)[:-20])
        for number in (3, 50, 90):
            self.edit(rows[number], amount=Decimal("60.50"))
        self.edit(rows[7], document_date=today - timedelta(days=100))
        rows[12].move_id.button_draft()
        self.look()
        header = rows[0]
        header = (
            self.env["octopus.comparison.row"]
            .search([("booking_id", "=", rows[12].id)])
            .comparison_id
        )
        proof = self.env["octopus.comparison.proof"].browse(
            header.action_freeze()["res_id"]
        )
        self.edit(rows[20], amount=Decimal("1.21"))
        self.look()
        folder = Path(os.environ[FOLDER])
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        pdf, _kind = reports._render_qweb_pdf(
            "octopus_connector.action_report_octopus_comparison_proof", proof.ids
        )
        folder.joinpath("proof.pdf").write_bytes(pdf)
        folder.joinpath("proof.xlsx").write_bytes(base64.b64decode(proof.xlsx))
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        with self.browsing(self.browser):
            self.keep("periods", REPORT, "V1")
            self.keep("period", f"{REPORT}/{header.id}", "VAT")
            self.keep("documents", "/odoo/octopus-both-sides-documents", "Other amount")
            row = self.env["octopus.comparison.row"].search(
                [("kind", "=", "other_amount")], limit=1
            )
            self.keep(
                "document", f"/odoo/octopus-both-sides-documents/{row.id}", "Octopus"
            )
            self.keep("amounts", "/odoo/octopus-both-sides-amounts", "Total")
            self.keep("proof", f"/odoo/octopus-proofs/{proof.id}", "Fingerprint")

    def open(self, path, text):
        self.browser.navigate_to(f"{self.base_url()}{path}")
        code = f"document.body.innerText.includes({text!r})"
        self.assertTrue(self.browser._wait_ready(code, timeout=60), text)

    def keep(self, name, path, text):
        for label, (width, height) in WIDTHS.items():
            self.browser._websocket_request(
                "Emulation.setDeviceMetricsOverride",
                params={
                    "width": width,
                    "height": height,
                    "deviceScaleFactor": 1,
                    "mobile": False,
                },
            )
            # What is shown on a phone is chosen when the page is loaded.
            self.open(path, text)
            time.sleep(2)
            answer = self.browser._websocket_request("Page.captureScreenshot")
            picture = base64.b64decode(answer["data"])
            Path(os.environ[FOLDER], f"{name}_{label}.png").write_bytes(picture)
        self.browser._websocket_request("Emulation.clearDeviceMetricsOverride")
