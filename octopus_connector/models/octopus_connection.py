from odoo import fields, models
from odoo.fields import NO_ACCESS


class OctopusConnection(models.Model):
    """A login at Octopus: who we are there, and whether it works (A.1, K.1)."""

    _name = "octopus.connection"
    _description = "Octopus Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    name = fields.Char(required=True, default="Octopus")
    active = fields.Boolean(default=True)
    transport = fields.Selection([("rest", "REST")], required=True, default="rest")
    software_house = fields.Char(
        string="Software-house ID",
        groups="base.group_system",
        copy=False,
        help="The UUID that Octopus gives to your software. Ask support@octopus.be.",
    )
    user_name = fields.Char(string="Octopus user", groups="base.group_system", copy=False)
    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        groups="base.group_system",
        copy=False,
        help="Leave empty to keep the password that is stored.",
    )
    secret = fields.Char(groups=NO_ACCESS, copy=False)
    has_secret = fields.Boolean(compute="_compute_has_secret", compute_sudo=True)
    state = fields.Selection(
        [
            ("draft", "Not connected"),
            ("connected", "Connected"),
            ("rejected", "Login rejected"),
            ("elsewhere", "Copied database"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    problem = fields.Json(readonly=True, copy=False)
    database_uuid = fields.Char(readonly=True, copy=False)
    responsible_id = fields.Many2one("res.users", default=lambda self: self.env.user)
    last_success = fields.Datetime(readonly=True, copy=False)
    dossier_ids = fields.One2many("octopus.dossier", "connection_id")
