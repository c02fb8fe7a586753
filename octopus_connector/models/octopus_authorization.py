from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import NO_ACCESS

# How long the set-up remembers who came back.
JUST_NOW = timedelta(minutes=2)


class OctopusAuthorization(models.Model):
    """Somebody who was sent to Octopus's own page, and has not come back yet.

    The browser brings back a signed text that names this row; a row is used once.
    Nobody has any right to it: the addon writes it in sudo.
    """

    _name = "octopus.authorization"
    _description = "Way to Octopus's own page and back"
    _rec_name = "connection_id"

    nonce = fields.Char(required=True, groups=NO_ACCESS, copy=False)
    connection_id = fields.Many2one(
        "octopus.connection", required=True, ondelete="cascade", copy=False
    )
    user_id = fields.Many2one(
        "res.users", required=True, ondelete="cascade", copy=False
    )
    setup = fields.Boolean(copy=False, help="Whether the set-up goes on afterwards.")
    used_at = fields.Datetime(copy=False)

    _nonce_uniq = models.Constraint("UNIQUE(nonce)", "A way back is used once.")

    @api.private
    def use(self):
        """Note that the way back was used; return whether it was not used before."""
        self.ensure_one()
        if self.used_at:
            return False
        self.used_at = fields.Datetime.now()
        return True

    @api.private
    @api.model
    def just_used(self):
        """Return the way, in sudo, on which the user came back to the set-up a moment
        ago; empty when there is none."""
        since = fields.Datetime.now() - JUST_NOW
        mine = [("user_id", "=", self.env.uid), ("setup", "=", True)]
        used = [("used_at", ">=", since)]
        return self.sudo().search([*mine, *used], order="used_at desc", limit=1)

    @api.autovacuum
    def _gc_authorizations(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.search([("create_date", "<", yesterday)]).unlink()
