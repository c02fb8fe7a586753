"""A long queue after a long history: what choosing and preparing costs, and memory.

Target: issue 3, *Speed*. The history and the queue are copies of one document, made in
SQL; what is measured is what runs in a pass before the first document leaves.
"""

import os
import threading
import time

from odoo.tools import SQL

from odoo.addons.octopus_connector.api.quota import DAILY_LIMITS

from devtools.scenario.session import administrator

from .bench import INSERT
from .figures import Figure

READY = 5_000
HISTORIES = (1_000, 100_000)
BATCH = 50
MOST_SECONDS, MOST_MEGABYTES = 1, 100
MEGABYTE = 1 << 20
FILLED = (
    "account_move",
    "account_move_line",
    "account_move_line_account_tax_rel",
    "octopus_booking",
)


def measure(bench):
    """Yield queries and seconds after a short and a long history, then memory."""
    partners = bench.partners(1)
    [sample] = bench.documents(1, partners)
    bench.push([sample])
    fill = Filler(bench, sample)
    fill.add(READY, "ready")
    queries, booked = {}, 0
    for size in HISTORIES:
        fill.add(size - booked, "booked")
        booked = size
        queries[size], seconds = choose(bench)
        name = f"choosing and preparing, {READY} ready, {size} booked"
        yield Figure(name, seconds, "seconds", MOST_SECONDS)
        yield Figure(name, queries[size], "queries")
    few, many = (queries[size] for size in HISTORIES)
    name = "choosing and preparing, growth from {} to {} booked".format(*HISTORIES)
    yield Figure(name, many - few, "queries", 0)
    grown, seconds = send_all(bench)
    yield Figure(f"sending {READY} documents", seconds / READY, "s a document")
    name = f"memory of the worker, growth over {READY} documents"
    yield Figure(name, grown / MEGABYTE, "MB", MOST_MEGABYTES)


def choose(bench):
    """Return queries and seconds of what comes before the first document leaves."""
    with administrator(bench.registry) as env:
        dossier = env["res.company"].browse(bench.company_id).octopus_dossier()
        rows = env["octopus.booking"].sudo()
        counter = threading.current_thread()
        counter.query_count, counter.query_time = 0, 0
        start = time.perf_counter()
        work = rows.octopus_kind().new_pass(dossier)
        work.choose()
        due = work.due
        prepared = due[:BATCH].move_id.octopus_prepare()
        seconds = time.perf_counter() - start
        if len(due) != READY or any(it.stops for it in prepared.values()):
            raise RuntimeError(f"{len(due)} documents are due: {prepared}")
        return counter.query_count, seconds


def send_all(bench):
    """Send the whole queue; return how far memory rose above the start, in bytes, and
    the seconds."""
    # The pretend Octopus has no daily limits here, so neither has the addon.
    DAILY_LIMITS.pop(INSERT)
    memory = Memory()
    start = time.perf_counter()
    with memory, administrator(bench.registry) as env:
        dossier = env["res.company"].browse(bench.company_id).octopus_dossier()
        run = env["octopus.booking"].push(dossier)
        if run.counts != {"booked": READY}:
            raise RuntimeError(f"Not all are booked: {run.counts} {run.problem}")
    return memory.grown, time.perf_counter() - start


class Memory:
    """How far this process's resident memory rises during a ``with`` statement."""

    def __enter__(self):
        self._start = self._highest = resident()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(0.5):
            self._highest = max(self._highest, resident())

    @property
    def grown(self) -> int:
        """In bytes."""
        return self._highest - self._start


def resident() -> int:
    """Return the resident memory of this process, in bytes."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Filler:
    """Copies one document that was sent, with its items and its row of the outbox.

    :param bench: :class:`~benchmarks.bench.Bench`
    :param sample: id of the document
    """

    def __init__(self, bench, sample):
        self.bench = bench
        self.sample = sample
        self.made = 0

    def add(self, count, state):
        """Add documents that are ``ready``, asked for, or ``booked`` last year."""
        with administrator(self.bench.registry) as env:
            self.env = env
            first, self.made = self.made + 1, self.made + count
            self._forget_references()
            env.cr.execute(
                SQL(
                    "CREATE TEMPORARY TABLE copies ON COMMIT DROP AS"
                    " SELECT nextval('account_move_id_seq')::int AS id, number"
                    " FROM generate_series(%s, %s) AS number",
                    first,
                    self.made,
                )
            )
            self._copy_moves()
            self._copy_items()
            self._copy_rows(state)
        with self.bench.registry.cursor() as cr:
            cr._cnx.autocommit = True
            cr.execute("ANALYZE account_move, account_move_line, octopus_booking")

    def _forget_references(self):
        """Copies refer to what is there: checking each reference takes minutes, and the
        database is thrown away."""
        self.env.cr.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
            [list(FILLED)],
        )
        for table, name in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s DROP CONSTRAINT %s",
                    SQL.identifier(table),
                    SQL.identifier(name),
                )
            )

    def _copy_moves(self):
        changed = {
            "id": SQL("copies.id"),
            "name": SQL("'COPY/' || copies.number"),
            "sequence_prefix": SQL("'COPY/'"),
            "sequence_number": SQL("copies.number"),
            "octopus_booking_id": SQL("NULL"),
        }
        self._copy("account_move", changed, SQL("source.id = %s", self.sample))

    def _copy_items(self):
        """Copy the items, then their taxes by item and copy."""
        items = self.env["account.move"].browse(self.sample).line_ids
        for item in items:
            self.env.cr.execute(
                "ALTER TABLE copies ADD COLUMN IF NOT EXISTS item int;"
                "UPDATE copies SET item = nextval('account_move_line_id_seq')"
            )
            changed = {
                "id": SQL("copies.item"),
                "move_id": SQL("copies.id"),
                "move_name": SQL("'COPY/' || copies.number"),
            }
            self._copy("account_move_line", changed, SQL("source.id = %s", item.id))
            self.env.cr.execute(
                "INSERT INTO account_move_line_account_tax_rel"
                " (account_move_line_id, account_tax_id)"
                " SELECT copies.item, tax.id FROM copies, unnest(%s::int[]) AS tax(id)",
                [item.tax_ids.ids],
            )

    def _copy_rows(self, state):
        row = self.env["account.move"].browse(self.sample).octopus_booking_id
        changed = {
            "id": SQL("nextval('octopus_booking_id_seq')"),
            "move_id": SQL("copies.id"),
            "document_name": SQL("'COPY/' || copies.number"),
            "state": SQL("%s", state),
            "run_id": SQL("NULL"),
        }
        if state == "ready":
            nothing = ("number", "payload", "sent_at", "journal_year_id", "journal_id")
            changed |= dict.fromkeys((*nothing, "octopus_number"), SQL("NULL"))
        else:
            # In a bookyear in which nothing is sent: no number is in the way.
            past = row.journal_id.year_ids.sorted(
                lambda year: year.bookyear_id.date_end
            )
            changed |= {
                "number": SQL("copies.number"),
                "journal_year_id": SQL("%s", past[:1].id),
                "bookyear_id": SQL("%s", past[:1].bookyear_id.id),
            }
        self._copy("octopus_booking", changed, SQL("source.id = %s", row.id))
        self.env.cr.execute(
            "UPDATE account_move SET octopus_booking_id = row.id,"
            " octopus_state = row.state, octopus_number = row.octopus_number"
            " FROM octopus_booking AS row, copies"
            " WHERE row.move_id = account_move.id AND copies.id = account_move.id"
        )

    def _copy(self, table, changed, where):
        """Insert a copy of a row for each of ``copies``, with some columns changed."""
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = current_schema"
            " AND is_generated = 'NEVER'",
            [table],
        )
        columns = [name for (name,) in self.env.cr.fetchall()]
        values = [
            changed.get(name) or SQL("source.%s", SQL.identifier(name))
            for name in columns
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(columns)s)"
                " SELECT %(values)s FROM %(table)s AS source, copies WHERE %(where)s",
                table=SQL.identifier(table),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(values),
                where=where,
            )
        )
