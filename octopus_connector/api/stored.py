"""How a value of ours is kept as JSON, and read back years later: exact, and by its
type hints alone.

The form is ours, not a transport's: what REST sent today may have to be recognised over
another transport tomorrow. Dataclasses become objects, tuples lists, money and rates
text, days ISO text. What a type got since then has its default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")
# What JSON holds as it is.
_AS_IS = frozenset({str, int, bool, NoneType})


def to_json(value: Any, *, sparse: bool = False) -> Any:
    """Return a value as plain JSON values.

    :param value: a dataclass of ``api.types`` or ``core``, or what their fields hold
    :param sparse: leave out what is ``None`` or an empty tuple
    :return: money, rates and days as text, which stays exact
    """
    # Feeds have a hundred thousand of them: what most fields hold comes first.
    if type(value) in _AS_IS:
        return value
    if names := _names(type(value)):
        return _object([(name, getattr(value, name)) for name in names], sparse)
    if isinstance(value, Mapping):
        return _object(value.items(), sparse)
    if isinstance(value, (list, tuple)):
        return [to_json(item, sparse=sparse) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _object(items, sparse):
    found = {}
    for name, item in items:
        kind = type(item)
        if kind is Decimal:
            found[name] = str(item)
        elif kind in _AS_IS:
            if item is not None or not sparse:
                found[name] = item
        elif not (sparse and item == ()):
            found[name] = to_json(item, sparse=sparse)
    return found


@cache
def _names(kind) -> tuple[str, ...]:
    """Return the names of a dataclass's fields; none of another type."""
    return tuple(it.name for it in fields(kind)) if is_dataclass(kind) else ()


def from_json(kind: type[Kind], data: Mapping[str, Any]) -> Kind:
    """Return the value that :func:`to_json` was given.

    :param kind: the dataclass that it was
    :param data: what was kept; ``kind``'s own defaults stand for what is absent
    :raises TypeError: it holds what ``kind`` does not have, or lacks what it must
    :raises ValueError: a day is no day
    :raises decimal.InvalidOperation: an amount is no number
    """
    readers = _readers(kind)
    return kind(
        **{
            name: item if item is None or name not in readers else readers[name](item)
            for name, item in data.items()
        }
    )


@cache
def _readers(kind) -> dict[str, Callable]:
    """Return, for the fields that JSON does not hold as they are, what reads them."""
    hints = get_type_hints(kind)
    found = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    return {name: reader for name, reader in found.items() if reader}


def _reader(hint):
    if get_origin(hint) in (Union, UnionType):
        [hint] = [it for it in get_args(hint) if it is not NoneType]
    if get_origin(hint) is tuple:
        read = _reader(get_args(hint)[0]) or (lambda item: item)
        return lambda items: tuple(map(read, items))
    if is_dataclass(hint):
        return lambda item: from_json(hint, item)
    if hint is Decimal:
        return Decimal
    return date.fromisoformat if hint is date else None
