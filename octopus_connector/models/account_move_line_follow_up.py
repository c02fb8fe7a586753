from odoo import fields, models

from ..groups import USER


class AccountMoveLineFollowUp(models.Model):
    """An item that Odoo's reminders leave out while its document is held."""

    _inherit = "account.move.line"  # pylint: disable=consider-merging-classes-inherited

    octopus_no_followup = fields.Boolean(
        string="Reminders held for Octopus",
        readonly=True,
        copy=False,
        help="No Follow-Up was ticked as it is not known well enough whether the"
        " document is paid; it is unticked by itself when it is.",
        groups=USER,
    )

    _octopus_no_followup_idx = models.Index("(id) WHERE octopus_no_followup")

    def copy_data(self, default=None):
        # EXTENDS 'account': a copy is held for itself, or not at all
        found = super().copy_data(default)
        for line, values in zip(self.sudo(), found, strict=True):
            if line.octopus_no_followup:
                values.pop("no_followup", None)
        return found
