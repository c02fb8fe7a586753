"""A short mark that tells a document that changed from one that did not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any


def fingerprint(facts: Mapping[str, Any]) -> str:
    """Return the mark of a document's facts.

    :param facts: plain values, ``Decimal`` and ``date``, in lists and mappings. Equal
        facts give equal marks, whatever the order of keys and the zeros of a number.
    :raises TypeError: for a value of another kind
    """
    text = json.dumps(facts, sort_keys=True, default=_plain, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


def with_parts(mark: str, parts: Mapping[str, Mapping[str, Any]]) -> str:
    """Return a mark that holds some facts apart, so that a mark without them, of before
    they were looked at, stays comparable.

    :param mark: what :func:`fingerprint` gave for the other facts
    :param parts: facts by the name of the part, which has no space nor colon
    """
    told = [f"{name}:{fingerprint(facts)}" for name, facts in parts.items()]
    return " ".join([mark, *told])


def same(one: str | None, other: str | None) -> bool:
    """Return whether two marks are of the same facts, as far as both look at them.

    :param one: what :func:`fingerprint` or :func:`with_parts` gave; empty is the same
        as nothing
    :param other: the same
    """
    if not one or not other:
        return False
    (mine, *parts), (theirs, *others) = one.split(" "), other.split(" ")
    known = dict(part.split(":") for part in parts)
    return mine == theirs and all(
        known.get(name, mark) == mark
        for name, mark in (part.split(":") for part in others)
    )


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A fingerprint cannot hold {type(value).__name__}")
