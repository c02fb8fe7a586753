"""What is told twice: methods of both rows, and of senders of senders."""

import ast

from .figure import Figure, counted
from .plan import ROWS, SENDERS
from .tree import is_private, own


def both_rows(tree) -> Figure:
    """Methods that the classes of both rows define, in whichever files they stand."""
    first, second = ({}, {})
    for source in tree.sources.values():
        for node in source.classes:
            for methods, row in zip((first, second), ROWS, strict=True):
                if row in _models(node):
                    for method in own(node.body):
                        methods.setdefault(method.name, source.at(method))
    broken = [
        f"no class of {row}; see ROWS in devtools/figures/plan.py"
        for methods, row in zip((first, second), ROWS, strict=True)
        if not methods
    ]
    places = [
        f"{name}: {first[name]} {second[name]}"
        for name in sorted(first.keys() & second.keys())
    ]
    title = "methods defined in both rows"
    return Figure("rows", title, str(len(places)), "0", tuple(places), tuple(broken))


def _models(node):
    """The models that a class is, or adds to: ``_name``, else a lone ``_inherit``."""
    values = {}
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            if line.targets[0].id in ("_name", "_inherit"):
                values[line.targets[0].id] = line.value
    said = values.get("_name") or values.get("_inherit")
    if isinstance(said, ast.Constant):
        return {said.value}
    if isinstance(said, ast.List) and len(said.elts) == 1:
        return {getattr(said.elts[0], "value", None)}
    return set()


def overrides(tree) -> Figure:
    """Private methods that a class among the senders has of its own, though a class of
    the senders that it inherits from, near or far, has them too."""
    classes = {}
    for source in tree.of(SENDERS):
        for node in source.classes:
            classes[node.name] = (source, node)
    places = []
    for name, (source, node) in sorted(classes.items()):
        above = _ancestors(name, classes)
        for method in own(node.body):
            if not is_private(method.name):
                continue
            for other in above:
                if method.name in {it.name for it in own(classes[other][1].body)}:
                    where = source.at(method)
                    places.append(f"{name}.{method.name} of {other}: {where}")
                    break
    return counted(
        "overrides", "private methods overridden between the senders", places
    )


def _ancestors(name, classes):
    """The classes above one, nearest first."""
    found = []
    for base in classes[name][1].bases:
        known = base.id if isinstance(base, ast.Name) else getattr(base, "attr", None)
        if known in classes and known != name:
            found += [known, *_ancestors(known, classes)]
    return found
