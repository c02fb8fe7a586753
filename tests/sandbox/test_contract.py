"""Our description of the contract against the published one (issue 2 §2)."""

import json
from pathlib import Path

import pytest

from octopus_sandbox.contract import OPERATIONS
from octopus_sandbox.contract.types import FIELDS, INT32, is_required, to_schema
from octopus_sandbox.rest.handlers import HANDLERS

PUBLISHED = Path(__file__).parents[2].parent / "shared" / "octopus" / "openapi.json"
needs_published = pytest.mark.skipif(
    not PUBLISHED.exists(), reason="the published contract is not beside the project"
)


@pytest.fixture(scope="module")
def published():
    return json.loads(PUBLISHED.read_text(encoding="utf-8"))


def _published_operation(published, operation):
    return published["paths"][operation.full_path][operation.method.lower()]


def _published_type(schema):
    """A published schema in our own JSON Schema, descriptions left out."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"].replace("#/components/schemas", "#/definitions")}
    if schema["type"] == "array":
        return {"type": "array", "items": _published_type(schema["items"])}
    if schema["type"] == "integer":
        low, high = schema.get("minimum", -INT32), schema.get("maximum", INT32 - 1)
        return {"type": "integer", "minimum": low, "maximum": high}
    kept = ("type", "enum", "format") if schema["type"] == "string" else ("type",)
    return {name: schema[name] for name in kept if name in schema}


def test_every_operation_has_a_handler():
    assert {operation.id for operation in OPERATIONS} == set(HANDLERS)


@needs_published
def test_operations_are_published_under_the_same_name(published):
    for operation in OPERATIONS:
        found = _published_operation(published, operation)
        assert found["operationId"] == operation.id


@needs_published
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_parameters_are_the_published_ones(published, operation):
    ours = {
        (place, name): (to_schema(kind), place == "path" or is_required(kind))
        for place, kinds in (
            ("path", operation.path_parameters),
            ("query", operation.query),
            ("header", operation.header_parameters),
        )
        for name, kind in kinds.items()
    }
    theirs = {
        (p["in"], p["name"]): (_published_type(p["schema"]), p["required"])
        for p in _published_operation(published, operation)["parameters"]
    }
    assert ours == theirs


@needs_published
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_bodies_and_answers_are_the_published_ones(published, operation):
    found = _published_operation(published, operation)
    body = found.get("requestBody")
    content = body and body["content"]["application/json"]["schema"]
    assert (operation.body and to_schema(operation.body)) == (
        content and _published_type(content)
    )
    theirs = {}
    for status, answer in found["responses"].items():
        kinds = answer.get("content")
        schema = next(iter(kinds.values()))["schema"] if kinds else None
        theirs[int(status)] = schema and _published_type(schema)
    ours = {
        status: kind and ({"type": "string"} if kind == "text" else to_schema(kind))
        for status, kind in operation.answers.items()
    }
    ours |= {status: to_schema("ErrorResult") for status in operation.errors}
    assert ours == theirs


@needs_published
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_daily_limits_are_the_published_ones(published, operation):
    theirs = _published_operation(published, operation).get("x-max-calls-per-day")
    if operation.daily_limit_filtered:
        words = (
            f"{operation.daily_limit} without / "
            f"{operation.daily_limit_filtered} with search parameters"
        )
        assert words == theirs
    else:
        assert str(operation.daily_limit or "") == (theirs or "")


@needs_published
@pytest.mark.parametrize("name", sorted(FIELDS))
def test_objects_are_the_published_ones(published, name):
    theirs = published["components"]["schemas"][name]
    ours = {field: to_schema(kind) for field, kind in FIELDS[name].items()}
    assert ours == {
        field: _published_type(schema)
        for field, schema in theirs.get("properties", {}).items()
    }
    required = {field for field, kind in FIELDS[name].items() if is_required(kind)}
    assert required == set(theirs.get("required", ()))
