"""Matching, open items, reports (api.md §4.9, §4.10; G.3, X.34-X.36)."""

import json
from decimal import Decimal

import pytest

from octopus_sandbox.state.errors import NothingFound, Refusal
from octopus_sandbox.state.keys import DocumentKey

from .client import OLD, key, purchase

SALE, RECEIPT = (2, "V1", 3), (2, "F1", 2, 1)


def code_of(response):
    assert response.status_code == 400, response.text
    return response.json()["errorCode"]


def open_of(octopus, journal, number, kind="clients", **more):
    """Open amount of a document in the report; 0.0 when it is not listed."""
    response = octopus.open_items(kind, **more)
    rows = response.json() if response.status_code == 200 else []
    found = [
        row["openBookingAmount"]
        for row in rows
        if (row["journalKey"], row["documentSequenceNr"]) == (journal, number)
    ]
    return found[0] if found else 0.0


@pytest.fixture
def paid(octopus):
    """A sale of 121.00 and a receipt of 121.00, not matched yet."""
    assert octopus.book().status_code == 201
    assert octopus.book_financial().status_code == 201
    return octopus


def test_a_whole_match(paid):
    response = paid.balance(SALE, RECEIPT, 121.0)
    assert (response.status_code, response.content) == (201, b"")
    assert open_of(paid, "V1", 3) == 0.0
    assert open_of(paid, "F1", 2) == 0.0


def test_partial_amounts_add_up(paid):
    """X.34."""
    paid.balance(SALE, RECEIPT, 21.0)
    assert open_of(paid, "V1", 3) == 100.0
    paid.balance(SALE, RECEIPT, 30.5)
    assert open_of(paid, "V1", 3) == 69.5
    (row,) = [
        row
        for row in paid.get("balancings/modified", modifiedTimeStamp=OLD).json()[
            "modifiedBalancings"
        ]
        if row["debetDocument"]["balancingKey"]["documentSequenceNr"] == 3
    ]
    assert row["creditBalancedBookingAmount"] == 51.5


@pytest.mark.parametrize(
    ("debit", "credit", "amount"),
    [
        (SALE, RECEIPT, 121.01),
        (SALE, RECEIPT, 0.0),
        (SALE, RECEIPT, -1.0),
        (RECEIPT, SALE, 1.0),
        (SALE, (2, "F1", 2, 2), 1.0),
        (SALE, (2, "F1", 2, -1), 1.0),
        (SALE, (2, "F1", 99, 1), 1.0),
        ((2, "V1", 3, 1), RECEIPT, 1.0),
        (SALE, (2, "A1", 1), 1.0),
    ],
    ids=str,
)
def test_what_can_not_be_matched_is_refused(paid, debit, credit, amount):
    assert code_of(paid.balance(debit, credit, amount)) == -26


def test_an_incomplete_key_is_refused(paid):
    body = {"debetKey": key(*SALE), "creditKey": {}, "balanceAmount": 1.0}
    assert paid.post("balancings", body).status_code == 400


def test_a_supplier_stands_the_other_way_round(octopus):
    octopus.book(**purchase())
    lines = [{"type": "S", "relationId": 2, "amount": -121.0}]
    octopus.book_financial(bookingLines=lines)
    assert octopus.balance((2, "F1", 2, 1), (2, "A1", 2), 121.0).status_code == 201
    assert open_of(octopus, "A1", 2, "suppliers") == 0.0


def test_a_credit_note_can_be_matched_with_its_invoice(octopus):
    octopus.book()
    octopus.book(documentSequenceNr=4, amount=-121.0)
    assert octopus.balance(SALE, (2, "V1", 4), 121.0).status_code == 201


def test_one_receipt_over_several_documents(octopus):
    octopus.book()
    octopus.book(documentSequenceNr=4)
    lines = [{"type": "C", "relationId": 1, "amount": 200.0}]
    octopus.book_financial(bookingLines=lines)
    assert octopus.balance(SALE, RECEIPT, 121.0).status_code == 201
    assert code_of(octopus.balance((2, "V1", 4), RECEIPT, 79.01)) == -26
    assert octopus.balance((2, "V1", 4), RECEIPT, 79.0).status_code == 201
    assert open_of(octopus, "V1", 4) == 42.0


def test_an_undone_match_is_in_the_feed_as_it_was(paid):
    """X.36."""
    paid.balance(SALE, RECEIPT, 121.0)
    pair = {"debetKey": key(*SALE), "creditKey": key(*RECEIPT)}
    assert paid.delete("balancings/delete", pair).status_code == 204
    answer = paid.get("balancings/modified", modifiedTimeStamp=OLD).json()
    (gone,) = answer["deletedBalancings"]
    assert gone["debetDocument"]["balancingKey"] == key(*SALE)
    assert gone["creditBalancedBookingAmount"] == 121.0
    assert open_of(paid, "V1", 3) == 121.0
    assert code_of(paid.delete("balancings/delete", pair)) == -26


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [("refused", 400, -26), ("404", 404, None), ("400", 400, None)],
)
def test_taking_back_what_is_not_matched(sandbox, paid, how, status, code):
    """Switch unmatched_twice: how that is answered is unknown (api.md §4.10)."""
    sandbox.world.set_switches({"unmatched_twice": how})
    pair = {"debetKey": key(*SALE), "creditKey": key(*RECEIPT)}
    answer = paid.delete("balancings/delete", pair)
    assert answer.status_code == status
    assert answer.json().get("errorCode") == code
    paid.balance(SALE, RECEIPT, 121.0)
    assert paid.delete("balancings/delete", pair).status_code == 204


def test_matched_again_it_is_no_longer_deleted(paid):
    pair = {"debetKey": key(*SALE), "creditKey": key(*RECEIPT)}
    paid.balance(SALE, RECEIPT, 121.0)
    paid.delete("balancings/delete", pair)
    paid.balance(SALE, RECEIPT, 20.0)
    answer = paid.get("balancings/modified", modifiedTimeStamp=OLD).json()
    assert answer["deletedBalancings"] == []
    assert answer["modifiedBalancings"][-1]["creditBalancedBookingAmount"] == 20.0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("balancings/bookingline/delete", key(*RECEIPT)),
        (
            "balancings/document/delete",
            {"bookyearKey": {"id": 2}, "journal": "V1", "documentSequenceNr": 3},
        ),
    ],
)
def test_all_matches_of_a_line_or_document(paid, path, body):
    paid.balance(SALE, RECEIPT, 121.0)
    assert paid.delete(path, body).status_code == 204
    assert open_of(paid, "V1", 3) == 121.0


def test_matches_of_an_unknown_document(octopus):
    body = {"bookyearKey": {"id": 2}, "journal": "V1", "documentSequenceNr": 99}
    assert octopus.delete("balancings/document/delete", body).status_code == 400


@pytest.mark.parametrize(("switch", "debit"), [("credit", 0.0), ("both", 302.5)])
def test_the_side_that_holds_the_amount(sandbox, octopus, switch, debit):
    sandbox.world.set_switches({"balanced_side": switch})
    answer = octopus.get("balancings/modified", modifiedTimeStamp=OLD).json()
    (row,) = answer["modifiedBalancings"]
    assert row["creditBalancedBookingAmount"] == 302.5
    assert row["debetBalancedBookingAmount"] == debit


def test_nothing_modified_is_404(octopus):
    response = octopus.get(
        "balancings/modified", modifiedTimeStamp="2030-01-01 00:00:00.000"
    )
    assert response.status_code == 404


# -- reports ---------------------------------------------------------------------


def test_open_items_of_one_relation(octopus):
    assert octopus.open_items(relationId=1).status_code == 200
    assert octopus.open_items(relationId=4).status_code == 404
    assert octopus.open_items("suppliers", relationId=2).json()[0]["relationKey"] == {
        "id": 2
    }


def test_open_items_by_external_id(sandbox, octopus):
    sandbox.books().dossier.relations[1].external_id = 77
    (row,) = octopus.open_items(externalRelationId=77).json()
    assert row["externalRelationId"] == 77


def test_open_items_are_those_of_the_span(octopus):
    """X.33: another bookyear shows nothing, and proves nothing."""
    assert octopus.open_items(year=3).status_code == 404
    assert octopus.open_items(first=202602).status_code == 404
    assert octopus.open_items(last=202601).status_code == 200


@pytest.mark.parametrize("missing", ["fromBookyearKey", "toBookyearPeriodNr"])
def test_an_invalid_query_is_500(octopus, missing):
    query = octopus.open_items().request.body
    body = json.loads(query)
    del body[missing]
    assert octopus.post("reports/clients/open", body).status_code == 500
    assert octopus.open_items(last=1).status_code == 500


@pytest.mark.parametrize(("switch", "sign"), [("positive", 1), ("signed", -1)])
def test_the_sign_of_what_is_open(sandbox, octopus, switch, sign):
    sandbox.world.set_switches({"open_amount_sign": switch})
    (row,) = octopus.open_items("suppliers").json()
    assert (row["creditBookingAmount"], row["openBookingAmount"]) == (
        145.2,
        sign * 145.2,
    )


@pytest.mark.parametrize(("switch", "amount"), [("open", 80.8), ("full", 580.8)])
def test_unbalanced_invoices(sandbox, octopus, switch, amount):
    sandbox.world.set_switches({"bank_invoice_amount": switch})
    lines = [{"type": "C", "relationId": 1, "amount": 500.0}]
    octopus.book_financial(bookingLines=lines)
    octopus.balance((2, "V1", 2), RECEIPT, 500.0)
    octopus.book(amount=-121.0)
    rows = {
        (row["journalKey"], row["documentSequenceNr"]): row
        for row in octopus.get("bank/invoices").json()
    }
    assert set(rows) == {("V1", 2), ("V1", 3), ("A1", 1)}
    assert rows["V1", 2]["amount"] == amount
    assert rows["V1", 2]["relationName"] == "Bakkerij De Molen"
    assert [rows["V1", n]["credit"] for n in (2, 3)] == [False, True]


def test_history_of_a_relation_and_of_nobody(octopus):
    query = {
        "fromBookyearKey": {"id": 2},
        "toBookyearKey": {"id": 2},
        "fromBookyearPeriodNr": 202601,
        "toBookyearPeriodNr": 202612,
        "relationId": 1,
    }
    rows = octopus.post("reports/clients/history", query).json()
    sides = [(r["debetBookingAmount"], r["creditBookingAmount"]) for r in rows]
    assert sides == [(302.5, 0.0), (580.8, 0.0), (0.0, 302.5)]
    everyone = query | {"relationId": -1, "externalRelationId": -1}
    response = octopus.post("reports/suppliers/history", everyone)
    assert (response.status_code, response.json()) == (200, [])
    nothing = octopus.post("reports/suppliers/history", query)
    assert nothing.status_code == 404


def test_history_and_open_items_of_an_account(octopus):
    query = {
        "fromBookyearKey": {"id": 2},
        "toBookyearKey": {"id": 2},
        "fromBookyearPeriodNr": 202601,
        "toBookyearPeriodNr": 202612,
        "accountNr": 588888,
    }
    rows = octopus.post("reports/accounts/history", query).json()
    assert [(r["journalKey"], r["debetBookingAmount"]) for r in rows] == [
        ("D1", 12500.0),
        ("F1", 0.0),
    ]
    rows = octopus.post("reports/accounts/open", query).json()
    assert [row["openBookingAmount"] for row in rows] == [12500.0, 12500.0]


@pytest.mark.parametrize(("switch", "euro"), [("multiply", 96.8), ("divide", 151.25)])
def test_the_direction_of_the_exchange_rate(sandbox, octopus, switch, euro):
    """X.50; unknown 10."""
    sandbox.world.set_switches({"exchange_rate": switch})
    octopus.book(currencyCode="USD", exchangeRate=0.8)
    rows = octopus.open_items().json()
    (row,) = [row for row in rows if row["currencyCode"] == "USD"]
    assert (row["openBookingAmount"], row["openDocAmount"]) == (euro, 121.0)
    assert row["exchangeRate"] == 0.8


@pytest.mark.parametrize(
    ("how", "order"),
    [
        ("oldest_first", [1, 3]),
        ("newest_first", [3, 1]),
        ("repeated", [3, 1, 1, 3]),
    ],
)
def test_the_order_of_the_matches_and_their_repeats(sandbox, paid, how, order):
    """G.3; §2.2: the connector may count on neither."""
    sandbox.world.set_switches({"match_feed": how})
    paid.balance(SALE, RECEIPT, 121.0)
    rows = paid.get("balancings/modified", modifiedTimeStamp=OLD).json()
    told = [
        row["debetDocument"]["balancingKey"]["documentSequenceNr"]
        for row in rows["modifiedBalancings"]
    ]
    assert told == order


def test_a_year_to_which_nothing_was_carried_over(sandbox, octopus):
    """X.33: its list leaves out what is open from before, then shows it again."""
    accountant = sandbox.books().accountant
    octopus.book()
    span = {"first": 202601, "last": 202712, "toBookyearKey": {"id": 3}}
    assert open_of(octopus, "V1", 3, **span) == 121.0
    accountant.carry_over(3, False)
    assert open_of(octopus, "V1", 3, **span) == 0.0
    assert open_of(octopus, "V1", 3) == 121.0
    accountant.carry_over(3)
    assert open_of(octopus, "V1", 3, **span) == 121.0


def test_a_line_is_edited_but_not_below_what_is_matched(sandbox, paid):
    accountant = sandbox.books().accountant
    paid.balance(SALE, RECEIPT, 21.0)
    with pytest.raises(Refusal):
        accountant.edit_line(DocumentKey(2, "F1", 2), 1, Decimal("20.00"))
    accountant.edit_line(DocumentKey(2, "F1", 2), 1, Decimal("30.00"))
    assert open_of(paid, "F1", 2) == 9.0
    with pytest.raises(NothingFound):
        accountant.edit_line(DocumentKey(2, "F1", 2), 7, Decimal("1.00"))
