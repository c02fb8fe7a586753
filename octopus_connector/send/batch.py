"""Rows of a dossier that are due: choose, check, send, in batches.

What can be read for many rows is read for a batch of them, before the first one leaves:
sending itself then costs a small, constant number of queries a row. The pass holds the
lock of a journal in its own transaction while a sender works in another, for rows that
follow each other; ending the transaction (``_commit_progress``) frees the journal.
"""

from __future__ import annotations

import logging
import math
import time
from collections import Counter, defaultdict, deque
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import chain

from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import split_every

from ..api.errors import OctopusError
from ..api.wire import DEFAULT_TIMEOUTS
from ..core import codes
from ..core.codes import WAIT
from ..core.findings import Finding, worst
from ..core.states import IN_FLIGHT, OPEN
from ..notification import tell_changed
from ..sync.mirror import Mirror
from ..work_time import work_time
from . import statements
from .result import Scope, SendResult, Stop

_logger = logging.getLogger(__name__)

BATCH = 50
# After so many seconds others get the journal, a person's document among them.
STRETCH = 5
# What changes in Octopus only: the mirror is read again before it is tried again.
OF_A_BOOKYEAR = {codes.NO_BOOKYEAR, codes.BOOKYEAR_CLOSED, codes.PERIOD_MISSING}
FOR_THE_ACCOUNTANT = OF_A_BOOKYEAR | {codes.JOURNAL_CLOSED, codes.PERIOD_PROTECTED}
MIRROR_AGE = timedelta(hours=1)
# After so many seconds of a pass, screens show again what became of it so far.
SCREENS = 3


class Batch:
    """The sending of a pass.

    :param kind: ``Kind`` of its rows; its environment, in sudo, is committed after each
        row
    :param dossier: ``octopus.dossier``
    :param run: ``octopus.run`` that counts what becomes of the rows
    """

    def __init__(self, kind, dossier, run):
        self.kind = kind
        self.env = kind.env
        self.dossier = dossier
        self.run = run
        self.halted: dict[int, Stop] = {}
        self.results = Counter()
        # Rows that count with the run of who asked for them.
        self.of_people = set()
        self.booked = []
        # Ids of bookyears of which the journals were read again, ``None`` where no
        # bookyear is known; and whether the bookyears were, too.
        self.read_again = set()
        self.screens_told_at = time.monotonic()
        # Journals in a bookyear of which more is closed than was known, and the rows to
        # prepare anew for it.
        self.outdated = set()
        self.again = []
        # What met a conflict with another transaction, and is looked at once more.
        self.conflicts = set()
        self.looked = set()
        # A transaction beside the one that holds the lock; see ``Sender``.
        self.worker = None
        self.work_time = work_time()

    @property
    def stopped(self) -> Stop | None:
        """What ends the pass for all rows."""
        return self.kind.stops.get(Scope.DOSSIER)

    def is_over(self) -> bool:
        """Return whether nothing more of this pass may leave."""
        return bool(self.stopped) or self.dossier.ends_pass()

    @contextmanager
    def working(self):
        """Return a context in which there is a transaction for senders."""
        with self.env.registry.cursor() as cr:
            self.worker = self.env(cr=cr)
            yield

    def send(self, due) -> bool:
        """Send what is due.

        :param due: rows of the kind
        :return: whether all were looked at; else the time of the scheduled action is
            over, and it will be called again
        """
        self._look_again(due)
        self.of_people = set(self.run.of_people(due).ids)
        batches = list(split_every(BATCH, due.ids))
        with self.working():
            while batches and not self.is_over():
                in_time = self._send_batch(batches.pop(0))
                self._tell()
                if not in_time:
                    return False
        if self.stopped:
            left = [row_id for ids in batches for row_id in ids]
            self._wait_behind(self.stopped, left)
            self.run.add_counts(self.results)
            self.run.problem = self._why_stopped()
        return True

    def _why_stopped(self):
        finding = self.stopped.finding
        # A rejected login was noted on the connection, where it is mended.
        return finding.as_json() if finding else self.dossier.connection_id.problem

    # Choosing and checking

    def _look_again(self, rows):
        """Read anew what only the accountant can change, if rows wait for it.

        At most once an hour, and only the bookyears they are in, so that a day's reads
        suffice; after a person asked for them, once more at once.
        """
        waiting = rows.filtered(lambda row: row.cause in FOR_THE_ACCOUNTANT)
        if waiting:
            self._read_anew(waiting, set(waiting.mapped("cause")))

    def _read_anew(self, waiting, causes):
        """Read the bookyears and journals of rows, unless that was done since they were
        asked for, or within the hour; return whether it was done.

        :param causes: codes of the findings that stop the rows
        """
        bookyears = self._bookyears_of(waiting)
        fresh = max([self.env.cr.now() - MIRROR_AGE, *self._asked_at(waiting)])
        read_at = self._read_at(bookyears)
        is_fresh = read_at and read_at > fresh
        whole = bool(OF_A_BOOKYEAR & causes)
        asked = {(year, whole) for year in bookyears.ids or [None]}
        if is_fresh or asked <= self.read_again:
            return False
        self.read_again |= asked | {(year, False) for year, _whole in asked}
        try:
            self._read_journals(bookyears, whole)
            self.commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Concurrent update: the other transaction read the same.
            self.env.cr.rollback()
        return True

    def _bookyears_of(self, rows):
        days = set(rows.move_id.mapped("date"))
        known = self.dossier.bookyear_ids
        return known.filtered(
            lambda year: any(year.date_start <= day <= year.date_end for day in days)
        ) or known.filtered(lambda year: not year.closed)

    def _read_at(self, bookyears):
        """Return when the journals of bookyears were read, all of them; or ``None``."""
        states = self.dossier.journal_ids.year_ids.filtered(
            lambda state: state.bookyear_id in bookyears and state.read_at
        )
        return min(states.mapped("read_at"), default=None)

    def _next_look(self, rows, code):
        """Return when rows that wait for a finding are tried again; what changes in
        Octopus only, not before Octopus is asked again."""
        again = rows.next_try_at()
        read_at = self._read_at(self._bookyears_of(rows))
        if code not in FOR_THE_ACCOUNTANT or not read_at:
            return again
        return max(again, read_at + MIRROR_AGE)

    def _asked_at(self, rows):
        """Return when people asked for some of these rows, who wait for the result."""
        runs = (rows.run_id | self.run).filtered(
            lambda run: run.interactive and run.state == "running"
        )
        return runs.mapped("started_at")

    def _read_journals(self, bookyears, whole):
        octopus = self.kind.octopus
        try:
            if whole:
                Mirror(self.dossier).bookyears(octopus)
            Mirror(self.dossier).journals(octopus, bookyears)
        except OctopusError as error:
            _logger.info("The journals cannot be read again now: %s", error)

    def _due_among(self, ids):
        return self.kind.rows.search(
            Domain("id", "in", ids) & self.kind.rows.due_domain()
        )

    def _send_batch(self, ids):
        rows = self._due_among(ids)
        in_doubt = rows.filtered(lambda row: row.state in IN_FLIGHT)
        doubts = [(row.id, row.journal_id.id) for row in in_doubt]
        try:
            requests = self._check(rows - in_doubt)
            in_time = self.commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another worker holds some of these rows back at this very moment.
            self.env.cr.rollback()
            return self._is_conflict(ids) or self._send_batch(ids)
        for row_id, journal_id in doubts:
            in_time = in_time and self._resolve(row_id, journal_id)
        in_time = self._send_requests(requests, in_time)
        again, self.again, self.outdated = self.again, [], set()
        return self._send_batch(again) if again and in_time else in_time

    def _is_conflict(self, row_ids):
        """Note that others wrote some of these at this moment; return whether that is
        so for the second time. Nobody who asked should wait for the next pass because
        of it, but for what goes on the next pass is soon enough."""
        before = self.conflicts.issuperset(row_ids)
        self.conflicts.update(row_ids)
        return before

    def _check(self, rows):
        """Hold what cannot go, and return the requests of the others, in order."""
        requests, held = self._prepare(rows)
        for findings, same in held:
            deciding = worst(findings)
            waits = deciding.severity == WAIT
            state = "waiting" if waits else "blocked"
            same.join_run(self.run)
            again = self._next_look(same, deciding.code) if waits else None
            same.hold(state, findings, again)
            self._count(state, same.ids)
        if not self._asked_at(rows):
            self._skip_journals_in_wait({request.journal_id for request in requests})
        return requests

    def _prepare(self, rows):
        """Prepare rows as of ``Kind.prepare``. What a person asked for is not stopped
        by something that was closed when it was read: it may be open now."""
        requests, held = self.kind.prepare(rows, self.run)
        closed, causes = self.kind.rows, set()
        for findings, same in held:
            code = worst(findings).code
            if code in FOR_THE_ACCOUNTANT and self._asked_at(same):
                closed, causes = closed | same, causes | {code}
        if not closed or not self._read_anew(closed, causes):
            return requests, held
        # Octopus was asked meanwhile: somebody may have kept one of them out, or
        # another worker have claimed a number for it, and that is resolved.
        due = self._due_among(rows.ids)
        claimed = due.filtered(lambda row: row.state in IN_FLIGHT)
        self.again += claimed.ids
        return self.kind.prepare(due - claimed, self.run)

    def _skip_journals_in_wait(self, journal_ids):
        """Do not try a journal again before its time because something new came; a
        person who asks does."""
        waiting = self.kind.rows.search(
            [
                ("dossier_id", "=", self.dossier.id),
                ("journal_id", "in", list(journal_ids)),
                ("state", "=", "waiting"),
                ("cause", "=", codes.JOURNAL_OPEN_ELSEWHERE),
                ("retry_at", ">", self.env.cr.now()),
            ]
        )
        for row in waiting:
            finding = Finding(codes.JOURNAL_OPEN_ELSEWHERE, row.findings[0]["params"])
            stop = Stop(Scope.JOURNAL, finding, row.retry_at)
            self.halted.setdefault(row.journal_id.id, stop)

    # Sending

    def _send_requests(self, requests, in_time):
        by_journal = defaultdict(deque)
        for request in requests:
            by_journal[request.journal_id].append(request)
        held = defaultdict(list)
        for journal_id, waiting in by_journal.items():
            while waiting:
                if stop := self._stop_of(journal_id):
                    held[stop] += [request.booking_id for request in waiting]
                    break
                if waiting[0].journal_year_id in self.outdated:
                    self.again.append(waiting.popleft().booking_id)
                elif in_time:
                    in_time = self._send_some(journal_id, waiting)
                else:
                    break
        for stop, row_ids in held.items():
            self._wait_behind(stop, row_ids)
        return in_time

    def _stop_of(self, journal_id):
        return self.stopped or self.halted.get(journal_id)

    def _send_some(self, journal_id, waiting):
        """Send requests of a journal under its lock, as many as go at a stretch.

        :param waiting: in order; those that are sent are taken from it
        :return: as of :meth:`commit`
        """
        # Making files takes its time: nobody should wait for the journal meanwhile.
        first = self.kind.add_files(waiting.popleft())
        done = 0
        with self._locked(journal_id) as sender:
            if sender:
                requests = chain([first], self._going(journal_id, waiting))
                results = sender.send_each(requests)
            else:
                results = [(first, SendResult("elsewhere", Stop(Scope.JOURNAL)))]
            for request, result in results:
                done += self._note(request.booking_id, journal_id, result)
                if result.news:
                    self.outdated.add(request.journal_year_id)
                    self.again.append(request.booking_id)
        # Frees the journal; the rows themselves were committed already.
        return self._tell(done) if done else self.commit()

    def _going(self, journal_id, waiting):
        """Yield the requests that go without giving the journal to others first."""
        until = time.monotonic() + STRETCH
        while waiting and time.monotonic() < until and self._time_left():
            following = waiting[0]
            if self._stop_of(journal_id) or following.make_files:
                return
            if following.journal_year_id in self.outdated:
                return
            yield self.kind.add_files(waiting.popleft())

    def _resolve(self, row_id, journal_id):
        result = self.under_lock(journal_id, lambda sender: sender.resolve(row_id))
        return self.commit(self._note(row_id, journal_id, result))

    @contextmanager
    def _locked(self, journal_id):
        """Lock a journal until the pass is committed.

        :return: a context with a ``Sender``, or ``None`` when another worker has it
        """
        journal = self.env["octopus.journal"].browse(journal_id)
        if not journal.try_lock_for_update(allow_referencing=True):
            yield None
            return
        yield self.kind.at(self.worker).new_sender(self.looked)
        # The next one must see what others commit until its own journal is locked.
        self.worker.cr.rollback()

    def under_lock(self, journal_id: int, work) -> SendResult:
        """Do the work of one row while its journal is ours.

        :param journal_id: ``octopus.journal``
        :param work: takes a ``Sender``, returns a ``SendResult``
        :return: the result; that of another worker's row stays with the worker, and
            what met a conflict is looked at once more
        """
        with self._locked(journal_id) as sender:
            if not sender:
                return SendResult("elsewhere", Stop(Scope.JOURNAL))
            try:
                return work(sender)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody wrote the same row while it was noted what became of it: what
                # was claimed is on disk, and who looks again resolves it.
                return SendResult("elsewhere", conflict=True)

    def _note(self, row_id, journal_id, result):
        """Count what became of a row; return how many are done."""
        if result.conflict and not self._is_conflict([row_id]):
            self.again.append(row_id)
            return 0
        self._count(result.state, [row_id])
        if result.state == "booked":
            self.booked.append(row_id)
        if result.stop:
            self.note_stop(journal_id, result.stop)
        return 1

    def _count(self, state, row_ids):
        """Count what became of rows with the run of this pass."""
        self.results[state] += sum(it not in self.of_people for it in row_ids)

    def note_stop(self, journal_id: int, stop: Stop) -> None:
        """Keep others from trying what would meet the same.

        :param journal_id: ``octopus.journal`` of the row that met it
        """
        if stop.scope is Scope.JOURNAL:
            self.halted[journal_id] = stop
        else:
            self.kind.stops[stop.scope] = stop

    def _wait_behind(self, stop, row_ids):
        """Let rows wait for what one before them met, without a call of their own.

        What another worker is busy with, and a login that was rejected, is no reason
        to mark them: they stay as they are. So does what another worker claimed a
        number for since they were prepared.
        """
        if stop.finding is None:
            return
        rows = self._due_among(row_ids).filtered(lambda row: row.state in OPEN)
        if not rows:
            return
        try:
            rows.hold("waiting", [stop.finding], stop.retry_at or rows.next_try_at())
            self.commit(len(rows))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another worker decides about some of them at this very moment: they stay
            # due, and the next pass looks again.
            self.env.cr.rollback()
        else:
            self._count("waiting", rows.ids)

    def _tell(self, done=0):
        """Write what happened where people look, documents and the run, and commit the
        pass with it.

        :param done: rows to count with the scheduled action
        :return: as of :meth:`commit`
        """
        if done or self.results:
            # Frees the journal. What the sender committed is seen from here on only: it
            # was not there when this transaction began.
            self.commit()
            retrying(partial(self._write_down, done), self.env)
            self.booked = []
            self.results = Counter()
        return self._time_left()

    def _write_down(self, done):
        rows = self.kind.rows.browse(self.booked)
        told_on = self.kind.told_on
        rows.invalidate_recordset(["octopus_number"])
        rows.fetch([told_on, "octopus_number"])
        bodies = {
            row[told_on].id: self.env._(
                "Booked in Octopus as %(number)s", number=row.octopus_number
            )
            for row in rows
            if row[told_on]
        }
        statements.log(rows.mapped(told_on), bodies)
        self.run.add_counts(self.results)
        self._tell_screens()
        if done:
            self.commit(done)

    def _tell_screens(self):
        """Let screens show how far it is, not more often than people look."""
        if time.monotonic() - self.screens_told_at > SCREENS:
            self.screens_told_at = time.monotonic()
            tell_changed(self.env)

    def commit(self, processed: int = 0) -> float:
        """Commit the pass.

        :param processed: rows that are done
        :return: the seconds that are left, none when another row could outlast this
            worker
        """
        self.env["ir.cron"]._commit_progress(processed)
        return self._time_left()

    def _time_left(self):
        if not self.work_time.allows(DEFAULT_TIMEOUTS.read):
            return 0
        ends = self.env.context.get("cron_end_time", math.inf)
        return max(ends - time.monotonic(), 0)
