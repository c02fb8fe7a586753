"""Facts that stand in many places: lists of states, codes of findings."""

import ast
from collections import defaultdict

from .figure import Figure
from .plan import FINDINGS, STATES


def states(tree) -> Figure:
    """Files with tuples, lists or sets that spell two states of a row or more and
    nothing else but what they take from elsewhere (``*OPEN``); a choice of a field too,
    whose states come with their names."""
    places = defaultdict(list)
    for source in tree.sources.values():
        for node in ast.walk(source.code):
            if isinstance(node, (ast.Tuple, ast.List, ast.Set)) and _spells(node):
                places[source.path].append(f"{source.at(node)} {ast.unparse(node)}")
    told = [place for path in sorted(places) for place in places[path]]
    title = "files that spell a list of states"
    return Figure("states", title, str(len(places)), "1", tuple(told))


def _spells(node):
    said = [it for it in node.elts if not isinstance(it, ast.Starred)]
    said = [it.elts[0] if _is_pair(it) else it for it in said]
    return len(said) > 1 and all(
        isinstance(it, ast.Constant) and it.value in STATES for it in said
    )


def _is_pair(node):
    return isinstance(node, ast.Tuple) and len(node.elts) == 2


def codes(tree) -> Figure:
    """In how many files a finding's code stands as a text of its own, on average; the
    table of findings is one of them. A word that is also a state or a field's value is
    counted there too: the same word for two things is no better."""
    table = next((it for it in FINDINGS if it[0] in tree.sources), FINDINGS[-1])
    known = _codes(tree, *table)
    files = defaultdict(set)
    for source in tree.sources.values():
        for node in ast.walk(source.code):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if node.value in known:
                    files[node.value].add(source.path)
    ordered = sorted(files, key=lambda code: (-len(files[code]), code))
    places = [
        f"{code}: {len(files[code])} ({', '.join(sorted(files[code]))})"
        for code in ordered
    ]
    count = sum(map(len, files.values()))
    value = f"{count / len(known):.1f}" if known else "?"
    broken = () if known else (f"no table {table[1]} in {table[0]}; see plan.py",)
    title = "files that spell a finding code, on average"
    return Figure("codes", title, value, "<= 1.5", tuple(places), broken)


def _codes(tree, path, function):
    """What a table is entered by: the first argument of a function, at its top."""
    source = tree.sources.get(path)
    calls = (
        [getattr(node, "value", None) for node in source.code.body] if source else []
    )
    return {
        call.args[0].value
        for call in calls
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == function
    }
