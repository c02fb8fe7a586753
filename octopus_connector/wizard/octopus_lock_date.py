from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..client_values import without_defaults
from ..groups import require
from ..notification import notification
from ..prepare.lock_dates import PURCHASE, SALE, TAX, YEAR, lock_dates

MAY_LOCK = "account.group_account_manager"


class OctopusLockDate(models.TransientModel):
    """A lock date of Odoo that would follow what Octopus has closed.

    Nothing is set by itself: who may change lock dates chooses among these, and Odoo
    checks it as it does ever.
    """

    _name = "octopus.lock.date"
    _description = "Lock Date to Follow Octopus"
    _inherit = ["octopus.dialog.mixin"]
    _order = "company_id, id"

    dossier_id = fields.Many2one("octopus.dossier", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    field = fields.Selection(
        [
            (SALE, "Sales"),
            (PURCHASE, "Purchases"),
            (TAX, "VAT return"),
            (YEAR, "Everything"),
        ],
        string="Lock",
        required=True,
        readonly=True,
    )
    old_date = fields.Date(string="Now", readonly=True)
    new_date = fields.Date(string="As in Octopus", readonly=True)
    reason = fields.Char(string="Why", compute="_compute_reason")
    journals = fields.Char(readonly=True)

    @api.depends("journals", "new_date")
    @api.depends_context("lang")
    def _compute_reason(self):
        for row in self:
            day = format_date(self.env, row.new_date)
            row.reason = self.env._(
                "The bookyears up to %(date)s are closed.", date=day
            )
            if row.journals:
                row.reason = self.env._(
                    "%(journals)s: closed or secured up to %(date)s.",
                    journals=row.journals,
                    date=day,
                )

    @api.model
    def _open(self, dossier):
        """Return the action that shows what would move forward, of the companies in
        which the user works.

        :param dossier: one ``octopus.dossier``
        """
        self.check_access("read")
        self._check_may_lock()
        found = lock_dates(self._companies(dossier))
        if not found:
            return notification(
                "info",
                self.env._("Lock dates"),
                self.env._(
                    "No lock date of Odoo lags behind what Octopus has closed, as it"
                    " was read last."
                ),
            )
        rows = without_defaults(self.sudo()).create(
            [self._values(dossier, each) for each in found]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lock dates as in Octopus"),
            "res_model": self._name,
            "view_mode": "list,kanban",
            "mobile_view_mode": "kanban",
            "domain": [("id", "in", rows.ids)],
            "target": "current",
        }

    def _values(self, dossier, found):
        return {
            "dossier_id": dossier.id,
            "company_id": found.company_id,
            "field": found.field,
            "old_date": found.old,
            "new_date": found.new,
            "journals": ", ".join(found.journals),
        }

    @api.model
    def _companies(self, dossier):
        return (
            dossier.sudo()
            .served()
            .filtered(lambda company: company.id in self.env.user.company_ids.ids)
        )

    @api.model
    def _check_may_lock(self):
        """Let those change lock dates whom Odoo lets.

        :raises AccessError: somebody else does
        """
        require(
            self.env,
            MAY_LOCK,
            self.env._("Only administrators of Accounting change lock dates."),
        )

    def action_accept(self):
        """Set the chosen lock dates, as far as Octopus has it closed to this day.

        :raises AccessError: the user may not, or not in one of the companies
        :raises UserError: it is not as it was shown any more, or Odoo has something
            against it
        """
        self.check_access("read")
        self._check_may_lock()
        companies = self.sudo().company_id
        companies.with_env(self.env).octopus_check_companies()
        now = {(it.company_id, it.field): it for it in lock_dates(companies)}
        for row in self.sudo():
            found = now.get((row.company_id.id, row.field))
            if not found or (found.old or False, found.new) != (
                row.old_date,
                row.new_date,
            ):
                raise UserError(
                    self.env._("It is not as it was shown any more: look at it again.")
                )
        for company, rows in self.sudo().grouped("company_id").items():
            company.write({row.field: row.new_date for row in rows})
            rows._tell()
        # They are as they should be now, and the list shows what is left.
        self.sudo().unlink()
        return notification(
            "success", self.env._("Lock dates"), self.env._("They are set.")
        )

    def _tell(self):
        """Write in the history of the dossier who set which lock dates."""
        labels = dict(self._fields["field"]._description_selection(self.env))
        for row in self:
            row.dossier_id._message_log(
                body=self.env._(
                    "Lock date of %(company)s set by %(user)s: %(lock)s, %(old)s →"
                    " %(new)s.",
                    company=row.company_id.name,
                    user=self.env.user.name,
                    lock=labels[row.field],
                    old=format_date(self.env, row.old_date) or "–",
                    new=format_date(self.env, row.new_date),
                )
            )
