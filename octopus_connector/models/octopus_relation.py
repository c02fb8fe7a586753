from dataclasses import fields as dataclass_fields
from dataclasses import replace

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import mute_logger

from ..api.errors import OctopusUnknownOutcome
from ..api.operations import Capability
from ..api.stored import from_json, to_json
from ..api.texts import shortened
from ..api.types import Relation
from ..core import codes
from ..core.find_relation import (
    KBO_SCHEME,
    Match,
    Party,
    SameParty,
    VatNumber,
    enterprise_number,
    external_taken,
    match,
    name_key,
    plain,
    same_party,
)
from ..core.findings import Finding, FindingError
from ..groups import MANAGER, require
from ..sync.mirror import Mirror
from ..sync.upsert import upsert

INT32_MAX = 2**31 - 1
# How often a relation is looked for that others change at the same time.
TRIES = 3


class OctopusRelation(models.Model):
    """Mirror of a relation, and its link with a contact, per dossier.

    Octopus leads: what it says of a relation is mirrored, and of a relation that
    exists nothing is changed but a missing customer or supplier flag.
    """

    _name = "octopus.relation"
    _description = "Octopus Relation"
    _order = "name, octopus_id"
    _rec_names_search = ["name", "vat_number"]

    dossier_id = fields.Many2one(
        "octopus.dossier",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    octopus_id = fields.Integer(string="Relation number", required=True, readonly=True)
    external_id = fields.Integer(string="External number", readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="set null",
    )
    link_origin = fields.Selection(
        [
            ("vat", "Same VAT number"),
            ("external", "Same external number"),
            ("name", "Same name"),
            ("created", "Created from Odoo"),
            ("person", "Chosen by a person"),
        ],
        string="How linked",
        readonly=True,
    )
    linked_as = fields.Json(
        readonly=True,
        help="Names and numbers of contact and relation when they were linked.",
    )
    identity_changed = fields.Boolean(
        compute="_compute_identity_changed",
        help="Contact or relation have another name or number than when they were"
        " linked: nothing is booked before somebody says that they are still one.",
    )
    name = fields.Char(readonly=True)
    first_name = fields.Char(readonly=True)
    name_key = fields.Char(
        compute="_compute_name_key", store=True, index=True, readonly=True
    )
    is_client = fields.Boolean(string="Customer", readonly=True)
    is_supplier = fields.Boolean(string="Supplier", readonly=True)
    street = fields.Char(readonly=True)
    zip = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    country_code = fields.Char(readonly=True)
    email = fields.Char(readonly=True, groups=NO_ACCESS)
    iban = fields.Char(readonly=True, groups=NO_ACCESS)
    shown_email = fields.Char(
        string="Email", compute="_compute_shown", compute_sudo=True
    )
    shown_iban = fields.Char(string="IBAN", compute="_compute_shown", compute_sudo=True)
    vat_number = fields.Char(string="VAT number", readonly=True)
    vat_digits = fields.Char(index=True, readonly=True)
    vat_type = fields.Integer(string="VAT type", readonly=True)
    active = fields.Boolean(default=True, readonly=True)
    deleted = fields.Boolean(
        readonly=True, help="Deleted in Octopus; kept here for its history."
    )
    data = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="The relation as it was read last, complete.",
    )

    _octopus_id_uniq = models.Constraint(
        "UNIQUE(dossier_id, octopus_id)", "A relation is mirrored once."
    )
    _partner_uniq = models.UniqueIndex(
        "(dossier_id, partner_id) WHERE partner_id IS NOT NULL AND NOT deleted",
        "A contact has one relation per dossier.",
    )

    def _first_name_apart(self):
        """Return the first name where the name does not hold it already."""
        first, name = plain(self.first_name), plain(self.name)
        return self.first_name if first not in name.split() and first != name else None

    @api.depends("octopus_id", "name", "first_name")
    def _compute_display_name(self):
        for relation in self:
            names = filter(None, (relation.name, relation._first_name_apart()))
            relation.display_name = f"{relation.octopus_id} {' '.join(names)}"

    @api.depends("name", "first_name")
    def _compute_name_key(self):
        for relation in self:
            relation.name_key = name_key(relation.name, relation.first_name) or False

    @api.depends("linked_as", "name", "vat_number", "partner_id.name", "partner_id.vat")
    def _compute_identity_changed(self):
        for relation in self:
            relation.identity_changed = relation._is_identity_changed()

    @api.depends("email", "iban")
    @api.depends_context("uid")
    def _compute_shown(self):
        """Show how a relation is reached and paid to those who work in all companies
        that book in the dossier; its name is known to all of them."""
        user = self.env["res.users"].browse(self.env.uid).sudo()
        for relation in self:
            mine = relation.dossier_id.company_ids <= user.company_ids
            relation.shown_email = mine and relation.email
            relation.shown_iban = mine and relation.iban

    # The mirror

    @api.model
    def _mirror(self, dossier, relations, deleted=()):
        """Bring the mirror of a dossier in line with what was read.

        :param relations: ``api.Relation`` values as Octopus gave them
        :param deleted: ``api.Relation`` values of those deleted in Octopus; they keep
            their contact, as history
        :return: records of ``relations``
        """
        numbers = {relation.id for relation in (*relations, *deleted)}
        rows = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("dossier_id", "=", dossier.id),
                    ("octopus_id", "in", [number for number in numbers if number]),
                ]
            )
        )
        gone = {relation.id for relation in deleted}
        rows.filtered(lambda row: row.octopus_id in gone and not row.deleted).write(
            {"deleted": True, "active": False}
        )
        rows.filtered("deleted")._give_way(numbers - gone)
        wanted = {
            relation.id: {
                "dossier_id": dossier.id,
                **self._values_from_relation(relation),
            }
            for relation in relations
            if relation.id and relation.id not in gone
        }
        found = upsert(rows, lambda row: row.octopus_id, wanted)
        return self.sudo().union(*found.values())

    def _give_way(self, numbers):
        """Before deleted relations come back to life: release the contacts that were
        linked to another relation meanwhile."""
        taken = self.env["res.partner"]
        for row in self.filtered(lambda row: row.octopus_id in numbers):
            partner = row.partner_id
            if partner in taken or self._known(partner, row.dossier_id):
                row._unlink_partner()
            taken |= partner

    @api.model
    def _values_from_relation(self, relation):
        """Return the values of the mirror for an ``api.Relation``."""
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

    def _as_read(self):
        """Return the ``api.Relation`` that was mirrored, complete."""
        known = {field.name for field in dataclass_fields(Relation)}
        values = {key: value for key, value in self.data.items() if key in known}
        return from_json(Relation, values)

    # Finding

    @api.model
    def _known(self, partners, dossier):
        """Return the relations that contacts are linked to, in one query.

        :param partners: commercial partners
        :return: ``{partner id: relation}``, without those deleted in Octopus
        """
        if not partners:
            return {}
        rows = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("dossier_id", "=", dossier.id),
                    ("partner_id", "in", partners.ids),
                    ("deleted", "=", False),
                ]
            )
        )
        return {row.partner_id.id: row for row in rows}

    @api.model
    def _find(self, partner, dossier):
        """Find the relation of a contact in the mirror, without a call.

        Known link, then VAT number, external number, exact name.

        :return: ``(relation, candidates)``: one of them is empty, or both; candidates
            are for a person to choose from
        """
        partner = partner.commercial_partner_id
        known = self._known(partner, dossier).get(partner.id)
        if known:
            return known, known.browse()
        found, rows = self._match(partner, dossier)
        if found.sure and not rows._taken_from(partner):
            return rows, rows.browse()
        return rows.browse(), rows

    @api.model
    def _find_now(self, partner, dossier, octopus):
        """Find the relation of a contact in Octopus and link it when it is sure; an
        existing link is checked too.

        :return: ``(relation, candidates)``, see ``_find``
        :raises OctopusError: of the search
        """
        known = self._known(partner, dossier).get(partner.id)
        if known:
            if known._read_now(octopus):
                return known, known.browse()
            known.write({"deleted": True, "active": False})
        self._search_octopus(partner, dossier, octopus)
        found, rows = self._match(partner, dossier)
        if found.sure and not rows._taken_from(partner):
            return rows._link(partner, found.origin), rows.browse()
        return rows.browse(), rows

    def _match(self, partner, dossier):
        """Return the ``Match`` of a contact in the mirror, and the rows it names."""
        relations = self._rows_like(partner, dossier)
        found = match(
            self._party_of(partner), [row._party(partner) for row in relations]
        )
        return found, relations.browse(found.hits)

    def _rows_like(self, partner, dossier):
        """Return the live rows that share number, digits of a VAT or enterprise number,
        or the words of the name with a contact."""
        us = self._party_of(partner)
        numbers = set(us.enterprises) | ({us.vat.digits} if us.vat else set())
        alike = Domain("external_id", "=", partner.id)
        if numbers:
            alike |= Domain("vat_digits", "in", list(numbers))
        key = name_key(partner.name)
        if key:
            alike |= Domain("name_key", "=", key)
        domain = alike & Domain(
            [("dossier_id", "=", dossier.id), ("deleted", "=", False)]
        )
        return self.sudo().with_context(active_test=False).search(domain)

    @api.model
    def _party_of(self, partner):
        """Return the ``Party`` that a contact is."""
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

    def _party(self, partner):
        """Return the ``Party`` that this relation is, for a contact."""
        # Who reads a relation need not read all that Octopus told of it.
        told = self.sudo().data or {}
        scheme, _colon, number = (told.get("participant_id") or "").partition(":")
        return Party(
            key=self.id,
            name=self.name or "",
            first_name=self.first_name or "",
            vat=VatNumber.of(self.vat_number, self.country_code),
            external_id=self.external_id or None,
            zip=self.zip or "",
            taken=self._taken_from(partner),
            enterprise=enterprise_number(number) if scheme == KBO_SCHEME else None,
        )

    def _taken_from(self, partner):
        """Whether another contact is linked with one of these relations; a contact that
        got a parent company is that company."""
        return bool(self.partner_id.commercial_partner_id - partner)

    # Holding a link against identity

    def _identity(self, partner):
        """Return what the link of a contact stands on: names and numbers of both."""
        us, them = self._party_of(partner), self._party(partner)
        return {
            "name": plain(us.name),
            "vat": us.vat and us.vat.spelled,
            "enterprise": us.enterprise,
            "name_there": sorted(them.names),
            "vat_there": them.vat and them.vat.spelled,
        }

    def _is_identity_changed(self):
        """Whether contact or relation became another party since they were linked.

        Costs no query beyond the two records. A link that is older than this check
        only counts as changed where two VAT numbers disagree.
        """
        self.ensure_one()
        partner = self.partner_id
        if not partner or self.deleted:
            return False
        us, them = self._party_of(partner), self._party(partner)
        if not self.linked_as:
            return self.link_origin != "person" and us.other_number(them)
        if self._identity(partner) == self.linked_as:
            return False
        return same_party(us, them) is not SameParty.SAME

    def _identity_findings(self):
        """Return the ``Finding`` of each link that a person must look at first."""
        return [
            Finding(
                codes.RELATION_CHANGED,
                {
                    "partner": row.partner_id.display_name,
                    "relation": row.display_name,
                    "before": row._identity_before(),
                    "vat": row.vat_number or "",
                },
                "res.partner",
                row.partner_id.ids,
            )
            for row in self
            if row._is_identity_changed()
        ]

    def _identity_before(self):
        """Return what a contact was when it was linked, as text without a language."""
        before = self.linked_as or {}
        told = [before.get("name") or self.name, before.get("vat")]
        return ", ".join(filter(None, told))

    def action_confirm_link(self):
        """Say that contact and relation are still one party, as they are now."""
        self._check_administrator()
        for row in self.sudo().filtered("partner_id"):
            row._link(row.partner_id, "person")
        self.env["octopus.outbox.mixin"].wake_all(self.sudo().dossier_id)

    # Finding or creating, in Octopus

    @api.model
    def _ensure(
        self, partner, dossier, octopus, client, supplier, fiscal_position=None
    ):
        """Return the relation of a contact; find or create it in Octopus.

        A contact with a relation costs no call, a new one at most two, a relation that
        lacks a role two. The company of the environment decides on policy, currency
        and payment terms.

        :param octopus: ``api.DossierClient`` of ``dossier``
        :param bool client: the relation must be a customer
        :param bool supplier: the relation must be a supplier
        :param fiscal_position: that of the document, for the VAT type
        :raises FindingError: a person must decide or mend something first
        :raises OctopusError: of the calls; repeating is safe after any of them
        """
        partner = partner.commercial_partner_id
        relation = self._known(partner, dossier).get(partner.id, self.sudo().browse())
        changed = relation._identity_findings()
        if changed:
            raise FindingError(changed)
        for _try in range(TRIES):
            if relation and not relation._lacks(client, supplier):
                return relation
            # Either may find that the relation at hand is gone from Octopus.
            relation = (
                relation._add_roles(octopus, client, supplier)
                if relation
                else self._connect(
                    partner, dossier, octopus, client, supplier, fiscal_position
                )
            )
        if not relation or relation._lacks(client, supplier):
            raise self._ask(codes.RELATION_BUSY, partner)
        return relation

    def _lacks(self, client, supplier):
        return (client and not self.is_client) or (supplier and not self.is_supplier)

    def _add_roles(self, octopus, client, supplier):
        """Tick the missing customer or supplier flag on the relation.

        What a merge does with fields that are left out is unknown (docs/octopus.md §4),
        so the whole relation is sent, as it is in Octopus now.

        :return: the relation; empty when it is gone from Octopus
        """
        current = self._read_now(octopus)
        if not current:
            self.write({"deleted": True, "active": False})
            return self.browse()
        changed = replace(
            current,
            client=bool(current.client or client),
            supplier=bool(current.supplier or supplier),
            # Needed to save it, and not told by every web service.
            currency=current.currency or self.env.company.currency_id.name,
        )
        saved = octopus.upsert_relation(changed)
        if saved and saved.id != self.octopus_id:
            # It was deleted between the two calls, and made anew with another number.
            partner, origin = self.partner_id, self.link_origin
            self.write({"deleted": True, "active": False})
            return self._mirror(self.dossier_id, [saved])._link(partner, origin)
        return self._mirror(self.dossier_id, [changed])

    def _read_now(self, octopus):
        if Capability.RELATION_SEARCH not in octopus.capabilities:
            Mirror(self.dossier_id).relations(octopus)
            return None if self.deleted else self._as_read()
        found = octopus.find_relations(id=self.octopus_id)
        return next((it for it in found if it.id == self.octopus_id), None)

    def _connect(self, partner, dossier, octopus, client, supplier, fiscal_position):
        """Link a contact that has no relation yet: found in the mirror, in Octopus by
        one search, or else created there."""
        # Two workers must not create the same relation side by side.
        if not partner.sudo().try_lock_for_update(allow_referencing=True):
            raise self._ask(codes.RELATION_BUSY, partner)
        found, rows = self._match(partner, dossier)
        if not rows:
            self._search_octopus(partner, dossier, octopus)
            found, rows = self._match(partner, dossier)
        if found.sure and not rows._taken_from(partner):
            return rows._link(partner, found.origin)
        self._check_may_create(partner, dossier, found, rows)
        return self._create_in_octopus(
            partner, dossier, octopus, client, supplier, fiscal_position
        )

    def _search_octopus(self, partner, dossier, octopus):
        """Mirror the relations that may be the contact: one call, as Octopus takes
        several conditions for alternatives (docs/octopus.md §10); for a person that is
        not found one more."""
        if Capability.RELATION_SEARCH not in octopus.capabilities:
            # Made twice with its external number, a relation is merged.
            alike = self._rows_like(partner, dossier)
            safe = alike._external_id_for(partner)
            if not (safe and Mirror(dossier).has_fresh_relations()):
                Mirror(dossier).relations(octopus)
            return
        vat = VatNumber.of(partner.vat, partner.country_code)
        found = octopus.find_relations(
            external_id=partner.id,
            name=shortened(partner.name),
            vat_number=vat.spelled if vat else None,
        )
        self._mirror(dossier, found)
        # Octopus may keep the first name of a person apart, and finds whole names only.
        _first, _space, surname = (shortened(partner.name) or "").partition(" ")
        person = surname and not partner.is_company and not vat
        if person and not self._rows_like(partner, dossier):
            self._mirror(dossier, octopus.find_relations(name=surname))

    def _check_may_create(self, partner, dossier, found: Match, rows):
        """Refuse to create a relation that a person should decide on.

        :raises FindingError: several fit, one fits doubtfully or is another contact's,
            or the company wants to be asked
        """
        if dossier in partner.sudo().octopus_create_dossier_ids:
            return
        if len(rows) > 1:
            raise self._ask(codes.RELATION_SEVERAL, partner, rows)
        if rows._taken_from(partner):
            raise self._ask(codes.RELATION_TAKEN, partner, rows)
        if found.doubtful:
            raise self._ask(codes.RELATION_NEEDS_CONFIRMATION, partner, rows)
        if self._settings(dossier).octopus_relation_policy == "ask":
            raise self._ask(codes.RELATION_UNDECIDED, partner)

    def _ask(self, code, partner, rows=None):
        params = {"partner": partner.display_name}
        if rows:
            params["relations"] = rows.mapped("display_name")
            params["choices"] = [row._told_apart() for row in rows]
            params["contact"] = rows.partner_id[:1].display_name
        return FindingError(Finding(code, params, "res.partner", (partner.id,)))

    def _told_apart(self):
        """Return name, VAT number, place and roles of a relation, as far as known."""
        roles = [
            self._fields[name]._description_string(self.env)
            for name in ("is_client", "is_supplier")
            if self[name]
        ]
        place = " ".join(filter(None, (self.zip, self.city)))
        told = [self.vat_number, self.street, place, *roles]
        told = ", ".join(filter(None, told))
        return f"{self.display_name} ({told})" if told else self.display_name

    def _settings(self, dossier):
        settings = self.env.company._octopus_settings()
        if settings.octopus_dossier_id == dossier:
            return settings
        return dossier.sudo().company_ids[:1]

    def _create_in_octopus(
        self, partner, dossier, octopus, client, supplier, fiscal_position
    ):
        """Create the relation. Its external number makes a repetition safe: Octopus
        merges into the relation that has it (docs/octopus.md §4)."""
        problems = partner._octopus_findings(fiscal_position)
        if any(problem.stops for problem in problems):
            raise FindingError([problem for problem in problems if problem.stops])
        alike = self._rows_like(partner, dossier)
        us = self._party_of(partner)
        own = alike.filtered(
            lambda row: (
                us.same_external(row._party(partner))
                and us.same_name(row._party(partner))
                and not row.partner_id
            )
        )
        if own:
            return own._link(partner, "external")
        wanted = Relation(
            external_id=alike._external_id_for(partner),
            client=client,
            supplier=supplier,
            **partner._octopus_relation_values(
                self._settings(dossier), fiscal_position, supplier and not client
            ),
        )
        created = octopus.upsert_relation(wanted)
        if not created or not created.id:
            created = self._read_back(wanted, dossier, octopus)
        return self._mirror(dossier, [created])._link(partner, "created")

    def _external_id_for(self, partner):
        """Return the external number for a new relation of a contact, ``None`` when one
        of these relations has it or it is too long for Octopus."""
        parties = [row._party(partner) for row in self]
        taken = external_taken(self._party_of(partner), parties)
        return None if taken or partner.id > INT32_MAX else partner.id

    def _read_back(self, wanted, dossier, octopus):
        """Return a relation that Octopus saved without saying its number.

        Without an external number nothing tells it from others here: the next try
        finds it by VAT number or name, as any other relation.
        """
        searchable = Capability.RELATION_SEARCH in octopus.capabilities
        if not searchable:
            Mirror(dossier).relations(octopus)
        if not wanted.external_id:
            found = []
        elif searchable:
            found = octopus.find_relations(external_id=wanted.external_id)
        else:
            number = Domain("external_id", "=", wanted.external_id)
            rows = self.sudo().search(number & Domain("dossier_id", "=", dossier.id))
            found = [row._as_read() for row in rows]
        for relation in found:
            if relation.external_id == wanted.external_id:
                return relation
        raise OctopusUnknownOutcome(
            "The relation was saved, but cannot be found.",
            operation="upsert_relation",
        )

    # Linking

    def _link(self, partner, origin):
        """Link the relation with a contact.

        :raises FindingError: somebody else linked one of both this very moment
        """
        self.ensure_one()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.sudo().write(
                    {
                        "partner_id": partner.id,
                        "link_origin": origin,
                        "linked_as": self._identity(partner),
                    }
                )
        except IntegrityError:
            raise self._ask(codes.RELATION_BUSY, partner) from None
        return self

    def _unlink_partner(self):
        self.sudo().write(
            {"partner_id": False, "link_origin": False, "linked_as": False}
        )

    @api.model
    def _follow(self, partner, company, was):
        """Let the links of a contact go along to the company that it became part of,
        where both are one party and the company has none of its own.

        :param company: the commercial partner of ``partner`` by now
        :param was: the ``Party`` that the contact was before
        """
        own = self.sudo().with_context(active_test=False)
        rows = own.search([("partner_id", "=", partner.id), ("deleted", "=", False)])
        taken = own.search([("partner_id", "=", company.id), ("deleted", "=", False)])
        us = self._party_of(company)
        for row in rows.filtered(lambda row: row.dossier_id not in taken.dossier_id):
            if SameParty.SAME in (
                same_party(us, was),
                same_party(us, row._party(company)),
            ):
                row._link(company, row.link_origin)

    def action_link(self):
        """Link this relation with the contact of the context, as a person chose."""
        self.ensure_one()
        self._check_administrator()
        partner = (
            self.env["res.partner"]
            .browse(self.env.context["octopus_partner_id"])
            .commercial_partner_id
        )
        partner.check_access("read")
        other = self.sudo().partner_id - partner
        if other:
            raise UserError(
                self.env._(
                    "Relation %(relation)s is already linked with %(contact)s. Two"
                    " contacts cannot be the same relation: merge them, or remove"
                    " the link there first.",
                    relation=self.display_name,
                    contact=other.display_name,
                )
            )
        before = self._known(partner, self.dossier_id).get(partner.id)
        if before and before != self:
            before._unlink_partner()
        self._link(partner, "person")
        self.env["octopus.outbox.mixin"].wake_all(self.dossier_id)

    def action_unlink_partner(self):
        """Remove the link with the contact; nothing changes in Octopus."""
        self._check_administrator()
        self._unlink_partner()

    def _check_administrator(self):
        """Let only Octopus administrators decide who a relation is.

        :raises AccessError: somebody else does, or does not work in all companies that
            book in the dossier
        """
        self.check_access("read")
        companies = self.sudo().dossier_id.company_ids
        companies.with_env(self.env)._octopus_check_companies()
        require(
            self.env,
            MANAGER,
            self.env._("Only Octopus administrators decide who a relation is."),
        )
