"""The SOAP door, through a SOAP library that knows nothing of ours (issue 5 §3)."""

import datetime

import pytest
import requests
import zeep
from lxml import etree

from octopus_sandbox.seed import demo

LONG_AGO = datetime.datetime(1980, 1, 1, tzinfo=datetime.timezone.utc)
YEAR = {"id": 2}
COOKIE = "JSESSIONID"


class Soap:
    """A caller with a cookie jar, logged in and connected unless told otherwise."""

    def __init__(self, sandbox, dossier=demo.MAIN):
        self.session = requests.Session()
        transport = zeep.Transport(session=self.session, timeout=10)
        self.client = zeep.Client(f"{sandbox.soap_url}?wsdl", transport=transport)
        self.call = self.client.service
        if dossier:
            assert self.log_in() == 0
            assert self.call.ConnectToDossier({"id": dossier}) == 0

    def log_in(self, password=demo.PASSWORD, house=demo.SOFTWARE_HOUSE, user=demo.USER):
        credentials = {"user": user, "password": password}
        return self.call.Authenticate(house, credentials)

    def wants(self, year=2):
        return {"fromBookyearKey": {"id": year}, "toBookyearKey": {"id": year}} | {
            "fromBookyearPeriodNr": 202601,
            "toBookyearPeriodNr": 202612,
            "externalRelationId": -1,
        }


@pytest.fixture
def soap(sandbox):
    return Soap(sandbox)


def a_sale(**changes):
    return {
        "amount": 121.0,
        "bookingLines": [
            {
                "accountKey": 700000,
                "baseAmount": 100.0,
                "vatAmount": 21.0,
                "vatCodeKey": "21",
            }
        ],
        "bookyearKey": YEAR,
        "bookyearPeriodeNr": 202602,
        "comment": "INV/2026/00001",
        "currencyCode": "EUR",
        "documentDate": datetime.datetime(2026, 2, 3),
        "documentSequenceNr": 3,
        "exchangeRate": 1.0,
        "expiryDate": datetime.datetime(2026, 3, 5),
        "externalRelationId": 0,
        "journalKey": "V1",
        "relationKey": {"id": 1},
    } | changes


def a_relation(**changes):
    return {
        "active": True,
        "client": True,
        "corporationType": 0,
        "country": "BE",
        "defaultBookingAccountClient": 0,
        "defaultBookingAccountSupplier": 0,
        "expirationDays": 14,
        "expirationType": 2,
        "externalRelationNr": 7001,
        "factLanguage": 0,
        "name": "Brouwerij Zeven",
        "supplier": False,
        "surName": "Nel",
        "vatType": 0,
    } | changes


# The session


def test_dossiers_of_the_login(sandbox):
    soap = Soap(sandbox, dossier=0)
    assert soap.call.GetDossiers() == []
    assert soap.log_in() == 0
    found = {
        row.dossierKey.id: row.dossierDescription for row in soap.call.GetDossiers()
    }
    assert demo.MAIN in found and all(found.values())


def test_without_the_cookie_strange_issues_happen(sandbox):
    """api.md §3.1: authenticated, and yet ConnectToDossier fails."""
    soap = Soap(sandbox, dossier=0)
    assert soap.log_in() == 0
    soap.session.cookies.clear()
    assert soap.call.ConnectToDossier({"id": demo.MAIN}) == -2


def test_wrong_logins(sandbox):
    soap = Soap(sandbox, dossier=0)
    assert soap.log_in(password="wrong") == -1
    assert soap.log_in(house="another") == -1
    assert sandbox.world.state.logins[demo.USER].failed_attempts == 2
    assert soap.log_in(demo.SWITCHED_OFF_PASSWORD, user=demo.SWITCHED_OFF) == -3
    assert soap.call.GetLastError()


def test_no_dossier_is_open(sandbox):
    soap = Soap(sandbox, dossier=0)
    assert soap.call.InsertBuySellBooking(a_sale()) == -2
    soap.log_in()
    assert soap.call.InsertBuySellBooking(a_sale()) == -6
    assert soap.call.ConnectToDossier({"id": 49555}) == -3
    credentials = {"user": demo.USER, "password": demo.PASSWORD}
    key = {"id": demo.MAIN}
    assert soap.call.AuthenticateAndConnect(demo.SOFTWARE_HOUSE, credentials, key) == 0
    assert soap.call.CloseDossier() == 0
    assert soap.call.InsertBuySellBooking(a_sale()) == -6


def test_session_ends_when_it_is_not_used(sandbox, soap):
    """api.md §5.11: after how long is a switch."""
    sandbox.world.set_switches({"soap_session_minutes": 20})
    for _pause in range(3):
        sandbox.world.clock.advance(minutes=19)
        assert len(soap.call.GetBookyears()) == 3
    before = soap.session.cookies[COOKIE]
    sandbox.world.clock.advance(minutes=20)
    assert soap.call.GetBookyears() == []
    assert "aangemeld" in soap.call.GetLastError()
    assert soap.session.cookies[COOKIE] != before


def test_what_ends_tokens_ends_sessions(sandbox, soap):
    sandbox.world.state.tokens.expire_all()
    assert soap.call.InsertBuySellBooking(a_sale()) == -2


def test_a_world_that_starts_anew_knows_no_session(sandbox, soap):
    sandbox.world.reset()
    assert soap.call.InsertBuySellBooking(a_sale()) == -2


def test_locale_is_that_of_the_texts(soap):
    """1 nl, 2 fr, 3 en (api.md §3.1)."""
    texts = set()
    for number in (1, 2, 3):
        assert soap.call.SetLocale({"id": number}) == 0
        texts.add(soap.call.GetErrorDescription(-13))
    assert len(texts) == 3
    assert soap.call.SetLocale({"id": 4}) == -79


# The same books as behind the other door


def test_booking_is_the_one_that_rest_shows(sandbox, soap, octopus):
    assert soap.call.InsertBuySellBooking(a_sale()) == 0
    (rest,) = [
        row
        for row in octopus.get(
            "buysellbookings/modified",
            bookyearId=2,
            journalKey="V1",
            modifiedTimeStamp="2026-01-01 00:00:00.000",
        ).json()
        if row["documentSequenceNr"] == 3
    ]
    assert (rest["amount"], rest["documentDate"]) == (121.0, "2026-02-03")
    assert rest["bookingLines"][0]["vatAmount"] == 21.0
    back = soap.call.GetBuySellBooking(YEAR, "V1", 3)
    assert back.amount == 121.0
    assert back.documentDate == datetime.datetime(2026, 2, 3)
    assert back.relationKey.id == 1
    assert not sandbox.books().audit().problems


def test_refusals_are_return_codes(sandbox, soap):
    assert soap.call.InsertBuySellBooking(a_sale(documentSequenceNr=9)) == -13
    assert "nummer" in soap.call.GetLastError()
    assert soap.call.InsertBuySellBooking(a_sale(bookyearPeriodeNr=190001)) == -14
    sandbox.books().accountant.set_journal(2, "V1", opened_by="accountant")
    assert soap.call.InsertBuySellBooking(a_sale()) == -12
    assert sandbox.books().dossier.last_number(2, "V1") == 2


@pytest.mark.parametrize("kept", [False, True])
def test_last_error_after_a_success(sandbox, soap, kept):
    sandbox.world.set_switches({"soap_last_error": "kept" if kept else "cleared"})
    soap.call.InsertBuySellBooking(a_sale(documentSequenceNr=9))
    soap.call.GetBookyears()
    assert bool(soap.call.GetLastError()) is kept


def test_last_error_can_be_the_technical_text(sandbox, soap):
    sandbox.world.set_switches({"soap_error_text": "technical"})
    soap.call.InsertBuySellBooking(a_sale(documentSequenceNr=9))
    assert "Last Document = 2" in soap.call.GetLastError()


def test_missing_document_is_nothing_and_an_error(soap):
    assert soap.call.GetBuySellBooking(YEAR, "V1", 99) is None
    assert soap.call.GetLastError() == soap.call.GetErrorDescription(-34)
    assert soap.call.GetFinancialDiversBooking(YEAR, "F1", 99) is None


def test_master_data(soap):
    assert {year.bookyearKey.id for year in soap.call.GetBookyears()} == {1, 2, 3}
    journals = {row.journalKey: row for row in soap.call.GetJournals(YEAR)}
    assert journals["V1"].lastBookedDocumentNr == 2
    accounts = {row.accountKey.id: row for row in soap.call.GetAccounts(YEAR)}
    assert accounts[700000].description.description_NL
    assert {"21", "06"} <= {row.code for row in soap.call.GetVatCodes()}
    assert [row.closed for row in soap.call.GetCostCentres()] == [False, False, True]
    assert soap.call.GetJournals({"id": 99}) == []
    assert not soap.call.GetLastError()


def test_relation_is_made_and_changed_whole(sandbox, soap):
    """Its numbers and flags are always sent, so they always count."""
    assert soap.call.InsertUpdateRelation(a_relation()) == 0
    assert soap.call.InsertUpdateRelation(a_relation(client=False, supplier=True)) == 0
    (made,) = sandbox.books().relations.search(external_id=7001)
    assert (made.client, made.supplier, made.first_name) == (False, True, "Nel")
    assert soap.call.InsertUpdateRelation(a_relation(name="")) == -7
    (row,) = [r for r in soap.call.GetRelations() if r.externalRelationNr == 7001]
    assert (row.name, row.surName, row.relationKey.id) == (made.name, "Nel", made.id)


def test_receipt_is_matched(sandbox, soap):
    soap.call.InsertUpdateRelation(a_relation())
    sale = a_sale(relationKey=None, externalRelationId=7001)
    assert soap.call.InsertBuySellBooking(sale) == 0
    receipt = {
        "bookingLines": [
            {"accountKey": 0, "amount": 121.0, "externalRelationId": 7001, "type": "C"}
        ],
        "bookyearKey": YEAR,
        "bookyearPeriodeNr": 202602,
        "documentDate": datetime.datetime(2026, 2, 20),
        "documentSequenceNr": 2,
        "exchangeRate": 1.0,
        "journalKey": "F1",
    }
    assert soap.call.InsertFinancialDiversBooking(receipt) == 0
    keys = [
        {"bookyearKey": YEAR, "journalKey": journal, "documentSequenceNr": number}
        | {"lineSequenceNr": line}
        for journal, number, line in (("V1", 3, -1), ("F1", 2, 1))
    ]
    sandbox.world.clock.advance(minutes=1)
    now = sandbox.world.clock.now()
    balancing = {"balanceAmount": 121.0, "debetKey": keys[0], "creditKey": keys[1]}
    open_before = soap.call.GetReportOpenClient(soap.wants())
    assert soap.call.InsertBalancing(balancing) == 0
    assert soap.call.InsertBalancing(balancing) == -26
    answer = soap.call.GetModifiedBalancingRelations(now)
    assert answer["return"] == 0
    (match,) = answer.modifiedBalancingArray
    assert match.creditBalancedBookingAmount == 121.0
    assert match.type.externalRelationId == 7001
    open_after = soap.call.GetReportOpenClient(soap.wants())
    assert len(open_before) - len(open_after) == 2


def test_feeds(soap):
    answer = soap.call.GetModifiedBuySellBookings(LONG_AGO, YEAR, "V1")
    assert answer["return"] == 0
    assert [row.documentSequenceNr for row in answer.modifiedBuySellBookingArray] == [
        1,
        2,
    ]
    later = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)
    for feed in (
        soap.call.GetModifiedRelations,
        soap.call.GetModifiedBalancingRelations,
    ):
        answer = feed(later)
        assert [answer[name] for name in answer] == [0, [], []]


@pytest.mark.parametrize("zone", ["naive", "brussels", "utc"])
def test_dates_may_carry_a_zone(sandbox, soap, zone):
    sandbox.world.set_switches({"soap_dates": zone})
    start = soap.call.GetBookyears()[1].startDate
    wanted = {
        "naive": "2026-01-01T00:00:00",
        "brussels": "2026-01-01T00:00:00+01:00",
        "utc": "2025-12-31T23:00:00+00:00",
    }
    assert start.isoformat() == wanted[zone]


# Limits and faults


@pytest.mark.parametrize("how", ["fault", "429"])
def test_daily_limits_are_those_of_rest(sandbox, soap, octopus, how):
    sandbox.world.set_switches({"soap_quota": how})
    assert soap.call.GetVatCodes()
    assert octopus.get("vatcodes").status_code == 200
    error = zeep.exceptions.Fault if how == "fault" else zeep.exceptions.Error
    with pytest.raises(error):
        soap.call.GetVatCodes()
    assert soap.call.GetBookyears()


def test_session_operations_have_their_daily_limits(sandbox, soap):
    """150 lists of dossiers a day (api.md §2.1)."""
    for _call in range(150):
        assert soap.call.GetDossiers()
    with pytest.raises(zeep.exceptions.Fault, match="per day"):
        soap.call.GetDossiers()
    assert soap.call.GetBookyears()


def test_lost_session_as_a_fault(sandbox, soap):
    sandbox.world.faults.add("expired_token", operation="insertBuySellBooking")
    assert soap.call.InsertBuySellBooking(a_sale()) == -2
    assert sandbox.books().dossier.last_number(2, "V1") == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["close", "reset", "html", "status", "truncated"])
def test_faults_of_the_wire(sandbox, soap, kind, when):
    sandbox.world.faults.add(kind, operation="insertBuySellBooking", when=when)
    with pytest.raises((zeep.exceptions.Error, requests.RequestException)):
        soap.call.InsertBuySellBooking(a_sale())
    processed = when == "after" or kind == "truncated"
    booked = sandbox.books().dossier.last_number(2, "V1") == 3
    assert booked == (processed or kind == "html" and when == "after")
    assert sandbox.world.faults.met == [(kind, "insertBuySellBooking")]


# What does not keep to the contract


def post(sandbox, body):
    text = body if isinstance(body, bytes) else etree.tostring(body)
    return requests.post(sandbox.soap_url, data=text, timeout=10)


def test_message_that_breaks_the_schema_is_a_fault_and_a_violation(sandbox, soap):
    message = soap.client.create_message(soap.call, "GetJournals", bookyearKey=YEAR)
    message.find(".//{*}id").text = "two"
    response = post(sandbox, message)
    assert response.status_code == 500 and b"Client" in response.content
    sandbox.expect_violation("two")


@pytest.mark.parametrize("body", [b"", b"no xml", b"<a/>"])
def test_no_message_at_all(sandbox, body):
    assert post(sandbox, body).status_code == 500
    sandbox.expect_violation("SOAP body")


def test_key_that_rest_requires_is_required_here(sandbox, soap):
    assert soap.call.InsertBuySellBooking(a_sale(bookyearKey=None)) == -79
    sandbox.expect_violation("bookyearKey")


def test_what_is_not_carried_says_so(sandbox, soap):
    with pytest.raises(zeep.exceptions.Fault, match="Not carried"):
        soap.call.GetProducts()
    sandbox.expect_violation("does not carry")


def test_wrong_addresses(sandbox):
    for address in ("/more", "?xsd=2", ""):
        assert requests.get(sandbox.soap_url + address, timeout=10).status_code == 404
        sandbox.expect_violation("not in the contract")
