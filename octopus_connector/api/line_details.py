"""What a line of a booking tells beside its amounts, accounts and VAT code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """How a line is spread over time, from its first to its last day, per bookyear or
    per period (``OverflowPeriod``), with the account that carries it over."""

    start: date | None = None
    end: date | None = None
    period_type: int | None = None
    account: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intrastat:
    """What the statistics of trade within the EU ask of the goods of a line: ISO codes
    of countries, the code of the goods, and the numbers and incoterms that the contract
    lists (``core.intrastat``). Weight and units are no part of it: the contract does
    not say in which unit, nor of what."""

    country: str | None = None
    transaction: int | None = None
    product: str | None = None
    region: int | None = None
    transport: int | None = None
    incoterm: str | None = None
    origin: str | None = None
