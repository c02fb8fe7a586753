"""The sink that the addons of others send to, and what is pinned of them (issue 14)."""

import json
import re
from pathlib import Path

import pytest
import requests

from benchmarks.figures import Figure
from benchmarks.peers_sink import Sink, names_of_documents, peppol_answer

LOCK = Path(__file__).resolve().parents[2] / "benchmarks" / "peers.lock"


def upload(sink, body):
    """Send a body as account_invoice_export does."""
    file = ("booking.json", body.encode(), "application/json")
    return requests.post(sink.url, files={"file": file}, timeout=10)


def test_a_lost_answer_leaves_its_document_in_the_books():
    with Sink() as sink:
        sink.lose_answer(2)
        assert upload(sink, "first").json() == {"booked": True}
        with pytest.raises(requests.ConnectionError):
            upload(sink, "second")
        assert upload(sink, "third").ok
        assert sink.twice() == 0
        assert upload(sink, "second").ok
        assert dict(sink.books) == {"first": 1, "second": 2, "third": 1}
        assert sink.twice() == 1


def test_a_loss_is_planned_for_books_that_are_opened_anew():
    with Sink() as sink:
        assert upload(sink, "body").ok
        assert upload(sink, "body").ok
        assert sink.twice() == 1
        sink.lose_answer(9)
        assert sink.twice() == 0


def test_documents_of_one_call_are_lost_together():
    call = {"params": {"documents": [{"filename": "a.xml"}, {"filename": "b.xml"}]}}
    with Sink(names_of_documents, peppol_answer) as sink:
        sink.lose_answer(1)
        with pytest.raises(requests.ConnectionError):
            requests.post(sink.url, json=call, timeout=10)
        answer = requests.post(sink.url, json=call, timeout=10).json()
        assert len(answer["result"]["messages"]) == 2
        assert sink.twice() == 2


@pytest.mark.parametrize(("value", "met"), [(5, True), (4.9, False)])
def test_a_figure_that_may_not_be_lower_says_so(value, met):
    figure = Figure("speed", value, "times", 5, at_least=True)
    assert json.loads(figure.as_json())["met"] is met
    assert "at least 5" in figure.as_text()


def test_what_is_installed_of_others_is_pinned_and_names_no_registry():
    text = LOCK.read_text()
    pins = [it for it in text.replace("\\\n", " ").splitlines() if it[:1] not in "#"]
    assert pins
    for pin in pins:
        assert re.match(r"[\w-]+==[\d.]+ +--hash=sha256:[0-9a-f]{64}", pin), pin
    assert "://" not in text
    assert "index-url" not in text
