"""Sending: calls and queries per document, and the time above a bare loop of requests.

Targets: architecture.md §7 and issue 2 §6.
"""

from .bench import INSERT
from .figures import Figure

SIZES = (40, 400)
LATENCIES = (0, 100)
RELATION_CALLS = ("find_relations", "relations_modified", "upsert_relation")
# Logging in, and opening the dossier, once a pass at most.
CONSTANT_CALLS = 5
MOST_QUERIES, MOST_GROWTH = 25, 0.5
MOST_RATIO = 1.25


def measure(bench):
    """Yield the figures of known relations, then those of new ones."""
    known = bench.partners(5)
    bench.push(bench.documents(len(known), known))
    queries = {}
    for size in SIZES:
        passes = {}
        for latency in LATENCIES:
            moves = bench.documents(size, known)
            bench.latency(latency)
            passes[latency] = bench.push(moves)
            yield ratio(bench, passes[latency], size, latency)
            bench.latency(0)
        yield from calls_of(passes[0], size)
        queries[size] = passes[0].queries / size
        name = f"queries per document, {size} documents"
        yield Figure(name, queries[size], "queries", MOST_QUERIES)
    # A pass and a batch have a fixed part, so a longer queue may well cost less a
    # document; what it must not do is cost more.
    few, many = (queries[size] for size in SIZES)
    name = "queries per document, growth from {} to {} documents".format(*SIZES)
    yield Figure(name, many - few, "queries", MOST_GROWTH)
    yield from new_relations(bench, SIZES[0])


def ratio(bench, done, size, latency):
    """Return the time of a pass against that of the bare loop in the same run."""
    bare = bench.bare_loop(done.requests)
    target = MOST_RATIO if latency == max(LATENCIES) else None
    name = f"time against a bare loop, {size} documents, {latency} ms"
    return Figure(name, done.seconds / bare, "times", target)


def calls_of(done, size):
    """Yield writes per document, and the calls a pass makes besides."""
    writes = done.calls.get(INSERT, 0)
    besides = sum(done.calls.values()) - writes
    yield Figure(f"writes per document, {size} documents", writes / size, "calls", 1)
    name = f"calls besides, a pass of {size} documents"
    yield Figure(name, besides, "calls", CONSTANT_CALLS)


def new_relations(bench, size):
    """Yield what a document costs whose customer Octopus does not know."""
    done = bench.push(bench.documents(size, bench.partners(size)))
    calls = sum(done.calls.get(name, 0) for name in RELATION_CALLS)
    # Where relations can not be searched, their changes are read once before the first.
    calls -= "relations_modified" in done.calls
    yield Figure(f"calls per new relation, {size} of them", calls / size, "calls", 2)
    name = f"queries per document with a new relation, {size} documents"
    yield Figure(name, done.queries / size, "queries")
