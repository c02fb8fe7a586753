from odoo import api, fields, models
from odoo.fields import Domain

from ..core.account_names import unlike
from ..core.account_number import same_number
from .octopus_mapping_mixin import OWNERS


class OctopusAccountMapping(models.Model):
    """Odoo account → Octopus account.

    Octopus accounts are chosen, never created: the accountant decides on the chart of
    accounts.
    """

    _name = "octopus.account.mapping"
    _description = "Octopus Account Mapping"
    _inherit = ["octopus.mapping.mixin"]
    _rec_name = "account_id"
    _action = "octopus_connector.action_octopus_account_mapping"
    _choices = ("octopus_account_id",)
    _looked_up = ("account_id", "octopus_account_id")
    _octopus_filled_in = frozenset((*OWNERS, *_looked_up))

    account_id = fields.Many2one(
        "account.account",
        required=True,
        index=True,
        ondelete="cascade",
        help="The account of Odoo.",
    )
    account_code = fields.Char(
        string="Code",
        compute="_compute_account_code",
        help="The number of the account in Odoo.",
    )
    octopus_account_id = fields.Many2one(
        "octopus.account",
        string="Octopus account",
        help="The account of Octopus on which lines of this account are booked."
        " One that is missing is made by the accountant, in Octopus.",
    )

    _account_uniq = models.Constraint(
        "UNIQUE(company_id, dossier_id, account_id)",
        "An account has one mapping per company and dossier.",
    )

    @api.depends("account_id", "company_id")
    def _compute_account_code(self):
        for mapping in self:
            account = mapping.account_id.sudo().with_company(mapping.company_id)
            mapping.account_code = account.code

    @api.constrains("account_id", "octopus_account_id", "company_id", "dossier_id")
    def _check_records(self):
        self._check_dossier("octopus_account_id")
        self._check_companies("account_id", lambda account: account.company_ids)

    def _is_filled(self):
        return bool(self.octopus_account_id)

    @api.model
    @api.private
    def lookup(self, settings, dossier=None):
        """Return what was accepted for a company with settings.

        :param dossier: another ``octopus.dossier`` than it has now
        :return: ``{account id: octopus.account record}``
        """
        rows = self._accepted(settings, dossier)
        return {row.account_id.id: row.octopus_account_id for row in rows}

    def _key(self):
        return self.account_id.id

    @api.private
    def used_in(self):
        # OVERRIDES 'octopus.mapping.mixin'
        return Domain("account_id", "in", self.account_id.ids)

    @api.model
    def _key_vals(self, key):
        return {"account_id": key}

    # Proposals

    @api.model
    @api.private
    def propose_for(self, settings):
        """Propose the account with the same number for each account in use.

        Rows that were accepted stay; an account without counterpart becomes a row to
        fill in.
        """
        accounts = self._accounts(settings)
        return self._store(settings, self._proposals(settings, accounts))

    @api.model
    @api.private
    def offer(self, settings, accounts):
        """Have a row for each of these accounts, with a proposal or to fill in; what
        there is stays as it is.

        :param settings: the company that holds the settings
        :param accounts: ``account.account``
        """
        known = self.of_accounts(settings, accounts).account_id
        if accounts - known:
            self._store(settings, self._proposals(settings, accounts - known))

    @api.model
    @api.private
    def of_accounts(self, settings, accounts):
        """Return the rows of these accounts, accepted or not, in sudo."""
        domain = self._domain_of(settings) & Domain("account_id", "in", accounts.ids)
        return self.sudo().search(domain)

    def _proposals(self, settings, accounts):
        numbers = {
            account.number: account
            for account in settings.octopus_dossier_id.sudo().account_ids
        }
        return {
            account.id: self._proposal(account.with_company(settings), numbers)
            for account in accounts
        }

    def _proposal(self, account, numbers):
        code = account.code
        number = same_number(code or "", numbers)
        if number is None:
            reason = {"code": "number_none", "values": {"number": code or ""}}
            return {"octopus_account_id": False, "state": "missing", "reason": reason}
        found = numbers[number]
        kind = "number_same" if str(number) == code else "number_padded"
        if unlike(self._names(account), found.names()):
            kind = "number_unlike"
        return {
            "octopus_account_id": found.id,
            "state": "proposed",
            "reason": {"code": kind, "values": {"number": code, "name": found.name}},
        }

    @api.model
    def _accounts(self, settings):
        """Return the accounts that lines of documents have, or get by default."""
        lines = self._domain_of_documents(settings) & (
            Domain(
                "display_type",
                "not in",
                ("payment_term", "tax", "line_section", "line_subsection", "line_note"),
            )
            # A tax of a fixed amount (recupel, bebat) is a line of the booking.
            | Domain("tax_line_id.amount_type", "=", "fixed")
        )
        used = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(lines & Domain("account_id", "!=", False), ["account_id"])
        )
        accounts = (
            self.env["account.account"].sudo().union(*(account for [account] in used))
        )
        companies = settings.octopus_companies()
        for company in companies:
            accounts |= self._default_accounts(company)
        return accounts.filtered_domain(accounts._check_company_domain(companies))

    def _default_accounts(self, company):
        """Return the accounts that new lines of a company get by themselves."""
        env = self.with_company(company).sudo().env
        journals = env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "in", ("sale", "purchase"))]
        )
        products = self._having(
            env["product.template"],
            "property_account_income_id",
            "property_account_expense_id",
        )
        categories = self._having(
            env["product.category"],
            "property_account_income_categ_id",
            "property_account_expense_categ_id",
        )
        roundings = self._having(
            env["account.cash.rounding"], "profit_account_id", "loss_account_id"
        )
        return (
            journals.default_account_id
            | products.property_account_income_id
            | products.property_account_expense_id
            | categories.property_account_income_categ_id
            | categories.property_account_expense_categ_id
            | roundings.profit_account_id
            | roundings.loss_account_id
            | company.account_journal_early_pay_discount_gain_account_id
            | company.account_journal_early_pay_discount_loss_account_id
        )

    def _having(self, model, *names):
        """Return the records of a model that have one of these accounts."""
        return model.search(Domain.OR(Domain(name, "!=", False) for name in names))
