"""One row, under the lock of its journal: claim a number, send, note the answer.

A sender works in a transaction of its own. The lock on the journal is held by the
caller's transaction for as long as the sender lasts, so no two senders to one journal
run at the same time, in whatever process. Because the transaction of the sender begins
after the lock was obtained, it sees everything an earlier holder of the lock committed.

The number is committed *before* the call: when this process dies at any later instant,
the row says which number may have been used, and is resolved by sending the same number
again. The answer may be committed with the next number (``Steps.note``).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from psycopg2.errors import UniqueViolation

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..api.errors import (
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusJournalLocked,
    OctopusRefused,
    OctopusUnknownOutcome,
    ReturnCode,
)
from ..call_log import about
from ..core import codes
from ..core.codes import WAIT
from ..core.compare_booking import Match
from ..core.findings import Finding, FindingError, unexpected, worst
from ..core.states import IN_FLIGHT, UNSETTLED
from . import statements
from .failures import Failures, scope_of
from .result import Scope, SendRequest, SendResult, Stop
from .steps import TRIES

_logger = logging.getLogger(__name__)

# What the accountant closed; the company's policy decides what becomes of it.
CLOSED = (codes.JOURNAL_CLOSED, codes.PERIOD_PROTECTED)


class Sender:
    """The way of one row of the outbox to Octopus; it knows no kind.

    :param kind: ``Kind`` of the row, in a transaction of its own that is committed step
        by step
    :param looked: ids of the journals in a bookyear whose state was read again already
        in this pass; reads are few
    """

    def __init__(self, kind, looked=None):
        self.kind = kind
        self.env = kind.env
        self.steps = kind.steps
        self.octopus = kind.octopus
        self.answers_wait = False
        self.failures = Failures(kind, set() if looked is None else looked)

    # Sending

    def send_each(
        self, requests: Iterable[SendRequest]
    ) -> Iterator[tuple[SendRequest, SendResult]]:
        """Send rows of one journal, one after the other.

        The next one is asked for when the answer to the one before came; that is
        committed together with the next number, where the kind allows it.

        :param requests: as they were prepared
        :return: each with its result, once that is on disk; ``conflict`` when another
            transaction was in the way of noting it
        """
        self.answers_wait = self.kind.answer_waits and not self._is_followed()
        booked = None
        for request in self._drawn(requests):
            try:
                result = self.send(request)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                result = self._lost()
                if booked and self.steps.answer:
                    booked = booked[0], result
                self.steps.answer = None
            if booked:
                yield booked
            booked = (request, result) if self.steps.answer else None
            if not booked:
                # The next look must see what others committed until now.
                self.steps.rollback()
                yield request, result
        if booked:
            request, result = booked
            yield request, self._settled(result)

    def _drawn(self, requests):
        """Yield requests; where one cannot be had, an answer that waits is kept."""
        try:
            yield from requests
        except Exception:
            self.steps.settle()
            raise

    def _settled(self, result):
        try:
            self.steps.settle()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            return self._lost()
        return result

    @staticmethod
    def _lost():
        """Return the result of a row whose answer could not be noted: what was claimed
        is on disk, and who looks again resolves it."""
        return SendResult("elsewhere", conflict=True)

    def _is_followed(self):
        """Whether somebody does something with an answer: it is noted once then."""
        return statements.is_followed(self.kind.rows, ("state", "findings"))

    def send(self, request: SendRequest) -> SendResult:
        """Send one row; every answer, also none, ends in a state of it.

        :param request: as it was prepared; what changed since is not sent
        :return: with the row's state; ``deleted`` when it is gone from Odoo
        :raises psycopg2.OperationalError: another transaction was in the way when the
            outcome was noted; a number that was claimed is on disk
        """
        row = self.kind.rows.browse(request.booking_id)
        if ended := self.kind.before(row):
            return ended
        before = self.steps.answer
        with about(row):
            result = self._guard(row, self._send, row, request)
        if before and self.steps.answer is before:
            # No number was claimed that it could go with.
            self.steps.settle()
        return self.kind.after(row, result)

    def _guard(self, row, step, *args):
        """Let nothing that goes wrong with one row reach another."""
        try:
            return step(*args)
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.steps.rollback()
            if not row.exists():
                # The document was deleted in Odoo at this very moment.
                return SendResult("deleted")
            return self._after_error(row, error)

    def _after_error(self, row, error):
        """Turn what went wrong with a row into a state of it."""
        if isinstance(error, FindingError):
            return self._end(row, error.findings)
        if isinstance(error, OctopusError):
            return self._fail(row, error)
        if isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            # Somebody changed the document, or the mirror, at this very moment: who
            # looks again resolves the number if one was claimed.
            return SendResult(row.state, conflict=True)
        if isinstance(error, UniqueViolation):
            _logger.info("The number of a booking is held by another: %s", error)
            return self._end(row, [Finding(codes.NUMBER_TAKEN)])
        _logger.error("%s cannot be sent", row, exc_info=error)
        return self._end(row, [unexpected(error)])

    def _send(self, row, request):
        self.kind.check(row)
        unchanged, left, like = self._look(row, request)
        if not unchanged:
            return self._outdated(row)
        if left and (stop := self._resolve_left(left)):
            row.hold("waiting", [stop.finding], stop.retry_at or row.next_try_at())
            self.steps.commit()
            return SendResult(row.state, stop)
        if request.relation_id is None:
            self.steps.settle()
            request = self.kind.with_relations(row, request)
        journal_year = self.env["octopus.journal.year"].browse(request.journal_year_id)
        for _try in range(TRIES):
            others = self._account_for(journal_year)
            if self.steps.stale and not self._look_again(row, request):
                return self._outdated(row)
            if (like or others) and self.kind.link(row, request):
                return SendResult(row.state)
            number = self._next_number(journal_year, request)
            booking = replace(request.booking, number=number)
            self._claim(row, request, booking)
            try:
                refused = self.kind.insert(row, request, booking)
            except OctopusRefused as error:
                if row.state != "sending":
                    # Our lock was lost with its connection, and another worker took
                    # the row for one that was left behind: it resolves it.
                    return SendResult(row.state)
                request = self._after_refusal(row, request, error)
                continue
            return self._booked(row, request, refused)
        taken = {"number": number, "journal": booking.journal}
        raise FindingError(Finding(codes.NUMBER_TAKEN, taken))

    @staticmethod
    def _outdated(row):
        """Return the result of a row that is not as it was prepared."""
        return SendResult(row.state, conflict=row.state in UNSETTLED)

    def _look(self, row, request):
        """Look as :meth:`Kind.look` does.

        Changes after this meet the claim, as long as nothing is committed in between:
        it writes the document's own row, so that one of the two transactions must
        start again.
        """
        found = self.kind.look(row, request)
        self.steps.stale = False
        return found

    def _look_again(self, row, request):
        """Return whether the document still is as it was prepared, after a call was
        waited for."""
        self.env.invalidate_all()
        unchanged, _left, _like = self._look(row, request)
        return unchanged

    def _after_refusal(self, row, request, error):
        """Return the request to try again after a first try was refused, so that
        nothing is in doubt.

        :raises OctopusRefused: the refusal stands
        """
        if error.code == ReturnCode.ILLEGAL_DOCUMENT_SEQUENCE_NR:
            # Somebody was faster.
            request = self._take_back(row, request)
            journal_year = self.env["octopus.journal.year"]
            journal_year.browse(request.journal_year_id).read_state(self.octopus)
        elif error.code == ReturnCode.UNKNOWN_RELATION and request.known:
            # Deleted in Octopus since the mirror was read.
            request = self._take_back(row, request)
            request = self.kind.with_relations(row, request, known=False)
        else:
            raise error
        self.steps.commit()
        return request

    def _take_back(self, row, request):
        """Give the number back of what was refused; return the request to try again.

        The document could not change while it travelled: what was written on it since
        it was looked at, its state in Octopus, was ours.
        """
        row.release_number()
        self.env.flush_all()
        row.move_id.invalidate_recordset(["write_date"])
        return replace(request, write_date=row.move_id.write_date)

    def _account_for(self, journal_year):
        """Read what others booked in the journal; return whether they did."""
        if not journal_year.has_unknown():
            return False
        self.steps.settle()
        with self.steps.keeping():
            journal_year.account_for(self.octopus)
        return True

    def _next_number(self, journal_year, request):
        """Return the number to use.

        :raises FindingError: Odoo's own number must be used, and is not the next one
        """
        number = journal_year.last_number + 1
        wanted = request.same_number
        if wanted is None or wanted == number:
            return number
        values = {"number": wanted, "journal": journal_year.journal_id.key}
        if wanted < number:
            raise FindingError(Finding(codes.NUMBER_USED, values))
        waited_for = self.env["account.move"].browse(request.move_id)
        values["document"] = waited_for.octopus_name_with_number(number)
        raise FindingError(Finding(codes.NUMBER_WAITS, values))

    def _claim(self, row, request, booking):
        """Commit the number before it is used, and with it that the call is made."""
        row.claim(request, booking, **self.kind.claim(request, booking))
        with self.kind.announcing(booking):
            self.steps.commit()

    # Resolving what is in doubt

    def resolve(self, row_id: int) -> SendResult:
        """Find out whether what was sent without an answer is booked.

        It stays in doubt only while Octopus cannot be asked.

        :param row_id: id of a row of the outbox; one that is not in doubt stays as it
            is
        :return: as of :meth:`send`, and so is what is raised
        """
        row = self.kind.rows.browse(row_id)
        with about(row):
            result = self._guard(row, self._resolve, row)
        return self.kind.after(row, result)

    def _resolve_left(self, left):
        """Resolve what another worker left behind on this journal.

        While the number of one row is in doubt no other can take the next one.

        :return: the stop for those behind it, if doubt remains
        """
        self.steps.settle()
        # The lock is ours, so the worker that was sending it is gone.
        if left.state == "sending" or left.is_due():
            with about(left):
                self._guard(left, self._resolve, left)
        return self._behind(left) if left.state in IN_FLIGHT else None

    def _resolve(self, row):
        if row.state not in IN_FLIGHT:
            return SendResult(row.state)
        # Whoever was sending it is gone. From here on no answer but a success or a
        # look at the number itself takes the doubt away.
        row.state = "unknown"
        self.steps.commit()
        if self.kind.is_withdrawn(row):
            # Withdrawn in Odoo meanwhile: only look, do not send it again.
            result = self._identify(row)
            if result.state == "booked":
                self.kind.withdraw(row)
                self.steps.commit()
            return result
        try:
            self.kind.insert_again(row)
        except OctopusUnknownOutcome:
            self.kind.keep_doubt(row)
            self.steps.commit()
            raise
        except OctopusJournalLocked:
            # It may stay closed for good, but what is there needs no second call.
            if self.kind.find(row)[0] is not Match.SAME:
                raise
            return self._booked(row)
        except (OctopusRefused, OctopusInvalidRequest):
            # -13: something sits there, or the number is not the next one. Any other
            # refusal proves no more than that.
            return self._identify(row)
        return self._booked(row, again=True)

    def _identify(self, row):
        """Look what sits on the number of a row and decide by that."""
        match, found = self.kind.find(row)
        if match is Match.SAME:
            return self._booked(row)
        journal_year = row.journal_year_id
        number = row.number
        row.release_number()
        if match is Match.ALTERED:
            asked = self.kind.dispute(row, journal_year, number, found)
            return self._end(row, [asked])
        self.steps.commit()
        journal_year.read_state(self.octopus)
        self.steps.commit()
        return SendResult(row.state)

    # Ends

    def _booked(self, row, request=None, refused=(), again=False):
        answer = partial(self.kind.set_booked, row, request, refused, again)
        if request and self.answers_wait:
            self.steps.note(answer)
        else:
            self.steps.put(answer)
        return SendResult("booked")

    def _fail(self, row, error):
        """Turn an error of a call into a state of the row, and a stop for others."""
        if row.state not in UNSETTLED:
            return SendResult(row.state)
        finding = self.failures.finding_of(row, error)
        lost = isinstance(error, OctopusUnknownOutcome) and row.state == "sending"
        if lost or row.state == "unknown":
            return self._keep_in_doubt(row, [Finding(codes.UNKNOWN_OUTCOME), finding])
        row.release_number()
        if isinstance(error, OctopusAuthError):
            self.steps.commit()
            return SendResult(row.state, Stop(Scope.DOSSIER))
        if finding.code in CLOSED:
            self.steps.commit()
            if self.failures.is_mirrored(row):
                return SendResult(row.state, news=True)
        return self._end(row, [finding], scope_of(error, finding))

    def _keep_in_doubt(self, row, findings):
        """Keep the number: nobody may take the next one before this is resolved."""
        row.hold("unknown", findings, row.next_try_at(findings))
        self.steps.commit()
        return SendResult("unknown", self._behind(row))

    def _behind(self, row):
        """Return what those behind a row in doubt wait for."""
        values = {"journal": row.journal_id.key, "document": row.document_name}
        finding = Finding(
            codes.WAITS_FOR_ANSWER, values, model=self.kind.model, ids=(row.id,)
        )
        return Stop(Scope.JOURNAL, finding, row.retry_at or None)

    def _end(self, row, findings, scope=Scope.ROW):
        """Note what stands in the way of a row that certainly was not booked.

        A claim of which the answer was not noted is never certain: what went wrong was
        ours then, and the booking may exist.
        """
        if row.state not in UNSETTLED:
            return SendResult(row.state)
        if row.state in IN_FLIGHT:
            return self._keep_in_doubt(row, findings)
        deciding = worst(findings)
        waits = deciding.severity == WAIT
        retry_at = row.next_try_at(findings) if waits else None
        row.hold("waiting" if waits else "blocked", findings, retry_at)
        self.steps.commit()
        stop = Stop(scope, deciding, retry_at) if scope is not Scope.ROW else None
        return SendResult(row.state, stop)
