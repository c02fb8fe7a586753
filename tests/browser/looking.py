"""Screens in Chromium, at both widths; what is seen is kept where a folder is named."""

import base64
import os
import time
from pathlib import Path

from odoo.tests.common import ChromeBrowser

from ..common import OctopusHttpCase

FOLDER = "OCTOPUS_PICTURES"
BUTTON = "[...document.querySelectorAll('button')].find((it) => it.name === '%s')"
WIDTHS = {"1280": (1280, 900), "390": (390, 844)}


class Looking(OctopusHttpCase):
    """Somebody who works in the company, and what is on the screen."""

    browser_size = "1280x900"

    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        # Odoo's own tours for newcomers would be loaded beside what is looked at.
        admin.tour_enabled = False
        admin.company_ids += self.company
        admin.company_id = self.company
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)

    def open(self, path, *texts):
        self.browser.navigate_to(f"{self.base_url()}{path}")
        self.see(*texts)

    def see(self, *texts):
        for text in texts:
            code = f"document.body.innerText.includes({text!r})"
            self.assertTrue(self.browser._wait_ready(code, timeout=60), text)

    def press(self, name):
        ready = f"!!{BUTTON % name}"
        self.assertTrue(self.browser._wait_ready(ready, timeout=60), name)
        self.evaluate(f"{BUTTON % name}.click()")

    def evaluate(self, code):
        answer = self.browser._websocket_request(
            "Runtime.evaluate", params={"expression": code, "awaitPromise": True}
        )
        self.assertNotIn("exceptionDetails", answer, answer)

    def look(self, name):
        """Look at the screen at both widths; keep what is seen where a folder is
        named."""
        folder = os.environ.get(FOLDER)
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
            if not folder:
                continue
            time.sleep(2)
            answer = self.browser._websocket_request("Page.captureScreenshot")
            picture = base64.b64decode(answer["data"])
            Path(folder, f"{name}_{label}.png").write_bytes(picture)
        self.browser._websocket_request("Emulation.clearDeviceMetricsOverride")
