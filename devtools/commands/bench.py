"""Measure against targets, beside a pretend Octopus whose daily limits are off:

    ./dev bench push|pull|queue|parallel|beside|reading|screens|idle|servers|peers
                |rehearsal|matching|desk|report [--transport soap] [--json]
    ./dev bench versus [--rev REVISION]    # sending, against another revision's build

Counts and ratios to a bare loop, or to the other build, in the same run, so that a slow
machine says the same. Exit code 1 when a target is missed."""

import json
from contextlib import ExitStack, contextmanager

from benchmarks import versus
from benchmarks.figures import tell

from .. import readings
from ..console import timed
from ..revisions import FIRST, checkout
from ..sandbox import PATHS, Sandbox
from ..steps_process import Steps

HELP = "measure calls, queries and time against their targets"
VERSUS, READING = "versus", "reading"
BENCHMARKS = (
    "push", "pull", "queue", "parallel", "beside", READING, "screens", "idle",
    "servers", "peers", "rehearsal", "matching", "desk", "report", VERSUS,
)  # fmt: skip
# How many dossiers the login opens, at least, and for some; fewer where each is linked
# as a person does it.
LEAST = 3
DOSSIERS = {"idle": 500, "parallel": 8, "servers": 4}
# Parts of today's ./dev that drive the other build.
BESIDE = ("benchmarks",)


class Rounds(Steps):
    """One of the builds that are compared; see ``benchmarks.rounds``."""

    program = "benchmarks.rounds"


def configure(parser):
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--transport", choices=sorted(PATHS), default="rest")
    parser.add_argument("--json", action="store_true", help="one JSON line per figure")
    parser.add_argument(
        "--rev", default=FIRST, help=f"of git, for {VERSUS} and reading; {FIRST} else"
    )


def run(args, workspace) -> int:
    if args.name == VERSUS:
        return run_versus(args, workspace)
    if args.name == READING:
        figures = readings.measure(workspace, args.transport, args.rev)
        return int(bool(tell(figures, args.json)))
    source = workspace.databases.with_addon()
    dossiers = DOSSIERS.get(args.name, LEAST)
    with beside_octopus(workspace, source, "bench", args.transport, dossiers) as words:
        options = ["--json"] if args.json else []
        command = ["-m", "benchmarks", args.name, *words, *options]
        return workspace.run([workspace.python, *command])


def run_versus(args, workspace) -> int:
    """Compare with another revision, each beside a pretend Octopus of its own."""
    older = workspace.at(checkout(workspace, args.rev, BESIDE))
    with timed(f"Database with the addon of {args.rev}"):
        theirs = older.databases.with_addon(workspace.databases.name("older"))
    ours = workspace.databases.with_addon()
    with ExitStack() as stack:

        def start(build, source, purpose):
            beside = beside_octopus(workspace, source, purpose, args.transport)
            database, *words = stack.enter_context(beside)
            return stack.enter_context(Rounds(build, database, words))

        this = start(workspace, ours, "bench")
        other = start(older, theirs, "bench_older")
        return int(bool(tell(versus.measure(this, other, args.rev), args.json)))


@contextmanager
def beside_octopus(workspace, source, purpose, transport, dossiers=LEAST):
    """A copy of a database beside a pretend Octopus, for a ``with`` statement; give
    database, address and login, as ``python -m benchmarks`` takes them."""
    databases = workspace.databases
    database = databases.name(purpose)
    databases.copy(source, database)
    switches = {"quota": "off"}
    try:
        with Sandbox(workspace, switches=switches, dossiers=dossiers) as sandbox:
            yield database, sandbox.url, json.dumps(sandbox.login(transport))
    finally:
        databases.drop(database)
