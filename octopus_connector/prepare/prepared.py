from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..api.types import Booking, BookingLine, RelationRef
from ..core.codes import BLOCK
from ..core.findings import Finding
from .kinds import kind_as_read


@dataclass(frozen=True, kw_only=True)
class PreparedDocument:
    """What a document would be in Octopus, and what stands in its way.

    Nothing was written or called to make it. Records are in sudo. Amounts are in the
    document's currency; ``amount`` is negative on a credit note (docs/octopus.md §14).
    ``journal``, ``journal_year``, ``bookyear`` and ``relation`` are records and may be
    empty, ``period_number`` and ``exchange_rate`` may be ``None``; a finding tells why.
    ``twins`` are ids of ``octopus.booking`` that may be the same bill and wait for this
    one.
    """

    move: Any
    kind: str
    partner: Any
    settings: Any
    dossier: Any
    relation: Any
    journal: Any
    journal_year: Any
    bookyear: Any
    period_number: int | None
    document_date: date
    expiry_date: date
    amount: Decimal
    currency: Any
    exchange_rate: Decimal | None
    lines: tuple[BookingLine, ...]
    comment: str | None
    reference: str | None
    order_reference: str | None
    findings: tuple[Finding, ...]
    fingerprint: str
    write_date: datetime | None
    twins: tuple[int, ...]

    @property
    def kind_as_read(self) -> str:
        """The kind that Octopus takes it for, see ``kinds.kind_as_read``."""
        return kind_as_read(self.kind, self.amount)

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings for which the document cannot go now."""
        return tuple(finding for finding in self.findings if finding.stops)

    @property
    def blocked(self) -> bool:
        """Whether a person must mend something first."""
        return any(finding.severity == BLOCK for finding in self.findings)

    def booking(self, number: int, relation: RelationRef) -> Booking:
        """Return what is sent.

        :param number: number in the Octopus journal
        :param relation: who it is in Octopus
        :raises ValueError: while a finding stops the document: what is incomplete
            must never be sent
        """
        if self.stops:
            codes = ", ".join(finding.code for finding in self.stops)
            raise ValueError(f"{self.move} cannot be booked: {codes}")
        return Booking(
            bookyear_id=self.bookyear.octopus_id,
            journal=self.journal.key,
            number=number,
            relation=relation,
            period=self.period_number,
            document_date=self.document_date,
            expiry_date=self.expiry_date,
            amount=self.amount,
            currency=self.currency.name,
            exchange_rate=self.exchange_rate,
            lines=self.lines,
            comment=self.comment,
            reference=self.reference,
            order_reference=self.order_reference,
        )
