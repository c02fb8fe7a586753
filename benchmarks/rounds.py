"""``python -m benchmarks.rounds DATABASE SANDBOX_ADDRESS LOGIN``: one of the builds
that ``benchmarks.versus`` compares, for as long as stdin is open. Reads ``{"step": …,
…}`` a line, answers ``{"result": …}`` a line; an error ends it, and stands in stderr.
"""

import contextlib
import importlib
import json
import sys

from devtools.scenario.session import open_registry


class Rounds:
    """The steps of a build.

    :param bench: :class:`~benchmarks.bench.Bench`
    """

    def __init__(self, bench):
        self.bench = bench
        self._partners = None
        self._moves = []

    def prepare(self):
        """Link a company, and send once to customers that are then known."""
        self.bench.prepare()
        self._partners = self.bench.partners(5)
        self.bench.push(self.bench.documents(5, self._partners))

    def write(self, size, times):
        """Post documents for some passes to come."""
        for _time in range(times):
            self._moves.append(self.bench.documents(size, self._partners))

    def send(self, commit_ms):
        """Send the documents of one pass; give ``seconds`` and ``queries``, the
        durable ``commits`` if they are counted, and the seconds of the ``bare`` loop.

        :param commit_ms: as of ``Bench.push``
        """
        done = self.bench.push(self._moves.pop(), commit_ms)
        bare = self.bench.bare_loop(done.requests)
        wanted = {"seconds": done.seconds, "queries": done.queries}
        return {**wanted, "commits": done.commits, "bare": bare}


def main(database, sandbox, login):
    """Do steps until stdin ends."""
    answers = sys.stdout
    # Whatever prints must not end up between the answers.
    with contextlib.redirect_stdout(sys.stderr):
        registry = open_registry(database)
        # Addons can be imported from now on only.
        bench = importlib.import_module(f"{__package__}.bench")
        rounds = Rounds(bench.Bench(registry, sandbox, json.loads(login)))
        for line in sys.stdin:
            values = json.loads(line)
            result = getattr(rounds, values.pop("step"))(**values)
            print(json.dumps({"result": result}), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
