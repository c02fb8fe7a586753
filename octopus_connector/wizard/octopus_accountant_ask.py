from odoo import api, fields, models

from ..notification import notification


class OctopusAccountantAsk(models.TransientModel):
    """Ask the accountant something about a document."""

    _name = "octopus.accountant.ask"
    _description = "Ask the Accountant"
    _inherit = ["octopus.dialog.mixin"]

    _answers = ("question",)

    move_id = fields.Many2one(
        "account.move", string="Document", required=True, readonly=True
    )
    question = fields.Text()

    @api.model
    def _open(self, move):
        """Return the action that asks what somebody wants to know of a document."""
        return self._open_dialog(self.env._("Ask the accountant"), {"move_id": move.id})

    def action_ask(self):
        """Put the question on the accountant's page."""
        self.ensure_one()
        self.move_id.check_access("read")
        questions = self.env["octopus.accountant.question"]
        asked = questions.ask(self.move_id, self.question)
        links = self.env["octopus.accountant.link"].usable(asked.dossier_id)
        text = self.env._(
            "It stands on the accountant's page; you are told the answer."
        )
        if not links:
            text = self.env._(
                "Nobody has a link to the accountant's page yet: an Octopus"
                " administrator makes one under Octopus > Accountant."
            )
        kind = "success" if links else "warning"
        told = notification(kind, self.env._("Asked"), text, sticky=not links)
        told["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return told
