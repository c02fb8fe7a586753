"""What a balancing should have caused in Odoo."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from ...core import codes
from ...core.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What closes one document, or a part of it.

    :param move: the document
    :param lines: its receivable or payable lines
    :param inbound: the document waits for money to come in
    :param amount: in the document's currency
    :param balance: the same in euro, as Octopus booked it
    :param journal: takes the entry
    """

    kind: ClassVar[str]

    move: Any
    lines: Any
    inbound: bool
    amount: Decimal
    balance: Decimal
    date: date
    journal: Any
    memo: str

    @property
    def moves(self):
        return self.move

    def facts(self) -> dict:
        """Return what makes it another one when it changes, as JSON values."""
        return {
            "kind": self.kind,
            "amount": str(self.amount),
            "balance": str(self.balance),
            "currency": self.move.currency_id.name,
            "date": self.date.isoformat(),
        }


@dataclass(frozen=True, kw_only=True)
class Payment(Settlement):
    """A payment of one document, in a bank journal or the clearing journal.

    :param method: payment method line of that journal
    :param payment: one without an entry that a person registered, and that this is
    :param foreign: in the currency of the bank, where that pays a document in euro
    """

    kind = "payment"

    method: Any
    payment: Any = None
    foreign: Decimal | None = None

    @property
    def currency(self):
        """Return the currency of the payment: that of the document, as a rule."""
        document = self.move.currency_id
        return document if self.foreign is None else self.journal.currency_id

    @property
    def paid(self) -> Decimal:
        """Return the amount of the payment, in its currency."""
        return self.amount if self.foreign is None else self.foreign

    def facts(self) -> dict:
        """Return what makes it another one when it changes, as JSON values.

        :return: as of :class:`Settlement`; for a bank in another currency with
            ``foreign``, the amount in that
        """
        facts = super().facts()
        # Only where there is one: what was made before stays what it was.
        if self.foreign is not None:
            facts["foreign"] = str(self.foreign)
        return facts


@dataclass(frozen=True, kw_only=True)
class WriteOff(Settlement):
    """A small difference of one document that the accountant wrote off.

    :param account: takes the difference
    """

    kind = "write_off"

    account: Any


@dataclass(frozen=True)
class Reconciliation:
    """Two documents matched with each other, such as an invoice and a credit note.

    :param amount: in the currency of both
    :param by_hand: a person did it already
    """

    debit_lines: Any
    credit_lines: Any
    amount: Decimal
    by_hand: bool = False

    @property
    def moves(self):
        return self.debit_lines.move_id | self.credit_lines.move_id

    def facts(self) -> dict:
        """Return what makes it another one when it changes, as JSON values."""
        return {
            "kind": "reconciliation",
            "amount": str(self.amount),
            "debit": self.debit_lines.move_id.id,
            "credit": self.credit_lines.move_id.id,
        }


@dataclass
class Task:
    """What is to be done about one balancing.

    :param row: ``octopus.balancing``
    :param make: what is missing
    :param undo: what the row made must be taken back first
    :param problem: why nothing is done, for a person
    """

    row: Any
    make: Payment | Reconciliation | WriteOff | None = None
    undo: bool = False
    problem: Any = None

    @property
    def acts(self) -> bool:
        return bool(self.make or self.undo)

    @property
    def proposal(self) -> dict:
        """Return what would be done, as JSON: what a person accepts, or drops."""
        return {"make": self.make and self.make.facts(), "undo": self.undo}

    @property
    def is_decided(self) -> bool:
        """Whether a person accepted or dropped exactly this."""
        return (self.row.verdict or {}).get("task") == self.proposal

    def heed(self):
        """Do nothing of what a person dropped.

        :return: the task itself
        """
        if self.acts and self.is_decided and not self.row.verdict["accepted"]:
            self.make, self.undo = None, False
            self.problem = Finding(
                codes.PAYMENT_DROPPED,
                {"document": ", ".join(self.row._bookings().move_id.octopus_names())},
                "account.move",
                self.row._bookings().move_id.ids,
            )
        return self
