"""The control API (issue 2 §2)."""

import pytest
import requests

from octopus_sandbox.seed import demo
from octopus_sandbox.switches import SWITCHES

from .client import OLD, purchase


@pytest.fixture
def control(sandbox):
    """``control(method, path, body)`` gives the response."""

    def call(method, path, body=None):
        return requests.request(
            method, f"{sandbox.address}/_sandbox{path}", json=body, timeout=10
        )

    return call


@pytest.fixture
def act(control):
    """``act(name, **fields)`` does an act in the main dossier."""
    return lambda name, **fields: control(
        "POST", f"/dossiers/{demo.MAIN}/acts/{name}", fields
    )


def test_state_and_reset(control, octopus):
    octopus.book()
    control("PUT", "/switches", {"quota": "off"})
    control("POST", "/faults", {"kind": "close"})
    state = control("GET", "/state").json()
    assert state["today"] == "2026-06-15"
    assert (state["switches"], state["faults"]) == ({"quota": "off"}, 1)
    assert [row["id"] for row in state["dossiers"]] == [
        demo.MAIN,
        demo.BRANCH,
        demo.THIRD,
    ]
    control("POST", "/reset")
    state = control("GET", "/state").json()
    assert (state["switches"], state["faults"], state["calls"]) == ({}, 0, 0)


def test_books_that_were_kept_come_back_once(control, octopus):
    documents = f"/dossiers/{demo.MAIN}/documents"
    kept = control("GET", documents).json()
    control("POST", "/books/keep")
    assert octopus.book().status_code == 201
    assert control("GET", documents).json() != kept
    control("POST", "/books/restore")
    assert control("GET", documents).json() == kept
    # Its number is the next one again.
    assert octopus.book().status_code == 201
    assert control("POST", "/books/restore").status_code == 404


def test_the_clock_goes_forward_only(control):
    answer = control("POST", "/clock", {"minutes": 11, "days": 1})
    assert answer.json()["now"] == "2026-06-16T09:11:00+00:00"
    answer = control("POST", "/clock", {"to": "2027-01-02T00:00:00Z"})
    assert answer.json()["now"] == "2027-01-02T00:00:00+00:00"
    for wrong in (
        {"minutes": -1},
        {"to": "2026-01-01T00:00:00Z"},
        {"weeks_": 1},
        {"to": "2030-01-01T00:00:00"},
    ):
        answer = control("POST", "/clock", wrong)
        assert (answer.status_code, "error" in answer.json()) == (400, True)


def test_tokens_can_be_ended(control, octopus):
    control("POST", "/tokens/expire")
    assert octopus.get("bookyears").status_code == 401


def test_switches(control):
    switches = control("GET", "/switches").json()
    assert set(switches) == set(SWITCHES)
    assert switches["quota_status"] == {
        "value": "429",
        "default": "429",
        "values": ["429", "403", "400"],
        "question": "Status when a limit is exceeded",
        "source": "unknown 1",
    }
    assert control("PUT", "/switches", {"text_limit": 30}).json() == {
        "text_limit": "30"
    }
    control("DELETE", "/switches")
    assert control("GET", "/state").json()["switches"] == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"nothing": "on"},
        {"quota": "maybe"},
        {"text_limit": "long"},
        {"text_limit": -1},
        {"quota": "off", "nothing": "on"},
    ],
    ids=str,
)
def test_wrong_switches_are_refused_together(control, wrong):
    answer = control("PUT", "/switches", wrong)
    assert (answer.status_code, "error" in answer.json()) == (400, True)
    assert control("GET", "/state").json()["switches"] == {}


def test_faults(control, octopus):
    control("POST", "/faults", {"kind": "status", "status": 502, "count": 2})
    assert octopus.get("bookyears").status_code == 502
    faults = control("GET", "/faults").json()
    assert [fault["count"] for fault in faults["pending"]] == [1]
    assert faults["met"] == [{"kind": "status", "operation": "getBookyears"}]
    control("DELETE", "/faults")
    assert octopus.get("bookyears").status_code == 200
    for wrong in ({"kind": "flood"}, {}, {"kind": "close", "colour": "red"}):
        assert control("POST", "/faults", wrong).status_code == 400


def test_latency(control, sandbox):
    control("PUT", "/latency", {"ms": 50})
    assert sandbox.world.faults.latency == 0.05
    control("PUT", "/latency", {"ms": 0})


def test_calls_and_violations(control, sandbox, octopus):
    octopus.get("bookyears")
    octopus.get("bookyears", colour="red")
    calls = control("GET", "/calls").json()
    assert calls["counts"]["getBookyears"] == 2
    assert calls["calls"][-1] == {
        "operation": "getBookyears",
        "dossier": demo.MAIN,
        "status": 400,
        "code": None,
    }
    (violation,) = control("GET", "/violations").json()
    assert "colour" in violation["message"]
    control("DELETE", "/violations")
    control("DELETE", "/calls")
    assert (len(sandbox.world.calls), sandbox.violations) == (0, [])


def test_a_changed_password(control, sandbox):
    """X.38."""
    path = f"/logins/{demo.USER}"
    assert control("PUT", path, {"password": "new"}).status_code == 200
    with pytest.raises(requests.HTTPError):
        sandbox.login()
    assert sandbox.login(password="new")
    control("PUT", path, {"web_service": False})
    with pytest.raises(requests.HTTPError):
        sandbox.login(password="new")
    assert control("PUT", "/logins/nobody", {}).status_code == 404
    assert control("PUT", path, {"name": "x"}).status_code == 400


def test_documents(control, octopus):
    octopus.book(attachments=[{"fileName": "a.pdf", "fileData": "AAAA"}])
    rows = control("GET", f"/dossiers/{demo.MAIN}/documents").json()
    by_key = {row["key"]: row for row in rows}
    assert by_key["2/V1/1"]["open"] == "0.00"
    mine = by_key["2/V1/3"]
    assert (mine["open"], mine["amount"]) == ("121.00", "121.0")
    assert mine["attachments"] == [{"name": "a.pdf", "size": 3}]
    assert control("GET", "/dossiers/1/documents").status_code == 404


def test_payments_and_matches(control, octopus, act):
    """What ./dev demo --check judges payments by (issue 4)."""
    path = f"/dossiers/{demo.MAIN}"
    before = control("GET", f"{path}/matches").json()
    octopus.book()
    pays = {"2/V1/3": "21.00"}
    line = {"type": "C", "relation": 1, "amount": "100.00", "pays": pays}
    key = act("pay", journal="F2", date="2026-06-01", lines=[line]).json()["result"]
    [mine] = [
        row for row in control("GET", f"{path}/payments").json() if row["key"] == key
    ]
    assert (mine["amount"], mine["date"]) == ("100.00", "2026-06-01")
    [line] = mine["lines"]
    assert (line["type"], line["relation"], line["reference"]) == ("C", 1, None)
    assert (line["amount"], line["open"]) == ("100.00", "79.00")
    matches = control("GET", f"{path}/matches").json()
    assert [row for row in matches if row not in before] == [
        {"debit": "2/V1/3/-1", "credit": f"{key}/1", "amount": "21.00"}
    ]


def test_unknown_paths(control):
    assert control("GET", "/nothing").status_code == 404
    assert control("DELETE", "/state").status_code == 405


def open_of(control, key):
    rows = control("GET", f"/dossiers/{demo.MAIN}/documents").json()
    return next(row["open"] for row in rows if row["key"] == key)


def test_a_receipt_for_several_documents(control, octopus, act):
    """G.3, X.34: one receipt, two sales, one of them in part."""
    octopus.book()
    octopus.book(documentSequenceNr=4)
    answer = act(
        "pay",
        journal="F1",
        date="2026-06-10",
        lines=[
            {
                "type": "C",
                "relation": 1,
                "amount": "200",
                "reference": "bank",
                "pays": {"2/V1/3": "121.00", "2/V1/4": 79},
            }
        ],
    )
    assert answer.json() == {"result": "2/F1/2"}
    assert (open_of(control, "2/V1/3"), open_of(control, "2/V1/4")) == (
        "0.00",
        "42.00",
    )


@pytest.mark.parametrize(
    "line",
    [
        {"type": "C", "relation": 1, "amount": 10, "pays": {"2/V1/2": 11}},
        {"type": "C", "relation": 3, "amount": 10, "pays": {"2/V1/2": 10}},
        {"type": "C", "relation": 1, "amount": -10, "pays": {"2/V1/2": 10}},
        {"type": "C", "relation": 1, "amount": 900, "pays": {"2/V1/2": 900}},
        {"type": "C", "relation": 1, "amount": 10, "pays": {"2/V1/2": -1}},
    ],
    ids=str,
)
def test_a_refused_payment_leaves_nothing_behind(control, sandbox, act, line):
    before = sandbox.world.audit()
    answer = act("pay", journal="F1", date="2026-06-10", lines=[line])
    assert (answer.status_code, answer.json()["code"]) == (409, -26)
    assert sandbox.world.audit() == before


def test_a_payment_to_a_supplier(control, octopus, act):
    octopus.book(**purchase())
    line = {"type": "S", "relation": 2, "amount": -121, "pays": {"2/A1/2": 121}}
    assert act("pay", journal="F1", date="2026-06-10", lines=[line]).status_code == 200
    assert open_of(control, "2/A1/2") == "0.00"


@pytest.mark.parametrize("sign", ["credit_positive", "debit_positive"])
@pytest.mark.parametrize("key", ["2/V1/2", "2/A1/1"])
def test_a_write_off(control, sandbox, act, key, sign):
    """X.34: the rest of a document goes to an account through a D journal."""
    sandbox.world.set_switches({"divers_sign": sign})
    answer = act("write_off", key=key, account=643000, date="2026-06-10")
    assert answer.json() == {"result": "2/D1/2"}
    assert open_of(control, key) == "0.00"
    again = act("write_off", key=key, account=643000, date="2026-06-10")
    assert again.status_code == 409


def test_unmatch_and_match(control, act):
    pair = {"debit": "2/V1/1", "credit": "2/F1/1/2"}
    assert act("unmatch", **pair).status_code == 200
    assert open_of(control, "2/V1/1") == "302.50"
    assert act("match", **pair, amount="302.50").status_code == 200
    assert act("unmatch_document", key="2/V1/1").json() == {"result": "1"}
    assert open_of(control, "2/V1/1") == "302.50"


def test_the_accountant_books_in_the_same_journal(sandbox, octopus, act):
    """A booking by hand takes the number that a connector counted on."""
    fields = {
        "journal": "V1",
        "date": "2026-06-10",
        "relation": 1,
        "base": "50,00",
        "vat": "10.50",
        "vat_code": "21",
        "account": 700000,
        "comment": "by hand",
    }
    assert act("book", **fields).json() == {"result": "2/V1/3"}
    assert octopus.book().json()["errorCode"] == -13
    credit = act("book", **fields | {"journal": "V2", "credit_note": True})
    assert credit.json() == {"result": "2/V2/1"}
    assert sandbox.books().dossier.bookings[2, "V2", 1].amount < 0


def test_edit_renumber_delete(control, sandbox, octopus, act):
    act("edit", key="2/V1/2", comment="changed", amount="600.80", relation="3")
    booking = sandbox.books().dossier.bookings[2, "V1", 2]
    assert (booking.comment, booking.relation) == ("changed", 3)
    assert sandbox.world.audit()[demo.MAIN]["problems"] == []
    act("renumber", key="2/V1/2", number=7)
    assert act("renumber", key="2/V1/7", number=1).status_code == 409
    assert act("delete_last", bookyear=2, journal="V1").json() == {"result": "2/V1/7"}
    assert act("delete_last", bookyear=2, journal="V2").status_code == 404
    assert act("delete_relation", relation=4).status_code == 200
    assert act("delete_relation", relation=1).status_code == 409
    answer = octopus.get("relations/modified", modifiedTimeStamp=OLD).json()
    assert len(answer["deleted"]) == 1


def test_journals_periods_and_years(octopus, act):
    act("set_journal", bookyear=2, journal="V1", opened_by="An")
    assert octopus.book().json()["errorCode"] == -12
    act("set_journal", bookyear=2, journal="V1", opened_by="")
    act("protect_period", bookyear=2, period=202603)
    assert octopus.book().json()["errorCode"] == -15
    act("protect_period", bookyear=2, period=0)
    act("close_year", bookyear=2)
    assert octopus.book().json()["errorCode"] == -15
    act("close_year", bookyear=2, closed=False)
    assert octopus.book().status_code == 201
    act("disable")
    assert octopus.get("bookyears").status_code == 403


def test_a_new_year_and_a_missing_journal(octopus, act):
    """C.3, X.7."""
    assert act("add_year").json() == {"result": "4"}
    years = octopus.get("bookyears").json()
    assert (years[3]["startDate"], years[3]["endDate"]) == ("2028-01-01", "2028-12-31")
    assert len(octopus.get("bookyears/4/journals").json()) == 8
    assert octopus.get("accounts", bookyearId=4).status_code == 200
    assert act("delete_journal", bookyear=4, journal="V2").status_code == 200
    assert act("delete_journal", bookyear=2, journal="V1").status_code == 409
    answer = octopus.get("journals/modified", modifiedTimeStamp=OLD).json()
    assert answer["deletedJournalList"] == [
        {"bookyearKey": {"id": 4}, "journalTypeCode": "V", "sequenceNumber": 2}
    ]
    values = {"bookyearKey": {"id": 4}, "bookyearPeriodeNr": 202801}
    assert octopus.book(documentSequenceNr=1, **values).status_code == 201
    refused = octopus.book(documentSequenceNr=1, journalKey="V2", **values)
    assert refused.json()["errorCode"] == -10


@pytest.mark.parametrize(
    ("name", "fields", "status"),
    [
        ("dance", {}, 400),
        ("renumber", {"key": "2/V1/1"}, 400),
        ("renumber", {"key": "2/V1/1", "number": 3, "colour": "red"}, 400),
        ("renumber", {"key": "V1/1", "number": 3}, 400),
        ("renumber", {"key": "2/V1/1", "number": "x"}, 400),
        ("renumber", {"key": "2/V1/99", "number": 3}, 404),
        ("close_year", {"bookyear": 9}, 404),
        ("set_journal", {"bookyear": 2, "journal": "V9", "closed": True}, 404),
        ("write_off", {"key": "2/V1/2", "account": 1, "date": "x"}, 400),
        ("match", {"debit": "2/V1/1", "credit": "2/F1/1/2", "amount": "x"}, 400),
    ],
    ids=str,
)
def test_wrong_acts_say_what_is_wrong(act, name, fields, status):
    answer = act(name, **fields)
    assert answer.status_code == status
    assert answer.json()["error"]
