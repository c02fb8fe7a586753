from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ..notification import notification
from ..sync.upsert import upsert

_lt = LazyTranslate(__name__)

# Proposals that one looks at one by one: an act on all leaves them out.
DOUBTFUL = ("number_unlike", "name_elsewhere", "name_alike")
# Whose mapping it is.
OWNERS = ("company_id", "dossier_id")

# Code of a reason → text. The codes are those of the room `matching` and our own.
REASONS = {
    "chosen": _lt("Chosen by %(user)s"),
    "vat_shape": _lt("Code %(vat_code)s has the right form and %(percentage)s %%"),
    "vat_description": _lt("Only code that fits: %(description)s, %(percentage)s %%"),
    "vat_several": _lt("Several codes fit: %(codes)s"),
    "vat_percentage": _lt("Code %(vat_code)s has %(percentage)s %%, not %(rate)s %%"),
    "vat_none": _lt("No code found for %(rate)s %%, %(treatment)s"),
    "vat_unclear": _lt("It cannot be told what this tax is for"),
    "no_tax": _lt("Lines without any tax carry no VAT code"),
    "number_same": _lt("Same number"),
    "number_unlike": _lt("Same number, but another name: %(name)s"),
    "number_padded": _lt("Same number, with zeros added or left out"),
    "number_none": _lt("No account %(number)s in Octopus"),
    "name_same": _lt("Same name: %(name)s"),
    "name_alike": _lt("Nearly the same name: %(name)s"),
    "name_elsewhere": _lt("Same name, but its number is that of %(name)s"),
    "name_several": _lt("Several have this name: %(centres)s"),
    "centre_none": _lt("No cost centre has this code or name"),
    "iban_same": _lt("Same IBAN %(iban)s"),
    "iban_several": _lt("Several journals have IBAN %(iban)s: %(journals)s"),
    "iban_none": _lt("No financial journal has IBAN %(iban)s"),
    "iban_missing": _lt("The journal has no bank account"),
}

TREATMENTS = {
    "domestic": _lt("domestic"),
    "cocontractor": _lt("co-contractor"),
    "eu": _lt("intra-community"),
    "triangular": _lt("triangular trade"),
    "outside_eu": _lt("outside the EU"),
}


class OctopusMappingMixin(models.AbstractModel):
    """What the mappings share: an owner, a dossier, a proposal and its reason.

    A mapping belongs to the company that holds the settings and to the dossier it was
    made for. It counts only when it was accepted and that dossier is still the
    company's (C.12b). A person who fills in a row and saves it has accepted it.
    """

    _name = "octopus.mapping.mixin"
    _description = "Octopus Mapping"
    _inherit = ["octopus.cause.mixin", "octopus.from.setup.mixin"]

    # The action of its list; set by the mappings.
    _action = None
    # Fields in which a person decides; set by the mappings.
    _choices = ()
    # Fields that a look-up reads; set by the mappings.
    _looked_up = ()

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.octopus_settings(),
        help="The company whose settings this belongs to; it also holds for the"
        " branches that follow them.",
    )
    dossier_id = fields.Many2one(
        "octopus.dossier",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.octopus_dossier(),
        help="The dossier of Octopus that this was chosen for. In another"
        " dossier it does not count.",
    )
    state = fields.Selection(
        [("missing", "To choose"), ("proposed", "Proposed"), ("accepted", "Accepted")],
        default="missing",
        required=True,
        readonly=True,
        help="To choose: nothing fits, choose yourself. Proposed: look at it and"
        " accept it. Accepted: it is used. Only what is accepted is used.",
    )
    stale = fields.Boolean(
        compute="_compute_stale",
        search="_search_stale",
        help="Made for another dossier than the company has now.",
    )
    reason = fields.Json(
        readonly=True, help="Code and values of why this was proposed."
    )
    reason_text = fields.Char(
        string="Why",
        compute="_compute_reason_text",
        help="Why this was proposed, or who chose it.",
    )

    unlike = fields.Boolean(
        compute="_compute_unlike",
        store=True,
        help="Only the number is the same, or the name is only alike: look at both"
        " before you accept it. *Accept all proposals* leaves it out.",
    )

    @api.depends("reason", "state")
    def _compute_unlike(self):
        for mapping in self:
            mapping.unlike = (
                mapping.state == "proposed"
                and (mapping.reason or {}).get("code") in DOUBTFUL
            )

    @api.depends("company_id.octopus_dossier_id", "dossier_id")
    def _compute_stale(self):
        for mapping in self:
            dossier = mapping.company_id.sudo().octopus_dossier_id
            mapping.stale = mapping.dossier_id != dossier

    @api.model
    def _search_stale(self, operator, value):
        if operator not in ("in", "="):
            return NotImplemented
        wanted = value if operator == "in" else [value]
        current = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("dossier_id", "=", company.octopus_dossier_id.id)
            for company in self.env["res.company"]
            .sudo()
            .search([("octopus_dossier_id", "!=", False)])
        )
        if True in wanted:
            return Domain.TRUE if False in wanted else ~current
        return current if False in wanted else Domain.FALSE

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        for mapping in self:
            mapping.reason_text = mapping.reason and mapping._reason_text()

    def _reason_text(self):
        values = defaultdict(lambda: "?", self.reason["values"])
        if "treatment" in values:
            values["treatment"] = self.env._(TREATMENTS[values["treatment"]])
        for name, value in values.items():
            if isinstance(value, list):
                values[name] = ", ".join(value)
        text = self.env._(REASONS[self.reason["code"]])
        return text % values

    @api.constrains("state", "dossier_id")
    def _check_accepted(self):
        for mapping in self:
            if mapping.state == "accepted" and not mapping._is_filled():
                raise ValidationError(
                    self.env._(
                        "Nothing is chosen for %(name)s; choose it, then accept.",
                        name=mapping.display_name,
                    )
                )

    # Saving is accepting

    @api.model_create_multi
    def create(self, vals_list):
        mappings = super().create(vals_list)
        chosen = self.browse(
            mapping.id
            for mapping, vals in zip(mappings, vals_list, strict=True)
            if mapping._is_choice(vals)
        )
        # All together: a rehearsal looks anew once.
        if chosen:
            chosen._accept_choice()
        return mappings

    def write(self, vals):
        result = super().write(vals)
        if self._is_choice(vals):
            self._accept_choice()
        if vals.get("state") == "accepted":
            self.env["octopus.outbox.mixin"].wake_all(self.dossier_id)
            self.env["octopus.rehearsal"].follow(self)
        return result

    def _is_choice(self, vals):
        return "state" not in vals and any(name in vals for name in self._choices)

    def _accept_choice(self):
        filled = self.sudo().filtered(lambda mapping: mapping._is_filled())
        reason = {"code": "chosen", "values": {"user": self.env.user.name}}
        filled.write({"state": "accepted", "reason": reason})
        empty = self.sudo() - filled
        emptied = empty.filtered(lambda mapping: mapping.state == "accepted")
        empty.write({"state": "missing", "reason": False})
        if emptied:
            self._note_emptied(*emptied._shown_in())

    def unlink(self):
        """What somebody chose in these rows does not count any more."""
        accepted = self.sudo().filtered(lambda mapping: mapping.state == "accepted")
        shown_in = accepted and accepted._shown_in()
        result = super().unlink()
        if shown_in:
            self._note_emptied(*shown_in)
        return result

    def _shown_in(self):
        """Return where it shows what was chosen: the dossiers, the rehearsals, and the
        domain of the journal items that need it."""
        rehearsals = self.env["octopus.rehearsal"].of_mappings(self)
        return self.dossier_id, rehearsals, self.used_in()

    @api.model
    def _note_emptied(self, dossiers, rehearsals, used):
        """What shadow mode and a rehearsal show, they prepared with what was chosen."""
        for rows in self.env["octopus.outbox.mixin"].outboxes():
            rows.forget_foreseen(dossiers)
        rehearsals.follow_emptied(used)

    @api.private
    def used_in(self):
        """Return the domain of the journal items that need these mappings."""
        return Domain.FALSE

    def action_accept(self):
        """Accept the proposals among these rows, as they stand (C.12b)."""
        self.check_access("write")
        proposed = self.sudo().filtered(lambda mapping: mapping.state == "proposed")
        proposed.write({"state": "accepted"})

    def action_accept_all(self):
        """Accept every proposal of the current company's dossier that is sure (C.12b),
        and tell what is left to decide."""
        own = self._domain_of(self.env.company.octopus_settings())
        sure = self.search(own & self._sure())
        sure.action_accept()
        left = self._read_group(
            own & Domain("state", "!=", "accepted"), ["state"], ["__count"]
        )
        return self._told_accepted(len(sure), dict(left))

    @api.model
    def _sure(self):
        """Return the domain of proposals that can be accepted together."""
        return Domain("state", "=", "proposed") & Domain("unlike", "=", False)

    def _told_accepted(self, accepted, left):
        """Tell what was accepted, and why the rest was not.

        :param left: ``{state: number of rows}`` of what a person decides
        """
        return notification(
            "warning" if left else "success",
            self.env._("Accepted: %(count)s", count=accepted),
            self._left_text(left)
            if left
            else self.env._("Nothing is left to decide here."),
        )

    def _left_text(self, left):
        missing, doubtful = left.get("missing"), left.get("proposed")
        told = [self.env._("Still to decide: %(count)s.", count=sum(left.values()))]
        if missing:
            told.append(
                self.env._("Nothing fits, choose yourself: %(count)s.", count=missing)
            )
        if doubtful:
            told.append(
                self.env._(
                    "Proposed but not sure, look at it and accept it: %(count)s.",
                    count=doubtful,
                )
            )
        return " ".join(told)

    @api.model
    def action_open_list(self):
        """Open the list: what is to decide, where something is, else all of it."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(self._action)
        is_open = self.search_count(
            Domain("stale", "=", False) & Domain("state", "!=", "accepted"), limit=1
        )
        shown = "to_decide" if is_open else "current"
        return {**action, "context": {f"search_default_{shown}": 1}}

    def action_propose(self):
        """Propose again for the current company; what was accepted stays."""
        settings = self.env.company.octopus_settings()
        if settings.octopus_dossier_id:
            self.check_access("create")
            self.propose_for(settings)

    # Proposing and looking up

    @api.model
    def _domain_of(self, settings, dossier=None):
        """Return the domain of the rows that hold for a company with settings.

        :param dossier: another ``octopus.dossier`` than it has now
        """
        books = dossier or settings.octopus_dossier_id
        return Domain("company_id", "=", settings.id) & Domain(
            "dossier_id", "=", books.id
        )

    @api.model
    @api.private
    def rows_of(self, settings):
        """Return the rows that hold for a company with settings: key → row."""
        return {row._key(): row for row in self.search(self._domain_of(settings))}

    @api.model
    @api.private
    def key_values(self, key):
        """Return the values, as for ``create``, of the key of a row."""
        return self._key_vals(key)

    @api.model
    def _domain_of_documents(self, settings):
        """Return the domain of the journal items of documents that Octopus concerns."""
        domain = (
            Domain("company_id", "in", settings.octopus_companies().ids)
            & Domain("parent_state", "=", "posted")
            & Domain("move_id.move_type", "in", settings.octopus_kinds())
        )
        # A rehearsal asks for those before the start, too.
        start = settings.octopus_start_date
        if start:
            since = self.env.context.get("octopus_documents_from", start)
            domain &= Domain("date", ">=", min(start, since))
        return domain

    @api.model
    def _accepted(self, settings, dossier=None):
        """Return the accepted rows for a company with settings, in one query.

        :param dossier: another ``octopus.dossier`` than it has now
        """
        domain = self._domain_of(settings, dossier) & Domain("state", "=", "accepted")
        return self.sudo().search_fetch(domain, self._looked_up)

    @api.model
    def _store(self, settings, proposals):
        """Create the rows that are missing, renew the proposals that nobody accepted.

        :param dict proposals: key of the row (see ``_key``) → values, with ``state``
        :return: all rows of ``settings``
        """
        rows = self.sudo().search(self._domain_of(settings))
        decided = rows.filtered(lambda row: row.state == "accepted")
        closed = {row._key() for row in decided}
        owner = {
            "company_id": settings.id,
            "dossier_id": settings.octopus_dossier_id.id,
        }
        wanted = {
            key: {**owner, **self._key_vals(key), **vals}
            for key, vals in proposals.items()
            if key not in closed
        }
        upsert(rows - decided, lambda row: row._key(), wanted)
        return self.sudo().search(self._domain_of(settings))

    @api.model
    def _names(self, record):
        """Return the names of a record of Odoo, by language."""
        names = record._fields["name"]._get_stored_translations(record) or {}
        return {code[:2]: name for code, name in names.items() if name}

    def _check_dossier(self, *names):
        """Refuse an Octopus record of another dossier in one of the fields."""
        for mapping in self:
            for name in names:
                dossier = mapping[name].dossier_id
                if dossier and dossier != mapping.dossier_id:
                    raise ValidationError(
                        self.env._(
                            "%(record)s belongs to dossier %(other)s, the mapping to"
                            " %(dossier)s.",
                            record=mapping[name].display_name,
                            other=dossier.display_name,
                            dossier=mapping.dossier_id.display_name,
                        )
                    )

    def _check_companies(self, name, companies_of):
        """Refuse an Odoo record that documents of the company cannot use."""
        for mapping in self:
            record = mapping[name].sudo()
            served = mapping.company_id.octopus_companies()
            if record and not companies_of(record) & (served | served.parent_ids):
                raise ValidationError(
                    self.env._(
                        "%(record)s is of another company than %(company)s.",
                        record=record.display_name,
                        company=mapping.company_id.display_name,
                    )
                )
