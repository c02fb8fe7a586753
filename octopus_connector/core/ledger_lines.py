"""A purchase or sale as an accountant reads it: lines in debit and credit, that add up
to zero. Pure, no Odoo."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from ..api.types import BookingLine

ZERO, HUNDRED = Decimal(0), Decimal(100)
# Kinds of lines: of the customer or supplier, of an account, and of VAT.
PARTY, ACCOUNT, VAT = "party", "account", "vat"


class LedgerLine(NamedTuple):
    """One line.

    :param amount: in the document's currency; positive in debit
    :param line: what is sent of it; ``None`` of the line of the customer or supplier
    """

    kind: str
    amount: Decimal
    line: BookingLine | None = None

    @property
    def debit(self) -> Decimal:
        return max(self.amount, ZERO)

    @property
    def credit(self) -> Decimal:
        return max(-self.amount, ZERO)


def ledger_lines(
    sale: bool,
    amount: Decimal,
    lines: Iterable[BookingLine],
    unit: Decimal,
) -> list[LedgerLine]:
    """Return the lines of a booking: the customer or supplier first, then each line
    with its VAT. VAT that is not recovered is cost, and stands with its line.

    :param sale: whether it is one; else a purchase
    :param amount: total with VAT; a negative one makes it a credit note
    :param lines: as they are sent, positive on a credit note (docs/octopus.md §14)
    :param unit: the smallest amount of the currency
    """
    sign = -1 if sale != (amount < 0) else 1
    found = [LedgerLine(PARTY, amount if sale else -amount)]
    for line in lines:
        recovered = _recovered(line, unit)
        found.append(
            LedgerLine(ACCOUNT, sign * (line.base + line.vat - recovered), line)
        )
        if recovered:
            found.append(LedgerLine(VAT, sign * recovered, line))
    return found


def off_by(lines: Iterable[LedgerLine]) -> Decimal:
    """Return by how much debit is more than credit: nothing in a booking that may
    leave.

    :param lines: of a booking, in the document's currency, as is the answer
    """
    return sum((line.amount for line in lines), ZERO)


def _recovered(line, unit):
    share = line.vat_recup_percentage
    if share is None:
        return line.vat
    return (line.vat * share / HUNDRED).quantize(unit, ROUND_HALF_UP)
