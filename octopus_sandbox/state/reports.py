"""What the books show: ledger lines, open items, histories."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .errors import Refusal
from .financial_booking import ACCOUNT, CLIENT
from .journal import FINANCIAL
from .keys import WHOLE_DOCUMENT, LineKey
from .money import ZERO, to_cents

_HUNDRED = Decimal(100)


@dataclass
class LedgerLine:
    """One line in the ledger; amounts signed, + debit and - credit."""

    key: LineKey
    period: int
    document_date: datetime.date
    expiry_date: datetime.date | None
    currency: str
    rate: Decimal
    account: int
    booking_amount: Decimal
    document_amount: Decimal
    relation: int | None = None
    comment: str | None = None
    reference: str | None = None
    vat_code: str | None = None
    vat_recup: Decimal | None = None
    cost_centre: int | None = None


class InvalidQuery(Refusal):
    """A report was asked for years or periods that do not exist."""


@dataclass(frozen=True)
class Span:
    """From one bookyear and period to another, both included."""

    from_bookyear: int
    from_period: int
    to_bookyear: int
    to_period: int


class Reports:
    """Reports on one dossier."""

    def __init__(self, dossier, matching):
        self.dossier = dossier
        self.matching = matching

    def open_items(self, type_, span, party=None):
        """Items of type C, S or A of which something is open, in the order booked.

        ``party`` is a relation or account; None = every one. A list that ends in a year
        to which nothing was carried over yet leaves out the years before.
        """
        last = self.dossier.bookyears.get(span.to_bookyear)
        if last and not last.carried_over:
            start = last.periods[0].number
            span = Span(last.id, start, span.to_bookyear, span.to_period)
        within = self._within(span)
        return [
            item
            for item in self.matching.open_items()
            if item.party.type == type_
            and party in (None, item.party.id)
            and within(item.key.bookyear, item.period)
        ]

    def history(self, type_, span, party):
        """Ledger lines of one relation or account."""
        within = self._within(span)
        return [
            line
            for document in self._documents()
            for line in self.ledger_lines(document)
            if within(line.key.bookyear, line.period)
            and self._is_of(line, type_, party)
        ]

    def balance(self, bookyear, journal):
        """Movement of a financial journal in a bookyear."""
        return sum(
            (
                booking.total
                for booking in self.dossier.financial_bookings.values()
                if booking.key.series == (bookyear, journal)
            ),
            ZERO,
        )

    def ledger_lines(self, document) -> Iterator[LedgerLine]:
        """How a document stands in the ledger. Lines count from 1; the relation's own
        line of a purchase or sale is -1, as in the balancings.
        """
        if document.key in self.dossier.bookings:
            return self._buy_sell_lines(document)
        return self._financial_lines(document)

    def _documents(self):
        yield from self.dossier.bookings.values()
        yield from self.dossier.financial_bookings.values()

    def _is_of(self, line, type_, party):
        if type_ == ACCOUNT:
            return line.account == party
        account = (
            self.dossier.client_account
            if type_ == CLIENT
            else self.dossier.supplier_account
        )
        return line.relation == party and line.account == account

    def _buy_sell_lines(self, booking):
        item = self.matching.item(LineKey(*booking.key, WHOLE_DOCUMENT))
        if item:
            account = (
                self.dossier.client_account
                if booking.is_sale
                else self.dossier.supplier_account
            )
            yield self._ledger_line(
                booking, WHOLE_DOCUMENT, account, item.document_amount
            )
        sign = -1 if booking.is_sale != booking.is_credit_note else 1
        for number, line in enumerate(booking.lines, 1):
            recoverable, lost = _split_vat(line)
            yield self._ledger_line(
                booking,
                number,
                line.account,
                sign * (line.base + lost),
                comment=line.comment or booking.comment,
                vat_code=line.vat_code,
                vat_recup=line.vat_recup,
                cost_centre=line.cost_centre,
            )
            if recoverable:
                yield self._ledger_line(
                    booking,
                    len(booking.lines) + number,
                    self._vat_account(booking),
                    sign * recoverable,
                    vat_code=line.vat_code,
                )

    def _vat_account(self, booking):
        if booking.is_sale:
            return self.dossier.vat_due_account
        return self.dossier.vat_recoverable_account

    def _ledger_line(self, booking, number, account, amount, **values):
        defaults = {
            "relation": booking.relation,
            "comment": booking.comment,
            "reference": booking.reference,
        }
        return LedgerLine(
            key=LineKey(*booking.key, number),
            period=booking.period,
            document_date=booking.document_date,
            expiry_date=booking.expiry_date,
            currency=booking.currency,
            rate=booking.rate,
            account=account,
            booking_amount=self.matching.to_booking_amount(amount, booking.rate),
            document_amount=amount,
            **defaults | values,
        )

    def _financial_lines(self, booking):
        journal = self.dossier.journals[booking.key.series]
        common = {
            "period": booking.period,
            "document_date": booking.document_date,
            "expiry_date": None,
            "currency": journal.currency or "EUR",
            "rate": booking.rate,
        }
        if journal.type == FINANCIAL and booking.total:
            amounts = self._bank_amounts(booking)
            yield LedgerLine(
                key=LineKey(*booking.key, WHOLE_DOCUMENT),
                account=journal.account,
                booking_amount=amounts[0],
                document_amount=amounts[1],
                **common,
            )
        for number, line in enumerate(booking.lines, 1):
            debit = self.matching.line_debit(booking, line)
            amounts = self.matching.financial_amounts(booking, debit)
            yield LedgerLine(
                key=LineKey(*booking.key, number),
                account=self._line_account(line),
                booking_amount=amounts[0],
                document_amount=amounts[1],
                relation=line.relation,
                reference=line.reference,
                cost_centre=line.cost_centre,
                **common,
            )

    def _bank_amounts(self, booking):
        """What the bank itself gets: the other side of the lines, which are rounded
        one by one in the journal's currency where they came in euro."""
        worth = self.matching.financial_amounts
        document = [worth(booking, line.amount)[1] for line in booking.lines]
        return worth(booking, booking.total)[0], sum(document, ZERO)

    def _line_account(self, line):
        if line.type == ACCOUNT:
            return line.account
        if line.type == CLIENT:
            return self.dossier.client_account
        return self.dossier.supplier_account

    def _within(self, span):
        """Whether a bookyear and period lie in the span; years go by their start."""
        start = self._position(span.from_bookyear, span.from_period)
        end = self._position(span.to_bookyear, span.to_period)
        years = self.dossier.bookyears
        return lambda year, period: start <= (years[year].start, period) <= end

    def _position(self, bookyear, period):
        year = self.dossier.bookyears.get(bookyear)
        if not year or not year.period(period):
            raise InvalidQuery(None, f"Bookyear {bookyear} period {period} unknown")
        return year.start, period


def _split_vat(line):
    """The recuperable part of a line's VAT, and the part that is a cost."""
    if line.vat_recup is None:
        return line.vat, ZERO
    recoverable = to_cents(line.vat * line.vat_recup / _HUNDRED)
    return recoverable, line.vat - recoverable
