from odoo import api, fields, models
from odoo.fields import Domain

from ..groups import SHOWN_TO
from ..prepare.follow_ups import held_for_follow_up


class AccountMoveFollowUp(models.Model):
    """Whether a customer may be reminded of a document: not while what is known of its
    payments is older than the company allows (docs/extending.md)."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    octopus_follow_up_held = fields.Boolean(
        string="Held for follow-up",
        compute="_compute_octopus_follow_up_held",
        search="_search_octopus_follow_up_held",
        compute_sudo=True,
        help="Payments are kept in Octopus, and what was read there is older than the"
        " company allows, or waits for a person: remind nobody of this document yet.",
        # Who sends reminders need not use Octopus.
        groups=SHOWN_TO,
    )

    @api.depends("payment_state", "state", "octopus_booking_id")
    def _compute_octopus_follow_up_held(self):
        held = Domain("id", "in", self._origin.ids) & held_for_follow_up(self.env)
        found = self.sudo().search(held)
        for move in self:
            move.octopus_follow_up_held = move._origin in found

    @api.model
    def _search_octopus_follow_up_held(self, operator, value):
        if operator != "in":
            return NotImplemented
        # What is searched in sudo is not asked of the user.
        self._check_field_access(self._fields["octopus_follow_up_held"], "read")
        # Whoever sees a document is not asked whether they see its row and dossier.
        held = self.sudo()._search(held_for_follow_up(self.env))
        return Domain("id", "in" if True in value else "not in", held)
