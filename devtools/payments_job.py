"""Payments both ways, walked without a person on the documents of a main job.

``./dev demo --check`` plays the accountant, through the control API of the pretend
Octopus, and a bookkeeper in Odoo; a running Odoo does the rest with its own scheduled
actions. Afterwards each payment is held against the books of the pretend Octopus.
"""

from dataclasses import dataclass
from decimal import Decimal

from .scenario.judging import (
    Settlement,
    Side,
    pair,
    settlement_differences,
    unexplained,
)
from .scenario.payments import (
    ALL,
    BANK_LINES,
    CREDITED,
    HALF,
    OWN_BANK_LINES,
    TAKEN_BACK,
    all_states,
    bank_line,
    key_in,
    parts_of,
)

THEIR_BANK = "F1"
LIVE = ("paid", "in_process")


@dataclass
class Expected:
    """A payment with the names of its documents, as a person reads it."""

    settlement: Settlement
    names: list
    payment_id: int | None = None


class PaymentsJob:
    """Payments of one company.

    :param job: :class:`~devtools.main_job.MainJob` whose documents were sent
    :param octopus: :class:`~devtools.sandbox.Sandbox`
    :param company_id: of the documents
    :param day: of all payments
    """

    def __init__(self, job, octopus, company_id, day):
        self.job = job
        self.steps = job.steps
        self.octopus = octopus
        self.company_id = company_id
        self.day = day
        self.payments: list[Expected] = []
        self.unlike: list[str] = []
        self.documents = {}
        self.dossier = None
        self.before = None

    # What people do

    def pay(self):
        """Receive, pay and match on both sides."""
        self.documents = self.job.want(all_states())
        self.dossier = next(iter(self.documents.values()))["dossier"]
        self.before = self._in_octopus()
        for line in (*BANK_LINES, {TAKEN_BACK: ALL}):
            self._receive(line)
        self._match()
        for line in OWN_BANK_LINES:
            self._register(line)

    def arrive(self):
        """Wait while scheduled actions send what Odoo has and read what Octopus has."""
        companies = [self.company_id]
        self.steps.push(company_ids=companies)
        self.job.wait(self._not_sent, "sent as payments")
        self._follow()

    def take_back(self):
        """Let the accountant undo a match, and wait until Odoo has done so, too."""
        for payment in self._of(TAKEN_BACK):
            settlement = payment.settlement
            [document] = settlement.parts
            self.octopus.act(
                self.dossier,
                "unmatch",
                debit=document,
                credit=f"{settlement.booking}/1",
            )
            settlement.taken_back = True
            settlement.fine = ("canceled",)
            settlement.who += ", took it back"
            self.job.want({TAKEN_BACK: "not_paid"})
        self._follow()

    def _follow(self):
        self.steps.pull(company_ids=[self.company_id])
        self.job.wait(self._not_right, "settled as in Octopus")

    def _expect(self, line, by, fine, moved):
        what = "matched" if moved is None else "received" if moved > 0 else "paid"
        part = "" if set(line.values()) == {ALL} else " a part"
        payment = Expected(
            Settlement(
                f"{by} {what}{part}", parts_of(self.documents, line), moved, fine
            ),
            [self.documents[kind]["odoo_number"] for kind in line],
        )
        self.payments.append(payment)
        return payment

    def _are_booked(self, line):
        """Whether documents are in Octopus; they are told about elsewhere, if not."""
        return all(self.documents[kind]["state"] == "booked" for kind in line)

    def _moved(self, line):
        """Return what the bank moves: + is money in."""
        total = sum(parts_of(self.documents, line).values())
        return total if self.documents[next(iter(line))]["sale"] else -total

    def _receive(self, line):
        """Receive or pay in the bank of Octopus, as on the accountant's page."""
        moved = self._moved(line)
        payment = self._expect(line, "accountant", LIVE, moved)
        if not self._are_booked(line):
            return
        done = self.octopus.act(
            self.dossier,
            "pay",
            journal=THEIR_BANK,
            date=self.day,
            lines=[bank_line(self.documents, line)],
        )
        payment.settlement.booking = done["result"]

    def _match(self):
        """Match an invoice with its credit note, as on the accountant's page."""
        line = {CREDITED[0]: ALL}
        payment = self._expect(line, "accountant", ("matched",), None)
        payment.names.append(self.documents[CREDITED[1]]["odoo_number"])
        if not self._are_booked(CREDITED):
            return
        [(invoice, amount)] = payment.settlement.parts.items()
        credit_note = key_in(self.documents[CREDITED[1]])
        self.octopus.act(
            self.dossier, "match", debit=invoice, credit=credit_note, amount=str(amount)
        )
        payment.settlement.booking = credit_note

    def _register(self, line):
        """Register a payment in Odoo, in the bank that Odoo keeps."""
        moved = self._moved(line)
        payment = self._expect(line, "Odoo", ("booked",), moved)
        if not self._are_booked(line):
            return
        part = abs(moved) if HALF in line.values() else None
        payment.payment_id = self.steps.register_payment(
            company_id=self.company_id,
            move_ids=[self.job.document(kind).id for kind in line],
            date=self.day,
            amount=part and str(part),
        )

    def _of(self, kind):
        key = key_in(self.documents[kind])
        return [
            payment
            for payment in self.payments
            if key in payment.settlement.parts and payment.settlement.booking
        ]

    # What both sides hold

    def _not_sent(self):
        """Return what Odoo has and Octopus not yet; note the numbers of the others."""
        own = {it.payment_id: it for it in self.payments if it.payment_id}
        left = []
        for told in self.steps.sent_payments(payment_ids=list(own)):
            own[told["id"]].settlement.booking = told["key"]
            if not told["done"]:
                left.append(f"payment {told['id']}: {told['why']}")
        return left

    def _not_right(self):
        self.steps.accept_payments(company_ids=[self.company_id])
        self.judge()
        wrong = [it.settlement for it in self.payments if it.settlement.wrong]
        return wrong + self.unlike

    def judge(self) -> int:
        """Hold every payment against the books; give how many things are not right."""
        facts = self.steps.settlements(
            move_ids=[document.id for document in self._documents()]
        )
        odoo = Side.of(
            "Odoo",
            [(*it["keys"], it["amount"]) for it in facts["settled"]],
            facts["moved"],
            facts["open"],
        )
        octopus = self._in_octopus()
        told = {pair(*it["keys"]): it for it in facts["settled"]}
        told |= {pair(*it["keys"]): it for it in facts["taken_back"]}
        settlements = [payment.settlement for payment in self.payments]
        for settlement in settlements:
            settlement.wrong = settlement_differences(settlement, odoo, octopus, told)
        nothing = Side("Odoo", {}, {}, {})
        self.unlike = unexplained(settlements, octopus, self.before)
        self.unlike += unexplained(settlements, odoo, nothing)
        return sum(bool(it.wrong) for it in settlements) + len(self.unlike)

    def _documents(self):
        return [
            document
            for document in self.job.documents.values()
            if document.state["dossier"] == self.dossier
        ]

    def _in_octopus(self):
        path = f"/dossiers/{self.dossier}"
        ask = self.octopus.ask
        return Side.of(
            "Octopus",
            [
                (_document(it["debit"]), _document(it["credit"]), it["amount"])
                for it in ask(f"{path}/matches")
            ],
            [(it["key"], it["amount"]) for it in ask(f"{path}/payments")],
            [(it["key"], it["open"]) for it in ask(f"{path}/documents")],
        )

    # Telling

    def lines(self):
        """Give the line that is printed for each payment, then what nobody made."""
        return [self._line(payment) for payment in self.payments] + self.unlike

    def _line(self, payment):
        it = payment.settlement
        key = f"{self.dossier}/{it.booking}" if it.booking else "-"
        amount = sum(it.parts.values(), Decimal(0)) if it.moved is None else it.moved
        columns = (
            f"{it.who:<34}",
            f"{', '.join(payment.names):<32}",
            f"{key:<16}",
            f"{amount:>10}",
            "EUR",
            f"{it.state:<10}",
            "; ".join(it.wrong) or "ok",
        )
        return " ".join(columns).rstrip()


def _document(line):
    """Give the key of a document from that of a line: ``2/F1/3`` from ``2/F1/3/1``."""
    return line.rpartition("/")[0]
