"""How ./dev demo --check and ./dev e2e judge what they find (issue 2 §1, §6)."""

import doctest
from argparse import Namespace

import pytest

from devtools.commands import demo, e2e
from devtools.errors import DevError
from devtools.scenario import judging, payments

EXPECTED = {
    "amount": "-121.00",
    "currency": "EUR",
    "vat": {"21": ["100.00", "21.00"], "": ["0.00", "0.00"]},
}
STATE = {"state": "booked", "findings": [], "payment_state": "paid"}


def found(**changes):
    return {"amount": "-121.00", "currency": "EUR", "vat": EXPECTED["vat"], **changes}


def test_the_same_in_both_is_right():
    assert judging.differences(STATE, EXPECTED, found()) == []


def test_what_comes_to_nothing_need_not_be_there():
    there = found(vat={"21": ["100.00", "21.00"], "00": ["-0.00", "0.00"]})
    assert judging.differences(STATE, EXPECTED, there) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount": "121.00"}, "amount is 121.00, not -121.00"),
        ({"currency": "USD"}, "currency is USD, not EUR"),
        (
            {"vat": {"21": ["100.00", "20.99"]}},
            "VAT code 21: base 100.00 and VAT 20.99",
        ),
        ({"vat": {"12": ["100.00", "21.00"]}}, "VAT code 12: base 100.00"),
    ],
)
def test_a_cent_or_a_code_that_differs_is_told(changes, told):
    wrong = judging.differences(STATE, EXPECTED, found(**changes))
    assert told in "; ".join(wrong)


def test_a_document_that_is_not_there_is_told():
    assert judging.differences(STATE, EXPECTED, None) == [
        "is booked, says Odoo, but not there"
    ]


def test_a_document_that_was_held_is_told_with_its_reason():
    held = {**STATE, "state": "blocked", "findings": ["No VAT code."]}
    assert judging.differences(held, EXPECTED, None) == [
        "is not booked but blocked: No VAT code."
    ]


@pytest.mark.parametrize(
    ("there", "wanted", "fine"),
    [
        ("paid", "paid", True),
        ("in_payment", "paid", True),
        ("partial", "paid", False),
        ("paid", "not_paid", False),
        ("not_paid", "partial", False),
    ],
)
def test_payment_states(there, wanted, fine):
    told = judging.payment_difference({"payment_state": there}, wanted)
    assert (told is None) == fine


LINES = (*payments.BANK_LINES, *payments.OWN_BANK_LINES)


@pytest.mark.parametrize("kind", payments.wanted_states(LINES))
def test_the_receipts_leave_each_document_as_wanted(kind):
    parts = [line[kind] for line in LINES if kind in line]
    paid = sum(payments.amount_of("12.35", part) for part in parts)
    whole = payments.all_states()[kind] == "paid"
    assert (str(paid) == "12.35") == whole


def test_payments_go_both_ways_in_full_in_part_matched_and_undone():
    """Issue 4, done when: each way, a partial one, a credit note matched, one undone;
    no document has a part in two of them."""
    for lines in (payments.BANK_LINES, payments.OWN_BANK_LINES):
        states = payments.wanted_states(lines)
        assert set(states.values()) == {"paid", "partial"}
    kinds = [kind for line in LINES for kind in line]
    alone = {*payments.CREDITED, payments.TAKEN_BACK}
    assert alone.isdisjoint(kinds)
    assert set(payments.all_states()) == alone.union(kinds)


def test_a_bank_line_pays_several_documents_of_one_supplier():
    """A payment goes out (-); what it matches is positive (api.md §4.10)."""
    documents = {
        kind: {
            "kind": kind,
            "sale": False,
            "relation": 7,
            "odoo_number": f"BILL/{number}",
            "amount": "10.01",
            "bookyear": 2,
            "journal": "A1",
            "number": number,
        }
        for number, kind in enumerate(("a", "b"), 1)
    }
    line = payments.bank_line(documents, {"a": payments.ALL, "b": payments.HALF})
    assert (line["type"], line["relation"], line["amount"]) == ("S", 7, "-15.01")
    assert line["pays"] == {"2/A1/1": "10.01", "2/A1/2": "5.00"}
    assert line["reference"] == "BILL/1, BILL/2"


def test_the_examples_of_the_receipts():
    results = doctest.testmod(payments)
    assert results.attempted and not results.failed


def test_a_port_that_is_taken_is_said(monkeypatch, capsys):
    monkeypatch.setattr(demo, "is_free", lambda port: False)
    with pytest.raises(DevError, match="8069"):
        demo.choose_port(8069, 8069, "Odoo")
    assert demo.choose_port(None, 8069, "Odoo") != 8069
    assert "8069 is taken" in capsys.readouterr().err


def test_e2e_asks_which_dossier_when_there_are_several():
    dossiers = [{"id": 1, "name": "One"}, {"id": 2, "name": "Two"}]
    assert e2e.choose(dossiers, 2)["name"] == "Two"
    assert e2e.choose(dossiers[:1], None)["id"] == 1
    for wanted in (None, 3):
        with pytest.raises(DevError, match="1 One; 2 Two"):
            e2e.choose(dossiers, wanted)


def test_e2e_asks_for_the_address_of_the_service_it_uses():
    """Issue 5, done when: --transport soap --soap-url."""
    secrets = dict.fromkeys(e2e.SECRETS, "x")
    urls = {"rest_url": "https://rest", "soap_url": None}
    with pytest.raises(DevError, match="--soap-url"):
        e2e.login_of(Namespace(transport="soap", **urls, **secrets))
    login = e2e.login_of(Namespace(transport="rest", **urls, **secrets))
    assert login == {"transport": "rest", "url": "https://rest", **secrets}
    with pytest.raises(DevError, match="OCTOPUS_PASSWORD"):
        e2e.login_of(
            Namespace(transport="rest", **urls, **{**secrets, "password": None})
        )
