from functools import partial

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.service.model import retrying
from odoo.tools import format_datetime

from ..api.errors import OctopusError
from ..client_values import without_defaults
from ..core import codes, retry
from ..core.codes import CODES
from ..core.findings import worst
from ..core.states import DUE, DUE_LATER, DUE_NOW, IN_FLIGHT, OPEN
from ..groups import MANAGER, require

# Nothing stops the row, and nothing has to be tried again.
AT_REST = {"retry_at": False, "waiting_since": False, "attempts": 0, "cause": False}
# What a delivery needs of a row before and after its call: reading all of a wide row
# takes longer than writing what became of it.
TO_CLAIM = ("move_id", "queued", "state", "retry_at")
TO_BOOK = ("move_id", "findings", "journal_year_id", "number", "octopus_number")
# What a person must look at; a change of settings or mirror does not mend it.
NOT_BY_ITSELF = [code for code, kind in CODES.items() if not kind.by_itself]
CLOSED_THERE = [code for code, kind in CODES.items() if kind.closed_there]
# Rows that one pass collects, wakes or sends; the next pass takes the rest.
PASS_LIMIT = 5000


class OctopusOutboxMixin(models.AbstractModel):
    """What waits for its turn in a journal of Octopus: who asked, what stands in
    the way, when it is tried again, and which number was claimed.

    A model that inherits it has ``state``, with at least ready, waiting, blocked,
    sending, unknown, booked and excluded.
    """

    _name = "octopus.outbox.mixin"
    _description = "Octopus Outbox"

    document_name = fields.Char(string="Number in Odoo", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, readonly=True, index=True
    )
    queued = fields.Boolean(
        string="Asked for",
        help="Somebody, or the automatic sending, asked for this document to leave.",
    )
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

    journal_year_id = fields.Many2one(
        "octopus.journal.year", readonly=True, copy=False, ondelete="restrict"
    )
    journal_id = fields.Many2one(
        related="journal_year_id.journal_id",
        string="Octopus journal",
        store=True,
        index=True,
    )
    bookyear_id = fields.Many2one(related="journal_year_id.bookyear_id", store=True)
    number = fields.Integer(readonly=True, copy=False)
    octopus_number = fields.Char(
        string="Number in Octopus", compute="_compute_octopus_number", store=True
    )
    period_number = fields.Integer(string="Period", readonly=True, copy=False)
    payload = fields.Json(readonly=True, copy=False, help="The booking as it was sent.")
    fingerprint = fields.Char(readonly=True, copy=False)
    sent_at = fields.Datetime(string="Sent on", readonly=True, copy=False)
    run_id = fields.Many2one("octopus.run", readonly=True, copy=False, index=True)
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True, copy=False)

    @api.depends("journal_year_id.name", "number")
    def _compute_octopus_number(self):
        """Name the booking as the accountant finds it: V1 / 2026 / 123."""
        for row in self:
            name = f"{row.journal_year_id.name} / {row.number}"
            row.octopus_number = name if row.number else False

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_findings_html(self):
        texts = self.env["octopus.finding"]
        ends = {dossier: dossier.stopped_by() for dossier in self.dossier_id}
        for row in self:
            stopped = row._stopped_with_the_login(ends.get(row.dossier_id))
            row.findings_html = texts._html([*(row.findings or []), *stopped])
            deciding = next(iter(stopped), None) or row._deciding()
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

    def _deciding(self):
        """Return the finding, as JSON, that stops the document, or ``None``."""
        findings = self.findings or []
        return next((found for found in findings if found["code"] == self.cause), None)

    def _stopped_with_the_login(self, stopped):
        """Return, as JSON, what keeps the whole dossier from working, if that is what
        this document waits for: it is noted there only, and marks nothing as failed.

        :param stopped: what the dossier's ``stopped_by`` gave
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

    # CRUD, inherited methods

    @api.model_create_multi
    def create(self, vals_list):
        """Take no value from the context: that one is the client's, and rows are made
        in sudo."""
        server = without_defaults(self)
        return super(OctopusOutboxMixin, server).create(vals_list).with_env(self.env)

    def _check_administrator(self):
        """Let only Octopus administrators decide what stays out of Octopus.

        :raises AccessError: somebody else does, or may not see one of the rows
        """
        self.check_access("read")
        require(
            self.env,
            MANAGER,
            self.env._(
                "Only Octopus administrators decide what is kept out of Octopus."
            ),
        )

    # The life of a row

    def _lock(self):
        """Lock rows until the end of the transaction, so that what a person decides
        about them is decided about the state they are in.

        :raises UserError: another transaction has one in hand, such as a delivery
        """
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._(
                    "%(documents)s is worked on at this moment. Try again in a minute.",
                    documents=", ".join(self.sudo().mapped("document_name")),
                )
            ) from None
        self.invalidate_recordset(["state"])

    def _locked(self, *states):
        """Lock rows and return those that are in one of these states now.

        :raises UserError: none is, or another transaction has one in hand
        """
        self._lock()
        return self._some_of(states)

    def _some_of(self, states):
        """Return the rows that are in one of these states.

        :raises UserError: none is
        """
        rows = self.filtered(lambda row: row.state in states)
        if not rows:
            raise UserError(
                self.env._(
                    "Nothing to decide: the documents are not as they were any more."
                    " Look at them again."
                )
            )
        return rows

    def _checked_reason(self, reason):
        """Return a reason that says something.

        :raises UserError: it does not
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why: the reason is kept with the document.")
            )
        return reason

    def _request(self, states, user=None, run=None):
        """Have rows leave now: those in ``states`` afresh, those in doubt as they are.

        :param user: who asked, and is told the result
        :param run: that counts what becomes of them
        """
        asked = {"queued": True, "retry_at": False}
        if user:
            asked["user_id"] = user.id
        if run:
            asked["run_id"] = run.id
        afresh = {**asked, "state": "ready", "attempts": 0}
        self.filtered(lambda row: row.state in states).write(afresh)
        self.filtered(lambda row: row.state in IN_FLIGHT).write(asked)

    def _may_go(self):
        """Let rows go of which a doubt was settled, if somebody asked for them."""
        rows = self.filtered(lambda row: row.state in OPEN)
        rows.write({"state": "ready", "cause": False, "findings": False, "attempts": 0})
        for dossier in rows.filtered("queued").dossier_id:
            dossier.push_cron_id._trigger()

    def _go_to(self, dossier):
        """Move what was not sent to another dossier, where nobody asked for it yet."""
        self.ensure_one()
        self.write(
            {
                **AT_REST,
                "dossier_id": dossier.id,
                "state": "excluded" if self.state == "excluded" else "ready",
                "queued": False,
                "findings": False,
                "journal_year_id": False,
            }
        )

    def _run_or(self, run):
        """Return the run that a person waits for, else the pass that looks at it."""
        return self.run_id if self.run_id.state == "running" else run

    def _join_run(self, run):
        """Count documents that nobody waits for with the pass that looks at them."""
        for row in self:
            row.run_id = row._run_or(run)

    def _claim(self, values):
        """Take a number: from here on it may be used by this row only."""
        self.ensure_one()
        self.write(
            {
                **values,
                "state": "sending",
                "retry_at": False,
                "sent_at": fields.Datetime.now(),
            }
        )

    def _give_number_back(self):
        """Nothing was booked under the number: another document may take it."""
        self.filtered(lambda row: row.state in IN_FLIGHT).write(
            {"state": "ready", "number": False, "payload": False, "sent_at": False}
        )

    def _hold(self, state, findings, retry_at=None):
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

    def _retry_at(self, findings=()):
        """Return when documents that wait for ``findings`` are tried again."""
        now = fields.Datetime.now()
        if any(found.code == codes.QUOTA_REACHED for found in findings):
            return retry.next_day(now)
        if any(found.code == codes.OUT_OF_TIME for found in findings):
            # Only this worker's time was over: the next one can go on.
            return now
        return retry.next_try(now, min(self.mapped("attempts")) + 1)

    def _vat_code_wanted(self):
        """Return the ``Finding`` that lines without VAT code were refused, ``None``
        when that cannot be why; for rows with VAT."""
        return None

    @api.model
    def _wake(self, dossiers):
        """Look again at what stands still for a setting, a mapping or a mirror that was
        changed now: one fix, and all of them go."""
        asked = Domain("dossier_id", "in", dossiers.ids) & Domain("queued", "=", True)
        blocked = self.sudo().search(
            asked
            & Domain("state", "=", "blocked")
            & Domain("cause", "not in", NOT_BY_ITSELF)
        )
        blocked.write({"state": "ready", "attempts": 0})
        closed = self.sudo().search(
            asked
            & Domain("state", "=", "waiting")
            & Domain("cause", "in", CLOSED_THERE)
        )
        closed.write({"retry_at": False})
        for dossier in (blocked | closed).dossier_id:
            dossier.push_cron_id._trigger()

    # What is due

    @api.model
    def _due_domain(self):
        """Return the domain of rows that are to be sent or settled now."""
        now = fields.Datetime.now()
        return Domain("queued", "=", True) & (
            Domain("state", "in", DUE_NOW)
            | Domain("state", "in", DUE_LATER)
            & (Domain("retry_at", "=", False) | Domain("retry_at", "<=", now))
        )

    def _is_due(self):
        """Whether one row is in ``_due_domain``, without its cost."""
        self.ensure_one()
        self.fetch(TO_CLAIM)
        if not self.queued or self.state not in DUE:
            return False
        timed = self.state in DUE_LATER and self.retry_at
        return not timed or self.retry_at <= fields.Datetime.now()

    def _due(self, dossier, bookings=None):
        """Return the rows that are due: those in doubt first, then by date.

        :param bookings: only these, of a person who waits for them
        """
        domain = Domain("dossier_id", "=", dossier.id) & self._due_domain()
        if bookings is not None:
            domain &= Domain("id", "in", bookings.ids)
        rows = self.search_fetch(domain, ["state"], limit=PASS_LIMIT)
        in_doubt = rows.filtered(lambda row: row.state in IN_FLIGHT)
        return in_doubt + (rows - in_doubt)

    # A pass

    def _carry_out(self, dossier, run, work):
        """Do the work of a pass, and end it unless some of it is left.

        An error of the service ends the pass and is noted on the run.

        :param work: takes the ``DossierClient``, returns whether all was looked at
        :return: ``run``
        """
        finished = True
        try:
            with dossier.client(run) as octopus:
                finished = work(octopus)
        except OctopusError as error:
            self.env.cr.rollback()
            run.problem = dossier.note_error(error)
        if finished:
            retrying(partial(self._end_pass, dossier, run), self.env)
            self.env["ir.cron"]._commit_progress(remaining=0)
        elif not self.env.context.get("cron_id"):
            # The time of a person's request is over: the scheduled action goes on.
            for cron in dossier.push_cron_id:
                cron._trigger()
            self.env["ir.cron"]._commit_progress()
        return run

    def _end_pass(self, dossier, run):
        """Tell what became of a pass, and plan the next one."""
        run._end_push()
        self._plan_next(dossier)

    @api.model
    def _timed_domain(self):
        """Return the domain of rows that wait for ``retry_at``."""
        return Domain("queued", "=", True) & Domain("state", "in", DUE_LATER)

    @api.model
    def _plan_next(self, dossier):
        """Wake the scheduled action when the next row may be tried again."""
        if not dossier.push_cron_id or dossier.paused:
            return
        now = fields.Datetime.now()
        here = Domain("dossier_id", "=", dossier.id)
        [[soonest]] = self._read_group(
            here & self._timed_domain(), [], ["retry_at:min"]
        )
        ready = Domain("queued", "=", True) & Domain("state", "=", "ready")
        if self.search_count(here & ready, limit=1):
            # Left to another worker that was busy with them; see that it did it.
            soonest = now + retry.FIRST_WAITS[0]
        if soonest:
            dossier.push_cron_id._trigger(at=max(soonest, now))
