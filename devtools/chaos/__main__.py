"""``python -m devtools.chaos OPTIONS``: one schedule on one database.

OPTIONS is a JSON object: ``database``, ``url`` and ``login`` of the sandbox, ``seed``,
``steps``, ``flow``, ``switches``; and perhaps ``only``, the steps to run, ``stop``,
whether to end when something is wrong, ``trace``, whether to write down what each step
changed. Prints the result as one JSON line. Without steps the database is made ready
for schedules, and nothing else."""

import contextlib
import importlib
import json
import sys
import time

from ..scenario.session import open_registry


def main(options):
    """Run a schedule; give its result."""
    registry = open_registry(options["database"])
    # Addons can be imported from now on only.
    from .world import World

    world = World(registry, options["url"], options["login"], options["seed"])
    if not options["steps"]:
        world.make()
        return world.result
    flow = importlib.import_module(f"{__package__}.flows.{options['flow']}")
    world.open(options["switches"])
    world.result.switches = options["switches"]
    world.begin("prepare")
    flow.prepare(world)
    world.look()
    run(world, flow, options)
    if world.snapshot:
        world.forget_backup()
    return world.result


def run(world, flow, options):
    """Run the steps, and judge at each checkpoint."""
    from . import schedule
    from .trace import Trace

    result = world.result
    steps = schedule.steps_of(options["steps"], schedule.CHECKPOINT_EVERY)
    if options.get("only"):
        steps = schedule.read_steps(options["only"])
    acts = [*flow.ACTS]
    if world.is_enterprise:
        acts += getattr(flow, "ENTERPRISE_ACTS", [])
    trace = Trace(world) if options.get("trace") else None
    begin = time.monotonic()
    for done, step in enumerate(steps, 1):
        start = time.monotonic()
        world.begin(step)
        if step.checkpoint:
            name = _come_to_rest(world, flow, step)
        else:
            name = _act(world, acts, step)
        world.look()
        print(f"{step} {name} {time.monotonic() - start:.2f}", file=sys.stderr)
        if trace:
            trace.write(sys.stderr)
        if step.checkpoint:
            flow.judge(world, result)
            result.steps = sum(not it.checkpoint for it in steps[:done])
            result.seconds = time.monotonic() - begin
            print(result.line(), *result.told, sep="\n", file=sys.stderr)
            if options.get("stop") and not result.is_good:
                return


def _act(world, acts, step):
    """Do the act of a step; give its name."""
    from . import schedule

    act = schedule.draw(world.random, acts)
    world.result.drawn[str(step)] = act.name
    if not act.when(world) or act.do(world) is False:
        return f"{act.name}: nothing to do"
    world.result.acts[act.name] += 1
    return act.name


def _come_to_rest(world, flow, step):
    from .quiesce import quiesce

    world.result.drawn[str(step)] = "checkpoint"
    quiesce(world, flow)
    return "checkpoint"


if __name__ == "__main__":
    answers = sys.stdout
    # Whatever prints must not end up beside the answer.
    with contextlib.redirect_stdout(sys.stderr):
        outcome = main(json.loads(sys.argv[1]))
    print(json.dumps(vars(outcome)), file=answers, flush=True)
