"""Worker processes: forks of a process that holds a loaded registry.

The work runs in a process of its own with connections of its own, so it can be killed
(-9) at any instant, as a worker of Odoo can. Only Octopus's tokens come back: a worker
of Odoo lives on and keeps them.
"""

import os
import pickle
import select
import signal
import traceback

import odoo.sql_db
from odoo.sql_db import db_connect

from odoo.addons.octopus_connector.call_log import TOKENS

PATIENCE = 60


class Worker:
    """One process that does one piece of work.

    ``error``: what it ended with, a traceback, when it ended badly by itself.
    ``killed``: it was killed before it ended.
    """

    def __init__(self, registry, name, work):
        self.name = name
        self.error = None
        self.killed = False
        self._ended = False
        self._result, writing = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._result)
            _live(registry, work, writing)
        os.close(writing)

    @property
    def application(self):
        """The name of its connections in ``pg_stat_activity``."""
        return f"odoo-{self.pid}"

    def runs(self, seconds=0.0):
        """Whether it still works, at most ``seconds`` from now."""
        return not select.select([self._result], [], [], seconds)[0]

    def kill(self):
        """End it at this very instant, if it still works."""
        self.killed = self.runs()
        if self.killed:
            os.kill(self.pid, signal.SIGKILL)
        self.end()

    def end(self):
        """Wait for its end; one that never ends is an error."""
        if self._ended:
            return
        self._ended = True
        if not self.killed and self.runs(PATIENCE):
            os.kill(self.pid, signal.SIGKILL)
            self.error = f"{self.name} did not end within {PATIENCE} s"
        with os.fdopen(self._result, "rb") as pipe:
            told = pipe.read()
        os.waitpid(self.pid, 0)
        if told and not self.killed:
            self.error, tokens = pickle.loads(told)
            _take_tokens(tokens)


def _live(registry, work, writing):
    """The life of the child; never returns."""
    error = None
    try:
        # The parent's connections are the parent's.
        odoo.sql_db._Pool = odoo.sql_db._Pool_readonly = None
        registry._db = db_connect(registry.db_name)
        work()
    except BaseException:
        error = traceback.format_exc()
    try:
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump((error, _tokens()), pipe)
    finally:
        os._exit(0)


def _tokens():
    return {key: (slot.token, slot.expires) for key, slot in TOKENS._slots.items()}


def _take_tokens(tokens):
    for key, (token, expires) in tokens.items():
        slot = TOKENS._slot(key)
        slot.token, slot.expires = token, expires
