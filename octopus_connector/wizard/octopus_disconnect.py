from odoo import api, fields, models

from ..core.states import IN_FLIGHT, OPEN, SENT
from ..sync.link_dossier import disconnect, rows_of


class OctopusDisconnect(models.TransientModel):
    """End the link of a company with its dossier, knowing what stays."""

    _name = "octopus.disconnect"
    _description = "Disconnect from Octopus"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("forget_login",)

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    dossier_id = fields.Many2one(related="company_id.octopus_dossier_id")
    booked_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    open_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    unknown_count = fields.Integer(compute="_compute_counts", compute_sudo=True)
    forget_login = fields.Boolean(
        string="Erase the password",
        help="Password and software-house ID are erased, unless another company works"
        " with the same login. They are asked for again when you link anew.",
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

    @api.model
    def _open_for(self, company):
        """Return the action that asks about the link of a company with settings."""
        company.with_env(self.env).octopus_check_companies()
        company._octopus_check_administrator()
        return self._open_dialog(
            self.env._("Disconnect from Octopus"), {"company_id": company.id}
        )

    def action_disconnect(self):
        """End the link, and show the company without it."""
        disconnect(self.company_id, self.forget_login)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
