"""Values of what may be made of a dossier itself, see :mod:`.making`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from .types import CurrencyCode

PeriodKind = Annotated[str, "period_kind"]
MadeJournal = Annotated[str, "made_journal"]
Declarant = Annotated[str, "declarant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBookyear:
    """A bookyear that is to be made (docs/octopus.md §11).

    ``name`` is the same in all languages. ``periods``: ``MONTH``, ``QUARTER`` or
    ``YEAR``; ``declarant``, how often VAT is declared: ``MONTHLY``, ``QUARTERLY``,
    ``YEARLY`` or ``UNKNOWN``. ``pro_rata``: the first year of an asset is written off
    by its days. What is not told here is as Octopus makes it by itself.
    """

    name: str
    start: date
    end: date
    periods: PeriodKind = "MONTH"
    declarant: Declarant = "UNKNOWN"
    pro_rata: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJournal:
    """A purchase, sales or financial journal that is to be made; a sales journal takes
    bookings.

    ``journal`` is its key, such as ``V1``; ``name`` is the same in all languages. Of a
    financial journal only: ``account``, its ledger account (500000 to 599999),
    ``currency``, and ``iban`` of the bank account, maybe empty.
    """

    bookyear_id: int
    journal: MadeJournal
    name: str
    account: int = 0
    currency: CurrencyCode = "EUR"
    iban: str = ""
