from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..core.find_vat_code import BELGIUM, CodeFacts, TaxFacts, propose, tax_facts
from ..prepare.kinds import VAT_CODE_TYPES
from .octopus_mapping_mixin import OWNERS

# Direction → type of VAT code on invoices and on credit notes (docs/octopus.md §15).
VAT_AMOUNT_TYPES = ("percent", "division")


class OctopusTaxMapping(models.Model):
    """Tax → VAT code, for invoices and for credit notes.

    A row without a tax stands for lines without any tax, one per direction.
    """

    _name = "octopus.tax.mapping"
    _description = "Octopus VAT Mapping"
    _inherit = ["octopus.mapping.mixin"]
    _order = "direction desc, tax_id, id"
    _action = "octopus_connector.action_octopus_tax_mapping"
    _choices = (
        "vat_code_id",
        "refund_vat_code_id",
        "no_vat_code",
        "account_policy",
        "account_id",
        "send_recuperation",
        "recuperation",
    )
    _looked_up = ("tax_id", "direction", "accepted_as", *_choices)
    _octopus_filled_in = frozenset((*OWNERS, "tax_id", "direction", *_choices))

    tax_id = fields.Many2one(
        "account.tax",
        index=True,
        ondelete="cascade",
        help="The tax of Odoo; empty for lines without any tax.",
    )
    direction = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases")],
        required=True,
        help="Whether this is for what you sell or for what you buy.",
    )
    vat_code_id = fields.Many2one(
        "octopus.vat.code",
        string="VAT code",
        help="The VAT code of Octopus on invoices and bills with this tax.",
    )
    refund_vat_code_id = fields.Many2one(
        "octopus.vat.code",
        string="VAT code on credit notes",
        help="The VAT code of Octopus on credit notes with this tax. In most"
        " dossiers it is the same code.",
    )
    no_vat_code = fields.Boolean(
        string="Send no VAT code", help="Only for lines without any tax."
    )
    account_policy = fields.Selection(
        [
            ("mapping", "Account of the line"),
            ("fallback", "Account of the line, else the one chosen here"),
            ("octopus", "Octopus's own account of the VAT code or relation"),
        ],
        default="mapping",
        required=True,
        help="Where a line with this tax is booked: on the account that was"
        " chosen for its Odoo account, or on another one.",
    )
    account_id = fields.Many2one(
        "octopus.account",
        string="Fallback account",
        help="Takes the lines whose own account has no counterpart in Octopus.",
    )
    send_recuperation = fields.Boolean(
        string="Send the recovered share",
        help="Send the share of VAT that can be recovered; else Octopus takes the one"
        " of its account.",
    )
    recuperation = fields.Float(
        string="Recovered (%)",
        digits=(5, 2),
        default=100.0,
        aggregator=None,
        help="The share of the VAT that can be recovered; for what you buy only.",
    )

    accepted_as = fields.Json(
        readonly=True,
        help="What the tax was when its VAT code was accepted: rate, kind, boxes.",
    )
    tax_changed = fields.Boolean(
        compute="_compute_tax_changed",
        help="The tax has another rate or kind than when its VAT code was accepted:"
        " nothing leaves with it before somebody accepts the row again.",
    )

    _tax_uniq = models.UniqueIndex(
        "(company_id, dossier_id, COALESCE(tax_id, 0), direction)",
        "A tax has one mapping per company and dossier.",
    )
    _recuperation_check = models.Constraint(
        "CHECK(recuperation BETWEEN 0 AND 100)",
        "The share of VAT that is recovered lies between 0 and 100 %.",
    )

    @api.depends("tax_id", "direction")
    def _compute_display_name(self):
        directions = dict(self._fields["direction"]._description_selection(self.env))
        for mapping in self:
            mapping.display_name = mapping.tax_id.display_name or self.env._(
                "Without tax (%(direction)s)", direction=directions[mapping.direction]
            )

    @api.onchange("vat_code_id")
    def _onchange_vat_code_id(self):
        self.refund_vat_code_id = self._twin(self.vat_code_id)

    def _twin(self, vat_code):
        """Return the credit-note card of a VAT code; the code itself in a dossier that
        lists each code once (docs/octopus.md §19.5)."""
        if not vat_code:
            return vat_code
        found = self.env["octopus.vat.code"].search(
            [
                ("dossier_id", "=", vat_code.dossier_id.id),
                ("type", "=", f"{vat_code.type}_refund"),
            ]
        )
        same = found.filtered(lambda code: code.code == vat_code.code)
        return same if found else vat_code

    @api.constrains("vat_code_id", "refund_vat_code_id", "direction", "dossier_id")
    def _check_vat_codes(self):
        self._check_dossier("vat_code_id", "refund_vat_code_id", "account_id")
        for mapping in self:
            normal, refund = VAT_CODE_TYPES[mapping.direction]
            mapping._check_type(mapping.vat_code_id, normal)
            if not mapping._serves_both(mapping.refund_vat_code_id):
                mapping._check_type(mapping.refund_vat_code_id, refund)

    def _serves_both(self, vat_code):
        return vat_code == self.vat_code_id and self._twin(vat_code) == vat_code

    def _check_type(self, vat_code, wanted):
        if vat_code and vat_code.type != wanted:
            types = dict(vat_code._fields["type"]._description_selection(self.env))
            raise ValidationError(
                self.env._(
                    "VAT code %(vat_code)s of %(name)s is a code for %(type)s, and"
                    " here one for %(wanted)s is needed.",
                    vat_code=vat_code.code,
                    name=self.display_name,
                    type=types[vat_code.type],
                    wanted=types[wanted],
                )
            )

    @api.constrains("tax_id", "direction", "no_vat_code", "company_id")
    def _check_tax(self):
        self._check_companies("tax_id", lambda tax: tax.company_id)
        for mapping in self:
            tax = mapping.tax_id.sudo()
            if tax and tax.type_tax_use != mapping.direction:
                raise ValidationError(
                    self.env._(
                        "Tax %(tax)s is not used for this direction.",
                        tax=tax.display_name,
                    )
                )
            if tax and mapping.no_vat_code:
                raise ValidationError(
                    self.env._(
                        "Only lines without any tax can go without a VAT code, not"
                        " those with tax %(tax)s.",
                        tax=tax.display_name,
                    )
                )

    @api.constrains("account_policy", "account_id")
    def _check_fallback(self):
        self._check_dossier("account_id")
        for mapping in self:
            if mapping.account_policy == "fallback" and not mapping.account_id:
                raise ValidationError(
                    self.env._(
                        "Choose the fallback account of %(name)s.",
                        name=mapping.display_name,
                    )
                )

    def _is_filled(self):
        return bool(self.vat_code_id or self.no_vat_code)

    # What the tax was

    @api.depends("accepted_as", "tax_id.amount", "tax_id.amount_type")
    def _compute_tax_changed(self):
        for mapping in self:
            mapping.tax_changed = mapping.is_tax_changed()

    @api.private
    def is_tax_changed(self):
        """Whether the tax is no longer what was accepted."""
        before = self.accepted_as
        return bool(before) and before != self.tax_now()

    @api.private
    def tax_now(self):
        """Return what makes a tax another one for a VAT code, as JSON values."""
        tax = self.tax_id.sudo().with_context(lang="en_US", active_test=False)
        return [self._kind_of(it) for it in tax.children_tax_ids or tax]

    @api.model
    def _kind_of(self, tax):
        shares = [
            [line.document_type, line.factor_percent, line.use_in_tax_closing]
            for kind in ("invoice", "refund")
            for line in tax[f"{kind}_repartition_line_ids"]
            if line.repartition_type == "tax"
        ]
        return {
            "rate": tax.amount,
            "type": tax.amount_type,
            "country": tax.country_id.code,
            "boxes": sorted(self._boxes(tax)),
            "shares": sorted(shares),
        }

    def _remember_tax(self):
        """Keep what the taxes are now: that is what was accepted."""
        for mapping in self.sudo().filtered("tax_id"):
            mapping.accepted_as = mapping.tax_now()

    def _accept_choice(self):
        # EXTENDS 'octopus.mapping.mixin'
        self._remember_tax()
        return super()._accept_choice()

    def write(self, vals):
        # EXTENDS 'octopus.mapping.mixin': what is accepted, is accepted as it is now
        if vals.get("state") == "accepted":
            self._remember_tax()
        return super().write(vals)

    def action_accept(self):
        # EXTENDS 'octopus.mapping.mixin': a row whose tax changed is accepted again
        self.check_access("write")
        changed = self.filtered(lambda row: row.state == "accepted" and row.tax_changed)
        changed.sudo().write({"state": "accepted"})
        return super().action_accept()

    @api.model
    @api.private
    def lookup(self, settings):
        """Return what was accepted for a company with settings.

        :return: ``{(tax id, or False for no tax, "sale"|"purchase"): mapping}``
        """
        return {row._key(): row for row in self._accepted(settings)}

    def _key(self):
        return (self.tax_id.id, self.direction)

    @api.private
    def used_in(self):
        # OVERRIDES 'octopus.mapping.mixin': one is for lines without any tax
        used = Domain("tax_ids", "in", self.tax_id.ids)
        if not all(mapping.tax_id for mapping in self):
            used |= Domain("tax_ids", "=", False)
        return used & Domain("display_type", "=", "product")

    @api.model
    def _key_vals(self, key):
        tax_id, direction = key
        return {"tax_id": tax_id, "direction": direction}

    # Proposals

    @api.model
    @api.private
    def propose_for(self, settings):
        """Propose a VAT code for each tax in use.

        Rows that were accepted stay; what leaves a doubt becomes a row to fill in,
        with the candidates in its reason.
        """
        older = self._accepted(settings).filtered(lambda row: not row.accepted_as)
        older._remember_tax()
        codes = self._codes(settings.octopus_dossier_id)
        proposals = {
            (False, direction): {
                "no_vat_code": True,
                "state": "proposed",
                "reason": {"code": "no_tax", "values": {}},
            }
            for direction in VAT_CODE_TYPES
        }
        for tax in self._taxes(settings):
            direction = tax.type_tax_use
            proposals[(tax.id, direction)] = self._proposal(tax, codes)
        return self._store(settings, proposals)

    def _codes(self, dossier):
        """Return ``{type: {code: record}}`` of the codes that can be used."""
        codes = {}
        for vat_code in dossier.sudo().vat_code_ids:
            codes.setdefault(vat_code.type, {})[vat_code.code] = vat_code
        return codes

    def _proposal(self, tax, codes):
        facts = self._facts(tax)
        normal, refund = VAT_CODE_TYPES[facts.direction]
        cards = codes.get(normal, {})
        found = propose(
            facts,
            [
                CodeFacts(
                    card.code, Decimal(str(card.percentage)), card.description or ""
                )
                for card in cards.values()
            ],
        )
        card = cards.get(found.code, self.env["octopus.vat.code"])
        twin = codes[refund].get(found.code) if refund in codes else card
        return {
            "vat_code_id": card.id,
            "refund_vat_code_id": twin.id if twin else False,
            "send_recuperation": facts.recovered != 100,
            "recuperation": float(facts.recovered),
            "state": "proposed" if card else "missing",
            "reason": {"code": found.reason, "values": found.values},
        }

    def _facts(self, tax):
        """Return the ``TaxFacts`` of a tax; of a group with one VAT tax, of that tax
        in the direction of the group."""
        direction = tax.type_tax_use
        if tax.amount_type == "group":
            members = tax.children_tax_ids.filtered(
                lambda member: member.amount_type != "fixed"
            )
            if len(members) != 1 or members.amount_type not in VAT_AMOUNT_TYPES:
                return TaxFacts(direction, Decimal(0), None)
            tax = members
        tax = tax.with_context(lang="en_US")
        return tax_facts(
            direction,
            Decimal(str(tax.amount)),
            tax.name,
            self._boxes(tax),
            tax.tax_scope,
            self._recovered(tax, direction),
            self._countries(tax),
        )

    @staticmethod
    def _boxes(tax):
        """Return the Belgian boxes of an invoice, and every tag that is none."""
        boxes = set()
        for tag in tax.invoice_repartition_line_ids.tag_ids:
            # A tag may carry the sign of the report line it was made for.
            own = tag.country_id.code == BELGIUM
            boxes.add(tag.name.lstrip("+-") if own else f"({tag.name})")
        for tag in tax.refund_repartition_line_ids.tag_ids:
            if tag.country_id.code != BELGIUM:
                boxes.add(f"({tag.name})")
        return boxes

    @staticmethod
    def _countries(tax):
        """Return the country of a tax, and those of its fiscal positions when it is
        for sales to, or a registration in, single countries only."""
        countries = {tax.country_id.code}
        positions = tax.fiscal_position_ids
        if positions and all(positions.mapped("country_id")):
            countries.update(positions.country_id.mapped("code"))
        return countries

    @staticmethod
    def _recovered(tax, direction):
        charged = tax.invoice_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax" and line.factor_percent > 0
        )
        total = sum(Decimal(str(line.factor_percent)) for line in charged)
        lost = sum(
            Decimal(str(line.factor_percent))
            for line in charged
            if not line.use_in_tax_closing
        )
        if direction != "purchase" or not tax.amount or not total:
            return Decimal(100)
        return ((total - lost) / total * 100).quantize(Decimal("0.01"))

    @api.model
    def _taxes(self, settings):
        """Return the VAT taxes that documents have, or may get (active ones)."""
        companies = settings.octopus_companies()
        Tax = self.env["account.tax"].sudo().with_context(active_test=False)
        in_use = self.env["account.move.line"].sudo()
        used = in_use.with_context(active_test=False)._read_group(
            self._domain_of_documents(settings) & Domain("tax_ids", "!=", False),
            ["tax_ids"],
        )
        return Tax.search(
            Domain("company_id", "parent_of", companies.ids)
            & Domain("type_tax_use", "in", tuple(VAT_CODE_TYPES))
            & (
                Domain("amount_type", "in", VAT_AMOUNT_TYPES)
                | Domain("children_tax_ids.amount_type", "in", VAT_AMOUNT_TYPES)
            )
            & (
                Domain("active", "=", True)
                | Domain("id", "in", [tax.id for [tax] in used])
            )
        )
