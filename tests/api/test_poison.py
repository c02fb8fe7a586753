"""One value that cannot be stored, read or shown costs that value, never the list
(X.74): every field of every answer, with every value that would hurt."""

import json
from dataclasses import MISSING, asdict, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from octopus_connector.api.codec import (
    BOOL,
    CODE,
    DATE,
    DECIMAL,
    FIRST_DAY,
    ID,
    INT,
    INT32_HIGHEST,
    LAST_DAY,
    REPLACEMENT,
    TEXT,
    Unreadable,
    clean,
    loads,
    noting,
)
from octopus_connector.api.errors import OctopusInvalidRequest, OctopusProtocolError
from octopus_connector.api.rest import shapes as rest_shapes
from octopus_connector.api.rest.answers import read_error
from octopus_connector.api.shape import Shape, read_rows
from octopus_connector.api.soap import mapping as soap_mapping
from octopus_connector.api.types import Relation, type_hints
from octopus_connector.api.wire import Answer
from octopus_connector.core.compare_booking import Match, compare

from .common import a_booking, client_of
from .scripted import ScriptedServer, answer

GOOD = {
    TEXT: "some text",
    CODE: "A1",
    INT: 7,
    ID: 7,
    DECIMAL: Decimal("12.50"),
    BOOL: True,
    DATE: "2026-03-01",
    soap_mapping.DAY: "2026-03-01",
}
# As an answer holds them: JSON text.
TEXTS = ['"a\\u0000b"', '"a\\ud800b"', '{"a": 1}', '["x"]', "NaN"]
NUMBERS = ["1e400", "9" * 5000, "1e99999999999999999999", '"x\\u0000"', "NaN", "-1e40"]
WHOLE = [*NUMBERS, "2147483648", "-2147483649", "1.5", "[]"]
DAYS = ['"0001-01-01"', '"9999-12-31"', '"2026-02-30"', '"\\u0000"', "5", '"-1-01"']
POISONS = {
    TEXT: TEXTS,
    CODE: TEXTS,
    INT: WHOLE,
    ID: WHOLE,
    DECIMAL: NUMBERS,
    BOOL: ['"maybe"', '"\\u0000"', "2", "[]"],
    DATE: DAYS,
    soap_mapping.DAY: DAYS,
}
SHAPES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": shape
    for module in (rest_shapes, soap_mapping)
    for name, shape in vars(module).items()
    if isinstance(shape, Shape) and shape.cls.__name__ not in ("Attachment",)
}


def put(target, path, value):
    *outer, last = path.split(".")
    for key in outer:
        target = target.setdefault(key, {})
    target[last] = value


def sample(shape):
    """A record in which every field of a shape is told."""
    source = {}
    for path, form in shape.spelling.values():
        if isinstance(form, Shape):
            put(source, path, sample(form))
        elif form in GOOD and path:
            put(source, path, GOOD[form])
        elif path.endswith("relationIdentificationServiceData") or path == "type":
            put(source, path, {"relationKey": {"id": 7}})
    return source


def leaves(shape, prefix=""):
    """Every value of a record: ``(path, form)``."""
    for path, form in shape.spelling.values():
        if isinstance(form, Shape):
            yield from leaves(form, f"{prefix}{path}." if path else prefix)
        elif form in POISONS and path:
            yield f"{prefix}{path}", form


def with_poison(shape, path, poison):
    source = sample(shape)
    put(source, path, "@@")
    text = json.dumps(source, default=float)
    return loads(text.replace('"@@"', poison).encode())


def assert_storable(value):
    """A database keeps the value, and Odoo shows it and calculates with it."""
    if is_dataclass(value):
        for name in (field.name for field in fields(value)):
            assert_storable(getattr(value, name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            assert_storable(item)
    elif isinstance(value, str):
        assert clean(value) == value
        value.encode()
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        assert abs(value) <= INT32_HIGHEST + 1
    elif isinstance(value, Decimal):
        assert value.is_finite()
        assert f"{value:.2f}"
    elif isinstance(value, date):
        assert FIRST_DAY <= value <= LAST_DAY


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_x74_a_poison_costs_its_value_and_never_the_list(shape):
    good = sample(shape)
    for path, form in leaves(shape):
        for poison in POISONS[form]:
            where = path, poison[:20]
            with noting() as flaws:
                rows = [good, with_poison(shape, path, poison), good]
                found = read_rows(shape, rows)
            assert found[0] == found[-1] == shape.decode(good), where
            assert len(found) + len(found.left_out) == 3, where
            assert_storable(found)
            assert len(flaws) == 1, where
            [flaw] = flaws
            assert flaw.record and flaw.field == path and flaw.why, where
            assert_storable([flaw.record, flaw.field, flaw.why])
            assert flaw.left_out == (len(found) == 2), where


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_x74_keys_and_money_are_never_guessed(shape):
    """What has no *not told* of its own, and every amount, spoils the record."""
    hints = type_hints(shape.cls)
    for field in fields(shape.cls):
        if field.name == "unread" or field.name not in shape.spelling:
            continue
        needed = field.default is MISSING and field.default_factory is MISSING
        optional = type(None) in get_args(hints[field.name])
        lost = field.name in shape.expendable
        if needed and not optional:
            assert not lost, field.name
        if field.name.endswith("amount") and shape.cls.__name__ != "BookingRow":
            assert not lost, field.name


def test_x74_a_byte_that_is_no_text_costs_its_value():
    [row] = read_rows(
        rest_shapes.VAT_CODE, loads(b'[{"code": "21", "description": "btw \xff"}]')
    )
    assert row.description == f"btw {REPLACEMENT}"


def test_x74_a_relation_names_what_could_not_be_read_and_is_not_sent_back():
    source = sample(rest_shapes.RELATION)
    put(source, "remarks", "a\x00b")
    put(source, "expirationDays", 10**12)
    source |= {"country": "BE", "deliveryCountry": "BE", "currencyCode": "EUR"}
    relation = rest_shapes.RELATION.decode(source)
    assert relation.unread == ("expiration_days", "remarks")
    assert Relation(**{**asdict(relation), "unread": ()}) != relation
    with ScriptedServer() as server, client_of(server.url) as client:
        with pytest.raises(OctopusInvalidRequest, match="expiration_days, remarks"):
            client.dossier(49555).upsert_relation(relation)


def test_x74_a_nested_line_spoils_its_booking():
    booking = {
        **sample(rest_shapes.BOOKING),
        "bookingLines": [sample(rest_shapes.BOOKING_LINE)] * 2,
    }
    spoilt = {**booking, "bookingLines": [{"baseAmount": Decimal("NaN")}]}
    found = read_rows(rest_shapes.BOOKING, [booking, spoilt])
    assert len(found) == 1
    [flaw] = found.left_out
    assert flaw.field == "bookingLines.[0].baseAmount"


def test_x74_a_list_that_is_not_whole_is_refused_unless_asked_for_so():
    rows = [{"code": "21"}, {"code": "a\x00"}]
    for partial in (False, True):
        with (
            ScriptedServer(answer(200, rows)) as server,
            client_of(server.url) as client,
        ):
            dossier = client.dossier(49555)
            if partial:
                found = dossier.vat_codes(partial=True)
                assert [code.code for code in found] == ["21"]
                assert found.left_out
            else:
                with pytest.raises(OctopusProtocolError) as caught:
                    dossier.vat_codes()
                assert "code" in caught.value.technical


def test_x74_a_single_document_that_cannot_be_read_is_not_missing():
    source = {**sample(rest_shapes.BOOKING), "amount": "1e400"}
    with pytest.raises(Unreadable):
        rest_shapes.BOOKING.decode(source)


def test_x74_a_comment_that_could_not_be_read_does_not_make_it_another_document():
    """X.20: a number is given up only where it is certain that another has it."""
    sent = a_booking()
    found = type(sent)(**{**_values(sent), "comment": f"{sent.comment}{REPLACEMENT}"})
    assert compare(sent, found) is Match.ALTERED


def _values(value):
    return {field.name: getattr(value, field.name) for field in fields(value)}


@pytest.mark.parametrize("code", ["1e400", "99999999999", "NaN", '"\\u0000"'])
def test_x74_an_error_with_a_code_that_is_none(code):
    body = f'{{"errorCode": {code}, "technicalInfo": "a\\u0000b"}}'.encode()
    result = read_error(Answer(400, "application/json", body))
    assert result.code is None
    assert result.technical == f"a{REPLACEMENT}b"
