"""The one gate to Octopus: every call is written down and counted before it is made.

``CallLog`` watches the calls of one client; ``GuardedTransport`` sees what became of
each operation. Both are plain objects that hold no records: what they write goes
through a cursor of their own, so that a crash or a rollback cannot lose it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from datetime import datetime

from psycopg2 import InterfaceError, OperationalError

from odoo.api import Environment
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .api.auth import TokenCache
from .api.errors import (
    OctopusAuthError,
    OctopusError,
    OctopusNotNow,
    OctopusQuotaError,
    OctopusShadow,
)
from .api.quota import daily_limit
from .api.telling import describe
from .api.types import BRUSSELS

# REST answers it with the very error that was asked about (docs/octopus.md §4).
SAMPLE = "error_description"
# Workers of one counter that may make a call at the same moment, at most.
QUOTA_MARGIN = 20
# Tokens of every connection in this process; they are told apart by their login.
TOKENS = TokenCache()


# The row of the outbox that calls are made for at this moment: model and id. A client
# serves many rows, and neither it nor its transport knows them.
_SUBJECT = ContextVar("octopus_subject", default=(None, None))


@contextmanager
def about(row):
    """Note with each call of a block for which row of the outbox it is made.

    :param row: one ``octopus.booking`` or ``octopus.payment``
    """
    token = _SUBJECT.set((row._name, row.id))
    try:
        yield
    finally:
        _SUBJECT.reset(token)


def quota_day():
    """Return today's date in Brussels, the day that daily limits are counted by."""
    return datetime.now(BRUSSELS).date()


def budget(counter: str, automatic: bool) -> int | None:
    """Return how many calls a day a counter allows; ``None`` when nothing is stated.

    A tenth of each limit, at least one call, is kept for what people ask for.
    """
    limit = daily_limit(counter)
    if limit is None or not automatic:
        return limit
    return limit - max(1, limit // 10)


class CallLog:
    """Observer of one client's calls (``api.client.Observer``), for a ``with``.

    It keeps one connection with the database: every call is written down twice, and the
    pool resets a connection each time that it is borrowed. The answer to a call that
    books is committed together with the next call, or at the end: they follow each
    other, and the call itself is counted by then. A call may be counted in the
    transaction that claims its number (:meth:`announcing`), so that both take one
    commit.

    :param env: only its database and user are kept
    :param connection_id: the connection the calls are made for
    :param run_id: the ``octopus.run`` they are part of, if any
    :param automatic: nobody asked for it: the reserve for people is left alone
    """

    def __init__(self, env, connection_id, run_id=None, automatic=False):
        self._registry = env.registry
        self._uid = env.uid
        self._connection_id = connection_id
        self._run_id = run_id
        self._automatic = automatic
        self._open = {}
        self._rows = {}
        # Rows of calls that are counted already, and not made yet.
        self._announced = {}
        self._answer = None
        # Whether it is to a call that was announced.
        self._answers_announced = False
        self._cr = None

    def __enter__(self):
        self._cr = self._registry.cursor()
        return self

    def __exit__(self, *_exception):
        try:
            self.drop_announced()
            if self._answer:
                self._write()
        finally:
            if not self._cr.closed:
                self._cr.close()
            self._cr = None

    def start(self):
        """Forget the calls of the operation before; one may take several calls."""
        self._rows.clear()

    def before(self, call):
        """Write the call down, if the day's budget still allows it, and the dossier if
        the call writes.

        :raises OctopusShadow: the dossier is in shadow mode; nothing is sent
        :raises OctopusQuotaError: the budget does not; nothing is sent
        """
        row_id = self._announced.get(call) or self._count(call, spare=QUOTA_MARGIN)
        # What was counted before the number was committed: a moment ago.
        if call in self._announced or row_id is None:
            self._check_shadow(call)
        if row_id is None:
            with self._in_turn(call):
                row_id = self._count(call)
        if row_id is None:
            raise OctopusQuotaError(
                f"The budget of {self._limit(call)} calls a day is used up.",
                operation=call.operation,
                technical=f"counter {call.counter}",
            )
        self._answers_announced = self._announced.pop(call, None) is not None
        self._open[call] = self._rows[call.operation] = row_id

    def _limit(self, call):
        return budget(call.counter, self._automatic)

    def _check_shadow(self, call):
        if call.write and self._write("_is_shadowed", call):
            raise OctopusShadow(
                technical="the dossier is in shadow mode", operation=call.operation
            )

    def _count(self, call, spare=0):
        return self._write("_begin", *self._facts(call, spare))

    def _facts(self, call, spare):
        """Return the arguments of ``octopus.call._begin``, but for the answer."""
        noted = self._connection_id, self._run_id
        return call, self._limit(call), *noted, spare, _SUBJECT.get()

    @contextmanager
    def announcing(self, cr, call):
        """Write the next call down in a transaction that the block commits, together
        with what it claims for the call.

        Where the limit is near, or a dossier in shadow mode, nothing is written: the
        call is counted when it is made, as any other. The count sees what others
        counted until that transaction began, which the margin allows for.

        :param cr: cursor of that transaction
        :param call: that will be made
        """
        self.drop_announced()
        if self._answer and not self._answers_announced:
            # That transaction may have begun before the row was written.
            self._write()
        row_id = self._note(cr, "_begin", *self._facts(call, QUOTA_MARGIN))
        yield
        self._answer = None
        if row_id is not None:
            self._announced[call] = row_id

    def drop_announced(self):
        """Note of what was announced and not made that nothing was sent."""
        while self._announced:
            call, row_id = next(iter(self._announced.items()))
            self._write("_set_outcome", row_id, "not_sent")
            del self._announced[call]

    @contextmanager
    def _in_turn(self, call):
        """Let one worker at a time count for a counter, in whatever process.

        Only near the limit: far from it, it does not matter that workers who count at
        the same moment do not see each other.
        """
        with self._registry.cursor() as cr:
            self._calls(cr)._lock_counter(call, self._connection_id)
            yield

    def after(self, call, duration, http_status, code, technical):
        """Complete the row of the call; ``duration`` is in seconds."""
        row_id = self._open.pop(call)
        answer = row_id, duration, http_status, code, technical
        if call.write:
            self._answer = answer
        else:
            self._write("_finish", *answer)

    def unreadable(self, call, flaws):
        """Keep what of an answer cannot be used."""
        row_id = self._rows.get(call.operation)
        if row_id is not None:
            self._write("_keep_unreadable", row_id, [asdict(flaw) for flaw in flaws])

    def correct(self, operation, outcome):
        """Say better what became of a call, once its answer was judged."""
        row_id = self._rows.get(operation)
        if row_id is not None:
            self._write("_set_outcome", row_id, outcome)

    def _write(self, step=None, *args):
        """Have a method of ``octopus.call`` write, after the answer that waits, and
        commit it. A connection that was lost since the call before is replaced, as the
        pool would do; what met another transaction, or a statement that is not prepared
        any more, is done once more."""
        try:
            return self._commit(step, *args)
        except (InterfaceError, OperationalError) as error:
            if self._cr.closed:
                self._cr = self._registry.cursor()
            elif not isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                raise
            return self._commit(step, *args)

    def _commit(self, step, *args):
        try:
            written = self._note(self._cr, step, *args)
            # A cursor of the ledger's own: nobody else's work is committed.
            self._cr.commit()  # pylint: disable=invalid-commit
            self._answer = None
            return written
        except BaseException:
            if not self._cr.closed:
                self._cr.rollback()
            raise

    def _note(self, cr, step, *args):
        """Write as :meth:`_write` does, in a transaction that is not committed here."""
        calls = self._calls(cr)
        if step == "_begin":
            return calls._begin(*args, answer=self._answer or ())
        if self._answer:
            calls._finish(*self._answer)
        return getattr(calls, step)(*args) if step else None

    def _calls(self, cr):
        return Environment(cr, self._uid, {}, su=True)["octopus.call"]


class SupportCallLog(CallLog):
    """The ledger of a connection in support mode: it keeps the bodies too."""

    def bodies(self, call, request, answer):
        """Keep the texts of both bodies, which come without any secret."""
        self._write("_keep_bodies", self._rows[call.operation], request, answer)


class GuardedTransport:
    """A transport that tells the ledger and the connection what an error means.

    :param rejected: called with the error when the login is rejected
    :param answered: gets the number of each dossier that answered
    """

    def __init__(self, transport, ledger: CallLog, rejected: Callable, answered: set):
        self._transport = transport
        self._ledger = ledger
        self._rejected = rejected
        self._answered = answered

    @property
    def capabilities(self):
        """See ``api.client.Transport``; a transport may have to ask for them."""
        return self._transport.capabilities

    def call(self, operation, arguments, dossier=None):
        """See ``api.client.Transport.call``; errors pass through unchanged."""
        self._ledger.start()
        try:
            answer = self._transport.call(operation, arguments, dossier)
        except OctopusError as error:
            self._note(error)
            raise
        finally:
            self._ledger.drop_announced()
        if dossier:
            self._answered.add(dossier.id)
        if operation.name == SAMPLE:
            self._ledger.correct(SAMPLE, "ok")
        return answer

    def announcing(self, operation, arguments, dossier, cr):
        """Write a call down before it is made (:meth:`CallLog.announcing`)."""
        return self._ledger.announcing(cr, describe(operation, arguments, dossier))

    def drop_announced(self):
        """Note that a call is not made that was written down."""
        self._ledger.drop_announced()

    def _note(self, error):
        if isinstance(error, OctopusQuotaError):
            self._ledger.correct(error.operation, "quota")
        elif isinstance(error, OctopusNotNow) and error.http_status is None:
            self._ledger.correct(error.operation, "not_sent")
        elif isinstance(error, OctopusAuthError):
            self._rejected(error)

    def close(self):
        self._transport.close()
