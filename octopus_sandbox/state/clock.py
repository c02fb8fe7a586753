"""The sandbox's own time."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
_MILLISECOND = datetime.timedelta(milliseconds=1)


@dataclass
class Clock:
    """A clock that runs, and can be moved forward.

    All moments are aware and in UTC. ``frozen`` stops it at a moment.
    """

    offset: datetime.timedelta = datetime.timedelta()
    frozen: datetime.datetime | None = None
    last_stamp: datetime.datetime | None = None

    def now(self):
        """The present moment."""
        return (self.frozen or datetime.datetime.now(datetime.timezone.utc)) + (
            self.offset
        )

    def today(self):
        """The present day in Belgium."""
        return self.now().astimezone(BRUSSELS).date()

    def stamp(self):
        """A moment later than every earlier stamp, to the millisecond."""
        now = self.now()
        stamp = now.replace(microsecond=now.microsecond // 1000 * 1000)
        if self.last_stamp and stamp <= self.last_stamp:
            stamp = self.last_stamp + _MILLISECOND
        self.last_stamp = stamp
        return stamp

    def advance(self, **duration):
        """Move forward, e.g. ``advance(minutes=11)``; ValueError for backwards."""
        step = datetime.timedelta(**duration)
        if step < datetime.timedelta():
            raise ValueError("the clock cannot go back")
        self.offset += step

    def advance_to(self, moment):
        """Move forward to an aware moment; ValueError for backwards."""
        seconds = (moment - self.now()).total_seconds()
        self.advance(seconds=seconds)
