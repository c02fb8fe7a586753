"""One pass over the documents of a dossier that are due: choose, check, send.

What can be read for many documents is read for a batch of them, before the first one
leaves: sending itself then costs a small, constant number of queries a document. The
pass holds the lock of a journal in its own transaction while a delivery works in
another; ending the transaction (``_commit_progress``) frees the journal.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import split_every

from ..api.errors import (
    OctopusError,
    OctopusInvalidRequest,
    OctopusRefused,
    OctopusUnknownOutcome,
)
from ..api.operations import Capability
from ..api.types import RelationRef
from ..api.wire import DEFAULT_TIMEOUTS
from ..core import codes
from ..core.codes import WAIT
from ..core.findings import Finding, worst
from ..core.states import IN_FLIGHT
from ..prepare.kinds import direction_of
from ..sync.mirror import Mirror
from ..work_time import work_time
from . import styles
from .files import Files, file_ids, files_of, pdf_of
from .sender import Scope, Sender, SendRequest, SendResult, Stop

_logger = logging.getLogger(__name__)

BATCH = 50
# What changes in Octopus only: the mirror is read again before it is tried again.
OF_A_BOOKYEAR = {codes.NO_BOOKYEAR, codes.BOOKYEAR_CLOSED, codes.PERIOD_MISSING}
FOR_THE_ACCOUNTANT = OF_A_BOOKYEAR | {codes.JOURNAL_CLOSED, codes.PERIOD_PROTECTED}
MIRROR_AGE = timedelta(hours=1)
# Whether a relation can be used on a document of this kind.
_SIDE = {"sale": "is_client", "purchase": "is_supplier"}


class Push:
    """One pass.

    :param env: environment in sudo; its cursor is committed after each document
    :param dossier: ``octopus.dossier``
    :param run: ``octopus.run`` that counts what becomes of the documents
    :param octopus: ``api.client.DossierClient`` of the dossier
    """

    model = "octopus.booking"
    carrier = Sender
    # Where people read that a row is booked.
    told_on = "move_id"

    def __init__(self, env, dossier, run, octopus):
        self.env = env
        self.dossier = dossier
        self.run = run
        self.octopus = octopus
        self.bookings = env[self.model]
        self.halted: dict[int, Stop] = {}
        self.stopped: Stop | None = None
        self.results = Counter()
        self.booked = []
        self.file_ids = {}
        self.styled = None
        # Journals in a bookyear of which more is closed than was known, and the
        # documents to prepare anew for it.
        self.outdated = set()
        self.again = []
        # What was conflict by another transaction, and is looked at once more.
        self.conflict = set()
        self.looked = set()
        # A transaction beside the one that holds the lock; see ``Sender``.
        self.worker = None
        self.work_time = work_time()

    def go(self, due, follow) -> bool:
        """Send what is due, then the files that follow.

        :return: whether all were looked at; else the time of the scheduled action is
            over, and it will be called again
        """
        self._look_again(due)
        batches = list(split_every(BATCH, due.ids))
        with self.env.registry.cursor() as cr:
            self.worker = self.env(cr=cr)
            while batches and not self.stopped and not self.dossier.ends_pass():
                in_time = self._send_batch(batches.pop(0))
                self._tell()
                if not in_time:
                    return False
        if self.stopped:
            left = [booking_id for ids in batches for booking_id in ids]
            self._wait_behind(self.stopped, left)
            self.run.add_counts(self.results)
            self.run.problem = self._why_stopped()
            return True
        return self.dossier.ends_pass() or self._send_files(follow)

    def _why_stopped(self):
        finding = self.stopped.finding
        # A rejected login was noted on the connection, where it is mended.
        return finding.as_json() if finding else self.dossier.connection_id.problem

    # Choosing and checking

    def _look_again(self, rows):
        """Read anew what only the accountant can change, if documents wait for it.

        At most once an hour, and only the bookyears they are in, so that a day's reads
        suffice; for a person at once.
        """
        waiting = rows.filtered(lambda row: row.cause in FOR_THE_ACCOUNTANT)
        if not waiting:
            return
        days = set(waiting.move_id.mapped("date"))
        known = self.dossier.bookyear_ids
        bookyears = known.filtered(
            lambda year: any(year.date_start <= day <= year.date_end for day in days)
        ) or known.filtered(lambda year: not year.closed)
        age = MIRROR_AGE if not self.run.interactive else timedelta(minutes=1)
        states = self.dossier.journal_ids.year_ids.filtered(
            lambda state: state.bookyear_id in bookyears and state.read_at
        )
        if states and min(states.mapped("read_at")) > self.env.cr.now() - age:
            return
        try:
            self._read_journals(bookyears, OF_A_BOOKYEAR & set(waiting.mapped("cause")))
            self._commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody else writes the mirror at this moment: theirs is as good.
            self.env.cr.rollback()

    def _read_journals(self, bookyears, whole):
        try:
            if whole:
                Mirror(self.dossier).bookyears(self.octopus)
            Mirror(self.dossier).journals(self.octopus, bookyears)
        except OctopusError as error:
            _logger.info("The journals cannot be read again now: %s", error)

    def _send_batch(self, ids):
        rows = self.bookings.search(
            Domain("id", "in", ids) & self.bookings._due_domain()
        )
        in_doubt = rows.filtered(lambda row: row.state in IN_FLIGHT)
        doubts = [(row.id, row.journal_id.id) for row in in_doubt]
        try:
            requests = self._check(rows - in_doubt)
            in_time = bool(self._commit())
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another worker holds some of these documents back at this very moment.
            self.env.cr.rollback()
            return self._is_conflict(ids) or self._send_batch(ids)
        for booking_id, journal_id in doubts:
            in_time = in_time and self._settle(booking_id, journal_id)
        in_time = self._send_parcels(requests, in_time)
        again, self.again, self.outdated = self.again, [], set()
        return self._send_batch(again) if again and in_time else in_time

    def _is_conflict(self, booking_ids):
        """Note that others wrote some of these at this moment; return whether that is
        so for the second time. Nobody who asked should wait for the next pass because
        of it, but for what goes on the next pass is soon enough."""
        before = self.conflict.issuperset(booking_ids)
        self.conflict.update(booking_ids)
        return before

    def _send_parcels(self, requests, in_time):
        held = defaultdict(list)
        for request in requests:
            stop = self.stopped or self.halted.get(request.journal_id)
            if stop:
                held[stop].append(request.booking_id)
            elif request.journal_year_id in self.outdated:
                self.again.append(request.booking_id)
            elif in_time:
                in_time = self._deliver(request)
        for stop, booking_ids in held.items():
            self._wait_behind(stop, booking_ids)
        return in_time

    def _check(self, rows):
        """Hold what cannot go, and return the requests of the others, in order.

        The documents are prepared together: no calls, a constant number of queries.
        """
        posted = rows.filtered(lambda row: row.move_id.state == "posted")
        (rows - posted).write({"queued": False})
        documents = self._prepare(posted.move_id)
        self.file_ids = file_ids(posted.move_id)
        held = defaultdict(lambda: self.bookings)
        for row in posted:
            document = documents[row.move_id.id]
            findings = document if isinstance(document, tuple) else document.findings
            if any(found.stops for found in findings):
                held[findings] |= row
        for findings, same in held.items():
            waits = worst(findings).severity == WAIT
            state = "waiting" if waits else "blocked"
            same._join_run(self.run)
            same._hold(state, findings, same._retry_at() if waits else None)
            self.results[state] += len(same)
        stopped = self.bookings.union(*held.values())
        return self._pack(posted - stopped, documents)

    def _prepare(self, moves):
        """Return ``{move id: PreparedDocument}``, with a tuple of findings instead for
        a document of which the preparation fails: the others go on."""
        try:
            return moves.octopus_prepare()
        except Exception:
            _logger.exception("A batch could not be prepared; looking one by one")
        prepared = {}
        for move in moves:
            try:
                prepared |= move.octopus_prepare()
            except Exception as error:
                _logger.exception("Document %s could not be prepared", move.id)
                prepared[move.id] = (
                    Finding(codes.UNEXPECTED, {"message": repr(error)}),
                )
        return prepared

    def _pack(self, rows, documents):
        prepared = [(row, documents[row.move_id.id]) for row in rows]
        self._skip_journals_in_wait({it.journal.id for _row, it in prepared})
        return [self._request(row, document) for row, document in prepared]

    def _request(self, row, document):
        settings = document.settings
        same_number = settings.octopus_number_policy == "same"
        policy = settings.octopus_attachment_policy
        relation = document.relation
        ref = RelationRef(id=relation.octopus_id or None)
        known = relation[_SIDE[direction_of(document.kind)]]
        told = [found.as_json() for found in document.findings]
        return SendRequest(
            booking_id=row.id,
            move_id=row.move_id.id,
            journal_id=document.journal.id,
            journal_year_id=document.journal_year.id,
            # The number is a promise that only the lock of the journal allows.
            booking=document.booking(0, ref),
            currency_id=document.currency.id,
            fingerprint=document.fingerprint,
            write_date=document.write_date,
            findings=tuple(told),
            relation_id=relation.id if known else None,
            run_id=row._run_or(self.run).id,
            same_number=row.move_id.sequence_number if same_number else None,
            attachment_state="none" if self._without_files(policy) else "later",
            make_files=policy == "make",
            twins=document.twins,
        )

    def _without_files(self, policy):
        """Whether no file will go along, now or later."""
        offered = {Capability.ATTACHMENTS, Capability.ATTACHMENTS_LATER}
        return policy == "none" or not offered & self.octopus.capabilities

    def _skip_journals_in_wait(self, journal_ids):
        """Do not try a journal again before its time because a new document came; a
        person who asks does."""
        if self.run.interactive:
            return
        waiting = self.bookings.search(
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

    def _deliver(self, request):
        files = self._files(request)
        request = replace(
            request,
            files=files.going,
            too_big=files.too_big,
            unstyled=files.unstyled,
        )
        result = self._under_lock(
            request.journal_id, lambda delivery: delivery.send(request)
        )
        if result.news:
            self.outdated.add(request.journal_year_id)
            self.again.append(request.booking_id)
        return self._note(request.booking_id, request.journal_id, result)

    def _files(self, request):
        """Return what goes along, and what does not."""
        if request.attachment_state == "none":
            return Files()
        if Capability.ATTACHMENTS not in self.octopus.capabilities:
            return Files()
        file_ids = self.file_ids.get(request.move_id, ())
        if not file_ids and not request.make_files:
            return Files()
        move = self.env["account.move"].browse(request.move_id)
        return files_of(move, file_ids, request.make_files, self._are_styled)

    def _are_styled(self):
        """Whether PDFs that this pass makes get their styles."""
        if self.styled is None:
            self.styled = styles.are_there(self.env)
        return self.styled

    def _settle(self, booking_id, journal_id):
        result = self._under_lock(
            journal_id, lambda delivery: delivery.settle(booking_id)
        )
        return self._note(booking_id, journal_id, result)

    def _under_lock(self, journal_id, work):
        """Do the work of one document while its journal is ours.

        :return: the result; that of another worker's document stays with the worker,
            and what another transaction conflict is looked at once more
        """
        journal = self.env["octopus.journal"].browse(journal_id)
        if not journal.try_lock_for_update(allow_referencing=True):
            return SendResult("elsewhere", Stop(Scope.JOURNAL))
        try:
            result = work(self.carrier(self.worker, self.octopus, self.looked))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody wrote the same row while it was noted what became of it: what was
            # claimed is on disk, and who looks again settles it.
            result = SendResult("elsewhere", conflict=True)
        # The next one must see what others commit until its own journal is locked.
        self.worker.cr.rollback()
        return result

    def _note(self, booking_id, journal_id, result):
        if result.conflict and not self._is_conflict([booking_id]):
            self.again.append(booking_id)
            return self._commit()
        self.results[result.state] += 1
        if result.state == "booked":
            self.booked.append(booking_id)
        if result.stop:
            if result.stop.scope is Scope.DOSSIER:
                self.stopped = result.stop
            else:
                self.halted[journal_id] = result.stop
        # Frees the journal; the document itself was committed already.
        return self._commit(1)

    def _wait_behind(self, stop, booking_ids):
        """Let documents wait for what one before them met, without a call of their own.

        What another worker is busy with, and a login that was rejected, is no reason
        to mark them: they stay as they are.
        """
        if stop.finding is None:
            return
        rows = self.bookings.search(
            Domain("id", "in", booking_ids) & self.bookings._due_domain()
        )
        if not rows:
            return
        try:
            rows._hold("waiting", [stop.finding], stop.retry_at or rows._retry_at())
            self._commit(len(rows))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another worker decides about some of them at this very moment: they stay
            # due, and the next pass looks again.
            self.env.cr.rollback()
        else:
            self.results["waiting"] += len(rows)

    def _tell(self):
        """Write what happened to a batch where people look: documents and the run."""
        retrying(self._write_down, self.env)
        self.booked = []
        self.results = Counter()

    def _write_down(self):
        rows = self.bookings.browse(self.booked)
        rows.fetch([self.told_on, "octopus_number"])
        bodies = {
            row[self.told_on].id: self.env._(
                "Booked in Octopus as %(number)s", number=row.octopus_number
            )
            for row in rows
            if row[self.told_on]
        }
        rows.mapped(self.told_on)._message_log_batch(bodies)
        self.run.add_counts(self.results)

    def _commit(self, processed=0):
        """Commit; return the seconds that are left, none when another document could
        outlast this worker."""
        left = self.env["ir.cron"]._commit_progress(processed)
        return left if self.work_time.allows(DEFAULT_TIMEOUTS.read) else 0

    # Files that follow

    def _send_files(self, rows):
        """Add files that came after the booking; each booking stands alone."""
        if Capability.ATTACHMENTS_LATER not in self.octopus.capabilities:
            return True
        known = file_ids(rows.move_id)
        for row_id, move_id in [(row.id, row.move_id.id) for row in rows]:
            row = self.bookings.browse(row_id)
            unstyled = row._is_unstyled()
            files = pdf_of(row.move_id, known.get(move_id, ())) if unstyled else None
            if unstyled and files == Files():
                continue
            if not self._claim_files(row):
                continue
            files = files or files_of(row.move_id, known.get(move_id, ()))
            try:
                self._add_files(row, files.going)
                row._leave_out(files.too_big)
            except OctopusError as error:
                # Another time: nothing that concerns the booking.
                _logger.info("Files do not follow now: %s", error)
                return True
            if not self._commit(1):
                return False
        return True

    def _claim_files(self, row):
        """Say first that the files are on their way: when no answer comes, or this
        process dies, nobody sends them again.

        :return: ``False`` when another worker was faster
        """
        try:
            if row.attachment_state != "later":
                return False
            row._doubt_files()
            self._commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            return False
        return True

    def _add_files(self, row, files):
        """Add the files of one booking.

        :raises OctopusError: they cannot be added now
        """
        bookyear, journal = row.bookyear_id.octopus_id, row.journal_id.key
        for place, file in enumerate(files):
            try:
                self.octopus.add_attachment(bookyear, journal, row.number, file)
            except (OctopusRefused, OctopusInvalidRequest) as error:
                _logger.info("Files of %s were refused: %s", row.document_name, error)
                row._refuse_files([file.name for file in files[place:]])
                return
            except OctopusUnknownOutcome:
                raise
            except OctopusError:
                if not place:
                    row._trust_files("later")
                    self._commit()
                raise
        # A file that Odoo has and cannot read at this moment was not sent.
        row._trust_files("sent" if files else "later")
