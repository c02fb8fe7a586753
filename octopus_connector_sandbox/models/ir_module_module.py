from odoo import models

ADDON = "octopus_connector_sandbox"


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self):
        """End test mode with the addon: nothing could answer its calls afterwards.

        :raises UserError: it cannot end, as somebody works in the test company
        """
        action = super().button_uninstall()
        ours = self.sudo().search([("name", "=", ADDON), ("state", "=", "to remove")])
        test = ours and self.env["octopus.sandbox"]._current()
        if test:
            test._end()
        return action
