"""Which relation of a dossier a contact is, as far as the mirror tells: without a call.

A link holds as long as contact and relation are one party; a person confirms it when
one of them got another name or number.
"""

from __future__ import annotations

from dataclasses import replace

from odoo.fields import Domain

from ..api.enums import VatType
from ..core import codes
from ..core.find_relation import (
    KBO_SCHEME,
    Match,
    Party,
    SameParty,
    VatNumber,
    enterprise_number,
    match,
    name_key,
    plain,
    same_party,
)
from ..core.findings import Finding, FindingError
from ..core.propose_relations import SIMILAR, weigh
from .similar_names import similar_names

# VAT types of people (docs/octopus.md §10).
PRIVATE = {VatType.PRIVATE_BELGIUM.value, VatType.PRIVATE_EU.value} | {
    VatType.PRIVATE_OUTSIDE_EU.value
}

# Parties


def party_of_contact(partner) -> Party:
    """Return the party that a contact is.

    :param partner: ``res.partner``, the commercial one
    :return: with the id of the contact as key and external number
    """
    number = partner.company_registry if partner.country_code == "BE" else None
    if not number and partner.peppol_eas == KBO_SCHEME:
        number = partner.peppol_endpoint
    return Party(
        key=partner.id,
        name=partner.name or "",
        vat=VatNumber.of(partner.vat, partner.country_code),
        external_id=partner.id,
        zip=partner.zip or "",
        enterprise=enterprise_number(number),
    )


def party_of_relation(relation, partner) -> Party:
    """Return the party that a relation is.

    :param relation: ``octopus.relation``
    :param partner: the contact it is compared with: a link with another one takes it
    :return: with the id of the row as key
    """
    # Who reads a relation need not read all that Octopus told of it.
    told = relation.sudo().data or {}
    scheme, _colon, number = (told.get("participant_id") or "").partition(":")
    return Party(
        key=relation.id,
        name=relation.name or "",
        first_name=relation.first_name or "",
        vat=VatNumber.of(relation.vat_number, relation.country_code),
        external_id=relation.external_id or None,
        zip=relation.zip or "",
        taken=is_taken(relation, partner),
        enterprise=enterprise_number(number) if scheme == KBO_SCHEME else None,
    )


def whole_contact(partner) -> Party:
    """Return the party that a contact is, with all by which it may be known.

    :param partner: ``res.partner``, the commercial one, in sudo
    """
    party = party_of_contact(partner)
    numbers = {("external", partner.id)}
    reference = (partner.ref or "").strip()
    if reference.isdecimal():
        numbers.add(("octopus", int(reference)))
    bank = partner.bank_ids.filtered(lambda it: it.acc_type == "iban")[:1]
    return replace(
        party,
        vat=party.vat if party.vat and party.vat.plausible else None,
        numbers=frozenset(numbers),
        street=partner.street or "",
        email=partner.email_normalized or "",
        iban=bank.sanitized_acc_number or "",
        company=partner.is_company,
    )


def whole_relation(relation) -> Party:
    """Return the party that a relation is, with all by which it may be known.

    :param relation: ``octopus.relation`` in sudo
    """
    party = party_of_relation(relation, relation.partner_id)
    numbers = {("octopus", relation.octopus_id)}
    if relation.external_id:
        numbers.add(("external", relation.external_id))
    return replace(
        party,
        vat=party.vat if party.vat and party.vat.plausible else None,
        numbers=frozenset(numbers),
        street=relation.street or "",
        email=(relation.email or "").strip(),
        iban=(relation.iban or "").replace(" ", "").upper(),
        company=relation.vat_type not in PRIVATE,
    )


def is_taken(relations, partner) -> bool:
    """Whether another contact is linked with one of these relations.

    A contact that got a parent company is that company.

    :param relations: ``octopus.relation``
    :param partner: commercial partner that may have them
    """
    return bool(relations.partner_id.commercial_partner_id - partner)


# Holding a link against identity


def identity(relation, partner) -> dict:
    """Return what the link of a contact stands on: names and numbers of both.

    :param relation: ``octopus.relation``
    :param partner: commercial partner
    :return: as it is kept in ``octopus.relation.linked_as``
    """
    us, them = party_of_contact(partner), party_of_relation(relation, partner)
    return {
        "name": plain(us.name),
        "vat": us.vat and us.vat.spelled,
        "enterprise": us.enterprise,
        "name_there": sorted(them.names),
        "vat_there": them.vat and them.vat.spelled,
    }


def is_identity_changed(relation) -> bool:
    """Whether contact or relation became another party since they were linked.

    Costs no query beyond the two records. A link that is older than this check only
    counts as changed where two VAT numbers disagree.

    :param relation: one ``octopus.relation``, linked or not
    """
    relation.ensure_one()
    partner = relation.partner_id
    if not partner or relation.deleted:
        return False
    us, them = party_of_contact(partner), party_of_relation(relation, partner)
    if not relation.linked_as:
        return relation.link_origin != "person" and us.other_number(them)
    if identity(relation, partner) == relation.linked_as:
        return False
    return same_party(us, them) is not SameParty.SAME


def identity_findings(relations) -> list[Finding]:
    """Return the finding of each link that a person must look at first.

    :param relations: ``octopus.relation``, linked or not
    :return: code ``relation_changed``, to be mended on the contact
    """
    return [
        Finding(
            codes.RELATION_CHANGED,
            {
                "partner": row.partner_id.display_name,
                "relation": row.display_name,
                "before": _identity_before(row),
                "vat": row.vat_number or "",
            },
            "res.partner",
            row.partner_id.ids,
        )
        for row in relations
        if is_identity_changed(row)
    ]


def _identity_before(relation):
    """Return what a contact was when it was linked, as text without a language."""
    before = relation.linked_as or {}
    told = [before.get("name") or relation.name, before.get("vat")]
    return ", ".join(filter(None, told))


# Finding


class Relations:
    """The relations of a dossier, and which of them a contact is.

    :param env: its company decides whether a new relation may be made
    :param dossier: ``octopus.dossier``
    """

    def __init__(self, env, dossier):
        self.env = env
        self.dossier = dossier
        self.rows = env["octopus.relation"].sudo()

    def known(self, partners) -> dict:
        """Return the relations that contacts are linked to, in one query.

        :param partners: commercial partners
        :return: ``{partner id: relation}`` in sudo, without those deleted in Octopus
        """
        if not partners:
            return {}
        rows = self.rows.with_context(active_test=False).search(
            [
                ("dossier_id", "=", self.dossier.id),
                ("partner_id", "in", partners.ids),
                ("deleted", "=", False),
            ]
        )
        return {row.partner_id.id: row for row in rows}

    def find(self, partner) -> tuple:
        """Find the relation of a contact in the mirror.

        Known link, then VAT number, external number, exact name.

        :param partner: ``res.partner``
        :return: ``(relation, candidates)`` in sudo: one of them is empty, or both;
            candidates are for a person to choose from
        """
        partner = partner.commercial_partner_id
        known = self.known(partner).get(partner.id)
        if known:
            return known, known.browse()
        found, rows = self.match(partner)
        if found.sure and not is_taken(rows, partner):
            return rows, rows.browse()
        return rows.browse(), rows or self.similar(partner)

    def match(self, partner) -> tuple[Match, object]:
        """Compare a contact with the live rows that are like it.

        :param partner: commercial partner
        :return: how well something fits, and the rows that do, in sudo; none of which
            a person said that they are another party
        """
        rows = self.like(partner)
        if rows:
            rows -= self.apart(partner)
        found = match(
            party_of_contact(partner), [party_of_relation(row, partner) for row in rows]
        )
        return found, rows.browse(found.hits)

    def like(self, partner):
        """Return the live rows that share number, digits of a VAT or enterprise number,
        or the words of the name with a contact.

        :param partner: commercial partner
        :return: ``octopus.relation`` in sudo, linked ones too
        """
        us = party_of_contact(partner)
        numbers = set(us.enterprises) | ({us.vat.digits} if us.vat else set())
        alike = Domain("external_id", "=", partner.id)
        if numbers:
            alike |= Domain("vat_digits", "in", list(numbers))
        key = name_key(partner.name)
        if key:
            alike |= Domain("name_key", "=", key)
        domain = alike & Domain(
            [("dossier_id", "=", self.dossier.id), ("deleted", "=", False)]
        )
        return self.rows.with_context(active_test=False).search(domain)

    def apart(self, partner):
        """Return the relations of which a person said that a contact is another party.

        :param partner: commercial partner
        :return: ``octopus.relation`` in sudo
        """
        return self.env["octopus.matching"].decided_apart(self.dossier, partner)

    def similar(self, partner):
        """Return the live rows without a contact that are named almost like a contact
        without a VAT number, at its postal code: only a person can tell.

        :param partner: commercial partner
        :return: ``octopus.relation`` in sudo, the most similar first
        """
        us = whole_contact(partner.sudo())
        if us.vat:
            return self.rows.browse()
        alike = similar_names(self.dossier, {us.key: us.name})
        alike = {them: value for (_us, them), value in alike.items()}
        rows = self.rows.browse(sorted(alike, key=alike.get, reverse=True))
        rows = rows.filtered(lambda row: not row.partner_id)
        rows = rows.filtered(
            lambda row: SIMILAR in weigh(us, whole_relation(row), alike[row.id]).reasons
        )
        return rows - self.apart(partner) if rows else rows

    # Making one

    @property
    def settings(self):
        """The ``res.company`` with the settings, in sudo: that of the environment, or
        one that books in the dossier."""
        settings = self.env.company.octopus_settings()
        if settings.octopus_dossier_id == self.dossier:
            return settings
        return self.dossier.sudo().company_ids[:1]

    def check_may_create(self, partner, found: Match, rows):
        """Refuse to create a relation that a person should decide on.

        :param partner: commercial partner without a relation
        :param found: what :meth:`match` returned, as is ``rows``
        :raises FindingError: several fit or are named almost so, one fits doubtfully
            or is another contact's, or the company wants to be asked
        """
        if self.dossier in partner.sudo().octopus_create_dossier_ids:
            return
        if is_taken(rows, partner) and len(rows) == 1:
            raise relation_error(codes.RELATION_TAKEN, partner, rows)
        rows = rows or self.similar(partner)
        if len(rows) > 1:
            raise relation_error(codes.RELATION_SEVERAL, partner, rows)
        if rows:
            raise relation_error(codes.RELATION_NEEDS_CONFIRMATION, partner, rows)
        asks = self.settings.octopus_relation_policy == "ask"
        # Who asked for it answered that question, and none of those before.
        if asks and not self.env["octopus.matching"].is_asked(self.dossier, partner):
            raise relation_error(codes.RELATION_UNDECIDED, partner)


def relation_error(code, partner, rows=None) -> FindingError:
    """Return the error that stops a document until its contact is mended.

    :param str code: of a finding
    :param partner: ``res.partner`` it is mended on
    :param rows: ``octopus.relation`` to choose from
    """
    params = {"partner": partner.display_name}
    if rows:
        params["relations"] = rows.mapped("display_name")
        params["choices"] = [_told_apart(row) for row in rows]
        params["contact"] = rows.partner_id[:1].display_name
    return FindingError(Finding(code, params, "res.partner", (partner.id,)))


def _told_apart(relation):
    """Return name, VAT number, place and roles of a relation, as far as known."""
    labels = relation.fields_get(["is_client", "is_supplier"], ["string"])
    roles = [label["string"] for name, label in labels.items() if relation[name]]
    place = " ".join(filter(None, (relation.zip, relation.city)))
    told = [relation.vat_number, relation.street, place, *roles]
    told = ", ".join(filter(None, told))
    return f"{relation.display_name} ({told})" if told else relation.display_name
