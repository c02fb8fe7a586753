from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from ..api.stored import to_json
from ..client_values import without_defaults
from ..core import codes, retry
from ..core.findings import worst, worth_telling
from ..core.states import (
    AT_REST,
    BOOKED,
    DUE_LATER,
    DUE_NOW,
    HELD_FROM,
    IN_FLIGHT,
    OPEN,
    is_due,
)
from ..groups import MANAGER, require
from ..send import statements
from ..send.push import push

# Whether a row is due is read without the rest of a wide row.
TO_CLAIM = ("move_id", "queued", "state", "retry_at")


class OctopusOutboxMixin(models.AbstractModel):
    """What waits for its turn in a journal of Octopus: who asked for it, what stands in
    the way, when it is tried again, and which number was claimed.

    A model that inherits it has ``state``, with at least ready, waiting, blocked,
    sending, unknown, booked and excluded (``core.states`` has the diagram), and says in
    the attributes below what differs. Services know a row by the methods that are
    ``@api.private``, and by its fields.
    """

    _name = "octopus.outbox.mixin"
    _inherit = ["octopus.outbox.view.mixin"]
    _description = "Octopus Outbox"

    # The ``send.kinds.Kind`` of its rows, and when they have their turn in a pass.
    _octopus_kind = None
    _octopus_turn = 100
    # States in which Octopus has a row; which can be kept out; which are tried afresh
    # when somebody asks.
    _octopus_booked = BOOKED
    _octopus_can_stay_out = (*OPEN, "excluded")
    _octopus_afresh = (*OPEN, "excluded")
    # Where people read what became of a row, if not on the row; and what is cleared
    # when it moves to another dossier.
    _octopus_history = None
    _octopus_of_dossier = ()

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
    retry_at = fields.Datetime(string="Next look", copy=False)
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
            name = row.number and row.journal_year_id.number_name(row.number)
            row.octopus_number = name or False

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

    @api.private
    def lock(self):
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

    @api.private
    def locked(self, *states):
        """Lock rows and return those that are in one of these states now.

        :raises UserError: none is, or another transaction has one in hand
        """
        self.lock()
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

    @api.private
    def checked_reason(self, reason):
        """Return a reason that says something.

        :raises UserError: it does not
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why: the reason is kept with the document.")
            )
        return reason

    @api.private
    def queue(self, user=None, run=None):
        """Have rows leave now: those that were not sent afresh, those in doubt as they
        are.

        :param user: who asked, and is told the result
        :param run: that counts what becomes of them
        """
        asked = {"queued": True, "retry_at": False}
        if user:
            asked["user_id"] = user.id
        if run:
            asked["run_id"] = run.id
        # What stood in the way stays noted until it is found out what does so now, as
        # with ``wake``: lists tell by it what goes now. No screen shows it meanwhile.
        afresh = {**asked, "state": "ready", "attempts": 0}
        self.filtered(lambda row: row.state in self._octopus_afresh).write(afresh)
        self.filtered(lambda row: row.state in IN_FLIGHT).write(asked)

    @api.private
    def may_go(self):
        """Let rows go of which a doubt was settled, if somebody asked for them."""
        rows = self.filtered(lambda row: row.state in OPEN)
        rows.write({"state": "ready", "cause": False, "findings": False, "attempts": 0})
        for dossier in rows.filtered("queued").dossier_id:
            dossier.push_cron_id._trigger()

    @api.private
    def of_dossier(self):
        """Return the values that clear what belongs to the dossier of a row; ``None``
        for a row that stays there."""
        return dict.fromkeys(self._octopus_of_dossier, False)

    @api.private
    def run_or(self, run):
        """Return the run that a person waits for, else the pass that looks at it."""
        return self.run_id if self.run_id.state == "running" else run

    @api.private
    def join_run(self, run):
        """Count documents that nobody waits for with the pass that looks at them."""
        for row in self:
            row.run_id = row.run_or(run)

    @api.private
    def claim(self, request, booking, **values):
        """Take a number: from here on it may be used by this row only.

        :param values: of one kind, or other than the ``SendRequest`` says
        """
        self.ensure_one()
        noted = {
            "journal_year_id": request.journal_year_id,
            "number": booking.number,
            "period_number": booking.period,
            "run_id": request.run_id,
            "payload": to_json(booking),
            "fingerprint": request.fingerprint,
            "findings": list(request.findings),
            **values,
            "state": "sending",
            "retry_at": False,
            "sent_at": fields.Datetime.now(),
        }
        statements.claim(self, noted)

    @api.private
    def release_number(self):
        """Nothing was booked under the number: another document may take it."""
        self.filtered(lambda row: row.state in IN_FLIGHT).write(
            {"state": "ready", "number": False, "payload": False, "sent_at": False}
        )

    @api.private
    def set_booked(self, values):
        """Octopus has it, under the number that was claimed.

        :param values: what its kind notes besides; ``findings``, if they are not read
        """
        self.ensure_one()
        found = values["findings"] if "findings" in values else self.findings
        booked = {**AT_REST, "state": "booked", "findings": worth_telling(found)}
        statements.set_booked(self, {**values, **booked})

    @api.private
    def link(self, entry, values):
        """Take a booking that Octopus has already for this row's own: nothing is sent,
        and nothing is changed there.

        :param entry: the booking that is kept
        :param values: what its kind notes besides
        """
        self.ensure_one()
        self.write(
            {
                "findings": False,
                "journal_year_id": entry.journal_year_id.id,
                "number": entry.number,
                **values,
            }
        )
        note = self.env._(
            "Found in Octopus as %(number)s and linked; it was not sent again.",
            number=self.octopus_number,
        )
        self.tell(note)

    @api.private
    def set_gone(self):
        """Octopus does not have them any more."""
        if not self:
            return
        self.octopus_kind().set_gone(self)
        self.tell(self.env._("The booking was deleted in Octopus."))

    @api.model
    @api.private
    def note_gone(self, journal_years):
        """Mark bookings beyond the last number Octopus has: somebody deleted them
        there."""
        here = (
            Domain("journal_year_id", "in", journal_years.ids)
            & Domain("state", "in", self._octopus_booked)
            & Domain("number", ">", 0)
        )
        highest = self._read_group(here, ["journal_year_id"], ["number:max"])
        for year, number in highest:
            if number > year.last_number:
                beyond = Domain("journal_year_id", "=", year.id) & Domain(
                    "number", ">", year.last_number
                )
                self.search(here & beyond).set_gone()

    @api.model
    @api.private
    def journal_years(self, dossier, states=None):
        """Return the journals, each in its bookyear, that we booked in.

        :param states: only of rows in one of them
        """
        here = Domain("dossier_id", "=", dossier.id)
        if states:
            here &= Domain("state", "in", states)
        groups = self._read_group(here, ["journal_year_id"])
        return self.env["octopus.journal.year"].union(*(year for [year] in groups))

    @api.private
    def tell(self, note):
        """Write a note in the history of what people look at, as far as it still
        exists."""
        told = self[self._octopus_history] if self._octopus_history else self
        told._message_log_batch({record.id: note for record in told})

    @api.private
    def exclude(self, reason):
        """Keep rows out of Octopus; the reason stays in their history.

        :raises AccessError: the user is no Octopus administrator
        :raises UserError: no reason was given, or one is in Octopus, or on its way
        """
        reason = self.checked_reason(reason)
        self._check_administrator()
        if not self:
            return
        rows = self.sudo()
        rows.lock()
        rows._check_not_sent()
        rows.octopus_kind().exclude(rows)
        rows.tell(self.env._("Will not be sent to Octopus: %(reason)s", reason=reason))

    def _check_not_sent(self):
        """:raises UserError: Octopus has one of them, or may have it"""
        sent = self.filtered(lambda row: row.state not in self._octopus_can_stay_out)
        if sent:
            raise UserError(
                self.env._(
                    "%(documents)s went to Octopus already and cannot be kept out.",
                    documents=", ".join(sent.mapped("document_name")),
                )
            )

    def _include(self):
        """Take back the decision that rows stay out of Octopus."""
        self._check_administrator()
        out = self.filtered(lambda row: row.state == "excluded" and row.move_id)
        out.sudo().write({"state": "ready", "queued": False})
        out.tell(self.env._("Can be sent to Octopus again."))

    @api.private
    def hold(self, state, findings, retry_at=None):
        """Note why documents stay where they are; what another worker claimed a number
        for, or booked, since they were looked at stays what it is.

        :param state: ``waiting``, ``blocked`` or ``unknown``
        :param findings: ``Finding`` values, the one that decides among them
        """
        here = self.filtered(lambda row: row.state in HELD_FROM[state])
        cause = worst(findings).code
        held = {
            "state": state,
            "findings": [found.as_json() for found in findings],
            "cause": cause,
            "retry_at": retry_at,
            "trace": next((it.trace for it in findings if it.trace), False),
        }
        for (attempts, same), rows in here.grouped(
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

    @api.model
    @api.private
    def wake_all(self, dossiers):
        """Look again at what stands still for a setting, a mapping or a mirror that was
        changed now: one fix, and all of them go."""
        for rows in self.outboxes():
            rows.sudo().octopus_kind().wake(dossiers)
            rows.forget_foreseen(dossiers)

    # What is due

    @api.model
    @api.private
    def due_domain(self):
        """Return the domain of rows that are to be sent or settled now."""
        now = fields.Datetime.now()
        return Domain("queued", "=", True) & (
            Domain("state", "in", DUE_NOW)
            | Domain("state", "in", DUE_LATER)
            & (Domain("retry_at", "=", False) | Domain("retry_at", "<=", now))
        )

    @api.private
    def is_due(self):
        """Whether one row is in ``due_domain``, without its cost."""
        self.ensure_one()
        self.fetch(TO_CLAIM)
        return is_due(self.queued, self.state, self.retry_at, fields.Datetime.now())

    @api.private
    def due(self, dossier, chosen=None):
        """Return the rows that are due: those in doubt first, then by date.

        :param chosen: only these, of a person who waits for them
        """
        domain = Domain("dossier_id", "=", dossier.id) & self.due_domain()
        if chosen is not None:
            domain &= Domain("id", "in", chosen.ids)
        rows = self.search_fetch(domain, ["state"], limit=retry.PASS_LIMIT)
        in_doubt = rows.filtered(lambda row: row.state in IN_FLIGHT)
        return in_doubt + (rows - in_doubt)

    # A pass

    @api.private
    def octopus_kind(self, octopus=None):
        """Return the ``send.kinds.Kind`` of these rows, in their environment.

        :param octopus: ``api.client.DossierClient``, where something is called
        """
        return self._octopus_kind(self.env, octopus)

    @api.model
    @api.private
    def outboxes(self):
        """Return an empty recordset of each model with this life, in their turn."""
        names = self.env.registry.descendants(["octopus.outbox.mixin"], "_inherit")
        models_ = [self.env[name] for name in names]
        kept = [model for model in models_ if not model._abstract]
        return sorted(kept, key=lambda model: (model._octopus_turn, model._name))

    @api.model
    @api.private
    def push(self, dossier, chosen=None):
        """Send what is due to a dossier, oldest first (``send.push``).

        :param chosen: only these rows, for a person who waits for them
        :return: the ``octopus.run``, empty when nothing was due
        """
        rows = self.browse().sudo().with_context(tracking_disable=True)
        return push(rows.octopus_kind(), dossier.sudo(), chosen)

    @api.model
    def _timed_domain(self):
        """Return the domain of rows that wait for ``retry_at``."""
        return Domain("queued", "=", True) & Domain("state", "in", DUE_LATER)

    @api.model
    @api.private
    def plan_next(self, dossier):
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
