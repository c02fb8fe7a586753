from odoo import api, models

from ..client_values import without_defaults


class OctopusDialogMixin(models.AbstractModel):
    """A dialog that the server makes, and in which a person only answers.

    What a dialog is about is the server's word: a client that could write it would
    decide about other records than those that were checked. A record rule keeps each
    dialog to who opened it (security/octopus_security.xml).
    """

    _name = "octopus.dialog.mixin"
    _description = "Octopus Dialog"

    # Names of the fields that a person fills in.
    _answers = ()

    @api.model
    def _open_dialog(self, name, values):
        """Make the dialog, and return the action that shows it.

        :param name: the title
        :param values: what it is about
        :raises AccessError: these dialogs are not for the user
        """
        self.check_access("read")
        server = without_defaults(self.sudo())
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": server.create(values).id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _has_field_access(self, field, operation):
        # EXTENDS 'base'
        if operation == "write" and not self.env.su and field.name not in self._answers:
            return False
        return super()._has_field_access(field, operation)
