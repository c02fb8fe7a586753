from odoo import api, fields, models

from ..core.causes import ACCOUNT_MAPPING, COST_CENTRE_MAPPING, TAX_MAPPING


class OctopusMissingMixin(models.AbstractModel):
    """One thing that stops documents, told with who mends it, and the choice of an
    account, a VAT code or a cost centre that mends it there and then.

    A row of a rehearsal, or of what stands still now. Choosing changes the mapping: a
    person who chooses has accepted it (``octopus.mapping.mixin``).
    """

    _name = "octopus.missing.mixin"
    _description = "What Is Missing, with Its Choice"

    finding = fields.Json(readonly=True, help="What stops the documents, by code.")
    name = fields.Char(
        string="What", compute="_compute_name", help="What stops the documents."
    )
    who = fields.Char(compute="_compute_name", help="Who can mend it.")
    fix = fields.Char(
        string="How", compute="_compute_name", help="What that person does."
    )
    account_mapping_id = fields.Many2one(
        ACCOUNT_MAPPING,
        readonly=True,
        ondelete="set null",
        help="Where an account is chosen.",
    )
    tax_mapping_id = fields.Many2one(
        TAX_MAPPING,
        readonly=True,
        ondelete="set null",
        help="Where a VAT code is chosen.",
    )
    cost_centre_mapping_id = fields.Many2one(
        COST_CENTRE_MAPPING,
        readonly=True,
        ondelete="set null",
        help="Where a cost centre is chosen, or none.",
    )
    direction = fields.Selection(
        related="tax_mapping_id.direction", help="Whether the tax is of sales."
    )
    mapping_state = fields.Selection(
        [("missing", "To choose"), ("proposed", "Proposed"), ("accepted", "Accepted")],
        string="State",
        compute="_compute_choice",
        help="Whether somebody chose, or a proposal waits to be accepted.",
    )
    octopus_account_id = fields.Many2one(
        "octopus.account",
        string="Account in Octopus",
        compute="_compute_choice",
        inverse="_inverse_octopus_account_id",
        readonly=False,
        help="Choosing one changes the mapping, and what it stops is looked at anew.",
    )
    vat_code_id = fields.Many2one(
        "octopus.vat.code",
        string="VAT code",
        compute="_compute_choice",
        inverse="_inverse_vat_code_id",
        readonly=False,
        help="Choosing one changes the mapping, and what it stops is looked at anew;"
        " credit notes get the same code.",
    )
    cost_centre_id = fields.Many2one(
        "octopus.cost.centre",
        string="Cost centre in Octopus",
        compute="_compute_choice",
        inverse="_inverse_cost_centre_id",
        readonly=False,
        help="Choosing one changes the mapping, and what it stops is looked at anew;"
        " that there is none is chosen in the mapping.",
    )

    @api.depends("finding")
    @api.depends_context("lang")
    def _compute_name(self):
        texts = self.env["octopus.finding"]
        causes = dict(texts._causes())
        for line in self:
            told = texts._texts(line._finding_told())
            of_code = causes.get((line.finding or {}).get("code"), told["title"])
            line.name = told["title"] if line._names_itself() else of_code
            line.who, line.fix = told["who"], told["fix"]

    def _finding_told(self):
        """Return the finding, as JSON, of which the texts are shown."""
        return self.finding or {}

    def _names_itself(self):
        """Whether the values of the finding are those of all its documents."""
        return True

    @api.depends(
        "account_mapping_id.octopus_account_id",
        "account_mapping_id.state",
        "cost_centre_mapping_id.cost_centre_id",
        "cost_centre_mapping_id.state",
        "tax_mapping_id.vat_code_id",
        "tax_mapping_id.state",
    )
    def _compute_choice(self):
        for line in self:
            line.mapping_state = line._mapping().state
            line.octopus_account_id = line.account_mapping_id.octopus_account_id
            line.vat_code_id = line.tax_mapping_id.vat_code_id
            line.cost_centre_id = line.cost_centre_mapping_id.cost_centre_id

    def _mapping(self):
        """Return the mapping in which one line is chosen, maybe empty."""
        chosen = self.account_mapping_id or self.tax_mapping_id
        return chosen or self.cost_centre_mapping_id

    def _inverse_octopus_account_id(self):
        for line in self.filtered("account_mapping_id"):
            mapping = line._to_choose_in(line.account_mapping_id)
            mapping.octopus_account_id = line.octopus_account_id
            line._mended()

    def _inverse_vat_code_id(self):
        for line in self.filtered("tax_mapping_id"):
            mapping = line._to_choose_in(line.tax_mapping_id)
            code = line.vat_code_id
            twin = mapping._twin(code)
            mapping.write({"vat_code_id": code.id, "refund_vat_code_id": twin.id})
            line._mended()

    def _inverse_cost_centre_id(self):
        for line in self.filtered("cost_centre_mapping_id"):
            mapping = line._to_choose_in(line.cost_centre_mapping_id)
            mapping.cost_centre_id = line.cost_centre_id
            line._mended()

    def _to_choose_in(self, mappings):
        """Return mappings, as they are written when somebody chooses on these
        lines."""
        return mappings

    def _mended(self):
        """Do what follows when somebody chose for these lines."""

    def _documents(self):
        """Return the documents, ``account.move``, that one line stops."""
        raise NotImplementedError

    # What a person does

    def action_accept(self):
        """Accept what is proposed on these lines.

        :raises AccessError: the user may not change the mappings
        """
        lines = self.filtered(lambda line: line.mapping_state == "proposed")
        lines._to_choose_in(lines.account_mapping_id).action_accept()
        lines._to_choose_in(lines.tax_mapping_id).action_accept()
        lines._to_choose_in(lines.cost_centre_mapping_id).action_accept()
        lines._mended()

    def action_documents(self):
        """Open the documents that it stops."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move",
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", self._documents().ids)],
            "context": {"create": False},
        }

    def action_mapping(self):
        """Open the mapping, for what is not chosen in the list."""
        self.ensure_one()
        mapping = self._mapping()
        return mapping and mapping._get_records_action(
            target="new", name=mapping.display_name
        )
