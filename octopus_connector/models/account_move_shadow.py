from markupsafe import escape

from odoo import api, fields, models

from ..groups import USER


class AccountMoveShadow(models.Model):
    """A document shows what it would be booked as, in shadow mode."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    octopus_foreseen_html = fields.Html(
        string="Would be booked in Octopus",
        compute="_compute_octopus_foreseen_html",
        compute_sudo=True,
        sanitize=False,
        help="In shadow mode: where Octopus would get it, or what stands in the way.",
        groups=USER,
    )

    @api.depends("octopus_booking_id.foreseen", "octopus_booking_id.state")
    @api.depends_context("lang")
    def _compute_octopus_foreseen_html(self):
        texts = self.env["octopus.finding"]
        for move in self:
            row = move.octopus_booking_id
            move.octopus_foreseen_html = False
            if not row.shadow:
                continue
            if row.foreseen_text:
                told = self.env._(
                    "Octopus, shadow mode: would be booked in %(where)s",
                    where=row.foreseen_text,
                )
                move.octopus_foreseen_html = escape(told)
            elif row.deciding():
                move.octopus_foreseen_html = escape(texts.sentences(row.deciding()))
