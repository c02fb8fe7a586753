from odoo import api, fields, models


class OctopusDossierShadow(models.Model):
    """How documents of a dossier begin to go, and shadow mode: everything is prepared
    and shown, and nothing is written there.

    ``octopus.call`` refuses each call that writes; a pass prepares and goes no further.
    """

    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited

    shadow = fields.Boolean(
        string="Shadow mode",
        readonly=True,
        copy=False,
        tracking=True,
        help="Everything is prepared and shown as it would be booked, and nothing is"
        " sent to Octopus. Payments and bookings are read as ever.",
    )

    @api.private
    def ends_pass(self):
        # EXTENDS: a pass that goes on when shadow mode begins
        return self.shadow or super().ends_pass()

    def action_start(self):
        """Ask how and from when documents of the current company go.

        :raises AccessError: the user is no Octopus administrator
        """
        self.ensure_one()
        self.check_access("write")
        mine = self.sudo().company_ids
        holder = self.env.company.sudo().octopus_settings_company_id
        company = holder if holder in mine else mine[:1]
        return self.env["octopus.start"]._open_for(company)
