"""From the notation of :mod:`.schemas` to JSON Schema."""

import re

from .schemas import KEYS, OBJECTS

INT32 = 2**31
_TYPE = re.compile(r"^(?P<name>\w+)(\((?P<limits>[^)]*)\))?$")
_SCALARS = {
    "int": {"type": "integer", "minimum": -INT32, "maximum": INT32 - 1},
    "num": {"type": "number"},
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "bytes": {"type": "string", "format": "byte"},
}


def is_required(notation):
    """Whether a type of the notation is marked as required."""
    return notation.endswith("!")


def to_schema(notation):
    """JSON Schema of one type of the notation, e.g. ``[BookyearKey]!``."""
    notation = notation.rstrip("!")
    if notation.startswith("["):
        return {"type": "array", "items": to_schema(notation[1:-1])}
    match = _TYPE.match(notation)
    name, limits = match["name"], match["limits"]
    if name not in _SCALARS:
        return {"$ref": f"#/definitions/{name}"}
    return _SCALARS[name] | _limits(name, limits)


def _limits(name, limits):
    if not limits:
        return {}
    if name == "str":
        return {"enum": limits.split("|")}
    low, _dots, high = limits.partition("..")
    bounds = {"minimum": low, "maximum": high}
    return {key: int(value) for key, value in bounds.items() if value}


def parse_objects():
    """``{object: {field: type}}`` of the whole contract."""
    objects = {name: {"id": "int!"} for name in KEYS}
    for line in OBJECTS.strip().splitlines():
        if not line.startswith(" "):
            fields = objects.setdefault(line.strip(), {})
            continue
        fields.update(word.split(":", 1) for word in line.split())
    return objects


def object_schema(fields):
    """JSON Schema of an object; unknown fields are refused."""
    return {
        "type": "object",
        "properties": {name: to_schema(kind) for name, kind in fields.items()},
        "required": [name for name, kind in fields.items() if is_required(kind)],
        "additionalProperties": False,
    }


FIELDS = parse_objects()
DEFINITIONS = {name: object_schema(fields) for name, fields in FIELDS.items()}
