from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..core.causes import JOURNAL_MAPPING, OF_SETTINGS
from ..core.codes import ACCOUNTANT, ADMINISTRATOR, REFUSED, YOU
from ..groups import MANAGER
from ..prepare.causes import causes_sql, rows_of
from ..prepare.kinds import TYPE_OF_KIND, settings_kind
from ..prepare.responsible import people, responsible_of

# Values that are of one document, where a cause has many.
OF_ONE_DOCUMENT = ("line", "lines")
# In how many lists of documents a cause is opened.
DOCUMENTS, PAYMENTS = "octopus.booking", "octopus.payment"


class OctopusCause(models.Model):
    """One thing that stops documents and payments now, and the choice that mends it.

    Nothing is stored: a row is what the rows of the outboxes have in common
    (``prepare.causes``), so it goes when they go, and is never out of date. What was
    mended a moment ago stays, as *going*, until the next pass has looked at it.
    """

    _name = "octopus.cause"
    _description = "What Stops Documents for Octopus"
    _inherit = ["octopus.missing.mixin"]
    _auto = False
    _log_access = False
    _order = "document_count desc, payment_count desc, id"
    _depends = {
        "account.move": ["amount_total_signed"],
        **dict.fromkeys(
            (DOCUMENTS, PAYMENTS),
            [
                "company_id",
                "dossier_id",
                "findings",
                "move_id",
                "queued",
                "state",
                "waiting_since",
            ],
        ),
    }
    _octopus_filled_in = frozenset(
        (
            "cost_centre_id",
            "octopus_account_id",
            "octopus_journal_id",
            "vat_code_id",
        )
    )

    company_id = fields.Many2one(
        "res.company", readonly=True, help="The company of the documents."
    )
    dossier_id = fields.Many2one(
        "octopus.dossier", readonly=True, help="The dossier that they go to."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    code = fields.Char(readonly=True, help="The code of what stops them.")
    by_code = fields.Boolean(
        readonly=True, help="Its documents have nothing in common but the code."
    )
    kind = fields.Selection(
        [
            ("tax", "Tax"),
            ("account", "Account"),
            ("journal", "Journal"),
            ("cost_centre", "Cost centre"),
            ("period", "Period"),
            ("contact", "Contact"),
            ("document", "Document"),
            ("other", "Other"),
        ],
        readonly=True,
        help="What is missing.",
    )
    decider = fields.Selection(
        [
            (YOU, "You"),
            (ADMINISTRATOR, "Octopus administrator"),
            (ACCOUNTANT, "Accountant, in Octopus"),
        ],
        string="For",
        readonly=True,
        help="Who can solve it.",
    )
    document_count = fields.Integer(
        string="Documents",
        readonly=True,
        aggregator=None,
        help="How many documents it stops; one that lacks two things counts under"
        " both.",
    )
    payment_count = fields.Integer(
        string="Payments",
        readonly=True,
        aggregator=None,
        help="How many payments it stops.",
    )
    told = fields.Text(
        string="What",
        compute="_compute_told",
        help="What is missing; and what to do, where nothing is chosen on the row.",
    )
    stopped_text = fields.Char(
        string="Waits",
        compute="_compute_stopped_text",
        help="How many documents and payments it stops; one that lacks two things"
        " counts under both.",
    )
    going_count = fields.Integer(
        string="Go now",
        readonly=True,
        aggregator=None,
        help="Documents and payments that are looked at anew in a moment: it was"
        " solved, or somebody asked for them.",
    )
    amount = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="Totals with VAT of what it stops, in the currency of the company. Each"
        " counts as what it is worth: a credit note adds to it.",
    )
    waiting_since = fields.Datetime(
        string="Since", readonly=True, help="Since when the oldest of them waits."
    )
    journal_mapping_id = fields.Many2one(
        JOURNAL_MAPPING, readonly=True, help="Where a journal is chosen for a bank."
    )
    journal_type = fields.Char(
        compute="_compute_choice",
        help="The type that the journal must have: V sales, A purchases, F financial;"
        " empty where no journal is to be chosen.",
    )
    octopus_journal_id = fields.Many2one(
        "octopus.journal",
        string="Journal in Octopus",
        compute="_compute_choice",
        inverse="_inverse_octopus_journal_id",
        readonly=False,
        help="Choosing one changes the mapping of the bank, or the settings.",
    )
    reason_text = fields.Char(
        string="Why proposed",
        compute="_compute_reason_text",
        help="Why this is proposed.",
    )
    octopus_text = fields.Char(
        string="Octopus says",
        compute="_compute_octopus_text",
        help="What Octopus itself says about it, in your language where it is known.",
    )
    can_choose = fields.Boolean(
        compute="_compute_can_choose",
        help="Whether you may choose; else ask an Octopus administrator.",
    )

    @property
    def _table_query(self):
        return causes_sql(self.env)

    # What is told

    @api.depends("finding", "decider")
    @api.depends_context("lang", "uid")
    def _compute_name(self):
        # EXTENDS 'octopus.missing.mixin': who decides has a name
        super()._compute_name()
        told = self.filtered(lambda cause: cause.decider == ADMINISTRATOR)
        if self.env.user.has_group(MANAGER):
            told.who = self.env._("You")
            return
        among = people(self.env) if told else None
        for dossier, causes in told.grouped("dossier_id").items():
            name = responsible_of(dossier, among).sudo().name
            causes.who = self.env._("Octopus administrator: %(name)s", name=name)

    @api.depends("finding", "journal_type")
    @api.depends_context("lang")
    def _compute_told(self):
        for cause in self:
            chosen_here = cause._mapping() or cause.journal_type
            lines = [cause.name] if chosen_here else [cause.name, cause.fix]
            cause.told = "\n".join(lines)

    @api.depends("document_count", "payment_count", "going_count")
    @api.depends_context("lang")
    def _compute_stopped_text(self):
        for cause in self:
            cause.stopped_text = ", ".join(cause._counts_told())

    def _counts_told(self):
        """Yield how many of each there are, in words."""
        texts = {
            "document_count": (
                self.env._("1 document"),
                self.env._("%(count)s documents"),
            ),
            "payment_count": (
                self.env._("1 payment"),
                self.env._("%(count)s payments"),
            ),
            "going_count": (self.env._("1 goes now"), self.env._("%(count)s go now")),
        }
        for name, (one, many) in texts.items():
            count = formatLang(self.env, self[name], digits=0)
            if self[name]:
                yield one if self[name] == 1 else many % {"count": count}

    def _finding_told(self):
        # OVERRIDES 'octopus.missing.mixin'
        params = dict((self.finding or {}).get("params") or {})
        params |= {name: "…" for name in OF_ONE_DOCUMENT if name in params}
        if self.code == REFUSED:
            # Which field of one document was meant.
            params["technical"] = ""
        return {**(self.finding or {}), "params": params}

    def _names_itself(self):
        # OVERRIDES 'octopus.missing.mixin'
        return not self.by_code

    @api.depends("finding")
    @api.depends_context("lang")
    def _compute_octopus_text(self):
        texts = self.env["octopus.finding"]
        for cause in self:
            cause.octopus_text = texts.said_by_octopus(cause.finding or {})

    @api.depends_context("lang")
    @api.depends(
        "account_mapping_id",
        "cost_centre_mapping_id",
        "tax_mapping_id",
        "journal_mapping_id",
    )
    def _compute_reason_text(self):
        for cause in self:
            mapping = cause._mapping()
            proposed = mapping and mapping.state != "accepted"
            cause.reason_text = mapping.reason_text if proposed else False

    @api.depends_context("uid")
    def _compute_can_choose(self):
        self.can_choose = self.env.user.has_group(MANAGER)

    # The choice

    @api.depends(
        "code", "journal_mapping_id.octopus_journal_id", "journal_mapping_id.state"
    )
    def _compute_choice(self):
        # EXTENDS 'octopus.missing.mixin'
        computed = super()._compute_choice()
        for cause in self:
            setting = cause._setting()
            settings = cause.company_id.sudo().octopus_settings()
            chosen = settings[setting] if setting else cause._bank_journal()
            cause.octopus_journal_id = chosen.with_env(self.env)
            cause.journal_type = cause._journal_type()
        return computed

    def _mapping(self):
        # EXTENDS 'octopus.missing.mixin'
        return super()._mapping() or self.journal_mapping_id

    def _bank_journal(self):
        return self.journal_mapping_id.octopus_journal_id

    def _kind_of_document(self):
        """Return the kind of documents that has no journal in the settings, if that
        is what is missing."""
        params = (self.finding or {}).get("params") or {}
        return params.get("kind") if self.code in OF_SETTINGS else None

    def _setting(self):
        """Return the name of the setting in which the journal is chosen, if it is."""
        kind = self._kind_of_document()
        return kind and f"octopus_{settings_kind(kind)}_journal_id"

    def _journal_type(self):
        kind = self._kind_of_document()
        if kind:
            return TYPE_OF_KIND[settings_kind(kind)]
        return self.journal_mapping_id.octopus_type

    def _inverse_octopus_journal_id(self):
        for cause in self:
            journal = cause.octopus_journal_id
            if setting := cause._setting():
                settings = cause.company_id.octopus_settings().with_env(self.env)
                settings.octopus_write_settings({setting: journal.id})
            elif cause.journal_mapping_id:
                cause.journal_mapping_id.octopus_journal_id = journal
            cause._mended()

    def write(self, vals):
        """Choose; what was stopped by it goes, so all that was read is out of date."""
        written = super().write(vals)
        self.env.flush_all()
        self.invalidate_model()
        return written

    # What a person does

    def _rows(self):
        """Return the rows of the outboxes that these causes stop, or that go now: a
        recordset of each model, those of documents first."""
        self.check_access("read")
        found = rows_of(self.env, self.ids)
        models_ = self.env["octopus.outbox.mixin"].outboxes()
        return [rows.browse(found.get(rows._name, ())) for rows in models_]

    def _documents(self):
        # OVERRIDES 'octopus.missing.mixin'
        return self._rows()[0].sudo().move_id

    def action_payments(self):
        """Open the payments that it stops."""
        self.ensure_one()
        [payments] = [rows for rows in self._rows() if rows._name == PAYMENTS]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": PAYMENTS,
            "view_mode": "list,kanban,form",
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", payments.ids)],
        }

    def action_accept(self):
        """Accept what is proposed, or what a tax is by now.

        :raises AccessError: the user may not change the mappings
        """
        for cause in self:
            cause._mapping().action_accept()
        self.env.flush_all()
        self.invalidate_model()

    def action_fix(self):
        """Open the place where it is solved."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["octopus.finding"].action_of(self.finding or {})
        if not action:
            return self.action_documents()
        return action

    def action_ask_administrator(self):
        """Ask who is responsible for the dossier to choose."""
        self.ensure_one()
        self.check_access("read")
        mapping = self._mapping()
        if not mapping:
            raise UserError(self.env._("%(who)s decides about it.", who=self.who))
        return mapping.action_ask_administrator()

    def action_look_again(self):
        """Look again in Octopus, and send what nothing stops any more."""
        held = [rows for rows in self._rows() if rows]
        if not held:
            raise UserError(self.env._("Nothing waits for this any more."))
        told = [rows.action_send() for rows in held]
        return told[0]
