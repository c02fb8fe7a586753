from dataclasses import replace
from datetime import timedelta

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..api.auth import PasswordLogin
from ..core import codes
from ..core.findings import Finding, FindingError
from ..core.refusals import finding_of_error
from ..groups import MANAGER
from ..prepare.responsible import responsible_for
from ..sync.access import try_dossiers
from ..sync.oauth import begin, login_of, return_url, token_of

# How long before its end somebody is told of it.
TOLD_BEFORE = timedelta(days=10)
ENDS_ACTIVITY = "mail.mail_activity_data_todo"


class OctopusConnection(models.Model):
    """By which way a connection logs in: a password, or access that a user gave on
    Octopus's own page."""

    _inherit = "octopus.connection"

    login_way = fields.Selection(
        [
            ("password", "User and password"),
            ("oauth", "Octopus's own page (OAuth)"),
        ],
        string="Log in with",
        required=True,
        default="password",
        tracking=True,
        help="On Octopus's own page you log in there and give access: Odoo then stores"
        " no password. It needs REST.",
    )
    access_until = fields.Datetime(
        string="Access until",
        compute="_compute_access_until",
        compute_sudo=True,
        help="Until when Octopus gives access without anybody doing anything. The"
        " responsible is told ten days before.",
    )
    return_url = fields.Char(
        string="Address of return",
        compute="_compute_return_url",
        help="Octopus must know this address (redirect URL) of the software-house ID:"
        " name it when you ask for the ID.",
    )
    login_name = fields.Char(
        string="Works as",
        compute="_compute_login_name",
        compute_sudo=True,
        groups=MANAGER,
        help="The Octopus user whose rights the connection has.",
    )

    @api.constrains("login_way", "transport")
    def _check_login_way(self):
        self.filtered(lambda row: row.login_way == "oauth").check_page_is_possible()

    @api.private
    def check_page_is_possible(self):
        """Refuse Octopus's own page where it cannot be used.

        :raises ValidationError: a connection is over SOAP
        """
        for connection in self:
            if connection.transport == "soap":
                raise ValidationError(
                    self.env._(
                        "%(connection)s: Octopus's own page (OAuth) needs REST. Over"
                        " SOAP, log in with user and password.",
                        connection=connection.name,
                    )
                )

    @api.depends("login_way", "state")
    def _compute_access_until(self):
        for connection in self:
            by_page = connection.login_way == "oauth"
            token = token_of(connection) if by_page else self.env["octopus.token"]
            connection.access_until = token.ends_at

    def _compute_return_url(self):
        self.return_url = return_url(self.env)

    @api.depends("login_way", "user_name", "whoami", "state")
    @api.depends_context("lang")
    def _compute_login_name(self):
        untold = self.env._("Octopus does not tell its name")
        for connection in self:
            if connection.login_way == "password":
                connection.login_name = connection.user_name
            elif connection.state == "connected":
                connection.login_name = connection.whoami or untold
            else:
                connection.login_name = False

    @api.private
    def told_login(self):
        """Return in one line which login this is: name, way, user, dossiers."""
        self.ensure_one()
        ways = dict(self._fields["login_way"]._description_selection(self.env))
        opened = self.env["octopus.dossier"].search_fetch(
            [("connection_id", "=", self.id), ("unlisted_since", "=", False)], ["name"]
        )
        facts = {
            "name": self.name,
            "way": ways[self.login_way],
            "user": self.sudo().login_name or "–",
            "dossiers": ", ".join(opened.mapped("name")) or "–",
        }
        return self.env._(
            "%(name)s: %(way)s, as %(user)s. Opens: %(dossiers)s.", **facts
        )

    @api.private
    def has_login(self):
        """Whether everything is there that a login needs."""
        self.ensure_one()
        connection = self.sudo()
        if connection.login_way == "oauth":
            return bool(connection.software_house and token_of(connection))
        return bool(
            connection.software_house and connection.user_name and connection.secret
        )

    def _login(self, call_log):
        secret = self.sudo()
        if secret.login_way == "oauth":
            return login_of(self, call_log)
        return PasswordLogin(
            secret.software_house or "", secret.user_name or "", secret.secret or ""
        )

    @api.private
    def finding_of(self, error):
        """Return the ``Finding`` that an error of a call with this login stands for.

        :param error: ``OctopusError``
        """
        finding = finding_of_error(error, connection=self.name)
        if finding.code == codes.LOGIN_REJECTED and self.sudo().login_way == "oauth":
            return replace(finding, code=codes.ACCESS_REJECTED)
        return finding

    @api.private
    def tell_end_of_access(self, token):
        """Tell the responsible once, ten days before, that the access ends.

        :param token: its ``octopus.token``, in sudo
        """
        self.ensure_one()
        if token.ends_at - TOLD_BEFORE > fields.Datetime.now():
            # It lasts longer than it seemed.
            self.forget_end_of_access()
            return
        if token.told_end == token.ends_at:
            return
        token.told_end = token.ends_at
        user = responsible_for(self)
        record = self.with_context(lang=user.lang)
        facts = {"connection": self.name, "date": token.ends_at.date()}
        finding = Finding(codes.ACCESS_ENDS, facts).as_json()
        texts = record.env["octopus.finding"]._texts(finding)
        record.activity_schedule(
            ENDS_ACTIVITY,
            date_deadline=token.ends_at.date(),
            user_id=user.id,
            summary=texts["title"],
            note=escape(texts["fix"]),
        )

    @api.private
    def forget_end_of_access(self):
        """Take away what was told of an end that is no longer near."""
        self.sudo().activity_unlink([ENDS_ACTIVITY])

    @api.private
    def test_branches(self):
        """Try each dossier in which companies and branches book.

        :return: ``octopus.dossier`` that do not open, and a line for each dossier, in
            words
        """
        tested, untold = try_dossiers(self)
        tested = tested.with_env(self.env)
        texts = self.env["octopus.finding"]
        closed = tested.filtered(lambda row: row.connection_state == "no_access")
        lines = [
            self.env._(
                "%(companies)s: %(dossier)s: %(access)s.",
                companies=", ".join(row.served().mapped("name")),
                dossier=row.display_name,
                access=texts._texts(untold[row])["title"]
                if row in untold
                else row.access_text,
            )
            for row in tested
        ]
        return closed, lines

    def action_connect_with_octopus(self):
        """Open Octopus's own page, on which the user logs in and gives access."""
        self.ensure_one()
        self.check_access("write")
        return self.go_to_octopus()

    @api.private
    def go_to_octopus(self, setup=False):
        """Return the action that opens Octopus's own page.

        :param setup: the set-up goes on afterwards
        :raises UserError: this database or the connection may not be used
        """
        try:
            address = begin(self, setup)
        except FindingError as error:
            told = self.env["octopus.finding"].sentences(error.findings[0].as_json())
            raise UserError(told) from None
        return {"type": "ir.actions.act_url", "url": address, "target": "self"}
