"""Counters of the daily limits."""

import datetime
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Quota:
    """Calls made today, per key (what a key holds is the caller's business)."""

    day: datetime.date | None = None
    used: Counter[tuple] = field(default_factory=Counter)

    def take(self, key, limit, today):
        """Count one call; False when ``limit`` calls were made before it today.

        The counters start again when ``today`` (a day in Belgium) is another day.
        """
        self._turn_to(today)
        if self.used[key] >= limit:
            return False
        self.used[key] += 1
        return True

    def give_back(self, key):
        """Undo one :meth:`take`."""
        self.used[key] -= 1

    def left(self, key, limit, today):
        """Calls that are left today."""
        self._turn_to(today)
        return max(limit - self.used[key], 0)

    def _turn_to(self, today):
        if today != self.day:
            self.day = today
            self.used.clear()
