"""How ./dev starts Odoo's server (issue 14)."""

import subprocess
import sys

from devtools.workspace import ODOO_BIN

# A parent that says it has a child, which keeps the parent's output open.
PARENT = """
import subprocess, sys, time
from devtools.server import end_with_parent
wait = [sys.executable, "-c", "import time; time.sleep(120)"]
subprocess.Popen(wait, preexec_fn=end_with_parent, start_new_session=True)
print("started", flush=True)
time.sleep(120)
"""


def test_a_server_ends_with_a_parent_that_is_killed():
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout.readline() == "started\n"
        parent.kill()
        # The end of the output comes when nobody has it open any more.
        parent.communicate(timeout=30)


def test_odoo_starts_from_a_file_which_its_workers_can_start_again():
    command = [sys.executable, str(ODOO_BIN), "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("Odoo Server 19.0")
