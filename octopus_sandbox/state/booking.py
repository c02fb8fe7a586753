"""A purchase or sales booking."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from .attachment import Attachment
from .journal import SELL
from .keys import Keyed
from .money import ZERO


@dataclass
class BookingLine:
    """Base and VAT on one account under one VAT code, in the document's currency."""

    account: int
    base: Decimal
    vat_code: str | None = None
    vat: Decimal = ZERO
    comment: str | None = None
    cost_centre: int | None = None
    vat_recup: Decimal | None = None
    intrastat: dict | None = None
    overflow: dict | None = None

    @property
    def total(self):
        """Base plus VAT."""
        return self.base + self.vat


@dataclass
class Booking(Keyed):
    """A document in an A or V journal.

    ``amount`` is the total including VAT in the document's currency, negative for a
    credit note, whose lines are positive (docs/octopus.md §14).
    """

    bookyear: int
    journal: str
    number: int
    relation: int
    period: int
    document_date: datetime.date
    expiry_date: datetime.date
    amount: Decimal
    currency: str
    rate: Decimal
    lines: list[BookingLine] = field(default_factory=list)
    comment: str | None = None
    order_reference: str | None = None
    reference: str | None = None
    payment_method: int = 0
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def is_sale(self):
        """Whether it stands in a sales journal."""
        return self.journal.startswith(SELL)

    @property
    def is_credit_note(self):
        """Whether it lowers what is owed."""
        return self.amount < 0

    @property
    def lines_total(self):
        """What the header's amount should be, by the lines."""
        total = sum((line.total for line in self.lines), ZERO)
        return -total if self.is_credit_note else total
