"""Commits that a disk must confirm: counted, and made as slow as on a real one.

PostgreSQL of ./dev writes nothing durably, so a commit is nearly free there, and what
it cannot show must be made: ``commit_delay`` does nothing without ``fsync``, which is a
setting of the whole server, and the others that work on it share it.
"""

import time
from unittest.mock import patch

from psycopg2.extensions import TRANSACTION_STATUS_INTRANS

from odoo.sql_db import PsycoConnection

# PostgreSQL gives a transaction a number when it first writes or locks a row, and makes
# the commit of those durable, of no others.
WROTE = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"


class Commits:
    """Counts the durable commits of this process, for a ``with`` statement.

    It stands below Odoo's cursors, at their connections: whoever opens a cursor (the
    scheduler, the pass, the sender, the call log) is counted. What else is at work on
    the server is not, as it would be in the numbers of transactions, which also count
    savepoints and what was rolled back; ``pg_stat_database`` counts commits that only
    read as well. Whether a transaction wrote is asked of PostgreSQL itself, right
    before its commit, over the same connection and past Odoo's cursors, so that it is
    no query of the pass. The count is that of the commit records in PostgreSQL's log
    (``pg_waldump``), which only the owner of a server that nobody shares can read. A
    connection in autocommit is not seen; no pass has one.

    Asking costs some hundredths of a millisecond a commit: what is timed with commits
    as the database does them goes without this.

    :param milliseconds: what each of them takes at least, asking included; locks are
        held as long, as they are while a disk writes
    """

    def __init__(self, milliseconds=0):
        self.seconds = milliseconds / 1000
        self.count = 0

    def __enter__(self):
        commit = PsycoConnection.commit

        def counted(connection):
            start = time.perf_counter()
            if wrote(connection):
                self.count += 1
                time.sleep(max(0, start + self.seconds - time.perf_counter()))
            commit(connection)

        self._patch = patch.object(PsycoConnection, "commit", counted)
        self._patch.start()
        return self

    def __exit__(self, *_exception):
        self._patch.stop()


def wrote(connection) -> bool:
    """Whether the open transaction of a connection is to be committed durably."""
    if connection.get_transaction_status() != TRANSACTION_STATUS_INTRANS:
        return False
    with connection.cursor() as cursor:
        cursor.execute(WROTE)
        return cursor.fetchone()[0]
