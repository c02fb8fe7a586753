"""The pretend Octopus as a process of its own, and its control API."""

import json
import subprocess
import time
import urllib.error
import urllib.request

from octopus_sandbox.seed import demo

from .console import tail
from .errors import DevError
from .server import free_port

START_SECONDS = 30
STOP_SECONDS = 5
PATHS = {
    "rest": "/octopus-rest-api/v1",
    "soap": "/OctopusService01-13/OctopusWSService",
}
OAUTH_PATH = "/octopus-oauth"
LOGIN = {
    "software_house": demo.SOFTWARE_HOUSE,
    "user": demo.USER,
    "password": demo.PASSWORD,
}


class Sandbox:
    """``python -m octopus_sandbox`` on loopback, as a context manager.

    :param port: where it listens; a free port when None
    :param state: file that keeps its books; memory only when None
    :param dossiers: how many the login opens, at least 3
    :param switches: ``{name: value}``, see ``./dev exec python -m octopus_sandbox -h``
    """

    def __init__(self, workspace, *, port=None, state=None, switches=None, dossiers=3):
        self.workspace = workspace
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = workspace.cache.log(f"sandbox-{self.port}")
        self._process = None
        self._arguments = [f"--port={self.port}", f"--dossiers={dossiers}"]
        if state:
            self._arguments += ["--state", str(state)]
        for name, value in (switches or {}).items():
            self._arguments += ["--switch", f"{name}={value}"]

    def login(self, transport: str = "rest") -> dict:
        """What a connector needs: web service and its address, software house, user,
        password."""
        return {"transport": transport, "url": self.url + PATHS[transport], **LOGIN}

    @property
    def oauth_url(self) -> str:
        """What its page to log in on, and the address that gives tokens, begin with."""
        return self.url + OAUTH_PATH

    def __enter__(self):
        command = [self.workspace.python, "-m", "octopus_sandbox", *self._arguments]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.workspace.environment(database=False),
                cwd=self.workspace.root,
                # Ctrl-C reaches ./dev alone, which then stops this in order.
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception):
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, path: str, method: str = "GET", **fields):
        """Call the control API and give its answer.

        :raises DevError: with the sandbox's own words when it refuses
        """
        body = json.dumps(fields).encode() if method != "GET" else None
        request = urllib.request.Request(
            f"{self.url}/_sandbox{path}", data=body, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise DevError(
                f"The sandbox refused {path}: {error.read().decode()}"
            ) from error

    def act(self, dossier: int, name: str, **fields):
        """Do what the accountant would; see ``octopus_sandbox.control.acts``."""
        return self.ask(f"/dossiers/{dossier}/acts/{name}", "POST", **fields)

    def _wait(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.ask("/state")
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise DevError(
            f"The pretend Octopus did not start ({self.log}):\n{tail(self.log)}"
        )
