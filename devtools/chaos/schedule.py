"""Which act comes next: drawn by weight from those that can be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    """Something that can happen.

    :param do: does it on a world; gives ``False`` when there was nothing to do it on
    :param weight: how often, against the others
    :param when: whether it can happen now
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


def draw(random, acts, world) -> Act:
    """Return an act that can be done now."""
    possible = [act for act in acts if act.when(world)]
    return random.choices(possible, [act.weight for act in possible])[0]
