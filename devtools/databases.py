"""Databases made from cached ones: a template with Odoo's own modules, and a
test database with the addon.

A finished database carries a stamp in PostgreSQL's own comment on it, so a
half-made one is noticed whoever runs the server. Files follow the database as
hard links: Odoo names them by their content and never changes one.
"""

import ast
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from .cache import Cache, digest, digest_files
from .console import run_logged, timed
from .errors import DevError

BASE_MODULES = {"account", "l10n_be", "account_edi_ubl_cii"}
ADDON = "octopus_connector"
# Builds on ours, and overrides each of its hooks; where it is, below the checkout.
EXAMPLE, EXAMPLES = "octopus_connector_example", "tests/addons"
# Serves the pretend Octopus from Odoo itself: an addon that who wants it installs too.
TRIAL = "octopus_connector_sandbox"
# Odoo bundles its scripts and styles when a page first asks, and what a test made is
# gone after it: once is enough for all copies. With the addon they are other bundles.
BUNDLE_ASSETS = 'env["ir.qweb"]._pregenerate_assets_bundles(); env.cr.commit()'
# The company that tests share; where it is made, below the checkout.
COMPANY = "tests/company.py"
MAKE_COMPANY = "from tests.company import prepare; prepare()"
# Before a database is dropped. FORCE would be refused while the server itself vacuums
# there; a plain drop waits for that to stop.
END_SESSIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = %s AND usename = current_user
"""
# Parts of the addon that installing it does not read.
NOT_INSTALLED = ("api", "readme", "__pycache__")


class Databases:
    """Makes, copies and drops databases (with their files) for one workspace."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.cache: Cache = workspace.cache

    # Plain operations

    def name(self, purpose: str) -> str:
        """The name of a database of this working place (OCTOPUS_DEV_NAME)."""
        return f"octopus_{purpose}_{self.workspace.name}"

    def exists(self, name: str) -> bool:
        """Whether the database is there, finished or not."""
        sql = "SELECT 1 FROM pg_database WHERE datname = %s"
        return bool(self.workspace.postgres.query(sql, name))

    def stamp(self, name: str) -> str | None:
        """What a finished database was made of; None when unfinished or absent."""
        sql = (
            "SELECT shobj_description(oid, 'pg_database') "
            "FROM pg_database WHERE datname = %s"
        )
        rows = self.workspace.postgres.query(sql, name)
        return rows[0][0] if rows else None

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected, and its files."""
        self.workspace.postgres.query(END_SESSIONS, name)
        self.workspace.postgres.query(f"DROP DATABASE IF EXISTS {quoted(name)}")
        shutil.rmtree(self._files(name), ignore_errors=True)

    def copy(self, source: str, target: str) -> None:
        """Make ``target`` a copy of ``source``, replacing what was there."""
        self.drop(target)
        # PostgreSQL refuses to copy a database that somebody else copies.
        with self.cache.lock(f"copy-{source}"):
            self.workspace.postgres.query(
                f"CREATE DATABASE {quoted(target)} TEMPLATE {quoted(source)}"
            )
        if self._files(source).is_dir():
            shutil.copytree(
                self._files(source), self._files(target), copy_function=os.link
            )

    @contextmanager
    def scratch(self, source: str) -> Iterator[str]:
        """A copy of ``source`` for as long as a ``with`` statement lasts."""
        self._drop_leftovers()
        name = f"{self.name('run')}_{os.getpid()}"
        try:
            self.copy(source, name)
            yield name
        finally:
            self.drop(name)

    def install(
        self,
        name: str,
        *modules: str,
        language: str | None = None,
        addons: Sequence[Path] = (),
    ) -> None:
        """Install modules in a database, creating it when it is absent.

        :param language: code of a language to load first, e.g. ``nl_BE``.
        :param addons: more folders with addons
        :raises DevError: with the end of Odoo's log.
        """
        extra = [f"--load-language={language}"] if language else []
        words = [f"--init={','.join(modules)}", *extra]
        self._load(name, "install", *words, addons=addons)

    def update(self, name: str, *modules: str) -> None:
        """Update modules in a database to the code of the checkout.

        :raises DevError: with the end of Odoo's log.
        """
        self._load(name, "update", f"--update={','.join(modules)}")

    def _load(self, name, act, *words, addons=()):
        """Start Odoo on a database until its modules are loaded, and stop it.

        :param act: names the log
        :param words: options of odoo-bin
        """
        log = self.cache.log(f"{act}-{name}")
        log.unlink(missing_ok=True)
        command = self.workspace.odoo_command(
            f"--database={name}",
            "--stop-after-init",
            "--no-http",
            *words,
            addons=addons,
        )
        run_logged(
            command, log, env=self.workspace.environment(), cwd=self.workspace.root
        )
        self._refuse_errors(log)

    def execute(self, name: str, code: str) -> None:
        """Run Python code in Odoo's shell (``env`` is there) on a database.

        :raises DevError: with the end of Odoo's log.
        """
        log = self.cache.log(f"execute-{name}")
        script = self.cache.folder("scripts") / f"{digest(code)}.py"
        script.write_text(code)
        arguments = ("shell", f"--database={name}", "--no-http")
        with script.open("rb") as stdin:
            run_logged(
                self.workspace.odoo_command(*arguments),
                log,
                env=self.workspace.environment(),
                cwd=self.workspace.root,
                stdin=stdin,
            )

    # Cached databases

    def template(self, also: Iterable[str] = ()) -> str:
        """The database with Odoo's modules that the addon builds on.

        :param also: names of more of Odoo's modules.
        """
        depends = manifest(self.workspace.root)["depends"]
        modules = sorted(BASE_MODULES | {*depends, *also})
        key = digest(self.workspace.odoo.version, BUNDLE_ASSETS, *modules)
        name = f"octopus_template_{key}"
        with self.cache.lock(name):
            if self.stamp(name) != key:
                self.drop(name)
                with timed(f"Odoo database with {shortened(modules)}"):
                    self.install(name, *modules)
                    self.execute(name, BUNDLE_ASSETS)
                self._set_stamp(name, key)
        return name

    def with_addon(self, name: str | None = None, also: Iterable[str] = ()) -> str:
        """A database with the addon as it now is in the checkout, made when
        the addon or what it builds on has changed.

        Treat it as a template: copy it before changing anything in it.

        :param also: names of more of Odoo's modules that it has, before the addon;
            such a database has the addons that build on ours as well, one of them
            from tests/.
        """
        purpose = f"test_{digest(*also)}" if also else "test"
        name = name or self.name(purpose)
        template = self.template(also)
        root = self.workspace.root
        examples = [root / EXAMPLES] if also else []
        others = [*examples, root / TRIAL] if also else []
        key = digest(template, addon_digest(root), *map(folder_digest, others))
        with self.cache.lock(name):
            if self.stamp(name) != key:
                with timed("Database with the addon installed"):
                    self.copy(template, name)
                    wanted = [ADDON, EXAMPLE, TRIAL] if also else [ADDON]
                    self.install(name, *wanted, addons=examples)
                self._set_stamp(name, key)
        return name

    def for_tests(self, also: Iterable[str] = ()) -> str:
        """A database with the addon and the company that tests share, made when what
        makes these has changed.

        Treat it as a template: copy it before changing anything in it.

        :param also: names of more of Odoo's modules, as of :meth:`with_addon`.
        """
        source = self.with_addon(also=also)
        name = self.name(f"company_{digest(*also)}" if also else "company")
        with self.cache.lock(name):
            # Another ./dev may make the source anew, of other code.
            with self.cache.lock(source):
                key = company_key(self.workspace.root, self.stamp(source) or "")
                fresh = self.stamp(name) == key
                if not fresh:
                    self.copy(source, name)
            if not fresh:
                with timed("Company that the tests share"):
                    self.execute(name, f"{MAKE_COMPANY}\n{BUNDLE_ASSETS}")
                self._set_stamp(name, key)
        return name

    def _drop_leftovers(self) -> None:
        """Drop the scratch copies of commands that were killed."""
        if not self.workspace.postgres.own:
            return  # another machine may be at work on that server
        prefix = f"{self.name('run')}_"
        sql = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        for (name,) in self.workspace.postgres.query(sql, prefix):
            # pytest-xdist's workers copy the copy: octopus_run_main_123-gw0
            number = name[len(prefix) :].split("-")[0]
            if number.isdigit() and not process_runs(int(number)):
                self.drop(name)

    def _files(self, name: str) -> Path:
        return self.workspace.data_dir / "filestore" / name

    def _set_stamp(self, name: str, stamp: str) -> None:
        self.workspace.postgres.query(
            f"COMMENT ON DATABASE {quoted(name)} IS '{stamp}'"
        )

    @staticmethod
    def _refuse_errors(log: Path) -> None:
        # Odoo ends well after some failures (a module that is not found, a
        # view that does not load in an update): its log tells.
        bad = re.compile(r"^\S+ \S+ \d+ (ERROR|CRITICAL) ", re.MULTILINE)
        text = log.read_text(errors="replace")
        unknown = re.search(r"invalid module names, ignored: .*", text)
        found = bad.search(text)
        if found or unknown:
            lines = (text[found.start() :] if found else unknown[0]).splitlines()
            raise DevError(
                f"Odoo reported an error while installing ({log}):\n"
                + "\n".join(lines[:60])
            )


def process_runs(number: int) -> bool:
    """Whether a process of this machine with that id runs."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def quoted(name: str) -> str:
    """A database name as SQL wants it."""
    if not re.fullmatch(r"[a-zA-Z0-9_.-]{1,63}", name):
        raise DevError(f"{name!r} is no usable database name.")
    return f'"{name}"'


def shortened(names: list[str], most: int = 12) -> str:
    """Some names, and how many more there are."""
    told = ", ".join(names[:most])
    more = len(names) - most
    return f"{told} and {more} more" if more > 0 else told


def manifest(root: Path) -> dict:
    """The addon's manifest."""
    return ast.literal_eval((root / ADDON / "__manifest__.py").read_text())


def addon_files(root: Path) -> Iterator[Path]:
    """The files that decide what installing the addon gives."""
    addon = root / ADDON
    for path in addon.rglob("*"):
        parts = path.relative_to(addon).parts
        if path.is_file() and not set(NOT_INSTALLED).intersection(parts[:-1]):
            yield path


def company_key(root: Path, addon: str, day: date | None = None) -> str:
    """A key of the company that tests share.

    :param addon: stamp of the database that it is made in
    :param day: when it is made, today by default: a class that made its company itself
        would have one of today
    """
    day = day or date.today()
    made = (root / COMPANY).read_bytes()
    return digest(addon, made, BUNDLE_ASSETS, day.isoformat())


def folder_digest(folder: Path) -> str:
    """A key of the Python, data and manifest files below a folder."""
    kinds = (".py", ".csv", ".xml")
    files = sorted(path for path in folder.rglob("*") if path.suffix in kinds)
    return digest_files(folder, files)


def addon_digest(root: Path) -> str:
    """A key of the addon's files as they are now."""
    return digest_files(root, addon_files(root))
