from odoo import api, fields, models
from odoo.fields import Domain

from ..groups import SHOWN_TO
from ..prepare.follow_ups import held_for_follow_up


class ResPartnerFollowUp(models.Model):
    """Whether a customer may be reminded: not while a document of theirs is held."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    octopus_follow_up_held = fields.Boolean(
        string="Held for follow-up",
        compute="_compute_octopus_follow_up_held",
        search="_search_octopus_follow_up_held",
        compute_sudo=True,
        help="What is known of the payments of an open invoice is too old, waits for a"
        " person, or was left as it is by somebody: look at its payments before a"
        " reminder is sent.",
        # Who sends reminders need not use Octopus.
        groups=SHOWN_TO,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids")
    def _compute_octopus_follow_up_held(self):
        theirs = Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
        held = self._octopus_held(theirs)
        for partner in self:
            partner.octopus_follow_up_held = partner.commercial_partner_id in held

    @api.model
    def _search_octopus_follow_up_held(self, operator, value):
        if operator != "in":
            return NotImplemented
        # What is searched in sudo is not asked of the user.
        self._check_field_access(self._fields["octopus_follow_up_held"], "read")
        ids = self._octopus_held(Domain.TRUE).ids
        found = Domain("commercial_partner_id", "in", ids)
        return found if True in value else ~found

    def _octopus_held(self, theirs):
        """Return the companies and persons with a document that is held, in the
        companies that are switched on."""
        groups = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                held_for_follow_up(self.env)
                & Domain("company_id", "in", self.env.companies.ids)
                & theirs,
                ["commercial_partner_id"],
            )
        )
        return self.env["res.partner"].sudo().union(*(row for [row] in groups))
