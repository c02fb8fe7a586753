"""The recorded answers come out the same (issue 2 §2; api.md §2.5)."""

import json
from pathlib import Path

import pytest
import requests

from octopus_sandbox.testing import Sandbox

from . import recorded
from .client import Caller, key

SAMPLES = Path(__file__).parents[2].parent / "shared" / "octopus" / "samples.md"
SINCE = "2000-01-01 00:00:00.000"
ILLEGAL_NUMBER = (
    "Het document nummer is ongeldig. Het document nummer dient tevens oplopend te "
    "zijn en dient opeenvolgend te zijn met het laatste document nummer van het "
    "dagboek."
)


@pytest.fixture(scope="module")
def recorded_sandbox():
    with Sandbox(recorded.fill) as running:
        yield running


@pytest.fixture
def sandbox(recorded_sandbox):
    recorded_sandbox.world.reset()
    yield recorded_sandbox
    recorded_sandbox.assert_no_violations()


@pytest.fixture
def login(sandbox):
    response = requests.post(
        f"{sandbox.url}/authentication",
        headers={"softwareHouseUuid": recorded.SOFTWARE_HOUSE},
        json={"user": recorded.USER, "password": recorded.PASSWORD},
        timeout=10,
    )
    assert response.status_code == 200
    assert list(response.json()) == ["token"]
    return response.json()["token"]


@pytest.fixture
def octopus(sandbox, login):
    response = requests.post(
        f"{sandbox.url}/dossiers",
        params={"dossierId": recorded.DOSSIER},
        headers={"Token": login},
        timeout=10,
    )
    assert list(response.json()) == ["Dossiertoken"]
    return Caller(sandbox, recorded.DOSSIER, token=response.json()["Dossiertoken"])


def test_wrong_password(sandbox):
    response = requests.post(
        f"{sandbox.url}/authentication",
        headers={"softwareHouseUuid": recorded.SOFTWARE_HOUSE},
        json={"user": "invalid_user", "password": "x"},
        timeout=10,
    )
    assert response.status_code == 401
    assert response.json() == {
        "technicalInfo": "Incrementing failed login attempt count for user "
        "invalid_user, IP address x.x.x.x. "
    }


def test_dossiers(sandbox, login):
    response = requests.get(
        f"{sandbox.url}/dossiers", headers={"Token": login}, timeout=10
    )
    assert response.text == (
        '[{"city":"Brugge","country":"BE","dossierDescription":"by2.be",'
        '"dossierKey":{"id":49555},"email":"","languageCode":"nl",'
        '"postalCode":"8000","streetAndNr":"Kolenkaai 68","url":"",'
        '"vatNr":"BE0000.000.097"}]'
    )
    assert response.headers["Content-Type"] == "application/json"
    assert "Set-Cookie" not in response.headers


def test_bookyears(octopus):
    (year,) = octopus.get("bookyears").json()
    periods = year.pop("periods")
    assert year == {
        "bookyearDescription": "2000",
        "bookyearKey": {"id": 1},
        "closed": False,
        "endDate": "2000-12-31",
        "startDate": "2000-01-01",
    }
    assert periods[0] == {
        "bookyearPeriod": 200001,
        "endDate": "2000-01-31",
        "startDate": "2000-01-01",
    }
    assert [period["bookyearPeriod"] for period in periods][-1] == 200012


def test_journals(octopus):
    journals = octopus.get("bookyears/1/journals").json()
    assert journals[0] == {
        "bookyearKey": {"id": 1},
        "closed": False,
        "closedPeriod": 0,
        "insertionType": 1,
        "journalKey": "D1",
        "lastBookedDocumentNr": 1,
        "name": "Opening",
        "protectedPeriod": 0,
    }
    last = {j["journalKey"]: j["lastBookedDocumentNr"] for j in journals}
    assert last == {"D1": 1, "F1": 5, "D2": 1, "V2": 0, "A1": 6, "V1": 2}
    assert [j["journalKey"] for j in journals if "currencyCode" in j] == ["F1"]


def test_accounts(octopus):
    account = octopus.get("accounts", bookyearId=1).json()[0]
    assert account == {
        "accountKey": {"bookyearKey": {"id": 1}, "id": 140000},
        "costCentreType": 2,
        "description": {
            "description_EN": "",
            "description_FR": "...",
            "description_NL": "Overgedragen winst",
        },
        "fiscProfessionalPercentage": 100.0,
        "fiscRecupPercentage": 100.0,
        "vatRecupPercentage": 100.0,
    }


RELATION_16 = (
    '{"active":true,"bankAccountNr":"001347600990","bicCode":"GEBABEBB",'
    '"city":"Oostende","client":true,"contactPerson":"","corporationType":8,'
    '"country":"BE","currencyCode":"EUR","defaultBookingAccountClient":700100,'
    '"defaultBookingAccountSupplier":0,"email":"jan@dezeesnoepers.be",'
    '"expirationDays":0,"expirationType":2,"externCustomerNr":"","factLanguage":0,'
    '"financialDiscount":false,"firstName":"","ibanAccountNr":"BE34001347600990",'
    '"name":"De Zeesnoepers","postalCode":"8400","profession":"",'
    '"relationIdentificationServiceData":{"externalRelationId":0,'
    '"relationKey":{"id":16}},"remarks":"","sddActive":false,"sddMandateType":0,'
    '"sddSeqtype":0,"searchField1":"","searchField2":"",'
    '"streetAndNr":"Havenlaan 37","supplier":true,"supplierPaymentMethod":0,'
    '"vatNr":"BE0895.747.092","vatType":1}'
)


def test_relations(octopus):
    response = octopus.get("relations")
    assert RELATION_16 in response.text
    assert response.json()[0]["country"] == "  "


def test_new_relation(octopus):
    fields = {
        "currencyCode": "EUR",
        "relationIdentificationServiceData": {"externalRelationId": 99999},
        "name": "Nieuw",
        "client": True,
        "supplier": False,
        "email": "a@b.example",
        "streetAndNr": "Straat 1",
        "postalCode": "8000",
        "city": "Brugge",
        "country": "BE",
    }
    response = octopus.put("relations", fields)
    assert response.status_code == 201
    answer = response.json()
    assert answer["relationIdentificationServiceData"] == {
        "externalRelationId": 99999,
        "relationKey": {"id": 28},
    }
    defaults = {
        "active": True,
        "corporationType": 0,
        "defaultBookingAccountClient": 0,
        "defaultBookingAccountSupplier": 0,
        "expirationDays": 30,
        "expirationType": 2,
        "factLanguage": 0,
        "financialDiscount": False,
        "vatType": 0,
        "vatNr": "",
        "supplierPaymentMethod": 0,
    }
    assert {name: answer[name] for name in defaults} == defaults


def test_modified_bookings(octopus):
    response = octopus.get(
        "buysellbookings/modified", bookyearId=1, modifiedTimeStamp=SINCE
    )
    assert (
        '{"amount":2544.0,"bookingLines":[{"accountKey":700100,"baseAmount":2400.0,'
        '"comment":"Lever. dd 01012000 De Zeesnoepers","vatAmount":144.0,'
        '"vatCodeKey":"06"}],"bookyearKey":{"id":1},"bookyearPeriodeNr":200003,'
        '"comment":"Levering","currencyCode":"EUR","documentDate":"2000-03-01",'
        '"documentSequenceNr":1,"exchangeRate":1.0,"expiryDate":"2000-03-01",'
        '"journalKey":"V1","paymentMethod":0,"reference":"Levering",'
        '"relationIdentificationServiceData":{"externalRelationId":0,'
        '"relationKey":{"id":16}}}'
    ) in response.text
    bookings = {(b["journalKey"], b["documentSequenceNr"]): b for b in response.json()}
    assert bookings["V1", 2]["amount"] == 0.0
    assert bookings["V1", 2]["bookingLines"] == []
    assert bookings["A1", 1]["bookingLines"][0]["vatRecupPercentage"] == 100.0
    assert bookings["A1", 5]["bookingLines"][0]["vatCodeKey"] == "I21"
    odd = bookings["A1", 6]
    assert (odd["documentDate"], odd["bookyearPeriodeNr"]) == ("2000-11-30", 200001)


def _wrong_number():
    return {
        "bookyearKey": {"id": 1},
        "journalKey": "A1",
        "documentSequenceNr": 1,
        "relationIdentificationServiceData": {"relationKey": {"id": 999}},
        "bookyearPeriodeNr": 1,
        "documentDate": "2000-01-01",
        "expiryDate": "2000-01-01",
        "amount": 10.0,
        "currencyCode": "EUR",
        "exchangeRate": 1.0,
    }


def test_booking_with_a_wrong_number(octopus):
    """The number comes before everything else that is wrong (X.20)."""
    response = octopus.post(
        "buysellbookings", {"buySellBookingServiceData": _wrong_number()}
    )
    assert response.status_code == 400
    assert response.json() == {
        "errorCode": -13,
        "errorMessage": ILLEGAL_NUMBER,
        "technicalInfo": "Unable to insert booking in dossier 49555.  Illegal document "
        "seq Nr.  Last Document = 6.  New Document = 1. ",
    }


def test_financial_booking_with_a_wrong_number(octopus):
    fields = _wrong_number() | {"journalKey": "F1"}
    for name in (
        "relationIdentificationServiceData",
        "expiryDate",
        "amount",
        "currencyCode",
    ):
        del fields[name]
    response = octopus.post(
        "financialdiversbookings", {"financialDiversBookingServiceData": fields}
    )
    assert response.status_code == 400
    assert response.json() == {
        "errorCode": -13,
        "errorMessage": ILLEGAL_NUMBER,
        "technicalInfo": "Unable to insert booking in dossier 49555.  Illegal document "
        "sequence nr.  Last Document : 5",
    }


def test_invoice_in_an_unknown_period(octopus):
    fields = _wrong_number() | {"journalKey": "V2"}
    del fields["amount"]
    response = octopus.post("invoices", fields)
    assert response.status_code == 400
    assert response.json() == {
        "errorCode": -14,
        "errorMessage": "De gebruikte boekjaar periode bestaat niet in het boekjaar.",
        "technicalInfo": "Unable to insert invoice in dossier 49555.  "
        "Bookyear period unknown",
    }


def test_wrong_parameter_names(sandbox, octopus):
    response = octopus.get("buysellbookings", bookyear=1, journal="V1", number=1)
    assert response.status_code == 400
    assert response.json() == {"technicalInfo": "Invalid or missing parameters passed"}
    sandbox.expect_violation("getBuySellBooking")


def test_no_modified_invoices(octopus):
    response = octopus.get("invoices/modified", bookyearId=1, modifiedTimeStamp=SINCE)
    assert response.status_code == 404
    assert response.json() == {
        "technicalInfo": "No modified Invoices found in dossier 49555bookyearId: 1, "
        "Journal Key: null "
    }


def test_financial_bookings(octopus):
    response = octopus.get(
        "financialdiversbookings/modified", bookyearId=1, modifiedTimeStamp=SINCE
    )
    for line in (
        '{"accountKey":0,"amount":-347.04,"externalRelationId":0,'
        '"reference":"2009/A1/7","relationId":15,"type":"S"}',
        '{"accountKey":588888,"amount":4500.0,"type":"A"}',
    ):
        assert line in response.text
    by_number = {
        booking["documentSequenceNr"]: booking
        for booking in response.json()
        if booking["journalKey"] == "F1"
    }
    receipt = by_number[2]
    assert receipt["bookingLines"][0]["amount"] == 2544.0
    assert "comment" not in receipt and "currencyCode" not in receipt
    assert octopus.put("financialdiversbookings", receipt).status_code == 204


def test_balancings(octopus):
    answer = octopus.get("balancings/modified", modifiedTimeStamp=SINCE).json()
    whole, first, second = answer["modifiedBalancings"]
    assert whole["type"] == {
        "accountNr": 0,
        "externalRelationId": 0,
        "relationKey": {"id": 16},
        "type": "C",
    }
    assert whole["creditBalancedBookingAmount"] == 2544.0
    assert whole["debetBalancedBookingAmount"] == 0.0
    assert whole["creditDocument"]["balancingKey"] == key(1, "F1", 2, 1)
    assert whole["debetDocument"]["balancingKey"] == key(1, "V1", 1)
    assert whole["debetDocument"]["debetBookingAmount"] == 2544.0
    assert first["creditBalancedBookingAmount"] == 321.0
    assert second["creditBalancedBookingAmount"] == 279.0
    assert second["type"]["type"] == "S"
    assert second["creditDocument"]["creditBookingAmount"] == 679.0
    assert second["debetDocument"]["balancingKey"] == key(1, "F1", 4, 1)
    assert second["creditDocument"]["balancingKey"] == key(1, "A1", 2)


def test_delete_and_insert_a_balancing(octopus):
    pair = {"debetKey": key(1, "V1", 1), "creditKey": key(1, "F1", 2, 1)}
    response = octopus.delete("balancings/delete", pair)
    assert (response.status_code, response.content) == (204, b"")
    response = octopus.post("balancings", pair | {"balanceAmount": 2544.0})
    assert (response.status_code, response.content) == (201, b"")
    assert response.headers["Content-Length"] == "0"


@pytest.mark.skipif(
    not SAMPLES.exists(), reason="the recorded samples are not beside the project"
)
def test_the_transcription_is_the_recording():
    """What these tests expect stands in the recording word for word."""
    text = SAMPLES.read_text(encoding="utf-8")
    relation = json.dumps(json.loads(RELATION_16), separators=(",", ":"))
    assert relation in text
    assert ILLEGAL_NUMBER in text
    assert "No modified Invoices found in dossier 49555bookyearId: 1" in text
