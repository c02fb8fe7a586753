"""How long the worker of this process may go on, from Odoo's own configuration.

Odoo ends a worker that is busy for longer than ``limit_time_real``, whatever it waits
for: what it did not commit is lost, and a call that it waited for is spent. Whoever
calls Octopus is told by ``work_time`` when it must have come back.
"""

from __future__ import annotations

import threading
import time

from odoo.tools import config, real_time

from .api.work_time import UNLIMITED, WorkTime

# What is kept for writing down the last answer, in seconds: at most this, and never
# more than a quarter of the limit.
MARGIN = 30.0
# Of the thread: when its worker began to work through the scheduled actions.
_ROUND = "octopus_round_started"


def work_time() -> WorkTime:
    """Return the time that this worker has left for calls, with a margin.

    Without a limit in the configuration there is no end. Where nobody knows when the
    worker began (a shell, a test), it began now.
    """
    thread = threading.current_thread()
    limit = _limit(thread)
    if limit <= 0:
        return UNLIMITED
    whole = limit - min(MARGIN, limit / 4)
    left = whole - _elapsed(thread, limit)
    return WorkTime(ends=time.monotonic() + left, whole=whole)


def _limit(thread):
    """Return the seconds after which Odoo ends the worker of a thread; 0: never."""
    limit = config["limit_time_real"] or 0
    if not _is_cron(thread):
        return limit
    of_crons = config["limit_time_real_cron"]
    # Where scheduled actions run in threads, 0 does not lift the limit
    # (odoo/service/server.py).
    if of_crons is None or of_crons < 0 or (not of_crons and not config["workers"]):
        return limit
    return of_crons


def _is_cron(thread):
    kind = getattr(thread, "type", None)
    if kind or getattr(thread, "perf_t0", None):
        # A request may run a scheduled action, too: it has a request's time for that.
        return kind == "cron"
    return getattr(thread, _ROUND, None) is not None


def _elapsed(thread, limit):
    """Return how long the worker of a thread is busy already, in seconds.

    Odoo notes it on the thread: for requests (``perf_t0``), and for scheduled actions
    where they run in threads (``start_time``). For those of a worker process
    ``ir.cron`` notes it: they all run on one allowance.
    """
    names = ("start_time", _ROUND) if _is_cron(thread) else ("perf_t0",)
    started = next(filter(None, (getattr(thread, name, None) for name in names)), None)
    elapsed = real_time() - started if started else 0.0
    # A clock that was set meanwhile says nothing.
    return elapsed if 0 <= elapsed <= 2 * limit else 0.0


def begin_round(started: float | None) -> None:
    """Note when this thread began to work through scheduled actions; ``None``: it does
    not do so any more."""
    setattr(threading.current_thread(), _ROUND, started)
