"""Strictness towards Octopus: what we send is checked before any call.

The annotations in ``types.py`` are the rules; here is how each is checked. Whatever is
wrong raises :class:`~.errors.OctopusInvalidRequest` that names the field, so that a
person can mend it: a float, a bool for a number, NaN, a third decimal, a naive moment,
a control character.
"""

from __future__ import annotations

import re
import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Context, Decimal
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from .errors import OctopusInvalidRequest
from .new_books import NewBookyear, NewJournal
from .types import (
    Attachment,
    BalancingKey,
    Booking,
    DocumentNumber,
    FinancialBooking,
    FinancialLine,
    JournalCode,
    Money,
    Relation,
    RelationRef,
    type_hints,
)

INT32_LOWEST, INT32_HIGHEST = -(2**31), 2**31 - 1
# A double, which Octopus keeps amounts in, holds 15 digits exactly.
AMOUNT_LIMIT = Decimal(10) ** 12
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_EXACT = Context(prec=60)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_JOURNAL = re.compile(r"[A-Z][0-9]{1,9}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MADE = re.compile(r"[AVF][0-9]{1,9}")
# The ledger accounts that a financial journal may have.
_BANK_ACCOUNTS = range(500000, 600000)
_PERIODS = re.compile("MONTH|QUARTER|YEAR")
_DECLARANT = re.compile("UNKNOWN|MONTHLY|QUARTERLY|YEARLY")
_COUNTRY = re.compile(r"[A-Z]{2}")

# The arguments of the client's methods, by name.
ARGUMENTS: dict[str, Any] = {
    "amount": Money,
    "attachment": Attachment,
    "attachments": tuple[Attachment, ...],
    "booking": Booking,
    "bookyear_id": int,
    "code": int,
    "credit": BalancingKey,
    "debit": BalancingKey,
    "dossier_id": int,
    "external_id": int,
    "financial_booking": FinancialBooking,
    "from_bookyear": int,
    "from_period": int,
    "journal": JournalCode,
    "journal_type": int,
    "key": BalancingKey,
    "locale": int,
    "name": str,
    "new_bookyear": NewBookyear,
    "new_journal": NewJournal,
    "number": DocumentNumber,
    "only_journal": JournalCode | None,
    "only_relation": int | None,
    "relation": Relation,
    "relation_id": int,
    "since": datetime,
    "to_bookyear": int,
    "to_period": int,
    "until": datetime | None,
    "vat_number": str,
}


def check_arguments(operation: str, arguments: dict[str, Any]) -> None:
    """Check the arguments of an operation.

    :raises OctopusInvalidRequest: naming the field that is wrong
    """
    try:
        for name, value in arguments.items():
            _check(value, ARGUMENTS[name], name, decimals=2)
        _check_amount(arguments)
    except _Wrong as wrong:
        raise OctopusInvalidRequest(str(wrong), operation=operation) from None


class _Wrong(Exception):
    """What is wrong, for :func:`check_arguments` to raise under its operation."""


def _check_amount(arguments):
    if arguments.get("amount", 1) <= 0:
        raise _Wrong("amount: a match needs a positive amount")


def _check(value, annotation, path, *, decimals):
    origin = get_origin(annotation)
    if origin is Annotated:
        base, marker = get_args(annotation)
        _check(value, base, path, decimals=decimals)
        if marker == "money":
            _check_money(value, path, decimals)
        else:
            _MARKERS[marker](value, path)
    elif origin in (Union, types.UnionType):
        if value is not None:
            (base,) = (arg for arg in get_args(annotation) if arg is not type(None))
            _check(value, base, path, decimals=decimals)
    elif origin is tuple:
        _check_type(value, tuple, path)
        for index, item in enumerate(value):
            _check(item, get_args(annotation)[0], f"{path}[{index}]", decimals=decimals)
    elif is_dataclass(annotation):
        _check_type(value, annotation, path)
        _check_fields(value, path, decimals)
    else:
        _check_type(value, annotation, path)
        if annotation in _SCALARS:
            _SCALARS[annotation](value, path)


def _check_type(value, wanted, path):
    # bool is an int and datetime is a date in Python; neither is one for Octopus.
    impostor = {int: bool, date: datetime}.get(wanted, ())
    if not isinstance(value, wanted) or (impostor and isinstance(value, impostor)):
        found = "nothing" if value is None else f"a {type(value).__name__}"
        raise _Wrong(f"{path}: {found} where a {wanted.__name__} is needed")


@cache
def _rules(cls):
    hints = type_hints(cls)
    return [(f.name, hints[f.name], "to_send" in f.metadata) for f in fields(cls)]


def _check_fields(value, path, decimals):
    if getattr(value, "currency", None) in THREE_DECIMALS:
        decimals = 3
    for name, annotation, to_send in _rules(type(value)):
        item = getattr(value, name)
        if to_send and item is None:
            raise _Wrong(f"{path}.{name}: nothing where a value is needed")
        _check(item, annotation, f"{path}.{name}", decimals=decimals)
    if type(value) in _WHOLES:
        _WHOLES[type(value)](value, path)


# Scalars


def _check_int(value, path):
    if not INT32_LOWEST <= value <= INT32_HIGHEST:
        raise _Wrong(f"{path}: {value} does not fit in 32 bits")


def _check_decimal(value, path):
    if not value.is_finite():
        raise _Wrong(f"{path}: {value} is not a number")


def _check_str(value, path):
    if _CONTROL.search(value):
        raise _Wrong(f"{path}: the text holds a control character")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise _Wrong(f"{path}: the text holds half a character")


def _check_datetime(value, path):
    if value.utcoffset() is None:
        raise _Wrong(f"{path}: the moment {value} has no time zone")


_SCALARS = {
    int: _check_int,
    Decimal: _check_decimal,
    str: _check_str,
    datetime: _check_datetime,
}


# Markers of types.py


def _check_money(value, path, decimals):
    if abs(value) >= AMOUNT_LIMIT:
        raise _Wrong(f"{path}: {value} is too large an amount")
    if _EXACT.remainder(value, Decimal(1).scaleb(-decimals)):
        raise _Wrong(f"{path}: {value} has more than {decimals} decimals")


def _check_rate(value, path):
    if value <= 0:
        raise _Wrong(f"{path}: {value} is not a positive rate")


def _check_percentage(value, path):
    if not 0 <= value <= 100:
        raise _Wrong(f"{path}: {value} is not between 0 and 100")


def _check_number(value, path):
    if value < 1:
        raise _Wrong(f"{path}: document numbers start at 1, not at {value}")


def _check_file_name(value, path):
    if not value.strip() or any(char in value for char in "/\\\t\r\n"):
        raise _Wrong(f"{path}: {value!r} is not a file name")


def _pattern(regex, what):
    def check(value, path):
        if not regex.fullmatch(value):
            raise _Wrong(f"{path}: {value!r} is not {what}")

    return check


_MARKERS = {
    "rate": _check_rate,
    "percentage": _check_percentage,
    "number": _check_number,
    "file_name": _check_file_name,
    "period_kind": _pattern(_PERIODS, "MONTH, QUARTER or YEAR"),
    "declarant": _pattern(_DECLARANT, "a way to declare VAT"),
    "made_journal": _pattern(_MADE, "the key of a journal that can be made"),
    "journal": _pattern(_JOURNAL, "a journal key such as V1"),
    "currency": _pattern(_CURRENCY, "a currency code such as EUR"),
    "country": _pattern(_COUNTRY, "a country code such as BE"),
}


# Rules over several fields


def _check_ref(value, path):
    if value.id is None and value.external_id is None:
        raise _Wrong(f"{path}: a relation is named by its id or its external id")


def _check_relation(value, path):
    if value.id is None and value.external_id is None and not value.name:
        raise _Wrong(f"{path}: a relation needs an id, an external id or a name")
    if value.unread:
        names = ", ".join(value.unread)
        raise _Wrong(f"{path}: Octopus has values that cannot be read ({names})")


def _check_financial_line(value, path):
    if value.type not in ("A", "C", "S"):
        raise _Wrong(f"{path}.type: {value.type!r} is not A, C or S")
    counterpart = "account" if value.type == "A" else "relation"
    if getattr(value, counterpart) is None:
        raise _Wrong(f"{path}: a line of type {value.type} needs its {counterpart}")


def _check_new_bookyear(value, path):
    if value.end < value.start:
        raise _Wrong(f"{path}: it ends on {value.end}, before it starts")


def _check_new_journal(value, path):
    if value.journal[0] == "F" and value.account not in _BANK_ACCOUNTS:
        raise _Wrong(f"{path}.account: {value.account} is no account of a bank")


def _check_attachment(value, path):
    if not value.content:
        raise _Wrong(f"{path}.content: the file {value.name!r} is empty")


_WHOLES = {
    RelationRef: _check_ref,
    Relation: _check_relation,
    FinancialLine: _check_financial_line,
    Attachment: _check_attachment,
    NewBookyear: _check_new_bookyear,
    NewJournal: _check_new_journal,
}
