"""Debian's package tool: installing where allowed, unpacking where not."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

from .cache import Cache
from .console import run_logged, say
from .errors import DevError


def is_debian() -> bool:
    """Whether this machine is Debian itself (its mirrors carry sid)."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    return release.get("ID") == "debian" and shutil.which("apt-get") is not None


def may_install() -> bool:
    """Whether system packages can be installed without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(cache: Cache, *packages: str) -> bool:
    """Install system packages where that is allowed; True when it worked."""
    if not may_install():
        return False
    log = cache.log("apt-install")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    say(f"Installing {', '.join(packages)} with apt (log: {log})")
    # The first try uses the lists as they are: often they are fresh enough.
    for prepare in (None, ["apt-get", "update"]):
        try:
            if prepare:
                run_logged(prepare, log, env=env)
            run_logged(command, log, env=env)
        except DevError:
            continue
        return True
    say(f"apt could not install {', '.join(packages)}; see {log}")
    return False


def mirror() -> tuple[str, str]:
    """This machine's own mirror and the keyring it trusts for it.

    :raises DevError: when apt knows no main archive.
    """
    wanted = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    listing = subprocess.run(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(REPO_URI) $(RELEASE) $(COMPONENT)",
            "Created-By: Packages",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    archives = [line.split() for line in listing.stdout.splitlines()]
    main = [row for row in archives if len(row) == 3 and row[2] == "main"]
    # The archive of the release itself, not its security or update suites.
    exact = [row for row in main if row[1] in (wanted, "stable", "testing", "sid")]
    if not exact:
        raise DevError("apt knows no archive of this Debian release.")
    keyrings = Path("/usr/share/keyrings")
    for name in ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp"):
        if (keyrings / name).is_file():
            return exact[0][0], str(keyrings / name)
    raise DevError("The package debian-archive-keyring is missing.")


class PrivateApt:
    """Apt with its own lists, so that another suite never touches the system."""

    def __init__(self, folder: Path, suite: str, log: Path):
        self.folder = folder
        self.log = log
        uri, keyring = mirror()
        sources = folder / "sources"
        for part in (sources, folder / "lists/partial", folder / "archives/partial"):
            part.mkdir(parents=True, exist_ok=True)
        (sources / f"{suite}.sources").write_text(
            f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: main\n"
            f"Signed-By: {keyring}\n"
        )
        self.options = [
            "-o",
            "Dir::Etc::SourceList=/dev/null",
            "-o",
            f"Dir::Etc::SourceParts={sources}",
            "-o",
            f"Dir::State::Lists={folder / 'lists'}",
            "-o",
            f"Dir::Cache={folder}",
            # The user _apt cannot write in somebody's cache directory.
            "-o",
            "APT::Sandbox::User=root",
        ]

    def update(self) -> None:
        """Fetch the suite's package list."""
        run_logged(["apt-get", *self.options, "update"], self.log)

    def download(self, *packages: str) -> list[Path]:
        """Fetch packages (not their dependencies) and give their files."""
        target = self.folder / "debs"
        target.mkdir(exist_ok=True)
        command = ["apt-get", *self.options, "download", *packages]
        run_logged(command, self.log, cwd=target)
        return sorted(target.glob("*.deb"))
