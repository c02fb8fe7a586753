"""Where ./dev keeps what it builds, and how a broken build is noticed.

Everything lives under the user's cache directory and can be deleted at any
time. A step is a folder with a stamp that is written last: a folder without
its stamp, or whose health check fails, is thrown away and built again. One
lock per step keeps two ./dev commands out of each other's way.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path

from .console import say, timed

STAMP = ".dev-step.json"
KEPT_DAYS = 14


def user_cache_home() -> Path:
    """The user's cache directory as the XDG specification defines it."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    # The specification says to ignore a relative path.
    base = Path(configured) if os.path.isabs(configured) else Path.home() / ".cache"
    return base / "octopus-connector"


def digest(*parts: str | bytes) -> str:
    """A short key of some content."""
    result = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        # The length keeps ("ab", "c") apart from ("a", "bc").
        result.update(b"%d:" % len(data))
        result.update(data)
    return result.hexdigest()[:12]


def digest_files(root: Path, files: Iterable[Path]) -> str:
    """A short key of files: their places below ``root`` and their content."""
    parts = []
    for path in sorted(files):
        parts += [path.relative_to(root).as_posix(), path.read_bytes()]
    return digest(*parts)


class Cache:
    """The folder of everything built, made of stamped steps."""

    def __init__(self, home: Path | None = None):
        self.home = home or user_cache_home()

    def folder(self, name: str) -> Path:
        """A folder inside the cache, made when absent."""
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def log(self, name: str) -> Path:
        """Where the log of a piece of work goes."""
        return self.folder("logs") / f"{name}.log"

    @contextmanager
    def lock(self, name: str):
        """Let one process at a time do what ``name`` says; others wait."""
        with (self.folder("locks") / f"{name}.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"Waiting for another ./dev: {name}")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def step(
        self,
        name: str,
        key: str,
        build: Callable[[Path], dict | None],
        *,
        title: str,
        healthy: Callable[[Path], bool] = lambda path: True,
    ) -> Path:
        """Give the folder of a step, building it when it is absent or broken.

        :param name: what is built; with ``key`` the name of its folder.
        :param key: hash of everything that the result depends on.
        :param build: fills the empty folder it gets; may return facts about
            it, which :meth:`facts` gives back later.
        :param title: what a person reads while it is built.
        :param healthy: cheap look whether a finished folder is still whole.
        :raises Exception: whatever ``build`` raises; the folder then stays
            without a stamp and is built anew next time.
        """
        path = self.home / f"{name}-{key}"
        with self.lock(path.name):
            if (path / STAMP).is_file() and healthy(path):
                os.utime(path / STAMP)
                return path
            self._discard(path)
            path.mkdir(parents=True)
            with timed(title):
                facts = build(path) or {}
            self._stamp(path, facts)
        self._forget(name)
        return path

    def facts(self, path: Path) -> dict:
        """What a step's ``build`` said about its result."""
        return json.loads((path / STAMP).read_text())["facts"]

    def _forget(self, name: str) -> None:
        """Remove what earlier versions of a step left, once nobody uses it."""
        oldest = time.time() - KEPT_DAYS * 24 * 3600
        for stamp in self.home.glob(f"{name}-*/{STAMP}"):
            if stamp.stat().st_mtime < oldest:
                with self.lock(stamp.parent.name):
                    self._discard(stamp.parent)

    @staticmethod
    def _stamp(path: Path, facts: dict) -> None:
        draft = path / f"{STAMP}.draft"
        draft.write_text(json.dumps({"built_at": time.time(), "facts": facts}))
        draft.rename(path / STAMP)

    @staticmethod
    def _discard(path: Path) -> None:
        if not path.exists():
            return
        # The stamp goes first: an interrupted removal must not look finished.
        (path / STAMP).unlink(missing_ok=True)
        shutil.rmtree(path)
