from odoo import api, models


class AccountMoveLine(models.Model):
    """Which account a line of a document is booked on in Octopus."""

    _inherit = "account.move.line"

    # For other addons to override (docs/extending.md)

    @api.private
    def octopus_account(self):
        """Return the ``account.account`` of which the mapping decides where one line is
        booked; its own."""
        return self.account_id
