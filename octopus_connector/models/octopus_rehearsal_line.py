from odoo import api, fields, models
from odoo.fields import Command

from ..core import codes
from ..prepare.rehearse import CLOSED

ACCOUNT, TAX = "octopus.account.mapping", "octopus.tax.mapping"
COSTS = "octopus.cost.centre.mapping"
OF_CONTACTS = ("res.partner", "octopus.relation")
# What a line is about, by the model of its finding.
KINDS = {ACCOUNT: "account", TAX: "tax", COSTS: "cost_centre"}
KINDS |= dict.fromkeys(OF_CONTACTS, "contact")
# A cause of its own is each record of these; of others, each code.
EACH = (ACCOUNT, TAX, COSTS)
# What is told of each setting, such as a kind of document without a journal.
EACH_TEXT = {codes.KIND_WITHOUT_JOURNAL, codes.JOURNAL_WRONG_TYPE}
EACH_TEXT |= {codes.BANK_WITHOUT_JOURNAL}


class OctopusRehearsalLine(models.Model):
    """One thing that stops documents in a rehearsal, and the choice that mends it."""

    _name = "octopus.rehearsal.line"
    _description = "Missing in a Rehearsal"
    _order = "document_count desc, id"
    _octopus_filled_in = frozenset(("octopus_account_id", "vat_code_id"))

    rehearsal_id = fields.Many2one(
        "octopus.rehearsal",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="The rehearsal that found it.",
    )
    company_id = fields.Many2one(
        related="rehearsal_id.company_id", store=True, index=True
    )
    dossier_id = fields.Many2one(related="rehearsal_id.dossier_id")
    key = fields.Char(
        required=True, readonly=True, help="Tells one cause from the others."
    )
    finding = fields.Json(readonly=True, help="What stops the documents, by code.")
    kind = fields.Selection(
        [
            ("account", "Account"),
            ("tax", "Tax"),
            ("cost_centre", "Cost centre"),
            ("contact", "Contact"),
            ("other", "Other"),
            (CLOSED, "Closed period"),
        ],
        required=True,
        readonly=True,
        help="What is missing.",
    )
    name = fields.Char(
        string="What", compute="_compute_name", help="What stops the documents."
    )
    who = fields.Char(compute="_compute_name", help="Who can mend it.")
    fix = fields.Char(
        string="How", compute="_compute_name", help="What that person does."
    )
    document_count = fields.Integer(
        string="Documents", readonly=True, help="How many documents it stops."
    )
    amount = fields.Monetary(
        readonly=True,
        help="Totals of these documents, in the currency of the company; credit notes"
        " count as what they are worth.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_ids = fields.Many2many(
        "account.move",
        "octopus_rehearsal_line_move_rel",
        "line_id",
        "move_id",
        string="Stopped documents",
        readonly=True,
        copy=False,
        help="The documents that it stops.",
    )
    account_mapping_id = fields.Many2one(
        ACCOUNT, readonly=True, ondelete="set null", help="Where an account is chosen."
    )
    tax_mapping_id = fields.Many2one(
        TAX, readonly=True, ondelete="set null", help="Where a VAT code is chosen."
    )
    cost_centre_mapping_id = fields.Many2one(
        COSTS,
        string="Cost centre",
        readonly=True,
        ondelete="set null",
        help="Where a cost centre is chosen.",
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
        help="Choosing one changes the mapping, and the score at once.",
    )
    vat_code_id = fields.Many2one(
        "octopus.vat.code",
        string="VAT code",
        compute="_compute_choice",
        inverse="_inverse_vat_code_id",
        readonly=False,
        help="Choosing one changes the mapping, and the score at once; credit notes get"
        " the same code.",
    )

    _key_uniq = models.UniqueIndex(
        "(rehearsal_id, key)", "A rehearsal tells each cause once."
    )

    @api.depends("finding")
    @api.depends_context("lang")
    def _compute_name(self):
        texts = self.env["octopus.finding"]
        causes = dict(texts._causes())
        for line in self:
            told = texts._texts(line.finding or {})
            code = (line.finding or {}).get("code")
            own = line.kind in ("account", "tax", "cost_centre") or code in EACH_TEXT
            line.name = told["title"] if own else causes.get(code, told["title"])
            line.who, line.fix = told["who"], told["fix"]

    @api.depends(
        "account_mapping_id.octopus_account_id",
        "account_mapping_id.state",
        "tax_mapping_id.vat_code_id",
        "tax_mapping_id.state",
        "cost_centre_mapping_id.state",
    )
    def _compute_choice(self):
        for line in self:
            mapping = line._mapping()
            line.mapping_state = mapping.state
            line.octopus_account_id = line.account_mapping_id.octopus_account_id
            line.vat_code_id = line.tax_mapping_id.vat_code_id

    def _mapping(self):
        """Return the row of a mapping in which somebody chooses, maybe empty."""
        return (
            self.account_mapping_id
            or self.tax_mapping_id
            or self.cost_centre_mapping_id
        )

    def _inverse_octopus_account_id(self):
        for line in self.filtered("account_mapping_id"):
            line.account_mapping_id.octopus_account_id = line.octopus_account_id
            line._mended()

    def _inverse_vat_code_id(self):
        for line in self.filtered("tax_mapping_id"):
            mapping, code = line.tax_mapping_id, line.vat_code_id
            twin = mapping._twin(code)
            mapping.write({"vat_code_id": code.id, "refund_vat_code_id": twin.id})
            line._mended()

    def _mended(self):
        """Look anew at the documents of lines of which somebody chose."""
        for rehearsal, lines in self.grouped("rehearsal_id").items():
            rehearsal.look_again_at(lines.sudo().move_ids, of_choice=True)

    # Services

    @api.model
    def _key_of(self, finding, closed):
        """Return what tells a cause from the others.

        :param closed: nothing but its date stops the document
        """
        parts = [CLOSED if closed else "", finding.code]
        if finding.model in EACH and finding.ids:
            parts += [finding.model, *map(str, finding.ids)]
        elif finding.model in EACH or finding.code in EACH_TEXT:
            parts += [str(value) for value in finding.params.values()]
        return " ".join(parts)

    def _add(self, rehearsal, causes):
        """Add documents to the lines of a rehearsal.

        :param causes: ``{key: (finding, closed, ids of documents)}``
        """
        known = {line.key: line for line in self}
        new = [
            self._values(rehearsal, key, finding, closed)
            for key, (finding, closed, _ids) in causes.items()
            if key not in known
        ]
        known |= {line.key: line for line in self.create(new)}
        for key, (_finding, _closed, ids) in causes.items():
            known[key].move_ids = [Command.link(move_id) for move_id in ids]

    def _values(self, rehearsal, key, finding, closed):
        [row_id] = finding.ids[:1] or [False]
        return {
            "rehearsal_id": rehearsal.id,
            "key": key,
            "finding": finding.as_json(),
            "kind": CLOSED if closed else KINDS.get(finding.model, "other"),
            "account_mapping_id": finding.model == ACCOUNT and row_id,
            "tax_mapping_id": finding.model == TAX and row_id,
            "cost_centre_mapping_id": finding.model == COSTS and row_id,
        }

    def _missing_text(self):
        """Return how many things of each kind stop documents, in words."""
        open_lines = self.filtered("document_count")
        counts = {
            kind: len(lines) for kind, lines in open_lines.grouped("kind").items()
        }
        words = {
            "account": (self.env._("1 account"), self.env._("%(count)s accounts")),
            "tax": (self.env._("1 tax"), self.env._("%(count)s taxes")),
            "cost_centre": (
                self.env._("1 cost centre"),
                self.env._("%(count)s cost centres"),
            ),
            "contact": (
                self.env._("1 cause at contacts"),
                self.env._("%(count)s causes at contacts"),
            ),
            "other": (
                self.env._("1 other cause"),
                self.env._("%(count)s other causes"),
            ),
        }
        return ", ".join(
            one if counts[kind] == 1 else many % {"count": counts[kind]}
            for kind, (one, many) in words.items()
            if counts.get(kind)
        )

    # What a person does

    def action_accept(self):
        """Accept what is proposed on these lines.

        :raises AccessError: the user may not change the mappings
        """
        lines = self.filtered(lambda line: line.mapping_state == "proposed")
        lines.account_mapping_id.action_accept()
        lines.tax_mapping_id.action_accept()
        lines.cost_centre_mapping_id.action_accept()
        lines._mended()

    def action_documents(self):
        """Open the documents that it stops."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.sudo().move_ids.ids)],
            "context": {"create": False},
        }

    def action_mapping(self):
        """Open the mapping, for what is not chosen in the list."""
        self.ensure_one()
        mapping = self._mapping()
        return mapping and mapping._get_records_action(target="new")
