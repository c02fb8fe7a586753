"""The report of both sides: the first comparison of 20,000 documents, and what opening
it costs with 100,000 that are booked and 5,000 that wait.

Targets: issue 16, *The desk*. Documents, rows of the outbox and what Octopus has of
them are copies of one document that was sent and read, made in SQL. Screens are asked
for by a web client of a running server, the list of Odoo's own invoices among them.
"""

import threading
import time
from statistics import median

from odoo.addons.octopus_connector.sync.both_sides import BothSides
from odoo.addons.octopus_connector.sync.compare_entries import Comparison

from devtools.scenario.session import administrator
from devtools.server import OdooServer
from devtools.workspace import Workspace

from .figures import Figure
from .filters import milliseconds
from .queue import MEGABYTE, Filler, Memory
from .scheduled import run_scheduled
from .screens import BOOKKEEPER, PAGE, SALES, TIMES, Screens

FEW, FIRST, BOOKED, WAITING = 5_000, 20_000, 100_000, 5_000
MOST_SECONDS, MOST_MEGABYTES, MOST_GROWTH = 300, 100, 20
MOST_OPENING, MOST_FINDING = 1.0, 1000
CRON = "octopus_connector.cron_compare"
HEADER, ROW = "octopus.comparison", "octopus.comparison.row"


def measure(bench):
    """Yield the first comparison, then what screens cost with few and many."""
    partners = bench.partners(5)
    [sample] = bench.documents(1, partners)
    bench.push([sample])
    read(bench)
    fill = Filler(bench, sample)
    yield from first_comparison(bench, fill)
    few = Opened(bench).look()
    fill.add(BOOKED - FIRST, "booked")
    fill.add(WAITING, "ready")
    stand(bench)
    compare(bench)
    many = Opened(bench).look()
    yield from told(few, many)
    yield from changed(bench)


def read(bench):
    """Read what Octopus has of the document that is copied."""
    with administrator(bench.registry) as env:
        dossier = env["res.company"].browse(bench.company_id).octopus_dossier()
        Comparison(dossier).run()


def first_comparison(bench, fill):
    """Yield seconds and memory of comparing few documents, then many more."""
    grown, made = {}, 0
    for size in (FEW, FIRST):
        fill.add(size - made, "booked")
        stand(bench)
        with Memory() as memory:
            seconds, queries = compare(bench)
        grown[size] = memory.grown / MEGABYTE
        count, made = size - made, size
        most = MOST_SECONDS if size == FIRST else None
        yield Figure(f"first comparison of {count} documents", seconds, "seconds", most)
        yield Figure(f"first comparison of {count}, each", queries / count, "queries")
    with administrator(bench.registry) as env:
        equal = env[ROW].search_count([("kind", "=", "equal")])
    yield Figure("documents that are equal", equal, "", FIRST, True)
    name = f"memory of the worker, growth over {FIRST - FEW} documents"
    yield Figure(name, grown[FIRST], "MB", MOST_MEGABYTES)
    name = f"the same, beyond that over {FEW} documents"
    yield Figure(name, grown[FIRST] - grown[FEW], "MB", MOST_GROWTH)


def stand(bench):
    """Spread the copies over a year, and let Octopus have each as it was sent. In SQL:
    it is not what is measured."""
    with administrator(bench.registry) as env:
        env.cr.execute(
            """
            UPDATE account_move AS move
               SET date = place.day, invoice_date = place.day
              FROM (SELECT booking.move_id,
                           year.date_start + (booking.number %% 360) AS day
                      FROM octopus_booking AS booking
                      JOIN octopus_bookyear AS year ON year.id = booking.bookyear_id
                     WHERE booking.document_name LIKE 'COPY/%%'
                       AND booking.state = 'booked') AS place
             WHERE place.move_id = move.id AND move.date <> place.day
            """,
            [],
        )
        env.cr.execute(
            """
            INSERT INTO octopus_journal_entry
                   (journal_year_id, dossier_id, journal_id, journal_type, number,
                    octopus_number, relation_octopus_id, document_date, currency_code,
                    amount, comment, reference, deleted, read_at, data, booking_id)
            SELECT booking.journal_year_id, booking.dossier_id, booking.journal_id,
                   sample.journal_type, booking.number, booking.octopus_number,
                   sample.relation_octopus_id, move.date, sample.currency_code,
                   sample.amount, booking.document_name, NULL, FALSE, sample.read_at,
                   sample.data || jsonb_build_object(
                       'number', booking.number,
                       'bookyear_id', year.octopus_id,
                       'document_date', move.date::text,
                       'period', period.number,
                       'comment', booking.document_name),
                   booking.id
              FROM octopus_booking AS booking
              JOIN account_move AS move ON move.id = booking.move_id
              JOIN octopus_bookyear AS year ON year.id = booking.bookyear_id
              JOIN octopus_period AS period
                   ON period.bookyear_id = year.id
                  AND move.date BETWEEN period.date_start AND period.date_end,
                   (SELECT * FROM octopus_journal_entry
                     WHERE booking_id IS NOT NULL ORDER BY id LIMIT 1) AS sample
             WHERE booking.document_name LIKE 'COPY/%%' AND booking.state = 'booked'
               AND NOT EXISTS (SELECT FROM octopus_journal_entry AS known
                                WHERE known.booking_id = booking.id)
            """,
            [],
        )
        env.cr.execute(
            """
            UPDATE octopus_booking AS booking SET payload = entry.data
              FROM octopus_journal_entry AS entry
             WHERE entry.booking_id = booking.id
               AND booking.document_name LIKE 'COPY/%%'
               AND booking.payload <> entry.data
            """,
            [],
        )
        env.cr.execute(
            "UPDATE octopus_booking SET state = 'waiting', cause = 'service_down'"
            " WHERE document_name LIKE 'COPY/%%' AND state = 'ready'",
            [],
        )
        env.invalidate_all()
    with bench.registry.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(
            "VACUUM ANALYZE account_move, octopus_booking, octopus_journal_entry"
        )


def compare(bench):
    """Let the scheduled action work to its end; return seconds and queries."""
    with administrator(bench.registry) as env:
        cron = env.ref(CRON)
        cron._trigger()
    counter = threading.current_thread()
    counter.query_count, counter.query_time = 0, 0
    start = time.perf_counter()
    run_scheduled(bench.registry.db_name, cron.id)
    seconds = time.perf_counter() - start
    with administrator(bench.registry) as env:
        dossier = env["res.company"].browse(bench.company_id).octopus_dossier()
        if left := BothSides(dossier).count_stale():
            raise RuntimeError(f"{left} documents are not compared")
    with bench.registry.cursor() as cr:
        cr._cnx.autocommit = True
        cr.execute(
            "VACUUM ANALYZE octopus_comparison, octopus_comparison_row,"
            " octopus_comparison_amount"
        )
    return seconds, counter.query_count


class Opened(Screens):
    """The report in a browser: queries and seconds of each screen."""

    people = 0

    def look(self) -> dict:
        """Return ``{screen: (queries, seconds)}``."""
        database = self.bench.registry.db_name
        with OdooServer(Workspace(), database, cron_threads=0) as server:
            Opened.people += 1
            login = f"reader{Opened.people}"
            self.clerk = self.person(server, login, BOOKKEEPER)
            self.open("Odoo's own list of invoices", "account.move", SALES)
            self.note(
                "menu: what changed is compared",
                lambda: self.clerk.call(HEADER, "action_open"),
            )
            self.open("periods of journals", HEADER, [])
            header = self.fullest()
            place = ["|"]
            place += [(f"{it}_comparison_id", "=", header) for it in ("here", "there")]
            self.open("documents of a period", ROW, place)
            fields = self.clerk.view(HEADER, "form")
            self.note(
                "a period, with its VAT codes",
                lambda: self.clerk.call(
                    HEADER, "web_read", [header], specification=fields
                ),
            )
        return self.counted

    def fullest(self):
        """Return the period with most documents."""
        with administrator(self.bench.registry) as env:
            groups = env[ROW]._read_group(
                [("there_comparison_id", "!=", False)],
                ["there_comparison_id"],
                ["__count"],
                order="__count DESC",
                limit=1,
            )
            return groups[0][0].id

    def open(self, name, model, domain):
        """Open a list."""
        asked = {
            "domain": domain,
            "specification": self.clerk.view(model, "list"),
            "limit": PAGE,
            "count_limit": 10_001,
        }
        self.note(name, lambda: self.clerk.call(model, "web_search_read", **asked))

    def note(self, name, act, person=None):
        """Do something once so that caches are warm, then several times; keep the
        medians of its queries and seconds."""
        act()
        queries, seconds = [], []
        for _time in range(TIMES):
            start = time.perf_counter()
            act()
            seconds.append(time.perf_counter() - start)
            queries.append((person or self.clerk).queries)
        self.counted[name] = median(queries), median(seconds)


def told(few, many):
    """Yield seconds beyond Odoo's own page, and that queries are constant."""
    own, *screens = many
    yield Figure(own, many[own][1], "seconds")
    for name in screens:
        queries, seconds = many[name]
        beyond = max(seconds - many[own][1], 0)
        yield Figure(name, seconds, "seconds")
        yield Figure(f"{name}: beyond Odoo's own", beyond, "seconds", MOST_OPENING)
        yield Figure(name, queries, "queries")
        more = queries - few[name][0]
        yield Figure(f"{name}: more than with {FIRST}", more, "queries", 0)


def changed(bench):
    """Yield what it takes to compare one document that changed."""
    with administrator(bench.registry) as env:
        [move] = env[ROW].search([("kind", "=", "equal")], limit=1).move_id
        move.write({"invoice_date_due": move.invoice_date})
    with administrator(bench.registry) as env:
        dossier = env["res.company"].browse(bench.company_id).octopus_dossier()
        start = time.perf_counter()
        done, _left = BothSides(dossier).update()
        seconds = time.perf_counter() - start
        found = milliseconds(env, BothSides(dossier).count_stale)
    yield Figure("documents compared after one changed", done, "", 1)
    yield Figure("comparing it", seconds, "seconds")
    name = f"finding what changed among {BOOKED + WAITING}, by PostgreSQL's clock"
    yield Figure(name, found, "ms", MOST_FINDING)
