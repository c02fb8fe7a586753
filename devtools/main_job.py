"""The main job, walked from nothing to paid documents without a person.

``./dev demo --check`` walks it with the pretend Octopus, ``./dev e2e`` with any server
that speaks Octopus's language: nothing here knows which one it is. A running Odoo does
the work with its own scheduled actions; we only press the buttons a person would.
"""

import time
from collections import Counter
from dataclasses import dataclass, field

from .console import say
from .scenario.judging import differences, key_of, payment_difference

POLL_SECONDS = 3
# Without any document moving on.
PATIENCE_SECONDS = 240
UNDER_WAY = ("none", "ready", "sending", "unknown", "waiting")


@dataclass
class Document:
    """What was expected of a document, where it stands and what is wrong with it."""

    id: int
    kind: str
    state: dict = field(default_factory=dict)
    expected: dict = field(default_factory=dict)
    found: dict | None = None
    wanted_payment: str = "not_paid"
    wrong: list = field(default_factory=list)

    def facts(self) -> dict:
        """What the reports show."""
        state = self.state
        return {
            "kind": self.kind,
            "odoo_number": state["odoo_number"],
            "dossier": state["dossier"],
            "journal": state["journal"],
            "bookyear": state["bookyear"],
            "number": state["number"],
            "relation": state["relation"],
            "sale": state["sale"],
            "amount": self.expected.get("amount"),
            "octopus_amount": self.found and self.found["amount"],
            "currency": self.expected.get("currency"),
            "state": state["state"],
            "payment_state": state["payment_state"],
            "wrong": self.wrong,
        }


class MainJob:
    """The job on one database.

    :param steps: :class:`~devtools.steps_process.Steps` on the server's database
    :param login: web service, address, software house, user and password of the server
    :param tell: shows a line of progress to a person
    """

    def __init__(self, steps, login, tell=say):
        self.steps = steps
        self.login = login
        self.tell = tell
        self.documents: dict[int, Document] = {}
        self.paid: list[str] = []

    # Before anything is sent

    def connect(self) -> list[dict]:
        """Log in and list the dossiers."""
        return self.steps.connect(**self.login)

    def link(self, company_id, **options):
        """Link a company with its dossier, which is read then."""
        found = self.steps.link(company_id=company_id, **options)
        self.tell(f"Linked with {found['name']}")

    def write(self, company_id, **options):
        """Post the documents of a company."""
        made = self.steps.write_documents(company_id=company_id, **options)
        for row in made:
            self.documents[row["id"]] = Document(row["id"], row["kind"])
        self.tell(f"{len(made)} documents are posted")
        return [row["id"] for row in made]

    def map(self, company_id, exchange_rate):
        """Accept the proposals, and say what had to be chosen besides."""
        told = self.steps.map_all(company_id=company_id, exchange_rate=exchange_rate)
        for sentence in told:
            self.tell(f"    chosen: {sentence}")

    # Sending

    def send(self, company_id, ids, by_itself):
        """Send one document with its button, the rest through the scheduled action.

        :param by_itself: switch the automatic sending on; else ask for them in the list
        """
        first, *rest = ids
        state = self.steps.send_first(move_id=first)
        self.tell(f"First document: {state['state']} {'; '.join(state['findings'])}")
        if by_itself and state["state"] == "booked":
            self.steps.send_by_itself(company_id=company_id)
        else:
            self.steps.send_many(move_ids=rest)

    def wait_until_sent(self):
        """Wait while scheduled actions work and documents move on."""

        def under_way():
            return [
                document
                for document in self.documents.values()
                if document.state["state"] in UNDER_WAY
            ]

        self.wait(under_way, "sent")

    def choose_for_untaxed_lines(self):
        """Choose once what documents wait for of which Octopus refused lines without
        VAT code, and wait until they are sent."""
        told = self.steps.choose_for_untaxed_lines(move_ids=list(self.documents))
        for sentence in told:
            self.tell(f"    chosen: {sentence}")
        if told:
            self.wait_until_sent()

    def wait(self, left, what):
        """Wait until nothing is left, or nothing has moved on for a long time.

        :param left: function that gives what is left
        :param what: is to become of it, for people
        """
        before, since = None, time.monotonic()
        while True:
            self._look()
            waiting = left()
            states = Counter(it.state["state"] for it in self.documents.values())
            now = (len(waiting), states)
            if now != before:
                before, since = now, time.monotonic()
                self.tell(f"    {len(waiting)} still to be {what}; {dict(states)}")
            if not waiting or time.monotonic() - since > PATIENCE_SECONDS:
                return
            time.sleep(POLL_SECONDS)

    def _look(self):
        for state in self.steps.states(move_ids=list(self.documents)):
            self.documents[state["id"]].state = state

    # Payments

    def document(self, kind) -> Document:
        """The document of a kind, of the first company that has one."""
        return next(it for it in self.documents.values() if it.kind == kind)

    def want(self, payment_states):
        """Say what the accountant did: the payment state of each kind.

        :return: ``{kind: facts}`` of those documents
        """
        self._expect()
        named = {kind: self.document(kind) for kind in payment_states}
        for kind, wanted in payment_states.items():
            named[kind].wanted_payment = wanted
        return {kind: document.facts() for kind, document in named.items()}

    def payable(self) -> list[Document]:
        """The customer invoices in euro that are booked and have something to pay."""
        self._expect()
        return [
            document
            for document in self.documents.values()
            if document.state["sale"]
            and document.state["state"] == "booked"
            and document.expected["currency"] == "EUR"
            and float(document.expected["amount"]) > 0
        ]

    def wait_until_paid(self, company_ids):
        """Wake the scheduled actions that read payments, accept the first ones as a
        person does, and wait for what we want."""
        self.steps.pull(company_ids=company_ids)

        def unpaid():
            self.steps.accept_payments(company_ids=company_ids)
            return [
                document
                for document in self.documents.values()
                if payment_difference(document.state, document.wanted_payment)
            ]

        self.wait(unpaid, "as the accountant left them")

    # Judgement

    def judge(self) -> int:
        """Read everything back from Octopus; give how many documents are not right."""
        self._look()
        self._expect()
        found = {key_of(row): row for row in self._read_back()}
        for document in self.documents.values():
            document.found = found.get(key_of(document.state))
            document.wrong = differences(
                document.state, document.expected, document.found
            )
            unpaid = payment_difference(document.state, document.wanted_payment)
            document.wrong += [unpaid] if unpaid else []
        return sum(bool(document.wrong) for document in self.documents.values())

    def _expect(self):
        for expected in self.steps.expected(move_ids=list(self.documents)):
            document = self.documents[expected["id"]]
            document.expected = expected
            if not float(expected["amount"]):
                document.wanted_payment = "paid"  # there is nothing to pay

    def _read_back(self):
        journals = {
            key_of(it.state)[:3]
            for it in self.documents.values()
            if it.state["journal"]
        }
        return self.steps.read_back(login=self.login, journals=sorted(journals))
