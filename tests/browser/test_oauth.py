"""The whole way to Octopus's own page and back, in Chromium and in the languages of who
goes it (A.3, A.6)."""

import time
from contextlib import contextmanager

from odoo.tests.common import ChromeBrowserException

from odoo.addons.octopus_connector.sync.login import connect

from octopus_sandbox.seed import demo

from .languages import LANGUAGES
from .looking import PATIENCE, Looking

CONNECTION = "/odoo/action-octopus_connector.action_octopus_connection/{}"
SETTINGS = "/odoo/action-octopus_connector.action_octopus_settings"
SETUP = "/odoo/action-octopus_connector.action_octopus_setup"
PARAMETER = "octopus_connector.oauth_{}"
CONNECT = "button[name=action_connect_with_octopus]"
CURRENT = ".o_form_view .o_arrow_button_current"


class TestOctopusPage(Looking):
    linked = False

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
        self.connection = self.env["octopus.connection"].create(
            {
                "name": "Octopus of our accountant",
                "software_house": demo.SOFTWARE_HOUSE,
                "login_way": "oauth",
            }
        )

    @contextmanager
    def at(self, path, language="en"):
        """Open a page of Odoo; inside, the browser may go from page to page."""
        with self.reading(language):
            self.open(path)
            yield

    def wait_for(self, code):
        """Wait for a page, also while the browser goes from one site to another."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                if self.browser._wait_ready(code, timeout=20):
                    return
            except (ChromeBrowserException, TimeoutError):
                # It went to another page while it was asked.
                time.sleep(0.2)
        self.fail(code)

    def log_in_there(self, act="allow"):
        """Be the user on the pages of Octopus, which are English here."""
        self.find("input[name=password]")
        self.evaluate(
            f"document.querySelector('[name=user]').value = '{demo.USER}';"
            f"document.querySelector('[name=password]').value = '{demo.PASSWORD}';"
        )
        self.keep("octopus_login")
        self.click("button[value=login]")
        self.find("button[value=allow]")
        self.see(demo.USER)
        self.keep("octopus_grant")
        self.click(f"button[value={act}]")

    def test_from_the_connection(self):
        self.connect_in("en")

    def test_from_the_connection_in_dutch(self):
        self.connect_in("nl")

    def test_from_the_connection_in_french(self):
        self.connect_in("fr")

    def connect_in(self, language):
        with self.at(CONNECTION.format(self.connection.id), language):
            self.see("Connect with Octopus")
            self.look("connection_before")
            self.click(CONNECT)
            self.log_in_there()
            self.find(f"{CURRENT}[data-value=connected]")
            self.see("Connected")
            self.look("connection_after")
        self.assertEqual(self.connection.state, "connected")
        self.assertFalse(self.connection.has_secret)
        self.assertEqual(len(self.connection.dossier_ids), 3)

    def test_refused_there(self):
        for language in LANGUAGES:
            with self.at(CONNECTION.format(self.connection.id), language):
                self.click(CONNECT)
                self.log_in_there("refuse")
                self.find(".alert-warning")
                self.see("access_denied", "Not connected with Octopus")
                self.look("refused")
                self.click("a.btn-primary")
                self.find(".o_list_view")
                self.see("Octopus of our accountant")
            self.assertNotEqual(self.connection.state, "connected")

    def test_from_the_set_up(self):
        with self.at(SETUP):
            self.find(".modal [name=login_way]")
            self.see("Connect with Octopus")
            self.look("setup_before")
            self.click(f".modal {CONNECT}")
            self.log_in_there()
            self.find(".modal .o_arrow_button_current[data-value=dossier]")
            self.look("setup_after")
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
        for language in LANGUAGES:
            with self.at(SETTINGS, language):
                self.see(demo.USER)
                self.look("settings")
                self.press("action_octopus_disconnect")
                self.find(".modal [name=scope] input")
                self.see("Nothing is sent or read any more")
                self.look("disconnect")
                self.click(".modal [name=scope] input[data-value=date]")
                self.find(".modal button.btn-primary")
                self.see("Save")
                self.look("disconnect_date")
