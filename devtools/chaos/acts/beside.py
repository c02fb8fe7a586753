"""What people do at the very moment at which a worker is busy."""

from functools import partial

from ..schedule import Acts
from . import admin, decisions, link, second_thoughts
from .workers import INSERT, RELATION, let_go, prepare_one, start, worker_in_call

acts = Acts()
ACTS = acts.known

# What they do, and how often against each other.
PEOPLE = {
    partial(admin.take_back, latest=2): 8,
    admin.confirm_again: 2,
    admin.attach_file: 1,
    second_thoughts.delete_in_odoo: 2,
    second_thoughts.keep_out: 2,
    second_thoughts.let_in: 1,
    decisions.decide_difference: 3,
    decisions.decide_what_is_there: 1,
    link.pause: 0.5,
    link.pause_request: 0.5,
    link.disconnect: 0.5,
}
# So many calls of a pass are slow, and within what time people come.
SLOW_CALLS, SLOW = 12, 0.15
PASS_SECONDS = 1.2


@acts(6)
def people_beside_a_call(world):
    """A worker waits for Octopus to book, or to make a customer; people change that
    document, or others."""
    side = world.side()
    operation = world.random.choice((INSERT, RELATION))
    partner = admin.meet_contact(world, "customer") if operation is RELATION else None
    worker, open_until = worker_in_call(world, side, operation, partner or None)
    if open_until and partner:
        # The one that the customer is made for.
        admin.take_back(world, side, latest=1)
    elif open_until:
        _some_people(world, side)
    let_go(world)
    world.finish(worker)
    return bool(open_until)


@acts(6)
def people_beside_a_pass(world):
    """Every call is slow; people come between any two steps of a worker."""
    side = world.side()
    prepare_one(world, side, admin.meet_contact(world, "customer") or None)
    world.octopus.plan("slow", count=SLOW_CALLS, seconds=SLOW, dossier=side.number)
    worker = start(world, side)
    worker.runs(world.random.uniform(0, PASS_SECONDS))
    _some_people(world, side)
    worker.end()
    let_go(world)
    world.finish(worker)


def _some_people(world, side):
    chosen = world.random.choices(list(PEOPLE), PEOPLE.values(), k=2)
    for act in chosen:
        act(world, side)
