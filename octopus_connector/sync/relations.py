"""Relations as rows: what Octopus says of them is mirrored, complete."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields

from ..api.stored import from_json, to_json
from ..api.types import Relation
from ..core.find_relation import VatNumber
from ..prepare.relations import Relations
from .upsert import upsert


def mirror_relations(dossier, relations, deleted=()):
    """Bring the mirror of a dossier in line with what was read.

    :param dossier: ``octopus.dossier``
    :param relations: ``api.types.Relation`` values as Octopus gave them
    :param deleted: the same of those deleted in Octopus; they keep their contact, as
        history
    :return: rows of ``relations``, in sudo
    """
    numbers = {relation.id for relation in (*relations, *deleted)}
    model = dossier.env["octopus.relation"].sudo()
    rows = model.with_context(active_test=False).search(
        [
            ("dossier_id", "=", dossier.id),
            ("octopus_id", "in", [number for number in numbers if number]),
        ]
    )
    gone = {relation.id for relation in deleted}
    rows.filtered(lambda row: row.octopus_id in gone and not row.deleted).set_deleted()
    _give_way(dossier, rows.filtered("deleted"), numbers - gone)
    wanted = {
        relation.id: {"dossier_id": dossier.id, **_values(relation)}
        for relation in relations
        if relation.id and relation.id not in gone
    }
    found = upsert(rows, lambda row: row.octopus_id, wanted)
    return model.union(*found.values())


def _give_way(dossier, deleted, numbers):
    """Before deleted relations come back to life: release the contacts that were
    linked to another relation meanwhile."""
    taken = dossier.env["res.partner"]
    for row in deleted.filtered(lambda row: row.octopus_id in numbers):
        partner = row.partner_id
        if partner in taken or Relations(dossier.env, dossier).known(partner):
            row.unlink_contact()
        taken |= partner


def _values(relation):
    """Return the values of the mirror for an ``api.types.Relation``."""
    vat = VatNumber.of(relation.vat_number, relation.country)
    return {
        "octopus_id": relation.id,
        "external_id": relation.external_id or 0,
        "name": relation.name,
        "first_name": relation.first_name,
        "is_client": bool(relation.client),
        "is_supplier": bool(relation.supplier),
        "street": relation.street,
        "zip": relation.postal_code,
        "city": relation.city,
        "country_code": relation.country,
        "email": relation.email,
        "iban": relation.iban,
        "vat_number": relation.vat_number,
        "vat_digits": vat.digits if vat else False,
        "vat_type": relation.vat_type or 0,
        "active": relation.active is not False,
        "deleted": False,
        "data": to_json(relation, sparse=True),
    }


def relation_as_read(row) -> Relation:
    """Return a relation as it was mirrored, complete.

    :param row: ``octopus.relation`` in sudo
    """
    known = {field.name for field in dataclass_fields(Relation)}
    values = {key: value for key, value in row.data.items() if key in known}
    return from_json(Relation, values)
