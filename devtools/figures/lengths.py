"""Long files."""

import ast

from .figure import Figure, counted
from .plan import LONG, TABLE


def long_files(tree) -> Figure:
    """Files of more than :data:`~.plan.LONG` lines, unless a table of facts: one that
    says :data:`~.plan.TABLE` of its lines in values at the top of the file and in
    classes that have fields only. Empty lines, comments and imports say nothing."""
    places = []
    for source in tree.sources.values():
        lines = len(source.text.splitlines())
        if lines > LONG and (share := _share_of_tables(source)) < TABLE:
            places.append(f"{source.path}: {lines} lines, {share:.0%} tables")
    title = f"files over {LONG} lines that are not tables of facts"
    return counted("long", title, places)


def _share_of_tables(source):
    said = {
        number
        for number, line in enumerate(source.text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    }
    tables = set()
    for node in source.code.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            said -= _lines(node)
        elif _is_table(node):
            tables |= _lines(node)
    return len(tables & said) / (len(said) or 1)


def _lines(node):
    first = min([node.lineno, *(it.lineno for it in _decorators(node))])
    return set(range(first, node.end_lineno + 1))


def _decorators(node):
    return getattr(node, "decorator_list", ())


def _is_table(node):
    if isinstance(node, ast.ClassDef):
        fields = (ast.Assign, ast.AnnAssign, ast.Expr, ast.Pass)
        return all(isinstance(it, fields) for it in node.body)
    return isinstance(node, (ast.Assign, ast.AnnAssign))
