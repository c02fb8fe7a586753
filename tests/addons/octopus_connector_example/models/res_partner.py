from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    """A small addon for reminders, which knows of this one by its fields only."""

    _inherit = "res.partner"

    def example_to_remind(self, day):
        """Return the customers with an invoice that was due before a day, but for those
        whose payments are not known well enough.

        :param day: date
        :return: ``res.partner``
        """
        late = (
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("invoice_date_due", "<", day)
        )
        moves = self.env["account.move"].search(late)
        customers = moves.commercial_partner_id
        return customers.filtered_domain([("octopus_follow_up_held", "=", False)])
