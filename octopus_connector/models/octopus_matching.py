import logging
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..api.errors import OctopusError
from ..core import codes
from ..core.findings import Finding, unexpected
from ..core.propose_relations import CRITERIA, DOUBTFUL, MATCHED, STRONG
from ..groups import MANAGER
from ..notification import notification
from ..prepare.matching import (
    HERE,
    LEFT,
    LINKED,
    OTHER,
    SEVERAL,
    TAKEN,
    THERE,
    Matching,
    group_of_each,
    pair_values,
    with_dependents,
)
from ..send.contacts import ContactChanges, ContactPass
from ..sync import synchronise
from ..sync.mirror import Mirror
from ..sync.upsert import upsert

_logger = logging.getLogger(__name__)

COUNTED = {
    LINKED: "linked_count",
    MATCHED: "matched_count",
    DOUBTFUL: "doubtful_count",
    HERE: "here_count",
    THERE: "there_count",
    OTHER: "other_count",
    LEFT: "left_count",
}


class OctopusMatching(models.Model):
    """The contacts of a dossier's companies beside its relations: one per dossier.

    What speaks for each pair is kept in its rows, whatever criteria count; switching a
    criterion only places the rows anew.
    """

    _name = "octopus.matching"
    _inherit = ["octopus.from.setup.mixin"]
    _description = "Matching of Contacts"
    _rec_name = "dossier_id"
    _octopus_filled_in = frozenset(f"by_{criterion}" for criterion in CRITERIA)

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, readonly=True, ondelete="cascade"
    )
    looked_at = fields.Datetime(
        string="Compared on",
        readonly=True,
        help="When contacts and relations were compared last.",
    )
    by_vat = fields.Boolean(
        string="VAT number",
        default=True,
        help="The same VAT number, in whatever spelling, of the same country.",
    )
    by_enterprise = fields.Boolean(
        string="Enterprise number (KBO/BCE)",
        default=True,
        help="The same Belgian enterprise number: a VAT number, the company's"
        " registration, or its number on Peppol.",
    )
    by_number = fields.Boolean(
        string="Octopus number",
        default=True,
        help="The contact's reference is the number of the relation, or the relation"
        " has this contact's number as external number; and the names are alike.",
    )
    by_name = fields.Boolean(
        string="Same name",
        default=True,
        help="The same name, but for capitals, spaces, the place of the legal form,"
        " and the order of first name and name.",
    )
    by_similar = fields.Boolean(
        string="Similar name",
        default=True,
        help="A name that is spelled in another way, at the same postal code or where"
        " one of both has none. Always looked at one by one.",
    )
    by_iban = fields.Boolean(
        string="IBAN",
        default=True,
        help="The same bank account, unless many have it.",
    )
    by_email = fields.Boolean(
        string="E-mail",
        default=True,
        help="The same e-mail address, unless many have it.",
    )
    linked_count = fields.Integer(string="Linked", compute="_compute_counts")
    matched_count = fields.Integer(string="Clear match", compute="_compute_counts")
    doubtful_count = fields.Integer(string="Doubtful", compute="_compute_counts")
    here_count = fields.Integer(string="Only in Odoo", compute="_compute_counts")
    there_count = fields.Integer(string="Only in Octopus", compute="_compute_counts")
    other_count = fields.Integer(string="Not the same", compute="_compute_counts")
    left_count = fields.Integer(string="Left alone", compute="_compute_counts")

    _dossier_uniq = models.Constraint(
        "UNIQUE(dossier_id)", "Contacts of a dossier are matched in one place."
    )

    @api.depends(*(f"by_{criterion}" for criterion in CRITERIA), "looked_at")
    def _compute_counts(self):
        for matching in self:
            matching.check_access("read")
            counts = matching.sudo()._count_groups()
            for group, field in COUNTED.items():
                matching[field] = counts.get(group, 0)

    def _count_groups(self):
        """Return how many rows stand in each group: ``{group: count}``."""
        kept = self._origin
        if kept.criteria() != self.criteria():
            # In a form, before it is saved.
            return Counter(group_of_each(self._rows(), self.criteria()).values())
        mine = [("dossier_id", "=", self.dossier_id._origin.id or self.dossier_id.id)]
        rows = self.env["octopus.matching.row"]
        return dict(rows._read_group(mine, ["found_on"], ["__count"]))

    def write(self, vals):
        written = super().write(vals)
        if any(name.startswith("by_") for name in vals):
            for matching in self:
                matching.regroup()
        return written

    @api.private
    def criteria(self):
        """Return the criteria that are switched on."""
        return frozenset(it for it in CRITERIA if self[f"by_{it}"])

    @api.model
    @api.private
    def of(self, dossier):
        """Return the matching of a dossier, in sudo, made when it has none yet.

        :param dossier: one ``octopus.dossier``
        """
        own = self.sudo()
        found = own.search([("dossier_id", "=", dossier.id)])
        return found or own.create({"dossier_id": dossier.id})

    def _rows(self):
        domain = [
            ("dossier_id", "in", self.dossier_id._origin.ids or self.dossier_id.ids)
        ]
        rows = self.env["octopus.matching.row"].search(domain)
        rows.relation_id.mapped("partner_id")
        return rows

    # Comparing

    @api.model
    @api.private
    def of_company(self):
        """Return the matching of the current company's dossier, in sudo.

        :raises AccessError: the user may not see it
        :raises UserError: the company is linked to none
        """
        self.check_access("read")
        dossier = self.env.company.octopus_dossier()
        if not dossier:
            raise UserError(
                self.env._(
                    "%(company)s is not linked to an Octopus dossier.",
                    company=self.env.company.name,
                )
            )
        return self.of(dossier)

    @api.model
    def action_open(self):
        """Open the contacts and relations of the current company's dossier; compare
        them when nobody did yet."""
        matching = self.of_company()
        if not matching.looked_at and self._may_decide(matching.dossier_id):
            matching.propose()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Match contacts"),
            "res_model": self._name,
            "res_id": matching.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_look(self):
        """Read the relations that changed, unless that was done a moment ago, and
        compare all again; decisions stay."""
        self.ensure_one()
        self._check_manager()
        dossier = self.dossier_id
        try:
            # Whoever asks wants to see what was changed in Octopus a moment ago.
            with dossier.client() as octopus:
                Mirror(dossier).relations(octopus)
        except OctopusError as error:
            text = self.env["octopus.finding"].sentences(dossier.note_error(error))
            self.sudo().propose()
            title = self.env._("Octopus could not be read; what was known is compared")
            return notification("warning", title, text)
        self.sudo().propose()
        return notification(
            "success", self.env._("Contacts are compared"), self._counts_text()
        )

    def _counts_text(self):
        told = self.fields_get(list(COUNTED.values()), ["string"])
        counts = self.sudo()
        counts.invalidate_recordset(list(COUNTED.values()))
        return ", ".join(
            f"{told[name]['string']}: {counts[name]}" for name in COUNTED.values()
        )

    @api.private
    def propose(self):
        """Compare all contacts with all relations, and keep what speaks for each pair.

        What a person decided about a pair stays with it.
        """
        self.ensure_one()
        matching = Matching(self.dossier_id)
        contacts, relations = matching.contacts(), matching.relations()
        wanted = self._singles(contacts, relations)
        wanted |= self._pairs(matching, contacts, relations)
        for row in relations.filtered("partner_id"):
            key = row.partner_id.commercial_partner_id.id, row.id
            wanted.setdefault(key, {"score": 100, "title": row.full_name()})
        rows = self._rows()
        known = {(row.partner_id.id, row.relation_id.id): row for row in rows}
        stale = [
            row.id
            for key, row in known.items()
            if key not in wanted and not row.decision
        ]
        rows.browse(stale).unlink()
        owner = {"dossier_id": self.dossier_id.id}
        keyed = {
            key: {**owner, "partner_id": key[0], "relation_id": key[1], **values}
            for key, values in wanted.items()
        }
        rows = rows.exists()
        upsert(rows, lambda row: (row.partner_id.id, row.relation_id.id), keyed)
        self.looked_at = fields.Datetime.now()
        self.regroup()

    def _pairs(self, matching, contacts, relations):
        """Return the rows of pairs, with why each must be looked at."""
        links = {row.id: row.partner_id.commercial_partner_id.id for row in relations}
        held = {partner: row for row, partner in links.items() if partner}
        pairs = matching.evidence(contacts, relations)
        strong = Counter(
            side
            for pair in pairs
            if STRONG.intersection(pair.reasons)
            for side in (("us", pair.contact), ("them", pair.relation))
        )
        wanted = {}
        for pair in pairs:
            values = pair_values(pair, contacts.browse(pair.contact).name)
            here = links[pair.relation] in (False, pair.contact)
            there = held.get(pair.contact, pair.relation) == pair.relation
            most = max(strong["us", pair.contact], strong["them", pair.relation])
            more = [] if here and there else [TAKEN]
            if most > 1 and not more:
                more = [SEVERAL]
            values["doubts"] = [*pair.doubts, *more] or False
            wanted[pair.contact, pair.relation] = values
        return wanted

    def _singles(self, contacts, relations):
        """Return the rows of contacts and relations by themselves."""
        nothing = {"reasons": False, "doubts": False, "score": 0, "reason": False}
        wanted = {
            (partner.id, False): {
                **nothing,
                "title": partner.name,
                "has_documents": bool(partner.customer_rank or partner.supplier_rank),
            }
            for partner in contacts
        }
        wanted |= {
            (False, row.id): {**nothing, "title": row.full_name()} for row in relations
        }
        return wanted

    @api.private
    def regroup(self, which=None):
        """Place rows anew, by what is linked, decided and counting.

        :param which: rows that changed, and with them what depends on them; all rows
            when left out
        """
        for matching in self.sudo():
            rows = matching._rows() if which is None else with_dependents(which)
            groups = group_of_each(rows, matching.criteria())
            moved = {}
            for row in rows:
                if row.found_on != groups[row.id]:
                    moved.setdefault(groups[row.id], []).append(row.id)
            for group, ids in moved.items():
                rows.browse(ids).found_on = group
            matching.invalidate_recordset(list(COUNTED.values()))

    # By itself

    @api.model
    @api.private
    def woken(self):
        """Return the action that shows everything anew, after :meth:`wake`."""
        off = self.wake()
        if off:
            return notification("warning", self.env._("Octopus"), off, sticky=True)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    @api.private
    def wake(self):
        """Have what was asked for done now; the scheduled action is made anew when
        somebody deleted it.

        :return: what to tell the user where it is switched off, else nothing
        """
        self._action_of_contacts()._trigger()
        return self._off_text()

    def _action_of_contacts(self):
        return self.env["octopus.watchdog"].sudo().scheduled_action("cron_contacts")

    def _off_text(self):
        """Return what to tell where nothing is done by itself, else nothing."""
        cron = self._action_of_contacts()
        if cron.active:
            return ""
        off = Finding(codes.CONTACTS_MISSING, {}, cron._name, cron.ids)
        return self.env["octopus.finding"].sentences(off.as_json())

    @api.model
    def _cron_contacts(self):
        """Do for each dossier what was asked for its contacts, and let their values
        follow; one that fails stops no other."""
        dossiers = self.env["octopus.dossier"].search([("company_ids", "!=", False)])
        dossiers = dossiers.filtered(lambda it: it.is_used())
        asked = synchronise.going_on(dossiers).dossier_id
        busy = asked | self._with_wishes(dossiers)
        followed = dossiers.filtered("contacts_followed")
        for dossier in (busy | followed).filtered(lambda it: it.is_ready()):
            whole = synchronise.begin(dossier & asked, synchronise.CONTACTS)
            work = ContactPass(dossier.sudo())
            try:
                work.run()
            except Exception as error:  # pylint: disable=broad-exception-caught
                self.env.cr.rollback()
                _logger.exception("Contacts of %s cannot follow", dossier.name)
                work.problem = unexpected(error).as_json()
            counts = dict(work.counts)
            synchronise.end(whole, whole.browse(), counts=counts, problem=work.problem)
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _with_wishes(self, dossiers):
        """Return the dossiers of which somebody decided to import or create some."""
        decided = [
            ("dossier_id", "in", dossiers.ids),
            ("decision", "in", ("import", "send")),
        ]
        groups = self.env["octopus.matching.row"]._read_group(decided, ["dossier_id"])
        return dossiers.browse([dossier.id for [dossier] in groups])

    @api.model
    @api.private
    def look_for_changes(self, dossier, every=False):
        """Show what of the contacts would go to the other side; makes no call.

        :param dossier: one ``octopus.dossier`` in sudo
        :param every: look at all that is linked, not only at what changed
        """
        ContactChanges(dossier).look(every)

    # People decide

    def action_accept_matched(self):
        """Link all that are matched, as they were shown; what changed meanwhile is
        left."""
        self.ensure_one()
        self._check_manager()
        matching = self.sudo()
        rows = matching._rows().filtered(lambda row: row.found_on == MATCHED)
        same = rows.filtered(lambda row: row.is_as_shown())
        done = same.link()
        if same != rows:
            matching.propose()
        matching.regroup()
        self.env["octopus.outbox.mixin"].wake_all(self.dossier_id)
        left = len(rows) - len(done)
        text = self.env._("Linked: %(count)s.", count=len(done))
        if left:
            text += " " + self.env._(
                "Changed meanwhile, look at them again: %(count)s.", count=left
            )
        return notification("success", self.env._("Contacts are linked"), text)

    def action_import(self):
        """Show what an import of all relations that only Octopus has would add."""
        self.ensure_one()
        self._check_manager()
        rows = self.sudo()._rows().filtered(lambda row: row.found_on == THERE)
        if not rows:
            raise UserError(self.env._("Odoo has every relation of Octopus."))
        return self.env["octopus.contact.import"]._open(rows)

    def action_rows(self):
        """Open the contacts and relations of all groups, with those of the button's
        group shown."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_matching_row"
        )
        group = self.env.context.get("octopus_found_on")
        shown = {"search_default_shown": 1}
        if group in COUNTED:
            shown["searchpanel_default_found_on"] = group
        return {
            **action,
            "domain": [("dossier_id", "=", self.dossier_id.id)],
            "context": shown,
        }

    def _may_decide(self, dossier):
        """Whether the user decides for all companies that book in a dossier."""
        mine = dossier.sudo().company_ids <= self.env.user.company_ids
        return mine and self.env.user.has_group(MANAGER)

    def _check_manager(self):
        self.check_access("read")
        self.sudo().dossier_id.check_decides_relations()

    @api.model
    @api.private
    def decided_apart(self, dossier, partner):
        """Return the relations of which a person said that a contact is another party.

        :param dossier: ``octopus.dossier``
        :param partner: commercial partner
        :return: ``octopus.relation`` in sudo
        """
        domain = Domain("dossier_id", "=", dossier.id) & Domain("decision", "=", OTHER)
        rows = self.env["octopus.matching.row"].sudo()
        return rows.search(domain & Domain("partner_id", "=", partner.id)).relation_id

    @api.model
    @api.private
    def is_asked(self, dossier, partner):
        """Whether a person asked for a contact to be created in Octopus.

        :param dossier: ``octopus.dossier``
        :param partner: commercial partner
        """
        domain = Domain("dossier_id", "=", dossier.id) & Domain("decision", "=", "send")
        rows = self.env["octopus.matching.row"].sudo()
        return bool(rows.search_count(domain & Domain("partner_id", "=", partner.id)))
