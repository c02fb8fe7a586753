"""Checks requests and answers against the contract."""

import base64
import binascii
import datetime
import functools
import re

import fastjsonschema

from .types import DEFINITIONS, is_required, to_schema

_TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$")
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")


class ContractViolation(Exception):
    """Something does not keep to the contract.

    ``where`` is the place (a parameter or the path of a field); ``is_format`` tells a
    malformed date from a wrong field.
    """

    def __init__(self, where, message, is_format=False):
        super().__init__(f"{where}: {message}")
        self.where = where
        self.is_format = is_format


def _is_date(text):
    return bool(_DATE.match(text)) and _parses(datetime.date.fromisoformat, text)


def _is_datetime(text):
    return _parses(datetime.datetime.fromisoformat, text.replace("Z", "+00:00"))


def _is_base64(text):
    return _parses(functools.partial(base64.b64decode, validate=True), text)


def _parses(parser, text):
    try:
        parser(text)
    except (ValueError, binascii.Error):
        return False
    return True


_FORMATS = {"date": _is_date, "date-time": _is_datetime, "byte": _is_base64}


@functools.cache
def _validator(notation):
    schema = {"definitions": DEFINITIONS} | to_schema(notation)
    if "$ref" in schema:
        schema = {"definitions": DEFINITIONS, "allOf": [to_schema(notation)]}
    return fastjsonschema.compile(
        schema, formats=_FORMATS, use_default=False, use_formats=True
    )


def check_body(notation, body):
    """Raise :class:`ContractViolation` unless ``body`` is of the given type."""
    try:
        _validator(notation)(body)
    except fastjsonschema.JsonSchemaValueException as error:
        is_format = error.rule == "format"
        raise ContractViolation(error.name, error.message, is_format) from error


def read_parameters(kinds, given, where, strict=True):
    """Typed values of the parameters ``given`` (texts), by name.

    ``kinds`` maps the names to their types; with ``strict`` a name that the contract
    does not know is a violation. Raises :class:`ContractViolation`.
    """
    if strict:
        for name in given:
            if name not in kinds:
                raise ContractViolation(f"{where} {name}", "unknown parameter")
    values = {}
    for name, kind in kinds.items():
        if name in given:
            values[name] = _read_parameter(f"{where} {name}", kind, given[name])
        elif is_required(kind):
            raise ContractViolation(f"{where} {name}", "missing parameter")
    return values


def _read_parameter(where, kind, text):
    if not kind.startswith("int"):
        return text
    try:
        value = int(text)
        check_body(kind, value)
    except (ValueError, ContractViolation) as error:
        raise ContractViolation(where, f"not a whole number: {text}") from error
    return value


def read_timestamp(where, text):
    """Naive datetime of a ``modifiedTimeStamp`` (docs/octopus.md §3)."""
    if not _TIMESTAMP.match(text):
        raise ContractViolation(where, "not yyyy-MM-dd HH:mm:ss.SSS")
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")
    except ValueError as error:
        raise ContractViolation(where, "not an existing moment") from error
