"""The addons of others that the connector is measured against, in an environment and
databases of their own."""

from functools import cached_property
from pathlib import Path

from .cache import digest
from .console import run_logged, timed
from .databases import Databases, folder_digest
from .python_env import create
from .workspace import Workspace

LOCK = "benchmarks/peers.lock"
# Ours: what gives the addons of others our bodies, and our addresses to send to.
GLUE = "benchmarks/addons"
SITE = "lib/python*/site-packages"
# A Belgian company with its chart; nothing runs that nobody asked for.
SET_UP = """
from devtools.scenario import company
company.build(env, "BE0477472701", "Bench BV")
env["ir.cron"].search([]).active = False
env.cr.commit()
"""


class PeersWorkspace(Workspace):
    """The same Odoo, PostgreSQL and checkout with the addons of others beside them.

    :param workspace: whose PostgreSQL is used; it is not closed here
    """

    def __init__(self, workspace: Workspace):
        super().__init__(workspace.root, workspace.cache)
        self.own = workspace
        self.odoo, self.postgres = workspace.odoo, workspace.postgres

    @cached_property
    def python(self) -> Path:
        """The interpreter to which the pinned addons of others are importable."""
        lock = self.root / LOCK
        ours = self.own.python.parent.parent
        path = self.cache.step(
            "peers",
            digest(lock.read_bytes(), str(ours), str(self.odoo.root)),
            lambda path: self._build(path, lock, ours),
            title="Python environment with the addons of others",
            healthy=lambda path: (path / "bin" / "python").exists(),
        )
        return path / "bin" / "python"

    def _build(self, path, lock, ours):
        log = self.cache.log("peers")
        create(self.cache, path, log)
        pip = [path / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        # Their packages ask for a package of Odoo, which here is a folder.
        install = ["install", "--no-input", "--no-deps", "--require-hashes"]
        run_logged([*pip, *install, "--requirement", lock], log)
        [site] = path.glob(SITE)
        [libraries] = ours.glob(SITE)
        # Ours are read and never written: this comes after pip has done its work.
        (site / "shared.pth").write_text(f"{libraries}\n{self.odoo.root}\n")

    @cached_property
    def databases(self) -> "PeersDatabases":
        """Databases with addons of others, and without ours."""
        return PeersDatabases(self)

    def environment(self, *, database: bool = True) -> dict[str, str]:
        """The variables of a child process; a scheduled action starts when somebody
        moves its next call."""
        env = super().environment(database=database)
        return {**env, "ODOO_NOTIFY_CRON_CHANGES": "1"}

    def odoo_config(self, *addons: Path) -> Path:
        """Odoo's configuration, with the folders of their addons and of the glue."""
        [theirs] = self.python.parent.parent.glob(f"{SITE}/odoo/addons")
        return super().odoo_config(theirs, self.root / GLUE, *addons)


class PeersDatabases(Databases):
    """Databases with addons of others."""

    def with_modules(self, purpose: str, *modules: str) -> str:
        """A database of a Belgian company with modules, made when anything that it
        consists of has changed. Treat it as a template.

        :param purpose: part of its name
        :raises DevError: with the end of Odoo's log
        """
        name, template = self.name(f"peers_{purpose}"), self.template()
        root = self.workspace.root
        parts = (root / LOCK).read_bytes(), folder_digest(root / GLUE), SET_UP
        key = digest(template, *parts, *modules)
        with self.cache.lock(name):
            if self.stamp(name) != key:
                with timed(f"Database with {', '.join(modules)}"):
                    self.copy(template, name)
                    self.install(name, *modules)
                    self.execute(name, SET_UP)
                self._set_stamp(name, key)
        return name
