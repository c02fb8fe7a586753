"""Provoke what can stand in a document's way on the page of the pretend Octopus, and
what payments bring; look at it in Odoo, in Chromium, and keep the pictures for the
manual.

    ./dev pictures             into docs/images
    ./dev pictures --to FOLDER [-k limit]
"""

import os
from pathlib import Path

from .. import testing

HELP = "take the manual's pictures of documents in trouble, and of payments"
PASS_THROUGH = True
SCENES = ("tests/browser/pictures.py", "tests/browser/pictures_payments.py")


def run(args, workspace) -> int:
    """Take the pictures; the exit code tells whether each showed what it must."""
    options = list(args.rest)
    folder = workspace.root / "docs" / "images"
    if "--to" in options:
        place = options.index("--to")
        folder = Path(options[place + 1]).resolve()
        del options[place : place + 2]
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["OCTOPUS_PICTURES"] = str(folder)
    return testing.run(workspace, [*options, *SCENES])
