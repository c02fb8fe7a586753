"""An installed 19.0.1.0.0 database gets today's code (``./dev upgrade``)."""

import subprocess
import sys
from pathlib import Path

import pytest

from devtools.commands.upgrade import FIRST

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 1200


def knows(revision):
    """Whether git has a revision; a shallow clone may not."""
    known = ["git", "cat-file", "-e", f"{revision}^{{commit}}"]
    return not subprocess.run(
        known, cwd=ROOT, capture_output=True, check=False
    ).returncode


@pytest.mark.skipif(not knows(FIRST), reason=f"git does not have {FIRST} here")
def test_nothing_of_an_older_version_is_lost_or_sent_twice():
    """Documents and payments in each state, also in doubt."""
    done = subprocess.run(
        [sys.executable, "dev", "upgrade"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 not right; 0 other things wrong" in done.stdout
