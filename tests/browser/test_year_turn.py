"""The turn of the year in Chromium (Z.9), at both widths."""

import base64
import os
import time
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests.common import ChromeBrowser

from ..common import OctopusHttpCase
from ..flows.test_year_turn import end_on

FOLDER = "OCTOPUS_PICTURES"
PAGE = "/odoo/octopus-year-turn"
WIDTHS = {"1280": (1280, 1000), "390": (390, 844)}
FITS = "document.body.scrollWidth <= window.innerWidth"


class TestYearTurn(OctopusHttpCase):
    browser_size = "1280x1000"

    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        admin.tour_enabled = False
        admin.company_ids += self.company
        admin.company_id = self.company
        self.company.octopus_attachment_policy = "none"
        end_on(self.books.dossier, fields.Date.today() + timedelta(days=20))
        self.refresh()

    def test_z9_the_next_bookyear_is_made_from_the_page(self):
        self.start_tour(PAGE, "octopus_year_turn", login="admin", timeout=180)
        years = self.dossier.bookyear_ids.sorted("date_start")
        self.assertEqual(len(years), 3)
        self.assertTrue(years[-1].journal_year_ids)

    def test_z9_the_page_at_both_widths_and_in_two_languages(self):
        for language in ("en_US", "nl_BE", "fr_BE"):
            self.env["res.lang"]._activate_lang(language)
        self.document()
        browser = ChromeBrowser(self)
        self.addCleanup(browser.stop)
        for language in ("en_US", "nl_BE", "fr_BE"):
            self.env.ref("base.user_admin").lang = language
            with self.browsing(browser):
                browser.navigate_to(f"{self.base_url()}{PAGE}")
                shown = "!!document.querySelector('[data-code=turn_bookyear_missing]')"
                self.assertTrue(browser._wait_ready(shown, timeout=60), language)
                for label, size in WIDTHS.items():
                    self.look(browser, f"year_turn_{language}_{label}", *size)

    def look(self, browser, name, width, height):
        browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": False,
            },
        )
        self.assertTrue(browser._wait_ready(FITS, timeout=30), name)
        folder = os.environ.get(FOLDER)
        if folder:
            time.sleep(2)
            answer = browser._websocket_request("Page.captureScreenshot")
            picture = base64.b64decode(answer["data"])
            Path(folder, f"{name}.png").write_bytes(picture)
