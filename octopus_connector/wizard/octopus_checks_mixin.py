from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.account_number import same_number
from ..core.check_lines import DONE, stands_in_the_way
from ..prepare.check_list import CheckList
from ..prepare.kinds import TYPE_OF_KIND
from ..prepare.payment_items import bank_currency
from ..sync.make_books import may_make
from ..sync.refresh import PATIENCE, refresh_now


class OctopusChecksMixin(models.AbstractModel):
    """A form that shows the check-list of ``company_id`` and ``dossier_id``, which its
    model has."""

    _name = "octopus.checks.mixin"
    _description = "Check-list of a Dossier"

    checks_html = fields.Html(compute="_compute_checks", sanitize=False)
    checks_open = fields.Integer(
        compute="_compute_checks",
        help="How many lines of the check-list stand in the way of documents.",
    )
    can_make_bookyear = fields.Boolean(
        compute="_compute_checks",
        help="A bookyear is missing, and this web service can make it.",
    )
    can_make_journal = fields.Boolean(
        compute="_compute_checks",
        help="A journal is missing, and this web service can make it.",
    )

    @api.depends("company_id", "dossier_id")
    @api.depends_context("lang", "tz")
    def _compute_checks(self):
        for form in self:
            checks = form._check_list()
            lines = checks.lines() if form._shows_checks() else []
            codes = {line.code for line in lines if line.state != DONE}
            can_make = bool(lines) and may_make(form.dossier_id)
            form.checks_html = self.env["octopus.check.lines"].as_html(lines)
            form.checks_open = len(stands_in_the_way(lines))
            form.can_make_bookyear = can_make and bool(
                codes & {"bookyear_now_missing", "bookyear_next_missing"}
            )
            form.can_make_journal = (
                can_make
                and bool(checks.bookyear())
                and bool(checks.kinds_without_journal() or checks.bank_to_make())
            )

    def _shows_checks(self):
        """Whether the list is looked at now: it reads what twelve months used."""
        return True

    def _check_list(self):
        """Return the ``CheckList`` of a company in which the user works."""
        self._check_looked_at("read")
        return CheckList(self.company_id, self.dossier_id)

    def _check_looked_at(self, operation):
        """Let nobody look at what is another company's.

        :raises AccessError: form, company or dossier are not the user's
        """
        self.check_access(operation)
        self.company_id.octopus_check_companies()
        self.dossier_id.check_access("read")

    # Buttons

    def action_check_again(self):
        """Read the dossier again, and show the list as it is then.

        :raises UserError: no dossier is chosen yet
        """
        self.ensure_one()
        self._check_looked_at("write")
        if not self.dossier_id:
            raise UserError(self.env._("Choose the dossier first."))
        refresh_now(self.dossier_id, PATIENCE)
        return self._reopen()

    def action_new_bookyear(self):
        """Ask whether a bookyear is to be made."""
        self.ensure_one()
        self._check_looked_at("write")
        return self.env["octopus.new.bookyear"]._open_for(self, self.dossier_id)

    def action_new_journal(self):
        """Ask whether a journal is to be made."""
        self.ensure_one()
        self._check_looked_at("write")
        checks = self._check_list()
        bookyear, kinds = checks.bookyear(), checks.kinds_without_journal()
        if not bookyear:
            raise UserError(self.env._("Make the bookyear of today first."))
        bank = checks.bank_to_make()
        if kinds or not bank:
            asked = {"type": TYPE_OF_KIND[kinds[0]] if kinds else "V"}
        else:
            asked = self._asked_of(bank)
        return self.env["octopus.new.journal"]._open_for(
            self, self.company_id, bookyear, **asked
        )

    def _asked_of(self, bank):
        """Return what is proposed of a financial journal for a bank of Odoo."""
        accounts = {row.number: row for row in self.dossier_id.sudo().account_ids}
        code = bank.default_account_id.with_company(bank.company_id).code or ""
        account = accounts.get(same_number(code, accounts))
        return {
            "type": "F",
            "name": bank.name,
            "account_id": account and account.id,
            "currency_code": bank_currency(bank).name,
            "iban": bank.bank_account_id.acc_number,
        }

    def _reopen(self):
        """Return the action that shows this form again."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self._title(),
        }

    def _title(self):
        return self.env._("Check-list")
