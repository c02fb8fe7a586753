"""What a schedule came to."""

from collections import Counter
from dataclasses import dataclass, field

# What must be zero, for the exit code.
BAD = (
    "duplicates",
    "lost",
    "stuck",
    "unseen",
    "false_paid",
    "missed",
    "doubled",
    "wrong",
    "crashes",
)


@dataclass
class Result:
    """Counts of one or more schedules.

    ``duplicates``: documents that are booked more than once; ``lost``: documents that
    neither are booked nor stand in a state that says why not, or whose booking is not
    where Odoo thinks; ``stuck``: documents that do not move though nothing holds them;
    ``unseen``: what the accountant did to a booking and Odoo did not notice;
    ``false_paid``: documents of which less is open here than there, and nobody is
    asked; ``missed``: of which more is open; ``doubled``: payments that are booked more
    than once; ``wrong``: amounts, numbers and contract; ``crashes``: processes that
    ended badly by themselves. ``told`` has a sentence for each of them.
    """

    steps: int = 0
    seconds: float = 0.0
    documents: int = 0
    bookings: int = 0
    kills: int = 0
    duplicates: int = 0
    lost: int = 0
    stuck: int = 0
    unseen: int = 0
    false_paid: int = 0
    missed: int = 0
    doubled: int = 0
    wrong: int = 0
    crashes: int = 0
    acts: Counter = field(default_factory=Counter)
    faults: Counter = field(default_factory=Counter)
    states: Counter = field(default_factory=Counter)
    switches: dict = field(default_factory=dict)
    told: list = field(default_factory=list)
    # the act of each step, in the order in which they were run
    drawn: dict = field(default_factory=dict)

    def note(self, kind, sentence):
        """Count something that must not be, once."""
        entry = f"{kind}: {sentence}"
        if entry not in self.told:
            self.told.append(entry)
            setattr(self, kind, getattr(self, kind) + 1)

    @property
    def is_good(self):
        return not self.kinds

    @property
    def kinds(self):
        """What is not as it must be."""
        return {kind for kind in BAD if getattr(self, kind)}

    def add(self, other):
        """Count another schedule in."""
        for name in vars(self):
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif name not in ("switches", "drawn"):
                setattr(self, name, mine + theirs)

    def line(self) -> str:
        """The closing line."""
        rate = self.steps / self.seconds if self.seconds else 0
        counts = ", ".join(f"{getattr(self, kind)} {kind}" for kind in BAD)
        faults = sum(self.faults.values())
        return (
            f"{self.steps} steps ({rate:.1f}/s), {faults} faults, {self.kills} kills,"
            f" {self.documents} documents, {self.bookings} bookings: {counts}"
        )
