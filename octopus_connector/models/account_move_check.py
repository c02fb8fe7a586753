from odoo import api, fields, models

from ..core.codes import BLOCK, WAIT
from ..core.states import HELD
from ..groups import USER
from ..send.check import preflight, stopped_domain

GOES, STOPS, OUT = "goes", "stops", "out"
STOPPING = (BLOCK, WAIT)


class AccountMoveCheck(models.Model):
    """Whether a document would pass, told before it is sent: on its form, and as a
    filter of lists."""

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    octopus_check = fields.Json(
        compute="_compute_octopus_check",
        groups=USER,
        help="What stands in the way of a document that was not sent yet, with where it"
        " is mended.",
    )
    octopus_will_stop = fields.Boolean(
        string="Will not pass in Octopus",
        compute="_compute_octopus_will_stop",
        search="_search_octopus_will_stop",
        groups=USER,
        help="Posted, not sent yet, and something stands in the way.",
    )

    @api.depends_context("lang", "tz", "uid")
    def _compute_octopus_check(self):
        """Tell what there is of each document, as what a widget shows::

            {
                "state": "goes" | "stops" | "out",
                "stops": how many findings stop it,
                "points": [{"code", "stops", "title", "fix", "action"}],
            }

        ``False`` of what was sent, or goes nowhere.
        """
        checked = preflight(self._origin)
        for move in self:
            goes, findings = checked.get(move._origin.id, (False, []))
            told = [finding.as_json() for finding in findings]
            told = move._origin._octopus_held_by(told) + told
            move.octopus_check = move._octopus_check_of(goes, told)

    def _octopus_held_by(self, told):
        """Return what else stopped a document when it was sent last, as JSON: what
        Octopus refused is not found here."""
        row = self.octopus_booking_id
        if row.state not in HELD:
            return []

        def key(found):
            return (found["code"], *(found.get("ids") or ()))

        known = {key(found) for found in told}
        return [
            found
            for found in row.findings or ()
            if found["severity"] in STOPPING and key(found) not in known
        ]

    def _octopus_check_of(self, goes, told):
        if not goes and not told:
            return False
        points = [self._octopus_point(found) for found in told]
        stops = sum(point["stops"] for point in points)
        state = (STOPS if stops else GOES) if goes else OUT
        return {"state": state, "stops": stops, "points": points}

    def _octopus_point(self, found):
        texts = self.env["octopus.finding"]
        told = texts._texts(found)
        return {
            "code": found["code"],
            "stops": found["severity"] in STOPPING,
            "title": told["title"],
            "fix": texts._advice(found["code"], told),
            # What is mended on the document itself is before one's eyes.
            "action": found.get("model") != self._name and texts.action_of(found),
        }

    def _compute_octopus_will_stop(self):
        found = self.search([("octopus_will_stop", "=", True), ("id", "in", self.ids)])
        for move in self:
            move.octopus_will_stop = move._origin in found

    @api.model
    def _search_octopus_will_stop(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = stopped_domain(self.env)
        return found if True in value else ~found
