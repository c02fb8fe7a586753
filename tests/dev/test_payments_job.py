"""How ./dev demo --check judges payments (issue 4, done when)."""

from decimal import Decimal

import pytest

from devtools.payments_job import Expected, PaymentsJob
from devtools.scenario.judging import (
    Settlement,
    Side,
    pair,
    settlement_differences,
    unexplained,
)

INVOICE, RECEIPT, CREDIT_NOTE = "2/V1/3", "2/F1/2", "2/V2/1"
AMOUNT = Decimal("121.00")


def side(name="Odoo", *, settled="121.00", moved="121.00", left="0.00"):
    return Side.of(
        name, [(RECEIPT, INVOICE, settled)], [(RECEIPT, moved)], [(INVOICE, left)]
    )


def receipt(**values):
    parts = {INVOICE: AMOUNT}
    wanted = {"moved": AMOUNT, "fine": ("paid",), "booking": RECEIPT, **values}
    return Settlement("accountant received", parts, **wanted)


def told(state="paid", told=True):
    return {pair(INVOICE, RECEIPT): {"state": state, "told": told}}


def wrong(settlement=None, odoo=None, octopus=None, known=None):
    return settlement_differences(
        settlement or receipt(),
        odoo or side(),
        octopus or side("Octopus"),
        told() if known is None else known,
    )


def test_the_same_on_both_sides_is_right():
    settlement = receipt()
    assert wrong(settlement) == []
    assert settlement.state == "paid"


def test_matches_of_several_lines_add_up_to_the_cent():
    parts = [(INVOICE, RECEIPT, "0.10"), (RECEIPT, INVOICE, "0.20")]
    assert Side.of("Odoo", parts, [], []).settled == {
        pair(INVOICE, RECEIPT): Decimal("0.30")
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"octopus": side("Octopus", settled="120.99")}, "Octopus settles 120.99 of"),
        ({"odoo": side(settled="242.00")}, "Odoo settles 242.00 of"),
        ({"octopus": side("Octopus", moved="242.00")}, "Octopus moves 242.00, not"),
        ({"odoo": side(moved="-121.00")}, "Odoo moves -121.00, not 121.00"),
        ({"odoo": side(left="0.01")}, "has 0.01 open in Odoo, 0.00 there"),
        ({"known": told("draft")}, "is draft, not paid"),
        ({"known": {}}, "is none, not paid"),
        ({"known": told(told=False)}, "was not read back"),
        ({"settlement": receipt(booking=None)}, "is not in Octopus"),
    ],
)
def test_whatever_differs_is_said(values, said):
    """X.34, X.37: to the cent, once, and as a person is told it."""
    assert said in "; ".join(wrong(**values))


def test_a_match_that_is_taken_back_leaves_the_document_open_and_is_told():
    """X.36: the bank's document stays in Octopus; nothing of it stays in Odoo."""
    undone = receipt(taken_back=True, fine=("canceled",))
    odoo = Side.of("Odoo", [], [], [(INVOICE, "121.00")])
    octopus = Side.of("Octopus", [], [(RECEIPT, AMOUNT)], [(INVOICE, "121.00")])
    assert wrong(undone, odoo, octopus, told("canceled")) == []
    assert "nobody was told" in wrong(undone, odoo, octopus, told("canceled", False))
    still = "; ".join(wrong(undone, side(), octopus, told("paid")))
    assert "Odoo settles 121.00" in still
    assert "Odoo moves 121.00, not 0" in still
    assert "has 0.00 open in Odoo, 121.00 there" in still


def test_a_match_with_a_credit_note_moves_no_money():
    """X.34."""
    match = Settlement(
        "accountant matched", {INVOICE: AMOUNT}, None, ("matched",), CREDIT_NOTE
    )
    matches = [(INVOICE, CREDIT_NOTE, AMOUNT)]
    both = [Side.of(name, matches, [], [(INVOICE, 0)]) for name in ("Odoo", "Octopus")]
    known = {pair(INVOICE, CREDIT_NOTE): {"state": "matched", "told": True}}
    assert wrong(match, *both, known) == []


def test_what_nobody_made_is_said():
    nothing = Side.of("Octopus", [], [], [])
    assert unexplained([receipt()], side("Octopus"), nothing) == []
    assert unexplained([], side("Octopus"), side("Octopus")) == []
    assert unexplained([], side("Octopus"), nothing) == [
        "Octopus settles 121.00 of 2/F1/2 with 2/V1/3: nobody did that",
        "Octopus moves 121.00 by 2/F1/2: nobody did that",
    ]


def test_the_line_of_a_payment_says_all_of_it():
    job = PaymentsJob(type("Job", (), {"steps": None}), None, 1, "2026-01-31")
    job.dossier = 71001
    payment = receipt(state="paid")
    job.payments = [Expected(payment, ["INV/1"])]
    job.unlike = ["Odoo moves 1.00 by X: nobody did that"]
    first, last = job.lines()
    words = ("accountant received", "INV/1", "71001/2/F1/2", "121.00 EUR", "paid", "ok")
    assert [word for word in words if word not in first] == []
    assert last == job.unlike[0]
    payment.wrong = ["Octopus moves 1.00, not 121.00"]
    assert job.lines()[0].endswith("Octopus moves 1.00, not 121.00")
