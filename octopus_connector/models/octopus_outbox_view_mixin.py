from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ..core.states import DUE, QUEUED, shown_state
from ..notification import notification, with_button
from ..send.pause import pause_finding

# What people see of a row that is ready, and whether it was asked for.
READY = {"ready": False, QUEUED: True}
# A reason is one line in a list; the rest of it is where the mouse is.
BETWEEN = " · "


class OctopusOutboxViewMixin(models.AbstractModel):
    """What people see of a row of the outbox, and the buttons on it."""

    _name = "octopus.outbox.view.mixin"
    _inherit = ["octopus.log.mixin"]
    _description = "Octopus Outbox: What People See"

    cause_text = fields.Char(string="Cause", compute="_compute_cause")
    cause_who = fields.Char(string="Who mends it", compute="_compute_cause")
    told = fields.Char(string="Why it waits", compute="_compute_told")
    next_look_text = fields.Char(
        string="Next look",
        compute="_compute_next_look_text",
        help="When it is tried again by itself.",
    )
    findings_html = fields.Html(
        string="What stands in the way",
        compute="_compute_findings_html",
        sanitize=False,
    )

    # A model that inherits it has the field, with its own states.

    @api.depends("state", "queued")
    def _compute_shown_state(self):
        for row in self:
            row.shown_state = shown_state(row.state, row.queued)

    @api.model
    def _search_shown_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = Domain("state", "in", [it for it in value if it not in READY])
        for name, queued in READY.items():
            if name in value:
                found |= Domain("state", "=", "ready") & Domain("queued", "=", queued)
        return found

    @api.private
    def stops_now(self):
        """Return the findings, as JSON, that hold of one row now."""
        return [] if self.state == "ready" else self.findings or []

    @api.private
    def deciding(self):
        """Return the finding, as JSON, that stops the document, or ``None``: what is
        ready is stopped by nothing, whatever did so before."""
        findings = self.stops_now()
        return next((found for found in findings if found["code"] == self.cause), None)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let rows be grouped by what people see of their state."""
        if field_expr != "shown_state":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        state = super()._field_to_sql(alias, "state", query)
        queued = super()._field_to_sql(alias, "queued", query)
        seen = "CASE WHEN %s = 'ready' AND %s THEN %s ELSE %s END"
        return SQL(seen, state, queued, QUEUED, state)

    @api.depends("findings", "state")
    @api.depends_context("lang")
    def _compute_findings_html(self):
        texts = self.env["octopus.finding"]
        stopped = self._stopped_with_the_login()
        for row in self:
            also = stopped.get(row, ())
            row.findings_html = texts._html([*row.stops_now(), *also])

    @api.depends("findings", "state")
    @api.depends_context("lang")
    def _compute_cause(self):
        """Say what decides and who mends it, without a look at what it leads to."""
        texts = self.env["octopus.finding"]
        stopped = self._stopped_with_the_login()
        for row in self:
            deciding = next(iter(stopped.get(row, ())), None) or row.deciding()
            told = texts._texts(deciding) if deciding else {}
            row.cause_text = told.get("title")
            row.cause_who = told.get("who")

    @api.depends("findings", "retry_at", "state")
    @api.depends_context("lang", "tz")
    def _compute_told(self):
        """Say in a list what happens, who mends it, and when it is tried again."""
        for row in self:
            row.told = self._lines_told(row, row.cause_text, row.cause_who)

    @api.depends("retry_at")
    @api.depends_context("lang", "tz")
    def _compute_next_look_text(self):
        for row in self:
            row.next_look_text = self._next_look(row.retry_at)

    def _next_look(self, retry_at):
        """Say when a row is tried again; a moment that is over is one of a pass that
        has yet to come to it."""
        if not retry_at:
            return False
        if retry_at <= fields.Datetime.now():
            return self.env._("Next look in a few minutes")
        when = format_datetime(self.env, retry_at, dt_format="short")
        return self.env._("Next look at %(when)s", when=when)

    @api.model
    @api.private
    def text_told(self, fact):
        """Return ``told`` of a row that waits for no login, without reading it.

        :param fact: ``prepare.shown.Shown`` of its document
        """
        decides = fact.deciding
        told = self.env["octopus.finding"]._texts(decides) if decides else {}
        return self._lines_told(fact, told.get("title"), told.get("who"))

    def _lines_told(self, row, title, who):
        lines = [title, who]
        if title and row.retry_at:
            lines.append(self._next_look(row.retry_at))
        elif title and row.state in DUE:
            lines.append(self.env._("It goes by itself after that"))
        return BETWEEN.join(line for line in lines if line)

    def _stopped_with_the_login(self):
        """Return what keeps whole dossiers from working, as JSON, for each row that
        waits for nothing else: it is noted there only, and marks nothing as failed. A
        pause is told of what would go now; of what waits, the cause of that.

        :return: ``{row: [finding]}``
        """
        due = self.filtered(lambda row: row.queued and row.state in DUE)
        ends = {dossier: self._ended_by(dossier) for dossier in due.dossier_id}
        paused = {dossier: self._paused(dossier) for dossier in due.dossier_id}
        return {
            row: ends[row.dossier_id]
            or ([] if row.deciding() else paused[row.dossier_id])
            for row in due
        }

    def _ended_by(self, dossier):
        stopped = dossier.stopped_by()
        if stopped:
            return [stopped.as_json()]
        connection = dossier.sudo().connection_id
        problem = connection.state == "rejected" and connection.problem
        return [problem] if problem else []

    def _paused(self, dossier):
        paused = pause_finding(dossier)
        return [paused.as_json()] if paused else []

    # For people

    def _check_decides(self):
        """:raises AccessError: the user may not send what these rows are about"""
        self.check_access("read")
        self.move_id._octopus_check_user()

    def _notification(self, problem=None):
        """Return what became of one row, as a notification.

        :param problem: finding, as JSON, that ended the pass
        """
        told = problem or self.deciding()
        booked = self.state == "booked"
        if booked:
            message = self.env._("Booked as %(number)s", number=self.octopus_number)
        elif told:
            message = self.env["octopus.finding"].sentences(told)
        else:
            message = self.env._("It is being sent already; it goes on by itself.")
        kinds = {"booked": "success", "blocked": "danger"}
        title = self.env._("Octopus: %(name)s", name=self.document_name)
        notice = notification(
            kinds.get(self.state, "warning"), title, message, not booked
        )
        return with_button(notice, self.env._("Open"), self.action_open_document())

    def action_send(self):
        """Try these again, now."""
        return self.move_id.action_octopus_send()

    def action_open_document(self):
        """Open what it is in Odoo."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_exclude(self):
        """Ask why these must stay out of Octopus."""
        return self.move_id.action_octopus_exclude()

    def action_include(self):
        """Let what was kept out go to Octopus after all."""
        self._include()

    def action_adopt(self):
        """Say that these are what was found in Octopus: they are linked, and nothing
        is sent but what follows from it."""
        self._check_decides()
        return self.octopus_kind().link_chosen(self)
