"""The accountant's page as a visitor without a login, in Chromium (Z.16)."""

import base64
import json
import os
from pathlib import Path

from odoo.tests.common import ChromeBrowser

from ..flows.accountant_case import AccountantCase
from .languages import SEEN, stayed_english

SHOWN = "!!document.querySelector(%s) && document.body.innerText.includes(%s)"
# Where somebody who looks at the screens wants their pictures.
PICTURES = os.environ.get("OCTOPUS_PICTURES")
MONTHS = {"nl": "december", "fr": "décembre"}


class TestAccountantPage(AccountantCase):
    browser_size = os.environ.get("OCTOPUS_SCREEN_SIZE", "1280x960")

    def setUp(self):
        super().setUp()
        for code in ("nl_BE", "fr_BE"):
            self.env["res.lang"]._activate_lang(code)
        addon = self.env["ir.module.module"].search(
            [("name", "=", "octopus_connector")]
        )
        addon._update_translations(["nl_BE", "fr_BE"])
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)

    def open(self, lang):
        self.browser.navigate_to(f"{self.address}?lang={lang}")

    def see(self, selector, text=""):
        ready = SHOWN % (json.dumps(selector), json.dumps(text))
        shown = self.browser._wait_ready(ready, timeout=90)
        self.assertTrue(shown, f"{selector} with {text} does not show")

    def do(self, code):
        answer = self.browser._websocket_request(
            "Runtime.evaluate", params={"expression": code, "awaitPromise": True}
        )
        self.assertNotIn("exceptionDetails", answer, answer)
        return answer["result"].get("value")

    def keep(self, name):
        """Keep a picture of the whole page, for who asked for pictures."""
        if not PICTURES:
            return
        for width in (1280, 390):
            self.browser._websocket_request(
                "Emulation.setDeviceMetricsOverride",
                params={
                    "width": width,
                    "height": 900,
                    "deviceScaleFactor": 1,
                    "mobile": width < 600,
                },
            )
            answer = self.browser._websocket_request(
                "Page.captureScreenshot", params={"captureBeyondViewport": True}
            )
            path = Path(PICTURES, f"accountant_{name}_{width}.png")
            path.write_bytes(base64.b64decode(answer["data"]))
        self.browser._websocket_request("Emulation.clearDeviceMetricsOverride")

    def is_wider(self, width):
        """Whether the page is wider than a screen."""
        return self.do(f"document.documentElement.scrollWidth > {width}")

    def something_of_everything(self):
        sent = [self.send(self.document()) for _number in range(3)]
        sent[0].sudo().write(
            {
                "state": "differs",
                "differences": [
                    {"what": "amount", "here": "121.00", "there": "120.00", "code": ""},
                    {"what": "date", "here": "2026-11-30", "there": "2026-12-01"},
                ],
            }
        )
        sent[1].sudo().state = "gone"
        self.ask(sent[2].move_id, "On which account does the transport belong?")
        return self.held(3)

    def ask(self, move, text):
        return self.env["octopus.accountant.question"].ask(move, text)

    def walk(self, lang):
        """Answer a question, and let the basket go, in a language."""
        rows = self.something_of_everything()
        month = MONTHS[lang] if self.today.month == 12 else ""
        question = self.env["octopus.accountant.question"].search([], limit=1)
        with self.browsing(self.browser, None):
            self.open(lang)
            self.see(f"html[lang={lang}] #sent", month)
            self.see("#waiting form button")
            self.keep(f"{lang}_before")
            self.assertFalse(self.is_wider(1280))
            self.assertFalse(stayed_english(lang, json.loads(self.do(SEEN))))
            self.do(
                "document.querySelector('#questions textarea').value ="
                " 'Op 613000 / Sur 613000';"
                "document.querySelector('#questions form button').click()"
            )
            self.see(f"html[lang={lang}] #questions details")
            self.do("document.querySelector('#waiting form button').click()")
            self.see(f"html[lang={lang}] #waiting button[disabled]")
            self.keep(f"{lang}_after")
        self.assertEqual(question.answer, "Op 613000 / Sur 613000")
        self.protect()
        self.push()
        for row in rows:
            self.assert_booked(row)
        with self.browsing(self.browser, None):
            self.open(lang)
            self.see(f"html[lang={lang}] #waiting p")
            self.assertFalse(self.do("!!document.querySelector('#waiting form')"))

    def assert_clean(self):
        """What was marked as gone or different is no matter here."""

    def test_z16_in_dutch(self):
        self.walk("nl")

    def test_z16_in_french(self):
        self.walk("fr")

    def test_z6_z16_what_people_of_the_company_see(self):
        """The list of what to reopen, the link and the questions, in Odoo."""
        self.something_of_everything()
        self.refresh()
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("octopus_connector.group_manager")
        admin.company_ids += self.company
        admin.company_id = self.company
        with self.browsing(self.browser):
            for path, selector, text, name in (
                ("octopus-reopen", ".o_group_header", "V1", "reopen"),
                ("octopus-accountant-links", ".o_data_row", "Kantoor", "links"),
                (
                    f"octopus-accountant-links/{self.link_row.id}",
                    "button[name=action_mail]",
                    "an@peeters.example",
                    "link",
                ),
                ("octopus-accountant-questions", ".o_data_row", "transport", "asked"),
            ):
                self.browser.navigate_to(f"{self.base_url()}/odoo/{path}")
                self.see(selector, text)
                self.keep(name)

    def test_z16_on_a_telephone(self):
        self.something_of_everything()
        self.browser._websocket_request(
            "Emulation.setDeviceMetricsOverride",
            params={
                "width": 390,
                "height": 844,
                "deviceScaleFactor": 1,
                "mobile": True,
            },
        )
        with self.browsing(self.browser, None):
            self.open("nl")
            self.see("#sent")
            self.do(
                "document.querySelectorAll('details').forEach((it) => it.open = true)"
            )
            self.assertFalse(self.is_wider(390))
