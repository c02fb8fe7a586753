"""The mark of a document (X.29)."""

from datetime import date
from decimal import Decimal

import pytest

from octopus_connector.core.fingerprint import fingerprint, same, with_parts

FACTS = {"amount": Decimal("121.00"), "date": date(2026, 3, 1), "lines": [[1, "21"]]}


def test_x29_the_same_facts_give_the_same_mark():
    again = {"lines": [[1, "21"]], "date": date(2026, 3, 1), "amount": Decimal("121")}
    assert fingerprint(FACTS) == fingerprint(again)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal("121.01")},
        {"amount": Decimal("-121.00")},
        {"date": date(2026, 3, 2)},
        {"lines": [[1, "06"]]},
    ],
)
def test_x29_another_fact_gives_another_mark(change):
    assert fingerprint(FACTS) != fingerprint(FACTS | change)


def test_x29_a_value_without_an_exact_form_is_refused():
    with pytest.raises(TypeError):
        fingerprint({"amount": object()})


def test_z21_facts_that_only_one_mark_looks_at_are_no_change():
    mark = fingerprint(FACTS)
    one = with_parts(mark, {"plan1": {"7": Decimal(40)}})
    assert same(mark, mark)
    assert same(mark, one)
    assert same(one, mark)
    assert same(one, with_parts(mark, {"plan1": {"7": Decimal("40.0")}}))
    assert not same(one, with_parts(mark, {"plan1": {"7": Decimal(41)}}))
    assert not same(one, with_parts(mark, {"plan1": {}}))
    assert same(one, with_parts(mark, {"plan2": {}}))
    assert not same(one, fingerprint(FACTS | {"amount": Decimal(1)}))
    assert not same(None, mark)
    assert not same(mark, "")
