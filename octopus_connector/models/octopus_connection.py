from contextlib import contextmanager
from datetime import timedelta

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import LazyTranslate

from ..api.client import OctopusClient
from ..api.connect import TRANSPORTS, transport_to
from ..api.errors import (
    OctopusAccessError,
    OctopusAuthError,
)
from ..call_log import TOKENS, CallLog, GuardedTransport, SupportCallLog
from ..core import codes
from ..core.findings import Finding
from ..groups import MANAGER
from ..notification import notification
from ..prepare.database_check import database_differences, remember_database
from ..prepare.responsible import responsible_for
from ..sync.login import confirm_database, connect
from ..sync.oauth import forget
from ..sync.scheduled import activate_crons, go_on
from ..work_time import work_time

_lt = LazyTranslate(__name__)

# Addresses of the service, which only administrators may change.
URL_PARAMETERS = {
    "rest": "octopus_connector.rest_url",
    "soap": "octopus_connector.soap_url",
}
STATES = [
    ("draft", "Not connected"),
    ("connected", "Connected"),
    ("rejected", "Login rejected"),
    ("elsewhere", "Perhaps a copy"),
]
# A dossier may be closed to a login that works.
STATES_OF_DOSSIER = [*STATES, ("no_access", "No access")]
WARNING_ACTIVITY = "mail.mail_activity_data_warning"
# How many hours a support mode lasts.
SUPPORT_PARAMETER = "octopus_connector.support_hours"
SUPPORT_HOURS = 24
# What is not shown in the history, but that it was entered is.
LOGIN = {"software_house", "user_name", "password"}
FACT_NAMES = {
    "uuid": _lt("Odoo's number of the database"),
    "name": _lt("Name of the database"),
    "oid": _lt("PostgreSQL's number of the database"),
    "server": _lt("PostgreSQL server"),
    "timeline": _lt("History of the PostgreSQL server"),
    "host": _lt("Address (web.base.url)"),
}


class OctopusConnection(models.Model):
    """A login at Octopus: who we are there, and whether it works."""

    _name = "octopus.connection"
    _description = "Octopus Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _octopus_filled_in = frozenset(
        (
            "name",
            "active",
            "transport",
            "login_way",
            "software_house",
            "user_name",
            "password",
            "responsible_id",
        )
    )

    name = fields.Char(required=True, default="Octopus")
    active = fields.Boolean(default=True, tracking=True)
    transport = fields.Selection(
        [("rest", "REST (usual)"), ("soap", "SOAP (older)")],
        string="Web service",
        required=True,
        default="rest",
        tracking=True,
        help="Choose SOAP only if Octopus or your accountant gave you access to the"
        " older SOAP web service and not to REST.",
    )
    software_house = fields.Char(
        string="Software-house ID",
        groups=MANAGER,
        copy=False,
        help="The UUID that Octopus gives to your software. Ask support@octopus.be.",
    )
    user_name = fields.Char(
        string="Octopus user",
        groups=MANAGER,
        copy=False,
        help="Make a user in Octopus for this link only: when a person changes the"
        " password of their own user, the link would stop working.",
    )
    password = fields.Char(
        compute="_compute_password",
        inverse="_inverse_password",
        groups=MANAGER,
        copy=False,
        help="Leave empty to keep the password that is stored.",
    )
    secret = fields.Char(groups=NO_ACCESS, copy=False)
    has_secret = fields.Boolean(
        string="Password stored", compute="_compute_has_secret", compute_sudo=True
    )
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    problem = fields.Json(readonly=True, copy=False)
    problem_html = fields.Html(compute="_compute_problem_html", sanitize=False)
    whoami = fields.Char(
        string="Logged in as",
        readonly=True,
        copy=False,
        groups=MANAGER,
        help="What Octopus tells about the user of this login.",
    )
    looks_personal = fields.Boolean(
        compute="_compute_looks_personal", compute_sudo=True
    )
    # The database that was connected: {name, oid, server, timeline, hosts}, see
    # ``database.remember``. Of an earlier version only the uuid is known.
    database_facts = fields.Json(readonly=True, copy=False)
    database_uuid = fields.Char(readonly=True, copy=False)
    database_doubt = fields.Text(
        string="Not as it was",
        compute="_compute_database_doubt",
        compute_sudo=True,
        help="What is different from the database that was connected.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        tracking=True,
        help="Is told when the login does not work any more.",
    )
    last_success = fields.Datetime(compute="_compute_last_success", compute_sudo=True)
    dossier_ids = fields.One2many("octopus.dossier", "connection_id")
    support_until = fields.Datetime(
        string="Support mode until",
        readonly=True,
        copy=False,
        help="Until then the call log also keeps what is sent and received, without"
        " passwords, tokens, account numbers and files.",
    )
    in_support = fields.Boolean(compute="_compute_in_support", compute_sudo=True)

    @api.depends("secret")
    def _compute_has_secret(self):
        for connection in self:
            connection.has_secret = bool(connection.secret)

    @api.depends("user_name")
    def _compute_looks_personal(self):
        """Tell a name that looks like a person's own: a user of its own is safer."""
        for connection in self:
            name = (connection.user_name or "").lower()
            service = any(word in name for word in ("odoo", "link", "api", "connect"))
            connection.looks_personal = bool(name) and not service

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_html(self):
        for connection in self:
            problem = connection.problem
            connection.problem_html = self.env["octopus.finding"]._html(
                [problem] if problem else []
            )

    @api.depends("support_until")
    def _compute_in_support(self):
        now = fields.Datetime.now()
        for connection in self:
            until = connection.support_until
            connection.in_support = bool(until) and until > now

    def _compute_last_success(self):
        rows = self.env["octopus.call"]._read_group(
            [("connection_ref", "in", self.ids), ("outcome", "in", ("ok", "nothing"))],
            ["connection_ref"],
            ["date:max"],
        )
        latest = dict(rows)
        for connection in self:
            connection.last_success = latest.get(connection.id)

    @api.depends("database_uuid", "database_facts")
    @api.depends_context("lang")
    def _compute_database_doubt(self):
        """Say, a line for each fact, why this may be a copy; nothing when it is not."""
        lines = [
            self.env._(
                "%(fact)s: was %(before)s, is %(now)s",
                fact=self.env._(FACT_NAMES[fact]),
                before=before or self.env._("not known"),
                now=now or self.env._("not known"),
            )
            for fact, (before, now) in database_differences(self.env).items()
        ]
        self.database_doubt = "\n".join(lines)

    # CRUD, inherited methods

    def _compute_password(self):
        """Give nothing back: the password goes in only."""
        self.password = False

    def _inverse_password(self):
        for connection in self.filtered("password"):
            connection.sudo().secret = connection.password

    def write(self, vals):
        entered = {connection: connection._changed_login(vals) for connection in self}
        changing = self.filtered(lambda connection: entered[connection])
        written = super().write(vals)
        for connection in changing:
            connection._note_login(entered[connection] & LOGIN)
        # A new login is a new try. Whether this is a copy is another question.
        if vals.get("login_way") == "password":
            forget(changing)
        if changing:
            changing._forget_state()
            self.env["octopus.watchdog"].scheduled_action()._trigger()
        if vals.get("active"):
            self.forget_problem(codes.CONNECTION_ARCHIVED)
            go_on(self.sudo().dossier_ids)
        return written

    def _changed_login(self, vals):
        """Return the names of what ``vals`` changes of the login."""
        names = {"software_house", "user_name", "transport", "login_way"}
        names = names.intersection(vals)
        different = {name for name in names if (self[name] or "") != (vals[name] or "")}
        return different | ({"password"} if vals.get("password") else set())

    def _note_login(self, names):
        """Leave a trace of who entered a login, and of nothing that is in it."""
        labels = [self._fields[name]._description_string(self.env) for name in names]
        if labels:
            entered = ", ".join(sorted(labels))
            note = self.env._("Login entered anew: %(fields)s.", fields=entered)
            self._message_log(body=note)

    @api.private
    def forget_problem(self, code):
        """Take away what was told of these connections, if it is this.

        :param str code: of a finding
        """
        for connection in self.sudo():
            if (connection.problem or {}).get("code") == code:
                connection.problem = False

    def _forget_state(self):
        TOKENS.clear()
        self.sudo().write({"state": "draft", "problem": False})

    @api.private
    def forget_login(self):
        """Keep nothing that could log in."""
        self.sudo().write({"secret": False, "software_house": False})
        forget(self)

    # Business methods

    @api.private
    @contextmanager
    def client(self, run=None, answered=None):
        """Give an ``api.OctopusClient`` of this login, for a ``with`` statement.

        Every call is counted and logged before it is made, in a transaction of its
        own (``octopus.call``); tokens are shared by the clients of this process. No
        call outlives the worker that makes it (``OctopusNoTime``).

        :param run: the ``octopus.run`` that the calls are part of
        :param answered: set that gets the numbers of the dossiers that answered
        :raises OctopusAuthError: the login was rejected before; nothing was called
        :raises OctopusAccessError: the connection is archived, or this database may be
            a copy; nothing was called
        :raises OctopusInvalidRequest: the login is not complete, or the address of
            the server may not be used
        """
        self.ensure_one()
        self._check_may_call()
        with self.call_log(run) as call_log:
            transport = transport_to(
                self._login(call_log),
                self.sudo().transport,
                self.base_url(),
                tokens=TOKENS,
                observer=call_log,
                work_time=work_time(),
                **self._transport_options(),
            )
            answered = set() if answered is None else answered
            guarded = GuardedTransport(
                transport, call_log, self.note_rejected, answered
            )
            with OctopusClient(guarded) as client:
                yield client

    def _transport_options(self):
        """Return more options of ``api.connect.transport_to``, such as what carries the
        calls instead of HTTP (``wire``). A hook of other addons."""
        return {}

    @api.private
    def call_log(self, run=None):
        """Return the observer of calls of this login, for a ``with`` statement.

        :param run: the ``octopus.run`` that the calls are part of
        """
        asked = run.interactive if run else not self.env.context.get("cron_id")
        asked = asked and not self.env.context.get("octopus_automatic")
        kept = SupportCallLog if self.in_support else CallLog
        return kept(self.env, self.id, run and run.id, not asked)

    @api.private
    def base_url(self):
        """Return the address of the web service that this login uses."""
        transport = self.sudo().transport
        parameters = self.env["ir.config_parameter"].sudo()
        _cls, production = TRANSPORTS[transport]
        return parameters.get_param(URL_PARAMETERS[transport]) or production

    # Whether this login may be used

    @api.private
    def stopped_by(self):
        """Return the ``Finding`` that keeps this login from being used at all, ``None``
        when nothing does. A rejected login is noted in ``problem`` instead."""
        connection = self.sudo()
        params = {"connection": connection.name}
        mend = (connection._name, connection.ids)
        if not connection.active:
            return Finding(codes.CONNECTION_ARCHIVED, params, *mend)
        if database_differences(self.env):
            return Finding(codes.COPIED_DATABASE, params, *mend)
        return None

    def _check_may_call(self):
        stopped = self.stopped_by()
        if stopped:
            raise OctopusAccessError(technical=stopped.code)
        if self.sudo().state == "rejected":
            raise OctopusAuthError(technical="the login was rejected before")

    @api.private
    def stays_here(self):
        """Whether no call of this connection leaves this database: then a neutralized
        copy may schedule them, too. A hook of other addons."""
        return False

    @api.private
    def is_ready(self):
        """Whether scheduled actions may use this connection."""
        return self.sudo().state == "connected" and not self.stopped_by()

    @api.private
    def note_rejected(self, error):
        """Remember that the login was rejected, and tell one person.

        Kept in a transaction of its own, so that no rollback leads to another try,
        unless this transaction itself is changing the connection.
        """
        self.flush_recordset()
        with self.env.registry.cursor() as cr:
            fresh = self.with_env(self.env(cr=cr, su=True)).try_lock_for_update()
            if fresh:
                fresh._set_rejected(error)
        if not fresh:
            self.sudo()._set_rejected(error)
        self.invalidate_recordset()

    def _set_rejected(self, error):
        finding = self.finding_of(error)
        self.write({"state": "rejected", "problem": finding.as_json()})
        if self.activity_search([WARNING_ACTIVITY]):
            return
        user = responsible_for(self)
        record = self.with_context(lang=user.lang)
        texts = record.env["octopus.finding"]._texts(finding.as_json())
        record.activity_schedule(
            WARNING_ACTIVITY,
            user_id=user.id,
            summary=texts["title"],
            note=escape(texts["fix"]),
        )

    @api.private
    def set_connected(self):
        """Note that the login works, in this database, and go on."""
        self.sudo().write({"state": "connected", "problem": False})
        remember_database(self)
        self.sudo().activity_unlink([WARNING_ACTIVITY])
        activate_crons(self.sudo().dossier_ids)

    @api.private
    def note_error(self, error):
        """Return the finding, as JSON, that an error of a call stands for.

        A rejected login was already noted on the connection when it happened.
        """
        stopped = self.stopped_by()
        if stopped:
            self.set_elsewhere(stopped)
            return stopped.as_json()
        return self.finding_of(error).as_json()

    @api.private
    def set_elsewhere(self, stopped):
        """Show that a login which worked is not used in what may be a copy; one that
        did not work stays as it was."""
        connection = self.sudo()
        if stopped.code == codes.COPIED_DATABASE and connection.state == "connected":
            connection.write({"state": "elsewhere", "problem": stopped.as_json()})

    # Actions

    def action_connect(self):
        """Test the login and say the result in plain words."""
        self.ensure_one()
        self.check_access("write")
        problem = connect(self)
        if problem:
            texts = self.env["octopus.finding"]._texts(problem)
            return self._notification("danger", texts["title"], texts["fix"])
        closed, lines = self.test_branches()
        text = self.env._(
            "Dossiers that can be opened with this login: %(count)s.",
            count=len(self.dossier_ids.filtered(lambda row: not row.unlisted_since)),
        )
        kind = "danger" if closed else "success"
        title = self.env._("Not every dossier opens") if closed else None
        return self._notification(
            kind, title or self.env._("Connected"), " ".join([text, *lines])
        )

    @api.model
    def _notification(self, kind, title, message):
        return notification(kind, title, message, sticky=kind == "danger")

    def action_confirm_database(self):
        """Say that this is the real database: it calls from now on."""
        self.check_access("write")
        confirm_database(self.env)
        return self._notification(
            "success",
            self.env._("This is the real database"),
            self.env._("What waits goes on by itself."),
        )

    def action_calls(self):
        """Open the log of the calls that were made with this login."""
        self.ensure_one()
        self.check_access("read")
        return self.env["octopus.call"]._open([("connection_ref", "=", self.id)])

    def action_support_start(self):
        """Let the log keep what is sent and received, for a while."""
        self.check_access("write")
        hours = self.env["ir.config_parameter"].sudo().get_param(SUPPORT_PARAMETER)
        lasting = timedelta(hours=int(hours or SUPPORT_HOURS))
        self.sudo().support_until = fields.Datetime.now() + lasting

    def action_support_stop(self):
        """End the support mode before its time."""
        self.check_access("write")
        self.sudo().support_until = False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dossiers(self):
        every = self.sudo().with_context(active_test=False)
        used = every.filtered("dossier_ids")
        if used:
            raise UserError(
                self.env._(
                    "%(names)s still has dossiers. Archive the connection instead: it"
                    " then keeps their history.",
                    names=", ".join(used.mapped("name")),
                )
            )
