from odoo import api, fields, models

from ..core.states import IN_FLIGHT, OPEN, SENT
from ..sync.link_dossier import disconnect, rows_of


class OctopusDisconnect(models.TransientModel):
    """End the link of a company with its dossier, knowing what stays."""

    _name = "octopus.disconnect"
    _description = "Disconnect from Octopus"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("forget_login", "scope", "end_date")

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    dossier_id = fields.Many2one(related="company_id.octopus_dossier_id")
    booked_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    open_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    unknown_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    scope = fields.Selection(
        [
            ("all", "Nothing is sent or read any more"),
            ("date", "Only documents from a date on are not sent any more"),
        ],
        string="What ends",
        required=True,
        default="all",
        help="With a date, what is dated before it goes on: late documents are sent,"
        " and payments are followed.",
    )
    end_date = fields.Date(
        string="No documents from",
        help="Documents dated on this day or later are not sent any more. Empty: there"
        " is no such day, and all go again.",
    )
    later_count = fields.Integer(
        compute="_compute_later_count",
        compute_sudo=True,
        help="Documents dated on that day or later that are in Octopus already: they"
        " stay there, and are followed.",
    )
    forget_login = fields.Boolean(
        string="Erase the login",
        help="Password, access and software-house ID are erased, unless another company"
        " works with the same login. They are asked for again when you link anew.",
    )

    @api.depends("company_id")
    def _compute_counts(self):
        for wizard in self:
            company, dossier = wizard.company_id, wizard.dossier_id
            for name, states in (
                ("booked_count", SENT),
                ("open_count", OPEN),
                ("unknown_count", IN_FLIGHT),
            ):
                wizard[name] = len(rows_of(company, dossier, states))

    @api.depends("company_id", "end_date")
    def _compute_later_count(self):
        for wizard in self:
            booked = rows_of(wizard.company_id, wizard.dossier_id, SENT)
            wizard.later_count = len(
                booked.filtered(
                    lambda row, end=wizard.end_date: end and row.move_id.date >= end
                )
            )

    @api.model
    def _open_for(self, company):
        """Return the action that asks about the link of a company with settings."""
        company.with_env(self.env).octopus_check_companies()
        company._octopus_check_administrator()
        return self._open_dialog(
            self.env._("Disconnect from Octopus"),
            {
                "company_id": company.id,
                "scope": "date" if company.sudo().octopus_end_date else "all",
                "end_date": company.sudo().octopus_end_date,
            },
        )

    def action_disconnect(self):
        """End the link, and show the company without it."""
        if self.scope == "date":
            self.company_id.octopus_end_on(self.end_date)
        else:
            disconnect(self.company_id, self.forget_login)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
