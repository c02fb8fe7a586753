"""JSON as Octopus writes it (api.md §2.1)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus_sandbox.rest.codec import dumps, loads

amounts = st.decimals(min_value=-(10**11), max_value=10**11, places=2, allow_nan=False)


@given(amounts)
def test_amounts_survive_to_the_cent(amount):
    text = dumps({"amount": amount})
    assert b"." in text
    assert loads(text)["amount"] == amount


def test_doubles_have_a_decimal_and_keys_are_in_order():
    text = dumps({"b": Decimal("2400.00"), "a": 1, "c": "é"})
    assert text.decode() == '{"a":1,"b":2400.0,"c":"é"}'


def test_a_number_that_no_double_shows_is_an_error():
    with pytest.raises(ValueError):
        dumps(Decimal("12345678901234567.89"))


def test_something_else_than_json_is_an_error():
    with pytest.raises(TypeError):
        dumps({"a": object()})
    for wrong in (b"{", b'{"a": NaN}', b'{"a": Infinity}', b"\xff"):
        with pytest.raises(ValueError):
            loads(wrong)
