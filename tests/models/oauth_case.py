"""A user who gives access on the pretend Octopus's own page, without a browser."""

import re
from urllib.parse import parse_qs, urlsplit

import requests

from tests.common import OctopusHttpCase, demo

PARAMETER = "octopus_connector.oauth_{}"
RETURN_PATH = "/octopus/oauth/return"


class OAuthCase(OctopusHttpCase):
    """``self.connection`` has a software-house ID and nothing else yet."""

    linked = False

    def setUp(self):
        super().setUp()
        self.point_at_sandbox()
        self.connection = self.env["octopus.connection"].create(
            {
                "name": "By its page",
                "software_house": demo.SOFTWARE_HOUSE,
                "login_way": "oauth",
            }
        )

    def point_at_sandbox(self):
        self.parameter("authorize_url", self.sandbox.authorize_url)
        self.parameter("token_url", self.sandbox.token_url)

    def parameter(self, name, value):
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(PARAMETER.format(name), value)

    def switch(self, **switches):
        self.sandbox.world.set_switches(switches)
        self.point_at_sandbox()

    # At Octopus

    def address(self, connection=None):
        """Return the address of Octopus's page, as the button gives it."""
        action = (connection or self.connection).action_connect_with_octopus()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.env.flush_all()
        return action["url"]

    def agree(self, address, user=demo.USER, password=demo.PASSWORD, act="allow"):
        """Log in on Octopus's page and answer the grant screen; return the query that
        the browser brings back."""
        page = requests.post(
            address,
            {"act": "login", "user": user, "password": password},
            allow_redirects=False,
            timeout=10,
        )
        if page.status_code == 200:
            session = re.search(r'name="session" value="([^"]+)"', page.text)
            page = requests.post(
                address,
                {"act": act, "session": session.group(1)},
                allow_redirects=False,
                timeout=10,
            )
        self.assertEqual(page.status_code, 302, page.text)
        back = urlsplit(page.headers["Location"])
        self.assertEqual(back.path, RETURN_PATH)
        return {name: value for name, [value] in parse_qs(back.query).items()}

    # Back in Odoo

    def come_back(self, query, login="admin"):
        """Follow the way back as a browser; return the answer."""
        if login:
            self.authenticate(login, login)
        self.env.flush_all()
        answer = self.url_open(
            f"{RETURN_PATH}?{requests.compat.urlencode(query)}", allow_redirects=False
        )
        self.env.invalidate_all()
        return answer

    def give_access(self, **options):
        """Go the whole way; return the answer of the way back."""
        return self.come_back(self.agree(self.address_for("admin"), **options))

    def address_for(self, login):
        user = self.env["res.users"].search([("login", "=", login)])
        return self.address(self.connection.with_user(user))

    def token(self):
        tokens = self.env["octopus.token"].sudo()
        # It is written in transactions of their own.
        tokens.invalidate_model()
        return tokens.search([])
