from odoo import api, models


class AccountMoveLine(models.Model):
    """Which account a line of a document is booked on in Octopus."""

    _inherit = "account.move.line"

    def write(self, vals):
        # EXTENDS 'account'
        written = super().write(vals)
        if "analytic_distribution" in vals:
            self._octopus_note_costs()
        return written

    def _octopus_note_costs(self):
        """Look again at documents of which the cost centres changed: that is allowed
        after they were confirmed, also of what Octopus has."""
        documents = self.sudo().move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.company_id.octopus_settings().octopus_cost_plan_id
            )
        )
        documents.octopus_booking_ids.note_reposted()

    # For other addons to override (docs/extending.md)

    @api.private
    def octopus_account(self):
        """Return the ``account.account`` of which the mapping decides where one line is
        booked; its own."""
        return self.account_id
