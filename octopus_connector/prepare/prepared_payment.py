"""A payment as it would be booked in Octopus, with what stands in its way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..api.stored import to_json
from ..api.types import FinancialBooking, FinancialLine, RelationRef
from ..core.bank_money import EURO, BankMoney
from ..core.compare_payment import amounts, total
from ..core.findings import Finding
from ..core.money import CENT
from ..core.payment_allocation import PaymentLine


@dataclass(frozen=True, kw_only=True)
class PlannedLine:
    """A line of the F booking: an item, or the part of it that one document takes.

    :param amount: as it is sent: in the bank's currency, or in euro (``BankMoney``)
    :param relation: number of the relation in Octopus, once it is known
    :param cost_centre: number of the cost centre of a line on an account
    """

    item: int
    type: str
    amount: Decimal
    account: int | None = None
    partner: Any = None
    document: Any = None
    relation: int | None = None
    cost_centre: int | None = None


@dataclass(frozen=True, kw_only=True)
class PreparedPayment:
    """A payment as it would be booked. Records are in sudo and may be empty."""

    move: Any
    settings: Any
    journal: Any
    journal_year: Any
    bookyear: Any
    period_number: int | None
    document_date: date
    legs: tuple[PlannedLine, ...]
    findings: tuple[Finding, ...]
    fingerprint: str
    write_date: datetime | None
    money: BankMoney = EURO

    def is_same(self, sent: FinancialBooking) -> bool:
        """Whether it would be booked as it was: on that day, with those relations and
        accounts, as after contacts were merged.

        :param sent: as it left; its references and the cut into lines may differ
        """
        sums = Counter()
        for leg in self.legs:
            sums[leg.type, leg.account or leg.relation or 0] += leg.amount
        same_day = self.document_date == sent.document_date
        return same_day and sums == amounts(sent) and self._is_worth_the_same(sent)

    def _is_worth_the_same(self, sent):
        """Another rate is another booking; one that follows from the same amounts is
        not, however many of its digits are kept."""
        if not self.money.is_foreign or sent.exchange_rate is None:
            return True
        then = replace(self.money, rate=sent.exchange_rate)
        off = then.in_euro(total(sent)) - self.money.in_euro(total(sent))
        return abs(off) <= CENT

    def booking(self, reference: str) -> FinancialBooking:
        """Return what is sent; number, and relations that are not known yet, are left
        for later.

        :raises ValueError: while a finding stops the payment
        """
        stops = [found.code for found in self.findings if found.stops]
        if stops:
            raise ValueError(f"{self.move} cannot be booked: {', '.join(stops)}")
        return FinancialBooking(
            bookyear_id=self.bookyear.octopus_id,
            journal=self.journal.key,
            number=0,
            period=self.period_number,
            document_date=self.document_date,
            exchange_rate=self.money.rate,
            lines=tuple(
                FinancialLine(
                    type=leg.type,
                    amount=leg.amount,
                    account=leg.account,
                    relation=RelationRef(id=leg.relation) if leg.relation else None,
                    reference=reference,
                    cost_centre_id=leg.cost_centre,
                )
                for leg in self.legs
            ),
        )

    def slots(self) -> list[dict]:
        """Return the lines that documents can be matched with, as JSON values; their
        amounts are in euro, as those of matches."""
        return [
            to_json(
                PaymentLine(
                    line=number,
                    item=leg.item,
                    amount=abs(self.money.in_euro(leg.amount)),
                    document=leg.document.id if leg.document else None,
                )
            )
            for number, leg in enumerate(self.legs, 1)
            if leg.type != "A"
        ]
