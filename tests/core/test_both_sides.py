"""The report of both sides: its sums are those of both books, by VAT code and to the
cent, and each document stands in exactly one row (Z.5, Z.27).

Documents are drawn, sent, and then changed as Odoo's people and the accountant change
them. The books of both sides are added up here by themselves, in another way than the
report does it.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from octopus_connector.api.types import BookingLine
from octopus_connector.core import both_sides
from octopus_connector.core.both_sides import (
    KINDS,
    SAME,
    Document,
    Place,
    Sums,
    add_up,
    amounts,
    kind_of,
    side,
)
from octopus_connector.core.frozen import changes
from octopus_connector.core.lines import as_read

CENT = Decimal("0.01")
CODES = ["21", "06", "00", None]
PLACES = [Place(journal, period) for journal in ("V1", "A1") for period in (1, 2)]
RATES = {"EUR": Decimal(1), "USD": Decimal("0.8731")}
UNSENT = ["ready", "waiting", "blocked", "excluded", None]
ACTS = [
    "nothing",
    "amount",
    "vat",
    "swap",
    "period",
    "renumber",
    "delete",
    "date",
    "withdraw",
    "not_read",
    "doubt",
]
# Drawing whole worlds takes its time on a machine that is busy.
drawn = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
cents = st.integers(-200_000, 200_000).map(lambda it: it * CENT)


@dataclass(frozen=True)
class Paper:
    """A document in one of the two books; a credit note is negative, or 0."""

    place: Place
    currency: str
    lines: tuple  # (code, base, vat), signed
    zero_is_refund: bool = False

    @property
    def amount(self):
        return sum((base + vat for _code, base, vat in self.lines), Decimal(0))

    @property
    def booked(self):
        return (self.amount * RATES[self.currency]).quantize(CENT)

    def as_side(self, certain=True):
        refund = self.amount < 0 or (not self.amount and self.zero_is_refund)
        sign = -1 if refund else 1
        contributions = tuple(
            BookingLine(account=None, vat_code=code, base=sign * base, vat=sign * vat)
            for code, base, vat in self.lines
        )
        lines = as_read(contributions, self.amount, refund)
        return side(
            self.place,
            self.currency,
            self.amount,
            lines,
            total=self.booked,
            certain=certain or self.currency == "EUR",
        )


@st.composite
def papers(draw):
    line = st.tuples(st.sampled_from(CODES), cents, cents)
    paper = Paper(
        draw(st.sampled_from(PLACES)),
        draw(st.sampled_from(["EUR", "EUR", "USD"])),
        tuple(draw(st.lists(line, min_size=1, max_size=3))),
        draw(st.booleans()),
    )
    if draw(st.integers(0, 3)):
        return paper
    rest = (draw(st.sampled_from(CODES)), -paper.amount, Decimal(0))
    return replace(paper, lines=(*paper.lines, rest))


class World:
    """Two books, and the outbox between them."""

    def __init__(self):
        self.odoo = {}
        self.octopus = {}
        self.documents = {}

    def unsent(self, key, paper, state):
        self.odoo[key] = paper
        self.documents[key] = Document(state=state, here=paper.as_side())

    def by_hand(self, key, paper):
        self.octopus[key] = paper
        self.documents[key] = Document(there=paper.as_side(certain=False))

    def sent(self, key, paper, act, draw):
        """Send a document, and do something to it on either side."""
        there, state, facts = paper, "booked", {}
        code, base, vat = paper.lines[0]
        some = draw(st.integers(1, 90_000)) * CENT
        if act == "amount":
            there = self._with_line(paper, (code, base + some, vat))
        elif act == "vat":
            there = self._with_line(paper, (code, base + some, vat - some))
        elif act == "swap":
            there = self._with_line(paper, ("44", base, vat))
        elif act == "period":
            other = [it for it in PLACES if it != paper.place]
            there = replace(paper, place=draw(st.sampled_from(other)))
        elif act == "renumber":
            facts["renumbered"] = True
        elif act == "date":
            facts["others"] = ("date",)
        elif act == "doubt":
            state = "unknown"
        elif act == "delete":
            there, state = None, draw(st.sampled_from(["gone", "booked"]))
            facts["deleted"] = state == "booked"
        elif act == "not_read":
            there = None
        here = None if act == "withdraw" else paper
        if here:
            self.odoo[key] = here
        if there:
            self.octopus[key] = there
        self.documents[key] = Document(
            state=state,
            here=here and here.as_side(),
            there=there and there.as_side(certain=False),
            **facts,
        )

    @staticmethod
    def _with_line(paper, line):
        return replace(paper, lines=(line, *paper.lines[1:]))


@st.composite
def worlds(draw):
    world = World()
    for key in range(draw(st.integers(1, 6))):
        paper = draw(papers())
        how = draw(st.sampled_from(["sent", "sent", "sent", "unsent", "by_hand"]))
        if how == "sent":
            world.sent(key, paper, draw(st.sampled_from(ACTS)), draw)
        elif how == "unsent":
            world.unsent(key, paper, draw(st.sampled_from(UNSENT)))
        else:
            world.by_hand(key, paper)
    return world


def totals_of(book):
    """Add up the booking amounts of a book by place, in its own way."""
    totals = defaultdict(Decimal)
    for paper in book.values():
        totals[paper.place] += paper.booked
    return totals


def codes_of(book):
    """Add up base and VAT by place and code, of what is in euro."""
    totals = defaultdict(Decimal)
    for paper in book.values():
        for code, base, vat in paper.lines:
            if paper.currency == "EUR":
                totals[paper.place, code or "", "base"] += base
                totals[paper.place, code or "", "vat"] += vat
    return {key: value for key, value in totals.items() if value}


class TestReport:
    @drawn
    @given(worlds())
    def test_z5_the_sums_are_those_of_both_books_to_the_cent(self, world):
        every = [one for it in world.documents.values() for one in amounts(it)]
        sums = add_up(every)
        for name, book in (("here", world.odoo), ("there", world.octopus)):
            found = {
                place: sum(
                    (getattr(it, name).total for it in codes.values()), Decimal(0)
                )
                for place, codes in sums.items()
            }
            expected = totals_of(book)
            for place in {*found, *expected}:
                assert found.get(place, 0) == expected.get(place, 0), (name, place)
            counts = sum(getattr(one, f"{name}_count") for one in every)
            assert counts == len(book)

    @drawn
    @given(worlds())
    def test_z5_base_and_vat_by_code_are_those_of_both_books(self, world):
        for name, book in (("here", world.odoo), ("there", world.octopus)):
            found = defaultdict(Decimal)
            for key, document in world.documents.items():
                one = getattr(document, name)
                if not one or book[key].currency != "EUR":
                    continue
                for amount in amounts(document):
                    sums = getattr(amount, name)
                    found[amount.place, amount.code, "base"] += sums.base
                    found[amount.place, amount.code, "vat"] += sums.vat
            assert {key: it for key, it in found.items() if it} == codes_of(book)

    @drawn
    @given(worlds())
    def test_z5_each_document_stands_in_exactly_one_row(self, world):
        labels = dict(KINDS)
        for key, document in world.documents.items():
            kind = kind_of(document)
            event(str(kind))
            on_a_side = key in world.odoo or key in world.octopus
            assert (kind in labels) or not on_a_side
            assert kind is not None or not (document.here or document.there)

    @drawn
    @given(worlds())
    def test_z27_equal_is_said_of_nothing_else(self, world):
        """What is called equal adds the same to both sides, code by code; and a place
        in which all documents are equal has equal sums."""
        places, unequal = set(), set()
        for key, document in world.documents.items():
            touched = {one.place for one in amounts(document)}
            places |= touched
            if kind_of(document) in SAME:
                here, there = world.odoo[key], world.octopus[key]
                assert here.currency == "EUR" and here.booked == there.booked
                assert codes_of({key: here}) == codes_of({key: there})
                assert all(one.here == one.there for one in amounts(document))
            else:
                unequal |= touched
        here, there = totals_of(world.odoo), totals_of(world.octopus)
        for place in places - unequal:
            assert here[place] == there[place]


def one(amount="121.00", lines=(("21", "100.00", "21.00"),), place=PLACES[0], **values):
    lines = [
        BookingLine(account=None, vat_code=code, base=Decimal(base), vat=Decimal(vat))
        for code, base, vat in lines
    ]
    amount = Decimal(amount)
    currency = values.pop("currency", "EUR")
    return side(place, currency, amount, lines, **{"total": amount, **values})


class TestKinds:
    def kind(self, here=None, there=None, **facts):
        return kind_of(Document(here=here, there=there, **{"state": "booked", **facts}))

    def test_z5_what_octopus_does_not_tell_is_never_equal(self):
        bare = one(lines=())
        assert bare.codes == {"?": Sums(base=Decimal("121.00"))}
        assert self.kind(one(), bare) == both_sides.NOT_TOLD
        assert self.kind(one(), one(total=None)) == both_sides.NOT_TOLD

    def test_z5_a_calculated_booking_amount_is_not_called_equal(self):
        there = one(currency="USD", total=Decimal("105.65"), certain=False)
        here = one(currency="USD", total=Decimal("105.65"))
        assert self.kind(here, there) == both_sides.IN_CURRENCY
        assert self.kind(here, one()) == both_sides.OTHER_AMOUNT

    def test_z5_vat_under_another_code_differs_with_the_same_total(self):
        there = one(lines=(("06", "100.00", "21.00"),))
        assert self.kind(one(), there) == both_sides.OTHER_VAT

    def test_z5_another_period_counts_in_each_of_both(self):
        document = Document(state="booked", here=one(), there=one(place=PLACES[1]))
        assert kind_of(document) == both_sides.OTHER_PERIOD
        told = {it.place: (it.here_count, it.there_count) for it in amounts(document)}
        assert told == {PLACES[0]: (1, 0), PLACES[1]: (0, 1)}

    def test_x30_x31_what_one_side_lost(self):
        assert self.kind(there=one(), state="changed") == both_sides.MISSING_HERE
        assert self.kind(one(), state="gone") == both_sides.DELETED
        assert self.kind(one(), deleted=True) == both_sides.MISSING_THERE
        assert self.kind(one()) == both_sides.UNREAD
        assert self.kind(state="gone") is None

    def test_z5_a_credit_note_is_negative_by_code(self):
        note = one("-121.00")
        assert note.codes == {"21": Sums(Decimal("-100.00"), Decimal("-21.00"))}

    def test_z5_foreign_amounts_by_code_add_up_to_the_booking_amount(self):
        lines = (("21", "33.33", "7.00"), ("06", "10.01", "0.60"))
        there = one("50.94", lines, currency="USD", total=Decimal("44.48"))
        total = sum((it.total for it in there.codes.values()), Decimal(0))
        assert total == Decimal("44.48")


class TestFrozen:
    def test_z27_what_changed_since_is_named(self):
        def content(*rows):
            return {"periods": [{"place": [1, "V1", 3], "rows": list(rows)}]}

        first, second = (
            {"key": "move 1", "kind": "equal"},
            {"key": "move 2", "kind": "x"},
        )
        assert not changes(content(first, second), content(second, first))
        [change] = changes(content(first), content({**first, "kind": "deleted"}))
        assert (change.what, change.row["kind"]) == ("changed", "deleted")
        [change] = changes(content(first), content(first, second))
        assert (change.what, change.row) == ("added", second)
        [change] = changes(content(first, second), content(second))
        assert (change.what, change.row) == ("removed", first)
