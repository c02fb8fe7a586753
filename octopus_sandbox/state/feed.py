"""What changed, and when: the source of the ``modified`` answers."""

import datetime
from dataclasses import dataclass, field
from typing import NamedTuple


class Change(NamedTuple):
    """The last thing that happened to a key."""

    stamp: datetime.datetime
    deleted: bool


@dataclass
class Feed:
    """The last change of each key, oldest first."""

    changes: dict[tuple, Change] = field(default_factory=dict)

    def record(self, key, stamp, deleted=False):
        """Note that ``key`` was changed (or deleted) at ``stamp``."""
        self.changes.pop(key, None)
        self.changes[key] = Change(stamp, deleted)

    def since(self, moment, inclusive=True, until=None):
        """``(changed keys, deleted keys)`` from ``moment`` on, oldest first.

        Walks back from the newest change, so a quiet feed costs nothing.
        """
        changed, deleted = [], []
        for key, change in reversed(self.changes.items()):
            if change.stamp < moment or (change.stamp == moment and not inclusive):
                break
            if until and change.stamp > until:
                continue
            (deleted if change.deleted else changed).append(key)
        return changed[::-1], deleted[::-1]
