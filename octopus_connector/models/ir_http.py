from odoo import models

from ..groups import USER


class IrHttp(models.AbstractModel):
    """The web client knows which dossiers are in shadow mode, to say so everywhere."""

    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user.has_group(USER):
            info["octopus_shadow"] = self._octopus_shadow()
        return info

    def _octopus_shadow(self):
        """Return the dossiers in shadow mode that the user sees: ``[[id, name]]``."""
        found = self.env["octopus.dossier"].search_fetch(
            [("shadow", "=", True), ("company_ids", "!=", False)], ["name"]
        )
        return [[dossier.id, dossier.name] for dossier in found]
