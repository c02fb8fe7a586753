"""What Octopus and we exchange, as values: frozen, typed, free of any transport.

Dates are :class:`~datetime.date`, moments are aware :class:`~datetime.datetime`, money
is :class:`~decimal.Decimal`. Amounts are in the document's currency unless a name says
``booking`` (the dossier's currency); those read are as Octopus writes its doubles, so
round to the currency before comparing. ``None`` means *not told* when read and *leave
out* when sent. Source: docs/octopus.md §5 (schemas) and §10-§18 (meaning).

The annotations are also the specification of what may be sent: see ``strict.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, get_type_hints
from zoneinfo import ZoneInfo

from .enums import journal_key
from .line_details import Intrastat, Overflow

# Octopus counts its days, and means its dates, as Belgium does.
BRUSSELS = ZoneInfo("Europe/Brussels")
ZERO = Decimal(0)
ONE = Decimal(1)

Money = Annotated[Decimal, "money"]
Rate = Annotated[Decimal, "rate"]
Percentage = Annotated[Decimal, "percentage"]
DocumentNumber = Annotated[int, "number"]
JournalCode = Annotated[str, "journal"]
CurrencyCode = Annotated[str, "currency"]
CountryCode = Annotated[str, "country"]
FileName = Annotated[str, "file_name"]


def to_send():
    """Mark a field that may be absent in what we read, never in what we send.

    :return: the field of a dataclass; ``strict`` looks for its mark
    """
    return field(metadata={"to_send": True})


@cache
def type_hints(cls) -> dict[str, Any]:
    """Return the resolved annotations of a value class."""
    return get_type_hints(cls, include_extras=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translations:
    """A description in up to four languages."""

    nl: str | None = None
    fr: str | None = None
    en: str | None = None
    de: str | None = None

    def text(self, language: str = "nl") -> str:
        """Return the text in ``language`` (``nl``, ``fr_BE``…), else the first one."""
        wanted = getattr(self, language[:2].lower(), None)
        return wanted or self.nl or self.fr or self.en or self.de or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInfo:
    """Who is logged in. What the server tells is not specified
    (docs/octopus.md §20.6)."""

    details: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A company's books. ``id`` is ``None`` for a disabled one (docs/octopus.md §1)."""

    id: int | None
    description: str = ""
    vat_number: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: CountryCode | None = None
    language: str | None = None
    email: str | None = None
    url: str | None = None
    corporation_type: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A bookyear period; the number is a label, never to be computed
    (docs/octopus.md §11)."""

    number: int
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookyear:
    """A financial year with its periods."""

    id: int
    description: str = ""
    start: date
    end: date
    closed: bool = False
    periods: tuple[Period, ...] = ()


class _JournalKeyed:
    """What can be told from a journal's key."""

    __slots__ = ()

    @property
    def type(self) -> str:
        """Letter of the journal: A purchase, V sales, F financial, D divers, L."""
        return self.key[:1]

    @property
    def sequence(self) -> int | None:
        """Number of the journal within its type."""
        digits = self.key[1:]
        return int(digits) if digits.isascii() and digits.isdigit() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal(_JournalKeyed):
    """A journal as the list of a bookyear gives it (docs/octopus.md §12).

    ``protected_period``: no booking up to and including this period; 0 = none.
    ``closed_period``: the same, by another act of the accountant (docs/octopus.md §12).
    """

    bookyear_id: int
    key: str
    name: str = ""
    closed: bool = False
    currency: CurrencyCode | None = None
    last_number: int | None = None
    protected_period: int = 0
    closed_period: int = 0
    insertion_type: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalKey:
    """Identity of a journal."""

    bookyear_id: int
    type: str
    sequence: int

    @property
    def key(self) -> str:
        return f"{self.type}{self.sequence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDetail(JournalKey):
    """A journal as its detail and the feed of changes give it.

    ``iban``, ``account`` and ``currency``: financial journals; ``insertion_type``:
    sales journals (``BOOKING``, ``VAT_EXCLUSIVE``, ``VAT_INCLUSIVE``).
    """

    names: Translations = Translations()
    next_number: int | None = None
    closed: bool = False
    protected_period: int = 0
    closed_period: int = 0
    iban: str | None = None
    bic: str | None = None
    account: int | None = None
    currency: CurrencyCode | None = None
    insertion_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A ledger account of one bookyear."""

    bookyear_id: int
    number: int
    description: Translations = Translations()
    vat_recup_percentage: Percentage | None = None
    purchase_vat_code: str | None = None
    sales_vat_code: str | None = None
    cost_centre_type: int | None = None
    default_cost_centre_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCode:
    """A VAT code; ``code`` is text, its leading zero counts."""

    code: str
    description: str = ""
    type: int | None = None
    percentage: Percentage | None = None
    default_sell_account: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCentre:
    """A cost centre of the dossier."""

    id: int
    description: Translations = Translations()
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRef:
    """Identity of a relation: Octopus's own number, ours, or both
    (docs/octopus.md §10)."""

    id: int | None = None
    external_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A customer, supplier or both. Field meanings and codes: docs/octopus.md §5 and
    §10.

    ``unread`` names values that cannot be used as they stand in Octopus. Such a
    relation is never sent back: that would replace them there.
    """

    id: int | None = None
    external_id: int | None = None
    name: str | None = None
    first_name: str | None = None
    client: bool | None = None
    supplier: bool | None = None
    client_account: int | None = None
    supplier_account: int | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: CountryCode | None = None
    delivery_street: str | None = None
    delivery_postal_code: str | None = None
    delivery_city: str | None = None
    delivery_country: CountryCode | None = None
    contact_person: str | None = None
    profession: str | None = None
    telephone: str | None = None
    mobile: str | None = None
    fax: str | None = None
    email: str | None = None
    url: str | None = None
    bank_account: str | None = None
    iban: str | None = None
    bic: str | None = None
    currency: CurrencyCode | None = field(default=None, metadata={"to_send": True})
    vat_number: str | None = None
    vat_type: int | None = None
    corporation_type: int | None = None
    expiration_type: int | None = None
    expiration_days: int | None = None
    financial_discount: bool | None = None
    language: int | None = None
    remarks: str | None = None
    search_field_1: str | None = None
    search_field_2: str | None = None
    customer_number: str | None = None
    sdd_reference: str | None = None
    sdd_sequence_type: int | None = None
    sdd_mandate_type: int | None = None
    sdd_signature_date: date | None = None
    sdd_active: bool | None = None
    supplier_payment_method: int | None = None
    invoice_delivery_method: int | None = None
    participant_id: str | None = None
    active: bool | None = None
    unread: tuple[str, ...] = ()

    @property
    def ref(self) -> RelationRef:
        return RelationRef(id=self.id, external_id=self.external_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLine:
    """One line of a purchase or sales booking, in the document's currency.

    ``vat_recup_percentage``: purchases only; the account's own when left out.
    """

    account: int | None = to_send()
    base: Money = ZERO
    vat_code: str | None = None
    vat: Money = ZERO
    comment: str | None = None
    cost_centre_id: int | None = None
    vat_recup_percentage: Percentage | None = None
    overflow: Overflow | None = None
    intrastat: Intrastat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A purchase or sales document (docs/octopus.md §14).

    ``amount`` is the total with VAT; a credit note has a negative amount and positive
    lines.
    """

    bookyear_id: int
    journal: JournalCode
    number: DocumentNumber
    relation: RelationRef | None = to_send()
    period: int | None = to_send()
    document_date: date | None = to_send()
    expiry_date: date | None = to_send()
    amount: Money
    currency: CurrencyCode | None = to_send()
    exchange_rate: Rate | None = to_send()
    lines: tuple[BookingLine, ...] = ()
    comment: str | None = None
    order_reference: str | None = None
    reference: str | None = None
    payment_method: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialLine:
    """One counterpart line: ``A`` account, ``C`` client, ``S`` supplier.

    + is money in, - is money out (docs/octopus.md §18). ``account`` goes with ``A``,
    ``relation`` with ``C`` and ``S``.
    """

    type: str
    amount: Money
    account: int | None = None
    relation: RelationRef | None = None
    reference: str | None = None
    cost_centre_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialBooking:
    """A document of a financial or divers journal; the bank side is implicit."""

    bookyear_id: int
    journal: JournalCode
    number: DocumentNumber
    period: int | None = to_send()
    document_date: date | None = to_send()
    exchange_rate: Rate | None = to_send()
    lines: tuple[FinancialLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a document."""

    name: FileName
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKey:
    """Identity of a document in the booking feed (``journal_type``: JournalType)."""

    bookyear_id: int
    journal_type: int
    journal_number: int
    number: int

    @property
    def journal(self) -> str:
        return journal_key(self.journal_type, self.journal_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRow(DocumentKey):
    """One ledger line of the booking feed, of any kind of journal."""

    line: int | None = None
    period: int | None = None
    document_date: date | None = None
    expiry_date: date | None = None
    currency: CurrencyCode | None = None
    exchange_rate: Rate | None = None
    relation_id: int | None = None
    comment: str | None = None
    reference: str | None = None
    account: int | None = None
    booking_amount: Money | None = None
    document_amount: Money | None = None
    vat_section_code: str | None = None
    vat_recup_percentage: Percentage | None = None
    cost_centre_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancingKey:
    """One side of a match: ``line`` -1 is the document itself (docs/octopus.md §18)."""

    bookyear_id: int
    journal: JournalCode
    number: DocumentNumber
    line: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class BalancingDocument:
    """A document in a match, with its own totals."""

    key: BalancingKey
    document_date: date | None = None
    currency: CurrencyCode | None = None
    exchange_rate: Rate | None = None
    comment: str | None = None
    reference: str | None = None
    debit_booking_amount: Money | None = None
    credit_booking_amount: Money | None = None
    debit_document_amount: Money | None = None
    credit_document_amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancing:
    """Two documents matched with each other, wholly or in part.

    ``type``: ``C`` client, ``S`` supplier, ``A`` account. Amounts in the dossier's
    currency.
    """

    debit: BalancingDocument
    credit: BalancingDocument
    debit_booking_amount: Money | None = None
    credit_booking_amount: Money | None = None
    type: str | None = None
    relation: RelationRef | None = None
    account: int | None = None

    @property
    def amount(self) -> Decimal | None:
        """Matched booking amount: the recorded rows fill the credit side only."""
        return self.credit_booking_amount or self.debit_booking_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """A document that is not fully paid.

    ``open_booking_amount`` and ``open_document_amount`` are what is left to pay; when
    they are ``None`` nothing may be concluded.
    """

    bookyear_id: int
    journal: str
    number: int
    line: int | None = None
    period: int | None = None
    document_date: date | None = None
    expiry_date: date | None = None
    relation: RelationRef | None = None
    currency: CurrencyCode | None = None
    exchange_rate: Rate | None = None
    debit_booking_amount: Money | None = None
    credit_booking_amount: Money | None = None
    debit_document_amount: Money | None = None
    credit_document_amount: Money | None = None
    open_booking_amount: Money | None = None
    open_document_amount: Money | None = None
    comment: str | None = None
    reference: str | None = None
