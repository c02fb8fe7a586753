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


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize() if value else Decimal(0), "f")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A fingerprint cannot hold {type(value).__name__}")
