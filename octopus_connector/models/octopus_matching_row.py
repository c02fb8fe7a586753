from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import LazyTranslate

from ..core.propose_relations import Evidence, weigh
from ..prepare.matching import (
    DOUBTFUL,
    HERE,
    LEFT,
    LINKED,
    MATCHED,
    NOTHING,
    OTHER,
    SEVERAL,
    TAKEN,
    THERE,
    whole_contact,
    whole_relation,
)

_lt = LazyTranslate(__name__)

GROUPS = [
    (LINKED, "Linked"),
    (MATCHED, "Clear match"),
    (DOUBTFUL, "Doubtful"),
    (HERE, "Only in Odoo"),
    (THERE, "Only in Octopus"),
    (OTHER, "Not the same"),
    (LEFT, "Left alone"),
    (NOTHING, "Not proposed"),
]
REASONS = [
    ("vat", "VAT number"),
    ("enterprise", "Enterprise number"),
    ("number", "Octopus number"),
    ("name", "Same name"),
    ("similar", "Similar name"),
    ("iban", "IBAN"),
    ("email", "E-mail"),
]
DOUBTS = {
    "unlike_names": _lt("same number, but names that have nothing in common"),
    "torn_numbers": _lt("one number is the same, another is not"),
    "no_country": _lt("a VAT number without its country"),
    "other_place": _lt("another postal code"),
    "other_address": _lt("another street or e-mail address"),
    "only_name": _lt("nothing but the name"),
    SEVERAL: _lt("several can be it"),
    TAKEN: _lt("one of them is linked already: a double?"),
}
# How a link that was accepted with others was found, by its strongest reason.
ORIGINS = {"vat": "vat", "enterprise": "vat", "number": "external", "name": "name"}
# What both sides say of a party, by the first part of the two fields' names.
SIDES = {
    "name": _lt("Name"),
    "vat": _lt("VAT number"),
    "street": _lt("Street"),
    "place": _lt("Place"),
    "email": _lt("E-mail"),
    "iban": _lt("IBAN"),
}


class OctopusMatchingRow(models.Model):
    """A contact, a relation, or both as a pair that may be one party.

    Each contact and each relation has a row of its own, shown while it stands in no
    pair. What a person decided stays, and is never proposed again.
    """

    _name = "octopus.matching.row"
    _description = "Contact and Relation"
    _order = "score desc, title, id"
    _rec_name = "title"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    relation_id = fields.Many2one(
        "octopus.relation",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    title = fields.Char(string="Name", readonly=True)
    found_on = fields.Selection(
        GROUPS,
        readonly=True,
        index=True,
        default=NOTHING,
        required=True,
        string="Found on",
        help="Matched: can be accepted together with others. Doubtful: look at it.",
    )
    reasons = fields.Json(readonly=True, help="What speaks for the pair: codes.")
    doubts = fields.Json(readonly=True, help="Why a person must look at it: codes.")
    similarity = fields.Float(readonly=True, help="Of the names, 0 to 1.")
    same_place = fields.Boolean(readonly=True, help="The postal codes are the same.")
    score = fields.Integer(
        readonly=True, aggregator=None, help="How convincing the pair is, in percent."
    )
    reason = fields.Selection(
        REASONS,
        string="First reason",
        readonly=True,
        index="btree_not_null",
    )
    why = fields.Char(compute="_compute_why")
    has_documents = fields.Boolean(
        readonly=True, help="The contact is a customer or a supplier."
    )
    decision = fields.Selection(
        [
            (OTHER, "Not the same"),
            (LEFT, "Leave alone"),
            ("import", "Import"),
            ("send", "Create in Octopus"),
        ],
        readonly=True,
        index="btree_not_null",
        help="What a person said; it is remembered.",
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_at = fields.Datetime(readonly=True, help="When somebody decided.")
    problem = fields.Json(
        readonly=True, help="Why it could not be imported or created."
    )
    problem_text = fields.Char(string="Problem", compute="_compute_problem_text")

    name_here = fields.Char(compute="_compute_sides", string="Name in Odoo")
    name_there = fields.Char(compute="_compute_sides", string="Name in Octopus")
    vat_here = fields.Char(compute="_compute_sides", string="VAT number in Odoo")
    vat_there = fields.Char(compute="_compute_sides", string="VAT number in Octopus")
    street_here = fields.Char(compute="_compute_sides", string="Street in Odoo")
    street_there = fields.Char(compute="_compute_sides", string="Street in Octopus")
    place_here = fields.Char(compute="_compute_sides", string="Place in Odoo")
    place_there = fields.Char(compute="_compute_sides", string="Place in Octopus")
    email_here = fields.Char(compute="_compute_sides", string="E-mail in Odoo")
    email_there = fields.Char(compute="_compute_sides", string="E-mail in Octopus")
    iban_here = fields.Char(compute="_compute_sides", string="IBAN in Odoo")
    iban_there = fields.Char(compute="_compute_sides", string="IBAN in Octopus")
    different = fields.Char(
        compute="_compute_sides",
        help="What both sides tell, and not the same.",
    )
    unknown_vat_type = fields.Boolean(
        compute="_compute_unknown_vat_type",
        help="Octopus does not know of which VAT type the relation is.",
    )

    _pair_uniq = models.UniqueIndex(
        "(dossier_id, COALESCE(partner_id, 0), COALESCE(relation_id, 0))",
        "A contact and a relation stand in one row.",
    )

    @api.depends("reasons", "doubts")
    @api.depends_context("lang")
    def _compute_why(self):
        names = dict(self._fields["reason"]._description_selection(self.env))
        for row in self:
            reasons = [names[code] for code in row.reasons or ()]
            doubts = [self.env._(DOUBTS[code]) for code in row.doubts or ()]
            told = ", ".join(reasons)
            row.why = f"{told} ({'; '.join(doubts)})" if doubts else told

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for row in self:
            row.problem_text = row.problem and self.env["octopus.finding"].sentences(
                row.problem
            )

    @api.depends("relation_id.vat_type")
    def _compute_unknown_vat_type(self):
        for row in self:
            row.unknown_vat_type = row.relation_id.is_vat_type_unknown()

    @api.depends("partner_id", "relation_id")
    @api.depends_context("uid", "lang")
    def _compute_sides(self):
        for row in self:
            ours, theirs = _of_contact(row.partner_id), _of_relation(row.relation_id)
            unlike = []
            for name in SIDES:
                row[f"{name}_here"], row[f"{name}_there"] = ours[name], theirs[name]
                if ours[name] and theirs[name] and not _same(ours[name], theirs[name]):
                    unlike.append(name)
            row.different = ", ".join(self.env._(SIDES[name]) for name in unlike)

    # What it says

    @api.private
    def evidence(self) -> Evidence:
        """Return what speaks for the pair, as it was found."""
        self.ensure_one()
        return Evidence(
            self.partner_id.id,
            self.relation_id.id,
            tuple(self.reasons or ()),
            tuple(it for it in self.doubts or () if it not in (TAKEN, SEVERAL)),
            self.similarity,
            self.same_place,
        )

    @api.private
    def counting(self, criteria):
        """Return the reasons that count.

        :param criteria: those that are switched on
        """
        return self.evidence().counting(criteria)

    @api.private
    def is_as_shown(self) -> bool:
        """Whether contact and relation are still what the row was shown for."""
        us = whole_contact(self.partner_id)
        now = weigh(us, whole_relation(self.relation_id), self.similarity)
        shown = self.evidence()
        return (now.reasons, now.doubts) == (shown.reasons, shown.doubts)

    # People decide

    def action_same(self):
        """Link each contact with the relation beside it: a person says that they are
        one party."""
        pairs = self._decidable(MATCHED, DOUBTFUL)
        if self and not pairs:
            raise UserError(
                self.env._("Choose rows with a contact and a relation side by side.")
            )
        pairs.link("person")
        return self._decided(pairs)

    def action_other(self):
        """Say that contact and relation are two parties: never proposed again."""
        return self._decide(self._decidable(MATCHED, DOUBTFUL), OTHER)

    def action_leave(self):
        """Leave contacts and relations alone that the other side lacks."""
        return self._decide(self._decidable(HERE, THERE), LEFT)

    def action_reconsider(self):
        """Take back what was decided, as if nobody had looked at it."""
        return self._decide(self._decidable(OTHER, LEFT), False)

    def action_create(self):
        """Have contacts that only Odoo has created in Octopus, by the scheduled action
        and within the day's calls."""
        # One without documents is shown nowhere, and may be asked for all the same.
        rows = self._decidable(HERE, NOTHING)
        rows = rows.filtered(lambda row: row.partner_id and not row.relation_id)
        self._decide(rows, "send")
        return self.env["octopus.matching"].woken()

    def action_import(self):
        """Show what an import of relations that only Octopus has would add."""
        rows = self._decidable(THERE)
        if not rows:
            raise UserError(self.env._("Choose rows that are only in Octopus."))
        return self.env["octopus.contact.import"]._open(rows)

    def action_open_contact(self):
        """Open the contact."""
        self.ensure_one()
        self.check_access("read")
        return self.partner_id.get_formview_action()

    def _decidable(self, *groups):
        """Return the rows of some groups, in sudo, of which the user decides.

        :raises AccessError: the user is no Octopus administrator, or does not work in
            all companies that book in the dossier
        """
        self.check_access("read")
        self.sudo().dossier_id.check_decides_relations()
        return self.sudo().filtered(lambda row: row.found_on in groups)

    def _decide(self, rows, decision):
        now = fields.Datetime.now() if decision else False
        user = self.env.uid if decision else False
        rows.write(
            {
                "decision": decision,
                "decided_by_id": user,
                "decided_at": now,
                "problem": False,
            }
        )
        return self._decided(rows)

    def _decided(self, rows):
        """Place what is left anew; documents that waited for it go on."""
        for dossier, mine in rows.grouped("dossier_id").items():
            self.env["octopus.matching"].of(dossier).regroup(mine)
        self.env["octopus.outbox.mixin"].wake_all(rows.dossier_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.private
    def link(self, origin=None):
        """Link contacts and relations; who got another link meanwhile is left.

        :param origin: how it was found; by the strongest reason when left out
        :return: the rows that were linked
        """
        done = self.browse()
        locked = self.relation_id.sudo().try_lock_for_update(allow_referencing=True)
        locked.invalidate_recordset(["partner_id", "deleted"])
        linked = self.env["octopus.relation"].sudo().with_context(active_test=False)
        links = linked.search(
            [
                ("dossier_id", "in", self.dossier_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("deleted", "=", False),
            ]
        )
        taken = {(it.dossier_id.id, it.partner_id.id) for it in links}
        for row in self:
            key = row.dossier_id.id, row.partner_id.id
            relation = row.relation_id
            if relation not in locked or relation.partner_id or relation.deleted:
                continue
            if key in taken:
                continue
            found = origin or ORIGINS.get(row.reason, "person")
            relation.link_contact(row.partner_id, found)
            taken.add(key)
            done |= row
        return done


def _of_contact(partner):
    """Return what a contact says, by name of the side's field."""
    place = " ".join(filter(None, (partner.zip, partner.city)))
    return {
        "name": partner.name,
        "vat": partner.vat,
        "street": partner.street,
        "place": place,
        "email": partner.email,
        "iban": partner.bank_ids[:1].acc_number,
    }


def _of_relation(relation):
    """Return what a relation says; how it is reached, to who may know it."""
    place = " ".join(filter(None, (relation.zip, relation.city)))
    return {
        "name": relation.full_name(),
        "vat": relation.vat_number,
        "street": relation.street,
        "place": place,
        "email": relation.shown_email,
        "iban": relation.shown_iban,
    }


def _same(one, other):
    spelled = ("".join(filter(str.isalnum, text)).casefold() for text in (one, other))
    return len(set(spelled)) == 1
