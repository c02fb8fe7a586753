"""This build against another one: both send the same documents, in turns. Pure: what
sends is asked through two objects with the steps of ``benchmarks.rounds``, and with
``begin(step, …)`` and ``result()`` for what both do at the same time.

Targets: issue 14.
"""

from dataclasses import dataclass
from statistics import median

from .figures import Figure

# So many that what a pass costs once weighs little, and so few that the scheduler's ten
# seconds, after which it begins a pass anew, are far away.
DOCUMENTS, ROUNDS = 200, 5
# Milliseconds of a durable commit; ``None``: as the database does it.
PLAIN, DISK = None, 2
WAYS = {PLAIN: "0 ms", DISK: "0 ms, a commit of 2 ms"}
MOST_TIME = {PLAIN: 0.55, DISK: 0.40}


@dataclass(frozen=True)
class Sent:
    """What one pass cost: its seconds, those of the bare loop after it, queries, and
    durable commits where they were counted."""

    seconds: float
    bare: float
    queries: int
    commits: int | None

    @property
    def beyond(self) -> float:
        """The seconds beyond the calls."""
        return self.seconds - self.bare


def measure(this, other, revision):
    """Yield the figures, those with a target first.

    :param this: steps of today's build
    :param other: steps of the other one
    :param revision: its name
    """
    sides = (this, other)
    both(sides, "prepare")
    done = {way: [] for way in WAYS}
    for number in range(ROUNDS):
        both(sides, "write", size=DOCUMENTS, times=len(WAYS))
        for way, rounds in done.items():
            rounds.append(in_turn(sides, way, number))
    for way, words in WAYS.items():
        name = f"time beyond the call against {revision}, {words}"
        yield Figure(name, against(done[way]), "times", MOST_TIME[way])
    for index, build in enumerate(("this build", revision)):
        yield from figures_of(build, done, index)


def both(sides, step, **values):
    """Have both do what is not timed, side by side."""
    for side in sides:
        side.begin(step, **values)
    for side in sides:
        side.result()


def in_turn(sides, way, number) -> list[Sent]:
    """Let one send after the other, the first of them first in every other round."""
    order = sides if number % 2 == 0 else sides[::-1]
    sent = {side: Sent(**side.send(commit_ms=way)) for side in order}
    return [sent[side] for side in sides]


def against(rounds) -> float:
    """Return the median of the rounds' ratios: what slows the machine down for longer
    than a round slows both builds down.

    :param rounds: ``[(Sent of this, Sent of the other)]``
    """
    return median(this.beyond / other.beyond for this, other in rounds)


def figures_of(build, done, index):
    """Yield what one build needs for a document."""
    for way, words in WAYS.items():
        beyond = median(sent[index].beyond for sent in done[way])
        name = f"time beyond the call, {words}, {build}"
        yield Figure(name, 1000 * beyond / DOCUMENTS, "ms a document")
    queries = median(sent[index].queries for sent in done[PLAIN])
    yield Figure(f"queries per document, {build}", queries / DOCUMENTS, "queries")
    commits = median(sent[index].commits for sent in done[DISK])
    name = f"durable commits per document, {build}"
    yield Figure(name, commits / DOCUMENTS, "commits")
