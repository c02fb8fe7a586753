import logging
from collections import Counter
from datetime import timezone
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import split_every

from ..api.client import FIRST_SYNC
from ..api.errors import OctopusError
from ..core import codes
from ..core.findings import Finding
from ..core.matches import BOOKING_CURRENCY
from ..prepare.banks import banks_above, banks_of, follows_payments
from ..prepare.responsible import responsible_for
from ..sync.mirror import OVERLAP, was_today
from ..sync.payments.apply import carry_out, take_back
from ..sync.payments.clearing_journal import make_clearing_journal
from ..sync.payments.desired import Payment, Reconciliation, Task, WriteOff
from ..sync.payments.feed import Feed
from ..sync.payments.open_items import OpenItems
from ..sync.payments.pending import Pending
from ..sync.payments.plan import Plan
from .octopus_connection import WARNING_ACTIVITY

_logger = logging.getLogger(__name__)

BATCH = 100
COUNTED = {Payment: "payments", Reconciliation: "reconciled", WriteOff: "written_off"}


class OctopusBalancing(models.Model):
    """What Octopus matched with what; payments are derived from these rows.

    A row that is there is evidence; a row that is missing proves nothing. Each row
    makes one payment, or reconciles two documents, or says why it does neither.
    """

    _name = "octopus.balancing"
    _description = "Octopus Balancing"
    _order = "date desc, id desc"

    dossier_id = fields.Many2one("octopus.dossier", required=True, index=True)
    type = fields.Selection([("C", "Client"), ("S", "Supplier"), ("A", "Account")])
    relation_octopus_id = fields.Integer(string="Relation number", aggregator=None)
    debit_bookyear = fields.Integer(required=True, aggregator=None)
    debit_journal = fields.Char(required=True)
    debit_number = fields.Integer(required=True, aggregator=None)
    debit_line = fields.Integer(required=True, aggregator=None)
    credit_bookyear = fields.Integer(required=True, aggregator=None)
    credit_journal = fields.Char(required=True)
    credit_number = fields.Integer(required=True, aggregator=None)
    credit_line = fields.Integer(required=True, aggregator=None)
    date = fields.Date(string="Paid on", help="Date of the document that paid.")
    debit_date = fields.Date()
    credit_date = fields.Date()
    currency_code = fields.Char(string="Currency", help="Currency of the document.")
    exchange_rate = fields.Float(digits=0, aggregator=None)
    amount = fields.Float(
        string="Amount (EUR)",
        digits=(16, 2),
        help="Matched amount in the currency of the dossier's books.",
    )
    deleted = fields.Boolean(help="Octopus took this match back.")
    read_at = fields.Datetime(string="Read on")
    data = fields.Json(help="The row as it was read last, complete.")
    debit_booking_id = fields.Many2one("octopus.booking", index="btree_not_null")
    credit_booking_id = fields.Many2one("octopus.booking", index="btree_not_null")
    payment_id = fields.Many2one(
        "account.payment", readonly=True, copy=False, index="btree_not_null"
    )
    partial_ids = fields.Many2many(
        "account.partial.reconcile",
        "octopus_balancing_partial_rel",
        readonly=True,
        copy=False,
        help="How this row reconciled two documents of Odoo with each other.",
    )
    made = fields.Json(
        help="What this row made, as it was then; a person may have changed it since."
    )
    pending = fields.Boolean(help="The payments of its document are to be checked.")
    problem = fields.Json(help="Why no payment could be made of this row, by code.")
    entry_id = fields.Many2one(
        "account.move",
        string="Written off by",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    plan_id = fields.Many2one(
        "octopus.payment.plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What would be done about it was, or is, shown to a person first.",
    )
    proposal = fields.Json(help="What would be done, as it was shown.")
    proposal_text = fields.Char(string="Would do", compute="_compute_proposal_text")
    verdict = fields.Json(help="What a person decided about exactly that.")
    seen = fields.Char(help="What an open question depends on, as it was last.")
    checked_at = fields.Datetime(help="When its question was looked at last.")

    move_ids = fields.Many2many(
        "account.move", string="Documents", compute="_compute_move_ids"
    )
    debit_label = fields.Char(
        string="Debit", compute="_compute_labels", compute_sudo=True
    )
    credit_label = fields.Char(
        string="Credit", compute="_compute_labels", compute_sudo=True
    )
    problem_text = fields.Char(string="To decide", compute="_compute_problem_html")
    problem_html = fields.Html(compute="_compute_problem_html", sanitize=False)

    _keys_uniq = models.Constraint(
        "UNIQUE(dossier_id, debit_bookyear, debit_journal, debit_number, debit_line,"
        " credit_bookyear, credit_journal, credit_number, credit_line)",
        "A balancing is kept once.",
    )
    _payment_uniq = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL", "A payment has one evidence."
    )
    _credit_idx = models.Index(
        "(dossier_id, credit_bookyear, credit_journal, credit_number)"
    )
    _due_idx = models.Index("(dossier_id) WHERE pending OR problem IS NOT NULL")

    @api.depends("debit_booking_id.move_id", "credit_booking_id.move_id")
    def _compute_move_ids(self):
        """Show those documents that the reader may see: a branch may not see all."""
        for row in self:
            moves = row.sudo()._bookings().move_id.with_env(self.env)
            row.move_ids = moves._filtered_access("read")

    @api.depends("dossier_id", "debit_bookyear", "credit_bookyear")
    def _compute_labels(self):
        for row in self:
            for side in ("debit", "credit"):
                row[f"{side}_label"] = row._side_label(side)

    def _side_label(self, side):
        label = self.dossier_id.label_of(*self._side_key(side))
        line = self[f"{side}_line"]
        if line < 1:
            return label
        return self.env._("%(document)s line %(line)s", document=label, line=line)

    def _side_key(self, side):
        """Return bookyear, journal and number of a side, as Octopus names them."""
        names = ("bookyear", "journal", "number")
        return tuple(self[f"{side}_{name}"] for name in names)

    @api.private
    def of_same_line(self, side):
        """Return the matches, this one too, of the same line of a booking.

        :param side: ``debit`` or ``credit``, on which that line stands
        """
        names = [f"{side}_{name}" for name in ("bookyear", "journal", "number", "line")]
        line = [("dossier_id", "=", self.dossier_id.id), ("deleted", "=", False)]
        return self.search(line + [(name, "=", self[name]) for name in names])

    def _label(self, debit):
        """Return how the accountant finds a side: F1 / 2026 / 12 line 3."""
        return self.debit_label if debit else self.credit_label

    @api.depends("debit_label", "credit_label")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.debit_label} – {row.credit_label}"

    @api.depends("problem")
    @api.depends_context("lang")
    def _compute_problem_html(self):
        Texts = self.env["octopus.finding"]
        for row in self:
            row.problem_text = row.problem and Texts._texts(row.problem)["title"]
            row.problem_html = Texts._html([row.problem] if row.problem else [])

    @api.depends("proposal")
    @api.depends_context("lang")
    def _compute_proposal_text(self):
        for row in self:
            row.proposal_text = row.proposal and row._proposal_text()

    def _proposal_text(self):
        """Return in plain words what would be done about this row."""
        make = self.proposal["make"]
        if not make:
            return self.env._("Take the payment back")
        amount = make["amount"]
        currency = self.currency_code or BOOKING_CURRENCY
        texts = {
            "payment": self.env._("Pay %(amount)s %(currency)s"),
            "reconciliation": self.env._("Match %(amount)s %(currency)s"),
            "write_off": self.env._("Write off %(amount)s %(currency)s"),
        }
        text = texts[make["kind"]] % {"amount": amount, "currency": currency}
        if self.proposal["undo"]:
            return self.env._("%(what)s instead of what is there", what=text)
        return text

    # Pulling

    @api.model
    def _pull(self, dossier, run=None, read=True, compare=False):
        """Read what was matched in Octopus and let the payments follow.

        Work that an earlier pull left comes first. Commits on the way; the position in
        the feed moves together with the rows that were read. An error of the service
        is noted on the run and leaves everything as it is.

        The scheduled action also hears the second witness, once a day.

        :param run: of the person who asked; made here when something happens
        :param read: ask Octopus first; else only what was read before is followed
        :param compare: hear the second witness now
        :return: ``Counter`` of what was done: ``payments``, ``reconciled``, ``undone``,
            ``written_off``, ``held``, ``problems``; empty when no company keeps its
            payments on one of the two sides
        """
        rows, dossier = self.sudo(), dossier.sudo()
        companies = rows._following(dossier)
        daily = run is None and not was_today(dossier.open_items_at)
        watched = companies
        if compare or daily:
            watched |= rows._paying(dossier)
        counts, finished = Counter(), True
        problem = None
        if run and not watched:
            problem = rows._not_followed(dossier)
        if companies:
            counts, finished = rows._work_off(dossier, companies, then=1)
        if companies and finished:
            problem = rows._read_feed(dossier, run) if read else None
            more, finished = rows._work_off(dossier, companies)
            counts += more
        if finished:
            if watched and not problem and (compare or daily):
                problem = rows._hear_witness(dossier, watched, counts, run)
            rows._report(dossier, run, counts, problem)
            self.env["ir.cron"]._commit_progress(remaining=0)
        return counts

    @api.model
    def _following(self, dossier):
        """Return the companies that book there and let Octopus own payments."""
        owners = dossier.company_ids.filtered(
            lambda company: company.octopus_enabled and follows_payments(company)
        )
        companies = self.env["res.company"].sudo()
        return companies.union(*(owner.octopus_companies() for owner in owners))

    @api.model
    def _paying(self, dossier):
        """Return the companies that book there and keep a bank in Odoo, or the company
        above them does: what they settle must be settled in Octopus too."""
        companies = self.env["res.company"].sudo()
        for holder in dossier.company_ids.filtered("octopus_enabled"):
            banks = banks_of(holder)
            if not follows_payments(holder):
                banks |= banks_above(holder)
            if any(bank.octopus_owner_now() == "odoo" for bank in banks):
                companies |= holder.octopus_companies()
        return companies

    @staticmethod
    def _not_followed(dossier):
        """Return the reason, as JSON, why who asked for payments gets none."""
        facts = {"dossier": dossier.display_name}
        return Finding(codes.PAYMENTS_NOT_FOLLOWED, facts).as_json()

    def _read_feed(self, dossier, run):
        """Keep what changed since the last time; return the problem, as JSON."""
        since = dossier.balancings_since
        started = fields.Datetime.now()
        try:
            with dossier.client(run) as octopus:
                result = octopus.balancings_modified(
                    since.replace(tzinfo=timezone.utc) - OVERLAP
                    if since
                    else FIRST_SYNC,
                    partial=True,
                )
        except OctopusError as error:
            return dossier.note_error(error)
        feed = Feed(dossier)
        feed.keep(result)
        feed.link_bookings()
        # What was read is safe before anything is made of it; until the position is
        # noted too, it is read again. A refresh may hold the dossier at this moment.
        self.env["ir.cron"]._commit_progress()
        # An empty first answer proves nothing: everything is asked for again. So is
        # what was left out: it may be readable by then.
        told = result.modified or result.deleted or result.left_out
        position = {"payments_read_at": started}
        if (since or told) and not result.left_out:
            position["balancings_since"] = started
        retrying(partial(dossier.write, position), self.env)
        return None if since or told else self._nothing_any_more(dossier)

    def _nothing_any_more(self, dossier):
        """Return the problem, as JSON, that Octopus shows no match at all where there
        were some before; that undoes nothing."""
        count = self.search_count(
            [("dossier_id", "=", dossier.id), ("deleted", "=", False)]
        )
        return (
            Finding(codes.PAYMENTS_EMPTY, {"count": count}).as_json() if count else None
        )

    def _work_off(self, dossier, companies, then=0):
        """Settle the rows that are due, a batch at a time; what needs a look by a
        person first waits in a plan.

        :param then: how much is left to do after it, so that a scheduled action whose
            time is over comes back for it
        :return: (``Counter``, whether all were done in the time there was)
        """
        Plans = self.env["octopus.payment.plan"]
        due = Pending(dossier, companies, Plans._waiting(dossier)).rows()
        self._make_clearing_journals(due._bookings().company_id & companies)
        passed = Plans._let_through(dossier, due)
        counts = +Counter(held=len(due) - len(passed))
        left = len(passed)
        for ids in split_every(BATCH, passed.ids):
            batch = self.browse(ids)
            counts += self._settle_apart(batch, companies)
            left -= len(batch)
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=left + then
            ):
                return counts, False
        return counts, True

    # The second witness

    def _hear_witness(self, dossier, companies, counts, run=None):
        """Compare what Octopus lists as open with what is open here.

        Doubts become questions; nothing is ever paid by it.

        :param counts: ``Counter`` to which the questions that are new are added
        :return: the problem, as JSON, when Octopus could not be asked
        """
        witness = OpenItems(dossier, companies)
        try:
            with dossier.client(run) as octopus:
                listed = witness.listen(octopus)
        except OctopusError as error:
            return dossier.note_error(error)
        Questions = self.env["octopus.payment.question"].sudo()
        asked = witness.compare(listed)
        known = Questions.search(
            [
                ("dossier_id", "=", dossier.id),
                ("balancing_id", "=", False),
                ("state", "!=", "closed"),
            ]
        )
        answered = {
            question.key
            for question in known
            if question.key.startswith(tuple(witness.concluded))
        }
        if answered - asked.keys():
            Questions._answered(dossier, answered - asked.keys())
        fresh = Questions._ask(dossier, asked)
        fresh._tell()
        counts.update(+Counter(problems=len(fresh)))
        position = {"open_items_at": fields.Datetime.now()}
        self.env["ir.cron"]._commit_progress()
        retrying(partial(dossier.write, position), self.env)
        return None

    def _report(self, dossier, run, counts, problem):
        """Write the run down if there is something to tell, or somebody to tell it."""
        if run is None and not counts and not problem:
            return
        run = run or self.env["octopus.run"].create(
            {"kind": "pull", "dossier_id": dossier.id}
        )
        if counts["held"] and not problem:
            plan = self.env["octopus.payment.plan"]._waiting(dossier)
            facts = {"count": counts["held"]}
            problem = Finding(
                codes.PAYMENTS_HELD, facts, plan._name, plan.ids
            ).as_json()
        run.sudo().write(
            {
                "state": "stopped" if problem else "done",
                "ended_at": fields.Datetime.now(),
                "total": sum(counts.values()),
                "counts": dict(counts),
                "problem": problem,
            }
        )

    # From rows to payments

    @api.model
    def _sync_payments(self, bookings):
        """Give documents the payments that Octopus's matches say they have.

        :param bookings: ``octopus.booking`` in state booked or changed
        :return: ``Counter`` as :meth:`_pull` gives
        """
        rows, plans = self.sudo(), self.env["octopus.payment.plan"]
        counts = Counter()
        for dossier, some in bookings.sudo().grouped("dossier_id").items():
            Feed(dossier).link_bookings(some)
            following = Domain("company_id", "in", rows._following(dossier).ids)
            some = some.filtered_domain(following)
            passed = plans._let_through(dossier, rows._of_bookings(some))
            counts += rows._settle(passed, some.company_id)
        return counts

    @api.model
    def _of_bookings(self, bookings):
        """Return the rows of these documents, on either side."""
        return self.search(
            Domain("debit_booking_id", "in", bookings.ids)
            | Domain("credit_booking_id", "in", bookings.ids)
        )

    def _settle_apart(self, rows, companies):
        """Settle rows all at once; what fails otherwise than by being carried out is
        found by halving, and stops no other."""
        try:
            with self.env.cr.savepoint():
                return self._settle(rows, companies)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:  # pylint: disable=broad-exception-caught
            if len(rows) > 1:
                half = len(rows) // 2
                return self._settle_apart(rows[:half], companies) + (
                    self._settle_apart(rows[half:], companies)
                )
            return self._note_failure(Task(rows), error)

    def _settle(self, rows, companies):
        """Carry out what the documents of these rows lack or have too much.

        Documents that another worker has in hand are left to it, and those of companies
        that do not follow payments are not touched.
        """
        bookings = rows._bookings().filtered(lambda row: row.company_id in companies)
        bookings = bookings.try_lock_for_update(allow_referencing=True)
        rows = self._of_bookings(bookings)
        around = self._of_bookings(rows._bookings())
        rows = rows.filtered(lambda row: row._bookings() <= bookings)
        self._make_clearing_journals(bookings.company_id)
        tasks = [
            task
            for task in Plan(rows, around).tasks(all_at_once=False)
            if task.row.plan_id.state != "open"
        ]
        return self._act([task for task in tasks if task.acts]) + self._note(
            [task for task in tasks if not task.acts]
        )

    def _bookings(self):
        return self.debit_booking_id | self.credit_booking_id

    def _make_clearing_journals(self, companies):
        for settings in {company.octopus_settings() for company in companies}:
            if settings:
                make_clearing_journal(settings)

    def _act(self, tasks):
        """Carry out tasks all at once; those that fail are found by halving.

        One that fails alone is noted on its row and never stops the others.
        """
        if not tasks:
            return Counter()
        try:
            with self.env.cr.savepoint():
                carry_out(tasks)
                counts = self._count(tasks)
                self._note(tasks)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # another worker was here: this transaction must start anew
        except Exception as error:  # pylint: disable=broad-exception-caught
            if len(tasks) > 1:
                half = len(tasks) // 2
                return self._act(tasks[:half]) + self._act(tasks[half:])
            return self._note_failure(tasks[0], error)
        return counts

    def _count(self, tasks):
        counts = Counter(COUNTED[type(task.make)] for task in tasks if task.make)
        undone = [task for task in tasks if task.undo and not task.make]
        for task in undone:
            task.row._tell_undone()
        counts["undone"] = len(undone)
        return +counts

    def _note(self, tasks):
        """Write the problems down, and that the rows were looked at."""
        settled, answered, asked = self.browse(), self.browse(), []
        counts = Counter()
        for task in tasks:
            row = task.row
            problem = task.problem and task.problem.as_json()
            if problem:
                asked.append(task)
                if problem != row.problem:
                    row.write({"problem": problem, "pending": False})
                    counts["problems"] += 1
                elif row.pending:
                    row.pending = False
            elif row.pending or row.problem:
                settled += row
                if task.make or row.problem and not task.undo:
                    answered += row
        settled.write({"problem": False, "pending": False})
        self._ask(asked, answered)
        return counts

    def _ask(self, tasks, answered):
        """Keep the list of what is to be decided in step with the rows."""
        Questions = self.env["octopus.payment.question"]
        for dossier, rows in answered.grouped("dossier_id").items():
            Questions._answered(dossier, [row._question_key() for row in rows])
        asking = self.browse().union(*(task.row for task in tasks))
        findings = {task.row: task.problem for task in tasks}
        for dossier, rows in asking.grouped("dossier_id").items():
            asked = {
                row._question_key(): (findings[row], row._question_values())
                for row in rows
            }
            Questions._ask(dossier, asked)
            plan = self.env["octopus.payment.plan"]._waiting(dossier)
            Pending(dossier, self._following(dossier), plan).looked_at(rows)

    def _question_key(self):
        return f"match:{self.id}"

    def _question_values(self):
        bookings = self._bookings()
        return {
            "balancing_id": self.id,
            "partner_id": bookings.partner_id.commercial_partner_id[:1].id,
            "amount": self.amount,
        }

    def _note_failure(self, task, error):
        """Say on the row that Odoo refused, with Odoo's own words for people."""
        if isinstance(error, UserError):
            message = str(error)
        else:
            _logger.exception("Balancing %s could not be settled", task.row.id)
            message = type(error).__name__
        task.problem = Finding(
            codes.PAYMENT_FAILED,
            {
                "document": ", ".join(task.row.move_ids.octopus_names()),
                "message": message,
            },
            "account.move",
            task.row.move_ids.ids,
        )
        return self._note([task])

    def _tell_undone(self):
        """Say on the documents, and to one person, that a match is gone."""
        connection = self.dossier_id.connection_id
        for move in self.move_ids:
            text = move.env._(
                "Octopus took the match %(match)s of %(amount)s EUR back, so its"
                " payment was undone here.",
                match=self.display_name,
                amount=f"{self.amount:.2f}",
            )
            move._message_log(body=text)
            if not move.activity_search([WARNING_ACTIVITY]):
                user = responsible_for(connection, move.company_id)
                move.activity_schedule(WARNING_ACTIVITY, user_id=user.id, summary=text)
        finding = Finding(
            codes.PAYMENT_UNDONE,
            {
                "document": ", ".join(self.move_ids.octopus_names()),
                "match": self.display_name,
                "amount": f"{self.amount:.2f}",
            },
            "account.move",
            self.move_ids.ids,
        )
        asked = {self._question_key(): (finding, self._question_values())}
        self.env["octopus.payment.question"]._ask(self.dossier_id, asked)

    @api.model
    def _note_touched(self, payments, entries=()):
        """Look again at rows of which somebody changed what they made."""
        entry_ids = [entry.id for entry in entries]
        rows = self.sudo().search(
            Domain("payment_id", "in", payments.ids)
            | Domain("entry_id", "in", entry_ids)
        )
        rows.filtered(lambda row: not row.pending).pending = True

    @api.model
    def _note_sent(self, payments):
        """Look again at what somebody in Octopus matched payments of ours with, now
        that they are reconciled otherwise here. What we matched ourselves
        is taken back there, and the feed tells it.

        :param payments: booked ``octopus.payment``
        """
        found, ours = Domain.FALSE, payments.match_ids.booking_id
        for payment in payments:
            key = *payment.journal_year_id._place(), payment.number
            for side in ("debit", "credit"):
                names = (f"{side}_{name}" for name in ("bookyear", "journal", "number"))
                here = Domain("dossier_id", "=", payment.dossier_id.id)
                for name, value in zip(names, key, strict=True):
                    here &= Domain(name, "=", value)
                found |= here
        for dossier, rows in self.sudo().search(found).grouped("dossier_id").items():
            following = self._following(dossier)
            rows = rows.filtered(
                lambda row, following=following: (
                    not row.pending
                    and not row._bookings() & ours
                    and row._bookings().company_id & following
                )
            )
            rows.pending = True

    @api.model
    def _forget_by_hand(self, debit, credit):
        """Note that the match of two documents that a person made in Odoo was taken
        back from there too: nobody is asked about it.

        :param debit: ``octopus.booking``, as is ``credit``
        """
        rows = self.sudo().search(
            [("debit_booking_id", "=", debit.id), ("credit_booking_id", "=", credit.id)]
        )
        rows.filtered(lambda row: (row.made or {}).get("by_hand")).made = False

    # Decisions of a person

    def _follow_anew(self):
        """Take back that something was dropped; else what was made and changed since,
        so that it is made again and nothing is there twice.

        :raises UserError: what was changed cannot be taken back
        """
        self.write({"verdict": False, "pending": True})
        changed = self.filtered(
            lambda row: (row.problem or {}).get("code") == codes.PAYMENT_CHANGED
        )
        changed._check_not_on_statement()
        drafts = changed.payment_id.filtered(lambda payment: payment.state == "draft")
        drafts.action_cancel()
        take_back(changed)
        changed.write(
            {
                "made": False,
                "payment_id": False,
                "entry_id": False,
                "partial_ids": [Command.clear()],
            }
        )

    def _check_not_on_statement(self):
        for payment in self.payment_id:
            if payment.reconciled_statement_line_ids:
                raise UserError(
                    self.env._(
                        "%(payment)s is on a bank statement: undo that first, then"
                        " follow Octopus.",
                        payment=payment.name,
                    )
                )

    def _agree_write_off(self):
        """Let a write-off be made although it is more than a small difference.

        :raises UserError: no account was chosen for it
        """
        self.ensure_one()
        settings = self._bookings().company_id[:1].octopus_settings()
        if not settings.octopus_write_off_account_id:
            raise UserError(
                self.env._(
                    "Choose the account for small differences of %(company)s in the"
                    " settings of Octopus first.",
                    company=settings.name,
                )
            )
        self.verdict = {**(self.verdict or {}), "write_off": True}

    # Actions

    def action_retry(self):
        """Look at these rows again, now that something was mended.

        :raises AccessError: one concerns companies that are not the user's
        """
        companies = self.sudo()._bookings().company_id
        companies.with_env(self.env).octopus_check_companies()
        self.check_access("read")
        self._sync_payments(self.sudo()._bookings())
        return True

    def action_open_documents(self):
        """Open the documents in Odoo that were matched."""
        self.check_access("read")
        return self.move_ids._get_records_action()
