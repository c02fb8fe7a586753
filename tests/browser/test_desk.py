"""The overview and the one run in Chromium, with some hundred documents (Z.26, F.7)."""

import base64
import json
import os
import time
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests.common import ChromeBrowser

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding
from odoo.addons.octopus_connector.sync import synchronise

from ..common import OctopusHttpCase
from ..flows.screens_case import REFUSED, ScreensCase

FOLDER = "OCTOPUS_PICTURES"
OVERVIEW, INVOICES = "/odoo/octopus", "/odoo/customer-invoices"
DASHBOARD = "/odoo/accounting"
CLOSED = Finding(codes.PERIOD_PROTECTED)
MINE = Finding(codes.PARTNER_MISSING)
# Hundreds where somebody looks at the pictures; else a few show the same.
DOCUMENTS = 300 if FOLDER in os.environ else 30
WIDTHS = {"1280": (1280, 900), "390": (390, 844)}


class DeskScreens(ScreensCase, OctopusHttpCase):
    browser_size = "1280x900"

    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        # Odoo's own tours for newcomers would be loaded beside what is looked at.
        admin.tour_enabled = False
        admin.company_ids += self.company
        admin.company_id = self.company

    def stand(self):
        """One document is sent, two wait for the user, one for the accountant, and two
        nobody asked for."""
        self.send(self.document())
        for finding in (MINE, REFUSED, CLOSED):
            self.hold(self.document(), "blocked", finding)
        return self.document() | self.document()


class TestDeskTour(DeskScreens):
    def test_z26_f7_j3_a_person_looks_and_sends(self, language="nl_BE"):
        self.speak(language)
        moves = self.stand()
        self.start_tour(INVOICES, "octopus_desk", login="admin", timeout=120)
        run = synchronise.going_on(self.dossier)
        self.assertEqual(len(run), 1)
        for cron in (
            self.env.ref("octopus_connector.cron_contacts"),
            self.dossier.push_cron_id,
            self.dossier.pull_cron_id,
        ):
            self.run_cron(cron)
        self.assertEqual(run.state, "done", run.problem)
        self.assertEqual(set(moves.mapped("octopus_state")), {"booked"})

    def test_z26_f7_j3_a_person_looks_and_sends_in_french(self):
        self.test_z26_f7_j3_a_person_looks_and_sends("fr_BE")

    def test_z26_invoicings_own_dashboard_says_it(self):
        self.stand()
        self.start_tour(DASHBOARD, "octopus_dashboard", login="admin", timeout=120)


class TestDeskPictures(DeskScreens):
    def many(self):
        """Make some hundred documents that stand in every way."""
        first = self.document()
        copies = self.env["account.move"]
        for number in range(DOCUMENTS - 1):
            day = self.today - timedelta(days=number % 60)
            copies |= first.with_context(tracking_disable=True).copy(
                {"invoice_date": day, "date": day}
            )
        copies.with_context(tracking_disable=True).action_post()
        self.send(first)
        rows = copies.octopus_booking_id.sudo()
        tenth = DOCUMENTS // 10
        mine, closed, down = (rows[it * tenth : it * tenth + tenth] for it in range(3))
        mine.hold("blocked", [MINE])
        closed.hold("blocked", [CLOSED])
        down.hold("waiting", [Finding(codes.SERVICE_DOWN)])
        rows[2 * tenth : 7 * tenth].queued = True
        mine.waiting_since = fields.Datetime.now() - timedelta(days=2)

    def see(self, *texts):
        for text in texts:
            code = f"document.body.innerText.includes({text!r})"
            self.assertTrue(self.browser._wait_ready(code, timeout=60), text)

    def open(self, path, *texts):
        self.browser.navigate_to(f"{self.base_url()}{path}")
        self.see(*texts)

    def look(self, name):
        """Look at both widths: nothing is wider than the screen. Keep what is seen
        where a folder is named."""
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
            fits = "document.documentElement.scrollWidth <= window.innerWidth"
            self.assertTrue(self.browser._wait_ready(fits, timeout=10), label)
            if folder := os.environ.get(FOLDER):
                time.sleep(2)
                answer = self.browser._websocket_request("Page.captureScreenshot")
                picture = base64.b64decode(answer["data"])
                Path(folder, f"{name}_{label}.png").write_bytes(picture)
        self.browser._websocket_request("Emulation.clearDeviceMetricsOverride")

    def test_z26_with_some_hundred_documents_at_both_widths(self):
        self.many()
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        self.dossier.action_synchronise()
        self.run_cron(self.env.ref("octopus_connector.cron_contacts"))
        [run] = synchronise.going_on(self.dossier)
        with self.browsing(self.browser):
            self.open(OVERVIEW, "Wait for you", "Documents are sent")
            self.look("desk")
            self.open(f"/odoo/octopus-runs/{run.id}", "Documents are sent")
            self.look("desk_run")
            self.open(DASHBOARD, "documents and payments wait for you")
            self.look("desk_dashboard")

    def lock_dates(self):
        """Return what opens in the browser the lock dates that would follow."""
        self.env["octopus.journal.year"].search(
            [("dossier_id", "=", self.dossier.id)]
        ).sudo().closed_period = 202601
        admin = self.env.ref("base.user_admin")
        action = self.dossier.with_user(admin).action_lock_dates()
        views = [[False, name] for name in action["view_mode"].split(",")]
        told = json.dumps({**action, "views": views})
        return f"odoo.__WOWL_DEBUG__.root.env.services.action.doAction({told})"

    def test_z5_z6_z16_lists_of_the_accountant_are_cards_on_a_telephone(self):
        partner = self.env["res.partner"].create({"name": "Peeters", "email": "a@b.be"})
        self.env["octopus.accountant.link"].sudo().create(
            {
                "dossier_id": self.dossier.id,
                "name": partner.name,
                "email": partner.email,
                "lang": "en_US",
                "partner_id": partner.id,
                "expires_at": fields.Datetime.now() + timedelta(days=30),
            }
        )
        self.env["octopus.comparison.proof"].sudo().create(
            {
                "name": "V1 2026/03",
                "dossier_id": self.dossier.id,
                "frozen_at": fields.Datetime.now(),
                "fingerprint": "0" * 64,
                "user_id": self.env.ref("base.user_admin").id,
                "content": {"documents": []},
                "company_ids": [(6, 0, self.company.ids)],
                "currency_id": self.company.currency_id.id,
                "row_count": 3,
                "open_count": 1,
            }
        )
        locks = self.lock_dates()
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        with self.browsing(self.browser):
            for path, first, action, text in (
                ("octopus-accountant-links", "Peeters", "", "Good until"),
                ("octopus-proofs", "V1 2026/03", "", "Not equal"),
                ("octopus-proofs", "V1 2026/03", locks, "Set this lock date"),
            ):
                self.on_a_telephone()
                self.open(f"/odoo/{path}?debug=1", first)
                answer = self.browser._websocket_request(
                    "Runtime.evaluate",
                    params={"expression": action or "0", "awaitPromise": True},
                )
                self.assertNotIn("exceptionDetails", answer, answer)
                self.see(text)
                self.look(f"cards_{text.split()[0]}")

    def on_a_telephone(self):
        width, height = WIDTHS["390"]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1}
        self.browser._websocket_request(
            "Emulation.setDeviceMetricsOverride", params={**metrics, "mobile": True}
        )

    def test_z16_what_waits_for_the_accountant_is_cards_on_a_telephone(self):
        self.hold(move := self.document(), "blocked", CLOSED, queued=True)
        self.env["octopus.accountant.question"].sudo().create(
            {
                "move_id": move.id,
                "company_id": self.company.id,
                "dossier_id": self.dossier.id,
                "user_id": self.env.uid,
                "question": "Which account?",
            }
        )
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        with self.browsing(self.browser):
            self.on_a_telephone()
            for path, name, text in (
                ("/odoo/octopus-reopen", "reopen", "Open the document"),
                ("/odoo/octopus-accountant-questions", "questions", "Which account?"),
            ):
                self.open(path, text)
                cards = "!!document.querySelector('.o_kanban_record button')"
                self.assertTrue(self.browser._wait_ready(cards, timeout=30), name)
                self.look(name)
                self.on_a_telephone()
