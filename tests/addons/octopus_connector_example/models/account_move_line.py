from odoo import models


class AccountMoveLine(models.Model):
    """What is given away is booked on an account of its own."""

    _inherit = "account.move.line"

    def octopus_account(self):
        # OVERRIDES 'octopus_connector'
        account = super().octopus_account()
        if not (self.name or "").startswith("Given away"):
            return account
        named = [("code", "=", "643000"), ("company_ids", "in", self.company_id.ids)]
        return account.search(named, limit=1) or account
