"""The virtual environment that runs Odoo and the tests."""

import subprocess
import sys
from pathlib import Path

from . import apt
from .cache import Cache, digest
from .console import run_logged
from .errors import DevError
from .odoo_source import OdooSource

LOCK = "requirements.lock"


def build_python(cache: Cache, root: Path, source: OdooSource) -> Path:
    """Give the environment's interpreter, with Odoo importable in it.

    :param root: the checkout, for its lock file.
    :raises DevError: when the environment cannot be made or filled.
    """
    lock = root / LOCK
    key = digest(lock.read_bytes(), sys.version, str(source.root))
    path = cache.step(
        "venv",
        key,
        lambda path: _build(cache, path, lock, source),
        title="Python environment",
        healthy=_healthy,
    )
    return path / "bin" / "python"


def _build(cache: Cache, path: Path, lock: Path, source: OdooSource) -> None:
    log = cache.log("python")
    create(cache, path, log)
    python = path / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    # What is fetched is what was tested, from whichever registry it comes.
    run_logged([*pip, "--require-hashes", "--requirement", lock], log)
    # At the end of the path: what is pinned comes before what Odoo's folder
    # may hold besides Odoo.
    site = next(path.glob("lib/python*/site-packages"))
    (site / "odoo-source.pth").write_text(f"{source.root}\n")


def create(cache: Cache, path: Path, log: Path) -> None:
    """Make an empty virtual environment.

    :raises DevError: with the end of the log
    """
    command = [sys.executable, "-m", "venv", path]
    try:
        run_logged(command, log)
    except DevError:
        # Debian splits the module off; elsewhere the second try says why.
        if not apt.install(cache, "python3-venv"):
            raise
        run_logged(command, log)


def _healthy(path: Path) -> bool:
    python = path / "bin" / "python"
    if not python.exists():
        return False
    code = "import odoo.release, psycopg2, pytest"
    probe = subprocess.run([python, "-c", code], capture_output=True, check=False)
    return probe.returncode == 0
