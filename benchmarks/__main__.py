"""``python -m benchmarks NAME DATABASE SANDBOX_ADDRESS LOGIN [--json]``; ``LOGIN`` is
JSON. Prints a line per figure; exit code 1 when a target is missed."""

import importlib
import json
import sys

from devtools.scenario.session import open_registry


def main(name, database, sandbox, login, *options):
    """Measure and print; give the exit code."""
    registry = open_registry(database)
    # Addons can be imported from now on only.
    benchmark = importlib.import_module(f"{__package__}.{name}")
    bench = importlib.import_module(f"{__package__}.bench")
    subject = bench.Bench(registry, sandbox, json.loads(login))
    subject.prepare()
    missed = 0
    for figure in benchmark.measure(subject):
        text = figure.as_json() if "--json" in options else figure.as_text()
        print(text, flush=True)
        missed += figure.met is False
    return int(bool(missed))


sys.exit(main(*sys.argv[1:]))
