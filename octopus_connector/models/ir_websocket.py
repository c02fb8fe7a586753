from odoo import models

from ..groups import USER
from .octopus_dossier_desk import CHANGED


class IrWebsocket(models.AbstractModel):
    """Who looks at the overview hears of the dossiers that they may see."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        # EXTENDS 'bus'
        mine = self._octopus_channels(channels)
        return [*super()._build_bus_channel_list(channels), *mine]

    def _octopus_channels(self, channels):
        """Return the dossiers of all companies of the user, whichever are ticked now,
        if the client asks for them."""
        dossiers = self.env["octopus.dossier"]
        if CHANGED not in channels or not self.env.user.has_group(USER):
            return dossiers
        companies = list(self.env.user._get_company_ids())
        dossiers = dossiers.with_context(allowed_company_ids=companies)
        return dossiers.search([("company_ids", "!=", False)])
