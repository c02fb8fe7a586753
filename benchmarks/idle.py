"""Many dossiers on one server in which nothing is due: what an hour costs, how long
another module's scheduled action waits, and what the watchdog costs.

Targets: issue 14. Scheduled actions run as the scheduler runs them, each as often as
its interval says; the wait is that for Odoo's own cron workers, as processes.
"""

import threading
import time
from collections import Counter
from datetime import timedelta

from odoo import fields

from odoo.addons.base.models.ir_cron import IrCron
from odoo.addons.octopus_connector.call_log import TOKENS
from odoo.addons.octopus_connector.sync.mirror import OVERLAP
from odoo.addons.octopus_connector.sync.scheduled import CRONS, SHARED

from devtools.scenario.session import administrator
from devtools.server import OdooServer
from devtools.workspace import Workspace

from .figures import Figure
from .office import Office

FEW, MANY, OFFICE = 30, 200, 500
MOST_QUERIES, MOST_SECONDS = 15_000, 10
MOST_WATCH = 5
MOST_WAIT = 5
LATENCY, WORKERS = 100, 2
HOUR = timedelta(hours=1)
# While all are due the other action is called so often, so far apart.
CALLS, APART = 5, 4.0
PATIENCE = timedelta(minutes=3).total_seconds()
NAMES = {
    "push_cron_id": "sending",
    "pull_cron_id": "reading payments",
    "refresh_cron_id": "refreshing",
    "cron_wake": "looking for what is due",
    "cron_watch": "watching",
    "cron_compare": "comparing both sides",
    "cron_contacts": "matching contacts",
}


def measure(bench):
    """Yield what the watchdog costs, then an hour, then the wait."""
    [sample] = bench.documents(1, bench.partners(1))
    bench.push([sample])
    with administrator(bench.registry) as env:
        # What is read first is no hour like any other.
        company = env["res.company"].browse(bench.company_id)
        crons = company.octopus_dossier().sudo().crons().ids
    office = Office(bench, sample)
    Runs(bench.registry).run(crons)
    for count in (FEW, MANY, OFFICE):
        dossiers = office.grow(count)
        yield watchdog(bench, count)
        if count == MANY:
            yield from idle_hour(bench, dossiers, MOST_QUERIES, MOST_SECONDS)
    yield from idle_hour(bench, dossiers)
    yield from wait(bench, dossiers)


def watchdog(bench, count):
    """Return what watching so many dossiers costs."""
    runs = Runs(bench.registry)
    watch = runs.shared("cron_watch")
    # The first time there is something to tell.
    runs.run([watch])
    cost = runs.run([watch])
    name = f"watchdog, processor time a dossier, {count} dossiers"
    return Figure(name, cost["processor"] / count * 1000, "ms", MOST_WATCH)


class Runs:
    """Runs scheduled actions in this process, as the scheduler does."""

    def __init__(self, registry):
        self.registry = registry

    def shared(self, name):
        """Give the id of a scheduled action of all dossiers."""
        with administrator(self.registry) as env:
            return env.ref(f"octopus_connector.{name}").id

    def run(self, cron_ids) -> Counter:
        """Run them one after another; give ``queries``, ``seconds`` and
        ``processor``, in seconds."""
        # A token lives for ten minutes, and these runs are an hour apart.
        TOKENS.clear()
        counter = threading.current_thread()
        counter.query_count, counter.query_time = 0, 0
        wall, processor = time.perf_counter(), time.process_time()
        for cron_id in cron_ids:
            with self.registry.cursor() as cr:
                job = IrCron._acquire_one_job(cr, cron_id, include_not_ready=True)
                self.registry["ir.cron"]._process_job(cr, job)
        return Counter(
            queries=counter.query_count,
            seconds=time.perf_counter() - wall,
            processor=time.process_time() - processor,
        )


def idle_hour(bench, dossiers, most_queries=None, most_seconds=None):
    """Yield what an hour costs: all that runs in it, and a share of what runs daily."""
    runs, total = Runs(bench.registry), Counter()
    with administrator(bench.registry) as env:
        pulls = env["octopus.dossier"].sudo().browse(dossiers).pull_cron_id.ids
    # What both sides were never compared of is compared the first time.
    runs.run(pulls)
    _an_hour_later(bench, dossiers)
    with administrator(bench.registry) as env:
        rows = env["octopus.dossier"].sudo().browse(dossiers)
        actions = {field: rows[field].ids for field in CRONS}
        # The others have no mirror that could be refreshed.
        actions["refresh_cron_id"] = rows[:1].refresh_cron_id.ids
        for name in SHARED:
            actions[name] = env.ref(f"octopus_connector.{name}").ids
        crons = {key: env["ir.cron"].browse(ids) for key, ids in actions.items()}
        every = {
            key: timedelta(**{same[:1].interval_type: same[:1].interval_number})
            for key, same in crons.items()
        }
    for key, ids in actions.items():
        times = HOUR / every[key] * (1 if key in SHARED else len(dossiers) / len(ids))
        cost = runs.run(ids)
        share = {what: amount * times for what, amount in cost.items()}
        total.update(share)
        name = f"idle hour of {len(dossiers)} dossiers, {NAMES[key]}"
        yield Figure(name, share["queries"], "queries")
    name = f"idle hour of {len(dossiers)} dossiers"
    yield Figure(name, total["queries"], "queries", most_queries)
    # Of a worker on a machine that has nothing else to do: what others take of it is
    # not what the dossiers cost.
    processor = total["processor"]
    yield Figure(f"{name}, processor time", processor, "seconds", most_seconds)
    yield Figure(f"{name}, time", total["seconds"], "seconds")


def _an_hour_later(bench, dossiers):
    """Let what was told before be told no more: reading begins an hour before the last
    time, and all was made just now."""
    with administrator(bench.registry) as env:
        later = fields.Datetime.now() + OVERLAP
        env["octopus.dossier"].sudo().browse(dossiers).write(
            {"bookings_since": later, "balancings_since": later}
        )


def wait(bench, dossiers):
    """Yield how long another module's scheduled action waits while all are due."""
    other = _only_pulls(bench, dossiers)
    bench.latency(LATENCY)
    server = OdooServer(
        Workspace(), bench.registry.db_name, cron_threads=WORKERS, workers=1
    )
    waits, open_there = [], []
    with server:
        _all_due(bench, dossiers)
        _call(bench, other, waits)
        for _again in range(CALLS - 1):
            open_there.append(_connections(bench))
            time.sleep(APART)
            _call(bench, other, waits)
        left = _count_due(bench, dossiers)
    bench.latency(0)
    if not left:
        raise RuntimeError("All were done before the last call: it waited for nothing.")
    name = f"wait of another action, {len(dossiers)} dossiers due, {LATENCY} ms"
    yield Figure(f"{name}, longest of {CALLS}", max(waits), "seconds", MOST_WAIT)
    yield Figure(f"{name}, mean", sum(waits) / CALLS, "seconds")
    name = f"connections with PostgreSQL, {WORKERS} cron workers that read"
    yield Figure(name, max(open_there), "connections")


def _only_pulls(bench, dossiers):
    """Switch off all but what reads payments, and make another module's action; give
    the id of that."""
    with administrator(bench.registry) as env:
        pulls = env["octopus.dossier"].sudo().browse(dossiers).pull_cron_id
        env["ir.cron"].search([("id", "not in", pulls.ids)]).active = False
        pulls.nextcall = fields.Datetime.now() + timedelta(days=1)
        env["ir.cron.trigger"].sudo().search([]).unlink()
        other = env["ir.cron"].create(
            {
                "name": "Another module",
                "model_id": env["ir.model"]._get_id("res.users"),
                "state": "code",
                "code": "pass",
                "interval_number": 1,
                "interval_type": "days",
                "nextcall": fields.Datetime.now() + timedelta(days=1),
            }
        )
        return other.id


def _all_due(bench, dossiers):
    with administrator(bench.registry) as env:
        for dossier in env["octopus.dossier"].sudo().browse(dossiers):
            dossier.pull_cron_id._trigger()


def _connections(bench):
    """Give how many connections there are, but for the one that asks."""
    with bench.registry.cursor() as cr:
        cr.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND (datname = current_database() OR query LIKE 'LISTEN%')"
        )
        return cr.fetchone()[0]


def _count_due(bench, dossiers):
    with bench.registry.cursor() as cr:
        cr.execute(
            "SELECT count(DISTINCT it.cron_id) FROM ir_cron_trigger AS it"
            " JOIN octopus_dossier AS dossier ON dossier.pull_cron_id = it.cron_id"
            " WHERE dossier.id = ANY(%s)",
            [dossiers],
        )
        return cr.fetchone()[0]


def _call(bench, cron_id, waits):
    """Call a scheduled action, and note the seconds until it has run."""
    with administrator(bench.registry) as env:
        env["ir.cron"].browse(cron_id)._trigger()
    start = time.perf_counter()
    while time.perf_counter() - start < PATIENCE:
        with bench.registry.cursor() as cr:
            cr.execute("SELECT 1 FROM ir_cron_trigger WHERE cron_id = %s", [cron_id])
            if not cr.fetchone():
                waits.append(time.perf_counter() - start)
                return
        time.sleep(0.05)
    raise RuntimeError(f"The other action did not run in {PATIENCE} seconds")
