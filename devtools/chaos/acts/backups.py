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
    known = _names(world)
    world.restore()
    kept = _names(world)
    by_number = {side.company_id: side for side in world.sides}
    for company_id, _move_id, name in known - kept:
        side = by_number[company_id]
        orphan(world, side, name)


def _names(world):
    return set(
        world.rows(
            "SELECT company_id, id, name FROM account_move"
            " WHERE move_type <> 'entry' AND name IS NOT NULL"
        )
    )


def orphan(world, side, name):
    """Note that the bookings of a document are of none that Odoo has."""
    for key, document in world.octopus.documents(side.number).items():
        if world.name_of(side, document) == name:
            world.deeds.orphans.add((side.number, key))
