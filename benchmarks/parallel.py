"""Several dossiers side by side: how much faster several cron workers are than one.

Target: issue 3, *Speed*. The workers are Odoo's own, as processes of their own; each
dossier has its scheduled action.
"""

import time
from datetime import timedelta

from odoo import fields

from devtools.scenario import steps
from devtools.scenario.session import administrator
from devtools.server import OdooServer
from devtools.workspace import Workspace

from .figures import Figure

DOCUMENTS = 50
LATENCY = 100
WORKERS = (1, 4)
# Four workers are at least three times as fast as one.
MOST_RATIO = 1 / 3
PATIENCE = timedelta(minutes=5).total_seconds()


def measure(bench):
    """Yield the seconds of one worker and of four, and their ratio."""
    companies = [bench.company_id, *branches(bench)]
    partners = bench.partners(1)
    for company in companies:
        # The first document makes the customer known, which others need not wait for.
        bench.push(bench.documents(1, partners, company))
    crons = leave_only_pushes(bench)
    bench.latency(LATENCY)
    seconds = {}
    for count in WORKERS:
        moves = [
            move
            for company in companies
            for move in bench.documents(DOCUMENTS, partners, company)
        ]
        seconds[count] = _send(bench, count, crons, moves)
        name = f"{len(companies)} dossiers of {DOCUMENTS} documents, {count} workers"
        yield Figure(name, seconds[count], "seconds")
    one, several = (seconds[count] for count in WORKERS)
    name = "time of {1} workers against {0}".format(*WORKERS)
    yield Figure(name, several / one, "times", MOST_RATIO)


def branches(bench):
    """Link a branch with each other dossier of the login; give the branches' ids."""
    made = []
    with administrator(bench.registry) as env:
        dossiers = env["octopus.dossier"].search([("company_ids", "=", False)])
        facts = [(it.octopus_id, it.name, it.vat_number or "") for it in dossiers]
        parent = env["res.company"].browse(bench.company_id)
        for _number, name, vat in facts:
            branch = steps.company_parts.branch(env, parent, name, vat.replace(".", ""))
            made.append(branch.id)
    for branch_id, (number, _name, _vat) in zip(made, facts, strict=True):
        with administrator(bench.registry) as env:
            steps.link(env, branch_id, number, files="none")
            steps.map_all(env, branch_id, "euro_per_foreign")
    return made


def leave_only_pushes(bench):
    """Switch every other scheduled action off; give the ids of those that send."""
    with administrator(bench.registry) as env:
        crons = env["octopus.dossier"].sudo().search([]).push_cron_id
        others = env["ir.cron"].sudo().search([("id", "not in", crons.ids)])
        others.write({"active": False})
        crons.nextcall = fields.Datetime.now() + timedelta(days=1)
        env["ir.cron.trigger"].sudo().search([]).unlink()
        return crons.ids


def _send(bench, workers, crons, move_ids):
    """Wake all scheduled actions at once; give the seconds until all is booked.

    :raises RuntimeError: when it takes too long
    """
    with administrator(bench.registry) as env:
        rows = env["account.move"].browse(move_ids)._octopus_queue(env.user)
        env["ir.cron.trigger"].sudo().search([]).unlink()
        domain = [("id", "in", rows.ids), ("state", "!=", "booked")]
    # In processes, as in production: threads would share one processor.
    server = OdooServer(
        Workspace(), bench.registry.db_name, cron_threads=workers, workers=1
    )
    with server:
        with administrator(bench.registry) as env:
            for cron in env["ir.cron"].sudo().browse(crons):
                cron._trigger()
        start = time.perf_counter()
        while time.perf_counter() - start < PATIENCE:
            with administrator(bench.registry) as env:
                left = env["octopus.booking"].search_count(domain)
            if not left:
                return time.perf_counter() - start
            time.sleep(0.1)
    raise RuntimeError(f"{left} documents are not booked after {PATIENCE} seconds")
