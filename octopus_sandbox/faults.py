"""Things that go wrong on purpose."""

import threading
import time
from dataclasses import dataclass

BEFORE, AFTER = "before", "after"
KINDS = {
    "hang": "no answer until the client gives up",
    "close": "the connection is closed without an answer",
    "reset": "the connection is reset",
    "status": "an HTML page with an error status (500, 502, 503…)",
    "html": "an HTML page with status 200",
    "truncated": "half of the JSON answer, then the end",
    "expired_token": "401: the token of this call has expired",
    "journal_open": "403: the journal is open by another user",
    "quota": "the daily limit of this call is exceeded",
    "slow": "the answer comes late",
}
# Answers of Octopus itself: they come instead of the processing.
REFUSALS = ("expired_token", "journal_open", "quota")


@dataclass
class Fault:
    """One fault to come.

    ``operation`` is the id of the contract, or ``*``; ``skip`` calls of it pass first,
    then ``count`` calls meet the fault. ``when`` says whether Octopus processes the
    call before (``after``) or not (``before``); ``dossier`` 0 = any; ``status`` is for
    kind ``status``; ``seconds`` limits a hang and is the delay of ``slow``. Half an
    answer (``truncated``) needs the answer: it is always processed.
    """

    kind: str
    operation: str = "*"
    count: int = 1
    skip: int = 0
    when: str = BEFORE
    status: int = 503
    dossier: int = 0
    seconds: float = 600.0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        if self.when not in (BEFORE, AFTER):
            raise ValueError("when is before or after")
        if self.count < 1 or self.skip < 0:
            raise ValueError("count is at least 1, skip at least 0")

    def fits(self, operation, dossier):
        """Whether a call is one that this fault waits for."""
        return self.operation in ("*", operation) and self.dossier in (0, dossier)


class Faults:
    """The faults to come, met in the order they were added."""

    def __init__(self):
        self._lock = threading.Lock()
        self._faults = []
        self._generation = 0
        self.latency = 0.0
        self.met = []

    def add(self, kind, **values):
        """Plan a fault; see :class:`Fault` for the values. ValueError if it is none."""
        fault = Fault(kind, **values)
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, operation, dossier):
        """The fault that this call meets, or None."""
        with self._lock:
            for fault in self._faults:
                if not fault.fits(operation, dossier):
                    continue
                if fault.skip:
                    fault.skip -= 1
                    continue
                fault.count -= 1
                if not fault.count:
                    self._faults.remove(fault)
                self.met.append((fault.kind, operation))
                return fault
        return None

    def pending(self):
        """The faults to come."""
        with self._lock:
            return list(self._faults)

    def clear(self):
        """Forget all faults, free the calls that hang or are late, and answer at once
        again."""
        with self._lock:
            self._faults.clear()
            self.met.clear()
            self._generation += 1
        self.latency = 0.0

    def wait(self, seconds):
        """Wait until time is over or the faults are cleared."""
        self.wait_while(lambda: True, seconds)

    def wait_while(self, hangs, seconds):
        """Wait until ``hangs()`` is false, time is over or the faults are cleared."""
        generation = self._generation
        end = time.monotonic() + seconds
        while time.monotonic() < end and generation == self._generation and hangs():
            time.sleep(0.02)
