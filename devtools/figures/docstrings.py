"""Public functions of services, and what their docstrings say."""

import ast
import re

from .figure import Figure
from .plan import SERVICES
from .tree import own

FIELD = re.compile(r":(param|return|raises)\b")
RETURN = re.compile(r"Returns?\b")


def docstrings(tree) -> Figure:
    """The share of public functions and methods, of public classes, in services that
    say what goes in, comes out or can go wrong: by ``:param``, ``:return`` or
    ``:raises``, or by naming a parameter as ``code``; without parameters *Return …* is
    enough. One that overrides another may name that one, as ``Kind.send``, which says
    it. Nothing to say have properties, and what takes and gives back nothing."""
    saying, others = set(), []
    for source in tree.of(SERVICES):
        for name, node in _public(source):
            parameters = _parameters(node)
            if not parameters and (_is_property(node) or not _gives(node)):
                continue
            text = ast.get_docstring(node) or ""
            if _says(text, parameters):
                saying.add(f"{source.path}:{name}")
            else:
                others.append((f"{source.at(node)} {name}", node.name, text))
    known = {name.split(":")[1] for name in saying}
    silent = [place for place, name, text in others if not _refers(text, name, known)]
    said = len(saying) + len(others) - len(silent)
    total = said + len(silent)
    value = f"{100 * said // total} %" if total else "?"
    title = "public functions of services that name a parameter or return"
    return Figure("docstrings", title, value, "100 %", tuple(silent))


def _public(source):
    for node in own(source.code.body):
        if not node.name.startswith("_"):
            yield node.name, node
    for holder in source.code.body:
        if isinstance(holder, ast.ClassDef) and not holder.name.startswith("_"):
            for node in own(holder.body):
                if not node.name.startswith("_"):
                    yield f"{holder.name}.{node.name}", node


def _parameters(node):
    given = node.args
    names = [it.arg for it in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    names += [it.arg for it in (given.vararg, given.kwarg) if it]
    return [name for name in names if name not in ("self", "cls")]


def _is_property(node):
    return any("property" in ast.unparse(it) for it in node.decorator_list)


def _gives(node):
    return any(
        isinstance(it, (ast.Yield, ast.YieldFrom))
        or (isinstance(it, ast.Return) and it.value is not None)
        for it in ast.walk(node)
    )


def _refers(text, name, known):
    """Whether a docstring names the method that it overrides, and that one says it."""
    return any(
        f"{it}.{name}" in known for it in re.findall(rf"``(\w+)\.{name}``", text)
    )


def _says(text, parameters):
    if FIELD.search(text):
        return True
    if not parameters:
        return bool(RETURN.match(text))
    return any(re.search(rf"``{re.escape(name)}\b", text) for name in parameters)
