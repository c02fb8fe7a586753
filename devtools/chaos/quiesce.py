"""Brings a world to rest: a person mends what only a person can mend, time goes by,
and everything is tried again until nothing moves."""

from odoo.addons.octopus_connector.sync.login import connect

ROUNDS = 15
BOOKYEARS = (2, 3)


def quiesce(world, flow):
    """End every trouble, and let the flow work until nothing may still move."""
    result = world.result
    world.forget_faults()
    for side in world.sides:
        _free(world, side.number)
    for _round in range(ROUNDS):
        _log_in(world)
        world.jump(days=2, minutes=7)
        moving = flow.quiesce(world)
        if not moving:
            return
    result.told.append(
        f"note: {ROUNDS} rounds were not enough to come to rest: {moving}"
    )


def _free(world, dossier):
    """The accountant leaves the books as they should be."""
    octopus = world.octopus
    for bookyear in BOOKYEARS:
        octopus.act(dossier, "close_year", bookyear=bookyear, closed="false")
        octopus.act(dossier, "protect_period", bookyear=bookyear, period=0)
        for journal in ("V1", "V2", "A1", "A2", "F1", "F2", "D1"):
            octopus.act(
                dossier,
                "set_journal",
                bookyear=bookyear,
                journal=journal,
                closed="false",
                opened_by="",
                closed_period=0,
            )


def _log_in(world):
    """Type the right password where the login does not work."""
    with world.admin() as env:
        for connection in env["octopus.connection"].search([]):
            if not connection.is_ready():
                connection.password = world.login["password"]
                connect(connection)
