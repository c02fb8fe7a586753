from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from ..groups import SHOWN_TO
from ..prepare.follow_ups import held_for_follow_up


def _in_sudo(domain, model, alias, query):
    """Return a domain as SQL of the query itself, in which it finds an index; whoever
    sees a document is not asked whether they see its row and dossier."""
    records = model.sudo()
    return domain.optimize_full(records)._to_sql(records, alias, query)


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
        " company allows, waits for a person, or was left as it is by somebody. Octopus"
        " may have this document as paid: remind nobody of it. To remind all the same,"
        " untick No Follow-Up on it.",
        # Who sends reminders need not use Octopus.
        groups=SHOWN_TO,
    )

    # Of what is open, as a list shows it.
    _octopus_open_idx = models.Index(
        "(date DESC, name DESC, invoice_date DESC, id DESC)"
        " WHERE octopus_state IN ('booked', 'changed', 'differs')"
        " AND payment_state IN ('not_paid', 'partial')"
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
        held = held_for_follow_up(self.env)
        if held.is_false():
            return ~held if False in value else held
        found = Domain.custom(to_sql=partial(_in_sudo, held))
        return found if True in value else ~found
