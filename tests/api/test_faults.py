"""What each failure of the wire means (X.23, X.44, architecture.md §6)."""

import shutil
import socket
import time
from contextlib import contextmanager

import pytest

from octopus_connector.api import (
    Attachment,
    Kind,
    OctopusAccessError,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusJournalLocked,
    OctopusMissing,
    OctopusNotNow,
    OctopusProtocolError,
    OctopusQuotaError,
    OctopusRefused,
    OctopusUnknownOutcome,
    Timeouts,
)
from octopus_connector.api.wire import NoAnswer

from .common import (
    IMPATIENT,
    SINCE,
    Diary,
    a_booking,
    a_receipt,
    client_of,
    self_signed,
)
from .scripted import (
    ScriptedServer,
    answer,
    cut_off,
    drip,
    hang_up,
    html,
    raw,
    reset,
    silence,
)

NO_WHOLE_ANSWER = {
    "silence": silence,
    "hang_up": hang_up,
    "reset": reset,
    "cut_off": cut_off(),
    "no_http": raw(b"\x00\x01garbage\r\n\r\n"),
    "half_a_header": raw(b"HTTP/1.1 20"),
    "broken_chunk": raw(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "drip": drip,
}
NOT_UNDERSTOOD = {
    "html": html(200),
    "not_json": answer(200, b"[1, 2"),
    "nan": answer(200, b'[{"code": NaN}]'),
    "another_shape": answer(200, {"surprise": True}),
    "redirect": answer(302, b"", headers=["Location: http://127.0.0.1:9/x"]),
    "strange_404": html(404),
    "deep": answer(200, b"[" * 100_000),
}
SERVER_IN_TROUBLE = {
    "500": answer(500, b""),
    "500_text": answer(500, {"technicalInfo": "Invalid elements"}),
    "502": html(502),
    "503": html(503),
    "504": html(504),
    "408": html(408),
}


@contextmanager
def dossier_on(*script, **options):
    with ScriptedServer(*script) as server, client_of(server.url, **options) as client:
        yield server, client.dossier(49555)


@pytest.mark.parametrize("act", NO_WHOLE_ANSWER.values(), ids=NO_WHOLE_ANSWER)
def test_read_without_answer_is_not_now(act):
    with dossier_on(act, timeouts=IMPATIENT) as (server, dossier):
        with pytest.raises(OctopusNotNow) as caught:
            dossier.bookyears()
        assert caught.value.technical and caught.value.http_status is None
        assert len(server.documents) == 1


@pytest.mark.parametrize("act", NO_WHOLE_ANSWER.values(), ids=NO_WHOLE_ANSWER)
def test_write_without_answer_is_unknown(act):
    """X.23: never *failed*, never repeated."""
    with dossier_on(act, timeouts=IMPATIENT) as (server, dossier):
        with pytest.raises(OctopusUnknownOutcome) as caught:
            dossier.insert_booking(a_booking())
        assert caught.value.operation == "insert_booking"
        assert len(server.documents) == 1


@pytest.mark.parametrize("act", NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD)
def test_read_that_is_not_understood(act):
    with dossier_on(act) as (server, dossier):
        with pytest.raises(OctopusProtocolError):
            dossier.vat_codes()
        assert len(server.documents) == 1


@pytest.mark.parametrize(
    "act",
    [
        html(200),
        html(201),
        answer(201, b"<p>Welcome</p>", "text/plain"),
        answer(200),
        answer(200, {"status": "ok"}),
        answer(202),
        answer(302, b""),
        html(404),
        answer(201, b"[1"),
    ],
)
def test_write_that_is_not_understood_is_unknown(act):
    """X.23"""
    with dossier_on(act) as (_server, dossier):
        with pytest.raises(OctopusUnknownOutcome):
            dossier.insert_booking(a_booking())


@pytest.mark.parametrize("act", SERVER_IN_TROUBLE.values(), ids=SERVER_IN_TROUBLE)
def test_server_in_trouble(act):
    """X.44: a read comes back later; of a write nothing is known."""
    with dossier_on(act, act) as (server, dossier):
        with pytest.raises(OctopusNotNow):
            dossier.bookyears()
        with pytest.raises(OctopusUnknownOutcome) as caught:
            dossier.insert_booking(a_booking())
        assert caught.value.http_status in (408, 500, 502, 503, 504)
        assert len(server.documents) == 2


def test_invalid_elements_keep_the_technical_text():
    act = answer(500, {"technicalInfo": "Invalid elements in the passed object"})
    with dossier_on(act) as (_server, dossier):
        with pytest.raises(OctopusUnknownOutcome) as caught:
            dossier.insert_booking(a_booking())
        assert caught.value.technical == "Invalid elements in the passed object"


def test_500_with_a_return_code_is_octopus_saying_no():
    act = answer(500, {"errorCode": -21, "errorMessage": "Onbekende rekening"})
    with dossier_on(act) as (_server, dossier):
        with pytest.raises(OctopusRefused) as caught:
            dossier.insert_booking(a_booking())
        assert caught.value.code == -21


# Failures before anything is sent


def test_refused_connection_is_not_now_even_for_a_write():
    """Nothing was sent: the write is certainly not done."""
    with ScriptedServer(answer(200, []), answer(201)) as server:
        client = client_of(server.url)
        dossier = client.dossier(1)
        dossier.vat_codes()  # tokens are there now
    with client, pytest.raises(OctopusNotNow) as caught:
        client._transport._wire._session.close()
        dossier.insert_booking(a_booking())
    assert "refused" in caught.value.technical


@contextmanager
def self_signed_server(folder):
    context, _certificate = self_signed(folder)
    with ScriptedServer() as server:
        server.wrap(context)
        yield server.port


def test_unknown_host_is_not_now():
    with client_of("https://no-such-host.invalid/v1") as client:
        with pytest.raises(OctopusNotNow) as caught:
            client.dossiers()
    assert "no-such-host" not in caught.value.technical


def test_server_that_does_not_accept_is_not_now():
    """Connect timeout: the backlog of a listening socket is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        fillers = [socket.socket() for _index in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        started = time.monotonic()
        url = f"http://127.0.0.1:{address[1]}/v1"
        with client_of(url, timeouts=IMPATIENT) as client:
            with pytest.raises(OctopusNotNow) as caught:
                client.version()
        assert 1 <= time.monotonic() - started < 5
        assert "ConnectTimeout" in caught.value.technical
        for filler in fillers:
            filler.close()


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
def test_certificate_that_is_not_trusted_is_not_now(tmp_path):
    """The handshake ends before the request: nothing was sent."""
    with self_signed_server(tmp_path) as port:
        with client_of(f"https://127.0.0.1:{port}/v1") as client:
            with pytest.raises(NoAnswer) as caught:
                client._transport._wire.send("POST", "/x", {}, b"{}")
    assert not caught.value.sent
    assert "SSLCertVerificationError" in caught.value.technical


def test_closed_kept_alive_connection_proves_nothing():
    """The server answers, then hangs up on the next request: unknown for a write."""
    with dossier_on(answer(200, []), hang_up) as (_server, dossier):
        dossier.vat_codes()
        with pytest.raises(OctopusUnknownOutcome):
            dossier.insert_booking(a_booking())


def test_one_connection_is_kept():
    with dossier_on(*[answer(200, [])] * 5) as (server, dossier):
        for _index in range(5):
            dossier.vat_codes()
        assert (len(server.requests), server.connections) == (7, 1)


# Time


def test_timeouts_are_ours_and_set():
    """Reads wait as long as told, feeds longer (anchors.md §2.3)."""
    timeouts = Timeouts(connect=1, read=0.5, slow=1.5)
    with dossier_on(silence, silence, timeouts=timeouts) as (_server, dossier):
        started = time.monotonic()
        with pytest.raises(OctopusNotNow):
            dossier.bookyears()
        middle = time.monotonic()
        with pytest.raises(OctopusNotNow):
            dossier.relations()
        end = time.monotonic()
    assert 0.5 <= middle - started < 1.5
    assert 1.5 <= end - middle


def test_default_timeouts():
    assert Timeouts() == (5, 30, 180)


def test_big_attachment_may_leave_slowly():
    """A connect timeout must not end the sending of a big file (X.48)."""
    with ScriptedServer(answer(201)) as server:
        server.reading_pause = 0.03
        timeouts = Timeouts(connect=0.2, read=2, slow=2)
        with client_of(server.url, timeouts=timeouts) as client:
            files = [Attachment(name="bill.pdf", content=bytes(6_000_000))]
            client.dossier(1).insert_booking(a_booking(), attachments=files)
        assert len(server.documents[0].body) > 8_000_000


def test_answer_that_is_too_big():
    with dossier_on(answer(200, [{"code": "21"}] * 100)) as (_server, dossier):
        dossier._transport._wire._max_answer = 500
        with pytest.raises(OctopusNotNow) as caught:
            dossier.vat_codes()
        assert "too big" in caught.value.technical


# What a proper answer means


def refusal(status, code=None, technical="", message=""):
    payload = {"errorCode": code, "technicalInfo": technical, "errorMessage": message}
    return answer(status, {key: value for key, value in payload.items() if value})


@pytest.mark.parametrize(
    "act, error, code",
    [
        (refusal(400, -13, "Illegal document seq Nr."), OctopusRefused, -13),
        (refusal(400, -14), OctopusRefused, -14),
        (refusal(400, -999), OctopusRefused, -999),
        (refusal(403), OctopusJournalLocked, None),
        (answer(403, b""), OctopusJournalLocked, None),
        (html(403), OctopusJournalLocked, None),
        (refusal(403, -12), OctopusJournalLocked, -12),
        (refusal(403, -11), OctopusRefused, -11),
        (refusal(403, -5), OctopusAccessError, -5),
        (refusal(400, -51), OctopusNotNow, -51),
        (refusal(400, -79), OctopusInvalidRequest, -79),
        (refusal(400, None, "Invalid or missing parameters passed"),
         OctopusInvalidRequest, None),
        (answer(400, b""), OctopusInvalidRequest, None),
        (html(413), OctopusRefused, None),
        (answer(429, b""), OctopusQuotaError, None),
        (html(429), OctopusQuotaError, None),
        (refusal(403, None, "Maximum allowed calls per day: 400"),
         OctopusQuotaError, None),
        (refusal(400, None, "Maximum number of calls exceeded"),
         OctopusQuotaError, None),
        (answer(404, b""), OctopusMissing, None),
        (answer(200, {"errorCode": -24, "errorMessage": "nee"}), OctopusRefused, -24),
        (answer(200, {"technicalInfo": "hm"}), OctopusUnknownOutcome, None),
    ],
)  # fmt: skip
def test_refusals_of_a_booking(act, error, code):
    """api.md §2.1 and §3.3; X.4, X.20, X.43."""
    with dossier_on(act) as (server, dossier):
        with pytest.raises(OctopusError) as caught:
            dossier.insert_booking(a_booking())
        assert type(caught.value) is error
        assert caught.value.code == code
        assert len(server.documents) == 1


def test_refusal_tells_what_octopus_said():
    act = refusal(400, -13, "Last Document = 6.", "Het document nummer is ongeldig.")
    with dossier_on(act) as (_server, dossier):
        with pytest.raises(OctopusRefused) as caught:
            dossier.insert_booking(a_booking())
    error = caught.value
    assert error.kind is Kind.REFUSED
    assert error.message == "Het document nummer is ongeldig."
    assert error.technical == "Last Document = 6."
    assert error.http_status == 400
    assert str(error) == (
        "insert_booking · HTTP 400 · code -13 · Het document nummer is ongeldig."
        " · Last Document = 6."
    )


def test_locked_journal_is_only_for_bookings():
    with dossier_on(*[refusal(403)] * 3) as (_server, dossier):
        with pytest.raises(OctopusJournalLocked):
            dossier.insert_financial_booking(a_receipt())
        with pytest.raises(OctopusJournalLocked):
            dossier.update_booking(a_booking())
        with pytest.raises(OctopusAccessError):
            dossier.bookyears()


def test_missing_document():
    gone = refusal(404, None, "Booking not found")
    with dossier_on(gone, refusal(400, -34)) as (_server, dossier):
        for _variant in range(2):
            with pytest.raises(OctopusMissing):
                dossier.booking(1, "V1", 3)


def test_nothing_found_is_empty_but_not_for_open_items():
    """X.46, X.33: an open-items report without data proves nothing."""
    nothing = refusal(404, None, "No modified Bookings found in dossier 49555")
    with dossier_on(*[nothing] * 5) as (_server, dossier):
        assert dossier.bookings_modified(-1, None, SINCE) == []
        assert dossier.balancings_modified(SINCE).modified == ()
        assert dossier.balancings_modified(SINCE).deleted == ()
        assert dossier.vat_codes() == []
        assert dossier.open_items("client", 1, 1, 1, 12) is None


def test_version_is_plain_text_and_a_page_is_none():
    plain = answer(200, b"51.9.17\n", "text/plain")
    with ScriptedServer(plain, html(200)) as server, client_of(server.url) as client:
        assert client.version() == "51.9.17"
        with pytest.raises(OctopusProtocolError):
            client.version()


def test_nothing_found_with_status_204():
    with dossier_on(answer(204)) as (_server, dossier):
        assert dossier.relations() == []


@pytest.mark.parametrize(
    "act",
    [
        answer(200, []),
        answer(404, b""),
        refusal(404, -16),
        refusal(400, -16),
        refusal(200, -16),
    ],
)
def test_relation_that_is_not_found(act):
    """api.md §4.1: an empty list, 404 or an error object."""
    with dossier_on(act) as (_server, dossier):
        assert dossier.find_relations(vat_number="BE0477.472.701") == []


def test_search_that_fails_is_not_a_search_that_finds_nothing():
    """X.16: taking a failure for *none* would make a second relation."""
    with dossier_on(refusal(400, -47)) as (_server, dossier):
        with pytest.raises(OctopusNotNow):
            dossier.find_relations(name="De Zeesnoepers")


# Tokens


def test_expired_token_is_renewed_once_and_the_call_repeated_once():
    """X.39"""
    expired = refusal(401, None, "Invalid or expired token")
    with dossier_on(expired, answer(201)) as (server, dossier):
        dossier.insert_booking(a_booking())
        first, second = server.documents
        assert first.headers["dossiertoken"] != second.headers["dossiertoken"]
        assert first.body == second.body


def test_fresh_token_that_is_rejected_is_an_auth_error():
    with dossier_on(refusal(401, -79), refusal(401, -79)) as (server, dossier):
        with pytest.raises(OctopusAuthError):
            dossier.insert_booking(a_booking())
        assert len(server.documents) == 2


def test_expired_login_token_is_renewed_below_the_dossier_token():
    """Opening the dossier fails with 401: log in again, open again."""
    logins = [
        answer(200, {"token": "first"}),
        answer(401, {"technicalInfo": "expired"}),
        answer(200, {"token": "second"}),
        answer(200, {"Dossiertoken": "third"}),
    ]
    with ScriptedServer(answer(200, []), logins=logins) as server:
        with client_of(server.url) as client:
            assert client.dossier(1).vat_codes() == []
    tokens = [request.headers.get("token") for request in server.requests]
    assert tokens == [None, "first", None, "second", None]


def test_rejected_login_is_not_tried_again():
    """X.38: Octopus counts failed attempts."""
    rejected = answer(401, {"technicalInfo": "Incrementing failed login attempt count"})
    with ScriptedServer(logins=[rejected]) as server:
        with client_of(server.url) as client:
            for _attempt in range(3):
                with pytest.raises(OctopusAuthError) as caught:
                    client.dossiers()
                assert caught.value.operation == "authenticate"
    assert len(server.requests) == 1


def test_login_without_web_service():
    """X.41"""
    with ScriptedServer(logins=[answer(403, b"")]) as server:
        with client_of(server.url) as client, pytest.raises(OctopusAccessError):
            client.dossiers()


@pytest.mark.parametrize("status", [403, 404])
def test_dossier_that_may_not_be_opened(status):
    """X.41"""
    logins = [answer(200, {"token": "t"}), refusal(status, None, "disabled dossier")]
    with ScriptedServer(logins=logins) as server:
        with client_of(server.url) as client, pytest.raises(OctopusAccessError):
            client.dossier(7).bookyears()


@pytest.mark.parametrize(
    "payload", [{}, {"token": ""}, {"token": 5}, {"token": "a\nb"}, {"token": " a"}]
)
def test_token_that_can_not_be_used(payload):
    with ScriptedServer(logins=[answer(200, payload)]) as server:
        with client_of(server.url) as client, pytest.raises(OctopusProtocolError):
            client.dossiers()


def test_login_that_gets_no_answer_is_not_now():
    """Logging in books nothing: no unknown outcome."""
    with ScriptedServer(logins=[hang_up]) as server:
        with client_of(server.url) as client, pytest.raises(OctopusNotNow):
            client.dossier(1).insert_booking(a_booking())
    assert server.documents == []


# The observer


def test_observer_sees_every_call():
    diary = Diary()
    expired = refusal(401)
    locked = refusal(403, -12, "open")
    with dossier_on(expired, locked, observer=diary) as (_server, dossier):
        with pytest.raises(OctopusJournalLocked):
            dossier.insert_booking(a_booking())
    assert diary.operations == [
        "authenticate",
        "open_dossier",
        "insert_booking",
        "open_dossier",
        "insert_booking",
    ]
    call, duration, status, code, technical = diary.after_calls[-1]
    assert (call.operation, call.counter) == ("insert_booking", "insert_booking")
    assert call.write
    assert (call.dossier_id, call.bookyear_id) == (49555, 1)
    assert (call.journal, call.number) == ("V1", 3)
    assert (status, code, technical) == (403, -12, "open")
    assert 0 <= duration < 5


def test_observer_is_told_of_silence():
    diary = Diary()
    with dossier_on(hang_up, observer=diary) as (_server, dossier):
        with pytest.raises(OctopusNotNow):
            dossier.booking(1, "V1", 3)
    call, _duration, status, code, technical = diary.after_calls[-1]
    assert (call.operation, call.write, status, code) == ("booking", False, None, None)
    assert technical


def test_observer_can_stop_a_call():
    """X.43: our own count is reached; nothing is sent."""
    stop = OctopusQuotaError("2 of 2 today", operation="vat_codes")
    diary = Diary(refusal=("vat_codes", stop))
    with dossier_on(observer=diary) as (server, dossier):
        with pytest.raises(OctopusQuotaError):
            dossier.vat_codes()
        assert server.documents == []
    assert "vat_codes" not in [call.operation for call, *_rest in diary.after_calls]


def test_nothing_is_asked_of_a_redirect():
    with ScriptedServer(answer(200, [])) as elsewhere:
        here = answer(307, b"", headers=[f"Location: {elsewhere.url}/vatcodes"])
        with dossier_on(here) as (_server, dossier):
            with pytest.raises(OctopusProtocolError):
                dossier.vat_codes()
        assert elsewhere.requests == []
