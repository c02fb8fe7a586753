"""The whole way to Octopus's own page and back, in Chromium (A.3, A.6)."""

import base64
import json
import os
import time
from contextlib import contextmanager
from pathlib import Path

from odoo.tests.common import ChromeBrowser, ChromeBrowserException

from odoo.addons.octopus_connector.sync.login import connect

from octopus_sandbox.seed import demo

from ..common import OctopusHttpCase

CONNECTION = "/odoo/action-octopus_connector.action_octopus_connection/{}"
SETTINGS = "/odoo/action-octopus_connector.action_octopus_settings"
SETUP = "/odoo/action-octopus_connector.action_octopus_setup"
PARAMETER = "octopus_connector.oauth_{}"
SHOWN = "!!document.querySelector(%s) && document.body.innerText.includes(%s)"
# Where somebody who looks at the screens wants their pictures.
PICTURES = os.environ.get("OCTOPUS_SCREENS")


class TestOctopusPage(OctopusHttpCase):
    linked = False
    browser_size = os.environ.get("OCTOPUS_SCREEN_SIZE", "1280x960")

    def setUp(self):
        super().setUp()
        parameters = self.env["ir.config_parameter"].sudo()
        facts = {
            "authorize_url": self.sandbox.authorize_url,
            "token_url": self.sandbox.token_url,
            "return_url": f"{self.base_url()}/octopus/oauth/return",
        }
        for name, value in facts.items():
            parameters.set_param(PARAMETER.format(name), value)
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("octopus_connector.group_manager")
        admin.company_ids += self.company
        admin.company_id = self.company
        self.connection = self.env["octopus.connection"].create(
            {
                "name": "Octopus of our accountant",
                "software_house": demo.SOFTWARE_HOUSE,
                "login_way": "oauth",
            }
        )
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)

    @contextmanager
    def at(self, path):
        """Open a page of Odoo; inside, the browser may go from page to page."""
        with self.browsing(self.browser):
            self.browser.navigate_to(f"{self.base_url()}{path}")
            yield

    def see(self, selector, text="", picture=None):
        ready = SHOWN % (json.dumps(selector), json.dumps(text))
        shown = self.wait_for(ready)
        if picture or not shown:
            self.keep(picture or "failed")
        self.assertTrue(shown, f"{selector} with {text} does not show")

    def wait_for(self, ready):
        """Wait for a page, also while the browser goes from one site to another."""
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            try:
                if self.browser._wait_ready(ready, timeout=20):
                    return True
            except (ChromeBrowserException, TimeoutError):
                # It went to another page while it was asked.
                time.sleep(0.2)
        return False

    def do(self, code):
        answer = self.browser._websocket_request(
            "Runtime.evaluate", params={"expression": code, "awaitPromise": True}
        )
        self.assertNotIn("exceptionDetails", answer, answer)

    def click(self, selector):
        self.do(f"document.querySelector({json.dumps(selector)}).click()")

    def keep(self, name):
        if PICTURES:
            self.do("new Promise((done) => setTimeout(done, 1200))")
            answer = self.browser._websocket_request("Page.captureScreenshot")
            path = Path(PICTURES, f"{name}_{self.browser_size}.png")
            path.write_bytes(base64.b64decode(answer["data"]))

    def log_in_there(self, act="allow"):
        """Be the user on the pages of Octopus."""
        self.see("input[name=password]", "Log in", "octopus_login")
        self.do(
            f"document.querySelector('[name=user]').value = '{demo.USER}';"
            f"document.querySelector('[name=password]').value = '{demo.PASSWORD}';"
        )
        self.click("button[value=login]")
        self.see("button[value=allow]", demo.USER, "octopus_grant")
        self.click(f"button[value={act}]")

    def test_from_the_connection(self):
        button = "button[name=action_connect_with_octopus]"
        with self.at(CONNECTION.format(self.connection.id)):
            self.see(button, "Connect with Octopus", "connection_before")
            self.click(button)
            self.log_in_there()
            current = ".o_form_view .o_arrow_button_current"
            self.see(current, "Connected", "connection_after")
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.connection.has_secret)
        self.assertEqual(len(self.connection.dossier_ids), 3)

    def test_refused_there(self):
        button = "button[name=action_connect_with_octopus]"
        with self.at(CONNECTION.format(self.connection.id)):
            self.see(button)
            self.click(button)
            self.log_in_there("refuse")
            self.see(".alert-warning", "access_denied", "refused")
            self.click("a.btn-primary")
            self.see(".o_list_view", "Octopus of our accountant")
        self.assertNotEqual(self.connection.state, "connected")

    def test_from_the_set_up(self):
        with self.at(SETUP):
            self.see(".modal [name=login_way]", "Connect with Octopus", "setup_before")
            self.click(".modal button[name=action_connect_with_octopus]")
            self.log_in_there()
            current = ".modal .o_arrow_button_current[data-value=dossier]"
            self.see(current, "Dossier", "setup_after")
        self.assertEqual(self.connection.state, "connected")

    def test_z24_disconnect_from_a_date_on(self):
        """Z.24: the dialog tells what goes on; K.2: the settings tell the login."""
        self.connection.write(
            {
                "login_way": "password",
                "user_name": demo.USER,
                "password": demo.PASSWORD,
            }
        )
        connect(self.connection)
        self.link(self.company)
        with self.at(SETTINGS):
            self.see("[name=octopus_login_text]", demo.USER, "settings")
            self.click("button[name=action_octopus_disconnect]")
            self.see(".modal [name=scope] input", "Nothing is sent", "disconnect")
            self.click(".modal [name=scope] input[data-value=date]")
            self.see(".modal button.btn-primary", "Save", "disconnect_date")
