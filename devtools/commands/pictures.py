"""Provoke what can stand in a document's way on the page of the pretend Octopus, look
at it in Odoo as a bookkeeper, in Chromium, and keep the pictures for the manual.

    ./dev pictures             into docs/images
    ./dev pictures --to FOLDER [-k limit]
"""

import os
from pathlib import Path

from .. import testing

HELP = "take the manual's pictures of what stands in a document's way"
PASS_THROUGH = True
SCENES = "tests/browser/pictures.py"


def run(args, house) -> int:
    """Take the pictures; the exit code tells whether each showed what it must."""
    options = list(args.rest)
    folder = house.root / "docs" / "images"
    if "--to" in options:
        place = options.index("--to")
        folder = Path(options[place + 1]).resolve()
        del options[place : place + 2]
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["OCTOPUS_PICTURES"] = str(folder)
    return testing.run(house, [*options, SCENES])
