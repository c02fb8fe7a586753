"""The time that whoever makes calls has for all of them together.

A server ends a worker that takes too long, whatever it is waiting for at that moment.
What ``api`` is told about it is when it must have come back.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

# A call with less than this (in seconds) would only fail.
SHORTEST = 0.5


@dataclass(frozen=True)
class WorkTime:
    """Until when calls may last; without an end unless told otherwise.

    :param ends: moment of ``time.monotonic`` at which the last call must have ended
    :param whole: seconds that a job has which did nothing else before
    """

    ends: float = math.inf
    whole: float = math.inf

    def left(self) -> float:
        """Return the seconds that are left, negative when it is over."""
        return self.ends - time.monotonic()

    def allows(self, patience: float) -> bool:
        """Return whether a call may begin that may have to be waited for so long.

        An answer that comes too late is a call of the day spent for nothing, so it
        must be possible to wait for it; but a job with half of its time before it may
        always begin, because a later one will not have more.

        :param patience: seconds that the call may take
        """
        return self.left() >= max(SHORTEST, min(patience, self.whole / 2))


UNLIMITED = WorkTime()
