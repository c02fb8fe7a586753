from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..api.new_books import NewJournal
from ..prepare.kinds import TYPE_OF_KIND
from ..prepare.settings import GOES_FIELDS, JOURNAL_FIELDS
from ..sync.make_books import make_journal
from .octopus_new_bookyear import FORMS


class OctopusNewJournal(models.TransientModel):
    """Make a journal of documents or of a bank in Octopus, after a clear question."""

    _name = "octopus.new.journal"
    _description = "Make a Journal in Octopus"
    _inherit = ["octopus.dialog.mixin"]
    _answers = (
        "type",
        "number",
        "name",
        "account_id",
        "currency_code",
        "iban",
        "agreed",
    )

    form_ref = fields.Reference(FORMS, readonly=True, help="Where it was asked for.")
    company_id = fields.Many2one("res.company", readonly=True, required=True)
    dossier_id = fields.Many2one("octopus.dossier", readonly=True, required=True)
    bookyear_id = fields.Many2one(
        "octopus.bookyear",
        readonly=True,
        required=True,
        help="The journal is made in this bookyear.",
    )
    type = fields.Selection(
        [("V", "Sales"), ("A", "Purchase"), ("F", "Financial")],
        required=True,
        help="A sales journal takes bookings (entry type Sales entries); a financial"
        " journal takes the payments of a bank.",
    )
    account_id = fields.Many2one(
        "octopus.account",
        string="Account of the bank",
        domain="[('dossier_id', '=', dossier_id), ('number', '>=', 500000),"
        " ('number', '<=', 599999)]",
        help="The ledger account of the bank in Octopus, 500000 to 599999.",
    )
    currency_code = fields.Char(
        string="Currency", default="EUR", help="The currency of the bank account."
    )
    iban = fields.Char(string="IBAN", help="The number of the bank account.")
    number = fields.Integer(
        compute="_compute_number",
        store=True,
        readonly=False,
        help="1 for V1 or A1; the next one that is free is proposed.",
    )
    key = fields.Char(compute="_compute_key", help="How Octopus names it.")
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        help="How Octopus describes it, in all languages.",
    )
    agreed = fields.Boolean(
        string="The accountant knows of it",
        help="A journal that was made cannot be removed from here.",
    )

    @api.depends("type")
    def _compute_number(self):
        for form in self:
            years = form.bookyear_id.sudo()
            states = self.env["octopus.journal.year"].sudo()
            there = states.search([("bookyear_id", "=", years.id)]).journal_id
            used = {row.key for row in there}
            numbers = (
                n for n in range(1, len(used) + 2) if f"{form.type}{n}" not in used
            )
            form.number = next(numbers)

    @api.depends("type", "number")
    def _compute_key(self):
        for form in self:
            form.key = f"{form.type or ''}{form.number or ''}"

    @api.depends("type")
    def _compute_name(self):
        for form in self:
            form.name = {
                "V": self.env._("Sales Odoo"),
                "A": self.env._("Purchases Odoo"),
                "F": self.env._("Bank Odoo"),
            }.get(form.type)

    @api.model
    def _open_for(self, form, company, bookyear, **values):
        """Return the action that asks for it.

        :param form: record of one of ``FORMS``
        :param company: ``res.company`` that may have no journal for a kind yet
        :param bookyear: ``octopus.bookyear`` to make it in
        :param values: what is proposed, such as ``type``
        """
        dossier = self.env["octopus.dossier"].browse(bookyear.sudo().dossier_id.id)
        dossier.check_access("write")
        return self._open_dialog(
            self.env._("Make a journal in Octopus"),
            {
                "form_ref": f"{form._name},{form.id}",
                "company_id": company.id,
                "dossier_id": dossier.id,
                "bookyear_id": bookyear.id,
                **values,
            },
        )

    def action_make(self):
        """Make it, choose it for kinds that have none, show the check-list again."""
        self.ensure_one()
        self.check_access("write")
        if not self.agreed:
            raise UserError(
                self.env._(
                    "Tick that the accountant knows of it: it cannot be undone here."
                )
            )
        if self.number < 1:
            raise UserError(self.env._("Journals are numbered from 1 on."))
        if self.type == "F" and self.account_id.dossier_id != self.dossier_id:
            raise UserError(self.env._("Choose the account of the bank."))
        journal = make_journal(self.dossier_id, self.bookyear_id, self._asked())
        self._choose(journal)
        return self.action_back()

    def _asked(self):
        """Return the ``api.new_books.NewJournal`` that was asked for."""
        bank = {}
        if self.type == "F":
            bank = {
                "account": self.account_id.number,
                "currency": (self.currency_code or "EUR").strip().upper(),
                "iban": sanitize_account_number(self.iban or "") or "",
            }
        return NewJournal(
            bookyear_id=self.bookyear_id.octopus_id,
            journal=self.key,
            name=self.name,
            **bank,
        )

    def _choose(self, journal):
        company = self.company_id.with_env(self.env)
        settings = company.sudo()
        if settings.octopus_dossier_id != self.dossier_id.sudo():
            return
        values = {
            JOURNAL_FIELDS[kind]: journal.id
            for kind in TYPE_OF_KIND
            if settings[GOES_FIELDS[kind]]
            and not settings[JOURNAL_FIELDS[kind]]
            and not journal.why_not(kind)
        }
        if values:
            company.octopus_write_settings(values)

    def action_back(self):
        """Show the form that this was asked from."""
        self.check_access("read")
        return self.form_ref.with_env(self.env)._reopen()
