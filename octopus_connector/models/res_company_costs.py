from odoo import models


class ResCompany(models.Model):
    """What follows from the choice of the analytic plan of the cost centres."""

    # A theme of its own, beside a file that is full.
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        # EXTENDS 'octopus_connector'
        before = {}
        if "octopus_cost_plan_id" in vals:
            before = {row: row.octopus_cost_plan_id for row in self.sudo()}
        written = super().write(vals)
        for company, plan in before.items():
            if company.octopus_cost_plan_id not in (plan, plan.browse()):
                company._octopus_begin_costs()
        return written

    def _octopus_begin_costs(self):
        """Have a row for each account of the plan, and read what of the dossier was not
        needed until now: its cost centres, and which accounts want one."""
        dossier = self.octopus_dossier_id
        if not dossier:
            return
        self.env["octopus.cost.centre.mapping"].propose_for(self)
        untold = dossier.account_ids.filtered(lambda row: not row.cost_centre_policy)
        if untold:
            # The feed of accounts tells those again that did not change since.
            dossier.accounts_since = False
        if dossier.refresh_cron_id.active:
            dossier.refresh_cron_id._trigger()
