"""The accountant's page, without a browser (issue 2 §2)."""

import re
from decimal import Decimal

import pytest
import requests

from octopus_sandbox.control.html import h, join, table
from octopus_sandbox.seed import demo

from .client import purchase

FILE = {"fileName": "a <b>.pdf", "fileData": "JVBERi0="}
DOSSIER = f"/dossier/{demo.MAIN}"


@pytest.fixture
def page(sandbox):
    """``page(path)`` gives the HTML of a screen."""

    def get(path):
        response = requests.get(sandbox.address + path, timeout=10)
        assert response.status_code == 200, response.text
        return response.text

    return get


@pytest.fixture
def send(sandbox):
    """``send(path, **fields)`` sends a form; gives (message, was it wrong)."""

    def post(path, **fields):
        response = requests.post(
            sandbox.address + path, data=fields, timeout=10, allow_redirects=False
        )
        assert response.status_code == 303
        location = response.headers["Location"]
        assert location.startswith(fields.get("back", "/"))
        text = requests.utils.unquote(location.partition("said=")[2])
        return text.removesuffix("&wrong=1"), text.endswith("&wrong=1")

    return post


def act(send, name, **fields):
    return send(f"/act/{demo.MAIN}/{name}", back=f"{DOSSIER}/journals", **fields)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/settings",
        "/log",
        "/style.css",
        f"{DOSSIER}/journals",
        f"{DOSSIER}/journals?year=1",
        f"{DOSSIER}/bookings",
        f"{DOSSIER}/bookings?year=3&journal=D1",
        f"{DOSSIER}/relations",
        f"{DOSSIER}/open",
        f"{DOSSIER}/documents/2/V1/1",
        f"{DOSSIER}/documents/2/F1/1",
    ],
)
def test_every_screen_shows(page, path):
    text = page(path)
    assert "generator object" not in text and "None" not in text


@pytest.mark.parametrize(
    "path", ["/nothing", "/dossier/1/journals", f"{DOSSIER}/documents/2/V1/99"]
)
def test_what_is_not_there_is_404(sandbox, path):
    assert requests.get(sandbox.address + path, timeout=10).status_code == 404


def test_the_first_screen_tells_how_to_come_in(sandbox, page):
    text = page("/")
    for word in (demo.SOFTWARE_HOUSE, demo.USER, demo.PASSWORD, sandbox.url):
        assert word in text


def test_a_booking_shows_its_lines_ledger_and_files(sandbox, octopus, page):
    octopus.book(attachments=[FILE], comment="<script>")
    text = page(f"{DOSSIER}/documents/2/V1/3")
    assert "&lt;script&gt;" in text and "<script>" not in text
    for word in ("Sales of goods", "Trade debtors", "VAT payable", "a &lt;b&gt;.pdf"):
        assert word in text
    response = requests.get(f"{sandbox.address}{DOSSIER}/files/2/V1/3/0", timeout=10)
    assert response.content == b"%PDF-"
    missing = f"{sandbox.address}{DOSSIER}/files/2/V1/3/1"
    assert requests.get(missing, timeout=10).status_code == 404


def pay(send, *keys, path="/pay/71001", **fields):
    values = {"journal": "F1", "date": "2026-06-10", "type": "C"} | fields
    amounts = {f"amount {key}": amount for key, amount in keys}
    picks = {"pick": [key for key, _amount in keys]}
    return send(path, back=f"{DOSSIER}/open", **values, **amounts, **picks)


def open_of(sandbox, *key):
    matching = sandbox.books().matching
    items = {item.key: item for item in matching.items()}
    return matching.open_amount(items[(*key, -1)])


def test_receive_a_payment_for_several_documents(sandbox, octopus, page, send):
    """G.3: whole, in part, and a credit note, in one booking."""
    octopus.book()
    octopus.book(documentSequenceNr=4)
    octopus.book(documentSequenceNr=5, amount=-121.0)
    assert "2/V1/3" in page(f"{DOSSIER}/open")
    said, wrong = pay(
        send, ("2/V1/3", "121.00"), ("2/V1/4", "21,00"), ("2/V1/5", "121.00")
    )
    assert (said, wrong) == ("Booked as 2/F1/2 and matched", False)
    booking = sandbox.books().dossier.financial_bookings[2, "F1", 2]
    assert [line.amount for line in booking.lines] == [142, -121]
    assert [open_of(sandbox, 2, "V1", n) for n in (3, 4, 5)] == [0, 100, 0]


def test_what_is_paid_too_much_stays_open(sandbox, octopus, send):
    """X.35."""
    octopus.book()
    pay(send, ("2/V1/3", "121.00"), surplus="9.00")
    booking = sandbox.books().dossier.financial_bookings[2, "F1", 2]
    assert booking.total == 130
    (item,) = [
        i
        for i in sandbox.books().matching.open_items()
        if i.key.number == 2 and i.key.journal == "F1"
    ]
    assert sandbox.books().matching.open_amount(item) == 9


def test_pay_a_supplier(sandbox, octopus, send):
    octopus.book(**purchase())
    said, _wrong = pay(send, ("2/A1/2", "121.00"), type="S", reference="thanks")
    assert said == "Booked as 2/F1/2 and matched"
    line = sandbox.books().dossier.financial_bookings[2, "F1", 2].lines[0]
    assert (line.amount, line.reference) == (Decimal(-121), "thanks")


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ((), "Choose at least one"),
        ((("2/V1/2", "900"),), "less open"),
        ((("2/V1/2", "x"),), "not an amount"),
        ((("2/V1/99", "1"),), "gone"),
    ],
    ids=str,
)
def test_a_wrong_payment_is_explained(send, keys, text):
    said, wrong = pay(send, *keys)
    assert wrong and text in said


def test_undo_and_write_off(sandbox, send):
    _said, wrong = act(send, "unmatch", debit="2/V1/1", credit="2/F1/1/2")
    assert not wrong and open_of(sandbox, 2, "V1", 1) == Decimal("302.50")
    act(send, "write_off", key="2/V1/1", account="643000", date="2026-06-10")
    assert open_of(sandbox, 2, "V1", 1) == 0


def test_journals_are_opened_closed_and_cut(sandbox, octopus, page, send):
    act(send, "set_journal", bookyear=2, journal="V1", opened_by="An")
    assert "open at An" in page(f"{DOSSIER}/journals")
    assert octopus.book().status_code == 403
    act(send, "set_journal", bookyear=2, journal="V1", opened_by="")
    assert octopus.book().status_code == 201
    said, _wrong = act(send, "delete_last", bookyear=2, journal="V1")
    assert said == "delete_last: 2/V1/3"
    act(send, "set_journal", bookyear=2, journal="V1", closed="yes")
    assert ">closed<" in page(f"{DOSSIER}/journals")
    act(send, "set_journal", bookyear=2, journal="V1", closed="no")
    act(send, "protect_period", bookyear=2, period=202606)
    act(send, "close_year", bookyear=2, closed="yes")
    assert sandbox.books().dossier.bookyears[2].closed


def test_a_document_is_entered_edited_and_renumbered(sandbox, send):
    said, _wrong = act(
        send,
        "book",
        journal="V1",
        date="2026-06-10",
        relation=1,
        account=700000,
        base="10",
        vat_code="21",
        vat="2.10",
        comment="by hand",
        credit_note="no",
    )
    assert said == "book: 2/V1/3"
    act(send, "edit", key="2/V1/3", comment="edited", amount="24.20")
    act(send, "renumber", key="2/V1/3", number=8)
    booking = sandbox.books().dossier.bookings[2, "V1", 8]
    assert (booking.comment, booking.amount) == ("edited", Decimal("24.20"))
    assert sandbox.books().audit().kinds() == ["gap"]


def test_a_refusal_is_shown(page, send):
    said, wrong = act(send, "delete_relation", relation=1)
    assert wrong and "has bookings" in said
    assert "has bookings" in page(f"{DOSSIER}/relations?said={said}&wrong=1")


def test_clock_switches_faults_latency_and_logins(sandbox, octopus, page, send):
    send("/do/clock", step="minutes=11", back="/")
    assert octopus.get("bookyears").status_code == 401
    assert "15/06/2026 11:11" in page("/")
    send("/do/switches", merge_missing="blank", quota="on", back="/settings")
    assert sandbox.world.switches.changed() == {"merge_missing": "blank"}
    send(
        "/do/fault",
        kind="status",
        operation="*",
        when="before",
        count="1",
        skip="0",
        status="502",
        seconds="1",
        back="/settings",
    )
    assert "status" in page("/settings")
    assert octopus.get("bookyears").status_code == 502
    send("/do/latency", ms="1", back="/settings")
    assert sandbox.world.faults.latency == 0.001
    send("/do/login", user=demo.USER, password="new", web_service="no", back="/")
    assert sandbox.world.state.logins[demo.USER].password == "new"
    for name in ("clear_faults", "expire_tokens", "clear_violations", "reset"):
        assert send(f"/do/{name}", back="/settings") == ("Done", False)
    assert sandbox.world.state.logins[demo.USER].password == demo.PASSWORD


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/do/nothing", {}),
        ("/do/switches", {"quota": "maybe"}),
        ("/do/clock", {"step": "days=-1"}),
        ("/do/fault", {"kind": "close", "count": "x"}),
        ("/act/1/close_year", {"bookyear": "2"}),
        ("/act/71001/edit", {"key": "nonsense"}),
    ],
    ids=str,
)
def test_a_wrong_form_is_explained(send, path, fields):
    said, wrong = send(path, back="/settings", **fields)
    assert wrong and said


def test_a_form_only_leads_back_into_the_page(sandbox):
    for back in ("https://elsewhere.example", "//elsewhere.example"):
        response = requests.post(
            f"{sandbox.address}/do/clear_faults",
            data={"back": back},
            timeout=10,
            allow_redirects=False,
        )
        assert response.headers["Location"].startswith("/?said=")


def test_the_log_shows_calls_violations_and_audit(sandbox, octopus, page):
    octopus.get("bookyears", colour="red")
    sandbox.books().dossier.bookings[2, "V1", 2].amount += 1
    text = page("/log")
    assert "getBookyears" in text and "colour" in text
    assert "2/V1/2: 581.80, lines 580.80" in text
    sandbox.expect_violation("colour")


def test_html_escapes_and_nests():
    assert h.a("<b>", href='"', class_="x", hidden=True, id=None) == (
        '<a href="&#34;" class="x" hidden>&lt;b&gt;</a>'
    )
    assert join("a", ["b", ("c", None)], (word for word in "de")) == "abcde"
    assert h.input(name="x") == '<input name="x">'
    assert re.search("<th>A</th>.*<td>1</td>", table(["A"], [["1"]]))
