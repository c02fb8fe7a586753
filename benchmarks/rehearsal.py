"""The rehearsal of twelve months: time, memory, and that nothing is called or left.

Target: issue 15. The documents are copies of one, made in SQL, of many contacts that
Octopus does not know; a part of them is on an account that is not mapped.
"""

import threading
import time

from devtools.scenario import company as company_parts
from devtools.scenario.session import administrator

from .figures import Figure
from .queue import MEGABYTE, Filler, Memory
from .scheduled import run_scheduled

DOCUMENTS, FEW, CONTACTS, UNMAPPED = 10_000, 2_000, 1_000, 900
MOST_SECONDS, MOST_MEGABYTES, MOST_CHOICE = 300, 60, 10
# Of the longer rehearsal beyond the shorter one: what grows with the documents.
MOST_GROWTH = 10
ACCOUNT = "798765"
CRON = "octopus_connector.cron_rehearse"


def measure(bench):
    """Yield seconds and memory of a short and a long rehearsal, then of a choice."""
    partners = bench.partners(CONTACTS)
    [sample] = bench.documents(1, partners[:1])
    fill = Filler(bench, sample)
    grown, made = {}, 0
    for size in (FEW, DOCUMENTS):
        fill.add(size - made - (0 if made else 1), "ready")
        made = size
        spread(bench, partners)
        before = left(bench)
        with Memory() as memory:
            seconds, queries = rehearse(bench)
        grown[size] = memory.grown / MEGABYTE
        told = result(bench)
        most = MOST_SECONDS if size == DOCUMENTS else None
        yield Figure(f"rehearsing {size} documents", seconds, "seconds", most)
        yield Figure(f"rehearsing {size} documents, each", queries / size, "queries")
        yield Figure("documents that were looked at", told["done"], "", size, True)
        yield Figure("documents that something stops", told["stopped"], "", UNMAPPED)
        after = left(bench)
        yield Figure("calls that were made", after["calls"] - before["calls"], "", 0)
        rows = abs(after["rows"] - before["rows"]) + after["queued"] - before["queued"]
        yield Figure("rows of the outbox that were left", rows, "", 0)
    name = f"memory of the worker, growth over {DOCUMENTS} documents"
    yield Figure(name, grown[DOCUMENTS], "MB", MOST_MEGABYTES)
    name = f"the same, beyond that over {FEW} documents"
    yield Figure(name, grown[DOCUMENTS] - grown[FEW], "MB", MOST_GROWTH)
    seconds, score = choose(bench)
    name = f"a choice for {UNMAPPED} documents, until the score is there"
    yield Figure(name, seconds, "seconds", MOST_CHOICE)
    yield Figure("score after it", score, "%", 100, True)


def spread(bench, partner_ids):
    """Give the copies contacts and dates of their own, and some an account that nobody
    mapped. In SQL: it is not what is measured."""
    with administrator(bench.registry) as env:
        company = env["res.company"].browse(bench.company_id)
        accounts = env["account.account"].with_company(company)
        account = accounts.search([("code", "=", ACCOUNT)], limit=1)
        if not account:
            account = accounts.create(
                {"code": ACCOUNT, "name": "Unmapped", "account_type": "income"}
            )
        env.flush_all()
        env.cr.execute(
            "UPDATE account_move SET date = CURRENT_DATE - (id %% 300)::int,"
            " partner_id = (%(ids)s)[1 + id %% %(count)s],"
            " commercial_partner_id = (%(ids)s)[1 + id %% %(count)s]"
            " WHERE state = 'posted' AND company_id = %(company)s",
            {
                "ids": partner_ids,
                "count": len(partner_ids),
                "company": bench.company_id,
            },
        )
        known = company_parts.account(company.root_id, "700000")
        # The document that is copied may have got it before.
        for account_id, count in ((known.id, DOCUMENTS), (account.id, UNMAPPED)):
            env.cr.execute(
                "UPDATE account_move_line SET account_id = %s"
                " WHERE display_type = 'product' AND move_id IN"
                " (SELECT id FROM account_move WHERE state = 'posted'"
                " AND company_id = %s ORDER BY id LIMIT %s)",
                [account_id, bench.company_id, count],
            )
        env.invalidate_all()
    bench._tidy()


def rehearse(bench):
    """Press the button, and let the scheduled action work to its end; return seconds
    and queries."""
    with administrator(bench.registry) as env:
        company = env["res.company"].browse(bench.company_id)
        company.action_rehearse()
        cron = env.ref(CRON)
    counter = threading.current_thread()
    counter.query_count, counter.query_time = 0, 0
    start = time.perf_counter()
    run_scheduled(bench.registry.db_name, cron.id)
    return time.perf_counter() - start, counter.query_count


def result(bench):
    """Return what the rehearsal says."""
    with administrator(bench.registry) as env:
        found = env["octopus.rehearsal"].search([], limit=1)
        if found.state != "done":
            raise RuntimeError(f"The rehearsal goes on: {found.score_text}")
        return {"done": found.done_count, "stopped": found.stopped_count}


def left(bench):
    """Return how many calls and rows there are."""
    with administrator(bench.registry) as env:
        rows = env["octopus.booking"].sudo()
        return {
            "calls": env["octopus.call"].sudo().search_count([]),
            "rows": rows.search_count([]),
            "queued": rows.search_count([("queued", "=", True)]),
        }


def choose(bench):
    """Choose the account that is missing, as a person does; return the seconds, and the
    score."""
    with administrator(bench.registry) as env:
        [line] = env["octopus.rehearsal.line"].search([("kind", "=", "account")])
        accounts = line.dossier_id.account_ids
        start = time.perf_counter()
        line.octopus_account_id = accounts.filtered(lambda it: it.number == 700000)
        env.flush_all()
        score = line.rehearsal_id.score
        return time.perf_counter() - start, score
