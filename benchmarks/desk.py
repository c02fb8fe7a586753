"""The overview after a long history, beside a page of Odoo's own: queries and time.

Target: issue 16, *Proof*. The documents are copies, made in SQL; both pages are asked
of a running server as the web client asks, whose caches are warm.
"""

import threading
import time
from statistics import median

from odoo.fields import Command

from odoo.addons.octopus_connector.core import codes

from devtools.scenario.session import administrator
from devtools.server import OdooServer
from devtools.workspace import Workspace

from .figures import Figure
from .queue import Filler
from .web_client import WebClient

FEW, BOOKED, WAITING = 50, 100_000, 5_000
# So many a day, all through the past year.
DAYS = 250
TIMES = 11
MOST_MILLISECONDS = 300
# Of the cards of one page of Invoicing's own dashboard.
MOST_QUERIES_OF_CARDS = 10
LOGIN, PASSWORD = "desk", "desk-of-the-bench"
GROUPS = ("octopus_connector.group_manager", "base.group_partner_manager")
# What of the waiting is held, and by what: some for each whose turn it can be.
CAUSES = (
    codes.PARTNER_MISSING,
    codes.TAX_NOT_MAPPED,
    codes.PERIOD_PROTECTED,
    codes.SERVICE_DOWN,
)
LINKED = [("company_ids", "!=", False)]
VIEW = "octopus_connector.octopus_desk_view_kanban"


def measure(bench):
    """Yield what the overview costs with few documents and with many; then the cards
    of Invoicing's dashboard.

    What is measured besides with the same documents, such as a report of a period, is
    yielded here, after the documents were made.
    """
    pages = Pages(bench)
    pages.make()
    few = pages.look()
    pages.grow()
    many = pages.look()
    yield from _of_overview(few, many)
    yield from _of_cards(few, many)


def _of_overview(few, many):
    told = f"overview, {BOOKED} booked, {WAITING} waiting"
    beyond = many["overview"].milliseconds - many["Odoo's own"].milliseconds
    yield Figure(f"{told}: time", many["overview"].milliseconds, "ms")
    yield Figure("a page of Odoo's own: time", many["Odoo's own"].milliseconds, "ms")
    yield Figure(f"{told}: beyond Odoo's own", beyond, "ms", MOST_MILLISECONDS)
    yield Figure(f"{told}: queries", many["overview"].queries, "queries")
    grown = many["overview"].queries - few["overview"].queries
    yield Figure(f"{told}: more than with {FEW}", grown, "queries", 0)


def _of_cards(few, many):
    told = f"cards of Invoicing's dashboard, {BOOKED} booked, {WAITING} waiting"
    queries = many["cards"].queries
    yield Figure(f"{told}: more", queries, "queries", MOST_QUERIES_OF_CARDS)
    yield Figure(f"{told}: more", many["cards"].milliseconds, "ms", MOST_MILLISECONDS)
    grown = queries - few["cards"].queries
    yield Figure(f"{told}: more than with {FEW}", grown, "queries", 0)


class Taken:
    """What something takes, as the median of several times.

    :param act: what is done
    :param count: gives the queries that it took
    """

    def __init__(self, act, count):
        act()
        seconds, queries = [], []
        for _time in range(TIMES):
            start = time.perf_counter()
            act()
            seconds.append(time.perf_counter() - start)
            queries.append(count())
        self.milliseconds = 1_000 * median(seconds)
        self.queries = median(queries)


class Pages:
    """The pages of one person, whose company has few documents and then many.

    :param bench: :class:`~benchmarks.bench.Bench`
    """

    def __init__(self, bench):
        self.bench = bench
        [sample] = bench.documents(1, bench.partners(1))
        bench.push([sample])
        self.copies = Filler(bench, sample)

    def make(self):
        """Make a few documents, and who looks."""
        with administrator(self.bench.registry) as env:
            env["res.users"].create(
                {
                    "name": LOGIN,
                    "login": LOGIN,
                    "password": PASSWORD,
                    "company_id": self.bench.company_id,
                    "company_ids": [Command.set([self.bench.company_id])],
                    "group_ids": [Command.set([env.ref(it).id for it in GROUPS])],
                }
            )
        self.add(FEW, FEW)

    def grow(self):
        """Make many."""
        self.add(BOOKED - FEW, WAITING - FEW)

    def add(self, booked, waiting):
        """Make documents, of which some wait for each whose turn it can be."""
        self.copies.add(booked, "booked")
        self.copies.add(waiting, "ready")
        with administrator(self.bench.registry) as env:
            env.cr.execute(
                """
                UPDATE octopus_booking
                   SET state = 'blocked', waiting_since = now() AT TIME ZONE 'utc',
                       cause = (%s::text[])[1 + id %% %s], queued = TRUE
                 WHERE state = 'ready' AND id %% 5 > 0
                """,
                [list(CAUSES), len(CAUSES)],
            )
            env.cr.execute(
                "UPDATE octopus_booking SET sent_at = sent_at"
                " - (id %% %s) * INTERVAL '1 day' WHERE state = 'booked'",
                [DAYS],
            )
            env.cr.execute(
                "UPDATE account_move AS move SET octopus_state = row.state"
                " FROM octopus_booking AS row WHERE row.id = move.octopus_booking_id"
                " AND row.state = 'blocked'"
            )
        with self.bench.registry.cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute("VACUUM ANALYZE account_move, octopus_booking")

    def look(self) -> dict:
        """Return what each page takes, by its name."""
        database = self.bench.registry.db_name
        context = {"lang": "en_US", "allowed_company_ids": [self.bench.company_id]}
        with OdooServer(Workspace(), database, cron_threads=0) as server:
            client = WebClient(server, LOGIN, PASSWORD, context)
            return {
                "overview": self.page(client, "octopus.dossier", LINKED, VIEW),
                # As many records, of a model that counts nothing.
                "Odoo's own": self.page(client, "res.company", []),
                "cards": self.cards(context),
            }

    def page(self, client, model, domain, view=None):
        """Return what the cards of a model take.

        :param view: XML id of the view, if it is not the model's first
        """
        with administrator(self.bench.registry) as env:
            view_id = env.ref(view).id if view else False
        asked = {
            "domain": domain,
            "specification": client.view(model, "kanban", view_id),
            "limit": 40,
        }
        return Taken(
            lambda: client.call(model, "web_search_read", **asked),
            lambda: client.queries,
        )

    def cards(self, context):
        """Return what the addon adds to the data of all journals."""
        counter = threading.current_thread()
        with administrator(self.bench.registry) as env:
            user = env["res.users"].search([("login", "=", LOGIN)])
            journals = env["account.journal"].with_user(user).with_context(**context)
            journals = journals.search([])

            def act():
                env.invalidate_all()
                # As Odoo's own data do before.
                journals.mapped("company_id.name")
                journals.mapped("type")
                counter.query_count, counter.query_time = 0, 0
                journals._octopus_fill_dashboard_data({it: {} for it in journals.ids})

            return Taken(act, lambda: counter.query_count)
