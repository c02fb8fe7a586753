from collections import Counter
from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

from .. import repeated
from ..api.errors import ReturnCode
from ..call_log import quota_day

# How many days runs and calls are kept, and the bodies of a support mode.
LOG_PARAMETER = "octopus_connector.log_days"
LOG_DAYS = 90
BODY_PARAMETER = "octopus_connector.body_days"
BODY_DAYS = 7
# A body can be a whole list of relations; its begin tells enough.
BODY_LIMIT = 20_000
FLAW_LIMIT = 50
# A call that certainly never left, or whose token was not valid.
NOT_COUNTED = ("not_sent", "unauthorized")
OUTCOME_OF_CODE = {
    ReturnCode.BOOKING_NOT_EXISTS: "nothing",
    ReturnCode.NOT_AUTHENTICATED: "unauthorized",
    ReturnCode.NO_DOSSIER_OPEN: "unauthorized",
}


class OctopusCall(models.Model):
    """Every call that was made: log and quota ledger in one.

    Rows are committed before the call, most of them in a transaction of their own, so
    they hold plain numbers rather than references to rows that may not be committed
    yet.
    """

    _name = "octopus.call"
    _description = "Octopus Call"
    _order = "id desc"
    _rec_name = "operation"

    date = fields.Datetime(required=True, index=True, default=fields.Datetime.now)
    connection_ref = fields.Integer(index=True)
    dossier_number = fields.Integer(index=True)
    dossier_id = fields.Many2one(
        "octopus.dossier", compute="_compute_dossier_id", search="_search_dossier_id"
    )
    connection_id = fields.Many2one(
        "octopus.connection",
        compute="_compute_connection_id",
        search="_search_connection_id",
    )
    operation = fields.Char(required=True)
    quota_key = fields.Char(string="Counter")
    quota_day = fields.Date(help="Day in Brussels, as Octopus counts.")
    is_write = fields.Boolean(string="Write")
    document = fields.Char()
    run_ref = fields.Integer(string="Run", index=True)
    user_id = fields.Many2one("res.users")
    # The row of the outbox that it was made for.
    res_model = fields.Char(string="Model")
    res_id = fields.Many2oneReference(string="Row", model_field="res_model")
    outcome = fields.Selection(
        [
            ("ok", "Done"),
            ("nothing", "Nothing found"),
            ("unauthorized", "Not authorised"),
            ("refused", "Refused"),
            ("failed", "Service failed"),
            ("no_answer", "No answer"),
            ("not_sent", "Not sent"),
            ("quota", "Limit reached"),
        ],
        help="Empty while no answer came.",
    )
    http_status = fields.Integer(string="HTTP status")
    error_code = fields.Integer(string="Octopus code")
    technical = fields.Char(string="Octopus says")
    request_body = fields.Text(string="Sent")
    answer_body = fields.Text(string="Received")
    duration_ms = fields.Integer(string="Duration (ms)")
    # {"record", "field", "why": texts; "left_out": the record was}, as api.Flaw
    unreadable = fields.Json(help="What of the answer cannot be stored or shown.")
    unreadable_text = fields.Text(
        string="Not readable", compute="_compute_unreadable_text"
    )

    _quota_idx = models.Index("(dossier_number, quota_key, quota_day)")
    _row_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _error_code_idx = models.Index("(error_code) WHERE error_code < 0")
    _unreadable_idx = models.Index("(date) WHERE unreadable IS NOT NULL")

    @api.depends("unreadable")
    @api.depends_context("lang")
    def _compute_unreadable_text(self):
        """Name each value, and whether its whole record was left out."""
        left_out = self.env._("left out")
        for call in self:
            call.unreadable_text = "\n".join(
                f"{flaw['record']}: {flaw['field']}: {flaw['why']}"
                + (f" ({left_out})" if flaw["left_out"] else "")
                for flaw in call.unreadable or ()
            )

    def _compute_dossier_id(self):
        numbers = set(self.mapped("dossier_number"))
        dossiers = (
            self.env["octopus.dossier"]
            .with_context(active_test=False)
            .search([("octopus_id", "in", list(numbers))])
        )
        by_number = {dossier.octopus_id: dossier for dossier in dossiers}
        for call in self:
            call.dossier_id = by_number.get(call.dossier_number)

    def _compute_connection_id(self):
        connections = self.env["octopus.connection"].with_context(active_test=False)
        known = connections.search([("id", "in", self.mapped("connection_ref"))])
        by_id = {connection.id: connection for connection in known}
        for call in self:
            call.connection_id = by_id.get(call.connection_ref)

    def _search_connection_id(self, operator, value):
        connections = self.env["octopus.connection"].with_context(active_test=False)
        found = connections.search([("id", operator, value)])
        return [("connection_ref", "in", found.ids)]

    def _search_dossier_id(self, operator, value):
        dossiers = (
            self.env["octopus.dossier"]
            .with_context(active_test=False)
            .search([("id", operator, value)])
        )
        return [("dossier_number", "in", dossiers.mapped("octopus_id"))]

    @api.model
    def _begin(self, call, limit, connection_id, run_id, spare, subject, answer=()):
        """Write a call down before it is made, within the day's limit.

        A call that certainly never left, or that no valid token said whose it was, is
        not counted; once Octopus itself refused for its limit, the counter stays shut
        until the next day in Brussels.

        :param call: ``api.client.Call``
        :param limit: calls a day, ``None`` for no limit
        :param spare: how many of them are left alone
        :param subject: model and id of the row that it is made for, maybe ``None``
        :param answer: to the call before, as of :meth:`_finish`, which takes no query
            of its own then
        :return: id of the row, ``None`` when the limit is reached, or when it would
            write to a dossier in shadow mode
        """
        finish = (
            SQL("WITH answer AS (%s)", self._finished(*answer)) if answer else SQL()
        )
        count = SQL(
            """
            INSERT INTO octopus_call (
                date, connection_ref, dossier_number, operation, quota_key, quota_day,
                is_write, document, run_ref, user_id, res_model, res_id
            )
            SELECT %(now)s, %(connection)s, %(dossier)s, %(operation)s, %(key)s,
                   %(day)s, %(write)s, %(document)s, %(run)s, %(user)s,
                   %(model)s, %(row)s
              FROM (
                SELECT count(*) FILTER (
                           WHERE outcome IS NULL
                              OR outcome <> ALL(%(not_counted)s)
                       ) AS used,
                       coalesce(bool_or(outcome = 'quota'), FALSE) AS shut
                  FROM octopus_call
                 WHERE dossier_number = %(dossier)s
                   AND quota_key = %(key)s
                   AND quota_day = %(day)s
                   AND (%(dossier)s <> 0 OR connection_ref = %(connection)s)
              ) ledger
             WHERE NOT shut AND (%(limit)s::int IS NULL
                             OR used < %(limit)s::int - %(spare)s)
               -- The one place that keeps a dossier in shadow mode unwritten.
               AND NOT (%(write)s AND EXISTS (
                       SELECT FROM octopus_dossier
                        WHERE octopus_id = %(dossier)s AND shadow))
            RETURNING id
            """,
            now=fields.Datetime.now(),
            connection=connection_id,
            dossier=call.dossier_id or 0,
            operation=call.operation,
            key=call.counter,
            day=quota_day(),
            write=call.write,
            document=self._document(call),
            run=run_id,
            user=self.env.uid,
            model=subject[0],
            row=subject[1],
            limit=limit,
            spare=spare,
            not_counted=list(NOT_COUNTED),
        )
        repeated.execute(self.env.cr, SQL("%s %s", finish, count))
        row = self.env.cr.fetchone()
        return row and row[0]

    @api.model
    def _is_shadowed(self, call):
        """Whether the dossier of a call is in shadow mode, as it is on disk now."""
        repeated.execute(
            self.env.cr,
            SQL(
                "SELECT FROM octopus_dossier WHERE octopus_id = %s AND shadow",
                call.dossier_id or 0,
            ),
        )
        return bool(self.env.cr.rowcount)

    @api.model
    @api.private
    def used_today(self, dossier, counter):
        """Return how many of today's calls count, and whether Octopus itself takes no
        more: ``(int, bool)``."""
        return self.used_today_in(dossier, counter)[dossier.id]

    @api.model
    @api.private
    def used_today_in(self, dossiers, counter):
        """Return what :meth:`used_today` does, by id of each dossier."""
        counts = self.sudo()._read_group(
            [
                ("dossier_number", "in", dossiers.mapped("octopus_id")),
                ("quota_key", "=", counter),
                ("quota_day", "=", quota_day()),
                ("outcome", "not in", NOT_COUNTED),
            ],
            ["dossier_number", "outcome"],
            ["__count"],
        )
        used, shut = Counter(), set()
        for number, outcome, count in counts:
            used[number] += count
            if outcome == "quota":
                shut.add(number)
        return {
            dossier.id: (used[dossier.octopus_id], dossier.octopus_id in shut)
            for dossier in dossiers
        }

    @api.model
    def _lock_counter(self, call, connection_id):
        """Hold a counter until the transaction ends; a count begins after that."""
        owner = call.dossier_id or f"connection {connection_id}"
        name = f"octopus_call {owner} {call.counter}"
        self.env.cr.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name]
        )

    def _document(self, call):
        return self._document_name(call.journal, call.bookyear_id, call.number)

    @api.model
    def _document_name(self, journal, bookyear, number):
        """Name a booking as the log does; ``bookyear`` is Octopus's id of it."""
        parts = (journal, bookyear, number)
        return " / ".join(str(part) for part in parts if part) or None

    @api.model
    def _finish(self, row_id, duration, http_status, code, technical):
        """Complete a row; ``duration`` in seconds, ``http_status`` may be ``None``."""
        answer = row_id, duration, http_status, code, technical
        self.env.cr.execute(self._finished(*answer))

    def _finished(self, row_id, duration, http_status, code, technical):
        return SQL(
            """
            UPDATE octopus_call
               SET outcome = %s, http_status = %s, error_code = %s, technical = %s,
                   duration_ms = %s
             WHERE id = %s
            """,
            self._outcome(http_status, code),
            http_status,
            code,
            (technical or "")[:500] or None,
            round(duration * 1000),
            row_id,
        )

    @staticmethod
    def _outcome(http_status, code):
        if http_status is None:
            return "no_answer"
        if http_status == 404:
            return "nothing"
        if http_status == 401:
            return "unauthorized"
        if http_status >= 500:
            return "failed"
        if http_status >= 400:
            return "refused"
        # SOAP says in a code what REST says with its status.
        return OUTCOME_OF_CODE.get(code, "refused") if code else "ok"

    @api.model
    def _set_outcome(self, row_id, outcome):
        self.env.cr.execute(
            "UPDATE octopus_call SET outcome = %s WHERE id = %s", [outcome, row_id]
        )

    @api.model
    def _keep_unreadable(self, row_id, flaws):
        """Keep what of an answer cannot be used, as JSON; the first tell enough."""
        self.env.cr.execute(
            "UPDATE octopus_call SET unreadable = %s WHERE id = %s",
            [Json(flaws[:FLAW_LIMIT]), row_id],
        )

    @api.model
    def _keep_bodies(self, row_id, request, answer):
        """Keep what was sent and received, as masked texts."""
        self.env.cr.execute(
            "UPDATE octopus_call SET request_body = %s, answer_body = %s WHERE id = %s",
            [self._shortened(request), self._shortened(answer), row_id],
        )

    def _shortened(self, text):
        if len(text) <= BODY_LIMIT:
            return text or None
        left_out = len(text) - BODY_LIMIT
        return f"{text[:BODY_LIMIT]}\n… {left_out} more characters"

    # Forgetting

    @api.model
    def _kept_since(self, parameter, days):
        """Return the moment before which the log is forgotten; never today's calls,
        which the daily limits are counted by."""
        told = self.env["ir.config_parameter"].sudo().get_param(parameter)
        days = max(int(told or days), 2)
        return fields.Datetime.now() - timedelta(days=days)

    @api.autovacuum
    def _gc_calls(self):
        old = [("date", "<", self._kept_since(LOG_PARAMETER, LOG_DAYS))]
        rows = self.search(old, limit=GC_UNLINK_LIMIT)
        rows.unlink()
        return len(rows), len(rows) == GC_UNLINK_LIMIT

    @api.autovacuum
    def _gc_bodies(self):
        old = [
            ("date", "<", self._kept_since(BODY_PARAMETER, BODY_DAYS)),
            "|",
            ("request_body", "!=", False),
            ("answer_body", "!=", False),
        ]
        rows = self.search(old, limit=GC_UNLINK_LIMIT)
        rows.write({"request_body": False, "answer_body": False})
        return len(rows), len(rows) == GC_UNLINK_LIMIT

    @api.autovacuum
    def _gc_runs(self):
        """Forget runs as long as their calls; one that goes on stays."""
        runs = self.env["octopus.run"].search(
            [
                ("started_at", "<", self._kept_since(LOG_PARAMETER, LOG_DAYS)),
                ("state", "not in", ("running", "paused")),
            ],
            limit=GC_UNLINK_LIMIT,
        )
        runs.unlink()
        return len(runs), len(runs) == GC_UNLINK_LIMIT

    # Actions

    @api.model
    def _open(self, domain):
        """Return the action that shows the calls of a domain.

        :raises AccessError: the log is not for the user
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_call"
        )
        return {**action, "domain": domain}

    def action_open_subject(self):
        """Open the row of the outbox that the call was made for, if it is still there.

        :raises AccessError: the user may not see it
        """
        self.ensure_one()
        if not self.res_id:
            return False
        row = self.env[self.res_model].browse(self.res_id).exists()
        row.check_access("read")
        return row._get_records_action() if row else False

    def action_open_run(self):
        """Open the run that the call was part of, if it is still known."""
        self.ensure_one()
        run = self.env["octopus.run"].browse(self.run_ref).exists()
        return run._get_records_action() if run else False
