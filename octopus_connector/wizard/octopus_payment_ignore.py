from odoo import api, fields, models


class OctopusPaymentIgnore(models.TransientModel):
    """Leave questions about payments as they are, for a reason that stays."""

    _name = "octopus.payment.ignore"
    _description = "Leave as it is"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("reason",)

    question_ids = fields.Many2many("octopus.payment.question", readonly=True)
    reason = fields.Char()

    @api.model
    def _open(self, questions):
        """Return the action that asks for the reason."""
        questions.check_access("read")
        return self._open_dialog(
            self.env._("Leave as it is"), {"question_ids": questions.ids}
        )

    def action_ignore(self):
        """Leave the questions; they come back when they become others."""
        self.question_ids._ignore(self.reason)
