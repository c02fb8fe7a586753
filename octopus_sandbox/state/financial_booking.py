"""A booking in a financial or divers journal."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from .attachment import Attachment
from .keys import Keyed
from .money import ZERO

ACCOUNT, CLIENT, SUPPLIER = "A", "C", "S"


@dataclass
class FinancialLine:
    """One counterpart. ``amount``: + is money in, - is money out
    (docs/octopus.md §18)."""

    type: str
    amount: Decimal
    account: int = 0
    relation: int | None = None
    reference: str | None = None
    cost_centre: int | None = None
    coda_info: dict | None = None


@dataclass
class FinancialBooking(Keyed):
    """A document in an F or D journal; the bank's own line is implicit in F."""

    bookyear: int
    journal: str
    number: int
    period: int
    document_date: datetime.date
    rate: Decimal
    lines: list[FinancialLine] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def total(self):
        """Sum of the lines: the movement of the bank in an F journal."""
        return sum((line.amount for line in self.lines), ZERO)
