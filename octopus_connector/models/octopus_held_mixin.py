from odoo import api, fields, models
from odoo.tools import format_datetime

from ..core import codes, retry
from ..core.findings import worst
from ..core.states import DUE


class OctopusHeldMixin(models.AbstractModel):
    """What stands in the way of a row of the outbox, and when it is tried again."""

    _name = "octopus.held.mixin"
    _description = "Octopus: What Stands in the Way"

    retry_at = fields.Datetime(string="Tried again at", copy=False)
    waiting_since = fields.Datetime(copy=False)
    attempts = fields.Integer(copy=False)
    findings = fields.Json(copy=False, help="What stands in the way, by code.")
    cause = fields.Selection(
        lambda self: self.env["octopus.finding"]._causes(),
        string="Kind of cause",
        index=True,
        copy=False,
        help="The finding that decides.",
    )
    cause_text = fields.Char(string="Cause", compute="_compute_findings_html")
    cause_who = fields.Char(string="Who mends it", compute="_compute_findings_html")
    told = fields.Text(string="Why it waits", compute="_compute_told")
    findings_html = fields.Html(
        string="What stands in the way",
        compute="_compute_findings_html",
        sanitize=False,
    )

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_findings_html(self):
        texts = self.env["octopus.finding"]
        ends = {dossier: dossier._stopped_by() for dossier in self.dossier_id}
        for row in self:
            stopped = row._stopped_with_the_login(ends.get(row.dossier_id))
            row.findings_html = texts._html([*(row.findings or []), *stopped])
            deciding = next(iter(stopped), None) or row.deciding()
            told = texts._texts(deciding) if deciding else {}
            row.cause_text = told.get("title")
            row.cause_who = told.get("who")

    @api.depends("findings", "retry_at")
    @api.depends_context("lang", "tz")
    def _compute_told(self):
        """Say in a list what happens, who mends it, and when it is tried again."""
        for row in self:
            lines = [row.cause_text, row.cause_who]
            if row.cause_text and row.retry_at:
                when = format_datetime(self.env, row.retry_at, dt_format="short")
                lines.append(self.env._("Tried again at %(when)s", when=when))
            elif row.cause_text and row.state in DUE:
                lines.append(self.env._("It goes by itself after that"))
            row.told = "\n".join(line for line in lines if line)

    @api.private
    def deciding(self):
        """Return the finding, as JSON, that stops the document, or ``None``."""
        findings = self.findings or []
        return next((found for found in findings if found["code"] == self.cause), None)

    def _stopped_with_the_login(self, stopped):
        """Return, as JSON, what keeps the whole dossier from working, if that is what
        this document waits for: it is noted there only, and marks nothing as failed.

        :param stopped: what the dossier's ``_stopped_by`` gave
        """
        if not self.queued or self.state not in DUE:
            return []
        if stopped:
            return [stopped.as_json()]
        connection = self.dossier_id.sudo().connection_id
        problem = connection.state == "rejected" and connection.problem
        return [problem] if problem else []

    def _worth_telling(self):
        """Return the findings, as JSON, that are worth telling though nothing stops."""
        findings = self.findings or []
        return [found for found in findings if found["severity"] in ("warn", "info")]

    @api.private
    def hold(self, state, findings, retry_at=None):
        """Note why documents stay where they are.

        :param state: ``waiting``, ``blocked`` or ``unknown``
        :param findings: ``Finding`` values, the one that decides among them
        """
        cause = worst(findings).code
        held = {
            "state": state,
            "findings": [found.as_json() for found in findings],
            "cause": cause,
            "retry_at": retry_at,
        }
        for (attempts, same), rows in self.grouped(
            lambda row: (row.attempts, row.cause == cause)
        ).items():
            began = {} if same else {"waiting_since": fields.Datetime.now()}
            rows.write({**held, **began, "attempts": attempts + 1})

    @api.private
    def next_try_at(self, findings=()):
        """Return when documents that wait for ``findings`` are tried again."""
        now = fields.Datetime.now()
        if any(found.code == codes.QUOTA_REACHED for found in findings):
            return retry.next_day(now)
        if any(found.code == codes.OUT_OF_TIME for found in findings):
            # Only this worker's time was over: the next one can go on.
            return now
        return retry.next_try(now, min(self.mapped("attempts")) + 1)
