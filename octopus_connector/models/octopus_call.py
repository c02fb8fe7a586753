from odoo import fields, models


class OctopusCall(models.Model):
    """Every call that was made: log and quota ledger in one (Z.10, Z.22).

    Rows are written in a transaction of their own, before the call, so they hold
    plain numbers rather than references to rows that may not be committed yet.
    """

    _name = "octopus.call"
    _description = "Octopus Call"
    _order = "id desc"

    date = fields.Datetime(required=True, index=True, default=fields.Datetime.now)
    connection_ref = fields.Integer(index=True)
    dossier_number = fields.Integer(index=True)
    operation = fields.Char(required=True)
    quota_key = fields.Char()
    quota_day = fields.Date(help="Day in Brussels, as Octopus counts.")
    is_write = fields.Boolean()
    document = fields.Char()
    run_ref = fields.Integer(index=True)
    user_id = fields.Many2one("res.users")
    outcome = fields.Char(help="Empty while no answer came.")
    http_status = fields.Integer()
    error_code = fields.Integer()
    technical = fields.Char()
    duration_ms = fields.Integer()

    _quota_idx = models.Index("(dossier_number, quota_key, quota_day)")
