"""What of contacts goes by itself: imports and new relations that somebody asked for,
and values that follow the other side.

All is done again harmlessly: each step looks at what is there first, and is committed
by itself.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..api.errors import (
    OctopusError,
    OctopusInvalidRequest,
    OctopusQuotaError,
    OctopusRefused,
)
from ..api.operations import Capability
from ..api.texts import clean, shortened
from ..call_log import budget
from ..core import codes
from ..core.find_relation import VatNumber, plain
from ..core.findings import Finding, FindingError
from ..core.follow_contacts import (
    FIELDS,
    FILL,
    FROM_OCTOPUS,
    NEVER,
    change_of,
)
from ..core.refusals import finding_of_error
from ..prepare.contact_values import iban_of, values_here, values_there
from ..prepare.relations import is_identity_changed
from ..sync.import_contacts import BATCH, ContactImport
from ..sync.mirror import Mirror
from ..sync.relations import mirror_relations, relation_as_read
from .relations import RelationSender

_logger = logging.getLogger(__name__)

SAVE = "upsert_relation"
# Half of what may be saved in a day is kept for the relations of new documents.
SHARE = 2
# How old what is known of relations may be, before they are read again (48 a day).
READ_EVERY = timedelta(hours=4)
# What is wrong with one relation, and with no other.
OF_ONE = (OctopusRefused, OctopusInvalidRequest)


class ContactChanges:
    """Looks which values would go to the other side; makes no call.

    :param dossier: one ``octopus.dossier`` in sudo
    """

    def __init__(self, dossier):
        self.dossier = dossier
        self.env = dossier.env
        self.directions = dossier.directions()

    @property
    def concerned(self) -> bool:
        """Whether anything follows at all."""
        return any(way != NEVER for way in self.directions.values())

    @property
    def reads(self) -> bool:
        """Whether anything comes from Octopus."""
        return bool({FILL, FROM_OCTOPUS}.intersection(self.directions.values()))

    def look(self, every=False):
        """Keep what would go, and what somebody must see first.

        :param every: look at all that is linked, not only at what changed since
        """
        begun = fields.Datetime.now()
        open_changes = self._open_changes()
        for relation in self._relations(every):
            self._look_at(relation, open_changes.get(relation.id, {}))
        self.dossier.contacts_looked_at = begun

    def _open_changes(self):
        rows = self.env["octopus.contact.change"].search(
            [
                ("dossier_id", "=", self.dossier.id),
                ("state", "in", ["asked", "accepted"]),
            ]
        )
        found = {}
        for row in rows:
            found.setdefault(row.relation_id.id, {})[row.field] = row
        return found

    def _relations(self, every):
        linked = Domain("dossier_id", "=", self.dossier.id) & Domain(
            [("partner_id", "!=", False), ("deleted", "=", False)]
        )
        since = self.dossier.contacts_looked_at
        if since and not every:
            # A transaction that is older than the last look may have ended since.
            since -= timedelta(minutes=15)
            linked &= Domain.OR(
                Domain(name, ">=", since)
                for name in (
                    "write_date",
                    "partner_id.write_date",
                    "partner_id.bank_ids.write_date",
                )
            )
        rows = self.env["octopus.relation"].with_context(active_test=False)
        return rows.search(linked)

    def _look_at(self, relation, known):
        here = values_here(relation.partner_id)
        there = values_there(relation)
        doubt = is_identity_changed(relation)
        agreed = []
        for field in FIELDS:
            mine, theirs = here[field], there[field]
            seen = (relation.agreed or {}).get(field)
            change = change_of(
                self.directions[field],
                mine.key,
                theirs.key,
                tuple(seen) if seen else None,
            )
            if mine.key == theirs.key and mine.key and seen != [mine.key, theirs.key]:
                agreed.append(field)
            self._keep(relation, field, change, (mine, theirs), doubt, known.get(field))
        if agreed:
            relation.note_seen(agreed)

    def _keep(self, relation, field, change, values, doubt, row):
        """Bring the one open row of a field in line with what would go now."""
        if not change:
            if row:
                row.unlink()
            return
        mine, theirs = values
        told = {
            "way": change.way,
            "value_here": mine.text or False,
            "value_there": theirs.text or False,
        }
        if row and all(row[name] == value for name, value in told.items()):
            return
        asked = change.asked or doubt or not self.dossier.contacts_followed
        told |= {"state": "asked" if asked else "accepted", "problem": False}
        if row:
            row.write(told)
            return
        self.env["octopus.contact.change"].create(
            {
                "dossier_id": self.dossier.id,
                "relation_id": relation.id,
                "partner_id": relation.partner_id.id,
                "field": field,
                **told,
            }
        )


def has_contacts_to_do(dossier) -> bool:
    """Whether the scheduled action has anything to do for a dossier, now or later.

    :param dossier: one ``octopus.dossier``
    """
    dossier = dossier.sudo()
    if dossier.contacts_followed and ContactChanges(dossier).concerned:
        return True
    asked = [
        ("dossier_id", "=", dossier.id),
        ("decision", "in", ["import", "send"]),
        ("problem", "=", False),
    ]
    return bool(dossier.env["octopus.matching.row"].search_count(asked, limit=1))


class ContactPass:
    """Does for one dossier what was asked or accepted; commits each step.

    :param dossier: one ``octopus.dossier`` in sudo
    """

    def __init__(self, dossier):
        self.dossier = dossier
        self.env = dossier.env
        self.cron = self.env["ir.cron"]
        # What was done, and the finding, as JSON, that ended it.
        self.counts = Counter()
        self.problem = None

    def run(self):
        """Import, create, and let values follow, as far as the day's calls go."""
        self._import()
        changes = ContactChanges(self.dossier)
        if not self._has_calls(changes):
            return
        try:
            with self.dossier.client() as octopus:
                self._create(octopus)
                if changes.concerned and self.dossier.contacts_followed:
                    self._read(changes, octopus)
                    changes.look()
                    self.cron._commit_progress()
                    self._follow(octopus)
        except OctopusQuotaError as error:
            _logger.info("%s: contacts go on tomorrow: %s", self.dossier.name, error)
            self.env.cr.rollback()
            self.problem = finding_of_error(error).as_json()
        except OctopusError as error:
            self.env.cr.rollback()
            self.problem = self.dossier.note_error(error)
        self.cron._commit_progress()

    # Imports

    def _asked(self, decision):
        return self.env["octopus.matching.row"].search(
            [("dossier_id", "=", self.dossier.id), ("decision", "=", decision)]
        )

    def _import(self):
        rows = self._asked("import").filtered(lambda row: not row.problem)
        for at in range(0, len(rows), BATCH):
            made = ContactImport(self.env).make(rows[at : at + BATCH])
            self.counts["imported"] += made
            self.cron._commit_progress()
        if rows:
            self.env["octopus.matching"].of(self.dossier).regroup()
            self.cron._commit_progress()

    # New relations

    def _wanted(self):
        """Return the rows to create in Octopus; in shadow mode they wait for its end,
        as nothing may be written."""
        if self.dossier.shadow:
            return self.env["octopus.matching.row"]
        return self._asked("send").filtered(lambda row: not row.problem)

    def _create(self, octopus):
        rows = self._wanted()
        company = self.dossier.company_ids[:1]
        sender = RelationSender(
            self.dossier.with_company(company).env, self.dossier, octopus
        )
        for row in rows:
            if not self._may_save():
                break
            partner = row.partner_id
            supplier = partner.supplier_rank > 0
            client = partner.customer_rank > 0 or not supplier
            try:
                sender.ensure(partner, client, supplier)
                row.write({"decision": False, "problem": False})
                self.counts["created"] += 1
            except FindingError as error:
                row.problem = error.findings[0].as_json()
            except OF_ONE as error:
                self.env.cr.rollback()
                row.problem = self.dossier.note_error(error)
            self.cron._commit_progress()
        if rows:
            self.env["octopus.matching"].of(self.dossier).propose()
            self.cron._commit_progress()

    # Values that follow

    def _has_calls(self, changes):
        """Whether anything of this needs Octopus now."""
        if self._wanted():
            return True
        if not (changes.concerned and self.dossier.contacts_followed):
            return False
        if changes.reads and self._is_old():
            return True
        changes.look()
        self.cron._commit_progress()
        return bool(self._accepted())

    def _is_old(self):
        read = self.dossier.relations_since
        return not read or read < fields.Datetime.now() - READ_EVERY

    def _read(self, changes, octopus):
        if changes.reads and self._is_old():
            Mirror(self.dossier).relations(octopus)
            self.cron._commit_progress()

    def _accepted(self):
        """Return the changes that go now: in shadow mode only those to Odoo."""
        accepted = [("dossier_id", "=", self.dossier.id), ("state", "=", "accepted")]
        if self.dossier.shadow:
            accepted.append(("way", "=", FROM_OCTOPUS))
        rows = self.env["octopus.contact.change"].search(accepted)
        return rows.filtered(lambda row: not row.problem)

    def _may_save(self):
        """Whether there is a call left for what nobody waits for."""
        used, _shut = self.env["octopus.call"].used_today(self.dossier, SAVE)
        allowed = budget(SAVE, automatic=True)
        return allowed is None or used < allowed // SHARE

    def _follow(self, octopus):
        for relation, changes in self._accepted().grouped("relation_id").items():
            changed = changes.filtered(lambda change: not change.is_as_shown())
            changed.unlink()
            changes -= changed
            here = changes.filtered(lambda change: change.way == FROM_OCTOPUS)
            self._to_odoo(here)
            there = changes - here
            if there and not self._may_save():
                continue
            if there:
                self._to_octopus(relation, there, octopus)
            self.cron._commit_progress()

    def _to_odoo(self, changes):
        for change in changes:
            try:
                with self.env.cr.savepoint():
                    take_over(change)
                    self.env.flush_all()
            except (UserError, ValueError) as error:
                change.problem = _not_followed(change, str(error))
                continue
            self._done(change)

    def _to_octopus(self, relation, changes, octopus):
        try:
            saved = self._save(relation, changes, octopus)
        except OF_ONE as error:
            self.env.cr.rollback()
            changes.problem = self.dossier.note_error(error)
            return
        if saved:
            for change in changes:
                self._done(change)

    def _save(self, relation, changes, octopus):
        """Change a relation in Octopus: the whole of it is sent, as it is there now.

        :return: whether it is as the changes say
        """
        if Capability.RELATION_SEARCH in octopus.capabilities:
            found = octopus.find_relations(id=relation.octopus_id)
            current = next((it for it in found if it.id == relation.octopus_id), None)
        else:
            if not Mirror(self.dossier).has_fresh_relations():
                Mirror(self.dossier).relations(octopus)
            current = None if relation.deleted else relation_as_read(relation)
        if not current:
            relation.set_deleted()
            changes.unlink()
            return False
        mirror_relations(self.dossier, [current])
        if any(not change.is_as_shown() for change in changes):
            # The accountant changed it at this moment: shown anew.
            changes.unlink()
            self.dossier.contacts_looked_at = False
            return False
        wanted = changed_relation(current, relation.partner_id, changes.mapped("field"))
        # Needed to save it, and not told by every web service.
        currency = current.currency or self.dossier.company_ids[:1].currency_id.name
        wanted = replace(wanted, currency=currency)
        saved = octopus.upsert_relation(wanted)
        mirror_relations(self.dossier, [saved or wanted])
        return True

    def _done(self, change):
        change.note_seen()
        change.write(
            {"state": "done", "done_at": fields.Datetime.now(), "problem": False}
        )
        self.counts["followed"] += 1


def changed_relation(current, partner, names):
    """Return a relation with values of its contact.

    :param current: ``api.types.Relation`` as it is in Octopus
    :param partner: ``res.partner`` in sudo
    :param names: of :data:`~.core.follow_contacts.FIELDS`
    :return: ``api.types.Relation``; what is not named stays
    """
    vat = VatNumber.of(partner.vat, partner.country_code)
    bank = iban_of(partner)
    street = ", ".join(filter(None, (partner.street, partner.street2)))
    values = {
        "name": _names(current, partner),
        "address": {
            "street": shortened(street),
            "postal_code": clean(partner.zip),
            "city": shortened(partner.city),
            "country": partner.country_code or current.country,
        },
        "email": {"email": partner.email_normalized},
        "phone": {"telephone": clean(partner.phone)},
        "vat": {"vat_number": vat.spelled if vat else None},
        "iban": {
            "iban": bank.sanitized_acc_number,
            "bic": bank.bank_bic or current.bic,
        },
    }
    wanted = {}
    for name in names:
        # What is left out stays as it is: nothing is emptied.
        wanted |= {key: value for key, value in values[name].items() if value}
    return replace(current, **wanted)


def _names(current, partner):
    """Return name and first name for Octopus, which may keep them apart."""
    name, first = shortened(partner.name) or "", plain(current.first_name)
    before, _space, rest = name.partition(" ")
    if first and rest and plain(before) == first:
        return {"name": rest}
    return {"name": name}


def take_over(change):
    """Give a contact the value that its relation has.

    :param change: one ``octopus.contact.change`` in sudo
    :raises UserError: Odoo refuses it
    """
    relation, partner = change.relation_id, change.partner_id
    env = change.env
    if change.field == "iban":
        banks = partner.bank_ids.filtered(lambda it: it.acc_type == "iban")
        first = min(banks.mapped("sequence"), default=10)
        # The one that Octopus has goes first; the others stay.
        env["res.partner.bank"].create(
            {
                "acc_number": relation.iban,
                "partner_id": partner.id,
                "sequence": first - 1,
            }
        )
        return
    country = env["res.country"].search([("code", "=", relation.country_code)], limit=1)
    values = {
        "name": {"name": change.value_there},
        "email": {"email": relation.email},
        "phone": {"phone": change.value_there},
        "vat": {"vat": relation.vat_number},
        "address": {
            "street": relation.street,
            "street2": False,
            "zip": relation.zip,
            "city": relation.city,
            "country_id": (country or partner.country_id).id,
        },
    }
    partner.write(values[change.field])


def _not_followed(change, message):
    labels = dict(change.fields_get(["field"])["field"]["selection"])
    told = {
        "field": labels[change.field],
        "partner": change.partner_id.display_name,
        "message": message,
    }
    mend = ("res.partner", change.partner_id.ids)
    return Finding(codes.CONTACT_NOT_FOLLOWED, told, *mend).as_json()
