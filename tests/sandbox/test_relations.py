"""Relations: search, upsert, deletion (api.md §4.1; E.1, X.16, X.18, X.19)."""

import pytest

from .client import OLD


def fields(relation_id=None, external_id=0, **values):
    identification = {"externalRelationId": external_id}
    if relation_id:
        identification["relationKey"] = {"id": relation_id}
    return {
        "relationIdentificationServiceData": identification,
        "currencyCode": "EUR",
        "name": "Nieuwe Klant",
        "client": True,
        "country": "BE",
    } | values


def ids(response):
    return [
        row["relationIdentificationServiceData"]["relationKey"]["id"]
        for row in response.json()
    ]


def test_the_plain_list_holds_the_active_ones(sandbox, octopus):
    sandbox.books().dossier.relations[3].active = False
    assert ids(octopus.get("relations")) == [1, 2, 4]


def test_the_plain_list_may_be_refused(sandbox, octopus):
    sandbox.world.set_switches({"relation_list": "400"})
    assert octopus.get("relations").status_code == 400
    assert ids(octopus.get("relations", relationId=1)) == [1]


def test_a_name_must_be_whole_in_any_case(octopus):
    assert ids(octopus.get("relations", name="BAKKERIJ de molen")) == [1]
    assert octopus.get("relations", name="Bakkerij").json() == []


def test_conditions_are_ored_and_find_inactive_ones(sandbox, octopus):
    sandbox.books().dossier.relations[2].active = False
    vat = sandbox.books().dossier.relations[2].vat_nr
    assert ids(octopus.get("relations", relationId=1, vatNr=vat)) == [1, 2]


@pytest.mark.parametrize(
    ("switch", "status", "body"),
    [("empty", 200, []), ("404", 404, None), ("error", 200, {"errorCode": -16})],
)
def test_nothing_found(sandbox, octopus, switch, status, body):
    sandbox.world.set_switches({"relation_not_found": switch})
    response = octopus.get("relations", name="nobody")
    assert response.status_code == status
    if body is not None:
        assert response.json() == body


def test_a_new_relation_comes_back_whole(octopus):
    response = octopus.put("relations", fields(external_id=77))
    assert response.status_code == 201
    assert response.json()["relationIdentificationServiceData"] == {
        "externalRelationId": 77,
        "relationKey": {"id": 5},
    }


@pytest.mark.parametrize("by", ["relation_id", "external_id"])
def test_a_known_relation_is_merged_and_answers_204(octopus, by):
    """X.19: the other flag goes on the same relation."""
    octopus.put("relations", fields(external_id=77, email="a@b.example"))
    known = {"relation_id": 5} if by == "relation_id" else {"external_id": 77}
    response = octopus.put("relations", fields(**known, supplier=True))
    assert (response.status_code, response.content) == (204, b"")
    (row,) = octopus.get("relations", extRelationId=77).json()
    assert (row["client"], row["supplier"]) == (True, True)


@pytest.mark.parametrize(("switch", "email"), [("keep", "a@b.example"), ("blank", "")])
def test_what_merging_does_with_missing_fields(sandbox, octopus, switch, email):
    sandbox.world.set_switches({"merge_missing": switch})
    octopus.put("relations", fields(external_id=77, email="a@b.example"))
    octopus.put("relations", fields(external_id=77))
    (row,) = octopus.get("relations", extRelationId=77).json()
    assert row["email"] == email
    assert row["relationIdentificationServiceData"]["relationKey"] == {"id": 5}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client": False}, -7),
        ({"name": ""}, -7),
        ({"country": ""}, -7),
        ({"currencyCode": "XXX"}, -19),
        ({"vatNr": "BE0477472701"}, -7),
    ],
    ids=str,
)
def test_wrong_relations_are_refused_and_not_kept(octopus, change, code):
    response = octopus.put("relations", fields(**change))
    assert (response.status_code, response.json()["errorCode"]) == (400, code)
    assert len(octopus.get("relations").json()) == 4


def test_switches_of_country_and_vat_number(sandbox, octopus):
    body = fields(vatNr="BE0477472701")
    del body["country"]
    sandbox.world.set_switches({"relation_vat_format": "free"})
    answer = octopus.put("relations", body).json()
    assert answer["country"] == "  "
    sandbox.world.set_switches({"relation_country": "required"})
    assert octopus.put("relations", body).status_code == 400


def test_an_external_id_belongs_to_one_relation(octopus):
    octopus.put("relations", fields(external_id=77))
    response = octopus.put("relations", fields(relation_id=1, external_id=77))
    assert response.json()["errorCode"] == -7


def test_an_unknown_key_makes_a_new_relation_with_its_own(octopus):
    response = octopus.put("relations", fields(relation_id=999))
    assert response.status_code == 201
    assert response.json()["relationIdentificationServiceData"]["relationKey"] == {
        "id": 5
    }


def test_deleted_relations_are_in_the_feed(sandbox, octopus):
    """X.18: only one without bookings can be deleted."""
    books = sandbox.books()
    books.relations.delete(4)
    answer = octopus.get("relations/modified", modifiedTimeStamp=OLD).json()
    assert [row["name"] for row in answer["deleted"]] == ["Jan Janssens"]
    assert len(answer["modified"]) == 3
    with pytest.raises(Exception, match="has bookings"):
        books.relations.delete(1)


def test_nothing_modified_is_404(octopus):
    response = octopus.get(
        "relations/modified", modifiedTimeStamp="2030-01-01 00:00:00.000"
    )
    assert response.status_code == 404
