from odoo import fields, models


class AccountPayment(models.Model):
    """A payment that came from Octopus carries its evidence (G.3)."""

    _inherit = "account.payment"

    octopus_balancing_ids = fields.One2many(
        "octopus.balancing", "payment_id", copy=False
    )
