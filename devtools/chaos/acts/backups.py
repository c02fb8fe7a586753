"""A database is restored from yesterday's backup."""

from ..schedule import Acts

acts = Acts()
ACTS = acts.known


@acts(0.15)
def back_up(world):
    """Copy the database."""
    world.back_up()


@acts(0.15, when=lambda world: bool(world.snapshot))
def restore(world):
    """Put the copy back: what Octopus has got since is not in Odoo."""
    world.restore()
