"""Lists of a hundred thousand records in a message, of which a few are in memory.

A record is read once and then kept as JSON in a file without a name: reading its XML
once more would take ten times as long.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from lxml import etree

from ..codec import Unreadable, noting
from ..listed import Flaw, Records
from ..shape import Rows, Shape
from ..stored import from_json, to_json
from ..wire import CHUNK, Spool


class LongList:
    """A list of a message while it is read, and afterwards its records.

    :param shape: of its records
    """

    def __init__(self, shape: Shape):
        self._kind = shape.cls
        self._rows = Rows(shape)
        self._file = Spool()
        self._count = 0
        self.flaws: list[Flaw] = []

    def add(self, record: Any) -> None:
        """Take the next record.

        :param record: as zeep gives it, a mapping with all names of its type
        """
        with noting() as flaws:
            for value in self._rows.readable([record]):
                line = json.dumps(to_json(value), separators=(",", ":"))
                self._file.write(line.encode() + b"\n")
                self._count += 1
        self.flaws += flaws

    def records(self) -> Records:
        """Return those that can be used."""
        left_out = tuple(self._rows.left_out)
        return Records(self._count, partial(_read, self._kind, self._file), left_out)


def _read(kind, file):
    for line in _lines(file):
        yield from_json(kind, json.loads(line))


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a file, of which others may read as well."""
    place, rest = 0, b""
    while True:
        file.seek(place)
        chunk = file.read(CHUNK)
        if not chunk:
            return
        place += len(chunk)
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def take_records(
    file: BinaryIO, parent: tuple[str, ...], take: Mapping[str, Callable[[Any], None]]
) -> Any:
    """Take the records out of a message while it is read; return what is left of it.

    The first record of each list stays, and so does one that is not beside others of
    its list: whoever reads the rest sees whether the lists stand where they should.

    :param file: a whole answer
    :param parent: tags of the root, its child and so on, down to what has the lists
    :param take: by the name of the list, gets the element of a record
    :raises Unreadable: it has a document type, which no message has
    :raises lxml.etree.LxmlError: it is not XML
    """
    file.seek(0)
    tags = [f"{{*}}{name}" for name in take]
    parsing = etree.iterparse(
        file,
        tag=tags,
        remove_comments=True,
        resolve_entities=False,
    )
    for _event, node in parsing:
        if _path(node) == parent:
            take[etree.QName(node).localname](node)
            before = node.getprevious()
            if before is not None and before.tag == node.tag:
                node.getparent().remove(node)
    if parsing.root.getroottree().docinfo.doctype:
        raise Unreadable("not XML: DTDForbidden")
    return parsing.root


def _path(node):
    return tuple(it.tag for it in node.iterancestors())[::-1]
