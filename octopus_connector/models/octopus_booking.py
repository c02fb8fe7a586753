from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import retrying

from ..api.errors import OctopusError
from ..ledger.findings import Finding, worst
from ..outbox import schedule
from ..outbox.apart import apart
from ..outbox.delivery import IN_FLIGHT
from ..outbox.files import file_ids
from ..outbox.push import Push

KINDS = [
    ("out_invoice", "Customer invoice"),
    ("out_refund", "Customer credit note"),
    ("in_invoice", "Vendor bill"),
    ("in_refund", "Vendor refund"),
]

STATES = [
    ("ready", "To send"),
    ("waiting", "Waiting"),
    ("blocked", "Blocked"),
    ("sending", "Sending"),
    ("unknown", "Answer unknown"),
    ("booked", "Booked"),
    ("changed", "Changed since sending"),
    ("gone", "Gone in Octopus"),
    ("excluded", "Not sent"),
]
# There is a booking in Octopus, or there was one.
# Octopus has it, as it is here or not.
BOOKED = ("booked", "changed")
SENT = (*BOOKED, "gone")
DUE = ("ready", "waiting", *IN_FLIGHT)
# Not sent yet; whoever asks for it has it tried again.
OPEN = ("ready", "waiting", "blocked")
# What a person must look at; a change of settings or mirror does not mend it.
NOT_BY_ITSELF = ("refused", "invalid_request", "unexpected", "number_disputed")
WARNING_ACTIVITY = "mail.mail_activity_data_warning"
# How long nobody is bothered with what may mend itself.
JOURNAL_PATIENCE = timedelta(hours=1)
BLOCKED_PATIENCE = timedelta(days=1)
# Documents that one pass collects or wakes; the next pass takes the rest.
PASS_LIMIT = 5000


class OctopusBooking(models.Model):
    """The outbox: one row per document and dossier; it owns the document's fate.

    ready ─claim number, commit─► sending ─201─► booked ─► changed / gone
      ▲                              ├─ refused ───► blocked
      └── fixed / time ◄─────────────├─ not now ───► waiting (retry_at)
                                     └─ no answer ─► unknown ─read back─► booked | ready

    States are changed by the methods under *The life of a row*, and nowhere else.
    """

    _name = "octopus.booking"
    _description = "Octopus Booking"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "accounting_date, document_date, id"
    _rec_name = "document_name"

    move_id = fields.Many2one(
        "account.move", string="Document", index="btree_not_null", ondelete="set null"
    )
    document_name = fields.Char(string="Number in Odoo", readonly=True)
    document_date = fields.Date(readonly=True)
    accounting_date = fields.Date(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Contact"
    )
    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, readonly=True, index=True
    )

    state = fields.Selection(STATES, default="ready", required=True, index=True)
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
    relation_id = fields.Many2one("octopus.relation", readonly=True, copy=False)

    currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    amount = fields.Float(
        digits=(16, 2),
        readonly=True,
        copy=False,
        help="Total as sent, in the document's currency; negative on credit notes.",
    )
    payload = fields.Json(readonly=True, copy=False, help="The booking as it was sent.")
    fingerprint = fields.Char(readonly=True, copy=False)
    sent_at = fields.Datetime(readonly=True, copy=False)
    run_id = fields.Many2one("octopus.run", readonly=True, copy=False, index=True)
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True, copy=False)
    attachment_state = fields.Selection(
        [
            ("none", "Without document"),
            ("sent", "Sent"),
            ("later", "To follow"),
            ("refused", "Refused"),
        ],
        string="PDF and UBL",
        readonly=True,
        copy=False,
    )

    payments_linked = fields.Boolean(
        copy=False, help="Matches in Octopus that came before it was booked are known."
    )

    _move_uniq = models.UniqueIndex(
        "(move_id, dossier_id) WHERE move_id IS NOT NULL",
        "A document has one booking per dossier.",
    )
    _number_uniq = models.UniqueIndex(
        "(journal_year_id, number) WHERE number > 0 AND state <> 'gone'",
        "This number of the Octopus journal is already taken.",
    )
    _in_flight_uniq = models.UniqueIndex(
        "(journal_year_id) WHERE state IN ('sending', 'unknown')",
        "One document at a time travels to an Octopus journal.",
    )
    _due_idx = models.Index(
        "(dossier_id, accounting_date, document_date, id)"
        " WHERE queued AND state IN ('ready', 'waiting', 'sending', 'unknown')"
    )
    _unlinked_idx = models.Index(
        "(dossier_id) WHERE payments_linked IS NOT TRUE AND number > 0"
    )
    _files_idx = models.Index("(dossier_id) WHERE attachment_state = 'later'")

    @api.depends("journal_year_id.name", "number")
    def _compute_octopus_number(self):
        """Name the booking as the accountant finds it: V1 / 2026 / 123 (F.8)."""
        for row in self:
            name = f"{row.journal_year_id.name} / {row.number}"
            row.octopus_number = name if row.number else False

    @api.depends("findings")
    @api.depends_context("lang")
    def _compute_findings_html(self):
        texts = self.env["octopus.finding"]
        for row in self:
            row.findings_html = texts._html(row.findings)
            deciding = row._deciding()
            row.cause_text = deciding and texts._texts(deciding)["title"]

    def _deciding(self):
        """Return the finding, as JSON, that stops the document, or ``None``."""
        findings = self.findings or []
        return next((found for found in findings if found["code"] == self.cause), None)

    # Rows for documents

    @api.model
    def _for_moves(self, moves):
        """Return the rows of documents, those that are missing made anew.

        A document that is in another dossier already, from before the company was
        linked anew, gets no second one (Z.4, X.51).

        :param moves: posted documents in scope, of companies with a dossier
        """
        moves = moves.sudo().sorted(_chronological)
        dossiers = {company: company._octopus_dossier() for company in moves.company_id}
        rows = self.sudo().search([("move_id", "in", moves.ids)])
        known = {(row.move_id, row.dossier_id): row for row in rows}
        sent = rows.filtered(lambda row: row.state in (*IN_FLIGHT, *BOOKED)).move_id
        missing = [
            self._values_for(move, dossiers[move.company_id])
            for move in moves - sent
            if (move, dossiers[move.company_id]) not in known
        ]
        made = self.sudo().with_context(mail_create_nolog=True).create(missing)
        wanted = {(move, dossiers[move.company_id]) for move in moves}
        kept = rows.filtered(lambda row: (row.move_id, row.dossier_id) in wanted)
        return (kept | made).with_env(self.env)

    def _values_for(self, move, dossier):
        return {
            **self._facts_of(move),
            "move_id": move.id,
            "kind": move.move_type,
            "company_id": move.company_id.id,
            "dossier_id": dossier.id,
            "queued": dossier.automatic,
        }

    @api.model
    def _facts_of(self, move):
        """Return what a row keeps of its document, for its order and its history."""
        return {
            "document_name": move.name,
            "document_date": move.invoice_date or move.date,
            "accounting_date": move.date,
        }

    @api.model
    def _collect(self, dossier):
        """Make rows for posted documents that have none yet, so that none is forgotten:
        those from before the link, and those of other companies' settings (J.3)."""
        for settings in dossier.company_ids.filtered("octopus_enabled"):
            moves = self.env["account.move"]._octopus_without_row(settings, PASS_LIMIT)
            self._for_moves(moves._octopus_in_scope())

    # The life of a row

    def _queue(self, user=None, run=None):
        """Ask for these documents to leave, now: who asked is told the result (I.3)."""
        asked = {"queued": True, "retry_at": False}
        if user:
            asked["user_id"] = user.id
        if run:
            asked["run_id"] = run.id
        afresh = {**asked, "state": "ready", "attempts": 0}
        self.filtered(lambda row: row.state in (*OPEN, "excluded")).write(afresh)
        self.filtered(lambda row: row.state in IN_FLIGHT).write(asked)

    def _run_or(self, run):
        """Return the run that a person waits for, else the pass that looks at it."""
        return self.run_id if self.run_id.state == "running" else run

    def _join_run(self, run):
        """Count documents that nobody waits for with the pass that looks at them."""
        for row in self:
            row.run_id = row._run_or(run)

    def _claim(self, values):
        """Take a number: from here on it may be used by this document only (X.23)."""
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

    def _set_booked(self, attachment_state, refused_files=()):
        """Octopus has it, under the number that was claimed.

        :param refused_files: names of files that it did not take
        """
        self.ensure_one()
        self.write(
            {
                "state": "booked",
                "retry_at": False,
                "waiting_since": False,
                "attempts": 0,
                "cause": False,
                "findings": [
                    found
                    for found in self.findings or []
                    if found["severity"] in ("warn", "info")
                ],
                "attachment_state": attachment_state,
            }
        )
        if refused_files:
            self._refuse_files(refused_files)
        self.journal_year_id._note_booked(self.number)

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
        """Return when documents that wait for ``findings`` are tried again (X.4)."""
        now = fields.Datetime.now()
        if any(found.code == "quota_reached" for found in findings):
            return schedule.next_day(now)
        return schedule.next_try(now, min(self.mapped("attempts")) + 1)

    def _refuse_files(self, names):
        """Note that Octopus did not take the files of a booking (X.48)."""
        refused = Finding("attachment_refused", {"file": names}).as_json()
        for row in self:
            row.attachment_state = "refused"
            row.findings = [*(row.findings or []), refused]

    def _exclude(self, reason):
        """Keep documents out of Octopus; the reason stays in their history (F.3)."""
        self._check_not_sent()
        self.write({"state": "excluded", "queued": False, "retry_at": False})
        note = self.env._("Will not be sent to Octopus: %(reason)s", reason=reason)
        self.move_id._message_log_batch({move.id: note for move in self.move_id})

    def _include(self):
        """Take back the decision that documents stay out of Octopus."""
        self.check_access("write")
        out = self.filtered(lambda row: row.state == "excluded")
        out.write({"state": "ready", "queued": False})
        note = self.env._("Can be sent to Octopus again.")
        out.move_id._message_log_batch({move.id: note for move in out.move_id})

    def _note_reposted(self):
        """Take over what documents have become, and compare those that were sent with
        what was sent (X.29)."""
        for row in self:
            facts = self._facts_of(row.move_id)
            if any(row[name] != value for name, value in facts.items()):
                row.write(facts)
        self.filtered(
            lambda row: row.state in OPEN and row.dossier_id.automatic
        )._queue()
        sent = self.filtered(lambda row: row.state in ("booked", "changed"))
        documents = sent.move_id._octopus_prepare() if sent else {}
        for row in sent:
            same = documents[row.move_id.id].fingerprint == row.fingerprint
            row.state = "booked" if same else "changed"

    def _note_changed(self):
        """Mark that Octopus has something else than Odoo."""
        self.filtered(lambda row: row.state == "booked").write({"state": "changed"})

    def _check_not_sent(self):
        sent = self.filtered(lambda row: row.state in (*IN_FLIGHT, *SENT))
        if sent:
            raise UserError(
                self.env._(
                    "%(documents)s went to Octopus already and can not be kept out.",
                    documents=", ".join(sent.mapped("document_name")),
                )
            )

    @api.model
    def _note_gone(self, journal_year):
        """Mark bookings beyond the last number Octopus has: somebody deleted them there
        (X.31)."""
        gone = self.search(
            [
                ("journal_year_id", "=", journal_year.id),
                ("number", ">", journal_year.last_number),
                ("state", "in", ("booked", "changed")),
            ]
        )
        gone.write({"state": "gone"})
        note = self.env._("The booking was deleted in Octopus.")
        gone.move_id._message_log_batch({move.id: note for move in gone.move_id})

    @api.model
    def _wake(self, dossiers):
        """Look again at documents that stand still for a setting, a mapping or a mirror
        that was changed now: one fix, and all of them go (X.8, Z.3)."""
        blocked = self.sudo().search(
            [
                ("dossier_id", "in", dossiers.ids),
                ("state", "=", "blocked"),
                ("queued", "=", True),
                ("cause", "not in", NOT_BY_ITSELF),
            ]
        )
        blocked.write({"state": "ready", "attempts": 0})
        for dossier in blocked.dossier_id:
            dossier.push_cron_id._trigger()

    # The push

    @api.model
    def _due_domain(self):
        """Return the domain of rows that are to be sent or settled now."""
        now = fields.Datetime.now()
        return Domain("queued", "=", True) & (
            Domain("state", "in", ("ready", "sending"))
            | Domain("state", "in", ("waiting", "unknown"))
            & (Domain("retry_at", "=", False) | Domain("retry_at", "<=", now))
        )

    def _is_due(self):
        """Whether one row is in ``_due_domain``, without its cost."""
        self.ensure_one()
        if not self.queued or self.state not in DUE:
            return False
        timed = self.state in ("waiting", "unknown") and self.retry_at
        return not timed or self.retry_at <= fields.Datetime.now()

    @api.model
    def _push(self, dossier, bookings=None):
        """Send what is due to a dossier, oldest first (F.7, X.21).

        Commits after each document. What can not go is noted on its row; an error of
        one document never reaches another (X.25).

        :param bookings: only these, for a person who waits for them
        :return: the ``octopus.run``, empty when nothing was due
        """
        rows = self.browse().sudo().with_context(tracking_disable=True)
        dossier = dossier.sudo()
        if bookings is None:
            rows._collect(dossier)
        due = rows._due(dossier, bookings)
        follow = rows._with_files_to_follow(dossier, bookings)
        rows.env["ir.cron"]._commit_progress(remaining=len(due) + len(follow))
        runs = rows.env["octopus.run"]
        if not due and not follow:
            return runs
        run = runs._start_push(dossier, bookings)
        rows.env["ir.cron"]._commit_progress()
        try:
            with dossier._client(run) as octopus:
                finished = Push(rows.env, dossier, run, octopus).go(due, follow)
        except OctopusError as error:
            rows.env.cr.rollback()
            finished = True
            run.problem = dossier._note_error(error)
        if finished:
            # Another worker may end a pass over the same dossier at this moment.
            retrying(partial(rows._end_pass, dossier, run), rows.env)
            rows.env["ir.cron"]._commit_progress(remaining=0)
        return run

    def _end_pass(self, dossier, run):
        run._end_push()
        run._end_requests(dossier)
        self._watch(dossier)
        self._plan_next(dossier)

    def _due(self, dossier, bookings):
        """Return the rows that are due: those in doubt first, then by date."""
        domain = Domain("dossier_id", "=", dossier.id) & self._due_domain()
        if bookings is not None:
            domain &= Domain("id", "in", bookings.ids)
        rows = self.search_fetch(domain, ["state"], limit=PASS_LIMIT)
        in_doubt = rows.filtered(lambda row: row.state in IN_FLIGHT)
        return in_doubt + (rows - in_doubt)

    @api.model
    def _with_files_to_follow(self, dossier, bookings=None):
        """Return booked rows that went without a file and whose document has one now
        (Z.14); the newest come first, as many old ones may never get a file.

        :param bookings: only these, so that nobody waits for the files of others
        """
        domain = [("dossier_id", "=", dossier.id), ("attachment_state", "=", "later")]
        if bookings is not None:
            domain.append(("id", "in", bookings.ids))
        rows = self.search(domain, order="id desc", limit=PASS_LIMIT)
        having = file_ids(rows.move_id)
        return rows.filtered(lambda row: row.move_id.id in having)

    @api.model
    def _plan_next(self, dossier):
        """Wake the scheduled action when the next document may be tried again."""
        if not dossier.push_cron_id:
            return
        now = fields.Datetime.now()
        ours = Domain("dossier_id", "=", dossier.id) & Domain("queued", "=", True)
        waiting = ours & Domain("state", "in", ("waiting", "unknown"))
        [[soonest]] = self._read_group(waiting, [], ["retry_at:min"])
        if self.search_count(ours & Domain("state", "=", "ready"), limit=1):
            # Left to another worker that was busy with them; see that it did it.
            soonest = now + schedule.FIRST_WAITS[0]
        if soonest:
            dossier.push_cron_id._trigger(at=max(soonest, now))

    @api.model
    def _watch(self, dossier):
        """Keep one activity, no more, on a dossier where something stays broken; none
        when all is well (I.1, X.4)."""
        user = dossier.connection_id.responsible_id or self.env.ref("base.user_admin")
        told = self.with_context(lang=user.lang)._what_stays(dossier)
        known = dossier.activity_search([WARNING_ACTIVITY])
        if not told:
            known.unlink()
        elif known:
            known[:1].write({"summary": told[0], "note": " ".join(told)})
        else:
            dossier.activity_schedule(
                WARNING_ACTIVITY,
                user_id=user.id,
                summary=told[0],
                note=" ".join(told),
            )

    @api.model
    def _what_stays(self, dossier):
        """Return, a sentence each, what does not mend itself."""
        now = fields.Datetime.now()
        ours = Domain("dossier_id", "=", dossier.id) & Domain("queued", "=", True)
        stuck = self._read_group(
            ours
            & Domain("state", "=", "waiting")
            & Domain("cause", "=", "journal_open_elsewhere")
            & Domain("journal_id", "!=", False)
            & Domain("waiting_since", "<=", now - JOURNAL_PATIENCE),
            ["journal_id"],
        )
        told = [
            self.env._(
                "Journal %(journal)s is open at somebody in Octopus: ask to close it.",
                journal=journal.display_name,
            )
            for [journal] in stuck
        ]
        blocked = self.search_count(
            ours
            & Domain("state", "=", "blocked")
            & Domain("waiting_since", "<=", now - BLOCKED_PATIENCE)
        )
        if blocked:
            told.append(
                self.env._(
                    "%(count)s documents can not go to Octopus: see the outbox.",
                    count=blocked,
                )
            )
        return told

    # For people

    def _send_now(self):
        """Send one document while a person waits, and tell the result (F.6)."""
        self.ensure_one()
        with apart(self.env) as env:
            row = self.with_env(env)
            problem = row._push(row.dossier_id, row).problem
        if self.state == "ready":
            self.dossier_id.push_cron_id._trigger()
        return self._notification(problem)

    def _notification(self, problem=None):
        """Return what became of one document, as a notification."""
        told = problem or self._deciding()
        texts = self.env["octopus.finding"]._texts(told) if told else {}
        booked = self.state == "booked"
        if booked:
            message = self.env._("Booked as %(number)s", number=self.octopus_number)
        elif texts:
            message = f"{texts['title']} {texts['fix']}"
        else:
            message = self.env._("It is being sent already; it goes on by itself.")
        kinds = {"booked": "success", "blocked": "danger"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kinds.get(self.state, "warning"),
                "title": self.env._("Octopus: %(name)s", name=self.document_name),
                "message": message,
                "sticky": not booked,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _send_soon(self):
        """Send many documents in the background; who asked is told the result (J.1)."""
        for dossier, rows in self.grouped("dossier_id").items():
            dossier._activate_crons()
            if not dossier.connection_id._is_ready():
                raise UserError(
                    self.env._(
                        "The login at Octopus of %(dossier)s does not work now: see the"
                        " connection. Nothing was sent.",
                        dossier=dossier.display_name,
                    )
                )
            rows.run_id = self.env["octopus.run"]._start_push(dossier, rows)
            dossier.push_cron_id._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("Octopus"),
                "message": self.env._(
                    "%(count)s documents are being sent. You are told the result.",
                    count=len(self),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_send(self):
        """Try these documents again, now (I.3)."""
        return self.move_id.action_octopus_send()

    def action_open_document(self):
        """Open the document in Odoo."""
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_exclude(self):
        """Ask why these documents must stay out of Octopus."""
        return self.move_id.action_octopus_exclude()

    def action_include(self):
        """Let documents that were kept out go to Octopus after all."""
        self._include()


def _chronological(move):
    return (
        move.date,
        move.invoice_date or move.date,
        move.sequence_prefix or "",
        move.sequence_number,
        move.id,
    )
