"""An invoice of the (paid) invoicing module."""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from .keys import Keyed


@dataclass
class Invoice(Keyed):
    """A document in a V journal for invoices; ``content`` holds its further fields."""

    bookyear: int
    journal: str
    number: int
    relation: int
    period: int
    document_date: datetime.date
    expiry_date: datetime.date
    currency: str
    rate: Decimal
    content: dict = field(default_factory=dict)
