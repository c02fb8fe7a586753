"""Time goes by."""

from ..schedule import Acts

acts = Acts()
ACTS = acts.known


@acts(20)
def some_minutes(world):
    """Long enough for a first or second try."""
    world.jump(minutes=world.random.randint(1, 35))


@acts(10)
def some_hours(world):
    """Long enough for every try, and for tokens to end."""
    world.jump(hours=world.random.randint(1, 9))


@acts(4)
def tomorrow(world):
    """Daily limits start again."""
    world.jump(days=1)
