"""Sending by the scheduled action: calls, queries and durable commits per document, and
the time above a bare loop of requests.

Targets: issues 2 §6 and 14. The time is measured with commits as this database does
them, and with those of a disk.
"""

from statistics import median

from .bench import INSERT
from .figures import Figure

SIZES = (40, 400)
# Milliseconds of an answer, and of a durable commit; ``None``: as the database does it.
PLAIN, DISK, FAR = (0, None), (0, 2), (100, None)
WAYS = {PLAIN: "0 ms", DISK: "0 ms, a commit of 2 ms", FAR: "100 ms"}
# Where answers take no time, what else the machine does weighs: the median of some.
TIMES = {(400, PLAIN): 3, (400, DISK): 3}
MOST_RATIO = {
    (400, PLAIN): 7,
    (400, DISK): 12,
    (40, FAR): 1.25,
    (400, FAR): 1.06,
}
RELATION_CALLS = ("find_relations", "relations_modified", "upsert_relation")
# Logging in, and opening the dossier, once a pass at most.
CONSTANT_CALLS = 5
MOST_QUERIES = {40: 25, 400: 9}
MOST_COMMITS = {400: 2.1}
MOST_GROWTH = 0.5


def measure(bench):
    """Yield the figures of known relations, then those of new ones."""
    known = bench.partners(5)
    bench.push(bench.documents(len(known), known))
    queries = {}
    for size in SIZES:
        done = {}
        for way, words in WAYS.items():
            done[way], ratio = against_bare_loop(bench, known, size, way)
            name = f"time against a bare loop, {size} documents, {words}"
            yield Figure(name, ratio, "times", MOST_RATIO.get((size, way)))
        yield from calls_of(done[PLAIN], size)
        queries[size] = done[PLAIN].queries / size
        name = f"queries per document, {size} documents"
        yield Figure(name, queries[size], "queries", MOST_QUERIES[size])
        name = f"durable commits per document, {size} documents"
        commits = done[DISK].commits / size
        yield Figure(name, commits, "commits", MOST_COMMITS.get(size))
    # A pass and a batch have a fixed part, so a longer queue may well cost less a
    # document; what it must not do is cost more.
    few, many = (queries[size] for size in SIZES)
    name = "queries per document, growth from {} to {} documents".format(*SIZES)
    yield Figure(name, many - few, "queries", MOST_GROWTH)
    yield from new_relations(bench, SIZES[0])


def against_bare_loop(bench, partners, size, way):
    """Return the last of some passes, and the median of their time against that of the
    bare loop right after each."""
    latency, commit_ms = way
    ratios = []
    for _time in range(TIMES.get((size, way), 1)):
        moves = bench.documents(size, partners)
        bench.latency(latency)
        done = bench.push(moves, commit_ms)
        ratios.append(done.seconds / bench.bare_loop(done.requests))
        bench.latency(0)
    return done, median(ratios)


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
