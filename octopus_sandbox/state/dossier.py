"""A dossier: everything that is kept of one enterprise."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from .account import Account
from .balancing import Balancing, DeletedBalancing
from .booking import Booking
from .bookyear import Bookyear
from .codes import Code
from .cost_centre import CostCentre
from .errors import Refusal
from .feed import Feed
from .financial_booking import FinancialBooking
from .invoice import Invoice
from .journal import Journal
from .keys import DocumentKey, LineKey
from .money import ZERO
from .relation import Relation
from .vat_code import VatCode


@dataclass
class Feeds:
    """What changed, per kind of record."""

    accounts: Feed = field(default_factory=Feed)
    journals: Feed = field(default_factory=Feed)
    relations: Feed = field(default_factory=Feed)
    bookings: Feed = field(default_factory=Feed)
    financial_bookings: Feed = field(default_factory=Feed)
    invoices: Feed = field(default_factory=Feed)
    documents: Feed = field(default_factory=Feed)
    balancings: Feed = field(default_factory=Feed)


@dataclass
class Dossier:
    """Master data, documents and matches of one enterprise; look-ups only.

    What changes them is in :mod:`.bookkeeping`, :mod:`.matching`,
    :mod:`.relation_register` and :mod:`.accountant`.
    """

    id: int
    name: str
    vat_number: str
    street: str
    postal_code: str
    city: str
    country: str = "BE"
    language: str = "nl"
    email: str = ""
    url: str = ""
    corporation_type: int | None = None
    disabled: bool = False
    client_account: int = 400000
    supplier_account: int = 440000
    vat_due_account: int = 451000
    vat_recoverable_account: int = 411000
    currencies: list[str] = field(default_factory=lambda: ["EUR"])
    bookyears: dict[int, Bookyear] = field(default_factory=dict)
    journals: dict[tuple[int, str], Journal] = field(default_factory=dict)
    accounts: dict[tuple[int, int], Account] = field(default_factory=dict)
    vat_codes: dict[tuple[str, int], VatCode] = field(default_factory=dict)
    cost_centres: dict[int, CostCentre] = field(default_factory=dict)
    relations: dict[int, Relation] = field(default_factory=dict)
    last_relation: int = 0
    bookings: dict[DocumentKey, Booking] = field(default_factory=dict)
    financial_bookings: dict[DocumentKey, FinancialBooking] = field(
        default_factory=dict
    )
    invoices: dict[DocumentKey, Invoice] = field(default_factory=dict)
    balancings: dict[tuple[LineKey, LineKey], Balancing] = field(default_factory=dict)
    deleted_relations: dict[int, Relation] = field(default_factory=dict)
    deleted_journals: dict[tuple[int, str], Journal] = field(default_factory=dict)
    deleted_balancings: dict[tuple[LineKey, LineKey], DeletedBalancing] = field(
        default_factory=dict
    )
    feeds: Feeds = field(default_factory=Feeds)

    def __post_init__(self):
        self._last = defaultdict(int)
        for store in (self.bookings, self.financial_bookings, self.invoices):
            for document in store.values():
                self.add(document)
        self._matched = defaultdict(Decimal)
        for balancing in self.balancings.values():
            self.count_match(balancing.key, balancing.amount)

    def last_number(self, bookyear, journal):
        """Number of the last document of a journal; 0 when there is none."""
        return self._last[bookyear, journal]

    def document(self, key):
        """The booking of that key, of whatever kind; None when there is none."""
        return self.bookings.get(key) or self.financial_bookings.get(key)

    def store_of(self, document):
        """The dictionary and the feed that the document belongs in."""
        if isinstance(document, Booking):
            return self.bookings, self.feeds.bookings
        if isinstance(document, Invoice):
            return self.invoices, self.feeds.invoices
        return self.financial_bookings, self.feeds.financial_bookings

    def check_enabled(self):
        """Raise :class:`Refusal` when nobody may open it."""
        if self.disabled:
            raise Refusal(Code.DOSSIER_DISABLED, f"Dossier {self.id} is disabled")

    def add(self, document):
        """Keep a document under its key."""
        store, _feed = self.store_of(document)
        store[document.key] = document
        series = document.key.series
        self._last[series] = max(self._last[series], document.number)

    def remove(self, document):
        """Forget a document."""
        store, _feed = self.store_of(document)
        del store[document.key]
        numbers = (key.number for key in store if key.series == document.key.series)
        self._last[document.key.series] = max(numbers, default=0)

    def count_match(self, key, amount):
        """Add ``amount`` to what is matched of both items of a balancing's key."""
        for line in key:
            self._matched[line] += amount

    def matched(self, line_key):
        """Positive amount of an item that is matched."""
        return self._matched.get(line_key, ZERO)

    def journals_of(self, bookyear):
        """Journals of a bookyear."""
        return [j for j in self.journals.values() if j.bookyear == bookyear]

    def bookyear_of(self, day):
        """The bookyear that holds ``day``, or None."""
        years = self.bookyears.values()
        return next((year for year in years if year.start <= day <= year.end), None)
