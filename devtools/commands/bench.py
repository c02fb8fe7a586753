"""Measure against targets, beside a pretend Octopus whose daily limits are off:

    ./dev bench push|pull|queue|parallel [--transport soap] [--json]

Counts and ratios to a bare loop in the same run, so that a slow machine says the same.
Exit code 1 when a target is missed."""

import json

from ..sandbox import PATHS, Sandbox

HELP = "measure calls, queries and time against their targets"
BENCHMARKS = ("push", "pull", "queue", "parallel")
# As many dossiers as ``benchmarks.parallel`` sends to.
DOSSIERS = 8


def configure(parser):
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--transport", choices=sorted(PATHS), default="rest")
    parser.add_argument("--json", action="store_true", help="one JSON line per figure")


def run(args, workspace) -> int:
    databases = workspace.databases
    database = databases.name("bench")
    databases.copy(databases.with_addon(), database)
    try:
        with Sandbox(
            workspace, switches={"quota": "off"}, dossiers=DOSSIERS
        ) as sandbox:
            login = json.dumps(sandbox.login(args.transport))
            options = ["--json"] if args.json else []
            words = [args.name, database, sandbox.url, login, *options]
            return workspace.run([workspace.python, "-m", "benchmarks", *words])
    finally:
        databases.drop(database)
