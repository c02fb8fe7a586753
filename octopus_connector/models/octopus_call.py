from odoo import api, fields, models

from ..gate import quota_day


class OctopusCall(models.Model):
    """Every call that was made: log and quota ledger in one (Z.10, Z.22).

    Rows are written in a transaction of their own, before the call, so they hold
    plain numbers rather than references to rows that may not be committed yet.
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
    operation = fields.Char(required=True)
    quota_key = fields.Char(string="Counter")
    quota_day = fields.Date(help="Day in Brussels, as Octopus counts.")
    is_write = fields.Boolean(string="Write")
    document = fields.Char()
    run_ref = fields.Integer(string="Run", index=True)
    user_id = fields.Many2one("res.users")
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
    technical = fields.Char()
    duration_ms = fields.Integer(string="Duration (ms)")

    _quota_idx = models.Index("(dossier_number, quota_key, quota_day)")

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

    def _search_dossier_id(self, operator, value):
        dossiers = (
            self.env["octopus.dossier"]
            .with_context(active_test=False)
            .search([("id", operator, value)])
        )
        return [("dossier_number", "in", dossiers.mapped("octopus_id"))]

    @api.model
    def _begin(self, call, limit, connection_id, run_id):
        """Write a call down before it is made, within the day's limit (X.43).

        A call that certainly never left, or that no valid token said whose it was, is
        not counted; once Octopus itself refused for its limit, the counter stays shut
        until the next day in Brussels.

        :param call: ``api.client.Call``
        :param limit: calls a day, ``None`` for no limit
        :return: id of the row, ``None`` when the limit is reached
        """
        self.env.cr.execute(
            """
            INSERT INTO octopus_call (
                date, connection_ref, dossier_number, operation, quota_key, quota_day,
                is_write, document, run_ref, user_id
            )
            SELECT %(now)s, %(connection)s, %(dossier)s, %(operation)s, %(key)s,
                   %(day)s, %(write)s, %(document)s, %(run)s, %(user)s
              FROM (
                SELECT count(*) FILTER (
                           WHERE outcome IS NULL
                              OR outcome NOT IN ('not_sent', 'unauthorized')
                       ) AS used,
                       coalesce(bool_or(outcome = 'quota'), FALSE) AS shut
                  FROM octopus_call
                 WHERE dossier_number = %(dossier)s
                   AND quota_key = %(key)s
                   AND quota_day = %(day)s
                   AND (%(dossier)s <> 0 OR connection_ref = %(connection)s)
              ) ledger
             WHERE NOT shut AND (%(limit)s::int IS NULL OR used < %(limit)s::int)
            RETURNING id
            """,
            {
                "now": fields.Datetime.now(),
                "connection": connection_id,
                "dossier": call.dossier_id or 0,
                "operation": call.operation,
                "key": call.counter,
                "day": quota_day(),
                "write": call.write,
                "document": self._document(call),
                "run": run_id,
                "user": self.env.uid,
                "limit": limit,
            },
        )
        row = self.env.cr.fetchone()
        return row and row[0]

    @staticmethod
    def _document(call):
        parts = (call.journal, call.bookyear_id, call.number)
        return " / ".join(str(part) for part in parts if part) or None

    @api.model
    def _finish(self, row_id, duration, http_status, code, technical):
        """Complete a row; ``duration`` in seconds, ``http_status`` may be ``None``."""
        self.env.cr.execute(
            """
            UPDATE octopus_call
               SET outcome = %s, http_status = %s, error_code = %s, technical = %s,
                   duration_ms = %s
             WHERE id = %s
            """,
            [
                self._outcome(http_status),
                http_status,
                code,
                (technical or "")[:500] or None,
                round(duration * 1000),
                row_id,
            ],
        )

    @staticmethod
    def _outcome(http_status):
        if http_status is None:
            return "no_answer"
        if http_status == 404:
            return "nothing"
        if http_status == 401:
            return "unauthorized"
        if http_status >= 500:
            return "failed"
        return "refused" if http_status >= 400 else "ok"

    @api.model
    def _set_outcome(self, row_id, outcome):
        self.env.cr.execute(
            "UPDATE octopus_call SET outcome = %s WHERE id = %s", [outcome, row_id]
        )
