from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import LazyTranslate, format_datetime

from ..core import codes
from ..core.states import DUE_NOW, OUTCOMES, TO_GO
from ..groups import MANAGER
from ..notification import notification, tell_user, with_button
from ..prepare.day import later_text
from ..sync.payments.pull import pull
from ..sync.refresh import outcome, part_of
from ..transaction import own_transaction

_lt = LazyTranslate(__name__)

# What is counted besides states: by a pull, and of contacts.
PULLED = {
    "payments": _lt("Payments"),
    "reconciled": _lt("Matched with each other"),
    "written_off": _lt("Written off"),
    "undone": _lt("Taken back"),
    "held": _lt("Waiting to be accepted"),
    "problems": _lt("To decide"),
    "imported": _lt("Imported"),
    "created": _lt("Created in Octopus"),
    "followed": _lt("Changed"),
}
# What a refresh reads, by the first word of a step.
PARTS = {
    "bookyears": _lt("the bookyears"),
    "journals": _lt("the journals"),
    "bank_accounts": _lt("the bank accounts"),
    "accounts": _lt("the accounts"),
    "vat_codes": _lt("the VAT codes"),
    "cost_centres": _lt("the cost centres"),
    "relations": _lt("the relations"),
}
KINDS = [
    ("refresh", "Refresh"),
    ("push", "Send"),
    ("pull", "Check payments"),
    ("remit", "Send payments"),
    ("contacts", "Contacts"),
    ("compare", "Compare"),
    ("sync", "Synchronise"),
    ("both_sides", "Compare both sides"),
]
# What a run that compares both sides counts.
COMPARED = "compared"


class OctopusRun(models.Model):
    """One run of a scheduled action or a button: who, when, what came of it."""

    _name = "octopus.run"
    _description = "Octopus Run"
    _order = "id desc"

    kind = fields.Selection(KINDS, required=True)
    dossier_id = fields.Many2one("octopus.dossier", index=True)
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user)
    interactive = fields.Boolean(
        string="Asked by a person",
        help="Asked for by a person, who is told the result.",
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("stopped", "Stopped"),
        ],
        default="running",
        required=True,
    )
    started_at = fields.Datetime(default=fields.Datetime.now)
    ended_at = fields.Datetime()
    total = fields.Integer(string="Documents")
    done = fields.Integer(
        compute="_compute_done",
        compute_sudo=True,
        help="Documents of which it is known what came of them.",
    )
    progress = fields.Float(
        string="Progress (%)", compute="_compute_done", compute_sudo=True
    )
    counts = fields.Json(help="Number of documents by result.")
    counts_text = fields.Char(string="Result", compute="_compute_counts_text")
    problem = fields.Json()
    problem_html = fields.Html(compute="_compute_problem_html", sanitize=False)
    day_plan_text = fields.Char(
        string="Daily limit", compute="_compute_day_plan_text", compute_sudo=True
    )
    # Of a refresh: {name of a step that is done: findings of it}, in their order; the
    # empty name is an error that ended them all.
    steps = fields.Json(readonly=True, help="What was read so far.")
    step = fields.Char(readonly=True, help="What is being read.")
    reading_text = fields.Char(string="Reading", compute="_compute_reading_text")
    booking_ids = fields.One2many("octopus.booking", "run_id")

    _running_idx = models.Index("(dossier_id, kind) WHERE state = 'running'")

    @api.depends("kind", "started_at")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            kind, began = kinds.get(run.kind, ""), run.started_at
            when = began and format_datetime(self.env, began, dt_format="short")
            run.display_name = f"{kind}, {when}" if when else kind

    @api.depends("kind", "state", "counts", "problem")
    @api.depends_context("lang")
    def _compute_counts_text(self):
        for run in self:
            run.counts_text = run._summary() or run._nothing_text()

    @api.depends("state", "total", "counts", "steps")
    def _compute_done(self):
        pending = self._pending()
        for run in self:
            if run.state not in ("running", "paused"):
                run.done = run.total
            elif run.kind == "refresh":
                run.done = min(len(run.steps or {}), run.total)
            elif run.interactive:
                run.done = run.total - pending.get(run, 0)
            else:
                run.done = min(sum((run.counts or {}).values()), run.total)
            run.progress = 100 * run.done / run.total if run.total else 0

    def _pending(self):
        """Return ``{run: number of its documents that are still to leave}``."""
        open_runs = self.filtered(lambda run: run.state in ("running", "paused"))
        counts = self.env["octopus.booking"]._read_group(
            [("run_id", "in", open_runs.ids), ("state", "in", DUE_NOW)],
            ["run_id"],
            ["__count"],
        )
        return dict(counts)

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_html(self):
        for run in self:
            problem = [run.problem] if run.problem else []
            run.problem_html = self.env["octopus.finding"]._html(problem)

    @api.depends("kind", "state", "problem", "counts")
    def _compute_day_plan_text(self):
        """Tell of a run that sends, or could not go on, what the day still takes."""
        for run in self:
            limited = (run.problem or {}).get("code") == codes.QUOTA_REACHED
            limited |= run.kind == "push" and bool((run.counts or {}).get("waiting"))
            sending = run.kind == "push" and run.state in ("running", "paused")
            tells = limited or sending
            run.day_plan_text = tells and run.dossier_id.day_plan_text

    # Comparing both sides

    @api.model
    @api.private
    def note_compared(self, dossier, done, left):
        """Count documents of both sides that were compared; only what takes more than a
        moment is a run.

        :param done: how many were compared now
        :param left: how many are still to be
        """
        mine = [("dossier_id", "=", dossier.id), ("kind", "=", "both_sides")]
        run = self.sudo().search([*mine, ("state", "=", "running")], limit=1)
        if not run and left:
            run = self.sudo().create({"kind": "both_sides", "dossier_id": dossier.id})
        if not run:
            return
        counted = (run.counts or {}).get(COMPARED, 0) + done
        run.write({"counts": {COMPARED: counted}, "total": counted + left})
        if not left:
            run.write({"state": "done", "ended_at": fields.Datetime.now()})

    # Reading the mirror

    @api.depends("kind", "state", "step", "total", "steps")
    @api.depends_context("lang")
    def _compute_reading_text(self):
        """Say what a refresh that is under way reads, and how much is left."""
        for run in self:
            reading = run.kind == "refresh" and run.state == "running"
            run.reading_text = reading and self.env._(
                "Reading %(part)s: %(done)s of %(total)s parts are done. What was read"
                " is kept, whatever happens.",
                part=run._part(),
                done=run.done,
                total=max(run.total, run.done + 1),
            )

    def _part(self):
        name = part_of(self.step or "")
        return self.env._(PARTS.get(name, PARTS["bookyears"]))

    @api.private
    def end_refresh(self, findings):
        self.write(
            {
                "state": "stopped" if findings else "done",
                "ended_at": fields.Datetime.now(),
                "problem": findings[0] if findings else False,
                "step": False,
            }
        )

    # Sending

    @api.model
    @api.private
    def start_push(self, dossier, bookings=None):
        """Return the run of a pass: a new one for a person who waits for ``bookings``,
        else the one that earlier passes of the scheduled action left unfinished."""
        asked = bookings is not None
        run = self.browse() if asked else self._unfinished(dossier)
        return run or self.create(
            {
                "kind": "push",
                "dossier_id": dossier.id,
                "interactive": asked,
                "user_id": self.env.uid,
                "total": len(bookings) if asked else 0,
            }
        )

    @api.private
    def for_pass(self, dossier, rows):
        """Return the run of a pass of the scheduled action: where all that it sends was
        asked for by people, theirs, so that one click is one run."""
        asked = rows.run_id.filtered(lambda run: run.is_sending())
        others = rows.filtered(lambda row: row.run_id not in asked or not row.queued)
        people = asked.filtered("interactive")
        if not rows or others or people != asked or self._unfinished(dossier):
            return self.start_push(dossier)
        run = people.sorted("id")[0]
        run.problem = False
        return run

    def _unfinished(self, dossier):
        """Return the run that passes of the scheduled action did not finish."""
        here = [
            ("dossier_id", "=", dossier.id),
            ("kind", "=", "push"),
            ("state", "=", "running"),
            ("interactive", "=", False),
        ]
        return self.search(here, limit=1)

    @api.private
    def of_people(self, rows):
        """Return those rows that count with the run of somebody who asked for them, not
        with this one."""
        if self.interactive:
            return rows.browse()
        return rows.filtered(
            lambda row: row.run_id.interactive and row.run_id.is_sending()
        )

    @api.private
    def is_sending(self) -> bool:
        """Whether documents are on their way with it: a run over everything has a part
        that sends them."""
        return self.kind == "push" and self.state == "running"

    @api.private
    def expect(self, due):
        """Note how many documents a pass that nobody waits for has before it."""
        if not self.interactive:
            self.total = sum((self.counts or {}).values()) + due

    @api.private
    def add_counts(self, results):
        """Add what became of a batch.

        :param results: ``Counter`` of documents by state
        """
        counts = Counter(self.counts or {})
        counts.update({state: results[state] for state in OUTCOMES if results[state]})
        self.counts = dict(counts)

    @api.private
    def is_pending(self):
        """Whether documents of it have no outcome yet."""
        here = [("run_id", "=", self.id), ("queued", "=", True)]
        rows = self.env["octopus.booking"]
        return bool(rows.search_count([*here, ("state", "in", DUE_NOW)], limit=1))

    @api.private
    def end_push(self):
        done = "stopped" if self.problem else "done"
        self.write({"state": done, "ended_at": fields.Datetime.now()})

    @api.model
    @api.private
    def end_requests(self, dossier):
        """End the requests of which every document has an outcome, and tell who
        asked."""
        requests = self.search(
            [
                ("dossier_id", "=", dossier.id),
                ("kind", "=", "push"),
                ("state", "=", "running"),
                ("interactive", "=", True),
            ]
        )
        if not requests:
            return
        outcomes = {run: Counter() for run in requests}
        rows = self.env["octopus.booking"]._read_group(
            [("run_id", "in", requests.ids)],
            ["run_id", "state", "queued"],
            ["__count"],
        )
        pending = self.browse()
        for run, state, queued, count in rows:
            outcomes[run][state] += count
            if queued and state in DUE_NOW:
                pending |= run
        for run in requests - pending:
            run.write(
                {
                    "state": "done",
                    "ended_at": fields.Datetime.now(),
                    "counts": dict(outcomes[run]),
                }
            )
            run.tell_user()

    # Pausing

    def action_pause(self):
        """Let the documents that somebody asked for wait, until it is resumed.

        What is on its way at this moment is finished.
        """
        for run in self._mine().filtered(lambda run: run.state == "running"):
            run.state = "paused"
            left = run.booking_ids.filtered(
                lambda row: row.queued and row.state in TO_GO
            )
            left.write({"queued": False})

    def action_resume(self):
        """Send the documents that still wait, in their order."""
        for run in self._mine().filtered(lambda run: run.state == "paused"):
            run.state = "running"
            left = run.booking_ids.filtered(
                lambda row: not row.queued and row.state in TO_GO
            )
            left.queue(run.user_id, run)
            run.dossier_id.push_cron_id._trigger()

    def _mine(self):
        """Return the runs that somebody asked for, in sudo.

        :raises AccessError: it was somebody else, and only they or an administrator
            of all companies concerned may stop it
        """
        self.check_access("read")
        others = self.filtered(lambda run: run.user_id != self.env.user)
        companies = others.sudo().booking_ids.company_id
        companies.with_env(self.env).octopus_check_companies()
        manager = self.env.user.has_group(MANAGER)
        for run in self:
            if run.user_id != self.env.user and not manager:
                raise AccessError(
                    self.env._(
                        "%(user)s started this: only they or an Octopus administrator"
                        " can pause it.",
                        user=run.user_id.name,
                    )
                )
        asked = self.filtered(lambda run: run.kind == "push" and run.interactive)
        return asked.sudo()

    # Checking payments

    @api.model
    def _check_payments(self, dossiers, read=True, compare=False):
        """Read the payments of dossiers while a person waits; return a notification.

        :param read: ask Octopus; else only follow what was read before
        :param compare: compare the lists of open documents, too
        """
        runs = self.browse()
        with own_transaction(self.env) as env:
            for dossier in dossiers.with_env(env):
                run = (
                    env[self._name]
                    .sudo()
                    .create(
                        {"kind": "pull", "dossier_id": dossier.id, "interactive": True}
                    )
                )
                pull(dossier, run, read, compare)
                runs |= run.with_env(self.sudo().env)
        problems = [run.problem for run in runs if run.problem]
        if problems:
            message = self.env["octopus.finding"].sentences(problems[0])
        else:
            told = list(filter(None, (run._summary() for run in runs)))
            message = ", ".join(told) or self.env._("Nothing new in Octopus.")
        kind = "warning" if problems else "success"
        title = self.env._("Payments in Octopus")
        told = notification(kind, title, message, bool(problems))
        opened = runs._waits_for_a_person()
        return with_button(told, self.env._("Open"), opened) if opened else told

    def _waits_for_a_person(self):
        """Return the action that opens what these runs left to a person, if any."""
        lists = {"held": "payment_plan", "problems": "payment_question"}
        for name, model in lists.items():
            if any((run.counts or {}).get(name) for run in self):
                return self.env["ir.actions.act_window"]._for_xml_id(
                    f"octopus_connector.action_octopus_{model}"
                )
        return None

    def action_calls(self):
        """Open the log of the calls that this run made."""
        self.ensure_one()
        self.check_access("read")
        return self.env["octopus.call"]._open([("run_ref", "=", self.id)])

    # Telling

    @api.private
    def tell_user(self):
        """Send the result to the screen of who asked for the run."""
        run = self.with_context(lang=self.user_id.lang)
        tell_user(self.user_id, run._notification())

    def _notification(self):
        """Return the result as a notification, in the language of the environment."""
        if self.kind == "refresh":
            dossier = self.dossier_id
            kind, title, text = outcome(dossier, dossier.problems)
            return notification(kind, title, text, kind == "danger")
        counts = self.counts or {}
        held = self.problem or counts.get("blocked") or counts.get("unknown")
        later = later_text(self.dossier_id) if counts.get("waiting") else ""
        told = notification(
            "warning" if held or counts.get("waiting") else "success",
            self.env._("Octopus: 1 document")
            if self.total == 1
            else self.env._("Octopus: %(count)s documents", count=self.total),
            self._told(later),
            bool(held),
        )
        return with_button(told, self.env._("Open"), self.action_documents())

    def _told(self, later):
        """Return what became of it, and what keeps the rest.

        :param later: what of it goes on another day, in words
        """
        texts = self.env["octopus.finding"]
        problem = texts.sentences(self.problem) if self.problem else ""
        more = " ".join(filter(None, (later, problem)))
        return ". ".join(filter(None, (self._summary(), more)))

    def action_documents(self):
        """Open the documents of this run, with what became of each."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_booking"
        )
        context = {"search_default_by_state": 1, "create": False}
        return {**action, "domain": [("run_id", "=", self.id)], "context": context}

    def _nothing_text(self):
        """Say that a run that is over found nothing to do; of a refresh, what it read
        is told elsewhere."""
        if self.state != "done" or self.problem or self.kind == "refresh":
            return ""
        texts = {
            "compare": self.env._("Nothing differs."),
            "pull": self.env._("Nothing new in Octopus."),
        }
        return texts.get(self.kind) or self.env._("Nothing to do.")

    def _summary(self):
        """Return the result in one line: ``Booked: 12, Blocked: 1``."""
        states = self.env["octopus.booking"]._fields["state"]
        names = dict(states._description_selection(self.env))
        names |= {name: self.env._(text) for name, text in PULLED.items()}
        names[COMPARED] = self.env._("Compared")
        counts = self.counts or {}
        return ", ".join(
            f"{names[name]}: {counts[name]}" for name in names if counts.get(name)
        )
