from odoo import models
from odoo.exceptions import UserError

from ..core.states import BOOKED, SENT


class AccountMoveCompare(models.Model):
    """Documents and their payments are compared with what Octopus has of them whenever
    somebody asks."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    def action_octopus_compare(self):
        """Compare documents with what Octopus has of them, now."""
        self._octopus_check_user()
        rows = self.octopus_booking_ids.filtered(lambda row: row.state in SENT)
        if not rows:
            raise UserError(
                self.env._("None of these documents is booked in Octopus yet.")
            )
        return rows.dossier_id.compare_now(rows)

    def action_octopus_check_payments(self):
        """Read in Octopus what was paid, and show the result."""
        self._octopus_check_user()
        rows = self.sudo().octopus_booking_ids.filtered(lambda row: row.state in BOOKED)
        if not rows:
            raise UserError(
                self.env._("None of these documents is booked in Octopus yet.")
            )
        return self.env["octopus.run"]._check_payments(rows.dossier_id)
