"""What a match in Octopus means for one of its documents: pure, no Odoo.

Amounts of a match are booking amounts, in euro. A document in another currency is
paid for the same share as its booking amount is matched; several matches of one
document are rounded together, so that they add up to the document to the cent.

Source: docs/octopus.md §17 and §18.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..api.types import Balancing, BalancingDocument

# The currency of a Belgian dossier's books, and of every booking amount.
BOOKING_CURRENCY = "EUR"

PAYMENT = "payment"  # the counterpart is a line of a bank journal
DOCUMENT = "document"  # the counterpart is a sales or purchase document
WRITE_OFF = "write_off"  # the counterpart is a line of a divers journal
UNKNOWN = "unknown"
_MEANING = {"F": PAYMENT, "V": DOCUMENT, "A": DOCUMENT, "D": WRITE_OFF}


@dataclass(frozen=True)
class Match:
    """A balancing, seen from one of its two documents.

    :param row: what the caller knows the balancing by; decides the rounding order
    :param debit: the document stands on the debit side, so paying it brings money in
    """

    row: int
    balancing: Balancing
    debit: bool

    @property
    def document(self) -> BalancingDocument:
        return self.balancing.debit if self.debit else self.balancing.credit

    @property
    def counterpart(self) -> BalancingDocument:
        return self.balancing.credit if self.debit else self.balancing.debit

    @property
    def meaning(self) -> str:
        """Return what stands on the other side: one of the constants above."""
        return _MEANING.get(self.counterpart.key.journal[:1], UNKNOWN)

    @property
    def matched(self) -> Decimal | None:
        """Return what is matched of the document: booking amount, positive."""
        return _matched(self.balancing, self.debit)

    @property
    def paid(self) -> Decimal | None:
        """Return what is matched of the counterpart: booking amount, positive."""
        return _matched(self.balancing, not self.debit)


def _matched(balancing, debit):
    """Recorded rows fill the credit side only; a zero says nothing
    (docs/octopus.md §18)."""
    own = balancing.debit_booking_amount, balancing.credit_booking_amount
    amount = own[0 if debit else 1] or own[1 if debit else 0]
    return abs(amount) if amount else None


def booking_total(document: BalancingDocument) -> Decimal | None:
    """Return a document's total, positive, in euro; ``None`` when it is not told.

    :param document: one side of a balancing; of its debit and credit amount the one
        that is not zero counts
    """
    amount = document.debit_booking_amount or document.credit_booking_amount
    return abs(amount) if amount else None


def document_total(document: BalancingDocument) -> Decimal | None:
    """Return a document's total, positive, in its own currency; ``None`` when it is not
    told.

    :param document: one side of a balancing; of its debit and credit amount the one
        that is not zero counts
    """
    amount = document.debit_document_amount or document.credit_document_amount
    return abs(amount) if amount else None


def document_amounts(
    matches: Iterable[Match], currency: str, decimals: int = 2
) -> dict[int, Decimal]:
    """Return what each match pays of one document, in the document's currency.

    All matches of the document must be given: they are rounded in the order in which
    their rows came, each taking what the ones before it left of the rounding.

    :param currency: of the document, by its ISO code
    :param decimals: of that currency
    :return: by ``row``; a match of which it cannot be told is left out
    """
    unit = Decimal(1).scaleb(-decimals)
    amounts: dict[int, Decimal] = {}
    matched = before = Decimal(0)
    for match in sorted(matches, key=lambda match: match.row):
        rate = _document_per_euro(match.document, currency)
        if match.matched is None or rate is None:
            continue
        matched += match.matched
        after = (matched * rate[0] / rate[1]).quantize(unit, ROUND_HALF_UP)
        amounts[match.row] = after - before
        before = after
    return amounts


def _document_per_euro(document, currency):
    """Return a document's two totals, own currency first; equal ones for euro."""
    if currency == BOOKING_CURRENCY:
        return Decimal(1), Decimal(1)
    totals = document_total(document), booking_total(document)
    return totals if all(totals) else None
