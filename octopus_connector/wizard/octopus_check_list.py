from odoo import api, fields, models


class OctopusCheckList(models.TransientModel):
    """The check-list of a dossier, for each company that books in it."""

    _name = "octopus.check.list"
    _description = "Check-list of a Dossier"
    _inherit = ["octopus.dialog.mixin", "octopus.checks.mixin"]
    _answers = ("company_id",)

    dossier_id = fields.Many2one("octopus.dossier", readonly=True, required=True)
    company_ids = fields.Many2many(
        "res.company",
        compute="_compute_company_ids",
        help="The companies whose documents go to this dossier.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        domain="[('id', 'in', company_ids)]",
        help="The company whose documents are looked at.",
    )

    @api.depends("dossier_id")
    def _compute_company_ids(self):
        for form in self:
            companies = form.dossier_id.sudo().company_ids
            form.company_ids = companies & self.env.user.company_ids

    @api.model
    def _open_for_dossier(self, dossier):
        """Return the action that shows the list of a dossier, for the current company
        if it books there."""
        dossier.check_access("read")
        companies = dossier.sudo().company_ids & self.env.user.company_ids
        current = companies & self.env.company.sudo().octopus_settings_company_id
        company = (current or companies)[:1] or self.env.company
        values = {"dossier_id": dossier.id, "company_id": company.id}
        return self._open_dialog(self.env._("Check-list"), values)
