"""The files of a checkout, read and parsed once."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .plan import ADDON, CODE

# What of the code is text that somebody wrote, by the end of its name.
WRITTEN = frozenset({".py", ".xml", ".js", ".csv", ".sql", ".css", ".scss"})
# Scripts of an upgrade say what was then: they must not follow the code.
FROZEN = "migrations"


@dataclass(frozen=True)
class Source:
    """One Python file of the addon.

    :param path: below the addon's folder, with ``/``
    """

    path: str
    text: str

    @cached_property
    def code(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        """The dotted name of the module, in parts."""
        return tuple(self.path.removesuffix(".py").split("/"))

    @property
    def room(self) -> str:
        return self.parts[0]

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{node.lineno}"

    @cached_property
    def definitions(self) -> dict[str, ast.AST]:
        """Functions and classes by their dotted name, methods too."""
        found = {}

        def look(body, before):
            for node in body:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                    found[before + node.name] = node
                if isinstance(node, ast.ClassDef):
                    look(node.body, f"{before}{node.name}.")

        look(self.code.body, "")
        return found

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        found = self.definitions.values()
        return [node for node in found if isinstance(node, ast.ClassDef)]


class Tree:
    """A checkout.

    :param root: the folder that holds the addon
    """

    def __init__(self, root: Path):
        self.root = root

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The Python files of the addon by path, in order."""
        folder = self.root / ADDON
        paths = {
            path.relative_to(folder).as_posix(): path for path in folder.rglob("*.py")
        }
        return {
            name: Source(name, paths[name].read_text(encoding="utf-8"))
            for name in sorted(paths)
            if not name.startswith(f"{FROZEN}/")
        }

    def of(self, rooms) -> list[Source]:
        """The files of these rooms."""
        return [source for source in self.sources.values() if source.room in rooms]

    @cached_property
    def texts(self) -> dict[str, str]:
        """All that is written in :data:`~.plan.CODE`, by path below the root."""
        found = {}
        for folder in CODE:
            for path in sorted((self.root / folder).rglob("*")):
                if path.suffix in WRITTEN and path.is_file():
                    name = path.relative_to(self.root).as_posix()
                    found[name] = path.read_text(encoding="utf-8")
        return found

    def imported(self, source: Source) -> list[tuple[ast.ImportFrom, tuple, str]]:
        """What a file imports from the addon, also inside functions.

        :return: (the statement, parts of the module, the name that is bound to the
            module itself or ``""``)
        """
        found = []
        for node in ast.walk(source.code):
            if not isinstance(node, ast.ImportFrom) or not node.level:
                continue
            base = source.parts[: len(source.parts) - node.level]
            base += tuple((node.module or "").split(".")) if node.module else ()
            for alias in node.names:
                inner = (*base, alias.name)
                is_module = f"{'/'.join(inner)}.py" in self.sources or (
                    f"{'/'.join(inner)}/__init__.py" in self.sources
                )
                if is_module:
                    found.append((node, inner, alias.asname or alias.name))
                else:
                    found.append((node, base or ("__init__",), ""))
        return found


def own(body) -> list[ast.FunctionDef]:
    """The functions that stand right in a body."""
    return [node for node in body if isinstance(node, ast.FunctionDef)]


def is_private(name: str) -> bool:
    """Whether a name is private; Python's own (``__init__``) are not."""
    return name.startswith("_") and not name.endswith("__")
