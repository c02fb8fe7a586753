"""Our spelling and limits against the published contract, where it is at hand.

Skipped by name where ``../shared/octopus/openapi.json`` is absent.
"""

import json
import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from octopus_connector.api import (
    Attachment,
    BalancingKey,
    BookingLine,
    FinancialLine,
    Relation,
    RelationRef,
    daily_limit,
)
from octopus_connector.api.codec import dumps, loads
from octopus_connector.api.new_books import NewBookyear, NewJournal
from octopus_connector.api.operations import OPERATIONS, Scope, WhenMissing
from octopus_connector.api.quota import DAILY_LIMITS, counter
from octopus_connector.api.rest.mapping import SPELLINGS
from octopus_connector.api.types import type_hints

from .common import SINCE, a_booking, a_receipt

CONTRACT = Path(__file__).parents[3] / "shared" / "octopus" / "openapi.json"
needs_contract = pytest.mark.skipif(
    not CONTRACT.exists(), reason="the published contract is not at hand"
)


def full(cls, **given):
    """A value of ``cls`` with every field filled."""
    samples = {
        int: 1, str: "BE", bool: True, date: date(2026, 1, 1), Decimal: Decimal("1.10"),
    }  # fmt: skip
    values = {}
    for field in fields(cls):
        hint = str(type_hints(cls)[field.name])
        fitting = (kind for kind in samples if re.search(rf"\b{kind.__name__}\b", hint))
        values[field.name] = given.get(field.name, samples.get(next(fitting, None)))
    return cls(**values)


REF = RelationRef(id=1, external_id=2)
KEY = BalancingKey(bookyear_id=1, journal="V1", number=1)
BOOKING = a_booking(
    relation=REF,
    lines=(full(BookingLine),),
    order_reference="S1",
    payment_method=1,
)
RECEIPT = a_receipt(lines=(full(FinancialLine, relation=REF, type="A"),))
FILE = Attachment(name="a.pdf", content=b"x")
ARGUMENTS = {
    "software_house": "s", "user": "u", "password": "p", "dossier_id": 1, "locale": 1,
    "code": -13, "bookyear_id": 1, "journal": "V1", "only_journal": "V1", "number": 1,
    "journal_type": 1, "since": SINCE, "until": SINCE, "relation_id": 1, "name": "n",
    "external_id": 2, "vat_number": "BE", "relation": full(Relation),
    "booking": BOOKING, "financial_booking": RECEIPT,
    "attachments": (FILE,), "attachment": FILE,
    "debit": KEY, "credit": KEY, "key": KEY, "amount": Decimal("1.00"),
    "from_bookyear": 1, "from_period": 1, "to_bookyear": 1, "to_period": 1,
    "only_relation": None,
    "new_bookyear": NewBookyear(
        name="2030", start=date(2030, 1, 1), end=date(2030, 12, 31)
    ),
    "new_journal": NewJournal(bookyear_id=1, journal="V3", name="n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def contract():
    return json.loads(CONTRACT.read_text())


def described(contract, name):
    """The contract's description of an operation, and its path parameters."""
    spelling = SPELLINGS[name]
    path = spelling.path(ARGUMENTS) if callable(spelling.path) else spelling.path
    if OPERATIONS[name].scope is Scope.DOSSIER:
        path = f"/dossiers/5{path}"
    for template, methods in contract["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", r"\\w+", template), path):
            if spelling.method.lower() in methods and "{journalKey}" not in template:
                return methods[spelling.method.lower()]
    raise AssertionError(f"{spelling.method} {path} is not in the contract")


@needs_contract
@pytest.mark.parametrize("name", SPELLINGS)
def test_parameters(contract, name):
    """No parameter that the contract does not know, none of its own missing."""
    spelling = SPELLINGS[name]
    known = {
        (parameter["in"], parameter["name"]): parameter.get("required", False)
        for parameter in described(contract, name).get("parameters", [])
        if parameter["in"] != "path"
        and parameter["name"] not in ("Token", "dossierToken")
    }
    ours = {("query", wire_name) for wire_name in spelling.query}
    ours |= {("header", wire_name) for wire_name in spelling.headers}
    assert ours <= known.keys()
    assert {key for key, required in known.items() if required} <= ours


@needs_contract
@pytest.mark.parametrize("name", [n for n in SPELLINGS if SPELLINGS[n].body])
def test_body(contract, name):
    """Every field we can send is a field of the contract, of the right type."""
    given = dict(ARGUMENTS)
    if name == "delete_balancing":
        del given["amount"]
    body = loads(dumps(SPELLINGS[name].body(given)))
    content = described(contract, name)["requestBody"]["content"]
    check(contract, content["application/json"]["schema"], body, name)


@needs_contract
@pytest.mark.parametrize("name", OPERATIONS)
def test_token_header(contract, name):
    wanted = {Scope.NOTHING: None, Scope.LOGIN: "Token", Scope.DOSSIER: "dossierToken"}
    names = {p["name"] for p in described(contract, name).get("parameters", [])}
    assert names & {"Token", "dossierToken"} == {wanted[OPERATIONS[name].scope]} - {
        None
    }


@needs_contract
@pytest.mark.parametrize("name", OPERATIONS)
def test_daily_limit(contract, name):
    """api.md §2.3, Calls/day"""
    told = described(contract, name).get("x-max-calls-per-day")
    ours = daily_limit(counter(name, "V1"))
    if name in ("relations", "find_relations"):
        assert ours == {"relations": 2, "find_relations": 400}[name]
        assert str(ours) in told
    else:
        assert (str(ours) if ours else None) == told


@needs_contract
@pytest.mark.parametrize("name", OPERATIONS)
def test_not_found_is_empty_only_where_the_contract_says_so(contract, name):
    """X.46: what has no 404 in the contract does not turn one into *nothing*."""
    operation = OPERATIONS[name]
    nothing = (WhenMissing.EMPTY, WhenMissing.UNCHANGED, WhenMissing.NONE)
    stated = "404" in described(contract, name)["responses"]
    unstated = {"dossiers", "journals_modified", "currencies"}
    if operation.when_missing in nothing:
        assert stated or name in unstated


@needs_contract
@pytest.mark.parametrize("name", OPERATIONS)
def test_403_on_a_journal_is_known(contract, name):
    """X.4"""
    answers = described(contract, name)["responses"]
    told = "Journal" in answers.get("403", {}).get("description", "")
    assert OPERATIONS[name].books == told


def check(contract, schema, value, where):
    """A strict little check of ``value`` against a schema of the contract."""
    if "$ref" in schema:
        schema = contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kind = schema.get("type")
    if kind == "object":
        properties = schema["properties"]
        assert set(value) <= set(properties), where
        assert set(schema.get("required", ())) <= set(value), where
        for key, item in value.items():
            check(contract, properties[key], item, f"{where}.{key}")
    elif kind == "array":
        for item in value:
            check(contract, schema["items"], item, f"{where}[]")
    else:
        types = {"integer": int, "number": (Decimal, int), "string": str,
                 "boolean": bool}  # fmt: skip
        assert isinstance(value, types[kind]), where
        assert isinstance(value, bool) == (kind == "boolean"), where


def test_every_operation_is_spelled():
    assert set(OPERATIONS) == set(SPELLINGS)


def test_every_limit_belongs_to_an_operation():
    assert {name.partition("/")[0] for name in DAILY_LIMITS} <= set(OPERATIONS)


def test_journal_details_are_counted_by_type():
    """Each journal type is an operation of its own in the contract."""
    assert counter("journal_detail", "V1") == "journal_detail/V"
    assert counter("booking", "V1") == "booking"
    assert daily_limit("journal_detail/V") == 24
    assert daily_limit("authenticate") is None
