"""Calls of another object's private methods from services."""

import ast

from .figure import Figure, counted
from .plan import ODOO, SERVICES
from .tree import is_private


def private_calls(tree) -> Figure:
    """The rule: in a service, a private method ``x._name`` is called, or handed over
    to be called, of ``self``, ``cls``, ``super()`` or the class it stands in only.

    Not counted: a function of a module that was imported as a module; the names that
    Odoo or Python offers to callers (``ODOO`` in ``plan.py``, with whose they are);
    fields and other attributes, which no function of the addon is named after.
    """
    defined = {
        node.name
        for source in tree.sources.values()
        for node in ast.walk(source.code)
        if isinstance(node, ast.FunctionDef)
    }
    places = []
    for source in tree.of(SERVICES):
        modules = {bound for _node, _parts, bound in tree.imported(source) if bound}
        modules |= {
            (alias.asname or alias.name).split(".")[0]
            for node in ast.walk(source.code)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        visitor = _Visitor(modules, defined)
        visitor.visit(source.code)
        places += [f"{source.at(node)} {ast.unparse(node)}" for node in visitor.found]
    title = "calls of another object's private method from services"
    return counted("private", title, places)


class _Visitor(ast.NodeVisitor):
    def __init__(self, modules, defined):
        self.modules = modules
        self.defined = defined
        self.classes = []
        self.called = set()
        self.found = []

    def visit_ClassDef(self, node):
        self.classes.append(node.name)
        self.generic_visit(node)
        self.classes.pop()

    def visit_Call(self, node):
        self.called.add(id(node.func))
        self.generic_visit(node)

    def visit_Attribute(self, node):
        name = node.attr
        if is_private(name) and name not in ODOO and not self._is_own(node.value):
            if id(node) in self.called or name in self.defined:
                self.found.append(node)
        self.generic_visit(node)

    def _is_own(self, receiver):
        if isinstance(receiver, ast.Name):
            mine = {"self", "cls", *self.classes, *self.modules}
            return receiver.id in mine
        return (
            isinstance(receiver, ast.Call)
            and isinstance(receiver.func, ast.Name)
            and receiver.func.id == "super"
        )
