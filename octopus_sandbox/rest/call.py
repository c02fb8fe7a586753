"""One call, as the handlers see it."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from ..contract import Operation, read_timestamp
from ..state.books import Books
from ..state.clock import BRUSSELS
from ..state.errors import Refusal
from ..world import World

_ALL_BOOKYEARS = -1
# Before this, a question for all bookyears is a first synchronisation
# (docs/octopus.md §3).
_FIRST_SYNC = datetime.datetime(1990, 1, 1, tzinfo=datetime.timezone.utc)


@dataclass
class Call:
    """The world, the contract's operation and what the caller gave.

    ``parameters`` holds the typed path, query and header parameters by name; ``books``
    is the dossier's, None outside a dossier; ``language`` that of the token.
    """

    world: World
    operation: Operation
    parameters: dict = field(default_factory=dict)
    body: Any = None
    books: Books | None = None
    language: str = "NL"
    claims: dict = field(default_factory=dict)
    quota_key: tuple | None = None

    def __getitem__(self, name):
        return self.parameters[name]

    def get(self, name, default=None):
        """A parameter that may be missing."""
        return self.parameters.get(name, default)

    @property
    def dossier(self):
        """The dossier of the call."""
        return self.books.dossier

    @property
    def switches(self):
        """The switches of the world."""
        return self.world.switches

    def moment(self, name="modifiedTimeStamp"):
        """A timestamp parameter as an aware moment; None when it was not given."""
        text = self.get(name)
        if text is None:
            return None
        naive = read_timestamp(f"query {name}", text)
        utc = self.switches["timestamp_zone"] == "utc"
        return naive.replace(tzinfo=datetime.timezone.utc if utc else BRUSSELS)

    def changes(self, feed, until=None):
        """``(changed, deleted)`` keys of a feed since the moment asked for."""
        since = self.moment() or datetime.datetime.min.replace(
            tzinfo=datetime.timezone.utc
        )
        inclusive = self.switches["timestamp_bound"] == "inclusive"
        return feed.since(since, inclusive, until)

    def wants_bookyear(self, bookyear):
        """A test for the bookyears asked for; -1 asks for all.

        Raises :class:`Refusal` for a first synchronisation that is not made per
        bookyear (switch ``first_sync``).
        """
        if bookyear != _ALL_BOOKYEARS:
            return lambda number: number == bookyear
        strict = self.switches["first_sync"] == "strict"
        if strict and self.moment() < _FIRST_SYNC:
            raise Refusal(None, "First synchronisation must be made per bookyear")
        return lambda number: True
