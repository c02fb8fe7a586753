"""What a person sees while ./dev works, and commands run with their log kept."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from .errors import DevError

HEARTBEAT_SECONDS = 15
TAIL_LINES = 40


def say(text: str) -> None:
    """Print one line of progress on stderr (stdout belongs to the command)."""
    print(f"[dev] {text}", file=sys.stderr, flush=True)


@contextmanager
def timed(text: str):
    """Announce a piece of work and say how long it took when it succeeded."""
    say(f"{text} ...")
    start = time.monotonic()
    yield
    say(f"{text}: done in {time.monotonic() - start:.1f} s")


def tail(path: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log, for an error message."""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def run_logged(command, log: Path, *, stdin=subprocess.DEVNULL, **options) -> None:
    """Run a command with its output appended to a log, showing that it lives.

    :param options: more of :class:`subprocess.Popen`, such as ``env`` and ``cwd``.
    :raises DevError: with the log's last lines, when the command fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [os.fspath(part) for part in command]
    with log.open("ab") as output:
        output.write(f"$ {' '.join(command)}\n".encode())
        output.flush()
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            **options,
        )
        start = time.monotonic()
        try:
            while True:
                try:
                    code = process.wait(HEARTBEAT_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    say(f"    still at it ({time.monotonic() - start:.0f} s)")
        except BaseException:
            process.terminate()
            process.wait()
            raise
    if code:
        raise DevError(
            f"{Path(command[0]).name} ended with {code}. "
            f"The end of its log ({log}):\n{tail(log)}"
        )
