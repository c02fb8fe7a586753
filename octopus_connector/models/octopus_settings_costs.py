from odoo import fields, models

from .octopus_settings_mixin import setting


class OctopusSettingsMixin(models.AbstractModel):
    """Where cost centres come from, in the settings."""

    _inherit = "octopus.settings.mixin"

    octopus_cost_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Plan of the cost centres",
        domain=[("parent_id", "=", False)],
        **setting("octopus_cost_plan_id"),
    )

    def action_octopus_cost_centres(self):
        """Show which cost centre each account of the plan is.

        :raises AccessError: the user is no Octopus administrator of the company
        """
        self.company_id._octopus_check_administrator()
        return self.env["octopus.cost.centre.mapping"].action_open_list()
