"""Long readings: what they cost, here and with the code of another revision.

Each revision fills a database of its own beside a pretend Octopus, and reads in a
process of its own.
"""

from __future__ import annotations

from benchmarks.figures import Figure

from .console import timed
from .errors import DevError
from .revisions import checkout
from .sandbox import Sandbox
from .steps_process import Steps

MATCHES, BOOKINGS = 50_000, 100_000
MEGABYTE = 1 << 20
# Megabytes of memory, and processor time against the other revision.
MOST_FOR_MATCHES, MOST_FOR_BOOKINGS, MOST_RATIO = 20, 30, 0.75
INCOME = 700000
BANK, SALE = "F1", "rates mixed"
# Operation, and name of its list: of the one with matches, of the one with bookings.
LISTS = {
    "rest": (
        ("getModifiedBalancingRelations", "modifiedBalancings"),
        ("getModifiedBuySellBookings", ""),
    ),
    "soap": (
        ("getModifiedBalancingRelations", "modifiedBalancingArray"),
        ("getModifiedBuySellBookings", "modifiedBuySellBookingArray"),
    ),
}
BESIDE = ("benchmarks/reading_steps.py", "devtools/scenario/__main__.py")


def measure(workspace, transport: str, revision: str):
    """Yield the figures.

    :param transport: ``rest`` or ``soap``
    :param revision: of this repository, that is measured as well
    """
    ours = _read(workspace, workspace, "reading", transport)
    for name, most in (("matches", MOST_FOR_MATCHES), ("bookings", MOST_FOR_BOOKINGS)):
        yield Figure(_memory(name), ours[name]["grown"] / MEGABYTE, "MB", most)
    older = workspace.at(checkout(workspace, revision, BESIDE))
    theirs = _read(workspace, older, "reading_older", transport)
    for name in ("matches", "bookings"):
        title = f"{_memory(name)}, {revision}"
        yield Figure(title, theirs[name]["grown"] / MEGABYTE, "MB")
        spent = [it[name]["processor"] for it in (ours, theirs)]
        yield Figure(f"processor time, {_TITLES[name]}", spent[0], "seconds")
        ratio = spent[0] / spent[1]
        yield Figure(f"against {revision}, {_TITLES[name]}", ratio, "times")
    ratio = _processor(ours) / _processor(theirs)
    name = f"processor time of both readings against {revision}"
    yield Figure(name, ratio, "times", MOST_RATIO)


_TITLES = {
    "matches": f"first feed of {MATCHES} matches",
    "bookings": f"{BOOKINGS} bookings of journals read again",
}


def _memory(name):
    return f"more memory, {_TITLES[name]}"


def _processor(readings):
    return sum(reading["processor"] for reading in readings.values())


def _read(workspace, code, purpose, transport):
    """Return what each reading cost.

    :param code: the workspace whose code reads
    :param purpose: for the name of the database
    """
    databases = code.databases
    database = workspace.databases.name(purpose)
    with timed(f"Database {purpose}"):
        source = databases.with_addon(workspace.databases.name(f"{purpose}_addon"))
        databases.copy(source, database)
    try:
        with Sandbox(workspace, switches={"quota": "off"}) as sandbox:
            readings = _Readings(sandbox, code, database)
            readings.fill(sandbox.login(transport))
            return readings.measure(*LISTS[transport])
    finally:
        databases.drop(database)


class _Readings:
    """The readings of one revision. Each is measured in a process of its own: what one
    took of memory, another would find there.

    :param sandbox: the pretend Octopus
    :param code: the workspace whose code reads
    :param database: with the addon
    """

    def __init__(self, sandbox, code, database):
        self.sandbox = sandbox
        self.code = code
        self.database = database
        self.company = None

    def _steps(self):
        return Steps(self.code, self.database, ["benchmarks.reading_steps"])

    def fill(self, login):
        """Link a company, send a document, and let the accountant act."""
        dossier = self.sandbox.ask("/state")["dossiers"][0]
        today = self.sandbox.ask("/state")["today"]
        vat = dossier["vat_number"].replace(".", "").replace(" ", "")
        with self._steps() as steps:
            steps.connect(**login)
            [self.company] = steps.build(
                vat=vat, name=dossier["name"], iban=dossier["banks"][BANK]
            )
            steps.link(company_id=self.company, dossier=dossier["id"])
            made = steps.write_documents(company_id=self.company, date=today)
            steps.map_all(company_id=self.company, exchange_rate="euro_per_foreign")
            [sale] = [it["id"] for it in made if it["kind"] == SALE]
            row = steps.send_first(move_id=sale)
            [expected] = steps.expected(move_ids=[sale])
        self._act(dossier["id"], today, row, expected["amount"])

    def _act(self, dossier, today, row, amount):
        """Let the accountant book a sale by hand, which is what is copied, and receive
        what the document asks for."""
        self.sandbox.act(
            dossier,
            "book",
            journal=row["journal"],
            date=today,
            relation=row["relation"],
            account=INCOME,
            base="100",
            vat_code="21",
            vat="21",
            comment="By hand",
        )
        key = f"{row['bookyear']}/{row['journal']}/{row['number']}"
        line = {
            "type": "C",
            "relation": row["relation"],
            "amount": amount,
            "pays": {key: amount},
        }
        self.sandbox.act(dossier, "pay", journal=BANK, date=today, lines=[line])

    def measure(self, matches, bookings):
        """Return what each reading cost, checked by what it kept.

        :param matches: operation and name of the list; ``bookings`` likewise
        """
        first_feed = self._read(matches, MATCHES)
        if first_feed["matches"] != MATCHES:
            raise DevError(f"{first_feed['matches']} of {MATCHES} matches were kept.")
        self._read(bookings, BOOKINGS)
        again = self._read(bookings, BOOKINGS)
        # A few are in journals in which nothing is sent from here.
        if again["entries"] < BOOKINGS * 0.99:
            raise DevError(f"{again['entries']} of {BOOKINGS} bookings were kept.")
        return {"matches": first_feed, "bookings": again}

    def _read(self, where, count):
        """Read once while one list of the pretend Octopus is long."""
        operation, name = where
        with self._steps() as steps:
            self.sandbox.ask("/copies", "DELETE")
            # Whatever a process does once only is done.
            steps.warm_up(company_id=self.company)
            self.sandbox.ask(
                "/copies", "POST", operation=operation, name=name, count=count
            )
            return steps.read(company_id=self.company)
