"""Reading payments: nothing new, 200 new ones, and a first feed of 50,000.

Targets: issue 4, *Speed*. The history is made in SQL; its last 10,000 documents are
open, the others are paid.
"""

import io
import json
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import requests
from urllib3 import HTTPResponse

from odoo import fields

from odoo.addons.octopus_connector.sync.payments.pull import pull as pull_payments

from devtools.scenario.session import administrator

from .figures import Figure
from .queue import MEGABYTE, Filler, Memory

BOOKED, OPEN = 100_000, 10_000
NEW = 200
ROWS = (12_500, 50_000)
MOST_QUERIES, MOST_MILLISECONDS = 19, 150
MOST_CALLS, MOST_RATIO = 2, 1.3
MOST_GROWTH, MOST_MEGABYTES = 1.3, 200
FEED = "/balancings/modified"
BANK = "F1"


def measure(bench):
    """Yield the figures of the three cases."""
    partners = bench.partners(5)
    [sample] = bench.documents(1, partners)
    bench.push([sample])
    follow(bench)
    Filler(bench, sample).add(BOOKED, "booked")
    settle_history(bench)
    pull(bench)  # ties the history to the matches there are, once
    yield from nothing_new(bench)
    yield from new_matches(bench, partners)
    yield from first_feed(bench)


def follow(bench):
    """Let payments be kept in Octopus, as a person accepted already."""
    with administrator(bench.registry) as env:
        company = env["res.company"].browse(bench.company_id)
        company.octopus_payment_owner = "octopus"
        company.octopus_payments_accepted = True


def settle_history(bench):
    """Let all but the last documents of the history be paid."""
    with bench.registry.cursor() as cr:
        cr.execute(
            """
            WITH paid AS (
                UPDATE account_move AS move
                   SET payment_state = 'paid', amount_residual = 0,
                       amount_residual_signed = 0
                  FROM octopus_booking AS row
                 WHERE row.move_id = move.id AND move.name LIKE 'COPY/%%'
                   AND row.number <= %s
                RETURNING move.id)
            UPDATE account_move_line AS line
               SET amount_residual = 0, amount_residual_currency = 0,
                   reconciled = TRUE
              FROM paid
             WHERE line.move_id = paid.id AND line.display_type = 'payment_term'
            """,
            [BOOKED - OPEN],
        )
    with bench.registry.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute("ANALYZE account_move, account_move_line, octopus_booking")


def pull(bench):
    """Read payments once as the scheduled action does, without the second witness.

    :return: (seconds, queries, calls, seconds that the calls took)
    """
    with administrator(bench.registry) as env:
        env["octopus.call"].sudo().search([]).unlink()
        dossier = _dossier(env, bench)
        dossier.open_items_at = fields.Datetime.now()
    with administrator(bench.registry) as env, asking() as asked:
        dossier = _dossier(env, bench)
        counter = threading.current_thread()
        counter.query_count, counter.query_time = 0, 0
        start = time.perf_counter()
        pull_payments(dossier)
        seconds = time.perf_counter() - start
        queries = counter.query_count
    with administrator(bench.registry) as env:
        calls = (
            env["octopus.call"]
            .sudo()
            .search_count([("operation", "not in", ("authenticate", "open_dossier"))])
        )
    return seconds, queries, calls, sum(asked)


def nothing_new(bench):
    """Yield what a reading costs that finds nothing."""
    done = [pull(bench) for _time in range(3)]
    seconds, queries, calls, waited = min(done, key=lambda it: it[0] - it[3])
    name = f"nothing new, {BOOKED} booked, {OPEN} open"
    yield Figure(f"calls, {name}", calls, "calls", 1)
    yield Figure(f"queries, {name}", queries, "queries", MOST_QUERIES)
    beyond = (seconds - waited) * 1000
    yield Figure(f"beyond the call, {name}", beyond, "ms", MOST_MILLISECONDS)


def new_matches(bench, partners):
    """Yield what new matches cost against Odoo's own *register payment*."""
    mine = bench.documents(NEW, partners)
    theirs = bench.documents(NEW, partners)
    bench.push(theirs)
    receive(bench, theirs)
    odoo = register(bench, mine)
    seconds, _queries, calls, _waited = pull(bench)
    check_paid(bench, theirs)
    name = f"{NEW} new matches, {OPEN} open"
    yield Figure(f"calls, {name}", calls, "calls", MOST_CALLS)
    ratio = seconds / odoo
    yield Figure(f"against Odoo's register payment, {name}", ratio, "times", MOST_RATIO)


def register(bench, move_ids):
    """Register payments of documents as Odoo's button does; give the seconds."""
    with administrator(bench.registry) as env:
        company = env["res.company"].browse(bench.company_id)
        journal = company.octopus_clearing_journal_id
        start = time.perf_counter()
        wizard = (
            env["account.payment.register"]
            .with_company(company)
            .with_context(active_model="account.move", active_ids=move_ids)
            .create({"journal_id": journal.id, "group_payment": False})
        )
        payments = wizard._create_payments()
        env.flush_all()
        seconds = time.perf_counter() - start
        if len(payments) != NEW:
            raise RuntimeError(f"{len(payments)} payments were registered")
    return seconds


def receive(bench, move_ids):
    """Let the accountant receive what documents ask for, a line each."""
    with administrator(bench.registry) as env:
        rows = env["account.move"].browse(move_ids).octopus_booking_id
        lines = [
            {
                "type": "C",
                "relation": row.relation_id.octopus_id,
                "amount": f"{row.amount:.2f}",
                "pays": {
                    f"{row.bookyear_id.octopus_id}/{row.journal_id.key}"
                    f"/{row.number}": f"{row.amount:.2f}"
                },
            }
            for row in rows
        ]
        number = rows.dossier_id.octopus_id
    answer = requests.post(
        f"{bench.sandbox}/_sandbox/dossiers/{number}/acts/pay",
        json={
            "journal": BANK,
            "date": fields.Date.today().isoformat(),
            "lines": lines,
        },
        timeout=60,
    )
    answer.raise_for_status()


def check_paid(bench, move_ids):
    with administrator(bench.registry) as env:
        moves = env["account.move"].browse(move_ids)
        if set(moves.mapped("payment_state")) != {"paid"}:
            raise RuntimeError(f"Not all are paid: {moves.mapped('payment_state')}")


def first_feed(bench):
    """Yield what a first feed costs: time by row, and memory."""
    by_row = {}
    for size in ROWS:
        with bench.registry.cursor() as cr:
            cr.execute("DELETE FROM octopus_balancing")
        with administrator(bench.registry) as env:
            _dossier(env, bench).sudo().balancings_since = False
        with feed_of(size), Memory() as memory:
            seconds, *_others = pull(bench)
        with administrator(bench.registry) as env:
            kept = env["octopus.balancing"].search_count([])
        if kept != size:
            raise RuntimeError(f"{kept} of {size} rows were kept")
        by_row[size] = seconds / size
        yield Figure(f"first feed of {size} rows", seconds, "seconds")
    few, many = (by_row[size] for size in ROWS)
    name = "time by row, {1} rows against {0}".format(*ROWS)
    yield Figure(name, many / few, "times", MOST_GROWTH)
    name = f"memory, first feed of {ROWS[-1]} rows"
    yield Figure(name, memory.grown / MEGABYTE, "MB", MOST_MEGABYTES)


@contextmanager
def asking():
    """Give the seconds of each request, for a ``with`` statement."""
    seconds = []
    send = requests.Session.send

    def timed(session, request, **options):
        start = time.perf_counter()
        try:
            return send(session, request, **options)
        finally:
            seconds.append(time.perf_counter() - start)

    with patch.object(requests.Session, "send", timed):
        yield seconds


@contextmanager
def feed_of(size):
    """Let Octopus answer the feed with that many matches of documents that are not
    ours: the sandbox's own books hold no such many."""
    send = requests.Session.send
    rows = [match(number) for number in range(1, size + 1)]
    text = json.dumps({"modifiedBalancings": rows}).encode()
    del rows

    def answer(session, request, **options):
        if FEED not in request.url:
            return send(session, request, **options)
        body = HTTPResponse(
            io.BytesIO(text),
            headers={"Content-Type": "application/json"},
            status=200,
            preload_content=False,
        )
        return session.get_adapter(request.url).build_response(request, body)

    with patch.object(requests.Session, "send", answer):
        yield


def match(number):
    """Return a match as the contract writes it (api.md §4.9)."""
    day = fields.Date.today() - timedelta(days=number % 300)
    return {
        "type": {"type": "C", "relationKey": {"id": 1 + number % 50}},
        "creditBalancedBookingAmount": 121.0,
        "debetBalancedBookingAmount": 0.0,
        "debetDocument": side(
            "V1", 1_000_000 + number, -1, day, debetBookingAmount=121.0
        ),
        "creditDocument": side("F1", number, 1, day, creditBookingAmount=121.0),
    }


def side(journal, number, line, day, **amounts):
    return {
        "balancingKey": {
            "bookyearKey": {"id": 2},
            "journalKey": journal,
            "documentSequenceNr": number,
            "lineSequenceNr": line,
        },
        "documentDate": day.isoformat(),
        "currencyCode": "EUR",
        "exchangeRate": 1.0,
        **amounts,
    }


def _dossier(env, bench):
    return env["res.company"].browse(bench.company_id).octopus_dossier()
