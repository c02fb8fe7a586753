"""Bookings in F and D journals (api.md §4.10)."""

import pytest

from .client import purchase, receipt


def code_of(response):
    assert response.status_code == 400, response.text
    return response.json()["errorCode"]


def read(octopus, number=2, journal="F1"):
    return octopus.get(
        "financialdiversbookings",
        bookyearId=2,
        journalKey=journal,
        documentSeqNr=number,
    )


def divers(*amounts, account=599999, relation=1):
    """A D booking: a customer's line and an account's line."""
    first, second = amounts
    return {
        "journalKey": "D1",
        "bookingLines": [
            {"type": "C", "relationId": relation, "amount": first},
            {"type": "A", "accountKey": account, "amount": second},
        ],
    }


def test_a_receipt_is_kept_as_it_was_sent(octopus):
    response = octopus.book_financial()
    assert (response.status_code, response.content) == (201, b"")
    booked = read(octopus).json()
    (line,) = booked.pop("bookingLines")
    expected = receipt()
    del expected["bookingLines"]
    assert booked == expected
    assert line == {
        "accountKey": 0,
        "amount": 121.0,
        "externalRelationId": 0,
        "relationId": 1,
        "type": "C",
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"documentSequenceNr": 3}, -13),
        ({"journalKey": "V1"}, -38),
        ({"journalKey": "F9"}, -10),
        ({"bookyearPeriodeNr": 1}, -14),
        ({"exchangeRate": -1.0}, -20),
        ({"bookingLines": [{"type": "X", "amount": 1.0}]}, -25),
        ({"bookingLines": [{"type": "A", "accountKey": 1, "amount": 1.0}]}, -50),
        ({"bookingLines": [{"type": "A", "accountKey": 999, "amount": 1.0}]}, -21),
        ({"bookingLines": [{"type": "C", "relationId": 99, "amount": 1.0}]}, -16),
        ({"bookingLines": [{"type": "S", "relationId": 1, "amount": 1.0}]}, -16),
        ({"bookingLines": [{"type": "C", "relationId": 1, "amount": 0.001}]}, -24),
        (divers(10.0, -9.0), -24),
    ],
    ids=str,
)
def test_each_mistake_has_its_code(octopus, change, code):
    assert code_of(octopus.book_financial(**change)) == code


def test_a_divers_booking_must_be_zero_unless_the_switch_says_no(sandbox, octopus):
    """Unknown 9."""
    assert octopus.book_financial(**divers(10.0, -10.0)).status_code == 201
    sandbox.world.set_switches({"divers_balance": "accept"})
    odd = divers(10.0, -9.0) | {"documentSequenceNr": 3}
    assert octopus.book_financial(**odd).status_code == 201


@pytest.mark.parametrize(
    ("switch", "side"),
    [
        ("credit_positive", "creditBookingAmount"),
        ("debit_positive", "debetBookingAmount"),
    ],
)
def test_the_sign_of_a_divers_line(sandbox, octopus, switch, side):
    sandbox.world.set_switches({"divers_sign": switch})
    octopus.book_financial(**divers(10.0, -10.0))
    rows = octopus.open_items().json()
    (row,) = [row for row in rows if row["journalKey"] == "D1"]
    assert row[side] == 10.0


def test_rounding_may_be_done_by_octopus(sandbox, octopus):
    sandbox.world.set_switches({"decimals": "round"})
    lines = [{"type": "C", "relationId": 1, "amount": 10.004}]
    assert octopus.book_financial(bookingLines=lines).status_code == 201
    assert read(octopus).json()["bookingLines"][0]["amount"] == 10.0


def test_a_booking_can_be_replaced(octopus):
    octopus.book_financial()
    lines = [{"type": "C", "relationId": 1, "amount": 100.0}]
    body = receipt(bookingLines=lines)
    assert octopus.put("financialdiversbookings", body).status_code == 204
    assert read(octopus).json()["bookingLines"][0]["amount"] == 100.0
    missing = receipt(documentSequenceNr=9)
    assert code_of(octopus.put("financialdiversbookings", missing)) == -34


def test_replacing_with_an_unknown_period_misleads(octopus):
    """api.md §2.5: the message is that of a protected period."""
    octopus.book_financial()
    body = receipt(bookyearPeriodeNr=1)
    response = octopus.put("financialdiversbookings", body)
    assert code_of(response) == -15
    assert "niet toegankelijk" in response.json()["errorMessage"]


def test_a_payment_to_a_supplier_goes_out(octopus):
    lines = [{"type": "S", "relationId": 2, "amount": -121.0}]
    octopus.book(**purchase())
    assert octopus.book_financial(bookingLines=lines).status_code == 201
    assert octopus.get("bookyears/2/journals/F1").json()["balance"] == 12681.5


def test_no_such_booking_is_404(octopus):
    assert read(octopus, 99).status_code == 404


def test_a_locked_journal_is_403(sandbox, octopus):
    sandbox.books().accountant.set_journal(2, "F1", opened_by="An")
    assert octopus.book_financial().status_code == 403
