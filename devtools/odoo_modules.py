"""Which of Odoo's modules a database may have besides those the addon builds on."""

import ast
import subprocess
from functools import cached_property
from pathlib import Path

from .console import say
from .errors import DevError

ROOT_MODULE = "account"
ALL = "all"
# Of these `all` is made too, for tests/modules looks at them.
TESTED = (
    "account_debit_note",
    "account_peppol",
    "hr_expense",
    "l10n_eu_oss",
    "payment_demo",
    "point_of_sale",
    "sale",
    "stock_landed_costs",
)


class OdooModules:
    """The modules of an Odoo tree, as their manifests tell.

    :param addons: folders of addons
    :param python: interpreter of which the libraries count
    """

    def __init__(self, addons: list[Path], python: Path):
        self._addons = addons
        self._python = python

    @cached_property
    def manifests(self) -> dict[str, dict]:
        """Manifest by name of a module."""
        return {
            path.parent.name: ast.literal_eval(path.read_text())
            for folder in self._addons
            for path in folder.glob("*/__manifest__.py")
        }

    def chosen(self, text: str) -> tuple[str, ...]:
        """Return the modules that a person named, with commas between them; ``all`` are
        those that depend on ``account``.

        :raises DevError: when one is not in the tree or cannot be installed.
        """
        impossible = self.impossible()
        if text == ALL:
            wanted = {*self.dependents(), *TESTED}
            for name in sorted(wanted & {*impossible}):
                say(f"Left out: {name}: {impossible[name]}")
            return tuple(sorted(wanted - {*impossible}))
        names = sorted({name.strip() for name in text.split(",")} - {""})
        for name in names:
            if name not in self.manifests:
                raise DevError(f"This Odoo has no module {name!r}.")
            if name in impossible:
                raise DevError(f"{name} cannot be installed: {impossible[name]}.")
        if not names:
            raise DevError("Name modules, with commas between them, or `all`.")
        return tuple(names)

    def dependents(self) -> list[str]:
        """Return what depends on ``account``, through others too."""
        return [it for it in self.manifests if ROOT_MODULE in self._needs(it)]

    def impossible(self) -> dict[str, str]:
        """Return why modules cannot be installed here, by name."""
        own = {name: self._obstacle(name) for name in self.manifests}
        found = {}
        for name in self.manifests:
            for needed in (name, *sorted(self._needs(name))):
                reason = own.get(needed, f"{needed} is not there")
                if reason:
                    found.setdefault(name, reason)
        return found

    def _needs(self, name: str) -> set[str]:
        """Return what a module builds on, through others too."""
        found, ahead = set(), [name]
        while ahead:
            needed = self.manifests.get(ahead.pop(), {}).get("depends", ())
            ahead += set(needed) - found
            found.update(needed)
        return found

    def _obstacle(self, name: str) -> str | None:
        if not self.manifests[name].get("installable", True):
            return f"{name} is not installable"
        needed = self.manifests[name].get("external_dependencies", {}).get("python", ())
        absent = [it for it in needed if it in self._absent]
        return f"{name} needs the library {absent[0]}" if absent else None

    @cached_property
    def _absent(self) -> set[str]:
        """Return the libraries that modules need and the interpreter has not got."""
        names = sorted(
            library
            for manifest in self.manifests.values()
            for library in manifest.get("external_dependencies", {}).get("python", ())
        )
        # As Odoo itself asks before it installs a module.
        code = (
            "import sys; from odoo.modules import module as odoo\n"
            "for name in sys.argv[1:]:\n"
            " try: odoo.check_python_external_dependency(name)\n"
            " except odoo.MissingDependency: print(name)"
        )
        told = subprocess.run(
            [self._python, "-c", code, *names],
            capture_output=True,
            text=True,
            check=True,
        )
        return set(told.stdout.split())
