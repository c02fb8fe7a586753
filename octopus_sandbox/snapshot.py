"""A world as one JSON text, for whoever keeps it elsewhere than in a file.

Several processes take turns with one world when each reads the text, lets the world do
something, and writes the text, under one lock. What tests alone plant (poisons, copies)
stays behind.
"""

import json
from dataclasses import asdict

from . import storage
from .world import Call, State, Violation, World

# How many of the last calls, and of the last mistakes, are kept.
CALLS, VIOLATIONS = 500, 100


def take(world):
    """The text of a world as it is now."""
    faults = world.faults
    return json.dumps(
        {
            "state": storage.to_plain(world.state),
            "faults": [asdict(fault) for fault in faults.pending()],
            "latency": faults.latency,
            "calls": [asdict(call) for call in list(world.calls)[-CALLS:]],
            "violations": [asdict(it) for it in world.violations[-VIOLATIONS:]],
        }
    )


def world_of(text, seed):
    """The world of a text; ``seed`` as for :class:`~octopus_sandbox.world.World`."""
    kept = json.loads(text, object_hook=storage.read_decimal)
    world = World(seed=_nothing)
    world.seed = seed
    world.take_over(storage.from_plain(State, kept["state"]))
    for fault in kept["faults"]:
        world.faults.add(**fault)
    world.faults.latency = kept["latency"]
    world.calls.extend(Call(**call) for call in kept["calls"])
    world.violations.extend(Violation(**it) for it in kept["violations"])
    return world


def _nothing(_state):
    """Fill a state with nothing."""
