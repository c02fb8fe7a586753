"""In which currency the lines of an F booking are, and what they are worth in euro.

An F booking has an exchange rate but no currency: that is its journal's. Whether its
amounts then are in that currency or in euro is not published, so the dossier says it;
so does the direction of a rate. Source: docs/octopus.md §18 and §19.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .matches import BOOKING_CURRENCY
from .money import CENT

ONE = Decimal(1)


@dataclass(frozen=True)
class BankMoney:
    """The amounts of one F booking.

    :param rate: its exchange rate, as it is sent; 1 for a bank in euro
    :param direction: which way the dossier writes rates; empty where lines are in euro
    """

    rate: Decimal = ONE
    direction: str = ""

    @property
    def is_foreign(self) -> bool:
        """Whether its lines are in another currency than euro."""
        return bool(self.direction)

    def in_euro(self, amount: Decimal) -> Decimal:
        """Return what a line of ``amount`` is worth in the books, to the cent."""
        if self.direction == "foreign_per_euro":
            return (amount / self.rate).quantize(CENT, ROUND_HALF_UP)
        if self.direction == "euro_per_foreign":
            return (amount * self.rate).quantize(CENT, ROUND_HALF_UP)
        return amount


EURO = BankMoney()


def currency_of(journal) -> str:
    """Return the currency of a journal of Octopus, which names none where it is euro.

    :param journal: ``octopus.journal``
    """
    return journal.currency_code or BOOKING_CURRENCY


def money_of(journal, rate: Decimal | None) -> BankMoney:
    """Return in what the lines of a booking are.

    :param journal: ``octopus.journal`` of the bank
    :param rate: the exchange rate of the booking
    """
    dossier = journal.dossier_id
    in_euro = currency_of(journal) == BOOKING_CURRENCY
    if in_euro or dossier.foreign_bank_amounts != "journal_currency":
        return BankMoney(rate or ONE)
    return BankMoney(rate or ONE, dossier.exchange_rate_direction or "")
