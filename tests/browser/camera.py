"""Looks at a screen in Chromium, and keeps what it saw for the manual."""

import base64
import io
import json
import os
import time
from pathlib import Path

from PIL import Image

from odoo.tests.common import ChromeBrowser

from ..common import OctopusHttpCase

FOLDER = "OCTOPUS_PICTURES"
COLOURS = 128
TIME_ZONE = "Europe/Brussels"
SHOWN = "!!document.querySelector(%s) && document.body.innerText.includes(%s)"
CLICK = "document.querySelector(%s).click()"


class Camera(OctopusHttpCase):
    """A browser of which parts of the screen are kept in a folder."""

    browser_size = "1280x960"

    def setUp(self):
        super().setUp()
        self.browser = ChromeBrowser(self)
        self.browser._websocket_request(
            "Emulation.setTimezoneOverride", params={"timezoneId": TIME_ZONE}
        )
        self.addCleanup(self.browser.stop)
        self.folder = Path(os.environ[FOLDER])

    def open(self, path, selector, *texts):
        """Open a page of Odoo and wait until it tells some texts."""
        self.browser.navigate_to(f"{self.base_url()}{path}")
        self.wait_for(selector, *texts)

    def wait_for(self, selector, *texts):
        """Wait until a part of the page is there and the page tells some texts."""
        for text in texts or ("",):
            ready = SHOWN % (json.dumps(selector), json.dumps(text))
            shown = self.browser._wait_ready(ready, timeout=90)
            self.assertTrue(shown, f"{selector} with {text} does not show")

    def click(self, selector):
        self.evaluate(CLICK % json.dumps(selector))

    def evaluate(self, code):
        answer = self.browser._websocket_request(
            "Runtime.evaluate", params={"expression": code, "awaitPromise": True}
        )
        self.assertNotIn("exceptionDetails", answer, answer)

    def keep(self, name, tall):
        """Keep the upper part of the screen as a small file."""
        # Colours and widths change slowly.
        time.sleep(1)
        answer = self.browser._websocket_request(
            "Page.captureScreenshot",
            params={
                "clip": {"x": 0, "y": 0, "width": 1280, "height": tall, "scale": 1}
            },
        )
        picture = Image.open(io.BytesIO(base64.b64decode(answer["data"])))
        small = picture.convert("RGB").quantize(COLOURS)
        small.save(self.folder / f"{name}.png", optimize=True)
