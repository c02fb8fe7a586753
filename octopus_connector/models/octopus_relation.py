from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import mute_logger

from ..core import codes
from ..core.find_relation import SameParty, joined_key, name_key, plain, same_party
from ..prepare.contact_values import values_here, values_there
from ..prepare.relations import (
    Relations,
    identity,
    is_identity_changed,
    party_of_contact,
    party_of_relation,
    relation_error,
)


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
            ("imported", "Imported from Octopus"),
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
    joined_key = fields.Char(
        compute="_compute_name_key",
        store=True,
        readonly=True,
        help="The name as name_key has it, with particles joined to the word behind.",
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

    agreed = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="What contact and relation said the last time that both agreed, or that a"
        " person left them as they were: {field: [here, there]}.",
    )

    # With those of name and VAT number: a new contact is looked up without reading all.
    _external_idx = models.Index("(external_id) WHERE external_id > 0")
    _octopus_id_uniq = models.Constraint(
        "UNIQUE(dossier_id, octopus_id)", "A relation is mirrored once."
    )
    _partner_uniq = models.UniqueIndex(
        "(dossier_id, partner_id) WHERE partner_id IS NOT NULL AND NOT deleted",
        "A contact has one relation per dossier.",
    )

    @api.private
    def first_name_apart(self):
        """Return the first name where the name does not hold it already."""
        first, name = plain(self.first_name), plain(self.name)
        return self.first_name if first not in name.split() and first != name else None

    @api.private
    def full_name(self):
        """Return name and first name, the first name once."""
        return " ".join(filter(None, (self.name, self.first_name_apart()))) or False

    @api.private
    def is_vat_type_unknown(self):
        """Whether Octopus does not know the VAT type of one relation that it has."""
        return bool(self) and not self.deleted and not self.vat_type

    @api.depends("octopus_id", "name", "first_name")
    def _compute_display_name(self):
        for relation in self:
            relation.display_name = (
                f"{relation.octopus_id} {relation.full_name() or ''}"
            )

    @api.depends("name", "first_name")
    def _compute_name_key(self):
        for relation in self:
            names = relation.name, relation.first_name
            relation.name_key = name_key(*names) or False
            relation.joined_key = joined_key(*names) or False

    @api.depends("linked_as", "name", "vat_number", "partner_id.name", "partner_id.vat")
    def _compute_identity_changed(self):
        for relation in self:
            relation.identity_changed = is_identity_changed(relation)

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

    # People decide

    def action_confirm_link(self):
        """Say that contact and relation are still one party, as they are now."""
        self._check_administrator()
        for row in self.sudo().filtered("partner_id"):
            row.link_contact(row.partner_id, "person")
        self.env["octopus.outbox.mixin"].wake_all(self.sudo().dossier_id)

    # Linking

    @api.private
    def link_contact(self, partner, origin):
        """Link the relation with a contact.

        :param partner: commercial partner
        :param origin: how it was found, a value of ``link_origin``
        :return: the relation
        :raises FindingError: somebody else linked one of both this very moment
        """
        self.ensure_one()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.sudo().write(
                    {
                        "partner_id": partner.id,
                        "link_origin": origin,
                        "linked_as": identity(self, partner),
                        "agreed": self.agreed if self.partner_id == partner else False,
                    }
                )
        except IntegrityError:
            raise relation_error(codes.RELATION_BUSY, partner) from None
        return self

    @api.private
    def unlink_contact(self):
        """Forget which contact the relation is."""
        self.sudo().write(
            {
                "partner_id": False,
                "link_origin": False,
                "linked_as": False,
                "agreed": False,
            }
        )

    @api.private
    def note_seen(self, names):
        """Remember what contact and relation say now of some values.

        :param names: of ``core.follow_contacts.FIELDS``
        """
        for row in self.sudo():
            here, there = values_here(row.partner_id), values_there(row)
            seen = {name: [here[name].key, there[name].key] for name in names}
            row.agreed = {**(row.agreed or {}), **seen}

    @api.private
    def set_deleted(self):
        """Note that Octopus does not have these any more."""
        self.write({"deleted": True, "active": False})

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
        us = party_of_contact(company)
        for row in rows.filtered(lambda row: row.dossier_id not in taken.dossier_id):
            if SameParty.SAME in (
                same_party(us, was),
                same_party(us, party_of_relation(row, company)),
            ):
                row.link_contact(company, row.link_origin)

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
        before = Relations(self.env, self.dossier_id).known(partner).get(partner.id)
        if before and before != self:
            before.unlink_contact()
        self.link_contact(partner, "person")
        self.env["octopus.outbox.mixin"].wake_all(self.dossier_id)

    def action_unlink_partner(self):
        """Remove the link with the contact; nothing changes in Octopus."""
        self._check_administrator()
        self.unlink_contact()

    def _check_administrator(self):
        """Let only Octopus administrators decide who a relation is.

        :raises AccessError: somebody else does, or does not work in all companies that
            book in the dossier
        """
        self.check_access("read")
        self.sudo().dossier_id.check_decides_relations()
