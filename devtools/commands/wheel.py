"""Build the addon's wheel into dist/. With --check, also install it in a new
environment and install the module from there in a database."""

import shutil
import tempfile
from pathlib import Path

from .. import wheel
from ..console import say

HELP = "build the addon's wheel, and try it with --check"


def configure(parser):
    parser.add_argument("--check", action="store_true", help="install it and try it")


def run(args, workspace) -> int:
    with tempfile.TemporaryDirectory() as folder:
        if args.check:
            state = wheel.check(workspace, Path(folder))
            say(f"The module installed from the wheel is: {state}")
            return int(state != "installed")
        built = wheel.build(workspace, Path(folder))
        (workspace.root / "dist").mkdir(exist_ok=True)
        print(shutil.copy2(built, workspace.root / "dist"))
        return 0
