"""What the addon costs in Odoo's own screens: the queries of what a web client asks, in
a database with the addon against one without; and its filters by themselves.

Targets: issue 14. Both databases have the same company and documents, and both servers
and their caches are warm. What a person opens later (the page *Octopus* of an invoice)
has no target: nobody else waits for it.
"""

from contextlib import contextmanager
from statistics import median

from odoo.fields import Command

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding

from devtools.scenario import company as company_parts
from devtools.scenario.session import administrator, open_registry
from devtools.server import OdooServer
from devtools.workspace import Workspace

from . import filters
from .bench import Bench
from .figures import Figure
from .web_client import WebClient

# As many as a list shows, and how many times each screen is asked for.
PAGE, TIMES = 80, 5
VAT, IBAN = "BE0477472701", "BE68539007547034"
PASSWORD = "clerk-of-the-bench"
BOOKKEEPER = ("account.group_account_invoice", "octopus_connector.group_user")
ADMINISTRATOR = (
    *BOOKKEEPER,
    "account.group_account_manager",
    "base.group_system",
    "octopus_connector.group_manager",
)
SALES = [("move_type", "in", ["out_invoice", "out_refund", "out_receipt"])]
LIST, FORM, POST = "invoice list", "invoice form", "posting one invoice"
SETTINGS = "settings"
# How many queries more a screen takes at most. Documents that wait for their turn cost
# two more in a list: whether this is a copy of the database is asked each time.
MOST = {
    f"{LIST}, booked": 1,
    f"{LIST}, some blocked": 1,
    f"{LIST}, some that wait": 3,
    f"{FORM}, booked": 3,
    f"{FORM}, not sent yet": 10,
    f"{FORM}, not sent yet, new contact": 10,
    SETTINGS: 10,
    POST: 3,
    f"{POST} that goes by itself": None,
}
# Without the addon these are one screen.
BARE = {LIST: f"{LIST}, booked", FORM: f"{FORM}, booked", POST: POST}
LATER = ("page Octopus of a form", "page Octopus of the settings")


def measure(bench):
    """Yield what each screen takes more than without the addon, then the filters."""
    with bare_database(bench) as bare:
        without = Screens(bare).count()
    with_it = LinkedScreens(bench).count()
    for name, most in MOST.items():
        bare_queries = without[BARE.get(name.split(",")[0].split(" that")[0], name)]
        yield Figure(f"{name}: without the addon", bare_queries, "queries")
        more = with_it[name] - bare_queries
        yield Figure(f"{name}: more with it", more, "queries", most)
    for name in LATER:
        yield Figure(f"{name}, when it is opened", with_it[name], "queries")
    yield from filters.measure(bench)


@contextmanager
def bare_database(bench):
    """Give a :class:`Bench` of a database without the addon, for a ``with``."""
    databases = Workspace().databases
    name = databases.name("bench_bare")
    databases.copy(databases.template(), name)
    try:
        bare = Bench(open_registry(name), bench.sandbox, bench.login)
        with administrator(bare.registry) as env:
            # With a bank account, as the linked company has.
            bare.company_id = company_parts.build(env, VAT, iban=IBAN).id
            company_parts.partners(env)
        yield bare
    finally:
        databases.drop(name)


class Screens:
    """Odoo's screens of invoices, in a database without the addon.

    :param bench: :class:`~benchmarks.bench.Bench`
    """

    def __init__(self, bench):
        self.bench = bench
        self.counted = {}

    def count(self) -> dict:
        """Return the queries of each screen, by its name."""
        self.make()
        database = self.bench.registry.db_name
        with OdooServer(Workspace(), database, cron_threads=0) as server:
            self.clerk = self.person(server, "clerk", BOOKKEEPER)
            self.administrator = self.person(server, "manager", ADMINISTRATOR)
            self.look()
        return self.counted

    def make(self):
        """Make what the screens show."""
        self.booked = self.bench.documents(PAGE, self.bench.partners(5))
        self.drafts = self.drawn_up(self.bench.partners(1))

    def drawn_up(self, partners):
        """Return as many drafts as are opened, or confirmed, one after another."""
        return self.bench.documents(TIMES + 1, partners, post=False)

    def person(self, server, login, groups):
        """Return the browser of a new user."""
        company = self.bench.company_id
        with administrator(self.bench.registry) as env:
            known = [env.ref(name, raise_if_not_found=False) for name in groups]
            env["res.users"].create(
                {
                    "name": login,
                    "login": login,
                    "password": PASSWORD,
                    "lang": "en_US",
                    "company_id": company,
                    "company_ids": [Command.set([company])],
                    "group_ids": [Command.set([it.id for it in known if it])],
                }
            )
        context = {"lang": "en_US", "allowed_company_ids": [company]}
        return WebClient(server, login, PASSWORD, context)

    def look(self):
        """Open each screen."""
        self.list("booked", self.booked)
        self.form("booked", self.booked)
        self.settings()
        self.post(POST, self.drafts)

    def list(self, name, move_ids):
        """Open the list of invoices."""
        with administrator(self.bench.registry) as env:
            view = env.ref("account.view_out_invoice_tree").id
        asked = {
            "domain": [*SALES, ("id", "in", move_ids)],
            "specification": self.clerk.view("account.move", "list", view),
            "limit": PAGE,
            "count_limit": 10_001,
        }
        self.note(
            f"{LIST}, {name}",
            lambda: self.clerk.call("account.move", "web_search_read", **asked),
        )

    def form(self, name, move_ids):
        """Open invoices one after another."""
        fields = self.clerk.view("account.move", "form")
        self.read(f"{FORM}, {name}", move_ids, fields)

    def read(self, name, move_ids, fields):
        """Read fields of invoices one after another."""
        turns = iter(move_ids)
        self.note(
            name,
            lambda: self.clerk.call(
                "account.move", "web_read", [next(turns)], specification=fields
            ),
        )

    def settings(self):
        """Open the settings."""
        fields = self.administrator.view("res.config.settings", "form")
        self.new_settings(SETTINGS, {}, fields)

    def new_settings(self, name, values, fields):
        """Ask for the values of a page of settings."""
        asked = [[], values, [], fields]
        self.note(
            name,
            lambda: self.administrator.call("res.config.settings", "onchange", *asked),
            self.administrator,
        )

    def post(self, name, move_ids):
        """Confirm invoices one after another."""
        turns = iter(move_ids)
        self.note(
            name,
            lambda: self.clerk.press("account.move", "action_post", [next(turns)]),
        )

    def note(self, name, act, person=None):
        """Do something once so that caches are warm, then several times; keep the
        median of the queries it took."""
        act()
        taken = []
        for _time in range(TIMES):
            act()
            taken.append((person or self.clerk).queries)
        self.counted[name] = median(taken)


class LinkedScreens(Screens):
    """The same with the addon, and the company linked."""

    def make(self):
        super().make()
        self.bench.push(self.booked)
        known = self.bench.partners(1)
        self.bench.push(self.bench.documents(1, known))
        self.unsent = self.bench.documents(TIMES + 1, known)
        self.of_new = self.bench.documents(TIMES + 1, self.bench.partners(TIMES + 1))
        self.by_itself = self.drawn_up(known)

    def look(self):
        super().look()
        self.form("not sent yet", self.unsent)
        self.form("not sent yet, new contact", self.of_new)
        page = dict.fromkeys(("octopus_findings_html", "octopus_ready"), {})
        self.read(LATER[0], self.unsent, page)
        with administrator(self.bench.registry) as env:
            company = env["res.company"].browse(self.bench.company_id)
            dossier = company.octopus_dossier()
            dossier.automatic = True
        given = {"company_id": company.id, "octopus_dossier_id": dossier.id}
        asked = {"octopus_stays_html": {}, **dict.fromkeys(given, {})}
        self.new_settings(LATER[1], given, asked)
        self.post(f"{POST} that goes by itself", self.by_itself)
        self.hold(self.booked[:20], "blocked", codes.DISCOUNT_ACCOUNT_MISSING)
        self.list("some blocked", self.booked)
        self.hold(self.booked[20:40], "waiting", codes.SERVICE_DOWN)
        self.list("some that wait", self.booked)

    def hold(self, move_ids, state, code):
        """Let documents wait, or be blocked."""
        with administrator(self.bench.registry) as env:
            rows = env["account.move"].browse(move_ids).sudo().octopus_booking_ids
            rows.hold(state, [Finding(code, {"direction": "sale"})])
            rows.queued = True
