"""The records of long answers, read as zeep reads them but for what zeep does besides.

Of a record zeep makes objects that are then made into mappings: half of the time of a
long reading. What is here does the same for what nearly all records are, elements and
texts in their order, and leaves all else to zeep.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lxml import etree
from zeep.xsd import ComplexType, Sequence

from ..codec import Odd

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class _Field(NamedTuple):
    """One element of a type: its place, and how it is read."""

    place: int
    name: str
    several: bool
    read: Any


class RecordReader:
    """Reads elements of one type into mappings.

    :param kind: a ``zeep.xsd.ComplexType``
    """

    def __init__(self, kind: ComplexType):
        nested = [element for _name, element in kind.elements_nested]
        self._is_plain = (
            not kind.attributes
            and len(nested) == 1
            and isinstance(nested[0], Sequence)
            and not nested[0].accepts_multiple
            and len(nested[0]) == len(kind.elements)
        )
        self._empty = {}
        self._fields = {}
        for place, (name, element) in enumerate(kind.elements):
            several = element.accepts_multiple
            self._empty[name] = several
            field = _Field(place, name, several, _reader(element.type))
            self._fields[element.qname.text] = field

    def record(self, node: etree._Element) -> dict[str, Any] | None:
        """Return what an element holds, as ``zeep.helpers.serialize_object`` does.

        :raises Odd: zeep must say what it holds, if anything
        """
        if not self._is_plain or node.attrib:
            raise Odd
        if not len(node):
            return None
        values = {
            name: [] if several else None for name, several in self._empty.items()
        }
        last = -1
        for child in node:
            field = self._fields.get(child.tag)
            if field is None or field.place < last or child.attrib:
                raise Odd
            value = field.read(child)
            if field.several:
                values[field.name].append(value)
            elif field.place == last:
                raise Odd
            else:
                values[field.name] = value
            last = field.place
        return values


def _reader(kind):
    if isinstance(kind, ComplexType):
        return RecordReader(kind).record
    is_boolean = kind.qname.localname == "boolean"
    as_value = _BOOLEANS.__getitem__ if is_boolean else kind.pythonvalue

    def read(node):
        text = node.text
        if text is None:
            return None
        if len(node):
            raise Odd
        try:
            return as_value(text)
        except (KeyError, ValueError, TypeError, ArithmeticError):
            raise Odd from None

    return read
