from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import LazyTranslate, format_date

from ..core.find_relation import VatNumber
from ..core.findings import Finding
from ..groups import MANAGER, USER, require
from ..prepare.kinds import JOURNAL_FIELDS, RECEIPTS, TYPE_OF_KIND
from ..prepare.number_series import series_problem
from .account_journal import BANK_TYPES

_lt = LazyTranslate(__name__)

# Why Odoo's numbers cannot be those of an Octopus journal.
SERIES_PROBLEMS = {
    "monthly": _lt(
        "Series %(series)s starts anew each month, and journal %(octopus_journal)s of"
        " Octopus counts through the bookyear."
    ),
    "prefixes": _lt(
        "Several series of one Odoo journal go to journal %(octopus_journal)s of"
        " Octopus: %(series)s."
    ),
    "shared": _lt(
        "Several series share journal %(octopus_journal)s of Octopus: %(series)s."
    ),
}
CLOSED_POLICIES = [
    ("wait", "Wait until it is opened"),
    ("next", "Book in the next open period"),
    ("refuse", "Stop the document"),
]
CLOSED_POLICY_FIELDS = {kind: f"octopus_{kind}_closed_policy" for kind in TYPE_OF_KIND}
# What begins or ends a link with a dossier.
OF_THE_LINK = {"octopus_dossier_id", "octopus_enabled"}
ACCOUNT_FIELDS = (
    "octopus_sale_discount_account_id",
    "octopus_purchase_discount_account_id",
    "octopus_sale_limitation_account_id",
    "octopus_purchase_limitation_account_id",
    "octopus_suspense_account_id",
)
# Everything that ``_octopus_settings`` answers for.
SETTINGS = (
    "octopus_enabled",
    "octopus_dossier_id",
    *JOURNAL_FIELDS.values(),
    *ACCOUNT_FIELDS,
    "octopus_receipts",
    "octopus_start_date",
    "octopus_group_by_vat",
    "octopus_limitation_account_ids",
    "octopus_limitation_product_ids",
    "octopus_number_policy",
    *CLOSED_POLICY_FIELDS.values(),
    "octopus_unknown_account_policy",
    "octopus_relation_policy",
    "octopus_attachment_policy",
    "octopus_payment_owner",
    "octopus_without_contact",
    "octopus_clearing_journal_id",
    "octopus_payment_limit",
    "octopus_payment_share",
    "octopus_write_off_account_id",
    "octopus_write_off_tolerance",
)


class ResCompany(models.Model):
    """Octopus settings live on the company; a branch may have its own."""

    _inherit = "res.company"
    _octopus_filled_in = frozenset((*SETTINGS, "octopus_separate_settings"))
    _octopus_filled_in_by = MANAGER

    octopus_enabled = fields.Boolean(string="Octopus", groups=USER)
    octopus_separate_settings = fields.Boolean(
        string="Separate accounting settings apply to this branch", groups=USER
    )
    octopus_settings_company_id = fields.Many2one(
        "res.company",
        string="Octopus settings of",
        compute="_compute_octopus_settings_company_id",
        compute_sudo=True,
        recursive=True,
        store=True,
        index=True,
        help="The company whose Octopus settings hold here: this one, or the nearest"
        " company above that has settings of its own.",
        groups=USER,
    )
    octopus_status = fields.Selection(
        [
            ("off", "Octopus is off"),
            ("unlinked", "Not yet linked to a dossier"),
            ("unconnected", "Not yet connected"),
            ("connected", "Connected"),
        ],
        string="Octopus status",
        compute="_compute_octopus_status",
        compute_sudo=True,
        groups=USER,
    )
    octopus_dossier_id = fields.Many2one(
        "octopus.dossier",
        string="Octopus dossier",
        copy=False,
        index="btree_not_null",
        groups=USER,
    )
    octopus_out_invoice_journal_id = fields.Many2one(
        "octopus.journal", string="Sales invoices", groups=USER
    )
    octopus_out_refund_journal_id = fields.Many2one(
        "octopus.journal", string="Sales credit notes", groups=USER
    )
    octopus_in_invoice_journal_id = fields.Many2one(
        "octopus.journal", string="Purchase invoices", groups=USER
    )
    octopus_in_refund_journal_id = fields.Many2one(
        "octopus.journal", string="Purchase credit notes", groups=USER
    )
    octopus_start_date = fields.Date(string="Documents from", groups=USER)
    octopus_group_by_vat = fields.Boolean(string="Group lines by VAT code", groups=USER)
    octopus_sale_discount_account_id = fields.Many2one(
        "octopus.account", string="Cash discount on sales", groups=USER
    )
    octopus_purchase_discount_account_id = fields.Many2one(
        "octopus.account", string="Cash discount on purchases", groups=USER
    )
    octopus_sale_limitation_account_id = fields.Many2one(
        "octopus.account", string="Credit limitation on sales", groups=USER
    )
    octopus_purchase_limitation_account_id = fields.Many2one(
        "octopus.account", string="Credit limitation on purchases", groups=USER
    )
    octopus_limitation_account_ids = fields.Many2many(
        "account.account",
        "octopus_limitation_account_rel",
        string="Accounts used for credit limitation",
        groups=USER,
    )
    octopus_limitation_product_ids = fields.Many2many(
        "product.product",
        "octopus_limitation_product_rel",
        string="Products used for credit limitation",
        groups=USER,
    )
    octopus_receipts = fields.Selection(
        [("out", "Stay out of Octopus"), ("go", "Go to Octopus")],
        default="out",
        string="Receipts and expenses",
        groups=USER,
    )
    octopus_number_policy = fields.Selection(
        [
            ("next", "Next of the journal"),
            ("same", "Same number as in Odoo"),
        ],
        default="next",
        string="Document numbers",
        groups=USER,
    )
    octopus_out_invoice_closed_policy = fields.Selection(
        CLOSED_POLICIES,
        default="wait",
        string="Sales invoices when closed",
        groups=USER,
    )
    octopus_out_refund_closed_policy = fields.Selection(
        CLOSED_POLICIES,
        default="wait",
        string="Sales credit notes when closed",
        groups=USER,
    )
    octopus_in_invoice_closed_policy = fields.Selection(
        CLOSED_POLICIES,
        default="wait",
        string="Purchase invoices when closed",
        groups=USER,
    )
    octopus_in_refund_closed_policy = fields.Selection(
        CLOSED_POLICIES,
        default="wait",
        string="Purchase credit notes when closed",
        groups=USER,
    )
    octopus_unknown_account_policy = fields.Selection(
        [("block", "Stop the document"), ("suspense", "Book on the suspense account")],
        default="block",
        string="Account without counterpart",
        groups=USER,
    )
    octopus_suspense_account_id = fields.Many2one(
        "octopus.account", string="Octopus suspense account", groups=USER
    )
    octopus_relation_policy = fields.Selection(
        [("create", "Create it in Octopus"), ("ask", "Ask first")],
        default="create",
        string="Contact not found in Octopus",
        groups=USER,
    )
    octopus_attachment_policy = fields.Selection(
        [
            ("make", "Send, make if missing"),
            ("existing", "Send those that exist"),
            ("none", "Do not send"),
        ],
        default="make",
        string="PDF and UBL",
        groups=USER,
    )
    octopus_payment_owner = fields.Selection(
        [
            ("none", "Not followed"),
            ("octopus", "Payments are followed in Octopus"),
            ("odoo", "Payments are sent to Octopus"),
        ],
        default="none",
        string="Payments",
        groups=USER,
    )
    octopus_without_contact = fields.Selection(
        [
            ("ask", "Wait until it is filled in"),
            ("out", "Stay out of Octopus"),
            ("account", "Are booked on their account"),
        ],
        default="ask",
        string="Payments without a contact",
        help="Such as the takings of a point of sale, of banks that are kept in Odoo.",
        groups=USER,
    )
    octopus_clearing_journal_id = fields.Many2one(
        "account.journal",
        string="Clearing journal",
        help="Takes payments of Octopus journals that have no bank journal in Odoo.",
        groups=USER,
    )
    octopus_payment_limit = fields.Integer(
        string="Ask above (documents)",
        default=250,
        help="When more documents than this change in one reading of payments, nothing"
        " is booked before a person has looked.",
        groups=USER,
    )
    octopus_payment_share = fields.Integer(
        string="Ask above (% of open)",
        default=20,
        help="The same for a share of all open documents, from 20 documents on.",
        groups=USER,
    )
    octopus_payments_accepted = fields.Boolean(
        copy=False,
        help="A person accepted the first payments from the dossier.",
        groups=USER,
    )
    octopus_write_off_account_id = fields.Many2one(
        "account.account",
        string="Account for small differences",
        help="Takes what the accountant wrote off in a D journal. Without an account"
        " write-offs are only shown.",
        groups=USER,
    )
    octopus_write_off_tolerance = fields.Float(
        string="Small is up to (EUR)",
        digits=(16, 2),
        default=1.0,
        help="Larger write-offs are shown and not booked.",
        groups=USER,
    )

    @api.depends("parent_id.octopus_settings_company_id", "octopus_separate_settings")
    def _compute_octopus_settings_company_id(self):
        for company in self:
            holder = company
            if company.parent_id and not company.octopus_separate_settings:
                holder = company.parent_id.octopus_settings_company_id
            company.octopus_settings_company_id = holder

    @api.depends(
        "octopus_settings_company_id.octopus_enabled",
        "octopus_settings_company_id.octopus_dossier_id.active",
        "octopus_settings_company_id.octopus_dossier_id.connection_id.active",
        "octopus_settings_company_id.octopus_dossier_id.connection_id.state",
    )
    def _compute_octopus_status(self):
        for company in self:
            holder = company.octopus_settings_company_id
            dossier = holder.octopus_dossier_id
            if not holder.octopus_enabled:
                company.octopus_status = "off"
            elif not dossier:
                company.octopus_status = "unlinked"
            elif dossier._is_ready():
                company.octopus_status = "connected"
            else:
                company.octopus_status = "unconnected"

    # Checks

    @api.constrains("octopus_dossier_id", *JOURNAL_FIELDS.values())
    def _check_octopus_journals(self):
        """Let only journals of the right dossier and type be chosen."""
        for company in self.sudo():
            for kind, field in JOURNAL_FIELDS.items():
                journal = company[field]
                if journal:
                    company._check_octopus_dossier_of(journal)
                    company._check_octopus_journal(kind, journal)

    def _check_octopus_journal(self, kind, journal):
        code = journal._why_not(kind)
        if code:
            finding = Finding(code, {"journal": journal.display_name, "kind": kind})
            texts = self.env["octopus.finding"]
            raise ValidationError(texts._sentences(finding.as_json()))

    @api.constrains("octopus_dossier_id", *ACCOUNT_FIELDS)
    def _check_octopus_accounts(self):
        for company in self.sudo():
            for field in ACCOUNT_FIELDS:
                company._check_octopus_dossier_of(company[field])

    def _check_octopus_dossier_of(self, row):
        if row and row.dossier_id != self.octopus_dossier_id:
            raise ValidationError(
                self.env._(
                    "%(row)s belongs to dossier %(other)s, but %(company)s books in"
                    " %(dossier)s. Choose one of that dossier.",
                    row=row.display_name,
                    other=row.dossier_id.display_name,
                    company=self.name,
                    dossier=self.octopus_dossier_id.display_name or "–",
                )
            )

    @api.constrains("octopus_dossier_id", "octopus_start_date")
    def _check_octopus_start_date(self):
        """Refuse a start before the first bookyear: none can come before it."""
        for company in self.sudo().filtered("octopus_start_date"):
            first = company.octopus_dossier_id.bookyear_ids.sorted("date_start")[:1]
            if first and company.octopus_start_date < first.date_start:
                raise ValidationError(
                    self.env._(
                        "Documents can go to Octopus from %(first)s on: there the first"
                        " bookyear starts, and Octopus cannot add one before it."
                        " %(date)s is too early.",
                        first=format_date(self.env, first.date_start),
                        date=format_date(self.env, company.octopus_start_date),
                    )
                )

    @api.constrains("octopus_number_policy", "octopus_receipts")
    def _check_octopus_number_policy(self):
        """Refuse Odoo's numbers where they do not count as Octopus does."""
        for company in self.sudo():
            if company.octopus_number_policy != "same":
                continue
            problem, facts = series_problem(company) or (None, {})
            if problem:
                reason = self.env._(SERIES_PROBLEMS[problem])
                facts = {**facts, "series": ", ".join(facts["series"])}
                raise ValidationError(
                    self.env._(
                        "%(company)s: documents cannot have the same number as in"
                        " Odoo. %(reason)s Choose the next number of the journal.",
                        company=company.name,
                        reason=reason % facts,
                    )
                )

    @api.constrains("octopus_unknown_account_policy", "octopus_suspense_account_id")
    def _check_octopus_suspense(self):
        for company in self.sudo():
            wanted = company.octopus_unknown_account_policy == "suspense"
            if wanted and not company.octopus_suspense_account_id:
                raise ValidationError(
                    self.env._(
                        "%(company)s: choose the Octopus suspense account, or let"
                        " documents with an unknown account stop.",
                        company=company.name,
                    )
                )

    # Access

    def _octopus_check_companies(self):
        """Let nobody decide for companies in which they do not work.

        The one place that says whose decisions are whose: who acts on something that
        several companies share, a dossier, a plan, a connection, must work in all of
        them, whichever are ticked now. Code in sudo decides for everybody.

        :raises AccessError: one of these is not among the companies of the user
        """
        if self.env.su or not self - self.env.user.company_ids:
            return
        raise AccessError(
            self.env._(
                "This also concerns companies in which you do not work. Ask somebody"
                " who works in all companies that share this dossier or connection."
            )
        )

    # CRUD, inherited methods

    def write(self, vals):
        if any(name.startswith("octopus_") for name in vals):
            self._octopus_check_companies()
        self._octopus_check_dossier_access(vals)
        told = self._octopus_told(vals)
        another = self.browse().sudo()
        if "octopus_dossier_id" in vals:
            another = self.sudo().filtered(
                lambda row: row.octopus_dossier_id.id != vals["octopus_dossier_id"]
            )
        vals = self._octopus_with_dossier(vals)
        starting = self.browse()
        if vals.get("octopus_separate_settings"):
            starting = self.filtered(lambda row: not row.octopus_separate_settings)
            former = {row: row.sudo().octopus_settings_company_id for row in starting}
        kept = self.env["account.journal"]
        if "octopus_payment_owner" in vals:
            kept = self._octopus_banks()._octopus_kept_in_odoo()
        written = super().write(vals)
        if another and "octopus_payments_accepted" not in vals:
            # The first payments of another dossier are looked at anew.
            another.octopus_payments_accepted = False
        for company in starting:
            company._octopus_copy_settings(former[company], vals)
        if OF_THE_LINK.intersection(vals):
            self.sudo().octopus_dossier_id._activate_crons()
        if vals.get("octopus_payment_owner") == "octopus":
            for company in self.sudo():
                company._octopus_make_clearing_journal()
        if "octopus_payment_owner" in vals:
            self._octopus_banks()._octopus_note_owner(kept)
        elif OF_THE_LINK.intersection(vals):
            self._octopus_banks()._octopus_start_payments()
        if any(name.startswith("octopus_") for name in vals):
            self.env["octopus.booking"]._wake(self.sudo().octopus_dossier_id)
        self._octopus_note_settings(told)
        return written

    def _octopus_check_dossier_access(self, vals):
        """Let nobody link a dossier that they may not see."""
        if vals.get("octopus_dossier_id"):
            dossiers = self.env["octopus.dossier"].browse(vals["octopus_dossier_id"])
            dossiers.check_access("read")

    # Who changes settings

    def _octopus_check_administrator(self):
        """Let only Octopus administrators change these companies' settings.

        :raises AccessError: somebody else does, or may not see one of the companies
        """
        self.check_access("read")
        require(
            self.env,
            MANAGER,
            self.env._("Only Octopus administrators change the settings of Octopus."),
        )

    def _octopus_kinds(self):
        """Return the kinds of document that go to Octopus, for a company with
        settings."""
        return (*TYPE_OF_KIND, *(RECEIPTS if self.octopus_receipts == "go" else ()))

    def _octopus_write_settings(self, values):
        """Change settings for an Octopus administrator, who need not be one of Odoo.

        :param values: as for ``write``, settings only
        :raises AccessError: somebody else asks, or may not see what is chosen
        """
        self._octopus_check_administrator()
        self._octopus_check_companies()
        for name, value in values.items():
            if name not in self._octopus_filled_in:
                raise AccessError(
                    self.env._("%(field)s is no setting of Octopus.", field=name)
                )
            if self._fields[name].relational:
                chosen = self._fields[name].convert_to_record(
                    self._fields[name].convert_to_cache(value, self), self
                )
                chosen.check_access("read")
        self.sudo().write(values)

    def _octopus_told(self, names):
        """Return how the settings among ``names`` stand, for the trail.

        :return: ``{company: (dossier, {name: text})}``, in sudo
        """
        names = [name for name in SETTINGS if name in names]
        return {
            company: (
                company.octopus_dossier_id,
                {name: company._octopus_setting_text(name) for name in names},
            )
            for company in self.sudo()
            if names
        }

    def _octopus_setting_text(self, name):
        field, value = self._fields[name], self[name]
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        return str(value or "")

    def _octopus_note_settings(self, before):
        """Write in the history of the dossier who changed which setting."""
        for company, (dossier, texts) in before.items():
            labels = company.fields_get(list(texts), ["string"])
            changes = [
                f"{labels[name]['string']}: {text or '–'} → {now or '–'}"
                for name, text in texts.items()
                if (now := company._octopus_setting_text(name)) != text
            ]
            if not changes:
                continue
            note = self.env._(
                "Settings of %(company)s: %(changes)s.",
                company=company.name,
                changes="; ".join(changes),
            )
            concerned = dossier | company.octopus_dossier_id
            concerned._message_log_batch(dict.fromkeys(concerned.ids, note))

    def _octopus_copy_settings(self, former, chosen):
        """Start a branch's own settings as those it had: ticking the box alone changes
        nothing for its documents."""
        self.ensure_one()
        if former == self:
            return
        values = former._octopus_setting_values()
        self.sudo().write(
            {name: value for name, value in values.items() if name not in chosen}
        )

    def _octopus_setting_values(self):
        """Return the settings held by this company, as values for ``write``."""
        self.ensure_one()
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in SETTINGS
        }

    def _octopus_with_dossier(self, vals):
        """Complete a change of dossier with the same journals and accounts there.

        What is chosen in the same write stays as it is chosen.
        """
        if "octopus_dossier_id" not in vals or len(self) != 1:
            return vals
        dossier = self.env["octopus.dossier"].sudo().browse(vals["octopus_dossier_id"])
        if dossier == self.sudo().octopus_dossier_id:
            return vals
        return {**self._octopus_carried_over(dossier), **vals}

    # Settings and their defaults

    def _octopus_carried_over(self, dossier):
        """Return the settings that name a journal or account, as they are in a dossier.

        A journal keeps its key and an account its number where the dossier has them; a
        kind of document without journal gets the proposal.

        :return: {field: id or False}
        """
        self.ensure_one()
        own = self.sudo()
        journals = {journal.key: journal for journal in dossier.journal_ids}
        numbers = {account.number: account.id for account in dossier.account_ids}
        values = {
            field: numbers.get(own[field].number, False) for field in ACCOUNT_FIELDS
        }
        for kind, field in JOURNAL_FIELDS.items():
            same = journals.get(own[field].key)
            if not same or same._why_not(kind):
                same = dossier._proposed_journal(kind)
            values[field] = same.id
        if not values["octopus_suspense_account_id"]:
            values["octopus_unknown_account_policy"] = "block"
        return values

    def _octopus_settings(self):
        """Return the company whose Octopus settings hold for this one.

        The one way to every setting. The result is in sudo, because people of a branch
        may not read the company above; it is empty when Octopus is switched off there.
        """
        self.ensure_one()
        holder = self.sudo().octopus_settings_company_id
        return holder if holder.octopus_enabled else holder.browse()

    def _octopus_companies(self):
        """Return the companies whose settings are those of this one: the other way
        round of ``_octopus_settings``, in sudo."""
        self.ensure_one()
        below = self.sudo().search([("id", "child_of", self.id)])
        return below.filtered(lambda company: company._octopus_settings() == self)

    def _octopus_dossier(self):
        """Return the dossier that this company's documents go to, maybe empty."""
        return self._octopus_settings().octopus_dossier_id

    # Linking

    def _octopus_numbers(self):
        """Return the numbers a dossier can be found by: VAT and registry, of the
        company itself or else of the nearest company above.

        :rtype: list[VatNumber]
        """
        self.ensure_one()
        for company in self.sudo().parent_ids[::-1]:
            country = company.country_id.code
            texts = (company.vat, company.company_registry)
            numbers = [VatNumber.of(text, country) for text in texts]
            if any(numbers):
                return [number for number in numbers if number]
        return []

    def _octopus_find_dossiers(self, dossiers):
        """Return those of ``dossiers`` that carry a number of this company."""
        numbers = self._octopus_numbers()

        def matches(dossier):
            told = VatNumber.of(dossier.vat_number, dossier.country_code)
            return any(number.same(told) for number in numbers)

        return dossiers.filtered(matches)

    def _octopus_link(self, dossier):
        """Book this company's documents in a dossier from now on.

        The mirror of the dossier is read if it never was; what was mapped for another
        dossier stays, and is marked as stale.

        :return: findings, as JSON, of what could not be read
        :raises UserError: there was no time to read all of it
        """
        self.ensure_one()
        findings = [] if dossier.refreshed_at else dossier._refresh()
        if not dossier.refreshed_at:
            raise UserError(
                self.env._(
                    "%(dossier)s is still being read. Link it when that is done: it"
                    " goes on by itself.",
                    dossier=dossier.display_name,
                )
            )
        values = {"octopus_dossier_id": dossier.id, "octopus_enabled": True}
        self.sudo().write({**self._octopus_carried_over(dossier), **values})
        self._octopus_propose_mappings()
        return findings

    def _octopus_propose_mappings(self):
        """Let each mapping propose what it can for the dossier."""
        settings = self._octopus_settings()
        for model in ("tax", "account", "journal"):
            self.env[f"octopus.{model}.mapping"]._propose(settings)

    def action_octopus_setup(self):
        """Open the set-up for the company whose settings hold here.

        :raises AccessError: the user is no Octopus administrator, or not of the company
        """
        self.ensure_one()
        self._octopus_check_administrator()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_setup"
        )
        holder = self.octopus_settings_company_id
        return {**action, "context": {"default_company_id": holder.id}}

    # Payments

    def _octopus_banks(self):
        """Return the bank and cash journals of companies with these settings."""
        companies = self.browse().union(*(row._octopus_companies() for row in self))
        domain = [("company_id", "in", companies.ids), ("type", "in", BANK_TYPES)]
        return self.env["account.journal"].sudo().search(domain)

    def _octopus_banks_above(self):
        """Return the bank and cash journals of the companies above these."""
        above = self.sudo().parent_ids - self
        domain = [("company_id", "in", above.ids), ("type", "in", BANK_TYPES)]
        return self.env["account.journal"].sudo().search(domain)

    def _octopus_follows_payments(self):
        """Whether payments of some bank of these settings are kept in Octopus."""
        self.ensure_one()
        return self.octopus_payment_owner == "octopus" or any(
            bank.octopus_payment_owner == "octopus" for bank in self._octopus_banks()
        )

    def _octopus_make_clearing_journal(self):
        """Make the clearing journal of these settings, unless there is one.

        Its payment methods point at the journal's own account, so that an invoice paid
        through it is paid, and does not wait for a bank statement.
        """
        self.ensure_one()
        if self.octopus_clearing_journal_id:
            return
        journal = self.env["account.journal"].create(
            {"name": "Octopus", "type": "bank", "company_id": self.id}
        )
        methods = (
            journal.inbound_payment_method_line_ids
            | journal.outbound_payment_method_line_ids
        )
        methods.payment_account_id = journal.default_account_id
        self.octopus_clearing_journal_id = journal
