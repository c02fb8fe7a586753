"""Screens in Chromium, at both widths and in the languages of their readers; what is
seen is kept where a folder is named."""

import base64
import json
import os
import time
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from unittest.mock import patch

from odoo.tests.common import ChromeBrowser

from ..common import OctopusHttpCase
from .languages import LANGUAGES, SEEN, said, stayed_english

FOLDER = "OCTOPUS_PICTURES"
BUTTON = "[...document.querySelectorAll('button')].find((it) => it.name === '%s')"
WIDTHS = {"1280": (1280, 900), "390": (390, 844)}
FITS = (
    "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
    " <= window.innerWidth"
)
# How many seconds a screen may take on a busy machine.
PATIENCE = 90
# Whose texts stand beside ours on the screens.
TRANSLATED = ("account", "analytic", "mail", "octopus_connector")


class PatientBrowser(ChromeBrowser):
    """Chromium with as much time for a command as a screen has: Odoo's ten seconds are
    over while a busy machine lays out some hundred rows."""

    def _websocket_request(self, method, *, params=None, timeout=PATIENCE):
        return super()._websocket_request(
            method, params=params, timeout=max(timeout, PATIENCE)
        )


class Looking(OctopusHttpCase):
    """Somebody who works in the company, and what is on the screen."""

    browser_size = "1280x900"
    language = "en"

    def setUp(self):
        super().setUp()
        admin = self.env.ref("base.user_admin")
        # Odoo's own tours for newcomers would be loaded beside what is looked at.
        admin.tour_enabled = False
        # No word that the addon has to translate.
        admin.name = "An Claes"
        admin.company_ids += self.company
        admin.company_id = self.company

    @cached_property
    def browser(self):
        browser = PatientBrowser(self)
        self.addCleanup(browser.stop)
        return browser

    @contextmanager
    def reading(self, language, login="admin"):
        """Let a browser ask the server as somebody who reads a language; inside, what
        is waited for is looked up in the addon's catalogue, and ``look`` finds what
        stayed English.

        :param language: ``en``, ``nl`` or ``fr``
        """
        user = self.env["res.users"].search([("login", "=", login)])
        user.lang = self.translated(LANGUAGES[language])
        spoken = patch.object(self, "language", language)
        with spoken, self.browsing(self.browser, login):
            yield
        user.lang = LANGUAGES["en"]

    def translated(self, code):
        """Load what the screens say in a language, if it is not there yet; return its
        code."""
        languages = self.env["res.lang"]
        if not languages._get_data(code=code):
            languages._activate_lang(code)
            modules = self.env["ir.module.module"]
            named = modules.search([("name", "in", TRANSLATED)])
            named._update_translations([code])
        return code

    def open(self, path, *texts):
        self.browser.navigate_to(f"{self.base_url()}{path}")
        self.see(*texts)

    def see(self, *texts):
        """Wait until the screen tells some texts, given in English."""
        for text in texts:
            told = json.dumps(said(self.language, text))
            self.wait_for(f"document.body.innerText.includes({told})")

    def wait_for(self, code):
        """Wait until something is true of the page."""
        self.assertTrue(self.browser._wait_ready(code, timeout=PATIENCE), code)

    def find(self, selector):
        """Wait until a part of the screen is there."""
        self.wait_for(f"!!document.querySelector({json.dumps(selector)})")

    def click(self, selector):
        self.find(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def press(self, name):
        self.wait_for(f"!!{BUTTON % name}")
        self.evaluate(f"{BUTTON % name}.click()")

    def evaluate(self, code):
        answer = self.browser._websocket_request(
            "Runtime.evaluate", params={"expression": code, "awaitPromise": True}
        )
        self.assertNotIn("exceptionDetails", answer, answer)
        return answer["result"].get("value")

    def emulate(self, label, mobile=False):
        """Give the screen one of the widths."""
        width, height = WIDTHS[label]
        self.browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": mobile,
            },
        )

    def look(self, name):
        """Look at the screen at both widths."""
        for label in WIDTHS:
            self.emulate(label)
            self.look_at(f"{name}_{label}")
        # Without an emulation Chromium takes another width than that of its window.
        self.emulate("1280")

    def look_at(self, name):
        """See that nothing is wider than the screen, nor stayed English; keep what is
        seen where a folder is named."""
        self.wait_for(FITS)
        english = stayed_english(self.language, json.loads(self.evaluate(SEEN)))
        self.assertFalse(english, f"{name} in {self.language}")
        self.keep(name if self.language == "en" else f"{name}_{self.language}")

    def keep(self, name):
        if folder := os.environ.get(FOLDER):
            # Colours and widths change slowly.
            time.sleep(2)
            answer = self.browser._websocket_request("Page.captureScreenshot")
            picture = base64.b64decode(answer["data"])
            Path(folder, f"{name}.png").write_bytes(picture)
