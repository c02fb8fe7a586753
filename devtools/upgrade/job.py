"""A database of an older version with documents and payments in every state, upgraded,
and carried on with."""

import json
import re
import time
from collections import Counter
from decimal import Decimal

from ..console import say, timed
from ..errors import DevError
from ..scenario.payments import bank_line
from .judging import IN_DOUBT, Fate, unexplained, unlike
from .rows import compare, read

EXCHANGE_RATE = "euro_per_foreign"
THEIR_BANK, OWN_BANK = "F1", "F2"
BANK_COSTS = 650000
# The current bookyear of the pretend Octopus.
YEAR = 2
ALONE = "743000"  # the account of one kind of document only
INSERT, INSERT_PAYMENT = "insertBuySellBooking", "insertFinancialDiversBooking"
# Long enough for Octopus to process a call.
CALL_SECONDS = 0.5
# How long a pass may take, and after how many that change nothing none is waited for.
PASS_SECONDS, TRIES = 8, 6

# Documents by what becomes of them before the upgrade; all others are booked.
CREDIT = ", credit note"
EXCLUDED = ("export sale",)
BLOCKED = ("several accounts",)
LOST_ANSWER = "line discounts"
LOST_CALL = f"{LOST_ANSWER}{CREDIT}"
KILLED_AFTER = "co-contractor purchase"
KILLED_BEFORE = f"{KILLED_AFTER}{CREDIT}"
BEHIND = ("negative lines", f"negative lines{CREDIT}")
ASKED = ("tax included", "half deductible")
NOT_ASKED = ("not deductible", "zero invoice")
CHANGED, DIFFERS = "down payment settled", "early discount"
DELETED = f"not deductible{CREDIT}"
LATER = {
    *EXCLUDED,
    *BLOCKED,
    LOST_ANSWER,
    LOST_CALL,
    KILLED_AFTER,
    KILLED_BEFORE,
    *BEHIND,
    *ASKED,
    *NOT_ASKED,
}
# Paid by the accountant, in the bank of Octopus: accepted, then taken back, and left
# for a person to accept.
PAID, TAKEN_BACK = "rates mixed", "goods, services, investments"
TO_ACCEPT = ("intra-community sale", "cash rounding")
# Paid in Odoo, in the bank that it keeps.
OWN = "intra-community purchase"
CANCELLED = "co-contractor sale"
DISPUTED = f"intra-community sale{CREDIT}"
LOST_PAYMENT = f"{TAKEN_BACK}{CREDIT}"
PAYMENT_BEHIND = f"cash rounding{CREDIT}"

BOOKINGS = """
    SELECT row.id, row.move_id, row.document_name, row.state, row.cause, row.number,
           row.amount, row.queued, journal.key, bookyear.octopus_id,
           move.amount_residual, currency.name
      FROM octopus_booking AS row
      JOIN account_move AS move ON move.id = row.move_id
      JOIN res_currency AS currency ON currency.id = move.currency_id
 LEFT JOIN octopus_journal_year AS year ON year.id = row.journal_year_id
 LEFT JOIN octopus_journal AS journal ON journal.id = year.journal_id
 LEFT JOIN octopus_bookyear AS bookyear ON bookyear.id = year.bookyear_id
     ORDER BY row.id
"""
PAYMENTS = """
    SELECT row.id, row.payment_id, row.document_name, row.state, row.cause, row.number,
           row.amount, row.match_state, row.reversal_of_id
      FROM octopus_payment AS row ORDER BY row.id
"""
MOVING = """
    SELECT state, cause FROM octopus_booking
     WHERE (queued AND state = 'ready') OR state IN ('waiting', 'sending', 'unknown')
     UNION ALL
    SELECT state, cause FROM octopus_payment
     WHERE state IN ('ready', 'waiting', 'sending', 'unknown', 'reversing')
        OR match_state IN ('todo', 'waiting')
"""
NIGHT = "UPDATE {} SET retry_at = retry_at - interval '12 hours' WHERE id > %s"


class Upgrade:
    """One database.

    :param workspace: today's :class:`~devtools.workspace.Workspace`
    :param database: that the older code has filled so far with nothing but itself
    :param sandbox: the pretend Octopus beside it
    :param login: how Odoo reaches that
    """

    def __init__(self, workspace, database, sandbox, login):
        self.workspace = workspace
        self.database = database
        self.sandbox = sandbox
        self.login = login
        self.is_soap = login["transport"] == "soap"
        self.main = sandbox.ask("/state")["dossiers"][0]
        self.dossier = self.main["id"]
        self.today = sandbox.ask("/state")["today"]
        self.company = None
        self.kinds = {}
        self.payments = {}
        # Keys of what stands in Octopus and did not come from Odoo.
        self.by_hand = [it["key"] for it in self._in_octopus()]
        # Rows of documents and of payments before the upgrade, and what stood in
        # Octopus then.
        self.then = None
        self.stood = set()

    def query(self, statement, *values):
        """Run a query on the database; give its rows as dictionaries."""
        return rows_of(self.workspace.postgres, self.database, statement, *values)

    # With the older code

    def fill(self, steps):
        """Bring documents and payments into every state."""
        self.steps = steps
        with timed("A linked company with documents"):
            self._begin()
        with timed("Documents are booked, paid and changed"):
            self._book()
            self._pay()
            self._change()
        with timed("Some are in doubt, wait, or are blocked"):
            self._doubt_payments()
            self._doubt()
        self.sandbox.ask("/faults", "DELETE")

    def _begin(self):
        steps = self.steps
        steps.connect(**self.login)
        [self.company] = steps.build(
            vat=_plain(self.main["vat_number"]),
            name=self.main["name"],
            iban=self.main["banks"][THEIR_BANK],
        )
        steps.link(company_id=self.company, dossier=self.dossier)
        steps.keep_bank(company_id=self.company, iban=self.main["banks"][OWN_BANK])
        made = steps.write_documents(company_id=self.company, date=self.today)
        self.kinds = {row["kind"]: row["id"] for row in made}
        steps.map_all(company_id=self.company, exchange_rate=EXCHANGE_RATE)
        steps.split_journals(company_id=self.company)

    def _book(self):
        first, *others = [id_ for kind, id_ in self.kinds.items() if kind not in LATER]
        self.steps.send_first(move_id=first)
        self.steps.ask(move_ids=others)
        self._run("push")

    def _pay(self):
        """The accountant pays, and a person in Odoo does."""
        self._receive(PAID)
        self._receive(TAKEN_BACK)
        self._run("pull")
        self.steps.accept_payments(company_ids=[self.company])
        self._run("pull")
        for match in self._ask("matches"):
            if self._key(TAKEN_BACK) in (_document(match[it]) for it in _SIDES):
                sides = {name: match[name] for name in _SIDES}
                self.sandbox.act(self.dossier, "unmatch", **sides)
        self._send_payment(OWN)
        self._send_payment(CANCELLED)
        self._run("pull")
        self.steps.limit_payments(company_id=self.company, limit=1)
        for kind in TO_ACCEPT:
            self._receive(kind)
        self._run("pull")

    def _change(self):
        """Both sides change what is booked."""
        self.steps.change_document(move_id=self.kinds[CHANGED])
        self.sandbox.act(
            self.dossier, "edit", key=self._key(DIFFERS), amount="12345.67"
        )
        last = self._rows()[self.kinds[DELETED]]
        place = {"bookyear": YEAR, "journal": last["key"]}
        self.sandbox.act(self.dossier, "delete_last", **place)
        self._run("pull")
        self.steps.keep_out(move_ids=[self.kinds[kind] for kind in EXCLUDED])

    def _doubt_payments(self):
        """In the bank of Odoo, the accountant books what looks like two payments, of
        which a person says that one of them is another; the answer about a third one is
        lost, and that other stands behind it. One that was sent is cancelled."""
        for kind in (DISPUTED, PAYMENT_BEHIND):
            self._by_hand("pay", journal=OWN_BANK, lines=[self._looks_like(kind)])
        costs = {"account": BANK_COSTS, "amount": "-2.50"}
        self._by_hand("book_line", journal=OWN_BANK, **costs)
        self._send_payment(DISPUTED)
        self._send_payment(PAYMENT_BEHIND)
        self.steps.other_payment(payment_id=self.payments[PAYMENT_BEHIND])
        self._fault(INSERT_PAYMENT, "close", "after")
        self._send_payment(LOST_PAYMENT)
        # Nothing of what is in doubt is resolved by what follows.
        self._fault("*", "status", "before", count=50)
        self.steps.send_payment(payment_id=self.payments[PAYMENT_BEHIND])
        self.steps.cancel_payment(payment_id=self.payments[CANCELLED])
        self._run("push")
        self.sandbox.ask("/faults", "DELETE")

    def _doubt(self):
        self.steps.forget_account(company_id=self.company, code=ALONE)
        self._fault(INSERT, "close", "after")
        self.steps.send_first(move_id=self.kinds[LOST_ANSWER])
        self._fault(INSERT, "close", "before")
        self.steps.send_first(move_id=self.kinds[LOST_CALL])
        for kind, when in ((KILLED_AFTER, "after"), (KILLED_BEFORE, "before")):
            self.sandbox.ask("/faults", "DELETE")
            self._fault(INSERT, "hang", when)
            move_id = self.kinds[kind]
            self.steps.kill_when(self._hangs, "send_first", move_id=move_id)
        # Nothing of what is in doubt is resolved by those that follow.
        self._fault("*", "status", "before", count=50)
        for kind in (*BLOCKED, *BEHIND):
            self.steps.send_first(move_id=self.kinds[kind])
        self.steps.ask(move_ids=[self.kinds[kind] for kind in ASKED])

    def _run(self, name):
        self.steps.run_cron(company_id=self.company, name=name)

    def _fault(self, operation, kind, when, count=1):
        values = {"operation": operation, "when": when, "count": count}
        self.sandbox.ask("/faults", "POST", kind=kind, **values)

    def _hangs(self):
        """Whether a call is in Octopus, and gets no answer."""
        met = self.sandbox.ask("/faults")["met"]
        if met:
            time.sleep(CALL_SECONDS)
        return bool(met)

    def _receive(self, kind):
        """The accountant receives or pays all of a document."""
        line = bank_line(self._facts(kind), {kind: "all"})
        self._by_hand("pay", journal=THEIR_BANK, lines=[line])

    def _by_hand(self, act, **values):
        done = self.sandbox.act(self.dossier, act, date=self.today, **values)
        self.by_hand.append(done["result"])

    def _looks_like(self, kind):
        """Return the line of a booking that a person would take for the payment."""
        line = bank_line(self._facts(kind), {kind: "all"})
        return {**line, "pays": {}, "reference": "by hand"}

    def _facts(self, kind):
        [state] = self.steps.states(move_ids=[self.kinds[kind]])
        [expected] = self.steps.expected(move_ids=[self.kinds[kind]])
        return {kind: {**state, "amount": expected["amount"]}}

    def _send_payment(self, kind):
        """A person pays a document in Odoo, and sends that to Octopus."""
        self.payments[kind] = self.steps.register_payment(
            company_id=self.company, move_ids=[self.kinds[kind]], date=self.today
        )
        self.steps.send_payment(payment_id=self.payments[kind])

    def _key(self, kind):
        return key_of(self._rows()[self.kinds[kind]])

    def _rows(self):
        return {row["move_id"]: row for row in self.query(BOOKINGS)}

    def _payments(self):
        return {row["id"]: row for row in self.query(PAYMENTS)}

    # The upgrade

    def upgrade(self):
        """Upgrade the database; give what that did to its rows."""
        self.then = (self._rows(), self._payments())
        self.stood = {it["key"] for it in self._in_octopus()}
        before = read(self.workspace.postgres, self.database)
        with timed("Upgrade to today's code"):
            self.workspace.databases.update(self.database, "octopus_connector")
        return compare(before, read(self.workspace.postgres, self.database))

    # With today's code

    def go_on(self, steps):
        """Let the scheduled actions work, and people mend what only they can."""
        self.steps = steps
        if self.steps.confirm_database():
            say("Somebody had to say that this is the real database")
        with timed("Scheduled actions go on"):
            self._wait()
            self._mend()
            self._wait()

    def _wake(self):
        """Let the time come at which everything is tried again."""
        postgres = self.workspace.postgres
        for table in ("octopus_booking", "octopus_payment"):
            postgres.query(NIGHT.format(table), 0, database=self.database)
        for name in ("push", "pull"):
            getattr(self.steps, name)(company_ids=[self.company])

    def _mend(self):
        """Do what rows and questions ask a person for."""
        self.steps.map_all(company_id=self.company, exchange_rate=EXCHANGE_RATE)
        self.steps.send_many(move_ids=[self.kinds[kind] for kind in BLOCKED])
        disputed = [
            row["id"]
            for row in self._payments().values()
            if row["cause"] == "payment_disputed"
        ]
        if disputed:
            self.steps.adopt_payments(row_ids=disputed)
        self.steps.accept_payments(company_ids=[self.company])

    def _wait(self):
        """Wait until nothing moves, or passes change nothing any more."""
        before, tries = None, 0
        while tries < TRIES:
            self._wake()
            time.sleep(PASS_SECONDS)
            moving = self.query(MOVING)
            told = Counter(" ".join(filter(None, it.values())) for it in moving)
            say(f"    still moving: {dict(told)}")
            if not moving:
                return
            before, tries = told, tries + 1 if told == before else 0

    # Judgement

    def fates(self) -> tuple[list[Fate], list[str]]:
        """Return what became of each document and payment, and what else is wrong."""
        documents, payments = map(self._ask, ("documents", "payments"))
        rows, paid = self._rows(), self._payments()
        fates = [
            *self._fates_of_documents(rows, documents),
            *self._fates_of_payments(paid, payments),
        ]
        known = {it["key"] for fate in fates for it in fate.found}
        there = [it["key"] for it in self._in_octopus()]
        wrong = unexplained(there, known | set(self.by_hand))
        here = {
            key_of(row): _money(row["amount_residual"])
            for row in rows.values()
            if row["state"] == "booked" and row["name"] == "EUR"
        }
        left = {it["key"]: _money(it["open"]) for it in documents}
        if self.is_soap:
            # A match cannot be taken back there.
            del left[self._key(CANCELLED)]
        return fates, wrong + unlike(here, left)

    def _in_octopus(self):
        return [*self._ask("documents"), *self._ask("payments")]

    def _ask(self, what):
        return self.sandbox.ask(f"/dossiers/{self.dossier}/{what}")

    def _fates_of_documents(self, rows, documents):
        names = {id_: kind for kind, id_ in self.kinds.items()}
        for move_id, row in rows.items():
            before = self.then[0][move_id]
            found = [
                {**it, "number": int(it["key"].rpartition("/")[2])}
                for it in documents
                if names_document(it["comment"], row["document_name"])
            ]
            kind = names.get(move_id, "?")
            name = f"{row['document_name']} {kind}"
            stood = kind == DELETED or key_of(before) in self.stood
            yield Fate(name, self._wanted(kind, before), before, row, found, stood)
        for move_id in self.then[0].keys() - rows.keys():
            raise DevError(f"The row of document {move_id} is lost.")

    def _wanted(self, kind, before):
        if kind in (*NOT_ASKED, *EXCLUDED):
            return before["state"]
        changed = {CHANGED: "changed", DIFFERS: "differs", DELETED: "gone"}
        return changed.get(kind, "booked")

    def _fates_of_payments(self, rows, payments):
        names = {id_: kind for kind, id_ in self.payments.items()}
        for id_, row in rows.items():
            before = self.then[1].get(id_) or {**row, "state": "-", "number": None}
            key = f"{YEAR}/{OWN_BANK}/{row['number']}"
            found = [
                {**it, "number": row["number"]} for it in payments if it["key"] == key
            ]
            kind = names.get(row["payment_id"])
            wanted = "reversed" if kind == CANCELLED else "booked"
            if row["reversal_of_id"]:
                wanted, kind = "booked", f"{CANCELLED}, taken back"
            stood = f"{YEAR}/{OWN_BANK}/{before['number']}" in self.stood
            yield Fate(f"payment: {kind}", wanted, before, row, found, stood)

    def is_told(self) -> list[str]:
        """Return which states the older code did not reach, so that nothing is taken
        for tried that was not."""
        rows, paid = self.then
        states = Counter(row["state"] for row in rows.values())
        of_payments = Counter(row["state"] for row in paid.values())
        wanted = ("ready", "waiting", "blocked", *IN_DOUBT, "booked", "changed")
        wanted += ("differs", "excluded")
        if not self.is_soap:
            # Over SOAP the older code did not see that a booking was deleted.
            wanted += ("gone",)
        return [
            *(f"no document was {state}" for state in wanted if not states[state]),
            *(
                f"no payment was {state}"
                for state in ("waiting", "blocked", "unknown", "booked", "reversing")
                if not of_payments[state]
            ),
        ]


_SIDES = ("debit", "credit")


def rows_of(postgres, database, statement, *values):
    """Run a query; give its rows as ``{column: value}``."""
    wrapped = f"SELECT to_jsonb(t)::text FROM ({statement}) t"
    found = postgres.query(wrapped, *values, database=database)
    return [json.loads(text) for [text] in found]


def names_document(comment, name):
    """Whether a comment in Octopus holds the name of a document.

    >>> names_document("INV/1 seen", "INV/1"), names_document("RINV/1", "INV/1")
    (True, False)
    """
    pattern = rf"(?<![\w/]){re.escape(name)}(?![\w/])"
    return bool(re.search(pattern, comment or ""))


def key_of(row):
    """Return where a row says that its document stands: ``2/V1/15``."""
    return f"{row['octopus_id']}/{row['key']}/{row['number']}"


def _document(line):
    return line.rpartition("/")[0]


def _money(amount):
    return abs(Decimal(str(amount))).quantize(Decimal("0.01"))


def _plain(vat):
    return vat.replace(".", "").replace(" ", "")
