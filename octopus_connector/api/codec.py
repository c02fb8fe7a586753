"""Between Octopus's structures and our values, in both directions.

* :func:`loads` and :func:`dumps`: JSON in which numbers are ``Decimal``, never float.
* :class:`Form`: how one value is read and written. What is read can be stored,
  calculated with and shown, or is refused.
* :func:`noting` gathers what was lost while an answer was read.

What consists of several values is a shape's business (``shape``).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from .listed import Flaw
from .texts import clean as without_forbidden

# Integers of the contract have 32 bits, and so have those of the database.
INT32_LOWEST, INT32_HIGHEST = -(2**31), 2**31 - 1
# Days of which a calendar can calculate the neighbours, and that people mean.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
# No database keeps the first, no encoding the others: halves of a character.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
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
    return UNSTORABLE.sub(REPLACEMENT, text)


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


def note(error: Unreadable) -> None:
    """Note a value that is lost.

    :param error: says which, and why
    """
    flaws = _FLAWS.get()
    if flaws is not None:
        flaws.append(error.as_flaw())


def note_all(flaws: Iterable[Flaw]) -> None:
    """Note what was noted already while no answer was judged yet.

    :param flaws: in the order of the answer
    """
    noted_so_far = _FLAWS.get()
    if noted_so_far is not None:
        noted_so_far.extend(flaws)


def noted() -> int:
    """Return how many flaws were noted so far."""
    flaws = _FLAWS.get()
    return 0 if flaws is None else len(flaws)


def place_flaws(since: int, name: str) -> None:
    """Say of the flaws noted since then that they lie in ``name``.

    :param since: what :func:`noted` gave
    """
    for index in range(since, noted()):
        flaw = _FLAWS.get()[index]
        _FLAWS.get()[index] = replace(flaw, field=_path(name, flaw.field))


def note_only(since: int, flaw: Flaw) -> None:
    """Note of a record that is left out nothing but that.

    :param since: what :func:`noted` gave before it was read
    """
    flaws = _FLAWS.get()
    if flaws is not None:
        flaws[since:] = [flaw]


def name_flaws(since: int, record: Callable[[], str]) -> None:
    """Say which record the flaws noted since then are of.

    :param since: what :func:`noted` gave before it was read
    :param record: gives its name
    """
    flaws = _FLAWS.get()
    for place in range(since, noted()):
        flaws[place] = replace(flaws[place], record=record())


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
        return DECODER.decode(text)
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


# For whoever reads one value after another; ``loads`` for all others.
DECODER = json.JSONDecoder(
    parse_float=_decimal, parse_int=_whole, parse_constant=_no_value
)


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
    """``decode`` gets what is there, never ``None``, and may return ``None``.

    ``decode_quickly`` does the same with what most answers have, notes nothing, and
    raises ``Odd`` or ``Unreadable`` for all else; ``None`` where there is no quick way.
    """

    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]
    decode_quickly: Callable[[Any], Any] | None = None


class Odd(Exception):
    """A value is not what most answers have: maybe it cannot be read."""


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


def as_text(value: Any) -> str:
    """Return a text, or a number as it is written.

    :raises Unreadable: it is neither
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    raise Unreadable(f"{type(value).__name__} where text was expected")


def _read_text(value):
    text = as_text(value)
    cleaned = clean(text)
    if cleaned != text:
        note(Unreadable(f"{_shown(text)} holds a character that cannot be kept"))
    return cleaned


def _read_code(value):
    # A code is compared, so nothing like it will do.
    text = as_text(value)
    if UNSTORABLE.search(text):
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
        return date.fromisoformat(as_text(value)[:10])
    except ValueError:
        raise Unreadable(f"{_shown(value)} is not a date") from None


def _read_base64(value):
    try:
        return base64.b64decode(as_text(value), validate=True)
    except ValueError:
        raise Unreadable("the file is not base64") from None


def _write_text(value):
    return without_forbidden(value) or ""


def _write_base64(value):
    return base64.b64encode(value).decode("ascii")


def _quick_int(value):
    if type(value) is int and INT32_LOWEST <= value <= INT32_HIGHEST:
        return value
    raise Odd


def _quick_id(value):
    return _quick_int(value) or None


def _quick_decimal(value):
    if type(value) is float:
        value = Decimal(repr(value))
    if type(value) is Decimal and value.is_finite() and -50 <= value.adjusted() <= 20:
        return value
    raise Odd


def _quick_text(value):
    # Neither NUL nor half a character can be printed.
    if type(value) is str and value.isprintable():
        return value
    raise Odd


def _quick_code(value):
    return _quick_text(value).strip() or None


def _quick_bool(value):
    if type(value) is bool:
        return value
    raise Odd


def _quick_date(value):
    return _read_date(_quick_text(value))


INT = Form(_read_int, _same, _quick_int)
ID = Form(_read_id, _same, _quick_id)  # 0 means none (docs/octopus.md §10)
DECIMAL = Form(_read_decimal, _same, _quick_decimal)
TEXT = Form(_read_text, _write_text, _quick_text)
CODE = Form(_read_code, _same, _quick_code)  # blank means none, as country "  "
BOOL = Form(_read_bool, _same, _quick_bool)
DATE = Form(_read_date, date.isoformat, _quick_date)
FILE = Form(_read_base64, _write_base64)


def timestamp(moment: datetime) -> str:
    """Return a moment as a feed wants it: UTC, milliseconds, a space
    (docs/octopus.md §3).

    :param moment: aware
    """
    naive = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return naive.isoformat(sep=" ", timespec="milliseconds")
