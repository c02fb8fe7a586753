"""Everything a command of ./dev works with, made when first asked for."""

import os
import re
import subprocess
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from . import odoo_source, tools
from .cache import Cache, digest
from .databases import Databases
from .errors import DevError
from .odoo_modules import OdooModules
from .postgres import GivenPostgres, OwnPostgres
from .python_env import build_python
from .server import OdooServer

ROOT = Path(__file__).resolve().parent.parent
ODOO_BIN = Path(__file__).resolve().parent / "odoo_bin.py"
# Would slow every start of Odoo down or let foreign code in.
DROPPED_VARIABLES = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME")


class Workspace:
    """What commands build on.

    ``root``
        the checkout (also the addons folder that holds the addon);
    ``cache``
        :class:`~devtools.cache.Cache`: folders, logs, locks, stamped steps;
    ``name``
        the working place (``OCTOPUS_DEV_NAME``, "main" by default), part of
        every database name;
    ``odoo``
        :class:`~devtools.odoo_source.OdooSource`: Odoo's tree and version;
    ``modules``
        :class:`~devtools.odoo_modules.OdooModules`: the modules in that tree;
    ``python``
        the environment's interpreter: Odoo and all tools are importable;
    ``postgres``
        a started PostgreSQL (``query(sql, *values, database=...)``), kept for
        as long as the command runs;
    ``databases``
        :class:`~devtools.databases.Databases`: ``template()``,
        ``with_addon()``, ``for_tests()``, ``scratch(source)`` (a copy for a
        ``with`` statement), ``copy(source, target)``, ``drop(name)``,
        ``install(name, *modules)``, ``execute(name, code)``, ``name(purpose)``;
    ``chromium()``, ``wkhtmltopdf()``
        a program's path, or None where it cannot be had.

    The first use of a part builds it, with progress on stderr.
    """

    def __init__(self, root: Path = ROOT, cache: Cache | None = None):
        self.root = root
        self.cache = cache or Cache()
        self.name = os.environ.get("OCTOPUS_DEV_NAME") or "main"
        if not re.fullmatch(r"[a-z0-9_]{1,20}", self.name):
            raise DevError(
                f"OCTOPUS_DEV_NAME={self.name!r} cannot be part of a database name: "
                "use up to 20 of a-z, 0-9 and _."
            )

    @cached_property
    def odoo(self) -> odoo_source.OdooSource:
        return odoo_source.find(self.cache)

    @cached_property
    def modules(self) -> OdooModules:
        return OdooModules(self.odoo.addons, self.python)

    @cached_property
    def python(self) -> Path:
        return build_python(self.cache, self.root, self.odoo)

    @cached_property
    def postgres(self) -> GivenPostgres:
        if os.environ.get("PGHOST"):
            server = GivenPostgres(self.python)
        else:
            server = OwnPostgres(self.python, self.cache)
        server.start()
        return server

    @cached_property
    def databases(self) -> Databases:
        return Databases(self)

    @property
    def data_dir(self) -> Path:
        """Odoo's folder for attachments and sessions."""
        return self.cache.folder("odoo-data")

    def chromium(self) -> Path | None:
        return tools.chromium(self.cache)

    def wkhtmltopdf(self) -> Path | None:
        return tools.wkhtmltopdf(self.cache)

    def at(self, root: Path) -> "Workspace":
        """The same Odoo, Python, PostgreSQL and cache with another checkout, such as an
        older revision; nothing of it is to be closed."""
        other = Workspace(root, self.cache)
        other.odoo, other.python, other.postgres = self.odoo, self.python, self.postgres
        return other

    # Running things

    def environment(self, *, database: bool = True) -> dict[str, str]:
        """The variables of a child process: our Python, Odoo's settings and,
        unless told otherwise, the (then started) PostgreSQL."""
        env = {k: v for k, v in os.environ.items() if k not in DROPPED_VARIABLES}
        path = [self.python.parent]
        if database:
            env.update(self.postgres.environment())
            path.append(self.postgres.programs())
            env["ODOO_RC"] = str(self.odoo_config())
        env["PATH"] = os.pathsep.join([*map(str, filter(None, path)), env["PATH"]])
        env["OCTOPUS_DEV_NAME"] = self.name
        return env

    def odoo_config(self, *addons: Path) -> Path:
        """Odoo's configuration file: our folders, loopback only, no demo data.

        :param addons: more folders with addons
        """
        addons = ",".join(map(str, [*self.odoo.addons, self.root, *addons]))
        text = (
            "[options]\n"
            f"addons_path = {addons}\n"
            f"data_dir = {self.data_dir}\n"
            "http_interface = 127.0.0.1\n"
            "with_demo = False\n"
        )
        path = self.cache.folder("config") / f"odoo-{digest(text)}.conf"
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(text)
            draft.rename(path)
        return path

    def odoo_command(self, *arguments: str, addons: Sequence[Path] = ()) -> list[str]:
        """The command line of odoo-bin with our configuration.

        :param addons: more folders with addons
        """
        config = f"--config={self.odoo_config(*addons)}"
        # A sub-command of odoo-bin comes before the options.
        first = [*arguments[:1]] if arguments[:1] and arguments[0][0] != "-" else []
        rest = arguments[len(first) :]
        return [str(self.python), str(ODOO_BIN), *first, config, *rest]

    def run(self, command: Sequence, *, database: bool = True, **options) -> int:
        """Run a command in the workspace's environment and give its exit code."""
        command = [os.fspath(part) for part in command]
        options.setdefault("cwd", self.root)
        options.setdefault("env", self.environment(database=database))
        return subprocess.run(command, check=False, **options).returncode

    def server(self, database: str, **options) -> OdooServer:
        """Odoo's HTTP server and scheduled actions on ``database``, to be used
        in a ``with`` statement; options as of :class:`OdooServer`."""
        return OdooServer(self, database, **options)

    def close(self) -> None:
        """Give back what was started. Called by ./dev at the end."""
        if "postgres" in self.__dict__:
            self.postgres.close()
