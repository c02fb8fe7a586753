"""Whatever is booked and matched, the books stay right (Z.7; X.34-X.36)."""

import datetime
from collections import defaultdict
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from octopus_sandbox.seed import demo
from octopus_sandbox.state.booking import BookingLine
from octopus_sandbox.state.errors import Refusal
from octopus_sandbox.state.financial_booking import CLIENT, FinancialLine
from octopus_sandbox.state.keys import WHOLE_DOCUMENT, LineKey
from octopus_sandbox.state.money import ZERO
from octopus_sandbox.world import World

from .conftest import frozen_seed

cents = st.integers(1, 500_000).map(lambda number: Decimal(number) / 100)
DAY = datetime.date(2026, 5, 4)
RELATION = 1


class Ledger(RuleBasedStateMachine):
    """Books, matches, unmatches and deletes; keeps its own account of what is open."""

    items = Bundle("items")
    pairs = Bundle("pairs")

    def __init__(self):
        super().__init__()
        self.books = World(frozen_seed).books[demo.MAIN]
        self.signed = {}
        self.matched = defaultdict(lambda: ZERO)

    @rule(target=items, base=cents, is_credit_note=st.booleans())
    def book(self, base, is_credit_note):
        vat = (base * 21 / 100).quantize(Decimal("0.01"))
        key = self.books.accountant.book_document(
            "V1",
            DAY,
            RELATION,
            [BookingLine(700000, base, "21", vat)],
            None,
            -(base + vat) if is_credit_note else None,
        )
        line = LineKey(*key, WHOLE_DOCUMENT)
        self.signed[line] = -(base + vat) if is_credit_note else base + vat
        return line

    @rule(
        target=items, amounts=st.lists(cents, min_size=1, max_size=3), out=st.booleans()
    )
    def move_money(self, amounts, out):
        sign = -1 if out else 1
        lines = [FinancialLine(CLIENT, sign * a, relation=RELATION) for a in amounts]
        key = self.books.accountant.book_lines("F1", DAY, lines)
        keys = [LineKey(*key, number) for number in range(1, len(lines) + 1)]
        for line, amount in zip(keys, amounts, strict=True):
            self.signed[line] = -sign * amount
        return multiple(*keys)

    @rule(target=pairs, first=items, second=items, amount=cents)
    def match(self, first, second, amount):
        possible = (
            self.signed[first] > 0 > self.signed[second]
            and amount <= self.open(first)
            and amount <= self.open(second)
        )
        try:
            self.books.matching.balance(first, second, amount)
        except Refusal:
            assert not possible
            return multiple()
        assert possible
        self.matched[first, second] += amount
        return (first, second)

    @rule(pair=consumes(pairs))
    def unmatch(self, pair):
        if self.matched.pop(pair, None):
            self.books.matching.unbalance(*pair)

    @rule(line=items)
    def unmatch_document(self, line):
        for pair in list(self.matched):
            if line.document in (side.document for side in pair):
                del self.matched[pair]
        self.books.matching.unbalance_document(line.document)

    def open(self, line):
        done = sum((a for pair, a in self.matched.items() if line in pair), ZERO)
        return abs(self.signed[line]) - done

    @invariant()
    def open_is_amount_minus_matched(self):
        for line in self.signed:
            item = self.books.matching.item(line)
            assert item.booking_amount == self.signed[line]
            assert self.books.matching.open_amount(item) == self.open(line)

    @invariant()
    def the_audit_agrees(self):
        assert self.books.audit().problems == []


Ledger.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLedger = Ledger.TestCase
