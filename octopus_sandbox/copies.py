"""Answers with as many records as no books here have: one record again and again.

As with poisons, the answer is right and kept to the contract first. What is copied is
the last record of a list, each time with document numbers that go on by one.
"""

import re
from dataclasses import dataclass

from lxml import etree

_MARK = "copies-of-{}"
_NUMBER = re.compile(rb'(?<=documentSequenceNr":)\d+|(?<=documentSequenceNr>)\d+')
_DECLARED = re.compile(rb' xmlns(:\w+)?="[^"]*"')


@dataclass(frozen=True)
class Copies:
    """Records to come in every answer of an operation, until copies are cleared.

    ``name`` of the list, empty where the answer is the list; ``count``: how many
    records it has then.
    """

    operation: str
    name: str
    count: int


class AllCopies:
    """The copies to come."""

    def __init__(self):
        self._copies = []

    def add(self, operation, name, count):
        """Plan copies; see :class:`Copies` for the values."""
        copies = Copies(operation, name, count)
        self._copies.append(copies)
        return copies

    def clear(self):
        """Forget them all."""
        self._copies.clear()

    def pending(self):
        """The copies to come."""
        return list(self._copies)

    def of(self, operation):
        """Those of an operation."""
        return [it for it in self._copies if it.operation == operation]


def copied_json(all_copies, body, dumps):
    """The bytes of a body, as ``dumps`` writes it, with its copies."""
    texts = {}
    for number, copies in enumerate(all_copies):
        records = body[copies.name] if copies.name else body
        if not records:
            continue
        mark = _MARK.format(number)
        more = copies.count - len(records)
        texts[f'"{mark}"'.encode()] = b",".join(_copies(dumps(records[-1]), more))
        marked = [*records, mark]
        body = {**body, copies.name: marked} if copies.name else marked
    return _replaced(dumps(body), texts)


def copied_xml(all_copies, message, write):
    """The bytes of a message, as ``write`` writes it, with its copies."""
    texts = {}
    for number, copies in enumerate(all_copies):
        records = message.findall(copies.name)
        if not records:
            continue
        mark = etree.Comment(_MARK.format(number))
        records[-1].addnext(mark)
        record = _DECLARED.sub(b"", etree.tostring(records[-1], with_tail=False))
        more = copies.count - len(records)
        texts[etree.tostring(mark)] = b"".join(_copies(record, more))
    return _replaced(write(message), texts)


def _copies(record, count):
    """Yield a record with document numbers that go on by one each time."""
    parts = _NUMBER.split(record)
    numbers = [int(number) for number in _NUMBER.findall(record)]
    for step in range(1, count + 1):
        pieces = [parts[0]]
        for number, part in zip(numbers, parts[1:], strict=True):
            pieces += (b"%d" % (number + step), part)
        yield b"".join(pieces)


def _replaced(text, texts):
    for mark, copies in texts.items():
        text = text.replace(mark, copies)
    return text
