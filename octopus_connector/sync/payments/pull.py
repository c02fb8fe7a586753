"""Pulls what was matched in Octopus, and lets the payments in Odoo follow.

The feed is kept as rows; rows that are pending are planned and, as far as they need no
approval, carried out a batch at a time. Once a day the open items of both are compared.
"""

from collections import Counter
from datetime import timezone
from functools import partial

from odoo import fields
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import split_every

from ...api.client import FIRST_SYNC
from ...api.errors import OctopusError
from ...core import codes
from ...core.findings import Finding
from ..mirror import OVERLAP, was_today
from .apply import answer, apply, ask, note, note_failure
from .clearing_journal import make_clearing_journal
from .companies import following, paying
from .feed import Feed, Pending
from .open_items import OpenItems
from .plan import Approval, Task

BATCH = 100


def pull(dossier, run=None, read=True, compare=False, when_done=None):
    """Read what was matched in Octopus and let the payments follow.

    Work that an earlier pull left comes first. Commits on the way; the position in
    the feed moves together with the rows that were read. An error of the service
    is noted on the run and leaves everything as it is.

    The scheduled action also compares the open items, once a day.

    :param dossier: ``octopus.dossier``
    :param run: ``octopus.run`` of the person who asked; made here when something
        happens
    :param read: ask Octopus first; else only what was read before is followed
    :param compare: compare the open items now
    :param when_done: called when all was worked off in the time there was
    :return: ``Counter`` of what was done: ``payments``, ``reconciled``, ``undone``,
        ``written_off``, ``held``, ``problems``; empty when no company keeps its
        payments on one of the two sides
    """
    return Pull(dossier, run, when_done).pull(read, compare)


def follow_documents(bookings):
    """Give documents the payments that Octopus's matches say they have.

    :param bookings: ``octopus.booking`` in state booked or changed
    :return: ``Counter`` as :func:`pull` gives
    """
    counts = Counter()
    for dossier, some in bookings.sudo().grouped("dossier_id").items():
        Feed(dossier).link_bookings(some)
        some = some.filtered_domain([("company_id", "in", following(dossier).ids)])
        rows = dossier.env["octopus.balancing"].of_bookings(some)
        passed = Pull(dossier).let_through(rows)
        counts += reconcile(passed, some.company_id)
    return counts


class Pull:
    """One pull of a dossier.

    :param dossier: ``octopus.dossier``
    :param run: ``octopus.run`` of the person who asked, if any
    :param when_done: as of :func:`pull`
    """

    def __init__(self, dossier, run=None, when_done=None):
        self.dossier = dossier.sudo()
        self.env = self.dossier.env
        self.run = run
        self._when_done = when_done
        self._model = self.env["octopus.balancing"]
        self._crons = self.env["ir.cron"]
        # Whether there may be something to work off that was not looked at yet, and
        # whether the scheduled action was told that something is left.
        self._news = False
        self._told_left = False

    def pull(self, read, compare):
        """Pull, and write the run down; as :func:`pull`, which tells the rest.

        :param read: ask Octopus first
        :param compare: compare the open items now
        :return: ``Counter``
        """
        companies = following(self.dossier)
        daily = self.run is None and not was_today(self.dossier.open_items_at)
        watched = companies
        if compare or daily:
            watched |= paying(self.dossier)
        counts, finished = Counter(), True
        problem = None
        if self.run and not watched:
            problem = self._not_followed()
        if companies:
            counts, finished = self._work_off(companies, then=1)
        if companies and finished:
            problem = self._read_feed() if read else None
            if self._news or counts:
                more, finished = self._work_off(companies)
                counts += more
        if finished:
            if watched and not problem and (compare or daily):
                problem = self._compare_open_items(watched, counts)
            self._report(counts, problem)
            if self._when_done:
                self._when_done()
            if self._told_left or self.run:
                self._crons._commit_progress(remaining=0)
        return counts

    def _not_followed(self):
        """Return the reason, as JSON, why who asked for payments gets none."""
        facts = {"dossier": self.dossier.display_name}
        return Finding(codes.PAYMENTS_NOT_FOLLOWED, facts).as_json()

    # Reading

    def _read_feed(self):
        """Keep what changed since the last time; return the problem, as JSON."""
        since = self.dossier.balancings_since
        started = fields.Datetime.now()
        try:
            with self.dossier.client(self.run) as octopus:
                result = octopus.balancings_modified(
                    since.replace(tzinfo=timezone.utc) - OVERLAP
                    if since
                    else FIRST_SYNC,
                    partial=True,
                )
        except OctopusError as error:
            return self.dossier.note_error(error)
        feed = Feed(self.dossier)
        # An empty first answer proves nothing: everything is asked for again. So is
        # what was left out: it may be readable by then.
        told = result.modified or result.deleted or result.left_out
        if told:
            feed.keep(result)
        self._news = feed.link_bookings() or bool(told)
        if self._news:
            # What was read is safe before anything is made of it; until the position is
            # noted too, it is read again. A refresh may hold the dossier at this
            # moment.
            self._crons._commit_progress()
        position = {"payments_read_at": started}
        if (since or told) and not result.left_out:
            position["balancings_since"] = started
        retrying(partial(self.dossier.write, position), self.env)
        return None if since or told else self._nothing_any_more()

    def _nothing_any_more(self):
        """Return the problem, as JSON, that Octopus shows no match at all where there
        were some before; that undoes nothing."""
        mine = Domain("dossier_id", "=", self.dossier.id)
        count = self._model.search_count(mine & Domain("deleted", "=", False))
        if not count:
            return None
        return Finding(codes.PAYMENTS_EMPTY, {"count": count}).as_json()

    # Working off

    def _work_off(self, companies, then=0):
        """Reconcile the rows that are pending, a batch at a time; what needs approval
        by a person first waits in a plan.

        :param then: how much is left to do after it, so that a scheduled action whose
            time is over comes back for it
        :return: (``Counter``, whether all were done in the time there was)
        """
        plan = self.env["octopus.payment.plan"].waiting(self.dossier)
        pending = Pending(self.dossier, companies, plan).rows()
        _make_clearing_journals(pending.bookings().company_id & companies)
        passed = self.let_through(pending)
        counts = +Counter(held=len(pending) - len(passed))
        left = len(passed)
        for ids in split_every(BATCH, passed.ids):
            batch = self._model.browse(ids)
            counts += _reconcile_halving(batch, companies)
            left -= len(batch)
            self._told_left = True
            if not self._crons._commit_progress(len(batch), remaining=left + then):
                return counts, False
        return counts, True

    def let_through(self, rows):
        """Return those rows that may be reconciled now; hold the others in the plan
        that waits for a person.

        :param rows: ``octopus.balancing`` that are pending, in sudo
        :return: those of ``rows`` that need no approval
        """
        if not rows:
            return rows
        plans = self.env["octopus.payment.plan"]
        plan = plans.waiting(self.dossier)
        approval = Approval(self.dossier, rows, plan.company_ids)
        proposals = approval.held()
        if not proposals:
            return rows
        if not plan:
            plan = plans.open_for(self.dossier)
        if plan:
            plan.hold(approval.holders, approval.reasons, proposals)
        return rows - rows.browse().union(*proposals)

    # Open items

    def _compare_open_items(self, companies, counts):
        """Compare what Octopus lists as open with what is open here.

        Doubts become questions; nothing is ever paid by it.

        :param counts: ``Counter`` to which the questions that are new are added
        :return: the problem, as JSON, when Octopus could not be asked
        """
        open_items = OpenItems(self.dossier, companies)
        try:
            with self.dossier.client(self.run) as octopus:
                listed = open_items.fetch(octopus)
        except OctopusError as error:
            return self.dossier.note_error(error)
        asked = open_items.compare(listed)
        known = (
            self.env["octopus.payment.question"]
            .sudo()
            .search(
                [
                    ("dossier_id", "=", self.dossier.id),
                    ("balancing_id", "=", False),
                    ("state", "!=", "closed"),
                ]
            )
        )
        answered = {
            question.key
            for question in known
            if question.key.startswith(tuple(open_items.concluded))
        }
        if answered - asked.keys():
            answer(self.dossier, answered - asked.keys())
        fresh = ask(self.dossier, asked)
        fresh.tell_notices()
        counts.update(+Counter(problems=len(fresh)))
        position = {"open_items_at": fields.Datetime.now()}
        self._crons._commit_progress()
        retrying(partial(self.dossier.write, position), self.env)
        return None

    def _report(self, counts, problem):
        """Write the run down if there is something to tell, or somebody to tell it."""
        if self.run is None and not counts and not problem:
            return
        run = self.run or self.env["octopus.run"].create(
            {"kind": "pull", "dossier_id": self.dossier.id}
        )
        if counts["held"] and not problem:
            plan = self.env["octopus.payment.plan"].waiting(self.dossier)
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


def _reconcile_halving(rows, companies):
    """Reconcile rows all at once; what fails otherwise than by being carried out is
    found by halving, and stops no other."""
    try:
        with rows.env.cr.savepoint():
            return reconcile(rows, companies)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:  # pylint: disable=broad-exception-caught
        if len(rows) > 1:
            half = len(rows) // 2
            return _reconcile_halving(rows[:half], companies) + (
                _reconcile_halving(rows[half:], companies)
            )
        return note_failure(Task(rows), error)


def reconcile(rows, companies):
    """Carry out what the documents of these rows lack or have too much.

    Documents that another worker has in hand are left to it, and those of companies
    that do not follow payments are not touched.

    :param rows: ``octopus.balancing``, in sudo
    :param companies: ``res.company`` that follow payments
    :return: ``Counter`` as :func:`pull` gives
    """
    bookings = rows.bookings().filtered(lambda row: row.company_id in companies)
    bookings = bookings.try_lock_for_update(allow_referencing=True)
    rows = rows.of_bookings(bookings)
    around = rows.of_bookings(rows.bookings())
    rows = rows.filtered(lambda row: row.bookings() <= bookings)
    _make_clearing_journals(bookings.company_id)
    tasks = [
        task
        for task in rows.octopus_plan()(rows, around).tasks(all_at_once=False)
        if task.row.plan_id.state != "open"
    ]
    return apply([task for task in tasks if task.acts]) + note(
        [task for task in tasks if not task.acts]
    )


def _make_clearing_journals(companies):
    for settings in {company.octopus_settings() for company in companies}:
        if settings:
            make_clearing_journal(settings)
