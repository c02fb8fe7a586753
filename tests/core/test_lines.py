"""From contributions to the lines of a booking (D.10, X.26-X.28, Z.7)."""

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from octopus_connector.core.lines import (
    LineSignsError,
    Part,
    as_read,
    booking_lines,
    fold,
    total,
)

D = Decimal
CENT = D("0.01")


def part(base, code="21", rate="0.21", account=700000, **more):
    base = D(base)
    return Part(
        base=base,
        expected_vat=base * D(rate),
        pool=code,
        vat_code=code,
        account=account,
        **more,
    )


def plain(lines):
    return [(line.account, line.vat_code, line.base, line.vat) for line in lines]


def test_d10_one_line_per_vat_code_and_account():
    parts = [
        part("33.33", comment="One"),
        part("66.67", comment="Two"),
        part("10.00", account=701000),
        part("50.00", code="06", rate="0.06"),
    ]
    lines = booking_lines(
        parts, {"21": D("23.10"), "06": D("3.00")}, unit=CENT, grouped=True
    )
    assert plain(lines) == [
        (700000, "21", D("100.00"), D("21.00")),
        (701000, "21", D("10.00"), D("2.10")),
        (700000, "06", D("50.00"), D("3.00")),
    ]
    assert [line.comment for line in lines] == [None, None, None]


def test_d10_not_grouped_keeps_one_line_per_odoo_line_with_its_label():
    parts = [part("0.05", comment="One"), part("0.05", comment="Two")]
    lines = booking_lines(parts, {"21": D("0.02")}, unit=CENT, grouped=False)
    assert plain(lines) == [
        (700000, "21", D("0.05"), D("0.01")),
        (700000, "21", D("0.05"), D("0.01")),
    ]
    assert [line.comment for line in lines] == ["One", "Two"]


def test_d11_a_cash_discount_lowers_the_base_of_its_lines():
    folded = fold([part("60"), part("40")], D("-2.00"), [D(60), D(40)], CENT)
    lines = booking_lines(folded, {"21": D("20.58")}, unit=CENT, grouped=False)
    assert plain(lines) == [
        (700000, "21", D("58.80"), D("12.35")),
        (700000, "21", D("39.20"), D("8.23")),
    ]


def test_x28_recuperation_keeps_lines_apart():
    parts = [part("100", recuperation=D(50)), part("100", recuperation=None)]
    lines = booking_lines(parts, {"21": D("42.00")}, unit=CENT, grouped=True)
    assert [line.vat_recup_percentage for line in lines] == [D(50), None]
    assert [line.vat for line in lines] == [D("21.00"), D("21.00")]


def test_x27_vat_without_a_line_is_missed_by_the_sum():
    lines = booking_lines([part("100")], {"06": D("6.00")}, unit=CENT, grouped=True)
    assert total(lines) == D("100")


def test_x28_vat_against_its_base_is_named():
    with pytest.raises(LineSignsError) as caught:
        booking_lines([part("100")], {"21": D("-1.00")}, unit=CENT, grouped=True)
    assert (caught.value.vat_code, caught.value.base, caught.value.vat) == (
        "21",
        D("100"),
        D("-1.00"),
    )


def test_z7_lines_of_nothing_are_left_out():
    lines = booking_lines(
        [part("0"), part("5"), part("-5")], {"21": D("0")}, unit=CENT, grouped=True
    )
    assert lines == ()


@st.composite
def documents(draw):
    """A random invoice or credit note: lines, and VAT rounded as Odoo may do."""
    places = draw(st.sampled_from([0, 2, 3]))
    unit = D(1).scaleb(-places)
    rates = {"21": D("0.21"), "12": D("0.12"), "06": D("0.06"), "00": D(0)}
    lines = draw(
        st.lists(
            st.tuples(
                st.integers(-(10**4), 10**7),
                st.sampled_from(sorted(rates)),
                st.sampled_from([700000, 701000, 702000]),
            ),
            min_size=1,
            max_size=15,
        )
    )
    parts = [
        part(D(amount) * unit, code, rates[code], account)
        for amount, code, account in lines
    ]
    per_line = draw(st.booleans())
    vat = {}
    for code in {code for _amount, code, _account in lines}:
        due = [item.expected_vat for item in parts if item.pool == code]
        if per_line:
            vat[code] = sum((value.quantize(unit) for value in due), D(0))
        else:
            vat[code] = sum(due, D(0)).quantize(unit)
    if draw(st.booleans()):
        # A line without VAT makes the total 0.
        rest = sum(item.base for item in parts) + sum(vat.values())
        parts.append(part(-rest, None, 0, 703000))
        vat[None] = D(0)
    return unit, parts, vat, draw(st.booleans())


@given(documents())
def test_z7_random_documents_keep_every_sum(document):
    """Σ(base + VAT) is the document, each code has Odoo's VAT, signs agree."""
    unit, parts, vat, grouped = document
    try:
        lines = booking_lines(parts, vat, unit=unit, grouped=grouped)
    except LineSignsError as error:
        bases = [item.base for item in parts if item.vat_code == error.vat_code]
        assert error.vat
        # Only lines that all but cancel out leave a cent of VAT without a place.
        assert abs(sum(bases)) < len(bases) * 10 * unit or error.vat * sum(bases) <= 0
        return
    assert total(lines) == sum(item.base for item in parts) + sum(vat.values())
    for code, amount in vat.items():
        mine = [line for line in lines if line.vat_code == code]
        assert sum(line.vat for line in mine) == amount
        assert sum(line.base for line in mine) == sum(
            item.base for item in parts if item.vat_code == code
        )
    assert all(line.base * line.vat >= 0 for line in lines)


def test_x28_lines_of_a_credit_note_of_zero_are_turned():
    parts = [part("100.00"), part("-121.00", "00", 0, 700100)]
    vat = {"21": D("21.00"), "00": D(0)}
    lines = booking_lines(parts, vat, unit=CENT, grouped=True)
    assert plain(as_read(lines, D(0), True)) == [
        (700000, "21", D("-100.00"), D("-21.00")),
        (700100, "00", D("121.00"), D("0.00")),
    ]
    assert as_read(lines, D(0), False) == lines
    assert as_read(lines, D("0.01"), True) == lines


@given(documents(), st.booleans())
def test_x28_octopus_reads_what_odoo_booked_by_the_header_alone(document, refund):
    """On an account, what Octopus books by the sign of the header is what Odoo did by
    the kind of document."""
    unit, parts, vat, grouped = document
    total_ = sum(item.base for item in parts) + sum(vat.values())
    assume(total_ >= 0)  # no document of Odoo has a negative total
    try:
        lines = booking_lines(parts, vat, unit=unit, grouped=grouped)
    except LineSignsError:
        assume(False)
    header = -total_ if refund else total_
    read_as = -1 if header < 0 else 1
    there = defaultdict(D)
    for line in as_read(lines, total_, refund):
        there[line.account, line.vat_code] += read_as * line.base
    here = defaultdict(D)
    for item in parts:
        here[item.account, item.vat_code] += item.base * (-1 if refund else 1)
    assert {key: it for key, it in there.items() if it} == {
        key: it for key, it in here.items() if it
    }
