"""What is SOAP's own: sessions, WSDL, empty answers, versions (issue 5 §1 and §2)."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from octopus_connector.api import (
    Attachment,
    Booking,
    BookingLine,
    Capability,
    FinancialBooking,
    FinancialLine,
    OctopusAccessError,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusMissing,
    OctopusNotNow,
    OctopusProtocolError,
    OctopusQuotaError,
    OctopusRefused,
    OctopusUnknownOutcome,
    OctopusUnsupported,
    PasswordLogin,
    Relation,
    RelationRef,
    TokenCache,
    connect,
)
from octopus_connector.api.operations import OPERATIONS
from octopus_connector.api.soap.answers import payload_of
from octopus_connector.api.soap.mapping import SPELLINGS
from octopus_connector.api.soap.service import Documents
from octopus_connector.api.soap.transport import SOAP_PRODUCTION_URL, SoapTransport
from octopus_connector.api.wire import Answer
from octopus_sandbox.seed import demo
from octopus_sandbox.soap import contract
from octopus_sandbox.soap.message import write_fault
from octopus_sandbox.soap.wsdl import schema, wsdl

from .common import SINCE, Diary, NosyDiary, a_booking
from .scripted import ScriptedServer, answer

YEAR = 2


@pytest.fixture
def transport():
    """This file is about one of the two."""
    return "soap"


@pytest.fixture
def documents():
    return Documents()


def sale(number=3, **changes):
    values = {
        "bookyear_id": YEAR,
        "journal": "V1",
        "number": number,
        "relation": RelationRef(id=1),
        "period": date.today().year * 100 + 2,
        "document_date": date(date.today().year, 2, 1),
        "expiry_date": date(date.today().year, 3, 3),
        "amount": Decimal("121.00"),
        "currency": "EUR",
        "exchange_rate": Decimal(1),
        "lines": (
            BookingLine(
                account=700000,
                base=Decimal("100.00"),
                vat_code="21",
                vat=Decimal("21.00"),
            ),
        ),
    }
    return Booking(**{**values, **changes})


def receipt(relation):
    year = date.today().year
    line = FinancialLine(type="C", amount=Decimal("121.00"), relation=relation)
    return FinancialBooking(
        bookyear_id=YEAR,
        journal="F1",
        number=2,
        period=year * 100 + 2,
        document_date=date(year, 2, 20),
        exchange_rate=Decimal(1),
        lines=(line,),
    )


# The session


def test_session_is_kept_between_clients(connect, sandbox):
    """As tokens are over REST: one login, one open dossier."""
    tokens, diary = TokenCache(), Diary()
    for _client in range(3):
        client = connect(tokens=tokens, observer=diary)
        client.dossier(demo.MAIN).bookyears()
        client.close()
    assert diary.operations == ["authenticate", "open_dossier"] + 3 * ["bookyears"]


def test_session_is_not_shared_by_calls_at_the_same_time(connect, sandbox):
    """What went wrong last is kept per session: two calls would mix it up."""
    tokens, found, start = TokenCache(), [], threading.Barrier(4)
    sandbox.world.faults.latency = 0.05

    def work(number):
        dossier = connect(tokens=tokens).dossier(demo.MAIN)
        start.wait()
        try:
            dossier.insert_booking(sale(number))
        except OctopusRefused as refusal:
            found.append((refusal.code, bool(refusal.message)))

    threads = [threading.Thread(target=work, args=(90 + n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(-13, True)] * 4
    logins = len(sandbox.world.calls_of("authenticateUser"))
    assert 1 < logins <= 4
    connect(tokens=tokens).dossier(demo.MAIN).bookyears()
    assert len(sandbox.world.calls_of("authenticateUser")) == logins
    # All those that were kept are lost at once: one is renewed, none is tried.
    sandbox.world.state.tokens.expire_all()
    assert connect(tokens=tokens).dossier(demo.MAIN).bookyears()
    assert len(sandbox.world.calls_of("authenticateUser")) == logins + 1


def test_each_dossier_and_language_has_its_own_session(client):
    main, branch = client.dossier(demo.MAIN, 2), client.dossier(demo.BRANCH, 3)
    messages = set()
    for dossier in (main, branch, main):
        with pytest.raises(OctopusRefused) as caught:
            dossier.insert_booking(sale(99))
        messages.add(caught.value.message)
    assert len(messages) == 2


@pytest.mark.parametrize("error_text", ["message", "technical"])
@pytest.mark.parametrize("last_error", ["cleared", "kept"])
def test_lost_session_is_renewed_before_an_empty_list_is_believed(
    dossier, sandbox, last_error, error_text
):
    """X.39, X.46: an empty list may be a session that is lost."""
    sandbox.world.set_switches(
        {"soap_last_error": last_error, "soap_error_text": error_text}
    )
    assert len(dossier.bookyears()) == 3
    sandbox.world.state.tokens.expire_all()
    assert len(dossier.bookyears()) == 3
    sandbox.world.state.tokens.expire_all()
    assert dossier.booking(YEAR, "V1", 1).number == 1
    sandbox.world.state.tokens.expire_all()
    assert len(dossier.bookings_modified(YEAR, "V1", SINCE.replace(year=1980))) == 2


def test_older_error_does_not_spoil_an_empty_list(dossier, sandbox):
    sandbox.world.set_switches({"soap_last_error": "kept"})
    with pytest.raises(OctopusRefused):
        dossier.insert_booking(sale(99))
    assert dossier.journals(77) == []


@pytest.mark.parametrize("error_text", ["message", "technical"])
def test_missing_document_is_proved_by_the_feed(dossier, sandbox, error_text):
    """Whatever the text is; taking a failure for *missing* would book twice."""
    sandbox.world.set_switches({"soap_error_text": error_text})
    with pytest.raises(OctopusMissing):
        dossier.booking(YEAR, "V1", 99)
    sandbox.world.faults.add("status", operation="getModifiedBuySellBookings")
    with pytest.raises(OctopusNotNow):
        dossier.booking(YEAR, "V1", 99)


def test_session_that_is_lost_again_is_an_auth_error(dossier, sandbox):
    sandbox.world.faults.add("expired_token", operation="insertBuySellBooking", count=2)
    with pytest.raises(OctopusAuthError) as caught:
        dossier.insert_booking(sale())
    assert caught.value.code == -2
    assert len(sandbox.world.calls_of("insertBuySellBooking")) == 2


def test_refusal_is_one_though_its_text_can_not_be_had(dossier, sandbox):
    sandbox.world.faults.add("status", operation="getLastError")
    with pytest.raises(OctopusRefused) as caught:
        dossier.insert_booking(sale(99))
    assert caught.value.code == -13


def test_login_without_a_cookie_is_no_login():
    """api.md §3.1: without the cookie, strange issues."""
    done = b"<S:Envelope xmlns:S='http://schemas.xmlsoap.org/soap/envelope/'><S:Body>"
    done += b"<n:AuthenticateResponse xmlns:n='http://service.octopus.com/'>"
    done += b"<return>0</return></n:AuthenticateResponse></S:Body></S:Envelope>"
    with soap_server(answer(200, done, "text/xml")) as (_server, client):
        with pytest.raises(OctopusProtocolError, match="cookie"):
            client.dossiers()


# Empty answers, codes, faults


@pytest.mark.parametrize(
    "status, of_read, of_write",
    [
        (500, OctopusNotNow, OctopusUnknownOutcome),
        (502, OctopusNotNow, OctopusUnknownOutcome),
        (503, OctopusNotNow, OctopusUnknownOutcome),
        (404, OctopusProtocolError, OctopusUnknownOutcome),
        (302, OctopusProtocolError, OctopusUnknownOutcome),
        (403, OctopusAccessError, OctopusAccessError),
        (413, OctopusInvalidRequest, OctopusInvalidRequest),
        (429, OctopusQuotaError, OctopusQuotaError),
    ],
)
def test_page_of_a_proxy_is_judged_by_its_status(
    dossier, sandbox, status, of_read, of_write
):
    """X.44: the page parses as XML, which zeep takes for a fault."""
    faults = sandbox.world.faults
    faults.add("status", operation="getBookyears", status=status)
    with pytest.raises(OctopusError) as caught:
        dossier.bookyears()
    assert (type(caught.value), caught.value.http_status) == (of_read, status)
    faults.add("status", operation="insertBuySellBooking", status=status)
    with pytest.raises(OctopusError) as caught:
        dossier.insert_booking(sale())
    assert (type(caught.value), caught.value.http_status) == (of_write, status)


@pytest.mark.parametrize(
    "blame, text, of_read, of_write",
    [
        ("Server", "NullPointer", OctopusNotNow, OctopusUnknownOutcome),
        ("Client", "unmarshal", OctopusInvalidRequest, OctopusInvalidRequest),
        ("Server", "daily limit reached", OctopusQuotaError, OctopusQuotaError),
    ],
)
def test_faults(client, blame, text, of_read, of_write):
    service = client._transport._service
    fault = Answer(500, "text/xml", write_fault(text, blame))
    for name, error in (("bookyears", of_read), ("insert_booking", of_write)):
        with pytest.raises(OctopusError) as caught:
            payload_of(service, OPERATIONS[name], SPELLINGS[name].name, fault)
        assert type(caught.value) is error
        assert caught.value.technical == text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html/>",
        b"<a><b></a>",
        b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
        b"<S:Envelope xmlns:S='http://schemas.xmlsoap.org/soap/envelope/'/>",
    ],
)
def test_answer_that_is_no_message(client, body):
    service, strange = client._transport._service, Answer(200, "text/xml", body)
    with pytest.raises(OctopusProtocolError):
        payload_of(service, OPERATIONS["bookyears"], "GetBookyears", strange)
    with pytest.raises(OctopusUnknownOutcome):
        payload_of(service, OPERATIONS["insert_balancing"], "InsertBalancing", strange)


# Money and dates


@pytest.mark.parametrize(
    "base, vat",
    [
        ("0.01", "0.00"),
        ("0.10", "0.20"),
        ("1234567890.12", "259259256.93"),
        ("999999999.99", "0.01"),
        ("2.30", "0.48"),
    ],
)
def test_amounts_are_exact(dossier, sandbox, base, vat):
    """X.26: no cent is lost between Decimal and xs:double."""
    base, vat = Decimal(base), Decimal(vat)
    line = BookingLine(account=700000, base=base, vat_code="21", vat=vat)
    dossier.insert_booking(sale(amount=base + vat, lines=(line,)))
    kept = sandbox.books().dossier.bookings[YEAR, "V1", 3]
    assert (kept.amount, kept.lines[0].base, kept.lines[0].vat) == (
        base + vat,
        base,
        vat,
    )
    read = dossier.booking(YEAR, "V1", 3)
    assert (read.amount, read.lines[0].base, read.lines[0].vat) == (
        base + vat,
        base,
        vat,
    )
    assert not sandbox.books().audit().problems


@pytest.mark.parametrize("zone", ["naive", "brussels", "utc"])
def test_dates_are_days_in_belgium(dossier, sandbox, zone):
    sandbox.world.set_switches({"soap_dates": zone})
    year = dossier.bookyears()[1]
    assert (year.start.month, year.start.day) == (1, 1)
    assert (year.end.month, year.end.day) == (12, 31)
    summer = year.periods[6]
    assert (summer.start.month, summer.start.day) == (7, 1)


# The endpoint's own WSDL decides


@pytest.fixture
def newer(sandbox, documents):
    """A client of an endpoint with the fields of later versions."""
    sandbox.world.set_switches({"soap_fields": "newer"})
    source = PasswordLogin(demo.SOFTWARE_HOUSE, demo.USER, demo.PASSWORD)
    with connect(source, "soap", sandbox.soap_url, documents=documents) as client:
        yield client


def test_newer_fields_are_used_when_they_are_there(newer, sandbox):
    """Issue 5 §2: the WSDL, not a constant, decides."""
    assert newer.capabilities == {
        Capability.ORDER_REFERENCE,
        Capability.PAYMENT_METHOD,
        Capability.VAT_RECUP,
        Capability.LINE_RELATIONS,
    }
    dossier = newer.dossier(demo.MAIN)
    full = sale(order_reference="S00042", payment_method=1)
    dossier.insert_booking(full)
    assert dossier.booking(YEAR, "V1", 3) == full
    dossier.insert_financial_booking(receipt(RelationRef(id=1)))
    assert dossier.financial_booking(YEAR, "F1", 2).lines[0].relation.id == 1
    dossier.upsert_relation(
        Relation(name="Peeters", first_name="An", client=True, currency="EUR")
    )
    (made,) = [row for row in dossier.relations() if row.name == "Peeters"]
    assert made.first_name == "An"
    line = replace(
        full.lines[0],
        account=616000,
        vat_code="D21",
        vat_recup_percentage=Decimal("40.00"),
    )
    bill = sale(2, journal="A1", relation=RelationRef(id=2), lines=(line,))
    dossier.insert_booking(bill)
    assert dossier.booking(YEAR, "A1", 2).lines[0].vat_recup_percentage == 40


def test_older_endpoint_is_not_sent_newer_fields(dossier):
    dossier.insert_booking(sale(order_reference="S00042", payment_method=1))
    found = dossier.booking(YEAR, "V1", 3)
    assert (found.order_reference, found.payment_method) == (None, None)


def test_older_endpoint_names_a_payer_by_our_number(dossier, sandbox):
    with pytest.raises(OctopusInvalidRequest, match=r"lines\[0\].relation"):
        dossier.insert_financial_booking(receipt(RelationRef(id=1)))
    assert not sandbox.world.calls_of("insertFinancialDiversBooking")


def test_relation_there_and_back(dossier, sandbox):
    """``surName`` and ``externalRelationNr`` stay inside (issue 5 §2)."""
    new = Relation(
        external_id=7001,
        name="Peeters",
        first_name="An",
        client=True,
        supplier=False,
        country="BE",
        currency="EUR",
        vat_number="BE0477.472.701",
        expiration_type=2,
        expiration_days=14,
    )
    assert dossier.upsert_relation(new) is None
    (made,) = [row for row in dossier.relations() if row.external_id == 7001]
    assert made.id and made.active
    for name in ("name", "first_name", "client", "supplier", "vat_number"):
        assert getattr(made, name) == getattr(new, name)
    assert (made.expiration_type, made.expiration_days) == (2, 14)
    dossier.upsert_relation(replace(made, supplier=True, currency="EUR"))
    (merged,) = sandbox.books().relations.search(external_id=7001)
    assert (merged.id, merged.client, merged.supplier) == (made.id, True, True)
    assert merged.expiration_days == 14


def test_relation_is_never_changed_in_part(dossier, sandbox):
    """Its flags are always sent: those left out would be taken away."""
    part = Relation(id=1, supplier=True, currency="EUR")
    with pytest.raises(OctopusInvalidRequest, match="relation.active"):
        dossier.upsert_relation(part)
    assert not sandbox.world.calls_of("insertUpdateRelation")


# What it does not have


@pytest.mark.parametrize(
    "ask",
    [
        lambda client, dossier: client.version(),
        lambda client, dossier: client.whoami(),
        lambda client, dossier: dossier.journal_detail(YEAR, "V1"),
        lambda client, dossier: dossier.journals_modified(SINCE),
        lambda client, dossier: dossier.accounts_modified(SINCE),
        lambda client, dossier: dossier.currencies(),
        lambda client, dossier: dossier.find_relations(id=1),
        lambda client, dossier: dossier.documents_modified(-1, -1, SINCE),
        lambda client, dossier: dossier.delete_document_balancings(YEAR, "V1", 1),
        lambda client, dossier: dossier.insert_booking(
            sale(), [Attachment(name="a.pdf", content=b"x")]
        ),
        lambda client, dossier: dossier.add_attachment(
            YEAR, "V1", 1, Attachment(name="a.pdf", content=b"x")
        ),
    ],
)
def test_what_is_missing_is_refused_before_anything_is_sent(client, sandbox, ask):
    with pytest.raises(OctopusUnsupported):
        ask(client, client.dossier(demo.MAIN))
    assert not sandbox.world.calls_of("insertBuySellBooking")


def test_every_operation_of_the_common_ground_is_spelled():
    common = {name for name, found in OPERATIONS.items() if not found.capability}
    assert common <= SPELLINGS.keys()
    assert {found.name for found in SPELLINGS.values()} <= set(contract.OPERATIONS)


# The WSDL


@contextmanager
def soap_server(*script, edit=bytes):
    """A scripted server that gives a WSDL, changed by ``edit``, before its script."""
    with ScriptedServer() as server:
        documents = [edit(wsdl(server.url)), schema()]
        server.script = [answer(200, text, "text/xml") for text in documents]
        server.script += script
        with soap_client(server.url) as client:
            yield server, client


def soap_client(url):
    source = PasswordLogin("house", "user", "secret")
    return connect(source, "soap", url, documents=Documents())


def _import_from(place):
    return lambda text: text.replace(
        b'schemaLocation="', b'schemaLocation="' + place + b"/x?"
    )


@pytest.mark.parametrize(
    "place", [b"https://evil.example", b"http://127.0.0.1:9", b"file:///etc/passwd"]
)
def test_no_document_of_another_server(place):
    """architecture.md §6: only the configured endpoint is asked."""
    with soap_server(edit=_import_from(place)) as (server, client):
        with pytest.raises(OctopusProtocolError, match="another server"):
            client.dossiers()
    assert len(server.requests) == 1


def test_wsdl_with_entities_is_refused():
    def edit(text):
        return text.replace(b"?>", b"?><!DOCTYPE d [<!ENTITY e 'x'>]>", 1)

    with soap_server(edit=edit) as (_server, client):
        with pytest.raises(OctopusProtocolError):
            client.dossiers()


def test_calls_go_to_the_configured_endpoint_whatever_the_wsdl_says():
    def edit(text):
        return text.replace(b':address location="http://', b':address location="x://')

    with soap_server(answer(503), edit=edit) as (server, client):
        with pytest.raises(OctopusNotNow):
            client.dossiers()
    assert [request.method for request in server.requests] == ["GET", "GET", "POST"]


def test_wsdl_that_can_not_be_had_is_not_now_even_for_a_write(sandbox):
    """Nothing of the write was sent."""
    url = f"{sandbox.address}/nowhere"
    with soap_client(url) as client, pytest.raises(OctopusNotNow):
        client.dossier(1).insert_booking(a_booking())


def test_documents_are_kept_for_a_while_and_not_too_many():
    now, fetched = [0.0], []

    def fetch(url):
        fetched.append(url)
        return b"x"

    kept = Documents(clock=lambda: now[0], lifetime=10, limit=2)
    for url in ("a", "a", "b", "a"):
        kept.get(url, fetch)
    assert fetched == ["a", "b"]
    now[0] = 10
    kept.get("a", fetch)
    assert fetched == ["a", "b", "a"]
    kept.get("c", fetch)
    kept.get("b", fetch)
    assert fetched == ["a", "b", "a", "c", "b"]


# Addresses and secrets


def test_address_is_https_but_for_this_machine():
    source = PasswordLogin("house", "user", "secret")
    assert SOAP_PRODUCTION_URL.startswith("https://service.inaras.be/")
    with pytest.raises(OctopusInvalidRequest):
        SoapTransport(SOAP_PRODUCTION_URL.replace("https", "http"), source)
    with pytest.raises(OctopusInvalidRequest):
        connect(source, "telex")


def test_secrets_are_masked(connect, sandbox):
    """A support mode sees the messages, and no secret."""
    diary = NosyDiary()
    connect(observer=diary).dossier(demo.MAIN).bookyears()
    texts = str(diary.texts)
    assert "GetBookyearsResponse" in texts
    for secret in (demo.PASSWORD, demo.USER, demo.SOFTWARE_HOUSE):
        assert secret not in texts


def test_observer_sees_every_call(connect, sandbox):
    diary = Diary()
    dossier = connect(observer=diary).dossier(demo.MAIN, 2)
    with pytest.raises(OctopusRefused):
        dossier.insert_booking(sale(99))
    assert diary.operations == [
        "authenticate",
        "open_dossier",
        "set_locale",
        "insert_booking",
        "last_error",
    ]
    call, duration, status, code, _technical = diary.after_calls[3]
    assert (call.counter, call.write, call.journal, call.number) == (
        "insert_booking",
        True,
        "V1",
        99,
    )
    assert (status, code) == (200, -13) and duration >= 0


def test_our_own_limit_stops_a_call(connect, sandbox):
    """X.43"""
    diary = Diary(("vat_codes", OctopusQuotaError("used up", operation="vat_codes")))
    with pytest.raises(OctopusQuotaError):
        connect(observer=diary).dossier(demo.MAIN).vat_codes()
    assert not sandbox.world.calls_of("getVatCodes")
