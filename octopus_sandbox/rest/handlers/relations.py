"""Relations (docs/octopus.md §10)."""

import re

from ...state.errors import NothingFound, Refusal
from ...state.relation import DEFAULTS
from ..answers import Answer
from ..codec import without_nulls
from .common import date, date_json, key_id, none_found
from .registry import handles


def _camel(name):
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


# Name in the contract by name in the books; both keys apart.
_NAMES = {name: _camel(name) for name in DEFAULTS}
_SIGNATURE = "sdd_signature_date"


@handles("getRelations")
def get_relations(call):
    conditions = {
        "relation_id": call.get("relationId"),
        "external_id": call.get("extRelationId"),
        "name": call.get("name"),
        "vat_number": call.get("vatNr"),
    }
    searching = any(value is not None for value in conditions.values())
    if not searching and call.switches["relation_list"] == "400":
        raise Refusal(None, "Relation list not available")
    found = call.books.relations.search(**conditions)
    if not found:
        return _not_found(call, searching)
    return Answer(200, [relation_json(relation) for relation in found])


def _not_found(call, searching):
    how = call.switches["relation_not_found"]
    if not searching or how == "404":
        raise none_found("relations", call)
    if how == "empty":
        return Answer(200, [])
    return Answer(200, {"errorCode": -16}, off_contract=True)


@handles("getModifiedRelations")
def get_modified_relations(call):
    changed, deleted = call.changes(call.dossier.feeds.relations)
    if not changed and not deleted:
        raise NothingFound(f"No modified relations found in dossier {call.dossier.id}")
    alive, gone = call.dossier.relations, call.dossier.deleted_relations
    return Answer(
        200,
        {
            "modified": [relation_json(alive[number]) for (number,) in changed],
            "deleted": [relation_json(gone[number]) for (number,) in deleted],
        },
    )


@handles("insertUpdateRelation")
def insert_update_relation(call):
    identification = call.body["relationIdentificationServiceData"]
    values = {
        name: call.body[spelling]
        for name, spelling in _NAMES.items()
        if spelling in call.body
    }
    if _SIGNATURE in values:
        values[_SIGNATURE] = date(values[_SIGNATURE])
    relation, is_new = call.books.relations.upsert(
        key_id(identification.get("relationKey")),
        identification.get("externalRelationId", 0),
        values,
    )
    return Answer(201, relation_json(relation)) if is_new else Answer(204)


def relation_json(relation):
    """A RelationServiceData."""
    fields = {_NAMES[name]: getattr(relation, name) for name in _NAMES}
    fields[_NAMES[_SIGNATURE]] = date_json(relation.sdd_signature_date)
    fields["relationIdentificationServiceData"] = {
        "externalRelationId": relation.external_id,
        "relationKey": {"id": relation.id},
    }
    return without_nulls(fields)
