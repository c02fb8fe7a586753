"""Between Octopus's structures and our values, in both directions.

* :func:`loads` and :func:`dumps`: JSON in which numbers are ``Decimal``, never float.
* :class:`Shape`: how the fields of one value are spelled in a structure of nested
  mappings. Reading is tolerant: what is missing takes its default, what is extra is
  ignored, and only a missing key of the value itself is an error. Writing leaves
  ``None`` out.
* :func:`read_rows`: the records of a list. A value that cannot be stored, calculated
  with or shown costs that value, or that record where it cannot be judged without it;
  never the list. :func:`noting` gathers what was lost so.

No transport is known here: a SOAP message can be read and written by shapes as well.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, NamedTuple, get_args

from .listed import Flaw, Listed
from .texts import clean as without_forbidden
from .types import type_hints

# Integers of the contract have 32 bits, and so have those of the database.
INT32_LOWEST, INT32_HIGHEST = -(2**31), 2**31 - 1
# Days of which a calendar can calculate the neighbours, and that people mean.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
# No database keeps the first, no encoding the others: halves of a character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DIGITS = re.compile(r"[+-]?[0-9]+")
REPLACEMENT = "\ufffd"
_WHY_LIMIT = 200


class Unreadable(ValueError):
    """An answer, or a part of it, cannot be understood.

    :param why: what is wrong
    :param field: where in the answer
    """

    def __init__(self, why: str, field: str = ""):
        super().__init__(f"{field}: {why}" if field else why)
        self.why = why
        self.field = field

    def within(self, name: str) -> Unreadable:
        """Return the same of the structure that ``name`` lies in."""
        return Unreadable(self.why, _path(name, self.field))

    def as_flaw(self, **values: Any) -> Flaw:
        """Return what is told of it.

        :param values: what else is known of the flaw: ``record``, ``left_out``
        """
        return Flaw(field=self.field, why=clean(self.why)[:_WHY_LIMIT], **values)


def _path(name, inner):
    return f"{name}.{inner}" if inner else name


def clean(text: str) -> str:
    """Return a text that can be stored and shown.

    What cannot (NUL, half a character) becomes the replacement character, so that the
    text never looks like one that was read as it is.

    :param text: as it was read; nothing else is changed in it
    """
    return _UNSTORABLE.sub(REPLACEMENT, text)


# What was lost while reading

_FLAWS: ContextVar[list[Flaw] | None] = ContextVar("flaws", default=None)


@contextmanager
def noting() -> Iterator[list[Flaw]]:
    """Give the list of what is lost while an answer is read, for a ``with`` statement.

    :return: a list that grows while the block reads; what is lost outside of such a
        block is not noted
    """
    flaws: list[Flaw] = []
    token = _FLAWS.set(flaws)
    try:
        yield flaws
    finally:
        _FLAWS.reset(token)


def _note(error):
    flaws = _FLAWS.get()
    if flaws is not None:
        flaws.append(error.as_flaw())


def _noted():
    flaws = _FLAWS.get()
    return 0 if flaws is None else len(flaws)


def _place(since, name):
    """Say of the flaws noted since then that they lie in ``name``."""
    for index in range(since, _noted()):
        flaw = _FLAWS.get()[index]
        _FLAWS.get()[index] = replace(flaw, field=_path(name, flaw.field))


def loads(text: bytes | str) -> Any:
    """Parse JSON; numbers with a decimal become ``Decimal``.

    A number that has no value (NaN, or digits without end) is parsed all the same, and
    refused where it is read; a byte that is no text becomes half a character.

    :raises Unreadable: it is not JSON
    """
    try:
        if isinstance(text, bytes):
            encoding = json.detect_encoding(text)
            text = text.decode(encoding, "surrogateescape")
        return json.loads(
            text, parse_float=_decimal, parse_int=_whole, parse_constant=_no_value
        )
    except (ValueError, RecursionError) as error:
        reason = str(error)
    # Raised here, because the parser's error holds the whole text.
    raise Unreadable(f"not JSON: {reason}")


def _decimal(text):
    try:
        return Decimal(text)
    except InvalidOperation:
        return _no_value(text)


def _whole(text):
    # Python refuses to make integers of thousands of digits.
    return int(text) if len(text) < 100 else _decimal(text)


def _no_value(_text):
    return Decimal("NaN")


def dumps(value: Any) -> str:
    """Write JSON from mappings, sequences, text, bool, int, ``None`` and ``Decimal``.

    :param value: a ``Decimal`` in it is written digit by digit, so 0.1 stays 0.1
    :raises TypeError: something of another type is in it, such as a float
    :raises ValueError: a number is not finite
    """
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        items = (f"{json.dumps(key)}: {dumps(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(dumps, value)) + "]"
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


def _number(value):
    if not value.is_finite():
        raise ValueError(f"{value} cannot be sent as JSON")
    return format(value if value else abs(value), "f")


# Forms: how one thing is read and written


class Form(NamedTuple):
    """``decode`` gets what is there, never ``None``, and may return ``None``."""

    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]


def _same(value):
    return value


def _read_int(value):
    if isinstance(value, str) and not _DIGITS.fullmatch(value.strip()):
        raise Unreadable(f"{_shown(value)} is not a whole number")
    number = _read_decimal(value)
    if number != number.to_integral_value():
        raise Unreadable(f"{_shown(value)} is not a whole number")
    if not INT32_LOWEST <= number <= INT32_HIGHEST:
        raise Unreadable(f"{_shown(value)} is out of range")
    return int(number)


def _shown(value):
    return repr(value)[:50]


def _read_decimal(value):
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str, float)):
        raise Unreadable(f"{_shown(value)} is not a number")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise Unreadable(f"{_shown(value)} is not a number") from None
    # Beyond this nothing is an amount, and arithmetic would round.
    if not number.is_finite() or (number and not -50 <= number.adjusted() <= 20):
        raise Unreadable(f"{_shown(value)} is out of range")
    return number


def _read_id(value):
    return _read_int(value) or None


def _as_text(value):
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    raise Unreadable(f"{type(value).__name__} where text was expected")


def _read_text(value):
    text = _as_text(value)
    cleaned = clean(text)
    if cleaned != text:
        _note(Unreadable(f"{_shown(text)} holds a character that cannot be kept"))
    return cleaned


def _read_code(value):
    # A code is compared, so nothing like it will do.
    text = _as_text(value)
    if _UNSTORABLE.search(text):
        raise Unreadable(f"{_shown(text)} holds a character that cannot be kept")
    return text.strip() or None


def _read_bool(value):
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise Unreadable(f"{_shown(value)} is neither true nor false")


def _read_date(value):
    day = _as_date(value)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unreadable(f"{day.isoformat()} is out of range")
    return day


def _as_date(value):
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_as_text(value)[:10])
    except ValueError:
        raise Unreadable(f"{_shown(value)} is not a date") from None


def _read_base64(value):
    try:
        return base64.b64decode(_as_text(value), validate=True)
    except ValueError:
        raise Unreadable("the file is not base64") from None


def _write_text(value):
    return without_forbidden(value) or ""


def _write_base64(value):
    return base64.b64encode(value).decode("ascii")


INT = Form(_read_int, _same)
ID = Form(_read_id, _same)  # 0 means none (docs/octopus.md §10)
DECIMAL = Form(_read_decimal, _same)
TEXT = Form(_read_text, _write_text)
CODE = Form(_read_code, _same)  # blank means none, as country "  "
BOOL = Form(_read_bool, _same)
DATE = Form(_read_date, date.isoformat)
FILE = Form(_read_base64, _write_base64)


def timestamp(moment: datetime) -> str:
    """Return a moment as a feed wants it: UTC, milliseconds, a space
    (docs/octopus.md §3).

    :param moment: aware
    """
    naive = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return naive.isoformat(sep=" ", timespec="milliseconds")


# Shapes: how one value is spelled

# Fields that name a record, in the order people say them.
_NAMING = ("debit", "credit", "key", "journal", "number", "line", "id", "code", "name")


def _holds_unstorable(value):
    return isinstance(value, str) and bool(_UNSTORABLE.search(value))


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
        if not isinstance(source, Mapping):
            raise Unreadable(f"{type(source).__name__} where an object was expected")
        found, lost = {}, []
        for name, (path, form) in self.spelling.items():
            before = _noted()
            try:
                value = _dig(source, path)
                found[name] = None if value is None else form.decode(value)
            except Unreadable as error:
                if name not in self.expendable and form is not TEXT:
                    raise error.within(path or name) from None
                _note(error)
            else:
                if _noted() == before and not _holds_unstorable(value):
                    continue
            lost.append(name)
            _place(before, path or name)
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
            return clean(_as_text(value))[:40]
        except Unreadable:
            return ""

    def _complete(self, found):
        complete = {}
        for field in fields(self.cls):
            value = found.get(field.name)
            if value is not None:
                complete[field.name] = value
            elif field.default is MISSING and field.default_factory is MISSING:
                if type(None) not in get_args(type_hints(self.cls)[field.name]):
                    path = self.spelling[field.name][0]
                    raise Unreadable(f"{path or field.name} is missing")
                complete[field.name] = None
        return complete

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
        partial(_read_many, shape), lambda values: [shape.encode(v) for v in values]
    )


def _read_many(shape, value):
    if not isinstance(value, (list, tuple)):
        raise Unreadable(f"{type(value).__name__} where a list was expected")
    items = []
    for index, item in enumerate(value):
        before = _noted()
        try:
            items.append(shape.decode(item))
        except Unreadable as error:
            raise error.within(f"[{index}]") from None
        _place(before, f"[{index}]")
    return tuple(items)


def read_rows(shape: Any, value: Any) -> Listed:
    """Return those records of a list that can be read; the others are noted.

    :param shape: a :class:`Shape`, or a :class:`Form` of one value
    :raises Unreadable: it is no list
    """
    if not isinstance(value, (list, tuple)):
        raise Unreadable(f"{type(value).__name__} where a list was expected")
    found, left_out = [], []
    for index, item in enumerate(value):
        before = _noted()
        try:
            found.append(shape.decode(item))
        except Unreadable as error:
            label = _label(shape, item, index)
            flaw = error.as_flaw(record=label, left_out=True)
            left_out.append(flaw)
            _only(before, flaw)
        else:
            _name_record(before, shape, item, index)
    return Listed(found, tuple(left_out))


def _only(since, flaw):
    """Note of a record that is left out nothing but that."""
    flaws = _FLAWS.get()
    if flaws is not None:
        flaws[since:] = [flaw]


def _name_record(since, shape, item, index):
    flaws = _FLAWS.get()
    for place in range(since, _noted()):
        flaws[place] = replace(flaws[place], record=_label(shape, item, index))


def _label(shape, item, index):
    label = shape.label(item) if isinstance(shape, Shape) else ""
    return label or f"[{index}]"
