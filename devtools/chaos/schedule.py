"""Which act comes next, drawn by weight; and which steps of a schedule are run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# After how many steps everything is held against each other.
CHECKPOINT_EVERY = 250


@dataclass(frozen=True)
class Act:
    """Something that can happen.

    :param do: does it on a world; gives ``False`` when there was nothing to do it on
    :param weight: how often, against the others
    :param when: whether it can happen now; drawn when it cannot, nothing happens, so
        that no other act depends on it
    """

    name: str
    do: Callable
    weight: float
    when: Callable = lambda _world: True


class Acts:
    """A list of acts that functions join, with ``@acts(weight)``."""

    def __init__(self):
        self.known = []

    def __call__(self, weight, when=None):
        def join(function):
            extra = {"when": when} if when else {}
            self.known.append(Act(function.__name__, function, weight, **extra))
            return function

        return join


def draw(random, acts) -> Act:
    """Return the act that comes next."""
    return random.choices(acts, [act.weight for act in acts])[0]


@dataclass(frozen=True)
class Step:
    """One step of a schedule.

    :param number: of the act, from 1 on
    :param checkpoint: what comes after it, where all is brought to rest and everything
        is held against each other
    """

    number: int
    checkpoint: bool = False

    def __str__(self):
        return f"checkpoint{self.number}" if self.checkpoint else str(self.number)

    @classmethod
    def read(cls, text):
        """Return the step that was written so; ValueError if none is."""
        checkpoint = text.startswith("checkpoint")
        return cls(int(text.removeprefix("checkpoint")), checkpoint)


def steps_of(count, every) -> list[Step]:
    """Return the steps of a whole schedule, with a checkpoint after so many, and one at
    the end."""
    steps = []
    for number in range(1, count + 1):
        steps.append(Step(number))
        if number % every == 0 or number == count:
            steps.append(Step(number, checkpoint=True))
    return steps


def read_steps(text) -> list[Step]:
    """Return the steps that are written as ``3,17,checkpoint250,301``; a checkpoint
    comes last.

    :raises ValueError: one of them is no step
    """
    steps = [Step.read(part.strip()) for part in text.split(",")]
    if not steps[-1].checkpoint:
        steps.append(Step(steps[-1].number, checkpoint=True))
    return steps
