"""Two items that were matched."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .keys import LineKey


class Party(NamedTuple):
    """Whose account an item stands on: type C, S or A; a relation or an account."""

    type: str
    id: int


@dataclass
class Item:
    """Something that can be matched: a document, or a line of an F or D booking.

    ``booking_amount`` and ``document_amount`` are signed: + debit, - credit.
    """

    key: LineKey
    party: Party
    period: int
    document_date: datetime.date
    expiry_date: datetime.date
    currency: str
    rate: Decimal
    booking_amount: Decimal
    document_amount: Decimal
    comment: str | None = None
    reference: str | None = None

    @property
    def is_debit(self):
        """On which side it stands."""
        return self.booking_amount > 0


@dataclass
class Balancing:
    """A match: both keys and the positive amount, in the dossier's currency."""

    debit: LineKey
    credit: LineKey
    amount: Decimal

    @property
    def key(self):
        """Both keys: one pair is matched once."""
        return self.debit, self.credit


@dataclass
class DeletedBalancing:
    """A match that was undone, with both items as they were."""

    debit: Item
    credit: Item
    amount: Decimal
