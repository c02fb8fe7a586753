"""A flow with a fault that was planted, for tests of chaos itself: it is red when the
first of two acts was done, and the second one later."""

from ..schedule import Acts

acts = Acts()
ACTS = acts.known


@acts(8)
def nothing(_world):
    """Most acts have nothing to do with it."""


@acts(1)
def first(world):
    """Needed, and harmless alone."""
    world.first_is_done = True


@acts(1)
def second(world):
    """Needed, and harmless before the first."""
    if getattr(world, "first_is_done", False):
        world.is_broken = True


def prepare(_world):
    """Nothing is needed."""


def quiesce(_world):
    """Nothing moves."""
    return False


def judge(world, result):
    """Say what was planted."""
    if getattr(world, "is_broken", False):
        result.note("lost", "the second act came after the first")
