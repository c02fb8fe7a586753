"""A sandbox inside the process, for tests.

with Sandbox() as sandbox:
    requests.get(sandbox.url + "/about/version")
"""

import requests

from .oauth.door import AUTHORIZE
from .oauth.door import PREFIX as OAUTH_PREFIX
from .rest.door import PREFIX
from .seed import demo
from .server import SandboxServer
from .soap.door import PATH as SOAP_PATH
from .world import World


class Sandbox:
    """Starts the sandbox on a free loopback port, and stops it at the end.

    Leaving the ``with`` block raises AssertionError when a request (or an answer) did
    not keep to the contract; ``expect_violation`` takes back those that were meant.
    ``seed`` and ``path`` as for :class:`~octopus_sandbox.world.World`.
    """

    def __init__(self, seed=demo.fill, path=None, port=0, **switches):
        self.world = World(seed, path)
        self.world.set_switches(switches)
        self._port = port
        self._server = None

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, _error, _traceback):
        self.stop()
        if kind is None:
            self.assert_no_violations()

    def start(self):
        """Serve; a second start takes the same port again."""
        self._server = SandboxServer(self.world, port=self._port).start()
        self._port = self._server.server_address[1]
        return self

    def stop(self):
        """Stop serving; every connection is closed."""
        self._server.stop()

    @property
    def address(self):
        """``http://127.0.0.1:port``: the accountant's page."""
        return self._server.address

    @property
    def url(self):
        """Base address of the REST API."""
        return self.address + PREFIX

    @property
    def soap_url(self):
        """Address of the SOAP service."""
        return self.address + SOAP_PATH

    @property
    def authorize_url(self):
        """Address of the page on which a user gives access."""
        return self.address + OAUTH_PREFIX + AUTHORIZE

    @property
    def token_url(self):
        """Address that gives tokens, as the switch ``oauth_path`` says."""
        return f"{self.address}{OAUTH_PREFIX}/{self.world.switches['oauth_path']}"

    @property
    def violations(self):
        """What did not keep to the contract so far."""
        return self.world.violations

    def expect_violation(self, part=""):
        """Take back the violations that contain ``part``; there must be one."""
        found = [v for v in self.violations if part in f"{v.operation} {v.message}"]
        assert found, f"no violation with {part!r}: {self.violations}"
        for violation in found:
            self.violations.remove(violation)
        return found

    def assert_no_violations(self):
        """Fail when something did not keep to the contract."""
        assert not self.violations, "\n".join(map(str, self.violations))

    def books(self, dossier=demo.MAIN):
        """A dossier with its acts (:class:`~octopus_sandbox.state.books.Books`)."""
        return self.world.books[dossier]

    def login(self, user=demo.USER, password=demo.PASSWORD):
        """Token of a login, asked for over HTTP."""
        response = requests.post(
            f"{self.url}/authentication",
            headers={"softwareHouseUuid": demo.SOFTWARE_HOUSE},
            json={"user": user, "password": password},
            timeout=10,
        )
        response.raise_for_status()
        return response.json()["token"]

    def dossier_token(self, dossier=demo.MAIN, locale=0):
        """Token of a dossier, asked for over HTTP."""
        response = requests.post(
            f"{self.url}/dossiers",
            params={"dossierId": dossier, "localeId": locale},
            headers={"Token": self.login()},
            timeout=10,
        )
        response.raise_for_status()
        return response.json()["Dossiertoken"]
