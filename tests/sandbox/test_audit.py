"""The audit finds what was planted, and nothing else (issue 2 §2; X.20-X.28)."""

from copy import deepcopy
from decimal import Decimal

import pytest

from octopus_sandbox.seed import demo
from octopus_sandbox.state.balancing import Balancing
from octopus_sandbox.state.keys import DocumentKey, LineKey

SALE = DocumentKey(2, "V1", 2)


@pytest.fixture
def books(sandbox):
    return sandbox.books()


def kinds(books):
    return books.audit().kinds()


def test_the_seed_is_clean(sandbox):
    for number, result in sandbox.world.audit().items():
        assert result["problems"] == [], number
    assert sandbox.world.audit()[demo.MAIN]["counts"] == {
        "bookings": 3,
        "financial_bookings": 2,
        "relations": 4,
        "balancings": 1,
        "attachments": 0,
    }


def test_a_gap(books):
    books.dossier.remove(books.dossier.bookings[2, "V1", 1])
    assert "gap" in kinds(books)


def test_lines_that_do_not_meet_the_header(books):
    books.dossier.bookings[SALE].amount += Decimal("0.01")
    assert kinds(books) == ["ledger", "sum"]


def test_a_divers_booking_that_is_not_zero(books):
    books.dossier.financial_bookings[2, "D1", 1].lines[0].amount += 1
    assert kinds(books) == ["ledger"]


def test_more_matched_than_open(books):
    (balancing,) = books.dossier.balancings.values()
    balancing.amount += 1
    books.dossier.count_match(balancing.key, Decimal(1))
    assert kinds(books) == ["over_matched"]


def test_a_match_of_two_parties(books):
    pair = LineKey(2, "V1", 2, -1), LineKey(2, "A1", 1, -1)
    books.dossier.balancings[pair] = Balancing(*pair, Decimal(1))
    books.dossier.count_match(pair, Decimal(1))
    assert kinds(books) == ["match"]


@pytest.mark.parametrize("attribute", ["comment", "reference"])
def test_the_same_document_twice(books, attribute):
    booking = deepcopy(books.dossier.bookings[SALE])
    booking.number = 3
    if attribute == "reference":
        booking.comment = books.dossier.bookings[SALE].comment = None
    books.bookkeeping.insert_booking(booking)
    (problem,) = books.audit().problems
    assert problem.kind == "duplicate"
    assert problem.documents == [SALE, DocumentKey(2, "V1", 3)]


def test_another_amount_is_another_document(books):
    booking = deepcopy(books.dossier.bookings[SALE])
    booking.number = 3
    booking.lines[0].base += 1
    booking.amount += 1
    books.bookkeeping.insert_booking(booking)
    assert kinds(books) == []


def test_a_relation_that_is_gone(books):
    del books.dossier.relations[1]
    assert kinds(books) == ["reference"]
