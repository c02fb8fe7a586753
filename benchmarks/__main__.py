"""``python -m benchmarks NAME DATABASE SANDBOX_ADDRESS LOGIN [--json]``; ``LOGIN`` is
JSON. Prints a line per figure; exit code 1 when a target is missed."""

import importlib
import json
import sys

from devtools.scenario.session import open_registry

from .figures import tell


def main(name, database, sandbox, login, *options):
    """Measure and print; give the exit code."""
    registry = open_registry(database)
    # Addons can be imported from now on only.
    benchmark = importlib.import_module(f"{__package__}.{name}")
    bench = importlib.import_module(f"{__package__}.bench")
    subject = bench.Bench(registry, sandbox, json.loads(login))
    subject.prepare()
    return int(bool(tell(benchmark.measure(subject), "--json" in options)))


sys.exit(main(*sys.argv[1:]))
