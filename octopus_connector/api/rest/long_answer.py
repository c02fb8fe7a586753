"""Lists of a hundred thousand records, read from a file, a few in memory at a time.

The standard library's own parser reads one record after another (``raw_decode``): a
library that does nothing else reads no faster, and is one more to keep. The text is
read twice: first all of it, to judge it, then by whoever wants the records.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, NamedTuple

from ..codec import DECODER, Unreadable
from ..listed import Records
from ..shape import Rows

CHUNK = 64 * 1024
_SPACE = " \t\r\n"
_BOM = codecs.BOM_UTF8
# What a number may have been cut off within, behind what is one already.
_CUT_OFF = re.compile(r"(?:\.|[eE][+-]?)?\Z")


class _Stretch(NamedTuple):
    """A list in a file: where it begins, how many records of it can be used."""

    start: int
    count: int
    rows: Rows


def read_lists(
    file: BinaryIO, shapes: Mapping[str | None, Any]
) -> dict[str | None, Records] | None:
    """Return the lists of an answer once all of it was judged.

    What cannot be read of a record is noted as ``noting`` says.

    :param file: a whole answer; it is read for as long as the lists are used
    :param shapes: by name; one without a name is the answer itself
    :return: by name, empty where there is none of that name; ``None`` when the answer
        is something else than an object with such lists, or such a list: a short one,
        to be read at once
    :raises Unreadable: it is not JSON, or has a list twice
    """
    start = _start(file)
    if start is None:
        return None
    text = _Text(file, start)
    found: dict[str | None, _Stretch] = {}
    if None in shapes:
        if text.next_sign() != "[":
            return None
        found[None] = _judge(text, shapes[None])
    elif not _judge_members(text, shapes, found):
        return None
    text.end()
    # What was noted of them is in the order of ``shapes``, as their names are.
    return {name: _records(file, shapes[name], found.get(name)) for name in shapes}


def _judge_members(text, shapes, found):
    """Judge an object member by member; return whether it has a list to be read so."""
    if text.next_sign() != "{":
        return False
    for name in text.members():
        if name in found:
            raise Unreadable(f"not JSON: {name} is there twice")
        if name in shapes and text.next_sign() == "[":
            found[name] = _judge(text, shapes[name])
        elif text.value() and name in shapes:
            return False
    return bool(found)


def _judge(text, shape):
    start, rows = text.place(), Rows(shape)
    count = sum(1 for _record in rows.readable(text.items()))
    return _Stretch(start, count, rows)


def _records(file, shape, stretch):
    if stretch is None:
        return Records(0, lambda: iter(()))
    read = partial(_again, file, shape, stretch.start)
    return Records(stretch.count, read, tuple(stretch.rows.left_out))


def _again(file, shape, start):
    return Rows(shape).readable(_Text(file, start).items())


def _start(file):
    """Return where the text begins; ``None`` when it is not UTF-8."""
    file.seek(0)
    first = file.read(4)
    if first.startswith(_BOM):
        return len(_BOM)
    return 0 if json.detect_encoding(first) == "utf-8" else None


class _Text:
    """The text of a file from some byte on, of which a little is in memory.

    :param start: number of the first byte
    """

    def __init__(self, file: BinaryIO, start: int):
        self._file = file
        self._begin = start  # the byte at which the text in memory begins
        self._next = start  # the byte to be read next
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = ""
        self._at = 0
        self._ended = False

    def place(self) -> int:
        """Return the number of the byte at which the reading is."""
        passed = self._text[: self._at]
        return self._begin + len(passed.encode("utf-8", "surrogateescape"))

    def next_sign(self) -> str:
        """Return the sign at which the reading is, beyond spaces; empty at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in _SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def items(self) -> Iterator[Any]:
        """Yield the items of the list that begins here."""
        self._take("[")
        if self._skip("]"):
            return
        while True:
            yield self.value()
            if self._skip("]"):
                return
            self._take(",")

    def members(self) -> Iterator[str]:
        """Yield the names of the object that begins here; the caller reads each value
        before it asks for the next name."""
        self._take("{")
        if self._skip("}"):
            return
        while True:
            if self.next_sign() != '"':
                raise self._wrong("a name was expected")
            name = self.value()
            self._take(":")
            yield name
            if self._skip("}"):
                return
            self._take(",")

    def value(self) -> Any:
        """Return the value that begins here.

        :raises Unreadable: none does
        """
        self.next_sign()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                wrong = self._wrong(error.msg)
            except (ValueError, RecursionError) as error:
                raise self._wrong(str(error)) from None
            else:
                # At the end of what was read, a number may go on.
                if not _CUT_OFF.match(self._text, end) or not self._more():
                    self._at = end
                    return value
                continue
            if not self._more():
                raise wrong

    def end(self) -> None:
        """Have nothing follow.

        :raises Unreadable: something does
        """
        if self.next_sign():
            raise self._wrong("Extra data")

    def _skip(self, sign):
        """Pass a sign; return whether it was there."""
        there = self.next_sign() == sign
        self._at += there
        return there

    def _take(self, sign):
        if not self._skip(sign):
            raise self._wrong(f"{sign!r} was expected")

    def _wrong(self, why):
        return Unreadable(f"not JSON: {why} (byte {self.place()})")

    def _more(self):
        """Have more of the text in memory, and what was passed no more; return whether
        there was more."""
        if self._ended:
            return False
        self._begin = self.place()
        rest = self._text[self._at :]
        # A long value is tried again and again: each time with twice as much of it.
        self._file.seek(self._next)
        chunk = self._file.read(max(CHUNK, len(rest)))
        self._next += len(chunk)
        self._ended = not chunk
        self._text = rest + self._decoder.decode(chunk, final=self._ended)
        self._at = 0
        return True
