"""Login, tokens, dossiers (api.md §1.1; A.1, A.10, X.38, X.39, X.41)."""

import pytest
import requests

from octopus_sandbox.seed import demo

from .client import Caller


def authenticate(
    sandbox, user=demo.USER, password=demo.PASSWORD, house=demo.SOFTWARE_HOUSE
):
    return requests.post(
        f"{sandbox.url}/authentication",
        headers={"softwareHouseUuid": house},
        json={"user": user, "password": password},
        timeout=10,
    )


def open_dossier(sandbox, number, **params):
    return requests.post(
        f"{sandbox.url}/dossiers",
        params={"dossierId": number, **params},
        headers={"Token": sandbox.login()},
        timeout=10,
    )


@pytest.mark.parametrize(
    "wrong", [{"user": "x"}, {"password": "x"}, {"house": "x"}], ids=str
)
def test_a_wrong_login_is_401_without_a_code(sandbox, wrong):
    response = authenticate(sandbox, **wrong)
    assert response.status_code == 401
    assert set(response.json()) == {"technicalInfo"}


def test_failed_attempts_are_counted(sandbox):
    authenticate(sandbox, password="x")
    assert sandbox.world.state.logins[demo.USER].failed_attempts == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_login_without_web_service(sandbox, status):
    """X.41: the contract does not say how it is refused."""
    sandbox.world.set_switches({"web_service_off": str(status)})
    response = authenticate(sandbox, demo.SWITCHED_OFF, demo.SWITCHED_OFF_PASSWORD)
    assert response.status_code == status
    assert "Web service not active" in response.json()["technicalInfo"]


def test_a_login_without_dossiers_sees_none(sandbox):
    token = sandbox.login(demo.NOBODY, demo.NOBODY_PASSWORD)
    response = requests.get(
        f"{sandbox.url}/dossiers", headers={"Token": token}, timeout=10
    )
    assert (response.status_code, response.json()) == (200, [])


def test_three_dossiers_with_valid_vat_numbers(sandbox):
    response = requests.get(
        f"{sandbox.url}/dossiers", headers={"Token": sandbox.login()}, timeout=10
    )
    numbers = [row["vatNr"] for row in response.json()]
    assert numbers[0] == "BE0477.472.701"
    assert len(set(numbers)) == 3
    for number in numbers:
        digits = number.removeprefix("BE").replace(".", "")
        assert 97 - int(digits[:8]) % 97 == int(digits[8:])


def test_whoami(sandbox):
    token = sandbox.login()
    url = f"{sandbox.url}/authentication"
    assert requests.get(url, headers={"Token": token}, timeout=10).json() == {
        "token": token
    }
    sandbox.world.set_switches({"whoami": "user"})
    answer = requests.get(url, headers={"Token": token}, timeout=10)
    assert answer.json() == {"user": demo.USER}


def test_a_token_lives_ten_minutes(sandbox, octopus):
    sandbox.world.clock.advance(minutes=9, seconds=59)
    assert octopus.get("bookyears").status_code == 200
    sandbox.world.clock.advance(seconds=1)
    response = octopus.get("bookyears")
    assert response.status_code == 401
    assert set(response.json()) == {"technicalInfo"}
    assert Caller(sandbox).get("bookyears").status_code == 200


@pytest.mark.parametrize("code", [-2, -79])
def test_an_expired_token_may_have_a_code(sandbox, octopus, code):
    sandbox.world.set_switches({"expired_code": str(code)})
    sandbox.world.state.tokens.expire_all()
    response = octopus.get("bookyears")
    assert (response.status_code, response.json()["errorCode"]) == (401, code)


def test_a_sliding_token_lives_on_with_each_use(sandbox, octopus):
    sandbox.world.set_switches({"token_lifetime": "sliding"})
    for _turn in range(3):
        sandbox.world.clock.advance(minutes=9)
        assert octopus.get("bookyears").status_code == 200
    sandbox.world.clock.advance(minutes=10)
    assert octopus.get("bookyears").status_code == 401


def test_a_forged_token_is_refused(sandbox):
    caller = Caller(sandbox, token="a.b.c")
    assert caller.get("bookyears").status_code == 401


def test_no_dossier_token_is_401_with_79(sandbox):
    """Sending Token where dossierToken is asked for."""
    response = requests.get(
        f"{sandbox.url}/dossiers/{demo.MAIN}/bookyears",
        headers={"Token": sandbox.login()},
        timeout=10,
    )
    assert response.status_code == 401
    assert response.json()["errorCode"] == -79
    assert response.json()["technicalInfo"] == "Empty access token"
    sandbox.expect_violation("dossierToken")


def test_a_dossier_token_opens_only_its_own_dossier(sandbox):
    token = sandbox.dossier_token(demo.BRANCH)
    response = Caller(sandbox, demo.MAIN, token=token).get("bookyears")
    assert (response.status_code, response.json()["errorCode"]) == (403, -3)


def test_an_unknown_dossier_is_404(sandbox):
    assert open_dossier(sandbox, 1).status_code == 404


def test_a_dossier_without_access_is_403(sandbox):
    """A.10: no right on a dossier that exists."""
    sandbox.world.state.logins[demo.USER].dossiers.remove(demo.THIRD)
    response = open_dossier(sandbox, demo.THIRD)
    assert (response.status_code, response.json()["errorCode"]) == (403, -3)


@pytest.mark.parametrize(("switch", "has_code"), [("present", True), ("absent", False)])
def test_a_disabled_dossier_is_403(sandbox, switch, has_code):
    sandbox.books(demo.THIRD).dossier.disabled = True
    sandbox.world.set_switches({"code_in_403": switch})
    response = open_dossier(sandbox, demo.THIRD)
    assert response.status_code == 403
    assert ("errorCode" in response.json()) == has_code


def test_a_disabled_dossier_may_be_listed_without_key(sandbox):
    sandbox.books(demo.THIRD).dossier.disabled = True
    sandbox.world.set_switches({"disabled_dossier": "without_key"})
    rows = requests.get(
        f"{sandbox.url}/dossiers", headers={"Token": sandbox.login()}, timeout=10
    ).json()
    assert ["dossierKey" in row for row in rows] == [True, True, False]


def test_a_second_token_may_be_refused(sandbox):
    sandbox.world.set_switches({"parallel_tokens": "refused"})
    assert open_dossier(sandbox, demo.MAIN).status_code == 200
    response = open_dossier(sandbox, demo.MAIN)
    assert (response.status_code, response.json()["errorCode"]) == (400, -51)
    sandbox.world.clock.advance(minutes=10)
    assert open_dossier(sandbox, demo.MAIN).status_code == 200


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        (0, "De relatie bestaat niet."),
        (1, "De relatie bestaat niet."),
        (2, "La relation n'existe pas."),
        (3, "The relation does not exist."),
        (4, "Die Beziehung existiert nicht."),
    ],
)
def test_the_locale_of_the_token_is_that_of_the_messages(sandbox, locale, text):
    """X.49."""
    caller = Caller(sandbox, locale=locale)
    response = caller.book(
        relationIdentificationServiceData={"relationKey": {"id": 999}}
    )
    assert response.json()["errorMessage"] == text


def test_the_default_locale_is_that_of_the_dossier(sandbox):
    caller = Caller(sandbox, demo.BRANCH)
    response = caller.book(documentSequenceNr=99)
    assert response.json()["errorMessage"].startswith("Le numéro de document")


def test_a_locale_out_of_bounds_is_a_violation(sandbox):
    assert open_dossier(sandbox, demo.MAIN, localeId=5).status_code == 400
    sandbox.expect_violation("localeId")


def test_version_needs_no_login(sandbox):
    response = requests.get(f"{sandbox.url}/about/version", timeout=10)
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.text == "51.9.17"


def test_sample_error_is_always_400(sandbox):
    response = requests.get(
        f"{sandbox.url}/error", params={"errorCode": -13, "localeId": 3}, timeout=10
    )
    assert response.status_code == 400
    assert response.json()["errorCode"] == -13
    assert response.json()["errorMessage"].startswith("The document number is wrong")


def test_header_names_are_case_insensitive(sandbox):
    token = sandbox.dossier_token()
    response = requests.get(
        f"{sandbox.url}/dossiers/{demo.MAIN}/bookyears",
        headers={"DOSSIERTOKEN": token},
        timeout=10,
    )
    assert response.status_code == 200


def test_a_dossier_that_is_no_number(sandbox):
    response = requests.get(
        f"{sandbox.url}/dossiers/x/bookyears",
        headers={"dossierToken": sandbox.dossier_token()},
        timeout=10,
    )
    assert response.status_code == 403


def test_a_body_without_length_is_411(sandbox):
    response = requests.post(
        f"{sandbox.url}/authentication", data=iter([b"{}"]), timeout=10
    )
    assert response.status_code == 411
