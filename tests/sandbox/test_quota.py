"""Daily limits (api.md §2.1, §2.3; X.43)."""

import datetime

import pytest
import requests

from octopus_sandbox.seed import demo

from .client import OLD, Caller


def exhaust(octopus, calls=2):
    for _call in range(calls):
        assert octopus.get("vatcodes").status_code == 200


def test_the_limit_of_the_contract_is_kept(octopus):
    exhaust(octopus)
    response = octopus.get("vatcodes")
    assert response.status_code == 429
    assert "Maximum allowed calls per day" in response.json()["technicalInfo"]


def test_other_operations_go_on(octopus):
    exhaust(octopus)
    octopus.get("vatcodes")
    assert octopus.get("bookyears").status_code == 200


@pytest.mark.parametrize("status", ["429", "403", "400"])
@pytest.mark.parametrize("body", ["error", "empty"])
def test_the_shape_of_the_refusal(sandbox, octopus, status, body):
    """Unknown 1."""
    sandbox.world.set_switches({"quota_status": status, "quota_body": body})
    exhaust(octopus)
    response = octopus.get("vatcodes")
    assert response.status_code == int(status)
    assert bool(response.content) == (body == "error")


def test_limits_start_again_at_midnight_in_belgium(sandbox, octopus):
    exhaust(octopus)
    # 23:59 in Brussels is 21:59 UTC in June
    sandbox.world.clock.advance_to(
        datetime.datetime(2026, 6, 15, 21, 59, tzinfo=datetime.timezone.utc)
    )
    assert Caller(sandbox).get("vatcodes").status_code == 429
    sandbox.world.clock.advance(minutes=1)
    assert Caller(sandbox).get("vatcodes").status_code == 200


def test_relations_have_two_limits(octopus):
    for _call in range(3):
        assert octopus.get("relations", name="x").status_code == 200
    statuses = [octopus.get("relations").status_code for _call in range(3)]
    assert statuses == [200, 200, 429]
    assert octopus.get("relations", name="x").status_code == 200


def test_one_booking_can_be_read_ten_times(octopus):
    query = {"bookyearId": 2, "journalKey": "V1", "documentSeqNr": 1}
    statuses = [octopus.get("buysellbookings", **query).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_a_feed_that_answers_404_counts_as_well(octopus):
    stamp = "2030-01-01 00:00:00.000"
    statuses = [
        octopus.get("balancings/modified", modifiedTimeStamp=stamp).status_code
        for _call in range(49)
    ]
    assert statuses == [404] * 48 + [429]


@pytest.mark.parametrize(
    ("scope", "status"), [("dossier", 200), ("user", 429), ("software_house", 429)]
)
def test_what_is_counted_together(sandbox, octopus, scope, status):
    """Unknown 1."""
    sandbox.world.set_switches({"quota_scope": scope})
    exhaust(octopus)
    assert Caller(sandbox, demo.BRANCH).get("vatcodes").status_code == status


@pytest.mark.parametrize(("counts", "status"), [("all", 429), ("accepted", 204)])
def test_whether_refused_calls_count(sandbox, octopus, counts, status):
    sandbox.world.set_switches({"quota_counts": counts})
    octopus.book()
    wrong = {"documentSequenceNr": 9}
    body = octopus.get(
        "buysellbookings", bookyearId=2, journalKey="V1", documentSeqNr=3
    ).json()
    for _call in range(10):
        assert octopus.put("buysellbookings", body | wrong).status_code == 400
    assert octopus.put("buysellbookings", body).status_code == status


def test_limits_can_be_switched_off(sandbox, octopus):
    sandbox.world.set_switches({"quota": "off"})
    exhaust(octopus, 5)


def test_dossiers_can_be_listed_150_times(sandbox):
    token = sandbox.login()
    session = requests.Session()
    statuses = [
        session.get(
            f"{sandbox.url}/dossiers", headers={"Token": token}, timeout=10
        ).status_code
        for _call in range(151)
    ]
    assert statuses == [200] * 150 + [429]


def test_an_unauthorised_call_does_not_count(sandbox, octopus):
    sandbox.world.state.tokens.expire_all()
    for _call in range(5):
        assert octopus.get("vatcodes").status_code == 401
    exhaust(Caller(sandbox))


def test_limits_are_per_dossier_and_operation(octopus):
    octopus.get("relations/modified", modifiedTimeStamp=OLD)
    exhaust(octopus)
    assert octopus.get("costcentres").status_code == 200
