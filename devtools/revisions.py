"""Older revisions of this repository, as checkouts in the cache."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from .cache import digest, digest_files
from .errors import DevError

# The last revision of version 19.0.1.0.0, and what later ones are measured against.
FIRST = "ba23786"


def checkout(workspace, revision: str, beside: Iterable[str] = ()) -> Path:
    """Give a folder with a revision of this repository.

    :param beside: folders and files of today's checkout that take the place of its own
    :raises DevError: git does not know the revision
    """
    sha = _git(workspace, "rev-parse", "--verify", f"{revision}^{{commit}}").strip()
    sources = [workspace.root / name for name in beside]
    files = [
        path
        for source in sources
        for path in (source.rglob("*.py") if source.is_dir() else [source])
    ]

    def build(path):
        archive = path / "revision.tar"
        _git(workspace, "archive", "--output", str(archive), sha)
        subprocess.run(["tar", "-xf", archive, "-C", path], check=True)
        archive.unlink()
        for file in files:
            target = path / file.relative_to(workspace.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())

    return workspace.cache.step(
        "revision",
        digest(sha, digest_files(workspace.root, files)),
        build,
        title=f"Revision {revision}",
    )


def _git(workspace, *words):
    done = subprocess.run(
        ["git", "-C", str(workspace.root), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DevError(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout
