"""Cost centres share lines to the cent and change nothing else (Z.21)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octopus_connector.core.cost_centres import (
    SharesError,
    of_plan,
    split,
    with_rest,
)
from octopus_connector.core.lines import Part, booking_lines, total

D = Decimal
CENT = D("0.01")


def test_z21_a_key_gives_its_percentage_to_each_plan():
    distribution = {"1,5": 40.0, "2,5": 25.5, "6": 34.5}
    assert of_plan(distribution, {1, 2, 3}) == {1: D("40.0"), 2: D("25.5")}
    assert of_plan(distribution, {5, 6}) == {5: D("65.5"), 6: D("34.5")}
    assert of_plan(distribution, {9}) == {}
    assert of_plan(None, {1}) == {} == of_plan({"x": 1.0, "": 2.0, "1": 0.0}, {1})


def test_z21_what_nobody_gave_has_no_cost_centre():
    assert with_rest({7: D(60)}, 2) == {7: D(60), None: D(40)}
    assert with_rest({7: D(60), None: D(10)}, 2) == {7: D(60), None: D(40)}
    assert with_rest({7: D(100)}, 2) == {7: D(100)}


def test_z21_three_rounded_thirds_are_all_of_it():
    thirds = dict.fromkeys((1, 2, 3), D("33.33"))
    assert with_rest(thirds, 2) == thirds
    assert [it.base for it in split(D("100.00"), D(21), thirds, CENT)] == [
        D("33.34"),
        D("33.33"),
        D("33.33"),
    ]
    sixths = dict.fromkeys(range(6), D("16.67"))
    assert with_rest(sixths, 2) == sixths


@pytest.mark.parametrize(
    ("shares", "total_"),
    [
        ({1: D(60), 2: D("40.02")}, D("100.02")),
        ({1: D(150)}, D(150)),
        ({1: D(150), 2: D(-50)}, D(100)),
    ],
)
def test_z21_more_than_all_of_it_or_less_than_nothing_is_refused(shares, total_):
    with pytest.raises(SharesError) as told:
        with_rest(shares, 2)
    assert told.value.total == total_


def part(base, code="21", rate="0.21", account=700000, shares=None, **more):
    base = D(base)
    due = base * D(rate)
    costs = split(base, due, with_rest(shares, 2), CENT) if shares else ()
    return Part(
        base=base,
        expected_vat=due,
        pool=code,
        vat_code=code,
        account=account,
        costs=costs,
        **more,
    )


def plain(lines):
    return [(it.cost_centre_id, it.account, it.base, it.vat) for it in lines]


def test_z21_a_line_of_two_cost_centres_is_two_lines():
    parts = [part("100.01", shares={1: D(50), 2: D(50)}, comment="Rent")]
    lines = booking_lines(parts, {"21": D("21.00")}, unit=CENT, grouped=False)
    assert plain(lines) == [
        (1, 700000, D("50.01"), D("10.50")),
        (2, 700000, D("50.00"), D("10.50")),
    ]
    assert [line.comment for line in lines] == ["Rent", "Rent"]


def test_z21_grouped_lines_keep_cost_centres_apart():
    parts = [
        part("10.00", shares={1: D(100)}),
        part("20.00", shares={2: D(100)}),
        part("30.00", shares={1: D(50)}),
        part("40.00"),
    ]
    lines = booking_lines(parts, {"21": D("21.00")}, unit=CENT, grouped=True)
    assert plain(lines) == [
        (1, 700000, D("25.00"), D("5.25")),
        (2, 700000, D("20.00"), D("4.20")),
        (None, 700000, D("55.00"), D("11.55")),
    ]


def test_z21_cost_centres_that_cancel_within_a_group_stay():
    parts = [part("100.00", shares={1: D(100)}), part("-100.00", shares={2: D(100)})]
    lines = booking_lines(parts, {"21": D(0)}, unit=CENT, grouped=True)
    assert plain(lines) == [
        (1, 700000, D("100.00"), D("21.00")),
        (2, 700000, D("-100.00"), D("-21.00")),
    ]


def test_z21_shares_that_are_not_the_base_are_never_booked():
    wrong = part("10.00", shares={1: D(100)})
    parts = [Part(base=D("11.00"), costs=wrong.costs)]
    with pytest.raises(ValueError, match="take"):
        booking_lines(parts, {}, unit=CENT, grouped=True)


rates = st.sampled_from([("21", "0.21"), ("06", "0.06"), ("00", "0")])
# Percentages as people and Odoo write them, never more than all of it.
percents = st.lists(st.integers(1, 10_000), max_size=5).filter(
    lambda it: sum(it) <= 10_000
)


@st.composite
def documents(draw):
    """Parts without cost centres, and the same parts with some."""
    bare, shared = [], []
    for _each in range(draw(st.integers(1, 6))):
        code, rate = draw(rates)
        base = D(draw(st.integers(-(10**7), 10**7))).scaleb(-2)
        account = draw(st.sampled_from([700000, 701000]))
        centres = draw(st.permutations(range(1, 7)))
        shares = {
            centre: D(percent).scaleb(-2)
            for centre, percent in zip(centres, draw(percents), strict=False)
        }
        bare.append(part(base, code, rate, account))
        shared.append(part(base, code, rate, account, shares))
    return bare, shared


def _sums(lines):
    """Base and VAT by account and code; Odoo's VAT is what the lines are due."""
    sums = {}
    for line in lines:
        key = line.account, line.vat_code
        base, vat = sums.get(key, (D(0), D(0)))
        sums[key] = base + line.base, vat + line.vat
    return {key: value for key, value in sums.items() if any(value)}


@given(documents(), st.booleans())
def test_z21_cost_centres_change_neither_base_nor_vat_of_any_account(pair, grouped):
    bare, shared = pair
    vat = {}
    for it in bare:
        vat[it.pool] = vat.get(it.pool, D(0)) + it.expected_vat
    vat = {pool: amount.quantize(CENT) for pool, amount in vat.items()}
    without = booking_lines(bare, vat, unit=CENT, grouped=grouped)
    lines = booking_lines(shared, vat, unit=CENT, grouped=grouped)
    assert _sums(lines) == _sums(without)
    assert total(lines) == total(without)
    for line in lines:
        assert line.base * line.vat >= 0
        assert {line.base % CENT, line.vat % CENT} == {D(0)}
    if not grouped:
        _assert_shares(shared, lines)


def _assert_shares(parts, lines):
    """Each cost centre has what the parts give it, to the cent."""
    given, booked = {}, {}
    for share in (it for part_ in parts for it in part_.costs):
        given[share.centre] = given.get(share.centre, D(0)) + share.base
    for line in lines:
        if line.cost_centre_id:
            seen = booked.get(line.cost_centre_id, D(0))
            booked[line.cost_centre_id] = seen + line.base
    given.pop(None, None)
    assert {key: it for key, it in given.items() if it} == {
        key: it for key, it in booked.items() if it
    }


@given(percents, st.integers(-(10**9), 10**9), st.sampled_from(["1", "0.01", "0.001"]))
def test_z21_shares_add_up_and_are_within_a_unit_of_the_percentage(given_, units, unit):
    unit = D(unit)
    base = units * unit
    shares = {number: D(it).scaleb(-2) for number, it in enumerate(given_, 1)}
    if not shares:
        return
    told = with_rest(shares, 2)
    parts = split(base, D(0), told, unit)
    assert sum((it.base for it in parts), D(0)) == base
    whole = sum(told.values())
    for it in parts:
        assert abs(it.base - base * told[it.centre] / whole) < unit
