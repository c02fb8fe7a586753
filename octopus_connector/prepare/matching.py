"""What speaks for contacts of a company being relations of its dossier: both lists as
a whole, without a call. Who is the same party is decided in ``core``.
"""

from __future__ import annotations

from collections.abc import Collection

from odoo.fields import Domain

from ..core.propose_relations import (
    CRITERIA,
    DOUBTFUL,
    MATCHED,
    NOTHING,
    STRONG,
    Evidence,
    evidence,
    resolve,
)
from .relations import whole_contact, whole_relation
from .similar_names import similar_names

# Where a row stands, beside MATCHED, DOUBTFUL and NOTHING.
LINKED = "linked"
HERE = "here"
THERE = "there"
OTHER = "other"
LEFT = "left"
# A doubt that lies in what is linked: one of both is another pair already.
TAKEN = "taken"
# A doubt that lies in other pairs: contact or relation stands in one that is as strong.
SEVERAL = "several"


class Matching:
    """Both lists of a dossier.

    :param dossier: one ``octopus.dossier``; all is read in sudo
    """

    def __init__(self, dossier):
        dossier.ensure_one()
        self.dossier = dossier.sudo()
        self.env = self.dossier.env

    def contacts(self):
        """Return the contacts that documents can be of: those of the companies that
        book in the dossier or of none, without users and the companies themselves."""
        companies = self.dossier.company_ids
        companies = self.env["res.company"].search([("id", "child_of", companies.ids)])
        every = self.env["res.company"].search([])
        return self.env["res.partner"].search_fetch(
            Domain("company_id", "in", [False, *companies.ids])
            & (Domain("parent_id", "=", False) | Domain("is_company", "=", True))
            & Domain("partner_share", "=", True)
            & Domain("id", "not in", every.partner_id.ids),
            ["name", "vat", "ref", "zip", "street", "is_company", "country_id"],
        )

    def relations(self):
        """Return the relations that Octopus has, inactive ones too."""
        domain = [("dossier_id", "=", self.dossier.id), ("deleted", "=", False)]
        rows = self.env["octopus.relation"].with_context(active_test=False)
        return rows.search(domain)

    def evidence(self, contacts, relations) -> list[Evidence]:
        """Return what speaks for each pair for which anything does.

        :param contacts: ``res.partner``
        :param relations: ``octopus.relation``
        """
        us = [whole_contact(partner) for partner in contacts.sudo()]
        them = [whole_relation(row) for row in relations]
        similar = similar_names(self.dossier, {it.key: it.name for it in us})
        return evidence(us, them, similar)


def group_of_each(rows, criteria: Collection[str] = CRITERIA) -> dict[int, str]:
    """Return where each row stands when some criteria count.

    :param rows: all ``octopus.matching.row`` of one dossier, in sudo; or all that share
        a contact or a relation, also by way of others
    :param criteria: of :data:`CRITERIA`
    :return: ``{id of the row: MATCHED, DOUBTFUL, NOTHING, LINKED, HERE, THERE, OTHER
        or LEFT}``
    """
    partners = {row.id: row.partner_id.id for row in rows}
    links = {row.id: row.relation_id.partner_id.id for row in rows if row.relation_id}
    taken = {partner for partner in links.values() if partner}
    groups, open_pairs = {}, {}
    for row in rows:
        partner, relation = partners[row.id], row.relation_id.id
        if relation and partner and links[row.id] == partner:
            groups[row.id] = LINKED
        elif not (relation and partner):
            groups[row.id] = NOTHING
        elif row.decision == OTHER:
            groups[row.id] = OTHER
        elif links[row.id] or partner in taken:
            strong = STRONG.intersection(row.counting(criteria))
            lone = not (links[row.id] and partner in taken)
            groups[row.id] = DOUBTFUL if strong and lone else NOTHING
        else:
            open_pairs[partner, relation] = row
    found = resolve([row.evidence() for row in open_pairs.values()], criteria)
    groups |= {open_pairs[pair].id: place for pair, place in found.items()}
    _place_singles(rows, groups, links, taken)
    return groups


def _place_singles(rows, groups, links, taken):
    """Place contacts and relations that stand in no pair."""
    proposed = {LINKED, MATCHED, DOUBTFUL}
    here, there = set(taken), set()
    for row in rows:
        if groups[row.id] in proposed and row.partner_id and row.relation_id:
            here.add(row.partner_id.id)
            there.add(row.relation_id.id)
    for row in rows:
        if row.partner_id and row.relation_id:
            continue
        alone = (
            row.partner_id.id not in here and row.has_documents
            if row.partner_id
            else row.relation_id.id not in there and not links[row.id]
        )
        if alone:
            single = HERE if row.partner_id else THERE
            groups[row.id] = LEFT if row.decision == LEFT else single
