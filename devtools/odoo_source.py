"""Where Odoo 19 comes from.

In this order: ``ODOO_PATH``, an ``odoo`` that this Python can import, Debian's
package ``odoo-19`` of its unstable suite (unpacked, not installed), and a
shallow clone of the 19.0 branch.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import apt
from .cache import Cache, digest
from .console import run_logged, say
from .errors import DevError

SERIES = "19.0"
REPOSITORY = "https://github.com/odoo/odoo.git"
DEBIAN_PACKAGE = "odoo-19"
# Odoo's package links to these instead of carrying its own copies: without
# them the web client answers with an error.
DEBIAN_LINKED = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-ocr-b",
)
# Debian leaves this library out (its source is not free enough) though the web
# client's bundle names it; only blurring a video call's background needs it.
DEBIAN_OMITTED = (
    "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
)
DEBIAN_PYTHON = "usr/lib/python3/dist-packages"


@dataclass(frozen=True)
class OdooSource:
    """An Odoo tree: where it is imported from and where its addons are."""

    root: Path
    """The folder that holds the package ``odoo`` (goes on the Python path)."""
    version: str
    """Tells this tree from another one (part of cache keys)."""

    @property
    def addons(self) -> list[Path]:
        """The folders of Odoo's own addons."""
        # A clone keeps most addons beside the package, Debian inside it.
        candidates = [self.root / "addons", self.root / "odoo" / "addons"]
        return [path for path in candidates if (path / "account").is_dir()]


def read_series(root: Path) -> str | None:
    """The series of the Odoo tree at ``root``, or None when there is none."""
    release = root / "odoo" / "release.py"
    if not release.is_file():
        return None
    found = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    return ".".join(found.groups()) if found else None


def find(cache: Cache) -> OdooSource:
    """Find or fetch Odoo.

    :raises DevError: when none of the ways works here, saying what was tried.
    """
    return _configured() or _importable() or _unpacked(cache) or _cloned(cache)


def _configured() -> OdooSource | None:
    given = os.environ.get("ODOO_PATH")
    if not given:
        return None
    root = Path(given).expanduser().resolve()
    for candidate in (root, root / DEBIAN_PYTHON, root.parent):
        if read_series(candidate) == SERIES:
            return _existing(candidate)
    raise DevError(
        f"ODOO_PATH={given} holds no Odoo {SERIES}: expected {root}/odoo/release.py "
        "of that series. Correct the variable or unset it."
    )


def _importable() -> OdooSource | None:
    # -I: neither this checkout nor PYTHONPATH shall answer for the machine.
    code = "import odoo; print(list(odoo.__path__)[0])"
    result = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False
    )
    if result.returncode:
        return None
    root = Path(result.stdout.strip().splitlines()[-1]).parent
    return _existing(root) if read_series(root) == SERIES else None


def _existing(root: Path) -> OdooSource:
    head = subprocess.run(
        ["git", "-C", str(root), "rev-parse", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    release = (root / "odoo" / "release.py").read_text()
    return OdooSource(root, digest(str(root), head.stdout, release))


def _unpacked(cache: Cache) -> OdooSource | None:
    if not apt.is_debian():
        return None

    def build(path: Path) -> dict:
        log = cache.log("odoo")
        work = path / "apt"
        private = apt.PrivateApt(work, "sid", log)
        private.update()
        packages = private.download(DEBIAN_PACKAGE, *DEBIAN_LINKED)
        for package in packages:
            run_logged(["dpkg-deb", "-x", package, path], log)
        version = next(p.name for p in packages if p.name.startswith(DEBIAN_PACKAGE))
        shutil.rmtree(work)
        # Leftovers of the packaging, half of every addon: not to be imported.
        for leftover in ("addons", "doc", "setup"):
            shutil.rmtree(path / DEBIAN_PYTHON / leftover, ignore_errors=True)
        omitted = path / DEBIAN_PYTHON / DEBIAN_OMITTED
        omitted.parent.mkdir(parents=True, exist_ok=True)
        omitted.touch()
        return {"version": version}

    def healthy(path: Path) -> bool:
        root = path / DEBIAN_PYTHON
        jquery = root / "odoo/addons/web/static/lib/jquery"
        whole = (root / DEBIAN_OMITTED).exists() and any(jquery.iterdir())
        return whole and read_series(root) == SERIES

    try:
        path = cache.step(
            "odoo",
            digest(SERIES, *DEBIAN_LINKED),
            build,
            title=f"Odoo {SERIES} from Debian ({DEBIAN_PACKAGE}, 123 MB)",
            healthy=healthy,
        )
    except DevError as error:
        say(f"Debian's {DEBIAN_PACKAGE} cannot be had: {error}")
        return None
    return OdooSource(path / DEBIAN_PYTHON, cache.facts(path)["version"])


def _cloned(cache: Cache) -> OdooSource:
    def build(path: Path) -> dict:
        clone = ["git", "clone", "--depth", "1", "--branch", SERIES, REPOSITORY]
        run_logged([*clone, path / "odoo"], cache.log("odoo"))
        head = subprocess.run(
            ["git", "-C", str(path / "odoo"), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
        )
        return {"version": head.stdout.strip()}

    try:
        path = cache.step(
            "odoo-git",
            digest(SERIES, REPOSITORY),
            build,
            title=f"Odoo {SERIES} as a shallow clone",
            healthy=lambda path: read_series(path / "odoo") == SERIES,
        )
    except DevError as error:
        raise DevError(
            f"Odoo {SERIES} cannot be had: no ODOO_PATH, none importable, none from "
            f"Debian, and cloning failed. Set ODOO_PATH to an Odoo {SERIES} tree.\n"
            f"{error}"
        ) from error
    return OdooSource(path / "odoo", cache.facts(path)["version"])
