"""A worker that goes on though it lost the lock of its journal with its connection."""

from ..schedule import Acts
from . import admin
from .workers import (
    CUT_OFF,
    INSERT,
    RELATION,
    click,
    hold,
    let_go,
    wait_for_call,
    worker_in_call,
)

acts = Acts()
ACTS = acts.known


@acts(1)
def lock_is_lost(world):
    """While Octopus makes a customer for one worker, PostgreSQL drops the connection
    that holds the journal; another worker takes the next number, and dies with it. The
    first one knows of nothing, and must not use that number too."""
    side = world.side()
    partner = admin.meet_contact(world, "customer")
    first, open_until = worker_in_call(world, side, RELATION, partner or None)
    others = []
    if open_until and _drop_lock(world, side):
        others = _take_next_number(world, side)
    let_go(world)
    world.finish(first, *others, bad=CUT_OFF)
    return bool(others)


def _drop_lock(world, side):
    """Cut the connections that hold a journal of a dossier; whether there were any."""
    return world.rows(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND backend_xid IN (
               SELECT xmax FROM octopus_journal WHERE dossier_id = %s)
        """,
        side.dossier_id,
    )


def _take_next_number(world, side):
    """Let a click send another document of the journal; kill it before the answer."""
    move_id = world.as_admin(admin.write_and_ask, world, side)
    if not move_id:
        return []
    hold(world, side, INSERT)
    worker = world.worker("click", click(world, move_id))
    wait_for_call(world, worker, INSERT)
    worker.kill()
    return [worker]
