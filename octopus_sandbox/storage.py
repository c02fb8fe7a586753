"""Keeps the state in a JSON file: dataclasses to JSON and back, by their types."""

import base64
import dataclasses
import datetime
import json
import os
import tempfile
import types
import typing
from collections import Counter
from decimal import Decimal

# Tells a Decimal from a text where no type says it.
_DECIMAL = "$decimal"
_TO_TEXT = {
    Decimal: lambda number: {_DECIMAL: str(number)},
    datetime.date: datetime.date.isoformat,
    datetime.datetime: datetime.datetime.isoformat,
    bytes: lambda raw: base64.b64encode(raw).decode(),
    datetime.timedelta: datetime.timedelta.total_seconds,
}
_FROM_TEXT = {
    Decimal: Decimal,
    datetime.date: datetime.date.fromisoformat,
    datetime.datetime: datetime.datetime.fromisoformat,
    bytes: base64.b64decode,
    datetime.timedelta: lambda seconds: datetime.timedelta(seconds=float(seconds)),
}


def to_plain(value):
    """``value`` as something that JSON can hold.

    A mapping becomes an object when its keys are texts, else a list of pairs.
    """
    convert = _TO_TEXT.get(type(value))
    if convert:
        return convert(value)
    if dataclasses.is_dataclass(value):
        return {
            field.name: to_plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
        }
    if isinstance(value, dict):
        pairs = [[to_plain(key), to_plain(item)] for key, item in value.items()]
        return dict(pairs) if all(isinstance(key, str) for key in value) else pairs
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind, value):
    """The value of type ``kind`` that :func:`to_plain` was given."""
    if value is None:
        return None
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return from_plain(args[0], value)
    if kind in _FROM_TEXT:
        return _FROM_TEXT[kind](value)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{name: from_plain(hints[name], v) for name, v in value.items()})
    return _container(kind, origin or kind, args, value)


def _container(kind, origin, args, value):
    if origin is Counter:
        args = (*args, int)
    if origin in (dict, Counter):
        key, item = args or (typing.Any, typing.Any)
        pairs = value.items() if isinstance(value, dict) else value
        return origin({from_plain(key, k): from_plain(item, v) for k, v in pairs})
    if origin is list:
        return [from_plain(args[0], item) for item in value]
    if origin is tuple or hasattr(kind, "_fields"):
        return _tuple(kind, args, value)
    return value


def _tuple(kind, args, value):
    """A tuple or named tuple; one of no known types holds numbers, words, tuples."""
    if hasattr(kind, "_fields"):
        hints = typing.get_type_hints(kind)
        args = [hints[name] for name in kind._fields]
        return kind(*map(from_plain, args, value))
    if args:
        return tuple(map(from_plain, args, value))
    return tuple(from_plain(tuple, v) if isinstance(v, list) else v for v in value)


def save(state, path):
    """Write the state to a file, whole or not at all."""
    folder = os.path.dirname(os.path.abspath(path))
    text = json.dumps(to_plain(state))
    with tempfile.NamedTemporaryFile(
        "w", dir=folder, delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    os.replace(file.name, path)


def load(kind, path):
    """The state that was written to a file. OSError, ValueError when it cannot."""
    with open(path, encoding="utf-8") as file:
        return from_plain(kind, json.load(file, object_hook=read_decimal))


def read_decimal(value):
    """Object hook of the JSON reader."""
    return Decimal(value[_DECIMAL]) if value.keys() == {_DECIMAL} else value
