"""The relation of a contact in Octopus: found, linked, or made there.

Octopus leads: of a relation that exists nothing is changed but a missing customer or
supplier flag.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from odoo.fields import Domain

from ..api.errors import OctopusUnknownOutcome
from ..api.operations import Capability
from ..api.texts import shortened
from ..api.types import Relation
from ..core import codes
from ..core.find_relation import VatNumber, external_taken
from ..core.findings import FindingError
from ..prepare.relations import (
    Relations,
    identity_findings,
    is_taken,
    party_of_contact,
    party_of_relation,
    relation_error,
)
from ..sync.mirror import Mirror
from ..sync.relations import mirror_relations, relation_as_read

INT32_MAX = 2**31 - 1
# How often a relation is looked for that others change at the same time.
TRIES = 3


@dataclass(frozen=True)
class Role:
    """What a relation is needed as.

    :param client: it must be a customer
    :param supplier: it must be a supplier
    """

    client: bool
    supplier: bool

    def is_lacking(self, relation) -> bool:
        """Whether a relation is not all of it.

        :param relation: ``octopus.relation``
        """
        return (self.client and not relation.is_client) or (
            self.supplier and not relation.is_supplier
        )


class RelationSender:
    """Has a contact in a dossier.

    :param env: its company decides on policy, currency and payment terms
    :param dossier: ``octopus.dossier``
    :param octopus: ``api.client.DossierClient`` of it
    """

    def __init__(self, env, dossier, octopus):
        self.env = env
        self.dossier = dossier.with_env(env).sudo()
        self.octopus = octopus
        self.relations = Relations(env, self.dossier)

    @property
    def _searches(self):
        return Capability.RELATION_SEARCH in self.octopus.capabilities

    def find(self, partner) -> tuple:
        """Find the relation of a contact in Octopus and link it when it is sure; an
        existing link is checked too.

        :param partner: commercial partner
        :return: ``(relation, candidates)``, see ``prepare.relations.Relations.find``
        :raises OctopusError: of the search
        """
        known = self.relations.known(partner).get(partner.id)
        if known:
            if self._read_now(known):
                return known, known.browse()
            known.set_deleted()
        self._search_octopus(partner)
        found, rows = self.relations.match(partner)
        if found.sure and not is_taken(rows, partner):
            return rows.link_contact(partner, found.origin), rows.browse()
        return rows.browse(), rows or self.relations.similar(partner)

    def ensure(self, partner, client, supplier, fiscal_position=None):
        """Return the relation of a contact; find or create it in Octopus.

        A contact with a relation costs no call, a new one at most two, a relation that
        lacks a role two.

        :param partner: ``res.partner``
        :param bool client: the relation must be a customer
        :param bool supplier: the relation must be a supplier
        :param fiscal_position: that of the document, for the VAT type
        :return: ``octopus.relation`` in sudo
        :raises FindingError: a person must decide or mend something first
        :raises OctopusError: of the calls; repeating is safe after any of them
        """
        role = Role(client, supplier)
        partner = partner.commercial_partner_id
        nothing = self.relations.rows.browse()
        relation = self.relations.known(partner).get(partner.id, nothing)
        changed = identity_findings(relation)
        if changed:
            raise FindingError(changed)
        for _try in range(TRIES):
            if relation and not role.is_lacking(relation):
                return relation
            # Either may find that the relation at hand is gone from Octopus.
            relation = (
                self._add_role(relation, role)
                if relation
                else self._connect(partner, role, fiscal_position)
            )
        if not relation or role.is_lacking(relation):
            raise relation_error(codes.RELATION_BUSY, partner)
        return relation

    def _add_role(self, relation, role):
        """Tick the missing customer or supplier flag on the relation.

        What a merge does with fields that are left out is unknown (docs/octopus.md §4),
        so the whole relation is sent, as it is in Octopus now.

        :return: the relation; empty when it is gone from Octopus
        """
        current = self._read_now(relation)
        if not current:
            relation.set_deleted()
            return relation.browse()
        changed = replace(
            current,
            client=bool(current.client or role.client),
            supplier=bool(current.supplier or role.supplier),
            # Needed to save it, and not told by every web service.
            currency=current.currency or self.env.company.currency_id.name,
        )
        saved = self.octopus.upsert_relation(changed)
        if saved and saved.id != relation.octopus_id:
            # It was deleted between the two calls, and made anew with another number.
            partner, origin = relation.partner_id, relation.link_origin
            relation.set_deleted()
            made = mirror_relations(self.dossier, [saved])
            return made.link_contact(partner, origin)
        return mirror_relations(self.dossier, [changed])

    def _read_now(self, relation):
        """Return the ``api.types.Relation`` as it is now, ``None`` when it is gone."""
        if not self._searches:
            Mirror(self.dossier).relations(self.octopus)
            return None if relation.deleted else relation_as_read(relation)
        found = self.octopus.find_relations(id=relation.octopus_id)
        return next((it for it in found if it.id == relation.octopus_id), None)

    def _connect(self, partner, role, fiscal_position):
        """Link a contact that has no relation yet: found in the mirror, in Octopus by
        one search, or else created there."""
        # Two workers must not create the same relation side by side.
        if not partner.sudo().try_lock_for_update(allow_referencing=True):
            raise relation_error(codes.RELATION_BUSY, partner)
        found, rows = self.relations.match(partner)
        if not rows:
            self._search_octopus(partner)
            found, rows = self.relations.match(partner)
        if found.sure and not is_taken(rows, partner):
            return rows.link_contact(partner, found.origin)
        self.relations.check_may_create(partner, found, rows)
        return self._create(partner, role, fiscal_position)

    def _search_octopus(self, partner):
        """Mirror the relations that may be the contact: one call, as Octopus takes
        several conditions for alternatives (docs/octopus.md §10); for a person that is
        not found one more."""
        if not self._searches:
            # Made twice with its external number, a relation is merged.
            alike = self.relations.like(partner)
            safe = _external_id(alike, partner)
            if not (safe and Mirror(self.dossier).has_fresh_relations()):
                Mirror(self.dossier).relations(self.octopus)
            return
        vat = VatNumber.of(partner.vat, partner.country_code)
        found = self.octopus.find_relations(
            external_id=partner.id,
            name=shortened(partner.name),
            vat_number=vat.spelled if vat else None,
        )
        mirror_relations(self.dossier, found)
        # Octopus may keep the first name of a person apart, and finds whole names only.
        _first, _space, surname = (shortened(partner.name) or "").partition(" ")
        person = surname and not partner.is_company and not vat
        if person and not self.relations.like(partner):
            mirror_relations(self.dossier, self.octopus.find_relations(name=surname))

    def _create(self, partner, role, fiscal_position):
        """Create the relation. Its external number makes a repetition safe: Octopus
        merges into the relation that has it (docs/octopus.md §4)."""
        problems = partner.octopus_findings(fiscal_position)
        if any(problem.stops for problem in problems):
            raise FindingError([problem for problem in problems if problem.stops])
        alike = self.relations.like(partner)
        us = party_of_contact(partner)
        own = alike.filtered(
            lambda row: (
                us.same_external(party_of_relation(row, partner))
                and us.same_name(party_of_relation(row, partner))
                and not row.partner_id
            )
        )
        if own:
            own -= self.relations.apart(partner)
        if own:
            return own.link_contact(partner, "external")
        buy_only = role.supplier and not role.client
        values = partner.octopus_relation_values(
            self.relations.settings, fiscal_position, buy_only
        )
        wanted = Relation(
            external_id=_external_id(alike, partner),
            client=role.client,
            supplier=role.supplier,
            **values,
        )
        created = self.octopus.upsert_relation(wanted)
        if not created or not created.id:
            created = self._read_back(wanted)
        row = mirror_relations(self.dossier, [created])
        return row.link_contact(partner, "created")

    def _read_back(self, wanted):
        """Return a relation that Octopus saved without saying its number.

        Without an external number nothing tells it from others here: the next try
        finds it by VAT number or name, as any other relation.
        """
        if not self._searches:
            Mirror(self.dossier).relations(self.octopus)
        for relation in self._with_external_id(wanted.external_id):
            if relation.external_id == wanted.external_id:
                return relation
        raise OctopusUnknownOutcome(
            "The relation was saved, but cannot be found.",
            operation="upsert_relation",
        )

    def _with_external_id(self, external_id):
        if not external_id:
            return []
        if self._searches:
            return self.octopus.find_relations(external_id=external_id)
        number = Domain("external_id", "=", external_id)
        mine = Domain("dossier_id", "=", self.dossier.id)
        return [
            relation_as_read(row) for row in self.relations.rows.search(number & mine)
        ]


def _external_id(relations, partner):
    """Return the external number for a new relation of a contact, ``None`` when one of
    these relations has it or it is too long for Octopus."""
    parties = [party_of_relation(row, partner) for row in relations]
    taken = external_taken(party_of_contact(partner), parties)
    return None if taken or partner.id > INT32_MAX else partner.id
