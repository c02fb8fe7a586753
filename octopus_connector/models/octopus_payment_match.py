from odoo import api, fields, models

from ..core.payment_allocation import Pair


class OctopusPaymentMatch(models.Model):
    """A match that we made in Octopus: a line of a payment with a document.

    It is written down before the call. While it stands on *making* or *removing*, what
    became of the call is not known, and is read before anything else is done.
    """

    _name = "octopus.payment.match"
    _description = "Octopus Payment Match"
    _order = "payment_id, line, id"

    payment_id = fields.Many2one(
        "octopus.payment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="payment_id.company_id", store=True)
    line = fields.Integer(required=True, aggregator=None)
    booking_id = fields.Many2one(
        "octopus.booking", string="Document", required=True, index=True
    )
    octopus_number = fields.Char(related="booking_id.octopus_number", string="Octopus")
    amount = fields.Float(string="Amount (EUR)", digits=(16, 2))
    state = fields.Selection(
        [
            ("making", "Being made"),
            ("made", "Matched"),
            ("removing", "Being taken back"),
        ],
        required=True,
    )

    @api.private
    def pair(self):
        """Return what it matches with what."""
        self.ensure_one()
        return Pair(self.line, self.booking_id.id)
