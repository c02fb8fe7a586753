"""The steps of a row on its way, each committed before the next one begins."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from psycopg2 import Error as PostgresError

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

# How often what somebody else was faster with is tried again.
TRIES = 3
# The feed is read from a day before: its time zone is unknown (docs/octopus.md §19.3).
FEED_OVERLAP = timedelta(days=1)


def sent_since(row) -> datetime:
    """Return the moment from which on the feed of changes has what a row sent.

    :param row: of the outbox, with ``sent_at``
    :return: aware
    """
    return row.sent_at.replace(tzinfo=timezone.utc) - FEED_OVERLAP


class Steps:
    """The transaction of a sender.

    An answer may wait for the number that the next row claims, so that both take one
    commit: until then it is written, and written again when the transaction is rolled
    back. When this process dies in between, the row is as if no answer had come.

    :param env: environment of a cursor of its own
    """

    def __init__(self, env):
        self.env = env
        # Others may have changed the document since it was looked at.
        self.stale = False
        # Writes the answer that is not on disk yet.
        self.answer = None

    def commit(self) -> None:
        """Put on disk what was noted: it is a promise to the next step, and to whoever
        finds the row later."""
        self.env.cr.commit()  # pylint: disable=invalid-commit
        self.answer = None
        self.stale = True

    def rollback(self) -> None:
        """Forget what was noted since the last commit, but an answer.

        :raises psycopg2.OperationalError: others are in the way of the answer
        """
        self.env.cr.rollback()
        if self.answer:
            self.put(self.answer)

    def put(self, answer: Callable[[], None]) -> None:
        """Write an answer and put it on disk, whatever others write at this moment: it
        must not be forgotten that Octopus has the row.

        :raises psycopg2.OperationalError: they are in the way still
        """
        retrying(answer, self.env)
        self.answer = None
        self.stale = True

    def note(self, answer: Callable[[], None]) -> None:
        """Write an answer, that goes on disk with what is committed next.

        :raises psycopg2.OperationalError: as for :meth:`put`
        """
        try:
            answer()
            self.env.flush_all()
            self.answer = answer
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            self.put(answer)

    def settle(self) -> None:
        """Put on disk an answer that waits.

        :raises psycopg2.OperationalError: as for :meth:`put`
        """
        if not self.answer:
            return
        try:
            self.commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.rollback()

    @contextmanager
    def keeping(self):
        """Keep what was found or done in Octopus, which stays true whatever becomes of
        the document: a person may have to choose among what was found. After an error
        of the database there is nothing to keep, and that error is what is told.

        :return: a context, committed at its end and after an error
        """
        try:
            yield
        except PostgresError:
            raise
        except Exception:
            self.commit()
            raise
        self.commit()
