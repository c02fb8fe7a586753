from odoo import fields, models


class OctopusAccountMapping(models.Model):
    """Odoo account → Octopus account (D.6, D.8, X.11)."""

    _name = "octopus.account.mapping"
    _description = "Octopus Account Mapping"
    _inherit = ["octopus.mapping.mixin"]

    account_id = fields.Many2one(
        "account.account", required=True, index=True, ondelete="cascade"
    )
    octopus_account_id = fields.Many2one("octopus.account")

    _account_uniq = models.Constraint(
        "UNIQUE(company_id, dossier_id, account_id)",
        "An account has one mapping per company and dossier.",
    )
