"""Several machines with one PostgreSQL: two servers of Odoo share the dossiers, and one
of them is killed while it sends.

Target: issue 14. Each is a server of its own, with its own log; Odoo's scheduler takes
a scheduled action by a row lock, so that no other worker of any machine has it. The
books of the pretend Octopus say what was sent twice.
"""

import json
import os
import signal
import time
import urllib.request
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal

from devtools.scenario.session import administrator
from devtools.server import OdooServer
from devtools.workspace import Workspace

from .figures import Figure
from .parallel import branches, leave_only_pushes

DOCUMENTS, LATENCY = 15, 100
# One is killed when so much is booked.
KILLED_AT = 1 / 3
# The busier of the two has no more than that share of the dossiers.
MOST_SHARE = 0.75
# A worker that hears of nothing looks each minute.
MOST_DELAY = 90
PATIENCE = timedelta(minutes=4).total_seconds()
STARTED = "Job 'Octopus: send to "


def measure(bench):
    """Yield how the dossiers were shared, and what the death of a server did."""
    companies = [bench.company_id, *branches(bench)]
    partners = bench.partners(1)
    for company in companies:
        # The first document makes the customer known, which others need not wait for.
        bench.push(bench.documents(1, partners, company))
    crons = leave_only_pushes(bench)
    moves = [
        move
        for company in companies
        for move in bench.documents(DOCUMENTS, partners, company)
    ]
    with administrator(bench.registry) as env:
        rows = env["account.move"].browse(moves)._octopus_queue(env.user).ids
        env["ir.cron.trigger"].sudo().search([]).unlink()
    bench.latency(LATENCY)
    servers = [
        OdooServer(Workspace(), bench.registry.db_name, cron_threads=1, workers=1)
        for _number in range(2)
    ]
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(server)
        with administrator(bench.registry) as env:
            for cron in env["ir.cron"].sudo().browse(crons):
                cron._trigger()
        _wait_for(bench, rows, len(rows) * KILLED_AT)
        in_flight = _wait_until_sending(bench, servers[1])
        os.killpg(servers[1].process.pid, signal.SIGKILL)
        shared = [_dossiers_of(server) for server in servers]
        start = time.perf_counter()
        _wait_for(bench, rows, len(rows))
        delay = time.perf_counter() - start
    bench.latency(0)
    shared = [set(names) for names in shared]
    share = max(map(len, shared)) / len(set().union(*shared))
    yield Figure("two servers, dossiers of the busier one", share, "share", MOST_SHARE)
    name = "two servers, in flight when one is killed"
    yield Figure(name, in_flight, "documents")
    name = "two servers, one killed, until the other has sent all"
    yield Figure(name, delay, "seconds", MOST_DELAY)
    yield from _compare(bench, moves)


def _dossiers_of(server):
    """Return the names of the dossiers that a server began to send to, by its log, the
    last one last."""
    text = server.log.read_text(errors="replace")
    return [
        part.split("'")[0]
        for line in text.splitlines()
        for part in line.split(STARTED)[1:]
        if line.rstrip().endswith("starting")
    ]


def _wait_until_sending(bench, server):
    """Wait until a document of the dossier that a server is at travels to Octopus; give
    how many do.

    :raises RuntimeError: when it takes too long
    """
    start = time.perf_counter()
    while time.perf_counter() - start < PATIENCE:
        [current] = _dossiers_of(server)[-1:] or [None]
        with bench.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM octopus_booking AS row"
                " JOIN octopus_dossier AS dossier ON dossier.id = row.dossier_id"
                " WHERE row.state = 'sending' AND dossier.name = %s",
                [current],
            )
            [count] = cr.fetchone()
        if count:
            return count
        time.sleep(0.01)
    raise RuntimeError(f"{server.url} sends nothing")


def _states(bench, row_ids):
    with administrator(bench.registry) as env:
        return dict(
            env["octopus.booking"]
            .sudo()
            ._read_group([("id", "in", row_ids)], ["state"], ["__count"])
        )


def _wait_for(bench, row_ids, count):
    """Wait until so many documents are booked.

    :raises RuntimeError: when it takes too long
    """
    start = time.perf_counter()
    while time.perf_counter() - start < PATIENCE:
        states = _states(bench, row_ids)
        if states.get("booked", 0) >= count:
            return
        time.sleep(0.1)
    raise RuntimeError(f"Not booked after {PATIENCE} seconds: {states}")


def _compare(bench, move_ids):
    """Yield what the books of Octopus have otherwise than Odoo."""
    with administrator(bench.registry) as env:
        moves = env["account.move"].browse(move_ids)
        sent = {
            (move.octopus_booking_id.dossier_id.octopus_id, move.name): Decimal(
                f"{move.amount_total:.2f}"
            )
            for move in moves
        }
    found = {}
    for number in {number for number, _name in sent}:
        for document in _ask(bench, f"/dossiers/{number}/documents"):
            key = number, document["comment"]
            found.setdefault(key, []).append(Decimal(document["amount"]))
    twice = sum(len(found.get(key, ())) > 1 for key in sent)
    missing = sum(key not in found for key in sent)
    there = sum(sum(found.get(key, ())) for key in sent)
    yield Figure("two servers, one killed, documents booked twice", twice, "", 0)
    yield Figure("two servers, one killed, documents missing", missing, "", 0)
    difference = abs(there - sum(sent.values()))
    name = "two servers, one killed, difference of the sums"
    yield Figure(name, float(difference), "EUR", 0)
    problems = sum(len(it["problems"]) for it in _ask(bench, "/audit").values())
    yield Figure("two servers, one killed, problems in the books", problems, "", 0)


def _ask(bench, path):
    with urllib.request.urlopen(
        f"{bench.sandbox}/_sandbox{path}", timeout=60
    ) as answer:
        return json.load(answer)
