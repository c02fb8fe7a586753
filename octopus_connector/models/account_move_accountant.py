from odoo import models

from ..groups import USER, require


class AccountMoveAccountant(models.Model):
    """A bookkeeper asks the accountant about a document."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    def action_octopus_ask_accountant(self):
        """Ask what somebody wants to know of the document."""
        self.ensure_one()
        self.check_access("read")
        require(
            self.env,
            USER,
            self.env._("Only Octopus users can ask the accountant."),
        )
        return self.env["octopus.accountant.ask"]._open(self)
