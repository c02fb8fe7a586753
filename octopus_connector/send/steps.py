"""The steps of a row on its way, each committed before the next one begins."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from psycopg2 import Error as PostgresError

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

    :param env: environment of a cursor of its own
    """

    def __init__(self, env):
        self.env = env
        # Others may have changed the document since it was looked at.
        self.stale = False

    def commit(self) -> None:
        """Put on disk what was noted: it is a promise to the next step, and to whoever
        finds the row later."""
        self.env.cr.commit()  # pylint: disable=invalid-commit
        self.stale = True

    def rollback(self) -> None:
        """Forget what was noted since the last commit."""
        self.env.cr.rollback()

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
