"""Everything the pretend Octopus knows, and what happens to it."""

import copy
import secrets
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

from . import storage
from .copies import AllCopies
from .faults import Faults
from .poison import Poisons
from .seed import demo
from .state.access import Access
from .state.books import Books
from .state.clock import Clock
from .state.dossier import Dossier
from .state.errors import NothingFound
from .state.login import Login
from .state.oauth import Grants, OAuth
from .state.quota import Quota
from .state.tokens import Tokens
from .switches import Switches

_CALLS_KEPT = 100_000


@dataclass
class State:
    """What is kept in the file."""

    clock: Clock = field(default_factory=Clock)
    quota: Quota = field(default_factory=Quota)
    tokens: Tokens = field(default_factory=lambda: Tokens(secrets.token_hex(32)))
    switches: dict[str, str] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    dossiers: dict[int, Dossier] = field(default_factory=dict)
    oauth: OAuth = field(default_factory=OAuth)


@dataclass(frozen=True)
class Call:
    """One call that was answered (``status`` 0 = the connection was cut)."""

    operation: str
    dossier: int
    status: int
    code: int | None = None


@dataclass(frozen=True)
class Violation:
    """Something that does not keep to the contract: a mistake of the caller's."""

    operation: str
    message: str


class World:
    """The state, the switches, the faults, and a record of the calls.

    ``seed(state)`` fills an empty state; ``path`` is the file that keeps it (none:
    memory only). Whoever reads or writes the state holds ``lock``.
    """

    def __init__(self, seed=demo.fill, path=None):
        self.lock = threading.RLock()
        self.seed = seed
        self.path = path
        self.switches = Switches()
        self.faults = Faults()
        self.poisons = Poisons()
        self.copies = AllCopies()
        self.violations = []
        self.calls = deque(maxlen=_CALLS_KEPT)
        self._kept = None
        if path and Path(path).exists():
            self._use(storage.load(State, path))
        else:
            self.reset()

    def reset(self):
        """Back to the seed: state, clock, switches, faults, poisons, copies, record."""
        state = State()
        self.seed(state)
        self.faults.clear()
        self.poisons.clear()
        self.copies.clear()
        self.violations.clear()
        self.calls.clear()
        self._use(state)
        self.save()

    def keep(self):
        """Keep the books of all dossiers as they are, for :meth:`restore`."""
        self._kept = copy.deepcopy(self.state.dossiers)

    def restore(self):
        """Back to the books that were kept, once; who is logged in stays so.

        Raises :class:`NothingFound` when none were.
        """
        if self._kept is None:
            raise NothingFound("No books were kept")
        self.state.dossiers, self._kept = self._kept, None
        self._use(self.state)
        self.save()

    def take_over(self, state):
        """Go on with a state that was kept elsewhere."""
        self._use(state)

    def _use(self, state):
        self.state = state
        self.switches.reset()
        self.switches.update(state.switches)
        self.access = Access(
            state.logins, state.dossiers, state.tokens, state.clock, self.switches
        )
        self.grants = Grants(state.oauth, self.access, self.switches)
        self.books = {
            number: Books(dossier, state.clock, self.switches)
            for number, dossier in state.dossiers.items()
        }

    @property
    def clock(self):
        """The sandbox's clock."""
        return self.state.clock

    def set_switches(self, values):
        """Set switches by name; KeyError, ValueError when one is wrong."""
        self.switches.update(values)
        self.state.switches = self.switches.changed()

    def save(self):
        """Write the state to its file, if it has one."""
        if self.path:
            storage.save(self.state, self.path)

    def violate(self, operation, message):
        """Record something that does not keep to the contract."""
        self.violations.append(Violation(operation, message))

    def calls_of(self, operation):
        """The recorded calls of one operation."""
        return [call for call in self.calls if call.operation == operation]

    def audit(self):
        """What is wrong in the books, dossier by dossier, with counts.

        ``{dossier: {"problems": [{kind, documents, text}], "counts": {…}}}``
        """
        with self.lock:
            return {number: asdict(b.audit()) for number, b in self.books.items()}
