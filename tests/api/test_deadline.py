"""Every call ends by our own deadline, whatever the other side does (X.44, X.23)."""

import shutil
import threading
import time

import pytest

from octopus_connector.api import (
    Attachment,
    OctopusNoTime,
    OctopusNotNow,
    OctopusUnknownOutcome,
    PasswordLogin,
    SoapTransport,
    Timeouts,
    WorkTime,
)
from octopus_connector.api.client import OctopusClient

from .common import PATIENT, Diary, a_booking, client_of, self_signed
from .scripted import ScriptedServer, answer, drip_after

# Each bit of an answer comes long before this is over.
READ = 1.0
TIMEOUTS = Timeouts(connect=1, read=READ, slow=READ)
# Generous: a busy machine must not fail these tests, a held worker must.
SOON = 8.0

HEAD = b"HTTP/1.1 200 X\r\n"
DRIPPING = {
    "first_line": b"HTT",
    "headers": HEAD + b"X-Slow: ",
    "body_of_known_length": HEAD + b"Content-Length: 100000\r\n\r\n[",
    "body_until_the_end": HEAD + b"\r\n[",
    "body_of_a_closed_line": HEAD + b"Connection: close\r\n\r\n[",
}


def dossier_of(server, **options):
    return client_of(server.url, **options).dossier(49555)


@pytest.mark.parametrize("start", DRIPPING.values(), ids=DRIPPING)
def test_a_dripping_answer_ends(start):
    """The timeout of a socket begins anew with each byte; ours does not."""
    with ScriptedServer(drip_after(start)) as server:
        dossier = dossier_of(server, timeouts=TIMEOUTS)
        started = time.monotonic()
        with pytest.raises(OctopusNotNow) as caught:
            dossier.bookyears()
        assert time.monotonic() - started < SOON
        assert "too long" in caught.value.technical


@pytest.mark.parametrize("start", DRIPPING.values(), ids=DRIPPING)
def test_x23_a_dripping_answer_to_a_write_is_unknown(start):
    with ScriptedServer(drip_after(start)) as server:
        dossier = dossier_of(server, timeouts=TIMEOUTS)
        started = time.monotonic()
        with pytest.raises(OctopusUnknownOutcome):
            dossier.insert_booking(a_booking())
        assert time.monotonic() - started < SOON
        assert len(server.documents) == 1


def test_a_server_that_takes_a_request_slowly_ends():
    """What is sent has an end, too: a big file does not hold a worker for ever."""
    with ScriptedServer(answer(200, []), answer(201)) as server:
        dossier = dossier_of(server, timeouts=PATIENT, work_time=time_of(8))
        dossier.vat_codes()  # tokens are there now
        server.reading_pause = 20  # before each block of what is sent
        files = [Attachment(name="bill.pdf", content=bytes(20_000_000))]
        started = time.monotonic()
        with pytest.raises(OctopusUnknownOutcome):
            dossier.insert_booking(a_booking(), attachments=files)
        assert time.monotonic() - started < 8 + SOON


def test_soap_a_dripping_answer_ends():
    with ScriptedServer(
        drip_after(HEAD + b"Content-Length: 100000\r\n\r\n<")
    ) as server:
        url = f"http://127.0.0.1:{server.port}/soap"
        transport = SoapTransport(url, PasswordLogin("h", "u", "p"), timeouts=TIMEOUTS)
        started = time.monotonic()
        with OctopusClient(transport) as client, pytest.raises(OctopusNotNow):
            client.dossiers()
        assert time.monotonic() - started < SOON


def test_a_line_that_was_cut_is_not_used_again():
    with ScriptedServer(drip_after(HEAD), answer(200, [])) as server:
        dossier = dossier_of(server, timeouts=TIMEOUTS)
        with pytest.raises(OctopusNotNow):
            dossier.bookyears()
        assert dossier.vat_codes() == []


def test_a_line_stays_open_between_calls():
    """An exchange that was in time is not cut when its time would have been over."""
    timeouts = Timeouts(connect=1, read=0.4, slow=0.4)
    with ScriptedServer(*[answer(200, [])] * 3) as server:
        dossier = dossier_of(server, timeouts=timeouts)
        for _call in range(3):
            assert dossier.vat_codes() == []
            time.sleep(1)
        assert server.connections == 1


def test_one_thread_watches_all_calls_and_ends_with_the_client():
    before = set(threading.enumerate())
    with ScriptedServer(*[answer(200, [])] * 4) as server:
        client = client_of(server.url, timeouts=PATIENT)
        dossier = client.dossier(49555)
        serving = set(threading.enumerate()) - before
        started = set()
        for _call in range(4):
            dossier.vat_codes()
            started |= {it for it in threading.enumerate() if _is_watch(it)}
        client.close()
        [watch] = started - before - serving
        watch.join(SOON)
        assert not watch.is_alive()


def test_a_thread_that_had_nothing_to_watch_is_followed_by_another():
    """It ends when its time comes between two calls; the next call has an end, too."""
    with ScriptedServer(answer(200, []), drip_after(HEAD)) as server:
        dossier = dossier_of(server, timeouts=TIMEOUTS)
        dossier.vat_codes()
        time.sleep(2 * READ + 1)
        assert not any(_is_watch(it) for it in threading.enumerate())
        started = time.monotonic()
        with pytest.raises(OctopusNotNow):
            dossier.bookyears()
        assert time.monotonic() - started < SOON


def _is_watch(thread):
    return "_cut_late" in thread.name


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_tls_can_be_cut(tls_server):
    """The socket below TLS is the one that is shut."""
    server, session_verify = tls_server
    server.script[:] = [drip_after(HEAD)]
    client = client_of(f"https://127.0.0.1:{server.port}/rest/v1", timeouts=TIMEOUTS)
    client._transport._wire._session.verify = session_verify
    started = time.monotonic()
    with client, pytest.raises(OctopusNotNow) as caught:
        client.dossier(49555).bookyears()
    assert time.monotonic() - started < SOON
    assert "too long" in caught.value.technical
    assert len(server.documents) == 1


@pytest.fixture
def tls_server(tmp_path):
    context, certificate = self_signed(tmp_path)
    with ScriptedServer() as server:
        server.wrap(context)
        yield server, str(certificate)


# The time of who calls


def time_of(seconds):
    return WorkTime(ends=time.monotonic() + seconds, whole=seconds)


def test_no_call_outlives_the_time_of_who_calls():
    with ScriptedServer(drip_after(HEAD)) as server:
        dossier = dossier_of(server, timeouts=PATIENT, work_time=time_of(2))
        started = time.monotonic()
        with pytest.raises(OctopusNotNow):
            dossier.bookyears()
        assert time.monotonic() - started < 2 + SOON


def test_without_time_nothing_is_sent_or_counted():
    diary = Diary()
    over = WorkTime(ends=time.monotonic() + 5, whole=90)
    with ScriptedServer() as server:
        dossier = dossier_of(server, observer=diary, work_time=over)
        for call in (
            dossier.bookyears,
            dossier.relations,
            lambda: dossier.insert_booking(a_booking()),
        ):
            with pytest.raises(OctopusNoTime):
                call()
        assert server.requests == []
    assert diary.operations == []


def test_soap_without_time_nothing_is_sent():
    over = WorkTime(ends=time.monotonic(), whole=90)
    with ScriptedServer() as server:
        url = f"http://127.0.0.1:{server.port}/soap"
        login = PasswordLogin("h", "u", "p")
        with OctopusClient(SoapTransport(url, login, work_time=over)) as client:
            with pytest.raises(OctopusNotNow):
                client.dossiers()
        assert server.requests == []


@pytest.mark.parametrize(
    "left, whole, patience, allowed",
    [
        (90, 90, 180, True),  # fresh: a later one will not have more
        (46, 90, 180, True),
        (44, 90, 180, False),
        (31, 90, 30, True),
        (29, 90, 30, False),
        (0.1, 0.1, 30, False),
        (float("inf"), float("inf"), 180, True),
    ],
)
def test_which_call_may_begin(left, whole, patience, allowed):
    work_time = WorkTime(ends=time.monotonic() + left, whole=whole)
    assert work_time.allows(patience) is allowed
