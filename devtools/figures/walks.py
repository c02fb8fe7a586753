"""How many files are held open to follow one thing from end to end."""

import ast

from .figure import Figure
from .plan import PAYING, SENDING


def sending(tree, steps=SENDING) -> Figure:
    """Files of the walk from the claim over the call to the answer."""
    title = "files to hold open for claim -> call -> answer"
    return _walk(tree, "sending", title, "<= 5", steps)


def paying(tree, steps=PAYING) -> Figure:
    """Files of the walk from the feed to the payment."""
    title = "files to hold open for a payment from the feed"
    return _walk(tree, "paying", title, "<= 6", steps)


def _walk(tree, name, title, goal, steps):
    files, broken, called = {}, [], None
    for step in steps:
        path, function = step.split(":")
        source = tree.sources.get(path)
        node = source and source.definitions.get(function)
        if not node:
            broken.append(f"{step} is not there; draw the walk anew in plan.py")
            continue
        last = function.split(".")[-1]
        if called is not None and last not in called:
            broken.append(f"{step} is called by none before it; see plan.py")
        files.setdefault(path, []).append(function)
        called = (called or set()) | _mentioned(node)
    places = [f"{path}: {', '.join(there)}" for path, there in files.items()]
    value = str(len(files))
    return Figure(name, title, value, goal, tuple(places), tuple(broken))


def _mentioned(node):
    """The names that a function uses."""
    names = {it.id for it in ast.walk(node) if isinstance(it, ast.Name)}
    return names | {it.attr for it in ast.walk(node) if isinstance(it, ast.Attribute)}
