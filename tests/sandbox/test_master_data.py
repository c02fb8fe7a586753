"""Bookyears, journals, accounts, VAT codes (api.md §4.2, §4.3, §4.6)."""

import datetime

import pytest

from octopus_sandbox.seed import demo
from octopus_sandbox.state.bookyear import MONTH, QUARTER, YEAR, make_periods

from .client import OLD, Caller


def test_three_bookyears_the_first_closed(octopus):
    years = octopus.get("bookyears").json()
    assert [(y["bookyearDescription"], y["closed"]) for y in years] == [
        ("2025", True),
        ("2026", False),
        ("2027", False),
    ]
    assert [len(y["periods"]) for y in years] == [12, 12, 12]


def test_the_branch_has_quarters(sandbox):
    """api.md §4.2: quarters are numbered YYYY + 01..04."""
    years = Caller(sandbox, demo.BRANCH).get("bookyears").json()
    periods = years[1]["periods"]
    assert [p["bookyearPeriod"] for p in periods] == [202601, 202602, 202603, 202604]
    assert (periods[3]["startDate"], periods[3]["endDate"]) == (
        "2026-10-01",
        "2026-12-31",
    )


@pytest.mark.parametrize(
    ("kind", "count"), [(MONTH, 18), (QUARTER, 6), (YEAR, 2)], ids=str
)
def test_periods_cover_a_long_bookyear_without_holes(kind, count):
    start, end = datetime.date(2025, 7, 1), datetime.date(2026, 12, 31)
    periods = make_periods(start, end, kind)
    assert len(periods) == count
    assert len({period.number for period in periods}) == count
    assert (periods[0].start, periods[-1].end) == (start, end)
    for before, after in zip(periods, periods[1:], strict=False):
        assert after.start - before.end == datetime.timedelta(days=1)


def test_one_bookyear_in_detail(octopus):
    year = octopus.get("bookyears/2").json()
    assert (year["fromDate"], year["bookingPeriodType"]) == ("2026-01-01", "MONTH")
    response = octopus.get("bookyears/9")
    assert (response.status_code, response.json()["errorCode"]) == (400, -9)


def test_journals_of_a_bookyear(octopus):
    journals = {j["journalKey"]: j for j in octopus.get("bookyears/2/journals").json()}
    assert set(journals) == {"V1", "V2", "V3", "A1", "A2", "F1", "F2", "D1"}
    assert journals["V3"]["insertionType"] == 2
    assert journals["V1"]["lastBookedDocumentNr"] == 2
    assert octopus.get("bookyears/9/journals").status_code == 404


def test_a_financial_journal_has_its_iban(octopus):
    """C.13."""
    journal = octopus.get("bookyears/2/journals/F/1").json()
    iban = journal["bankAccountServiceData"]["bankAccountIban"]
    assert len(iban) == 16
    assert int(iban[4:] + "1114" + iban[2:4]) % 97 == 1
    assert (journal["account"], journal["currency"]) == (550000, "EUR")
    common = journal["commonJournalServiceData"]
    assert common["nextDocumentNumber"] == 2


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("V/1", "insertionType"),
        ("A/1", "commonJournalServiceData"),
        ("D/1", "commonJournalServiceData"),
    ],
)
def test_the_other_journals_in_detail(octopus, path, field):
    assert field in octopus.get(f"bookyears/2/journals/{path}").json()


def test_an_unknown_journal_is_10(octopus):
    response = octopus.get("bookyears/2/journals/V/9")
    assert (response.status_code, response.json()["errorCode"]) == (400, -10)


def test_balance_of_a_financial_journal(octopus):
    assert octopus.get("bookyears/2/journals/F1").json()["balance"] == 12802.5
    assert octopus.get("bookyears/2/journals/V1").status_code == 404


def test_modified_journals_answer_200_even_when_nothing_changed(octopus):
    response = octopus.get(
        "journals/modified", modifiedTimeStamp="2030-01-01 00:00:00.000"
    )
    assert (response.status_code, response.json()) == (
        200,
        {"modifiedJournalServiceDataList": [], "deletedJournalList": []},
    )


@pytest.mark.parametrize(("switch", "count"), [("on", 1), ("off", 0)])
def test_a_booking_may_show_its_journal_as_modified(sandbox, octopus, switch, count):
    sandbox.world.set_switches({"journal_feed": switch})
    sandbox.world.clock.advance(minutes=1)
    octopus.book()
    rows = octopus.get(
        "journals/modified", modifiedTimeStamp="2026-06-15 09:00:59.000"
    ).json()["modifiedJournalServiceDataList"]
    assert len(rows) == count
    assert [row["nextDocumentNumber"] for row in rows] == [4] * count


def test_accounts_of_a_bookyear(octopus):
    accounts = octopus.get("accounts", bookyearId=2).json()
    numbers = {account["accountKey"]["id"] for account in accounts}
    assert {
        400000,
        440000,
        451000,
        550000,
        588888,
        599999,
        604000,
        653000,
        700000,
        708000,
    } <= numbers
    assert len(numbers) > 140
    assert octopus.get("accounts", bookyearId=9).status_code == 404


def test_accounts_can_be_made_and_changed(octopus):
    account = {
        "accountKey": {"bookyearKey": {"id": 2}, "id": 704010},
        "description": {"description_NL": "Nieuw"},
        "vatRecupPercentage": 50.0,
    }
    assert octopus.put("accounts", account).status_code == 201
    account["description"] = {"description_NL": "Anders"}
    assert octopus.put("accounts", account).status_code == 204
    modified = octopus.get("accounts/modified", modifiedTimeStamp=OLD).json()
    mine = modified["modified"][-1]
    assert mine["description"] == {"description_NL": "Anders"}
    assert mine["vatRecupPercentage"] == 50.0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"vatRecupPercentage": 101.0}, -30),
        ({"fiscProfessionalPercentage": -1.0}, -31),
        ({"fiscRecupPercentage": 100.1}, -32),
        ({"description": {}}, -27),
        ({"accountKey": {"bookyearKey": {"id": 9}, "id": 1}}, -9),
    ],
    ids=str,
)
def test_wrong_accounts_are_refused(octopus, change, code):
    account = {
        "accountKey": {"bookyearKey": {"id": 2}, "id": 704010},
        "description": {"description_NL": "Nieuw"},
    }
    response = octopus.put("accounts", account | change)
    assert (response.status_code, response.json()["errorCode"]) == (400, code)


def test_no_modified_accounts_is_404(octopus):
    response = octopus.get(
        "accounts/modified", modifiedTimeStamp="2030-01-01 00:00:00.000"
    )
    assert response.status_code == 404


def test_vat_codes_have_their_credit_note_twins(sandbox, octopus):
    """api.md §4.6; unknown 5."""
    codes = octopus.get("vatcodes").json()
    by_type = {
        kind: [c["code"] for c in codes if c["type"] == kind] for kind in (1, 2, 3, 4)
    }
    assert {"21", "12", "06", "00", "IG", "EX", "MC"} <= set(by_type[2])
    assert {"D21", "H06", "I21", "DE1", "DM1", "HW1"} <= set(by_type[1])
    assert by_type[1] == by_type[3] and by_type[2] == by_type[4]
    sandbox.world.set_switches({"credit_note_codes": "once"})
    assert {c["type"] for c in octopus.get("vatcodes").json()} == {1, 2}


def test_descriptions_are_in_the_language_of_the_token(sandbox):
    """X.49."""
    texts = [
        Caller(sandbox, locale=locale).get("vatcodes").json()[0]["description"]
        for locale in (2, 4)
    ]
    assert texts == ["Ventes 21 %", "Verkäufe 21 %"]


def test_cost_centres(octopus):
    assert len(octopus.get("costcentres").json()) == 3
    assert len(octopus.get("costcentres/active").json()) == 2
    centre = {
        "costCentreKey": {"id": 9},
        "description": {"description_NL": "Negen"},
        "closed": False,
    }
    assert octopus.put("costcentres", centre).status_code == 201
    assert octopus.put("costcentres", centre | {"closed": True}).status_code == 204
    assert len(octopus.get("costcentres/active").json()) == 2
    response = octopus.put("costcentres", centre | {"description": {}})
    assert response.json()["errorCode"] == -76


def test_currencies_and_custom_fields(octopus):
    assert octopus.get("currencies").json() == ["EUR", "USD", "GBP", "CHF"]
    assert octopus.get("customfields").status_code == 404
