import json

from odoo import api, fields, models
from odoo.fields import Domain

from ..groups import MANAGER


class OctopusLogMixin(models.AbstractModel):
    """The way from a row of the outbox to what was said for it, and to where it
    failed."""

    _name = "octopus.log.mixin"
    _description = "Octopus Log of a Row"

    trace = fields.Text(
        string="Where it failed",
        readonly=True,
        copy=False,
        groups=MANAGER,
        help="What support needs of an error that nobody foresaw.",
    )
    payload_text = fields.Text(
        string="What was sent",
        compute="_compute_payload_text",
        groups=MANAGER,
        help="The booking as it left, with Octopus's own names of its parts.",
    )
    call_count = fields.Integer(
        string="Calls",
        compute="_compute_call_count",
        groups=MANAGER,
        help="Calls that were made for this row and are still in the log.",
    )

    @api.depends("payload")
    def _compute_payload_text(self):
        for row in self:
            text = json.dumps(row.payload, indent=2, ensure_ascii=False, sort_keys=True)
            row.payload_text = row.payload and text

    def _compute_call_count(self):
        counts = self.env["octopus.call"]._read_group(
            self._calls(), ["res_id"], ["__count"]
        )
        by_row = dict(counts)
        for row in self:
            row.call_count = by_row.get(row.id, 0)

    def _calls(self):
        return Domain("res_model", "=", self._name) & Domain("res_id", "in", self.ids)

    def action_open_calls(self):
        """Open the calls that were made for these rows.

        :raises AccessError: the user may not read the log
        """
        self.check_access("read")
        calls = self.env["octopus.call"]
        calls.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_call"
        )
        return {**action, "domain": list(self._calls())}
