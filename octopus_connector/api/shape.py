"""How values that consist of several are spelled, in both directions.

* :class:`Shape`: how the fields of one value are spelled in a structure of nested
  mappings. Reading is tolerant: what is missing takes its default, what is extra is
  ignored, and only a missing key of the value itself is an error. Writing leaves
  ``None`` out.
* :class:`Rows`: the records of a list. A value that cannot be stored, calculated with
  or shown costs that value, or that record where it cannot be judged without it; never
  the list.

No transport is known here: a SOAP message can be read and written by shapes as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property, partial
from typing import Any, get_args

from .codec import (
    TEXT,
    UNSTORABLE,
    Form,
    Odd,
    Unreadable,
    as_text,
    clean,
    name_flaws,
    note,
    note_only,
    noted,
    place_flaws,
)
from .listed import Flaw, Listed
from .types import type_hints

# Fields that name a record, in the order people say them.
_NAMING = ("debit", "credit", "key", "journal", "number", "line", "id", "code", "name")


def _holds_unstorable(value):
    return isinstance(value, str) and bool(UNSTORABLE.search(value))


def _odd(_value):
    raise Odd


@dataclass(frozen=True)
class Shape:
    """The spelling of a value class: field name → (dotted path, form or shape).

    The empty path hands the whole structure on, for a value whose fields lie among
    those of its owner.

    ``expendable`` names the fields that may be lost alone, beside all plain texts: one
    that cannot be read is noted and takes its default. All others are needed to judge
    the value, so that one of them spoils it.
    """

    cls: type
    spelling: Mapping[str, tuple[str, Any]]
    expendable: frozenset[str] = frozenset()

    def decode(self, source: Any) -> Any:
        """Return the value found in ``source``.

        :raises Unreadable: it is no mapping, a field has the wrong type, or one
            without which the value has no identity is missing
        """
        # Feeds have a hundred thousand records, nearly all of them without a flaw.
        try:
            return self.decode_quickly(source)
        except (Odd, Unreadable):
            return self._decode_carefully(source)

    def decode_quickly(self, source: Any) -> Any:
        """Return the same of what has nothing odd, and note nothing.

        :raises Odd: something is, maybe no flaw: :meth:`decode` tells
        :raises Unreadable: something is wrong, and :meth:`decode` tells what
        """
        found = {}
        for name, keys, decode in self._quick_steps:
            value = source
            for key in keys:
                if type(value) is not dict:
                    raise Odd
                value = value.get(key)
                if value is None:
                    break
            else:
                value = decode(value)
                if value is not None:
                    found[name] = value
        for name, may_be_none in self._without_default:
            if name not in found:
                if not may_be_none:
                    raise Odd
                found[name] = None
        return self.cls(**found)

    @cached_property
    def _quick_steps(self):
        return tuple(
            (
                name,
                tuple(filter(None, path.split("."))),
                form.decode_quickly or _odd,
            )
            for name, (path, form) in self.spelling.items()
        )

    def _decode_carefully(self, source):
        if not isinstance(source, Mapping):
            raise Unreadable(f"{type(source).__name__} where an object was expected")
        found, lost = {}, []
        for name, (path, form) in self.spelling.items():
            before = noted()
            try:
                value = _dig(source, path)
                found[name] = None if value is None else form.decode(value)
            except Unreadable as error:
                if name not in self.expendable and form is not TEXT:
                    raise error.within(path or name) from None
                note(error)
            else:
                if noted() == before and not _holds_unstorable(value):
                    continue
            lost.append(name)
            place_flaws(before, path or name)
        if "unread" in self.cls.__dataclass_fields__:
            found["unread"] = tuple(lost) or None
        return self.cls(**self._complete(found))

    def label(self, source: Any) -> str:
        """Return how people find the record in Octopus, as far as it can be read.

        :param source: the structure as it came, also one that :meth:`decode` refuses
        :return: such as ``V1 / 12``; empty when nothing of it can be read
        """
        parts = (self._named(source, name) for name in _NAMING if name in self.spelling)
        return " / ".join(filter(None, parts))

    def _named(self, source, name):
        path, form = self.spelling[name]
        try:
            value = _dig(source, path)
            if isinstance(form, Shape):
                return form.label(value)
            return clean(as_text(value))[:40]
        except Unreadable:
            return ""

    def _complete(self, found):
        complete = {name: item for name, item in found.items() if item is not None}
        for name, may_be_none in self._without_default:
            if name not in complete:
                if not may_be_none:
                    path = self.spelling[name][0]
                    raise Unreadable(f"{path or name} is missing")
                complete[name] = None
        return complete

    @cached_property
    def _without_default(self):
        """The fields that must be given, and whether ``None`` will do."""
        hints = type_hints(self.cls)
        return tuple(
            (field.name, type(None) in get_args(hints[field.name]))
            for field in fields(self.cls)
            if field.default is MISSING and field.default_factory is MISSING
        )

    def encode(self, value: Any) -> dict[str, Any]:
        """Return the structure that spells ``value``; ``None`` is left out."""
        target: dict[str, Any] = {}
        for name, (path, form) in self.spelling.items():
            item = getattr(value, name)
            if item is not None:
                _put(target, path, form.encode(item))
        return target


def _dig(source, path):
    for key in filter(None, path.split(".")):
        if source is None:
            return None
        if not isinstance(source, Mapping):
            raise Unreadable(f"{type(source).__name__} where an object was expected")
        source = source.get(key)
    return source


def _put(target, path, value):
    *outer, last = path.split(".") if path else [""]
    for key in outer:
        target = target.setdefault(key, {})
    if last:
        target[last] = value
    else:
        target.update(value)


def many(shape: Any) -> Form:
    """Return the form of a list of values, a tuple on our side. The list is part of one
    value: an item that cannot be read spoils it.

    :param shape: a :class:`Shape`, or a :class:`Form` of one value
    """
    return Form(
        partial(_read_many, shape),
        lambda values: [shape.encode(v) for v in values],
        partial(_read_many_quickly, shape.decode_quickly),
    )


def _read_many_quickly(decode, value):
    if type(value) is not list:
        raise Odd
    return tuple(map(decode, value))


def _read_many(shape, value):
    if not isinstance(value, (list, tuple)):
        raise Unreadable(f"{type(value).__name__} where a list was expected")
    items = []
    for index, item in enumerate(value):
        before = noted()
        try:
            items.append(shape.decode(item))
        except Unreadable as error:
            raise error.within(f"[{index}]") from None
        place_flaws(before, f"[{index}]")
    return tuple(items)


def read_rows(shape: Any, value: Any) -> Listed:
    """Return those records of a list that can be read; the others are noted.

    :param shape: a :class:`Shape`, or a :class:`Form` of one value
    :raises Unreadable: it is no list
    """
    if not isinstance(value, (list, tuple)):
        raise Unreadable(f"{type(value).__name__} where a list was expected")
    rows = Rows(shape)
    found = list(rows.readable(value))
    return Listed(found, tuple(rows.left_out))


class Rows:
    """The records of one list, read one after another.

    :param shape: a :class:`Shape`, or a :class:`Form` of one value
    """

    def __init__(self, shape: Any):
        self._shape = shape
        self._next = 0
        self.left_out: list[Flaw] = []

    def readable(self, items: Iterable[Any]) -> Iterator[Any]:
        """Yield those that can be read; the others are noted, and in ``left_out``.

        :param items: as they came, after those that were read before
        """
        for item in items:
            index, self._next = self._next, self._next + 1
            before = noted()
            try:
                value = self._shape.decode(item)
            except Unreadable as error:
                label = _label(self._shape, item, index)
                flaw = error.as_flaw(record=label, left_out=True)
                self.left_out.append(flaw)
                note_only(before, flaw)
                continue
            name_flaws(before, partial(_label, self._shape, item, index))
            yield value


def _label(shape, item, index):
    label = shape.label(item) if isinstance(shape, Shape) else ""
    return label or f"[{index}]"
