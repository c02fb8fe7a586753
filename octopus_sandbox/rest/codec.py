"""JSON as Octopus writes it (docs/octopus.md §2)."""

import json
import math
from decimal import Decimal


def _double(number):
    """The double that shows exactly this decimal. Octopus, too, sends doubles.

    Raises ValueError for a number that no double shows.
    """
    if not isinstance(number, Decimal):
        raise TypeError(f"{type(number).__name__} has no place in an answer")
    double = float(number)
    if not math.isfinite(double) or Decimal(repr(double)) != number:
        raise ValueError(f"{number} is not exact as a double")
    return double


def dumps(value):
    """UTF-8 bytes: keys alphabetical, nulls left out, doubles with a decimal."""
    text = json.dumps(
        value,
        default=_double,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return text.encode()


def without_nulls(fields):
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def loads(raw):
    """The value of a JSON text; numbers with a decimal become Decimal.

    Raises ValueError for anything else than JSON (NaN and infinity included).
    """
    return json.loads(raw, parse_float=Decimal, parse_constant=_refuse_constant)


def _refuse_constant(word):
    raise ValueError(f"{word} is not JSON")
