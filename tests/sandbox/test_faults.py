"""Faults on demand, on real sockets (issue 2 §2; X.4, X.23, X.39, X.44)."""

import socket
import struct
import threading
import time
from urllib.parse import urlsplit

import pytest
import requests

from octopus_sandbox.faults import KINDS
from octopus_sandbox.seed import demo
from octopus_sandbox.testing import Sandbox

from .client import Caller, sale
from .conftest import frozen_seed

INSERT = "insertBuySellBooking"


def booked(sandbox):
    return (2, "V1", 3) in sandbox.books().dossier.bookings


@pytest.mark.parametrize(("when", "processed"), [("before", False), ("after", True)])
@pytest.mark.parametrize("kind", ["close", "reset"])
def test_a_cut_connection(sandbox, octopus, kind, when, processed):
    """X.23: the caller cannot know whether it was booked."""
    sandbox.world.faults.add(kind, operation=INSERT, when=when)
    with pytest.raises(requests.ConnectionError):
        octopus.book()
    assert booked(sandbox) == processed
    response = octopus.book()
    assert response.status_code == (400 if processed else 201)


@pytest.mark.parametrize(("when", "processed"), [("before", False), ("after", True)])
def test_no_answer(sandbox, octopus, when, processed):
    sandbox.world.faults.add("hang", operation=INSERT, when=when)
    with pytest.raises(requests.ReadTimeout):
        octopus.call(
            "POST",
            "buysellbookings",
            json={"buySellBookingServiceData": sale()},
            timeout=0.2,
        )
    assert booked(sandbox) == processed


def test_a_hanging_call_ends_when_the_faults_are_cleared(sandbox, octopus):
    sandbox.world.faults.add("hang")
    threading.Timer(0.1, sandbox.world.faults.clear).start()
    start = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        octopus.get("bookyears")
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize(("when", "processed"), [("before", False), ("after", True)])
def test_an_error_page(sandbox, octopus, status, when, processed):
    sandbox.world.faults.add("status", operation=INSERT, status=status, when=when)
    response = octopus.book()
    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")
    assert booked(sandbox) == processed


@pytest.mark.parametrize(("when", "processed"), [("before", False), ("after", True)])
def test_a_page_instead_of_json(sandbox, octopus, when, processed):
    sandbox.world.faults.add("html", operation=INSERT, when=when)
    response = octopus.book()
    assert (response.status_code, response.text[:5]) == (200, "<html")
    assert booked(sandbox) == processed


def test_half_an_answer(sandbox, octopus):
    sandbox.world.faults.add("truncated", operation="getBookyears")
    with pytest.raises(
        (requests.exceptions.ChunkedEncodingError, requests.ConnectionError)
    ):
        octopus.get("bookyears")
    assert octopus.get("bookyears").status_code == 200


def test_an_expired_token_in_the_middle(sandbox, octopus):
    """X.39: a 401 was not processed."""
    sandbox.world.faults.add("expired_token", operation=INSERT)
    assert octopus.book().status_code == 401
    assert not booked(sandbox)
    assert octopus.book().status_code == 201


def test_a_journal_that_is_open_elsewhere(sandbox, octopus):
    """X.4."""
    sandbox.world.faults.add("journal_open", operation=INSERT)
    response = octopus.book()
    assert (response.status_code, response.json()["errorCode"]) == (403, -12)
    assert octopus.book().status_code == 201


def test_a_limit_that_is_reached(sandbox, octopus):
    sandbox.world.faults.add("quota", operation=INSERT)
    assert octopus.book().status_code == 429
    assert octopus.book().status_code == 201


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_slow_answer(sandbox, octopus, when):
    """X.44."""
    sandbox.world.faults.add("slow", seconds=0.2, when=when)
    start = time.monotonic()
    assert octopus.get("bookyears").status_code == 200
    assert time.monotonic() - start >= 0.2


def test_a_late_answer_comes_when_faults_are_cleared(sandbox, octopus):
    """So that a call can be held for as long as something else is looked at."""
    faults = sandbox.world.faults
    faults.add("slow", seconds=60)
    timer = threading.Timer(0.2, faults.clear)
    timer.start()
    start = time.monotonic()
    assert octopus.get("bookyears").status_code == 200
    assert 0.1 < time.monotonic() - start < 30


def test_a_caller_that_is_gone_before_its_answer(sandbox, octopus):
    """A killed worker (X.23) is no mistake of the sandbox, which the fixture would
    find among the violations; the next caller has its answer."""
    sandbox.world.faults.add("slow", seconds=0.2)
    address = urlsplit(octopus.base)
    head = f"GET {address.path}/accounts?bookyearId=2 HTTP/1.1\r\nHost: octopus\r\n"
    token = octopus.session.headers["dossierToken"]
    with socket.create_connection((address.hostname, address.port)) as caller:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        caller.sendall(f"{head}dossierToken: {token}\r\n\r\n".encode())
        deadline = time.monotonic() + 10
        while not sandbox.world.faults.met and time.monotonic() < deadline:
            time.sleep(0.01)
    assert sandbox.world.faults.met
    time.sleep(0.4)
    answer = octopus.get("accounts", bookyearId=2)
    # Longer than what a server writes in one piece.
    assert answer.status_code == 200 and len(answer.content) > 8192


def test_latency_of_every_answer(sandbox, octopus):
    sandbox.world.faults.latency = 0.1
    start = time.monotonic()
    octopus.get("bookyears")
    assert time.monotonic() - start >= 0.1


def test_faults_wait_for_their_operation_and_turn(sandbox, octopus):
    sandbox.world.faults.add("status", operation="getVatCodes", status=500)
    sandbox.world.faults.add("status", skip=1, count=2, status=502)
    statuses = [octopus.get("bookyears").status_code for _call in range(4)]
    assert statuses == [200, 502, 502, 200]
    assert octopus.get("vatcodes").status_code == 500
    assert sandbox.world.faults.pending() == []
    assert sandbox.world.faults.met == [
        ("status", "getBookyears"),
        ("status", "getBookyears"),
        ("status", "getVatCodes"),
    ]


def test_a_fault_of_another_dossier_waits(sandbox, octopus):
    sandbox.world.faults.add("status", dossier=1)
    assert octopus.get("bookyears").status_code == 200
    assert len(sandbox.world.faults.pending()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "flood"},
        {"kind": "hang", "when": "never"},
        {"kind": "hang", "count": 0},
    ],
    ids=str,
)
def test_a_fault_that_does_not_exist_is_refused(sandbox, wrong):
    with pytest.raises(ValueError):
        sandbox.world.faults.add(**wrong)


def test_every_kind_is_explained():
    assert all(KINDS.values())


def test_connections_are_kept_alive(sandbox, octopus):
    """One connection for many calls; a closed one would show as another port."""
    octopus.get("bookyears")
    pool = octopus.session.get_adapter(octopus.base).poolmanager
    for _call in range(5):
        octopus.get("bookyears")
        octopus.book(documentSequenceNr=99)
    (only,) = [pool.pools[key] for key in pool.pools.keys()]
    assert only.num_connections == 1


def test_a_stopped_sandbox_can_start_again_on_its_port():
    """X.44: the service goes away in the middle of a session, and comes back."""
    sandbox = Sandbox(frozen_seed).start()
    octopus = Caller(sandbox)
    assert octopus.book().status_code == 201
    sandbox.stop()
    with pytest.raises(requests.ConnectionError):
        octopus.get("bookyears")
    sandbox.start()
    assert octopus.get("bookyears").status_code == 200
    assert booked(sandbox)
    sandbox.stop()


def test_a_caller_that_is_killed_in_the_middle_of_a_request_is_no_mistake(sandbox):
    address = urlsplit(sandbox.url)
    lines = (
        f"POST {address.path}/authentication HTTP/1.1",
        f"softwareHouseUuid: {demo.SOFTWARE_HOUSE}",
        "Content-Type: application/json",
        "Content-Length: 100",
        "",
        "half",
    )
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall("\r\n".join(lines).encode())
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    assert sandbox.violations == []
