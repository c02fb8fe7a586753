"""A running Odoo: its HTTP server and its scheduled actions."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from .console import say, tail
from .errors import DevError

START_SECONDS = 120
STOP_SECONDS = 20
# Of Linux; loaded before a process is forked.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


def is_free(port: int) -> bool:
    """Whether nobody listens on a TCP port of loopback."""
    with socket.socket() as probe:
        # As servers do: a connection that lingers after its end does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A TCP port of this machine that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_with_parent() -> None:
    """Let this process be asked to stop when its parent ends without having stopped it,
    as one that is killed does."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class OdooServer:
    """Odoo serving one database on loopback, as a context manager.

    :param workspace: the :class:`~devtools.workspace.Workspace` it runs in.
    :param database: an existing database; the only one it serves.
    :param port: where it listens; a free port when None.
    :param cron_threads: how many scheduled actions run side by side; 0: none.
    :param workers: HTTP worker processes; 0 serves from threads of one process.
    :param arguments: more arguments for odoo-bin.
    """

    def __init__(
        self, workspace, database, *, port=None, cron_threads=1, workers=0, arguments=()
    ):
        self.workspace = workspace
        self.database = database
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = workspace.cache.log(f"server-{database}-{self.port}")
        self.process = None
        self._arguments = [
            f"--database={database}",
            f"--db-filter=^{database}$",
            "--no-database-list",
            "--http-interface=127.0.0.1",
            f"--http-port={self.port}",
            f"--gevent-port={free_port()}",
            f"--max-cron-threads={cron_threads}",
            f"--workers={workers}",
            *arguments,
        ]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exception):
        self.stop()

    def start(self) -> None:
        """Start and wait until it answers.

        :raises DevError: with the end of its log, when it does not.
        """
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                self.workspace.odoo_command(*self._arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.workspace.environment(),
                cwd=self.workspace.root,
                # Ctrl-C reaches ./dev alone, which then stops this in order.
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it and wait; harmless when it has stopped already."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"Odoo on {self.url} did not stop in time and is killed.")
            os.killpg(self.process.pid, 9)
            self.process.wait()
        self.process = None

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.2)
        raise DevError(f"Odoo did not start ({self.log}):\n{tail(self.log)}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
