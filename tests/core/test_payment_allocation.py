"""Which matches a payment needs, and which it has too many of (H.1, H.2)."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus_connector.core.payment_allocation import (
    OverAllocated,
    Pair,
    PaymentLine,
    difference,
)


def money(text):
    return Decimal(text)


def test_h1_one_receipt_over_two_invoices_takes_its_two_lines():
    slots = [PaymentLine(1, 0, money("321"), 7), PaymentLine(2, 0, money("279"), 8)]
    wanted = {(0, 7): money("321"), (0, 8): money("279")}
    assert difference(slots, wanted, {}) == (
        [],
        {Pair(1, 7): money("321"), Pair(2, 8): money("279")},
    )


def test_h1_nothing_is_done_twice():
    slots = [PaymentLine(1, 0, money("321"), 7)]
    wanted = {(0, 7): money("321")}
    assert difference(slots, wanted, {Pair(1, 7): money("321")}) == ([], {})


def test_h2_what_is_no_longer_reconciled_is_taken_back():
    slots = [PaymentLine(1, 0, money("100"), 7)]
    assert difference(slots, {}, {Pair(1, 7): money("100")}) == ([Pair(1, 7)], {})


def test_h2_a_smaller_match_is_made_anew():
    slots = [PaymentLine(1, 0, money("100"), 7)]
    assert difference(slots, {(0, 7): money("60")}, {Pair(1, 7): money("100")}) == (
        [Pair(1, 7)],
        {Pair(1, 7): money("60")},
    )


def test_h1_another_document_takes_what_an_advance_left():
    slots = [PaymentLine(1, 0, money("100"), 7), PaymentLine(2, 0, money("50"))]
    held = {Pair(1, 7): money("100")}
    wanted = {(0, 7): money("100"), (0, 9): money("20")}
    assert difference(slots, wanted, held) == ([], {Pair(2, 9): money("20")})


def test_h1_more_than_the_lines_hold_is_refused():
    with pytest.raises(OverAllocated):
        difference([PaymentLine(1, 0, money("10"))], {(0, 7): money("11")}, {})


cents = st.integers(1, 500).map(lambda cents: Decimal(cents) / 100)


@settings(deadline=None)
@given(st.data())
def test_h1_what_is_held_then_is_what_was_wanted(data):
    """Whatever was matched before, the difference leads to what is wanted, and no line
    takes more than it holds."""
    slots = [
        PaymentLine(line, data.draw(st.integers(0, 1)), data.draw(cents))
        for line in range(1, data.draw(st.integers(1, 5)) + 1)
    ]
    held, wanted = _draw_matches(data, slots), Counter()
    for pair, amount in _draw_matches(data, slots).items():
        item = next(slot.item for slot in slots if slot.line == pair.line)
        wanted[item, pair.document] += amount
    remove, make = difference(slots, wanted, held)
    after = Counter(
        {pair: amount for pair, amount in held.items() if pair not in remove}
    )
    after.update(make)
    by_item = Counter()
    for slot in slots:
        of_line = {p: a for p, a in after.items() if p.line == slot.line}
        assert sum(of_line.values()) <= slot.amount
        for pair, amount in of_line.items():
            by_item[slot.item, pair.document] += amount
    assert +by_item == +wanted
    assert difference(slots, wanted, +after) == ([], {})


def _draw_matches(data, slots):
    matches = {}
    for slot in slots:
        left = slot.amount
        for document in data.draw(st.sets(st.integers(7, 9))):
            part = data.draw(st.integers(0, int(left * 100))) / Decimal(100)
            if part:
                matches[Pair(slot.line, document)] = part
                left -= part
    return matches
