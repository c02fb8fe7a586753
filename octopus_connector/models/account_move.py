from odoo import fields, models

from .octopus_booking import STATES


class AccountMove(models.Model):
    """A document shows what its outbox row knows; it decides nothing itself (F.1, F.8)."""

    _inherit = "account.move"

    octopus_booking_ids = fields.One2many("octopus.booking", "move_id", copy=False)
    octopus_booking_id = fields.Many2one(
        "octopus.booking",
        string="Octopus booking",
        compute="_compute_octopus_booking_id",
        store=True,
        copy=False,
        index="btree_not_null",
    )
    octopus_state = fields.Selection(
        STATES, string="Octopus state", related="octopus_booking_id.state", store=True
    )
    octopus_number = fields.Char(
        related="octopus_booking_id.octopus_number", string="Octopus number", store=True
    )
    octopus_relation_number = fields.Integer(
        compute="_compute_octopus_relation_number",
        search="_search_octopus_relation_number",
        string="Octopus relation",
    )
