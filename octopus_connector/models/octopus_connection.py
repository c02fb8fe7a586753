from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import LazyTranslate, plaintext2html

from ..api.auth import PasswordLogin
from ..api.client import OctopusClient
from ..api.connect import TRANSPORTS, transport_to
from ..api.errors import (
    OctopusAccessError,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusNoTime,
    OctopusNotNow,
    ReturnCode,
)
from ..api.operations import Capability
from ..call_log import TOKENS, CallLog, GuardedTransport, SupportCallLog
from ..core import codes
from ..core.findings import Finding
from ..database import FACTS, differences, facts, remember
from ..groups import MANAGER
from ..work_time import work_time

_lt = LazyTranslate(__name__)

# Addresses of the service, which only administrators may change.
URL_PARAMETERS = {
    "rest": "octopus_connector.rest_url",
    "soap": "octopus_connector.soap_url",
}
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
        [
            ("draft", "Not connected"),
            ("connected", "Connected"),
            ("rejected", "Login rejected"),
            ("elsewhere", "Perhaps a copy"),
        ],
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
            for fact, (before, now) in self._database_differences().items()
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
        if changing:
            changing._forget_state()
            self.env["octopus.watchdog"].scheduled_action()._trigger()
        if vals.get("active"):
            self._forget_problem(codes.CONNECTION_ARCHIVED)
            self.sudo().dossier_ids._go_on()
        return written

    def _changed_login(self, vals):
        """Return the names of what ``vals`` changes of the login."""
        names = {"software_house", "user_name", "transport"}.intersection(vals)
        different = {name for name in names if (self[name] or "") != (vals[name] or "")}
        return different | ({"password"} if vals.get("password") else set())

    def _note_login(self, names):
        """Leave a trace of who entered a login, and of nothing that is in it."""
        labels = [self._fields[name]._description_string(self.env) for name in names]
        if labels:
            entered = ", ".join(sorted(labels))
            note = self.env._("Login entered anew: %(fields)s.", fields=entered)
            self._message_log(body=note)

    def _forget_problem(self, code):
        for connection in self.sudo():
            if (connection.problem or {}).get("code") == code:
                connection.problem = False

    def _forget_state(self):
        TOKENS.clear()
        self.sudo().write({"state": "draft", "problem": False})

    def _forget_login(self):
        """Keep nothing that could log in."""
        self.sudo().write({"secret": False, "software_house": False})

    # Business methods

    @contextmanager
    def _client(self, run=None):
        """Give an ``api.OctopusClient`` of this login, for a ``with`` statement.

        Every call is counted and logged before it is made, in a transaction of its
        own (``octopus.call``); tokens are shared by the clients of this process. No
        call outlives the worker that makes it (``OctopusNoTime``).

        :param run: the ``octopus.run`` that the calls are part of
        :raises OctopusAuthError: the login was rejected before; nothing was called
        :raises OctopusAccessError: the connection is archived, or this database may be
            a copy; nothing was called
        :raises OctopusInvalidRequest: the login is not complete, or the address of
            the server may not be used
        """
        self.ensure_one()
        self._check_may_call()
        secret = self.sudo()
        login = PasswordLogin(
            secret.software_house or "", secret.user_name or "", secret.secret or ""
        )
        with self._ledger(run) as ledger:
            transport = transport_to(
                login,
                secret.transport,
                self._base_url(),
                tokens=TOKENS,
                observer=ledger,
                work_time=work_time(),
            )
            guarded = GuardedTransport(transport, ledger, self._reject)
            with OctopusClient(guarded) as client:
                yield client

    def _ledger(self, run):
        watching = SupportCallLog if self.in_support else CallLog
        return watching(self.env, self.id, run and run.id, self._is_automatic(run))

    def _is_automatic(self, run):
        asked = run.interactive if run else not self.env.context.get("cron_id")
        return not asked

    def _base_url(self):
        """Return the address of the web service that this login uses."""
        transport = self.sudo().transport
        parameters = self.env["ir.config_parameter"].sudo()
        _cls, production = TRANSPORTS[transport]
        return parameters.get_param(URL_PARAMETERS[transport]) or production

    # Whether this login may be used

    @api.model
    def _database_differences(self):
        """Return what is not as in the database that was connected.

        It is a question about the database: what one login remembers holds for all of
        them, also for a new one.

        :return: ``{fact: (as it was, as it is)}``, in the order of ``database.FACTS``
        """
        now, found = facts(self.env), {}
        for connection in self._that_remember():
            found |= differences(connection._database_known(), now)
        return {fact: found[fact] for fact in FACTS if fact in found}

    @api.model
    def _that_remember(self):
        """Return the connections that worked in some database, in sudo."""
        every = self.sudo().with_context(active_test=False)
        return every.search([("database_uuid", "!=", False)])

    def _database_known(self):
        return {**(self.database_facts or {}), "uuid": self.database_uuid}

    def _is_copied(self):
        """Whether this may be another database than the one that was connected."""
        return bool(self._database_differences())

    def _remember_database(self):
        """This is the database that may call."""
        now = facts(self.env)
        for connection in self.sudo():
            connection.write(
                {
                    "database_facts": remember(now, connection.database_facts),
                    "database_uuid": now["uuid"],
                }
            )

    def _stopped_by(self):
        """Return the ``Finding`` that keeps this login from being used at all, ``None``
        when nothing does. A rejected login is noted in ``problem`` instead."""
        connection = self.sudo()
        params = {"connection": connection.name}
        mend = (connection._name, connection.ids)
        if not connection.active:
            return Finding(codes.CONNECTION_ARCHIVED, params, *mend)
        if connection._is_copied():
            return Finding(codes.COPIED_DATABASE, params, *mend)
        return None

    def _check_may_call(self):
        stopped = self._stopped_by()
        if stopped:
            raise OctopusAccessError(technical=stopped.code)
        if self.sudo().state == "rejected":
            raise OctopusAuthError(technical="the login was rejected before")

    def _is_ready(self):
        """Whether scheduled actions may use this connection."""
        return self.sudo().state == "connected" and not self._stopped_by()

    def _reject(self, error):
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
        finding = self.env["octopus.finding"]._from_error(error, connection=self.name)
        self.write({"state": "rejected", "problem": finding.as_json()})
        if self.activity_search([WARNING_ACTIVITY]):
            return
        user = self._responsible()
        record = self.with_context(lang=user.lang)
        texts = record.env["octopus.finding"]._texts(finding.as_json())
        record.activity_schedule(
            WARNING_ACTIVITY,
            user_id=user.id,
            summary=texts["title"],
            note=escape(texts["fix"]),
        )

    # Whom to tell

    def _responsible(self, companies=None):
        """Return the user who is told what needs a person, one who can be reached.

        The responsible of the connection, while that user works with Octopus in one of
        the companies; else an Octopus administrator of theirs; else an administrator of
        the system.

        :param companies: ``res.company`` concerned; those of the connection's dossiers
            when left out
        """
        connection = self.sudo()
        if companies is None:
            companies = connection.dossier_ids.company_ids
        users = self.env.ref("octopus_connector.group_user").sudo().all_user_ids
        managers = self.env.ref("octopus_connector.group_manager").sudo().all_user_ids
        system = self.env.ref("base.group_system").sudo().all_user_ids
        concerned = [
            connection.responsible_id & users,
            managers.sorted("id"),
        ]
        for candidates in concerned:
            found = candidates.filtered(
                lambda user: (
                    user.active and (not companies or user.company_ids & companies)
                )
            )
            if found:
                return found[0].with_env(self.env)
        found = system.filtered("active").sorted("id")[:1]
        return (found or self.env.ref("base.user_admin")).with_env(self.env)

    def _set_connected(self):
        self.sudo().write({"state": "connected", "problem": False})
        self._remember_database()
        self.sudo().activity_unlink([WARNING_ACTIVITY])
        self.sudo().dossier_ids._activate_crons()

    def _note_error(self, error):
        """Return the finding, as JSON, that an error of a call stands for.

        A rejected login was already noted on the connection when it happened.
        """
        stopped = self._stopped_by()
        if stopped:
            self._set_elsewhere(stopped)
            return stopped.as_json()
        params = {"connection": self.name}
        return self.env["octopus.finding"]._from_error(error, **params).as_json()

    def _set_elsewhere(self, stopped):
        """Show that a login which worked is not used in what may be a copy; one that
        did not work stays as it was."""
        connection = self.sudo()
        if stopped.code == codes.COPIED_DATABASE and connection.state == "connected":
            connection.write({"state": "elsewhere", "problem": stopped.as_json()})

    # Connecting

    def _connect(self):
        """Log in and list the dossiers of the login.

        :return: the finding, as JSON, that stands in the way; ``None`` when connected
        :raises AccessError: companies book through it that are not the user's
        """
        self.ensure_one()
        self.check_access("write")
        stopped = self._stopped_by()
        if stopped:
            self._set_elsewhere(stopped)
            return self._remember_problem(stopped)
        # Somebody asks for a new try. One at a time: Octopus counts failed logins.
        try:
            self.sudo().lock_for_update()
        except LockError:
            raise UserError(
                self.env._("Somebody else is testing this connection now.")
            ) from None
        self.sudo().write({"state": "draft", "problem": False})
        try:
            with self._client() as octopus:
                whoami = self._ask_whoami(octopus)
                dossiers = octopus.dossiers(partial=True)
        except OctopusError as error:
            return self._remember_problem(self._why_not_connected(error))
        self.sudo().whoami = whoami
        known = self.env["octopus.dossier"].sudo()._mirror(self, dossiers)
        if not known:
            params = {"connection": self.name}
            return self._remember_problem(Finding(codes.LOGIN_WITHOUT_DOSSIER, params))
        self._set_connected()
        return None

    def _try_new_login(self):
        """Connect with a login that was entered anew, so that what waited for it goes
        on by itself; one that Octopus did not take is left alone."""
        connection = self.sudo()
        problem = (connection.problem or {}).get("code")
        login = connection.software_house and connection.user_name and connection.secret
        if (
            connection.state == "draft"
            and not connection._stopped_by()
            and login
            and problem
            in (None, "service_down", codes.HOST_UNREACHABLE, codes.OUT_OF_TIME)
            and connection.try_lock_for_update()
        ):
            self._connect()

    @api.model
    def _ask_whoami(self, octopus):
        if Capability.WHOAMI not in octopus.capabilities:
            return False
        details = octopus.whoami().details
        return ", ".join(f"{key}: {value}" for key, value in sorted(details.items()))

    def _remember_problem(self, finding):
        problem = finding.as_json()
        self.sudo().problem = problem
        return problem

    def _why_not_connected(self, error):
        """Return the finding that tells in plain words why a login did not work."""
        params = {"connection": self.name}
        no_access = error.code == ReturnCode.NO_ACCESS_TO_DOSSIER
        if no_access or isinstance(error, OctopusAccessError):
            return Finding(codes.WEB_SERVICE_OFF, params)
        if isinstance(error, OctopusInvalidRequest):
            return Finding(codes.LOGIN_INCOMPLETE, {**params, "message": error.message})
        unheard = isinstance(error, OctopusNotNow) and error.http_status is None
        if unheard and not isinstance(error, OctopusNoTime):
            host = urlsplit(self._base_url()).hostname
            return Finding(codes.HOST_UNREACHABLE, {**params, "host": host})
        return self.env["octopus.finding"]._from_error(error, **params)

    # Actions

    def action_connect(self):
        """Test the login and say the result in plain words."""
        self.ensure_one()
        self.check_access("write")
        problem = self._connect()
        if problem:
            texts = self.env["octopus.finding"]._texts(problem)
            return self._notification("danger", texts["title"], texts["fix"])
        return self._notification(
            "success",
            self.env._("Connected"),
            self.env._(
                "Dossiers that can be opened with this login: %(count)s.",
                count=len(self.dossier_ids),
            ),
        )

    @api.model
    def _notification(self, kind, title, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": title,
                "message": message,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_confirm_database(self):
        """Say that this is the real database: it calls from now on."""
        self.check_access("write")
        self._confirm_database()
        return self._notification(
            "success",
            self.env._("This is the real database"),
            self.env._("What waits goes on by itself."),
        )

    @api.model
    def _confirm_database(self):
        """Remember this database instead of the one that was connected, and go on.

        Only what stood still for that doubt goes on: a login that was rejected, and
        what waits for another reason, stays as it is.
        """
        doubt = {
            connection: connection.database_doubt
            for connection in self._that_remember()
        }
        for connection in doubt:
            connection._remember_database()
        every = self.sudo().search([("active", "in", (True, False))])
        every.filtered(lambda row: row.state == "elsewhere")._set_connected()
        every._forget_problem(codes.COPIED_DATABASE)
        user = self.env.user.name
        for connection, lines in doubt.items():
            note = self.env._("%(user)s: this is the real database.", user=user)
            connection._message_log(body=plaintext2html(f"{note}\n{lines}"))
        every.filtered("active").dossier_ids._go_on()
        self.env["octopus.watchdog"].scheduled_action()._trigger()

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
