"""Worker processes: alone, side by side, beside a person's click, and killed."""

import time

from odoo.exceptions import UserError
from odoo.service.model import retrying

from ..schedule import Acts
from ..states import SENT, UNSENT
from . import link
from .accountant import leave
from .admin import write_and_ask

acts = Acts()
ACTS = acts.known

INSERT = "insertBuySellBooking"
RELATION = "insertUpdateRelation"
# Most of these acts are about a document that can go; the others take what comes.
HAS_ONE = 0.8
RESUMES = 0.5
# Minutes after which everything is tried again that waits for its time.
LONGEST_WAIT = 75
# Seconds that a slow call lasts, and at most one that is held until it is let go; less
# than a caller waits for an answer.
SLOW, HELD = 0.4, 25
# Within what time a pass is killed; most last shorter.
PASS_SECONDS = 0.4
# What a worker says whose connections were cut by PostgreSQL's administrator.
CUT_OFF = ("InterfaceError", "OperationalError", "AdminShutdown", "already closed")


def cron(world, side, field):
    """Return the work of a scheduled action, as the scheduler does it."""

    def work():
        with world.admin() as env:
            job = env["octopus.dossier"].browse(side.dossier_id)[field]
            try:
                told = job.method_direct_trigger()
            except UserError:
                return  # another worker has it
            if told is not True:
                raise RuntimeError(told["params"]["data"]["debug"])

    return work


def push(world, side):
    """Return a pass that takes no notice of the scheduler's own lock."""

    def work():
        with world.admin() as env:
            env["octopus.dossier"].browse(side.dossier_id)._cron_push()

    return work


def click(world, move_id):
    """Return a person's click on one document, as Odoo's server answers it."""

    def work():
        try:
            with world.admin() as env:
                move = env["account.move"].browse(move_id).exists()
                if move:
                    retrying(move.action_octopus_send, env)
        except UserError:
            return  # told to the person

    return work


def start(world, side, field="push_cron_id"):
    """Start the worker of a scheduled action."""
    return world.worker(field, cron(world, side, field))


def run(world, side, field="push_cron_id"):
    """Run a scheduled action to its end."""
    world.do(field, cron(world, side, field))


def some_document(world, side):
    """Return the id of a document that a person may click on, or ``None``."""
    rows = world.rows(
        """
        SELECT move_id FROM octopus_booking
         WHERE dossier_id = %s AND move_id IS NOT NULL AND state = ANY(%s)
           AND (cause IS NULL OR cause <> ALL(%s))
         ORDER BY id DESC LIMIT 20
        """,
        side.dossier_id,
        [*UNSENT, "unknown", "sending", *SENT[:1]],
        list(world.for_a_person),
    )
    return world.random.choice(rows)[0] if rows else None


@acts(9)
def scheduled_pass(world):
    """The scheduled action sends what is due."""
    run(world, world.side())


@acts(2)
def both_dossiers(world):
    """Two workers, a dossier each."""
    world.finish(*(start(world, side) for side in world.sides))


@acts(7)
def kill_any_time(world):
    """A worker is killed at a random instant."""
    worker = start(world, world.side())
    worker.runs(world.random.uniform(0, PASS_SECONDS))
    worker.kill()
    world.finish(worker)


@acts(8)
def kill_in_call(world):
    """A worker is killed between its claim and the answer; Octopus may process the call
    before or after that."""
    side = world.side()
    worker, open_until = worker_in_call(world, side)
    written = _under_way(world, side)
    if not written and time.monotonic() < open_until:
        told = "Octopus is booking what Odoo has not written down"
        world.result.note("wrong", f"{side.number}: {told}")
    worker.kill()
    let_go(world)
    world.finish(worker)


@acts(7)
def second_worker_in_call(world):
    """A second worker makes its whole pass while Octopus is slow to book: it leaves the
    document alone."""
    side = world.side()
    first, open_until = worker_in_call(world, side)
    sending = {row for row in _under_way(world, side) if row[1] == "sending"}
    if not open_until:
        world.finish(first)
        return False
    second = world.worker("push", push(world, side))
    second.end()
    taken = sending - set(_under_way(world, side))
    in_time = time.monotonic() < open_until
    for document, _state in taken if in_time else ():
        told = f"{document} was taken over while it was being sent"
        world.result.note("wrong", f"{side.number}: {told}")
    let_go(world)
    world.finish(first, second)
    return in_time


def prepare_one(world, side, partner=None):
    """See that a document is there that can go now: the accountant is done, and what
    others before it wait for is tried again. People may have paused all, or ended the
    link.

    :param partner: key of the contact of the document
    """
    leave(world, side)
    world.jump(minutes=LONGEST_WAIT)
    if world.random.random() < RESUMES:
        link.restore_all(world, side)
    world.as_admin(write_and_ask, world, side, partner)


def worker_in_call(world, side, operation=INSERT, partner=None):
    """Start a worker and wait until it books a document, or asks something else, which
    Octopus does not answer before :func:`let_go`.

    :param partner: key of a contact that a document is made for
    :return: the worker, and until when (``time.monotonic``) the call certainly has no
        answer; 0 when the worker ended without it
    """
    if partner or world.random.random() < HAS_ONE:
        prepare_one(world, side, partner)
    _be_slow(world, side, HELD, operation)
    worker = start(world, side)
    return worker, wait_for_call(world, worker, operation)


def let_go(world):
    """Let the call that is held have its answer."""
    world.forget_faults()


def _under_way(world, side):
    """Return ``(document, state)`` of what is being sent or in doubt."""
    return world.rows(
        "SELECT document_name, state FROM octopus_booking"
        " WHERE dossier_id = %s AND state IN ('sending', 'unknown')",
        side.dossier_id,
    )


@acts(8)
def book_without_answer(world):
    """Octopus books, or does not, and nobody is told; a pass or two later it is."""
    side = world.side()
    prepare_one(world, side)
    world.forget_faults()
    world.octopus.plan(
        world.random.choice(("hang", "close", "reset", "status", "html", "truncated")),
        operation=INSERT,
        when=world.random.choice(("before", "after", "after")),
        dossier=side.number,
        seconds=0.2,
    )
    run(world, side)
    if world.random.random() < 0.5:
        world.jump(minutes=5)
        run(world, side)


@acts(3)
def cut_off_database(world):
    """PostgreSQL drops connections of the worker, all or some, in the middle of a
    call."""
    side = world.side()
    worker, open_until = worker_in_call(world, side)
    if open_until:
        _cut_off(world, worker, world.random.choice((0.5, 1)))
        # Whoever comes next finds the lock free, and the call still open.
        if world.random.random() < 0.5:
            run(world, side)
    let_go(world)
    world.finish(worker, bad=CUT_OFF)


def _cut_off(world, worker, share):
    """Drop the connections of a worker, or some of them."""
    pids = world.rows(
        "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
        " ORDER BY backend_start",
        worker.application,
    )
    cut = [pid for [pid] in pids if world.random.random() < share]
    world.rows("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", cut)


def _be_slow(world, side, seconds=SLOW, operation=INSERT):
    # The next one to ask must meet this fault, and no other.
    world.forget_faults()
    hold(world, side, operation, seconds)


def hold(world, side, operation, seconds=HELD):
    """Let Octopus be late with its answer to the next call of an operation."""
    when = world.random.choice(("before", "after"))
    world.octopus.plan(
        "slow", operation=operation, when=when, seconds=seconds, dossier=side.number
    )


def wait_for_call(world, worker, operation):
    """Wait until a worker is in a slow call.

    :return: until when (``time.monotonic``) it certainly has no answer; 0 when the
        worker ended without it
    """
    slow = ("slow", operation)
    met = world.octopus.met_calls()[slow]
    before = time.monotonic()
    while worker.runs(0.003):
        asked = time.monotonic()
        if world.octopus.met_calls()[slow] > met:
            return before + HELD
        before = asked
    return 0


def kill_one(world, workers):
    """Kill one of several workers at some moment of its pass."""
    victim = world.random.choice(workers)
    victim.runs(world.random.uniform(0, PASS_SECONDS))
    victim.kill()


@acts(4)
def side_by_side(world):
    """Two workers and a click on the same dossier; one of them may be killed."""
    side = world.side()
    if world.random.random() < 0.5:
        _be_slow(world, side)
    workers = [world.worker("push", push(world, side)) for _number in range(2)]
    move_id = some_document(world, side)
    if move_id:
        workers.append(world.worker("click", click(world, move_id)))
    if world.random.random() < 0.4:
        kill_one(world, workers)
    world.finish(*workers)


@acts(5)
def click_once(world):
    """A person clicks on one document."""
    move_id = some_document(world, world.side())
    if not move_id:
        return False
    world.do("click", click(world, move_id))
    return True


@acts(3)
def click_twice(world):
    """Two requests for the same document at once, or the same request again."""
    move_id = some_document(world, world.side())
    if not move_id:
        return False
    workers = [world.worker("click", click(world, move_id)) for _number in range(2)]
    if world.random.random() < 0.3:
        workers[0].runs(world.random.uniform(0, PASS_SECONDS))
        workers[0].kill()
    world.finish(*workers)
    return True


@acts(1.5)
def refresh(world):
    """The mirror is read again, alone or beside a pass."""
    side = world.side()
    workers = [start(world, side, "refresh_cron_id")]
    if world.random.random() < 0.5:
        workers.append(start(world, side))
    if world.random.random() < 0.2:
        workers[0].runs(world.random.uniform(0, PASS_SECONDS))
        workers[0].kill()
    world.finish(*workers)


@acts(1)
def pull(world):
    """Payments are read."""
    run(world, world.side(), "pull_cron_id")
