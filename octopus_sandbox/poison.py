"""Values that no caller can store, read or show, put into answers on purpose.

The answer is right and kept to the contract first; a poison then replaces one value in
it. Lists are transparent in a path: ``modified.name`` is the name of every record.
"""

import copy
from dataclasses import dataclass

from lxml import etree

_MARK = "poison-{}-nosiop"


@dataclass(frozen=True)
class Poison:
    """A value to come in every answer of an operation, until poisons are cleared.

    ``path`` leads to the value; a field that is not there is added to its record.
    ``value`` is what stands there: JSON text in REST (so that numbers without end and
    lone surrogates can be written), text in SOAP. ``only`` limits it to one record: the
    place of it in its list; -1 = all.
    """

    operation: str
    path: str
    value: str
    only: int = -1


class Poisons:
    """The poisons to come."""

    def __init__(self):
        self._poisons = []

    def add(self, operation, path, value, only=-1):
        """Plan a poison; see :class:`Poison` for the values."""
        poison = Poison(operation, path, value, only)
        self._poisons.append(poison)
        return poison

    def clear(self):
        """Forget them all."""
        self._poisons.clear()

    def pending(self):
        """The poisons to come."""
        return list(self._poisons)

    def of(self, operation):
        """Those of an operation."""
        return [it for it in self._poisons if it.operation in ("*", operation)]


def poisoned_json(poisons, body, dumps):
    """The bytes of a body, as ``dumps`` writes it, in which values are replaced."""
    body = copy.deepcopy(body)
    marks = {}
    for number, poison in enumerate(poisons):
        mark = _MARK.format(number)
        marks[mark] = poison.value
        _replace(body, poison.path.split("."), mark, poison.only)
    text = dumps(body)
    for mark, value in marks.items():
        text = text.replace(f'"{mark}"'.encode(), value.encode())
    return text


def _replace(node, path, mark, only):
    if isinstance(node, list):
        for index, item in enumerate(node):
            if only in (-1, index):
                _replace(item, path, mark, -1)
    elif isinstance(node, dict):
        if len(path) == 1:
            node[path[0]] = mark
        else:
            _replace(node.setdefault(path[0], {}), path[1:], mark, only)


def poison_xml(poisons, message):
    """Replace the texts of fields that a message has."""
    for poison in poisons:
        nodes = [message]
        for name in poison.path.split("."):
            found = []
            for node in nodes:
                children = [it for it in node if etree.QName(it).localname == name]
                several = len(children) > 1 and poison.only != -1
                found += children[poison.only :][:1] if several else children
            nodes = found
        for node in nodes:
            node.text = poison.value
