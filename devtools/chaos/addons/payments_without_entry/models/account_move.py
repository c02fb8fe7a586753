from odoo import api, models


class AccountMove(models.Model):
    """Documents as in Odoo's Enterprise, as far as its payments go.

    Community's accounting asks this one hook which edition it is in: where it says
    ``in_payment``, a payment needs no outstanding account, and gets no entry without
    one (see ``create`` of ``account.payment``). That is all which is imitated.
    """

    _inherit = "account.move"

    @api.model
    def _get_invoice_in_payment_state(self):
        # OVERRIDE 'account'
        return "in_payment"
