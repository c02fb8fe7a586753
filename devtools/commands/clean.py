"""Delete everything that ./dev built: databases, environments, Odoo. The next
command builds what it needs again."""

import shutil
import sys
from pathlib import Path

from ..console import say
from ..postgres import OwnPostgres

HELP = "delete everything that ./dev built"


def configure(parser):
    """No arguments."""


def run(args, workspace) -> int:
    home = workspace.cache.home
    if (home / "locks").exists():
        # Stopping needs no environment: any Python does.
        OwnPostgres(Path(sys.executable), workspace.cache).remove()
    shutil.rmtree(home, ignore_errors=True)
    say(f"{home} is gone.")
    return 0
