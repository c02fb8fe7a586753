"""Finds, merges and deletes relations (docs/octopus.md §10)."""

import re
from dataclasses import replace

from .codes import Code
from .errors import Refusal
from .financial_booking import ACCOUNT
from .relation import DEFAULTS, Relation

_BELGIAN_VAT = re.compile(r"^BE[01]\d{3}\.\d{3}\.\d{3}$")


class RelationRegister:
    """The relations of one dossier."""

    def __init__(self, dossier, clock, switches):
        self.dossier = dossier
        self.clock = clock
        self.switches = switches

    def by_reference(self, relation_id, external_id):
        """The relation that a document points at, by key or else external id."""
        if relation_id in self.dossier.relations:
            return self.dossier.relations[relation_id]
        if not external_id:
            return None
        relations = self.dossier.relations.values()
        return next((r for r in relations if r.external_id == external_id), None)

    def search(self, relation_id=None, external_id=None, name=None, vat_number=None):
        """Relations that meet one or more of the conditions, active or not.

        The name must be the whole name, in any case; without conditions: all active.
        """
        conditions = (
            (lambda r: r.id == relation_id, relation_id),
            (lambda r: r.external_id == external_id, external_id),
            (lambda r: r.name.casefold() == name.casefold(), name),
            (lambda r: r.vat_nr == vat_number, vat_number),
        )
        asked = [fits for fits, value in conditions if value is not None]
        relations = self.dossier.relations.values()
        if not asked:
            return [relation for relation in relations if relation.active]
        return [r for r in relations if any(fits(r) for fits in asked)]

    def upsert(self, relation_id, external_id, values):
        """Merge ``values`` into the relation, or make a new one.

        Returns the relation and whether it is new. ``values`` holds the fields that
        were given; switch ``merge_missing`` says what happens to the others.
        """
        known = self.by_reference(relation_id, external_id)
        if known and self.switches["merge_missing"] == "keep":
            wanted = replace(known, **values)
        else:
            wanted = Relation(**DEFAULTS | values)
            wanted.id = known.id if known else self.dossier.last_relation + 1
            wanted.external_id = known.external_id if known else 0
        if external_id:
            wanted.external_id = external_id
        self._check(wanted)
        return self._keep(wanted), not known

    def enter(self, values):
        """Make a relation in the program, which takes what the service refuses: a VAT
        number that is none, no country, a type that does not fit."""
        number = self.dossier.last_relation + 1
        return self._keep(Relation(**DEFAULTS | values | {"id": number}))

    def _keep(self, relation):
        self.dossier.relations[relation.id] = relation
        self.dossier.last_relation = max(self.dossier.last_relation, relation.id)
        self.dossier.feeds.relations.record((relation.id,), self.clock.stamp())
        return relation

    def delete(self, relation_id):
        """Delete a relation without bookings, as the accountant may."""
        if self._is_used(relation_id):
            raise self._refuse(f"Relation {relation_id} has bookings")
        relation = self.dossier.relations.pop(relation_id)
        self.dossier.deleted_relations[relation_id] = relation
        self.dossier.feeds.relations.record(
            (relation_id,), self.clock.stamp(), deleted=True
        )

    def _is_used(self, relation_id):
        documents = (*self.dossier.bookings.values(), *self.dossier.invoices.values())
        lines = (
            line
            for booking in self.dossier.financial_bookings.values()
            for line in booking.lines
        )
        return any(d.relation == relation_id for d in documents) or any(
            line.type != ACCOUNT and line.relation == relation_id for line in lines
        )

    def _check(self, relation):
        if not (relation.client or relation.supplier):
            raise self._refuse("Relation is neither client nor supplier")
        if not relation.name:
            raise self._refuse("Name missing")
        if relation.currency_code not in self.dossier.currencies:
            raise Refusal(
                Code.UNKNOWN_CURRENCY, f"Currency {relation.currency_code} unknown"
            )
        self._check_country(relation)
        self._check_vat_number(relation)
        self._check_external_id(relation)

    def _check_country(self, relation):
        required = self.switches["relation_country"] == "required"
        if relation.country == "" or (required and not relation.country.strip()):
            raise self._refuse("Country is empty")

    def _check_vat_number(self, relation):
        belgian = relation.vat_nr.upper().startswith("BE")
        strict = self.switches["relation_vat_format"] == "strict"
        if belgian and strict and not _BELGIAN_VAT.match(relation.vat_nr):
            raise self._refuse(f"VAT number {relation.vat_nr} is not BE0xxx.xxx.xxx")

    def _check_external_id(self, relation):
        taken = next(
            (
                other.id
                for other in self.dossier.relations.values()
                if relation.external_id
                and other.external_id == relation.external_id
                and other.id != relation.id
            ),
            None,
        )
        if taken:
            raise self._refuse(
                f"External id {relation.external_id} belongs to relation {taken}"
            )

    def _refuse(self, detail):
        act = f"Unable to insert relation in dossier {self.dossier.id}."
        return Refusal(Code.RELATION_NOT_SAVED, f"{act}  {detail}")
