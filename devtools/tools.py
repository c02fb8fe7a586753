"""Programs of the machine that some tests need: a browser, a PDF printer."""

import os
import shutil
from pathlib import Path

from . import apt
from .cache import Cache
from .console import say

# The names that Odoo's own browser tests look for, in their order.
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def is_ci() -> bool:
    """Whether an automatic run asks, where nothing may be left out."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def chromium(cache: Cache) -> Path | None:
    """A headless-capable Chromium: an installed one, else from apt if allowed."""
    return _installed(BROWSERS) or _from_apt(cache, "chromium", BROWSERS)


def wkhtmltopdf(cache: Cache) -> Path | None:
    """Odoo's PDF printer: an installed one, else from apt if allowed."""
    names = ("wkhtmltopdf",)
    return _installed(names) or _from_apt(cache, "wkhtmltopdf", names)


def _installed(names: tuple[str, ...]) -> Path | None:
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path), None)


def _from_apt(cache: Cache, package: str, names: tuple[str, ...]) -> Path | None:
    with cache.lock("apt-install"):
        # Another command may have installed it while this one waited.
        if not _installed(names) and not apt.install(cache, package):
            say(f"{package} is not installed and cannot be installed from here.")
    return _installed(names)
