"""What the accountant does in the program itself, by hand."""

import datetime
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from .balancing import Party
from .booking import Booking
from .bookyear import Bookyear
from .codes import Code
from .cost_centre import CostCentre
from .errors import NothingFound, Refusal
from .financial_booking import ACCOUNT, FinancialBooking, FinancialLine
from .journal import DIVERS, FINANCIAL
from .keys import DocumentKey, LineKey
from .money import ZERO

_ONE = Decimal("1.0")
_DAY = datetime.timedelta(days=1)
_TERM = datetime.timedelta(days=30)
# What a journal is like at the start of a bookyear.
_UNTOUCHED = {
    "closed": False,
    "closed_period": 0,
    "protected_period": 0,
    "next_number": 0,
    "opened_by": "",
}


class Accountant:
    """Acts on the books of one dossier that the API does not offer."""

    def __init__(self, dossier, clock, bookkeeping, matching):
        self.dossier = dossier
        self.clock = clock
        self.bookkeeping = bookkeeping
        self.matching = matching

    # -- journals, periods, years --------------------------------------------

    def set_journal(self, bookyear, key, **values):
        """Change a journal: ``closed``, ``closed_period``, ``protected_period``,
        ``next_number`` or ``opened_by`` (the session lock; not shown in the feed).
        """
        journal = self._journal(bookyear, key)
        for name, value in values.items():
            setattr(journal, name, value)
        if set(values) != {"opened_by"}:
            self.dossier.feeds.journals.record((bookyear, key), self.clock.stamp())

    def protect_period(self, bookyear, period):
        """Protect every journal of a bookyear until a period; 0 frees them."""
        for journal in self.dossier.journals_of(bookyear):
            self.set_journal(bookyear, journal.key, protected_period=period)

    def close_year(self, bookyear, closed=True):
        """Close a bookyear, or open it again."""
        if bookyear not in self.dossier.bookyears:
            raise NothingFound(f"Bookyear {bookyear} unknown")
        self.dossier.bookyears[bookyear].closed = closed

    def carry_over(self, bookyear, done=True):
        """Carry over what is open to a bookyear, or show that it is not done yet."""
        if bookyear not in self.dossier.bookyears:
            raise NothingFound(f"Bookyear {bookyear} unknown")
        self.dossier.bookyears[bookyear].carried_over = done

    def add_year(self):
        """Open the bookyear that follows, with the journals and accounts of the last.

        Returns its number.
        """
        last = max(self.dossier.bookyears.values(), key=lambda year: year.end)
        start = last.end + _DAY
        end = start.replace(year=start.year + 1) - _DAY
        number = max(self.dossier.bookyears) + 1
        names = dict.fromkeys(last.names, str(start.year))
        year = Bookyear(number, names, start, end, last.period_kind)
        self.dossier.bookyears[number] = year
        self.copy_year(last.id, number)
        return number

    def copy_year(self, last, number, journals=True):
        """Give a bookyear the accounts of another, and its journals or none."""
        stamp = self.clock.stamp()
        for journal in self.dossier.journals_of(last) if journals else ():
            self.dossier.journals[number, journal.key] = replace(
                journal, bookyear=number, **_UNTOUCHED
            )
            self.dossier.feeds.journals.record((number, journal.key), stamp)
        for account in list(self.dossier.accounts.values()):
            if account.bookyear == last:
                place = (number, account.number)
                self.dossier.accounts[place] = replace(account, bookyear=number)
                self.dossier.feeds.accounts.record(place, stamp)

    def delete_journal(self, bookyear, key):
        """Delete a journal without documents from a bookyear."""
        journal = self._journal(bookyear, key)
        if self.dossier.last_number(bookyear, key):
            raise Refusal(Code.INVALID_JOURNAL, f"Journal {key} has documents")
        del self.dossier.journals[bookyear, key]
        self.dossier.deleted_journals[bookyear, key] = journal
        self.dossier.feeds.journals.record(
            (bookyear, key), self.clock.stamp(), deleted=True
        )

    # -- accounts and cost centres -------------------------------------------

    def set_account(self, number, **values):
        """Change an account in every bookyear: ``cost_centre_type``, for example."""
        stamp = self.clock.stamp()
        for place, account in self.dossier.accounts.items():
            if account.number == number:
                for name, value in values.items():
                    setattr(account, name, value)
                self.dossier.feeds.accounts.record(place, stamp)

    def set_cost_centre(self, number, names=None, closed=False):
        """Make a cost centre, or change it."""
        known = self.dossier.cost_centres.get(number)
        names = names or (known.names if known else {})
        self.dossier.cost_centres[number] = CostCentre(number, names, closed)

    def move_cost(self, key, line, number):
        """Give a line of a purchase or sale another cost centre, ``None`` for none."""
        document = self._document(key)
        document.lines[line - 1].cost_centre = number
        self.bookkeeping.touch(document)

    def spread_line(self, key, line, **values):
        """Spread a line of a purchase or sale over time in another way, over no time
        without values: ``beginDate``, ``endDate``, ``overflowBookingPeriodType``."""
        document = self._document(key)
        told = document.lines[line - 1].overflow or {}
        document.lines[line - 1].overflow = {**told, **values} if values else None
        self.bookkeeping.touch(document)

    # -- documents -----------------------------------------------------------

    def delete_last(self, bookyear, key):
        """Delete the last document of a journal; its matches go with it."""
        self._journal(bookyear, key)
        number = self.dossier.last_number(bookyear, key)
        document = self._document(DocumentKey(bookyear, key, number))
        self.matching.unbalance_document(document.key)
        self._drop(document)
        return document.key

    def renumber(self, key, number):
        """Give a document another number in its journal; its matches follow."""
        document = self._document(key)
        new = key._replace(number=number)
        if number < 1 or self.dossier.document(new):
            raise Refusal(Code.ILLEGAL_NUMBER, f"Number {number} is not free")
        self._drop(document, self.matching.switches["renumber_feed"] == "modify")
        document.number = number
        self.dossier.add(document)
        self.bookkeeping.touch(document)
        self.matching.rename(key, new)

    def edit(self, key, **values):
        """Change fields of a document, whatever is matched or protected.

        A new ``amount`` of a purchase or sale goes into the base of its first line.
        """
        document = self._document(key)
        for name, value in values.items():
            setattr(document, name, value)
        if "amount" in values and document.lines:
            missing = document.amount - document.lines_total
            document.lines[0].base += -missing if document.is_credit_note else missing
        self.bookkeeping.touch(document)

    def edit_line(self, key, number, amount):
        """Change the amount of a line of a booking; not below what is matched."""
        booking = self.dossier.financial_bookings.get(key)
        if not booking or not 1 <= number <= len(booking.lines):
            raise NothingFound(f"Line {number} of {key} unknown")
        if abs(amount) < self.dossier.matched(LineKey(*key, number)):
            raise _unmatched(f"Line {number} of {key} is matched for more")
        booking.lines[number - 1].amount = amount
        self.bookkeeping.touch(booking)

    def book_document(self, journal_key, day, relation, lines, comment, amount=None):
        """Enter a purchase or sale by hand, next number; returns its key.

        ``amount`` None = the sum of the lines; negative for a credit note.
        """
        year, number = self._next(journal_key, day)
        total = sum((line.total for line in lines), ZERO)
        booking = Booking(
            bookyear=year.id,
            journal=journal_key,
            number=number,
            relation=relation,
            period=year.period_of(day).number,
            document_date=day,
            expiry_date=day + _TERM,
            amount=total if amount is None else amount,
            currency="EUR",
            rate=_ONE,
            lines=lines,
            comment=comment,
        )
        self.bookkeeping.insert_booking(booking)
        return booking.key

    # -- money ---------------------------------------------------------------

    def book_lines(self, journal_key, day, lines, rate=_ONE):
        """Book ``lines`` in an F or D journal on ``day``, next number; its key.

        ``rate`` is that of a journal in another currency.
        """
        year, number = self._next(journal_key, day)
        booking = FinancialBooking(
            bookyear=year.id,
            journal=journal_key,
            number=number,
            period=year.period_of(day).number,
            document_date=day,
            rate=rate,
            lines=lines,
        )
        self.bookkeeping.insert_financial(booking)
        return booking.key

    def match_line(self, line_key, targets):
        """Match a line with documents: ``{document's line key: positive amount}``."""
        is_debit = self._item(line_key).is_debit
        for target, amount in targets.items():
            if is_debit:
                self.matching.balance(line_key, target, amount)
            else:
                self.matching.balance(target, line_key, amount)

    def pay(self, journal_key, day, lines, targets, rate=_ONE):
        """Book a receipt or payment and match it.

        ``lines`` are the counterparts (+ money in); ``targets`` holds, per line, the
        documents it pays and how much. Nothing is written when anything is refused.
        """
        self._check_payment(journal_key, lines, targets)
        key = self.book_lines(journal_key, day, lines, rate)
        for number, targets_of_line in enumerate(targets, 1):
            self.match_line(LineKey(*key, number), targets_of_line)
        return key

    def write_off(self, target, account, day, journal_key="D1"):
        """Book what is open of an item to an account, and match it; returns the key."""
        item = self._item(target)
        amount = self.matching.open_amount(item)
        if not amount:
            raise _unmatched(f"Nothing is open of {target}")
        if item.is_debit == self.matching.debit_is_positive(journal_key):
            amount = -amount
        lines = [
            FinancialLine(item.party.type, amount, relation=item.party.id),
            FinancialLine(ACCOUNT, -amount, account=account),
        ]
        key = self.book_lines(journal_key, day, lines)
        self.match_line(LineKey(*key, 1), {target: abs(amount)})
        return key

    # -- parts ---------------------------------------------------------------

    def _next(self, journal_key, day):
        """The bookyear of a day, and the number that follows in the journal."""
        year = self.dossier.bookyear_of(day)
        if not year:
            raise Refusal(Code.UNKNOWN_BOOKYEAR, f"No bookyear for {day}")
        return year, self.dossier.last_number(year.id, journal_key) + 1

    def _check_payment(self, journal_key, lines, targets):
        """Everything that matching would refuse, before anything is booked."""
        if not journal_key.startswith((FINANCIAL, DIVERS)):
            raise Refusal(Code.INVALID_JOURNAL, f"{journal_key} is not F or D")
        totals = defaultdict(Decimal)
        for line, targets_of_line in zip(lines, targets, strict=True):
            if sum(targets_of_line.values()) > abs(line.amount):
                raise _unmatched(f"More is matched than {line.amount}")
            for target, amount in targets_of_line.items():
                totals[target] += amount
                self._check_target(journal_key, line, target, amount)
        for target, amount in totals.items():
            if amount > self.matching.open_amount(self._item(target)):
                raise _unmatched(f"{target} has less open than {amount}")

    def _check_target(self, journal_key, line, target, amount):
        item = self._item(target)
        by_account = line.type == ACCOUNT
        party = Party(line.type, line.account if by_account else line.relation)
        positive_is_debit = self.matching.debit_is_positive(journal_key)
        if amount <= 0 or item.party != party:
            raise _unmatched(f"{target} is not of {party.type} {party.id}")
        if item.is_debit == ((line.amount > 0) == positive_is_debit):
            raise _unmatched(f"{target} stands on the same side")

    def _journal(self, bookyear, key):
        journal = self.dossier.journals.get((bookyear, key))
        if not journal:
            raise NothingFound(f"Journal {key} unknown in bookyear {bookyear}")
        return journal

    def _document(self, key):
        document = self.dossier.document(key) or self.dossier.invoices.get(key)
        if not document:
            raise NothingFound(f"Document {key} unknown")
        return document

    def _item(self, key):
        item = self.matching.item(key)
        if not item:
            raise NothingFound(f"{key} unknown")
        return item

    def _drop(self, document, silently=False):
        """Take a document out of the books and, unless silent, out of the feeds."""
        _store, feed = self.dossier.store_of(document)
        self.dossier.remove(document)
        feed.changes.pop(document.key, None)
        self.dossier.feeds.documents.changes.pop(document.key, None)
        stamp = self.clock.stamp()
        if not silently:
            self.dossier.feeds.documents.record(document.key, stamp, deleted=True)
        self.bookkeeping.touch_journal(document.key.series, stamp)


def _unmatched(detail):
    return Refusal(Code.BALANCING_NOT_SAVED, detail)
