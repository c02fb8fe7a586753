from odoo import api, models

# The block of Odoo's settings that is shown here as it stands there.
BLOCK = "octopus_connector.res_config_settings_view_form_octopus"


class OctopusSettings(models.TransientModel):
    """The settings of Octopus for its administrators, who need not be those of Odoo."""

    _name = "octopus.settings"
    _description = "Octopus Settings"
    _inherit = ["octopus.settings.mixin"]

    @api.depends("company_id")
    def _compute_display_name(self):
        for settings in self:
            settings.display_name = settings.company_id.display_name

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the settings as the block of Odoo's settings does: there is one page of
        them, and two ways to it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        places = arch.xpath("//div[@name='octopus_settings']")
        if places:
            block = self.env.ref(BLOCK).sudo()._get_combined_arch()
            [settings] = block.xpath("//block[@id='octopus_settings']")
            places[0].extend(settings)
        return arch, view

    def action_save(self):
        """Show what was saved: the button saved it."""
        self.check_access("write")
        return {"type": "ir.actions.client", "tag": "soft_reload"}
