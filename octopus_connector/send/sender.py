"""One document, under the lock of its journal: claim a number, send, note the answer.

A delivery works in a transaction of its own (``env``). The lock on the journal is held
by the caller's transaction for as long as the delivery lasts, so no two deliveries to
one journal run at the same time, in whatever process. Because the transaction of the
delivery begins after the lock was obtained, it sees everything an earlier holder of the
lock committed.

The number is committed *before* the call: when this process dies at any later
instant, the row says which number may have been used, and is settled by sending the
same number again.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from enum import Enum
from functools import partial

from psycopg2 import Error as PostgresError
from psycopg2.errors import UniqueViolation

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tools import SQL

from ..api.errors import (
    OctopusAccessError,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusJournalLocked,
    OctopusMissing,
    OctopusNotNow,
    OctopusQuotaError,
    OctopusRefused,
    OctopusUnknownOutcome,
    ReturnCode,
)
from ..api.stored import from_json, to_json
from ..api.types import Attachment, Booking, RelationRef
from ..core import codes
from ..core.codes import BLOCK, WAIT
from ..core.compare_booking import Match, compare
from ..core.findings import Finding, FindingError, worst
from ..core.states import IN_FLIGHT, OPEN, THERE
from ..sync.mirror import Mirror
from .relations import RelationSender

_logger = logging.getLogger(__name__)

# Of which nobody knows yet that Octopus has it; the others were settled meanwhile.
UNSETTLED = (*OPEN, *IN_FLIGHT)
# How often the next number is tried when somebody else was faster.
TRIES = 3
# The feed is read from a day before: its time zone is unknown (docs/octopus.md §19.3).
FEED_OVERLAP = timedelta(days=1)
# Codes that speak about the booking itself; any other refusal of a call with files
# may be about the files.
ABOUT_THE_BOOKING = frozenset(ReturnCode)
# Their daily limit stops the documents of new contacts only.
OF_RELATIONS = (
    "find_relations",
    "relations",
    "relations_modified",
    "upsert_relation",
)
# Somebody else writes the mirror at this very moment.
MIRRORED_BY_OTHERS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation)
# What the accountant closed; the company's policy decides what becomes of it.
CLOSED = (codes.JOURNAL_CLOSED, codes.PERIOD_PROTECTED)


@dataclass(frozen=True)
class SendRequest:
    """What is known about a document before its journal is locked: plain values only,
    because committing empties the cache of records.

    :param booking: what is sent; its number and relation are filled in by the delivery
    :param findings: what people are told though the document goes, as JSON
    :param relation_id: a relation that needs no call, with ``booking.relation``
    :param known: the relation was not looked up in Octopus for this document
    :param run_id: ``octopus.run`` the document is counted with
    :param same_number: Odoo's own number, where Octopus must use it
    :param files: what goes along with the booking
    :param too_big: names of files that do not go along
    :param unstyled: the PDF is made later, when it gets its styles
    :param attachment_state: what to note when there are no files
    :param make_files: make those that are missing
    :param twins: ids of rows that may be the same bill, and were not sent yet
    """

    booking_id: int
    move_id: int
    journal_id: int
    journal_year_id: int
    booking: Booking
    currency_id: int
    fingerprint: str
    write_date: datetime
    findings: tuple[dict, ...] = ()
    relation_id: int | None = None
    known: bool = True
    run_id: int | None = None
    same_number: int | None = None
    files: tuple[Attachment, ...] = ()
    too_big: tuple[str, ...] = ()
    unstyled: bool = False
    attachment_state: str = "none"
    make_files: bool = False
    twins: tuple[int, ...] = ()

    @property
    def files_state(self):
        """What to note of the files when all of them were taken."""
        if self.unstyled:
            return "later"
        if self.too_big:
            return "refused"
        return "sent" if self.files else self.attachment_state


class Scope(Enum):
    """How far what one document met concerns others."""

    DOCUMENT = "document"
    JOURNAL = "journal"
    DOSSIER = "dossier"


# Who else needs the operation of which the day's limit is reached.
SCOPE_OF_LIMIT = {
    "open_dossier": Scope.DOSSIER,
    "insert_booking": Scope.DOSSIER,
    "find_relations": Scope.DOCUMENT,
    "upsert_relation": Scope.DOCUMENT,
}


@dataclass(frozen=True)
class Stop:
    """Others behind this document would meet the same: they need not try now.

    :param finding: what they wait for; ``None`` leaves them as they are
    """

    scope: Scope
    finding: Finding | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True)
class SendResult:
    """What became of a delivery: the state of the row, and what it means for others.

    :param news: Octopus told of a closed journal, period or bookyear that the mirror
        did not know: what goes there must be prepared anew
    :param conflict: somebody wrote the same, or changed the document, at this very
        moment, and is done by now: it can be looked at anew
    """

    state: str
    stop: Stop | None = None
    news: bool = False
    conflict: bool = False


class Sender:
    """The way of one row of the outbox to Octopus.

    :param env: environment of a cursor of its own; committed step by step
    :param octopus: ``api.client.DossierClient`` of the row's dossier
    :param looked: ids of the journals in a bookyear whose state was read again already
        in this pass; reads are few
    """

    model = "octopus.booking"

    def __init__(self, env, octopus, looked=None):
        self.env = env
        self.octopus = octopus
        self.looked = set() if looked is None else looked
        # Others may have changed the document since it was looked at.
        self.stale = False

    # Sending

    def send(self, request: SendRequest) -> SendResult:
        """Send one document; every answer, also none, ends in a state of its row.

        :param request: as it was prepared; a document that changed since is not sent
        :return: with the row's state; ``deleted`` when the document is gone from Odoo
        :raises psycopg2.OperationalError: another transaction was in the way when the
            outcome was noted; a number that was claimed is on disk
        """
        row = self.env[self.model].browse(request.booking_id)
        return self._guard(row, self._send, row, request)

    def _guard(self, row, step, *args):
        """Let nothing that goes wrong with one document scope another."""
        try:
            return step(*args)
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.env.cr.rollback()
            if not row.exists():
                # The document was deleted in Odoo at this very moment.
                return SendResult("deleted")
            return self._after(row, error)

    def _after(self, row, error):
        """Turn what went wrong with a document into a state of its row."""
        if isinstance(error, FindingError):
            return self._end(row, error.findings)
        if isinstance(error, OctopusError):
            return self._fail(row, error)
        if isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            # Somebody changed the document, or the mirror, at this very moment: who
            # looks again settles the number if one was claimed.
            return SendResult(row.state, conflict=True)
        if isinstance(error, UniqueViolation):
            _logger.info("The number of a booking is held by another: %s", error)
            return self._end(row, [Finding(codes.NUMBER_TAKEN)])
        _logger.error("Octopus booking %s could not be sent", row.id, exc_info=error)
        return self._end(row, [Finding(codes.UNEXPECTED, {"message": repr(error)})])

    def _send(self, row, request):
        unchanged, left, like = self._look(row, request)
        self.stale = False
        if not unchanged:
            return self._outdated(row)
        if left and (stop := self._settle_left(left)):
            row._hold("waiting", [stop.finding], stop.retry_at or row._retry_at())
            self._commit()
            return SendResult(row.state, stop)
        if request.relation_id is None:
            request = self._with_relation(row, request)
        journal_year = self.env["octopus.journal.year"].browse(request.journal_year_id)
        for _try in range(TRIES):
            others = self._account_for(journal_year)
            if self.stale and not self._look_again(row, request):
                return self._outdated(row)
            if (like or others) and self._adopt(row, request):
                return SendResult(row.state)
            number = self._next_number(journal_year, request)
            booking = replace(request.booking, number=number)
            self._claim(row, request, booking)
            try:
                refused = self._insert(row, booking, request)
            except OctopusRefused as error:
                if row.state != "sending":
                    # Our lock was lost with its connection, and another worker took
                    # the row for one that was left behind: it settles it.
                    return SendResult(row.state)
                # A first try was refused: nothing is in doubt.
                if error.code == ReturnCode.ILLEGAL_DOCUMENT_SEQUENCE_NR:
                    # Somebody was faster.
                    request = self._take_back(row, request)
                    journal_year.read_state(self.octopus)
                elif error.code == ReturnCode.UNKNOWN_RELATION and request.known:
                    # Deleted in Octopus since the mirror was read.
                    request = self._take_back(row, request)
                    request = self._with_relation(row, request, known=False)
                else:
                    raise
                self._commit()
                continue
            return self._booked(row, request.files_state, refused)
        taken = {"number": number, "journal": booking.journal}
        raise FindingError(Finding(codes.NUMBER_TAKEN, taken))

    @staticmethod
    def _outdated(row):
        """Return the result of a document that is not as it was prepared."""
        return SendResult(row.state, conflict=row.state in UNSETTLED)

    def _look(self, row, request):
        """Look once more, now that the journal is ours: one query.

        Changes after this meet the claim, as long as nothing is committed in between:
        it writes the document's own row, so that one of the two transactions must
        start again.

        :return: whether row and document are as they were prepared; the row of another
            document of the journal that is in doubt, maybe empty; whether a booking of
            others may be this document
        """
        found = self.env.execute_query(
            SQL(
                """
                SELECT move.state, move.write_date,
                       (SELECT id FROM octopus_booking
                         WHERE journal_year_id = %s AND id <> %s AND state IN %s),
                       %s,
                       EXISTS (SELECT 1 FROM octopus_booking
                                WHERE id = ANY(%s) AND state IN %s)
                  FROM account_move AS move
                 WHERE move.id = %s
                """,
                request.journal_year_id,
                row.id,
                IN_FLIGHT,
                self.env["octopus.journal.entry"]._exists_like(row.id, request.booking),
                list(request.twins),
                THERE,
                request.move_id,
            )
        )
        if not found:
            return False, row.browse(), False
        [[state, write_date, left_id, like, overtaken]] = found
        unchanged = (
            state == "posted"
            and write_date == request.write_date
            and not overtaken
            and row._is_due()
        )
        return unchanged, row.browse(left_id or ()), like

    def _take_back(self, row, request):
        """Give the number back of what was refused; return the request to try again.

        The document could not change while it travelled: what was written on it since
        it was looked at, its state in Octopus, was ours.
        """
        row._give_number_back()
        self.env.flush_all()
        row.move_id.invalidate_recordset(["write_date"])
        return replace(request, write_date=row.move_id.write_date)

    def _look_again(self, row, request):
        """Return whether the document still is as it was prepared, after a call was
        waited for."""
        self.env.invalidate_all()
        unchanged, _left, _like = self._look(row, request)
        self.stale = False
        return unchanged

    def _with_relation(self, row, request, known=True):
        """Have the customer or supplier in Octopus first.

        :param known: believe the mirror; else look first whether the relation is there
        """
        move = row.move_id.with_company(row.company_id)
        relations = RelationSender(move.env, row.dossier_id, self.octopus)
        partner = move.commercial_partner_id
        with self._keeping():
            if not known:
                relations.find(partner)
            relation = relations.ensure(
                partner,
                client=move.is_sale_document(include_receipts=True),
                supplier=move.is_purchase_document(include_receipts=True),
                fiscal_position=move.fiscal_position_id,
            )
        ref = RelationRef(id=relation.octopus_id)
        booking = replace(request.booking, relation=ref)
        return replace(request, relation_id=relation.id, booking=booking, known=known)

    def _account_for(self, journal_year):
        """Read what others booked in the journal; return whether they did."""
        if not journal_year.has_unknown():
            return False
        with self._keeping():
            journal_year.account_for(self.octopus)
        return True

    def _adopt(self, row, request):
        """Take a booking that is this very document for its own, as after a backup was
        restored; return whether there is one.

        :raises FindingError: a person must say whether it is
        """
        entry = self.env["octopus.journal.entry"]._find(row, request.booking)
        if entry:
            row._adopt(entry, request.fingerprint)
            self._commit()
        return bool(entry)

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
            raise FindingError(Finding(codes.NUMBER_TAKEN, values, severity=BLOCK))
        waited_for = self.env["account.move"].browse(request.move_id)
        values["document"] = waited_for.octopus_name_with_number(number)
        raise FindingError(Finding(codes.NUMBER_WAITS, values))

    def _claim(self, row, request, booking):
        """Commit the number before it is used."""
        row._claim(
            {
                "journal_year_id": request.journal_year_id,
                "number": booking.number,
                "period_number": booking.period,
                "relation_id": request.relation_id,
                "run_id": request.run_id,
                # Odoo keeps money as a float that is exact to the cent.
                "amount": float(booking.amount),
                "currency_id": request.currency_id,
                "payload": to_json(booking),
                "fingerprint": request.fingerprint,
                "attachment_state": request.files_state,
                "findings": [
                    *request.findings,
                    *row._left_out(request.too_big),
                    *row._unstyled(request.unstyled),
                ],
            }
        )
        self._commit()

    def _insert(self, row, booking, request):
        """Book it, with its files if Octopus takes them; return those it refused."""
        try:
            self.octopus.insert_booking(booking, request.files)
            return ()
        except (OctopusRefused, OctopusInvalidRequest) as error:
            if not request.files or error.code in ABOUT_THE_BOOKING:
                raise
            _logger.info("Octopus may not take the files of a booking: %s", error)
        # Known before the next call leaves, of which no answer may come.
        row.attachment_state = "refused"
        self._commit()
        self.octopus.insert_booking(booking)
        return request.files

    # Settling what is in doubt

    def settle(self, booking_id) -> SendResult:
        """Find out whether a document that was sent without an answer is booked.

        It stays in doubt only while Octopus cannot be asked.

        :param booking_id: id of an ``octopus.booking``; one that is not in doubt stays
            as it is
        :return: as of :meth:`send`, and so is what is raised
        """
        row = self.env[self.model].browse(booking_id)
        return self._guard(row, self._settle, row)

    def _settle_left(self, left):
        """Settle what another worker left behind on this journal.

        While the number of one document is in doubt no other can take the next one.

        :return: the stop for those behind it, if doubt remains
        """
        # The lock is ours, so the worker that was sending it is gone.
        if left.state == "sending" or left._is_due():
            self._guard(left, self._settle, left)
        return self._behind(left) if left.state in IN_FLIGHT else None

    def _settle(self, row):
        if row.state not in IN_FLIGHT:
            return SendResult(row.state)
        # Whoever was sending it is gone. From here on no answer but a success or a
        # look at the number itself takes the doubt away.
        row.state = "unknown"
        self._commit()
        if self._is_withdrawn(row):
            # Withdrawn in Odoo meanwhile: only look, do not send it again.
            result = self._identify(row)
            if result.state == "booked":
                row._note_withdrawn()
                self._commit()
            return result
        follows = "later" if row.attachment_state == "sent" else row.attachment_state
        try:
            self._insert_again(row)
        except OctopusUnknownOutcome:
            # Which of the calls booked it, with or without files, will not be known.
            row.attachment_state = follows
            self._commit()
            raise
        except OctopusJournalLocked:
            # It may stay closed for good, but what is there needs no second call.
            if self._look_for(row)[0] is not Match.SAME:
                raise
            return self._booked(row, row.attachment_state)
        except (OctopusRefused, OctopusInvalidRequest):
            # -13: something sits there, or the number is not the next one. Any other
            # refusal proves no more than that.
            return self._identify(row)
        return self._booked(row, follows)

    def _is_withdrawn(self, row):
        return row.move_id.state != "posted"

    def _insert_again(self, row):
        self.octopus.insert_booking(from_json(Booking, row.payload))

    def _identify(self, row):
        """Look what sits on the number of a row and decide by that."""
        match, found = self._look_for(row)
        if match is Match.SAME:
            return self._booked(row, row.attachment_state)
        journal_year = row.journal_year_id
        values = {"number": row.number, "journal": row.journal_id.key}
        row._give_number_back()
        if match is Match.ALTERED:
            entry = self.env["octopus.journal.entry"]._keep(journal_year, [found])
            disputed = Finding(codes.NUMBER_DISPUTED, values, entry._name, entry.ids)
            return self._end(row, [disputed])
        self._commit()
        journal_year.read_state(self.octopus)
        self._commit()
        return SendResult(row.state)

    def _look_for(self, row):
        """Return how what sits on the number of a row compares with what was sent, and
        what it is."""
        sent = from_json(Booking, row.payload)
        found = self._read_back(row, sent)
        return (compare(sent, found) if found else Match.OTHER), found

    def _read_back(self, row, sent):
        """Return the booking on a number, ``None`` when there is none.

        The single read is limited to ten a day; then the feed of changes may tell,
        since what we sent can only be among the latest changes.

        :raises OctopusQuotaError: no read is left, and the feed, in which a missing
            row proves nothing, does not have it
        """
        try:
            return self.octopus.booking(sent.bookyear_id, sent.journal, sent.number)
        except OctopusMissing:
            return None
        except OctopusQuotaError:
            since = row.sent_at.replace(tzinfo=timezone.utc) - FEED_OVERLAP
            changed = self.octopus.bookings_modified(
                sent.bookyear_id, sent.journal, since
            )
            on_number = [item for item in changed if item.number == sent.number]
            if not on_number:
                raise
            return on_number[0]

    # Ends

    def _booked(self, row, attachment_state, refused=()):
        # Octopus has it now; a refresh of the mirror at this very moment must not make
        # us forget that.
        names = [file.name for file in refused]
        retrying(partial(row._set_booked, attachment_state, names), self.env)
        return SendResult("booked")

    def _fail(self, row, error):
        """Turn an error of a call into a state of the row, and a stop for others."""
        if row.state not in UNSETTLED:
            return SendResult(row.state)
        finding = self._finding(row, error)
        lost = isinstance(error, OctopusUnknownOutcome) and row.state == "sending"
        if lost or row.state == "unknown":
            return self._keep_in_doubt(row, [Finding(codes.UNKNOWN_OUTCOME), finding])
        row._give_number_back()
        if isinstance(error, OctopusAuthError):
            self._commit()
            return SendResult(row.state, Stop(Scope.DOSSIER))
        if finding.code in CLOSED:
            self._commit()
            if self._is_mirrored(row):
                return SendResult(row.state, news=True)
        return self._end(row, [finding], self._scope(error, finding))

    def _is_mirrored(self, row):
        """Whether the mirror, read again if need be, knows what is closed."""
        journal_year = row.journal_year_id

        def knows():
            shut = row.period_number <= journal_year.closed_until
            return shut or journal_year.closed or journal_year.bookyear_id.closed

        if row.attempts or journal_year.id in self.looked:
            return knows()
        self.looked.add(journal_year.id)
        try:
            if not knows():
                journal_year.read_state(self.octopus)
            if not knows():
                Mirror(row.dossier_id).bookyears(self.octopus)
            self._commit()
        except (OctopusError, FindingError) as error:
            _logger.info("What is closed cannot be read again now: %s", error)
        except MIRRORED_BY_OTHERS:
            # Theirs is as good.
            self.env.cr.rollback()
        return knows()

    def _finding(self, row, error):
        journal_year = row.journal_year_id
        values = {
            "journal": journal_year.journal_id.key,
            "bookyear": journal_year.bookyear_id.name,
            "number": row.number,
            "dossier": row.dossier_id.name,
            "currency": row.currency_id.name,
            "period": row.period_number,
            "date": row.accounting_date,
        }
        if isinstance(error, OctopusJournalLocked):
            return Finding(self._why_locked(row, error), values)
        if isinstance(error, OctopusUnknownOutcome) and row.state not in IN_FLIGHT:
            # A relation, which is looked up again first: no booking is in doubt.
            return Finding(codes.SERVICE_DOWN)
        if _speaks_of_vat_code(error):
            wanted = row._vat_code_wanted()
            if wanted:
                return wanted
        return self.env["octopus.finding"].from_error(error, **values)

    def _why_locked(self, row, error):
        """Tell the two causes of the same answer apart (docs/octopus.md §12)."""
        journal_year = row.journal_year_id
        bookyear = journal_year.bookyear_id
        if error.code is None and journal_year:
            try:
                journal_year.read_state(self.octopus)
                if not (journal_year.closed or bookyear.closed or row.attempts):
                    # Once: it may be the whole bookyear that was closed.
                    Mirror(row.dossier_id).bookyears(self.octopus)
                # What another worker wrote meanwhile must show here, not later.
                self.env.flush_all()
            except (OctopusError, FindingError) as failure:
                _logger.info("The state of a journal cannot be read: %s", failure)
            except MIRRORED_BY_OTHERS:
                self.env.cr.rollback()
        closed = journal_year.closed or bookyear.closed
        return codes.JOURNAL_CLOSED if closed else codes.JOURNAL_OPEN_ELSEWHERE

    @staticmethod
    def _scope(error, finding):
        if (
            isinstance(error, OctopusJournalLocked)
            or finding.code == codes.JOURNAL_CLOSED
        ):
            return Scope.JOURNAL
        if isinstance(error, OctopusQuotaError) and error.operation in OF_RELATIONS:
            return Scope.DOCUMENT
        if isinstance(error, OctopusQuotaError):
            # The limit of one operation concerns who needs that one, and nobody else.
            return SCOPE_OF_LIMIT.get(error.operation, Scope.JOURNAL)
        if isinstance(error, (OctopusNotNow, OctopusAccessError)):
            return Scope.DOSSIER
        return Scope.DOCUMENT

    def _keep_in_doubt(self, row, findings):
        """Keep the number: nobody may take the next one before this is settled."""
        row._hold("unknown", findings, row._retry_at(findings))
        self._commit()
        return SendResult("unknown", self._behind(row))

    def _behind(self, row):
        """Return what documents behind one in doubt wait for."""
        values = {"journal": row.journal_id.key, "document": row.document_name}
        finding = Finding(
            codes.WAITS_FOR_ANSWER, values, model=self.model, ids=(row.id,)
        )
        return Stop(Scope.JOURNAL, finding, row.retry_at or None)

    def _end(self, row, findings, scope=Scope.DOCUMENT):
        """Note what stands in the way of a document that certainly was not booked.

        A claim of which the answer was not noted is never certain: what went wrong was
        ours then, and the booking may exist.
        """
        if row.state not in UNSETTLED:
            return SendResult(row.state)
        if row.state in IN_FLIGHT:
            return self._keep_in_doubt(row, findings)
        deciding = worst(findings)
        waits = deciding.severity == WAIT
        retry_at = row._retry_at(findings) if waits else None
        row._hold("waiting" if waits else "blocked", findings, retry_at)
        self._commit()
        stop = None
        if scope is not Scope.DOCUMENT:
            stop = Stop(scope, deciding, retry_at)
        return SendResult(row.state, stop)

    @contextmanager
    def _keeping(self):
        """Keep what was found or done in Octopus, which stays true whatever becomes of
        the document: a person may have to choose among what was found. After an error
        of the database there is nothing to keep, and that error is what is told."""
        try:
            yield
        except PostgresError:
            raise
        except Exception:
            self._commit()
            raise
        self._commit()

    def _commit(self):
        # Each step is a promise to the next one, and to whoever finds the row later:
        # it must be on disk before the next call leaves.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        self.stale = True


def _speaks_of_vat_code(error):
    """Whether a refusal is about a VAT code; by its text for another code."""
    if error.code == ReturnCode.UNKNOWN_VATCODE:
        return True
    words = f"{error.message} {error.technical}".casefold()
    about_vat = any(word in words for word in ("vat", "btw", "tva", "mwst"))
    return error.code == ReturnCode.UNKNOWN_JOURNAL and about_vat
