"""Between Octopus's structures and our values, in both directions.

* :func:`loads` and :func:`dumps`: JSON in which numbers are ``Decimal``, never float.
* :class:`Shape`: how the fields of one value are spelled in a structure of nested
  mappings. Reading is tolerant: what is missing takes its default, what is extra is
  ignored, and only a missing key of the value itself is an error. Writing leaves
  ``None`` out.

No transport is known here: a SOAP message can be read and written by shapes as well.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, NamedTuple, get_args

from .texts import clean
from .types import type_hints


class Unreadable(ValueError):
    """An answer, or a part of it, can not be understood."""


def _refuse_constant(text):
    raise Unreadable(f"{text} is not a JSON number")


def loads(text: bytes | str) -> Any:
    """Parse JSON; numbers with a decimal become ``Decimal``.

    :raises Unreadable: it is not JSON
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, InvalidOperation) as error:
        reason = str(error)
    # Raised here, because the parser's error holds the whole text.
    raise Unreadable(f"not JSON: {reason}")


def dumps(value: Any) -> str:
    """Write JSON from mappings, sequences, text, bool, int, ``None`` and ``Decimal``.

    A ``Decimal`` is written digit by digit, so 0.1 stays 0.1. A float has no place
    here and raises ``TypeError``.
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
    raise TypeError(f"{type(value).__name__} can not be sent as JSON")


def _number(value):
    if not value.is_finite():
        raise ValueError(f"{value} can not be sent as JSON")
    return format(value if value else abs(value), "f")


# Forms: how one thing is read and written


class Form(NamedTuple):
    """``decode`` gets what is there, never ``None``, and may return ``None``."""

    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]


def _same(value):
    return value


def _read_int(value):
    number = _read_decimal(value)
    if number != number.to_integral_value() or abs(number) >= 2**63:
        raise Unreadable(f"{value!r} is not a whole number")
    return int(number)


def _read_decimal(value):
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str, float)):
        raise Unreadable(f"{value!r} is not a number")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise Unreadable(f"{value!r} is not a number") from None
    # Beyond this nothing is an amount, and arithmetic would round.
    if not number.is_finite() or (number and not -50 <= number.adjusted() <= 20):
        raise Unreadable(f"{value!r} is out of range")
    return number


def _read_id(value):
    return _read_int(value) or None


def _read_text(value):
    if isinstance(value, str):
        return value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    raise Unreadable(f"{type(value).__name__} where text was expected")


def _read_code(value):
    return _read_text(value).strip() or None


def _read_bool(value):
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise Unreadable(f"{value!r} is neither true nor false")


def _read_date(value):
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_read_text(value)[:10])
    except ValueError:
        raise Unreadable(f"{value!r} is not a date") from None


def _read_base64(value):
    try:
        return base64.b64decode(_read_text(value), validate=True)
    except binascii.Error:
        raise Unreadable("the file is not base64") from None


def _write_text(value):
    return clean(value) or ""


def _write_base64(value):
    return base64.b64encode(value).decode("ascii")


INT = Form(_read_int, _same)
ID = Form(_read_id, _same)  # 0 means none (api.md §4.1)
DECIMAL = Form(_read_decimal, _same)
TEXT = Form(_read_text, _write_text)
CODE = Form(_read_code, _same)  # blank means none (samples.md: country "  ")
BOOL = Form(_read_bool, _same)
DATE = Form(_read_date, date.isoformat)
FILE = Form(_read_base64, _write_base64)


def timestamp(moment: datetime) -> str:
    """Return a moment as a feed wants it: UTC, milliseconds, a space (api.md §2.2)."""
    naive = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return naive.isoformat(sep=" ", timespec="milliseconds")


# Shapes: how one value is spelled


@dataclass(frozen=True)
class Shape:
    """The spelling of a value class: field name → (dotted path, form or shape).

    The empty path hands the whole structure on, for a value whose fields lie among
    those of its owner.
    """

    cls: type
    spelling: Mapping[str, tuple[str, Any]]

    def decode(self, source: Any) -> Any:
        """Return the value found in ``source``.

        :raises Unreadable: it is no mapping, a field has the wrong type, or one
            without which the value has no identity is missing
        """
        if not isinstance(source, Mapping):
            raise Unreadable(f"{type(source).__name__} where an object was expected")
        found = {}
        for name, (path, form) in self.spelling.items():
            try:
                value = _dig(source, path)
                found[name] = None if value is None else form.decode(value)
            except Unreadable as error:
                raise Unreadable(f"{path or name}: {error}") from None
        return self.cls(**self._complete(found))

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
    """Return the form of a list of values, a tuple on our side."""
    return Form(
        partial(_read_many, shape), lambda values: [shape.encode(v) for v in values]
    )


def _read_many(shape, value):
    if not isinstance(value, (list, tuple)):
        raise Unreadable(f"{type(value).__name__} where a list was expected")
    items = []
    for index, item in enumerate(value):
        try:
            items.append(shape.decode(item))
        except Unreadable as error:
            raise Unreadable(f"[{index}] {error}") from None
    return tuple(items)
