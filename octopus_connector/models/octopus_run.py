from odoo import fields, models


class OctopusRun(models.Model):
    """One run of a scheduled action or a button: who, when, what came of it (F.7, I.1)."""

    _name = "octopus.run"
    _description = "Octopus Run"
    _order = "id desc"

    kind = fields.Selection(
        [("refresh", "Refresh"), ("push", "Send"), ("pull", "Check payments")],
        required=True,
    )
    dossier_id = fields.Many2one("octopus.dossier", index=True)
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user)
    interactive = fields.Boolean(help="Asked for by a person, who is told the result.")
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
        default="running",
        required=True,
    )
    started_at = fields.Datetime(default=fields.Datetime.now)
    ended_at = fields.Datetime()
    total = fields.Integer()
    counts = fields.Json(help="Number of documents by result.")
    problem = fields.Json()
    booking_ids = fields.One2many("octopus.booking", "run_id")
