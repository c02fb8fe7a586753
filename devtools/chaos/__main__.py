"""``python -m devtools.chaos OPTIONS``: one schedule on one database.

OPTIONS is a JSON object: ``database``, ``url`` and ``login`` of the sandbox, ``seed``,
``steps``, ``flow``, ``switches``. Prints the verdict as one JSON line. Without steps
the database is made ready for schedules, and nothing else."""

import contextlib
import importlib
import json
import sys
import time

from ..scenario.session import open_registry

# How many steps pass before everything is held against each other.
CHAPTER = 250


def main(options):
    """Run a schedule; give its verdict."""
    registry = open_registry(options["database"])
    # Addons can be imported from now on only.
    from . import calm, schedule
    from .world import World

    world = World(registry, options["url"], options["login"], options["seed"])
    verdict = world.verdict
    if not options["steps"]:
        world.make()
        return verdict
    flow = importlib.import_module(f"{__package__}.flows.{options['flow']}")
    world.open(options["switches"])
    flow.prepare(world)
    verdict.switches = options["switches"]
    begin = time.monotonic()
    for number in range(1, options["steps"] + 1):
        act = schedule.draw(world.random, flow.ACTS, world)
        start = time.monotonic()
        if act.do(world) is not False:
            verdict.acts[act.name] += 1
        print(f"{number} {act.name} {time.monotonic() - start:.2f}", file=sys.stderr)
        if number % CHAPTER == 0 or number == options["steps"]:
            calm.calm_down(world, flow)
            flow.judge(world, verdict)
            verdict.steps, verdict.seconds = number, time.monotonic() - begin
            print(verdict.line(), *verdict.told, sep="\n", file=sys.stderr)
    if world.snapshot:
        world.forget_backup()
    return verdict


if __name__ == "__main__":
    answers = sys.stdout
    # Whatever prints must not end up beside the answer.
    with contextlib.redirect_stdout(sys.stderr):
        outcome = main(json.loads(sys.argv[1]))
    print(json.dumps(vars(outcome)), file=answers, flush=True)
