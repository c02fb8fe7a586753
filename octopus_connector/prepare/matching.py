"""What speaks for contacts of a company being relations of its dossier: both lists as
a whole, without a call. Who is the same party is decided in ``core``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

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


def pair_values(pair, name) -> dict:
    """Return what is kept of a pair, but for its doubts.

    :param pair: ``Evidence``
    :param name: of the contact
    """
    return {
        "title": name,
        "reasons": list(pair.reasons),
        "similarity": round(pair.similarity, 4),
        "same_place": pair.same_place,
        "score": pair.score(),
        "reason": pair.reasons[0],
    }


def is_old(matching, partners) -> bool:
    """Whether any of some contacts, or any relation, changed since all were compared,
    or was not there yet.

    :param matching: one ``octopus.matching`` in sudo
    :param partners: commercial partners
    """
    if not matching.looked_at:
        return True
    env = matching.env
    known = Domain("dossier_id", "=", matching.dossier_id.id)
    mine = Domain("partner_id", "in", partners.ids)
    rows = env["octopus.matching.row"].search_fetch(known & mine, ["partner_id"])
    if set(partners.ids) - set(rows.partner_id.ids):
        return True
    # A transaction that is older than the last look may have ended since.
    since = matching.looked_at - timedelta(minutes=15)
    relations = env["octopus.relation"].with_context(active_test=False)
    changed = Domain("write_date", ">=", since)
    if relations.search_count(known & changed, limit=1):
        return True
    changed |= Domain("bank_ids.write_date", ">=", since)
    contacts = env["res.partner"].with_context(active_test=False)
    of_them = Domain("id", "in", partners.ids)
    return bool(contacts.search_count(of_them & changed, limit=1))


def with_dependents(rows):
    """Return rows and those whose place may depend on theirs: they share a contact or a
    relation, also by way of others.

    :param rows: ``octopus.matching.row`` of one dossier, in sudo
    """
    found = new = rows.with_context(active_test=False)
    while new:
        partners = found.partner_id | found.relation_id.partner_id
        which = Domain("partner_id", "in", partners.ids)
        which |= Domain("relation_id", "in", found.relation_id.ids)
        which |= Domain("relation_id.partner_id", "in", partners.ids)
        which &= Domain("dossier_id", "in", rows.dossier_id.ids)
        new = found.search(which) - found
        found |= new
    return found


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
