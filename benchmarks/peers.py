"""Beside the addons of others, in one run: documents a second, and documents that are
sent twice after an answer got lost.

Targets: issue 14. Each has an Odoo server of its own, with one worker for what it does
in the background and nothing else to do. Ours sends by the scheduled action of the
dossier, to the pretend Octopus. ``account_invoice_export`` of the OCA sends by a
scheduled action that presses its button, or by the runner of ``queue_job``, to a sink
that does nothing but take what comes; its bodies are those that ours made, so it is
spared the work of making them.
"""

import json
import statistics
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack

import psutil

from devtools.peers_env import PeersWorkspace
from devtools.scenario.session import administrator
from devtools.server import OdooServer
from devtools.workspace import Workspace

from . import peers_sides
from .bench import TIMEOUT
from .figures import Figure

# As many as a day of Octopus lets a pass nearly take.
DOCUMENTS, ROUNDS, WARM_UP = 300, 3, 5
DOUBTFUL, LOST = 20, 5
ALONE = "account_invoice_export alone"
WITH_QUEUE = "account_invoice_export with queue_job"
LEAST_TIMES = {ALONE: 5, WITH_QUEUE: 6}
PATIENCE = 300
GLANCE = 0.05
INSERT = "insertBuySellBooking"


def measure(bench):
    """Yield documents a second and ratios, then documents sent twice."""
    workspace = PeersWorkspace(Workspace())
    with ExitStack() as stack:
        ours = stack.enter_context(Ours(bench))
        alone = stack.enter_context(peers_sides.Export(workspace))
        queue = stack.enter_context(peers_sides.Queue(workspace))
        sides = {ALONE: alone, WITH_QUEUE: queue}
        yield from speeds(ours, sides)
        # Bodies that no sink knows yet.
        bodies = ours.make_bodies(DOUBTFUL)
        yield twice("ours", ours, bodies, 0)
        for name, side in sides.items():
            yield twice(name, side, bodies)
        # Only now: its server would have work to do beside the others.
        peppol = stack.enter_context(peers_sides.Peppol(workspace))
        yield twice("account_peppol", peppol, bodies)


def speeds(ours, others):
    """Yield the speed of each, and how many times that of another ours is.

    :param others: sides by their names
    """
    bodies = ours.make_bodies(DOCUMENTS)
    sides = {"ours": ours, **others}
    for side in sides.values():
        cost(side, bodies[:WARM_UP])
    costs = {name: [] for name in sides}
    for _round in range(ROUNDS):
        for name, side in sides.items():
            costs[name].append(cost(side, bodies))
    speed = {}
    for name, each in costs.items():
        seconds, processor = map(statistics.median, zip(*each, strict=True))
        speed[name] = DOCUMENTS / seconds
        yield Figure(f"documents a second, {name}", speed[name], "a second")
        # A machine with other work makes seconds of each longer, these hardly.
        text = f"processor time of Odoo's workers, {name}"
        yield Figure(text, processor / DOCUMENTS * 1000, "ms a document")
    for name, least in LEAST_TIMES.items():
        times = speed["ours"] / speed[name]
        text = f"documents a second, ours against {name}"
        yield Figure(text, times, "times", least, at_least=True)


def cost(side, bodies):
    """Return the seconds from when documents are asked for until the last one went,
    and the processor time, in seconds, that the server's workers took for it.

    :raises RuntimeError: when some do not go in time
    """
    ids = side.add(bodies)
    side.ask(ids)
    start, before = time.perf_counter(), processor_time(side.server)
    while side.sent(ids) < len(ids):
        if time.perf_counter() - start > PATIENCE:
            raise RuntimeError(f"{side.sent(ids)} of {len(ids)} documents went.")
        time.sleep(GLANCE)
    seconds = time.perf_counter() - start
    return seconds, processor_time(side.server) - before


def processor_time(server):
    """Return the seconds of a processor that a server and its workers took so far."""
    process = psutil.Process(server.process.pid)
    times = [it.cpu_times() for it in (process, *process.children(recursive=True))]
    return sum(it.user + it.system for it in times)


def twice(name, side, bodies, target=None):
    """Return how many of twenty documents are there more than once, when the answer for
    one got lost and all went in the end."""
    ids = side.add(bodies)
    side.sink.lose_answer(LOST)
    side.ask(ids)
    deadline = time.monotonic() + PATIENCE
    while True:
        while not side.idle():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name}: it does not come to rest.")
            time.sleep(GLANCE)
        if side.sent(ids) == len(ids):
            break
        side.again()
    text = f"sent twice, one lost answer of {DOUBTFUL}, {name}"
    return Figure(text, side.sink.twice(), "documents", target)


class Ours:
    """The connector, as a side of :mod:`.peers_sides`; its sink is the pretend
    Octopus."""

    def __init__(self, bench):
        self.bench = bench
        self.sink = self

    def __enter__(self):
        bench = self.bench
        self.partners = bench.partners(1)
        # The first document makes the customer known, which others need not wait for.
        bench.push(bench.documents(1, self.partners))
        with administrator(bench.registry) as env:
            dossier = env["res.company"].browse(bench.company_id).octopus_dossier()
            self.dossier, self.cron = dossier.octopus_id, dossier.sudo().push_cron_id.id
            others = env["ir.cron"].sudo().search([("id", "!=", self.cron)])
            others.write({"active": False})
        self.server = OdooServer(
            Workspace(), bench.registry.db_name, cron_threads=1, workers=1
        )
        self.server.start()
        return self

    def __exit__(self, *_exception):
        self.server.stop()

    def make_bodies(self, count):
        """Send documents here and return the bodies that they were sent with. The
        server rests meanwhile: its worker would send them as soon as they are due."""
        bench = self.bench
        self.server.stop()
        done = bench.push(bench.documents(count, self.partners))
        self.server.start()
        return [request.body.decode() for request in done.requests]

    def add(self, bodies):
        """Post a document for each body; it makes its own, of the same shape."""
        return self.bench.documents(len(bodies), self.partners)

    def ask(self, ids):
        """Let documents be sent, which wakes the scheduled action."""
        with administrator(self.bench.registry) as env:
            # What earlier rounds took of the day's calls.
            env["octopus.call"].sudo().search([]).unlink()
            env["account.move"].browse(ids)._octopus_queue(env.user)
            env["ir.cron"].sudo().browse(self.cron)._trigger()

    def again(self):
        """Let time pass until those in doubt are due, and the action run."""
        with administrator(self.bench.registry) as env:
            waiting = [("retry_at", "!=", False)]
            env["octopus.booking"].sudo().search(waiting).retry_at = False
            env["ir.cron"].sudo().browse(self.cron)._trigger()

    def idle(self):
        """Whether the scheduled action neither runs nor is due."""
        name = self.bench.registry.db_name
        return bool(peers_sides.rows(name, peers_sides.IDLE, self.cron))

    def sent(self, ids):
        """How many of the documents are booked, as Odoo sees it."""
        query = (
            "SELECT count(*) FROM octopus_booking"
            " WHERE move_id = ANY(%s) AND state = 'booked'"
        )
        [[count]] = peers_sides.rows(self.bench.registry.db_name, query, list(ids))
        return count

    # As a sink

    def lose_answer(self, number):
        """Let the pretend Octopus book a document and not answer."""
        fault = {"kind": "close", "operation": INSERT, "when": "after"}
        self._octopus("/faults", {**fault, "skip": number - 1})

    def twice(self):
        """How many documents of Odoo are in Octopus more than once."""
        found = self._octopus(f"/dossiers/{self.dossier}/documents")
        times = Counter(it["comment"] for it in found)
        return sum(count > 1 for count in times.values())

    def _octopus(self, path, fields_=None):
        body = json.dumps(fields_).encode() if fields_ else None
        url = f"{self.bench.sandbox}/_sandbox{path}"
        with urllib.request.urlopen(url, body, timeout=TIMEOUT) as answer:
            return json.load(answer)
