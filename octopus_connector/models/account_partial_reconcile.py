from odoo import fields, models


class AccountPartialReconcile(models.Model):
    """A reconciliation that Octopus's match of two documents caused (X.34)."""

    _inherit = "account.partial.reconcile"

    octopus_balancing_ids = fields.Many2many(
        "octopus.balancing", "octopus_balancing_partial_rel"
    )
