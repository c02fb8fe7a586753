from odoo import api, fields, models
from odoo.fields import Command

from ..core import codes
from ..prepare.rehearse import CLOSED, is_of_date

ACCOUNT, TAX = "octopus.account.mapping", "octopus.tax.mapping"
COSTS, JOURNALS = "octopus.cost.centre.mapping", "octopus.journal.mapping"
OF_CONTACTS = ("res.partner", "octopus.relation")
# What a line is about, by the model of its finding.
KINDS = {ACCOUNT: "account", TAX: "tax", COSTS: "cost_centre"}
KINDS |= dict.fromkeys(OF_CONTACTS, "contact")
# A cause of its own is each record of these; of others, each code.
EACH = (ACCOUNT, TAX, COSTS)
KINDS_OF_MAPPINGS = {KINDS[model] for model in EACH}
# What is told of each setting, such as a kind of document without a journal.
EACH_TEXT = {codes.KIND_WITHOUT_JOURNAL, codes.JOURNAL_WRONG_TYPE}
EACH_TEXT |= {codes.BANK_WITHOUT_JOURNAL}
OF_JOURNALS = {*EACH_TEXT, codes.JOURNAL_NOT_IN_BOOKYEAR}


class OctopusRehearsalLine(models.Model):
    """One thing that stops documents in a rehearsal, and the choice that mends it."""

    _name = "octopus.rehearsal.line"
    _description = "Missing in a Rehearsal"
    _inherit = ["octopus.missing.mixin"]
    _order = "document_count desc, id"
    _octopus_filled_in = frozenset(
        ("cost_centre_id", "octopus_account_id", "vat_code_id")
    )

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

    _key_uniq = models.UniqueIndex(
        "(rehearsal_id, key)", "A rehearsal tells each cause once."
    )

    def _names_itself(self):
        # OVERRIDES 'octopus.missing.mixin'
        code = (self.finding or {}).get("code")
        return self.kind in KINDS_OF_MAPPINGS or code in EACH_TEXT

    def _to_choose_in(self, mappings):
        # OVERRIDES 'octopus.missing.mixin': the lines look at their documents
        return mappings.with_context(octopus_follow_later=True)

    def _mended(self):
        # OVERRIDES 'octopus.missing.mixin': look anew at the documents
        for rehearsal, lines in self.sudo().grouped("rehearsal_id").items():
            moves = lines._of_same_mappings().move_ids
            rehearsal.look_again_at(moves, of_choice=True)

    def _of_same_mappings(self):
        """Return these lines, and others that a choice on them may mend."""
        others = self.rehearsal_id.line_ids
        chosen = (
            self.account_mapping_id,
            self.tax_mapping_id,
            self.cost_centre_mapping_id,
        )
        return self.union(*(others._of_mappings(it) for it in chosen if it))

    # Services

    def _of_mappings(self, mappings):
        """Return the lines that a choice in mappings may mend: of one that was not
        there when they were found, those of its kind that name none.

        :param mappings: of one model
        """
        if mappings._name == JOURNALS:
            return self._of_journals()
        kind = KINDS.get(mappings._name)
        return self.filtered(
            lambda line: (
                line.kind == kind
                and (not line._mapping() or line._mapping() in mappings)
            )
        )

    def _of_journals(self):
        """Return the lines that another journal may mend."""
        return self.filtered(
            lambda line: (line.finding or {}).get("code") in OF_JOURNALS
        )

    @api.model
    def _key_of(self, finding):
        """Return what tells a cause from the others."""
        parts = [CLOSED if is_of_date(finding) else "", finding.code]
        if finding.model in EACH and finding.ids:
            parts += [finding.model, *map(str, finding.ids)]
        elif finding.model in EACH or finding.code in EACH_TEXT:
            parts += [str(value) for value in finding.params.values()]
        return " ".join(parts)

    def _add(self, rehearsal, causes):
        """Add documents to the lines of a rehearsal.

        :param causes: ``{key: (finding, ids of documents)}``
        """
        known = {line.key: line for line in self}
        new = [
            self._values(rehearsal, key, finding)
            for key, (finding, _ids) in causes.items()
            if key not in known
        ]
        known |= {line.key: line for line in self.create(new)}
        for key, (_finding, ids) in causes.items():
            known[key].move_ids = [Command.link(move_id) for move_id in ids]

    def _values(self, rehearsal, key, finding):
        [row_id] = finding.ids[:1] or [False]
        # A closed bookyear is one cause, whatever else stops some of its documents.
        kind = CLOSED if is_of_date(finding) else KINDS.get(finding.model, "other")
        return {
            "rehearsal_id": rehearsal.id,
            "key": key,
            "finding": finding.as_json(),
            "kind": kind,
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

    def _documents(self):
        # OVERRIDES 'octopus.missing.mixin'
        return self.sudo().move_ids
