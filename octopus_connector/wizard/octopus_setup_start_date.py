from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..prepare.start import default_start
from ..send.backlog import not_asked


class OctopusSetupStartDate(models.TransientModel):
    """The start in the set-up: a date is demanded, and how documents go is asked with
    the number of those it concerns."""

    _inherit = "octopus.setup"

    start_text = fields.Char(
        compute="_compute_start_text",
        compute_sudo=True,
        help="How many documents go from the start date on.",
    )

    @api.depends("company_id", "octopus_start_date")
    @api.depends_context("lang")
    def _compute_start_text(self):
        for setup in self:
            start = setup.octopus_start_date
            setup.start_text = False
            if not start:
                continue
            told = not_asked(setup.company_id, start)
            setup.start_text = self.env._(
                "Documents from %(date)s on that are not sent yet: %(count)s. None goes"
                " by itself.",
                count=told.count,
                date=format_date(self.env, start),
            )

    def _leave_dossier(self):
        # EXTENDS: a new link gets a start, to be looked at in the next step
        stays = super()._leave_dossier()
        company = self.company_id
        if company.sudo().octopus_dossier_id and not company.sudo().octopus_start_date:
            start = default_start(company.sudo().octopus_dossier_id)
            company.octopus_write_settings({"octopus_start_date": start})
        return stays

    def _leave_journals(self):
        # EXTENDS
        if not self.octopus_start_date:
            raise UserError(
                self.env._(
                    "%(company)s: choose from which date documents go to Octopus.",
                    company=self.company_id.name,
                )
            )
        return super()._leave_journals()

    def action_start(self):
        """Ask how and from when documents go."""
        self.ensure_one()
        return self.company_id.action_octopus_start()

    def action_rehearse(self):
        """Replay the documents of twelve months, without sending anything."""
        self.ensure_one()
        company = self.company_id.with_context(octopus_setup_id=self.id)
        return company.action_rehearse()
