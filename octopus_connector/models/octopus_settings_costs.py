from odoo import api, fields, models

from ..prepare.deferrals import has_deferrals
from ..prepare.intrastat import has_intrastat
from .octopus_settings_mixin import setting


class OctopusSettingsMixin(models.AbstractModel):
    """Where cost centres come from, whether lines that run over time are spread by
    Octopus, and whether it is told of goods that cross a border, in the settings."""

    # A theme of its own, beside a file that is full.
    _inherit = "octopus.settings.mixin"  # pylint: disable=consider-merging-classes-inherited

    octopus_cost_plan_id = fields.Many2one(
        "account.analytic.plan",
        string="Plan of the cost centres",
        domain=[("parent_id", "=", False)],
        **setting("octopus_cost_plan_id"),
    )
    octopus_has_deferrals = fields.Boolean(compute="_compute_octopus_has_deferrals")
    octopus_deferrals = fields.Selection(
        lambda self: self._octopus_selection("octopus_deferrals"),
        string="Deferred lines",
        **setting("octopus_deferrals"),
    )
    octopus_sale_deferral_account_id = fields.Many2one(
        "octopus.account",
        string="Deferred income",
        **setting("octopus_sale_deferral_account_id"),
    )
    octopus_purchase_deferral_account_id = fields.Many2one(
        "octopus.account",
        string="Deferred charges",
        **setting("octopus_purchase_deferral_account_id"),
    )

    octopus_has_intrastat = fields.Boolean(compute="_compute_octopus_has_intrastat")
    octopus_intrastat = fields.Boolean(
        string="Intrastat details", **setting("octopus_intrastat")
    )

    @api.depends("company_id")
    def _compute_octopus_has_intrastat(self):
        """Tell whether documents have such details: in Odoo Enterprise they do."""
        self.octopus_has_intrastat = has_intrastat(self.env)

    @api.depends("company_id")
    def _compute_octopus_has_deferrals(self):
        """Tell whether lines have days at all: in Odoo Enterprise they do."""
        self.octopus_has_deferrals = has_deferrals(self.env)

    def action_octopus_cost_centres(self):
        """Show which cost centre each account of the plan is.

        :raises AccessError: the user is no Octopus administrator of the company
        """
        self.company_id._octopus_check_administrator()
        return self.env["octopus.cost.centre.mapping"].action_open_list()
