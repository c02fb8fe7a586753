from markupsafe import escape

from odoo import api, fields, models


class OctopusSettingsMixin(models.AbstractModel):
    """By which login a company is linked, and until when documents go."""

    _inherit = "octopus.settings.mixin"  # pylint: disable=consider-merging-classes-inherited

    octopus_login_html = fields.Html(
        string="Login",
        compute="_compute_octopus_login_html",
        sanitize=False,
        help="The login that is used: by which way, with which Octopus user, and for"
        " which dossiers.",
    )
    octopus_end_date = fields.Date(
        string="No documents from",
        compute="_compute_octopus_end_date",
        help="From that day on documents do not go to Octopus; earlier ones do. Change"
        " it with Disconnect.",
    )

    @api.depends("company_id")
    def _compute_octopus_end_date(self):
        for settings in self:
            settings.octopus_end_date = (
                settings.company_id.sudo().octopus_settings_company_id.octopus_end_date
            )

    @api.depends("octopus_dossier_id")
    @api.depends_context("lang")
    def _compute_octopus_login_html(self):
        """Tell it to who may see the login; the others see its name."""
        for settings in self:
            login = settings.octopus_dossier_id.sudo().connection_id
            # What is searched for is looked at by the database.
            connection = self.env["octopus.connection"].search([("id", "=", login.id)])
            settings.octopus_login_html = connection and escape(connection.told_login())
