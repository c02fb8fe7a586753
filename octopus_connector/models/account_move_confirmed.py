from odoo import fields, models

from ..groups import USER


class AccountMoveConfirmed(models.Model):
    """Since when a document is confirmed, which Odoo does not keep: a draft of before
    some switch that is confirmed after it is new."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    octopus_confirmed_at = fields.Datetime(
        string="Confirmed on",
        readonly=True,
        copy=False,
        groups=USER,
        help="When it was confirmed last; empty for what was before this was kept.",
    )

    def write(self, vals):
        # EXTENDS: whichever way a document is confirmed, it passes here
        if vals.get("state") == "posted":
            self._octopus_confirmed_now()
        return super().write(vals)

    def _octopus_confirmed_now(self):
        """Keep the moment with those that are not confirmed yet."""
        new = self.filtered(lambda move: move.state != "posted")
        # Together with the state, in one statement, and whoever confirms it.
        self._fields["octopus_confirmed_at"].write(new, self.env.cr.now())
