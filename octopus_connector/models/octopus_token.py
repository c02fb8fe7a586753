from odoo import api, fields, models
from odoo.fields import NO_ACCESS

# Days that a refresh token is good for (docs/octopus.md §1).
REFRESH_DAYS = 60


class OctopusToken(models.Model):
    """What a user allowed a connection on Octopus's own page.

    Nobody has any right to it, whatever group they are in, and it has no screen: only
    the addon reads it, in sudo. It is written in transactions of their own
    (``sync.oauth``), because what Octopus gave must not be lost with another error.
    """

    _name = "octopus.token"
    _description = "Octopus Token"
    _rec_name = "connection_id"

    connection_id = fields.Many2one(
        "octopus.connection", required=True, ondelete="cascade", copy=False
    )
    permission = fields.Char(
        required=True,
        groups=NO_ACCESS,
        copy=False,
        help="Another one each time that access is given: tokens that a process holds"
        " of the one before are not used any more.",
    )
    refresh_token = fields.Char(required=True, groups=NO_ACCESS, copy=False)
    access_token = fields.Char(groups=NO_ACCESS, copy=False)
    access_until = fields.Datetime(copy=False)
    refreshed_at = fields.Datetime(
        required=True, copy=False, help="When the access was used last to keep it."
    )
    ends_at = fields.Datetime(
        required=True,
        copy=False,
        help="When the access ends: 60 days after the refresh token came.",
    )
    told_end = fields.Datetime(
        copy=False, help="The end of which the responsible was told."
    )

    _connection_uniq = models.Constraint(
        "UNIQUE(connection_id)", "A connection has one permission at a time."
    )

    @api.model
    def _values_of(self, grant):
        """Return the values of what Octopus gave, as far as it gave it.

        :param grant: ``api.oauth.Grant``
        """
        now = fields.Datetime.now()
        values = {
            "access_token": grant.access_token,
            "access_until": fields.Datetime.add(now, seconds=grant.lifetime),
            "refreshed_at": now,
        }
        if grant.refresh_token:
            values["refresh_token"] = grant.refresh_token
            values["ends_at"] = fields.Datetime.add(now, days=REFRESH_DAYS)
        return values

    @api.private
    def note_grant(self, grant):
        """Keep what came of a refresh.

        :param grant: ``api.oauth.Grant``
        """
        self.ensure_one()
        self.write(self._values_of(grant))

    @api.private
    @api.model
    def replace_permission(self, connection_id, permission, grant):
        """Keep a new permission in the place of the one before.

        :param connection_id: id of an ``octopus.connection``
        :param permission: text that is unlike any before
        :param grant: ``api.oauth.Grant``, with a refresh token
        """
        self.search([("connection_id", "=", connection_id)]).unlink()
        self.create(
            {
                "connection_id": connection_id,
                "permission": permission,
                **self._values_of(grant),
            }
        )

    @api.private
    def seconds_left(self):
        """Return how long the access token is still good for, 0 when there is none."""
        if not self.access_token or not self.access_until:
            return 0.0
        return (self.access_until - fields.Datetime.now()).total_seconds()
