"""Matches documents with payments (afpunten, docs/octopus.md §18)."""

from dataclasses import replace

from .balancing import Balancing, DeletedBalancing, Item, Party
from .codes import Code
from .errors import Refusal
from .financial_booking import ACCOUNT, CLIENT, SUPPLIER
from .journal import DIVERS
from .keys import WHOLE_DOCUMENT, LineKey
from .money import ZERO, to_cents


class Matching:
    """Items of one dossier, what is open of them, and how they are matched."""

    def __init__(self, dossier, clock, switches):
        self.dossier = dossier
        self.clock = clock
        self.switches = switches

    # -- items ---------------------------------------------------------------

    def to_booking_amount(self, amount, rate):
        """An amount of a document in the dossier's currency."""
        multiply = self.switches["exchange_rate"] == "multiply"
        return to_cents(amount * rate if multiply else amount / rate)

    def financial_amounts(self, booking, debit):
        """What a financial line's amount is worth: in the dossier's currency, and in
        that of its journal (switch ``foreign_bank_amounts``)."""
        journal = self.dossier.journals[booking.key.series]
        foreign = (journal.currency or "EUR") != "EUR"
        if foreign and self.switches["foreign_bank_amounts"] == "euro":
            return debit, self._to_document_amount(debit, booking.rate)
        return self.to_booking_amount(debit, booking.rate), debit

    def _to_document_amount(self, amount, rate):
        multiply = self.switches["exchange_rate"] == "multiply"
        return to_cents(amount / rate if multiply else amount * rate)

    def items(self):
        """Every item that could be matched, document by document."""
        for booking in self.dossier.bookings.values():
            if booking.amount:
                yield self._document_item(booking)
        for booking in self.dossier.financial_bookings.values():
            for number, line in enumerate(booking.lines, 1):
                if line.amount:
                    yield self._line_item(booking, number, line)

    def item(self, key):
        """The item of a line key, or None."""
        booking = self.dossier.bookings.get(key.document)
        if booking:
            is_item = key.line == WHOLE_DOCUMENT and booking.amount
            return self._document_item(booking) if is_item else None
        booking = self.dossier.financial_bookings.get(key.document)
        if not booking or not 1 <= key.line <= len(booking.lines):
            return None
        return self._line_item(booking, key.line, booking.lines[key.line - 1])

    def open_amount(self, item):
        """What is not matched of an item: positive, in the dossier's currency."""
        return abs(item.booking_amount) - self.dossier.matched(item.key)

    def open_document_amount(self, item):
        """What is not matched of an item: positive, in the document's currency."""
        if item.booking_amount == item.document_amount:
            return self.open_amount(item)
        share = self.open_amount(item) / abs(item.booking_amount)
        return to_cents(abs(item.document_amount) * share)

    def open_items(self):
        """Items of which something is open."""
        return (item for item in self.items() if self.open_amount(item))

    def _document_item(self, booking):
        signed = booking.amount if booking.is_sale else -booking.amount
        return Item(
            key=LineKey(*booking.key, WHOLE_DOCUMENT),
            party=Party(CLIENT if booking.is_sale else SUPPLIER, booking.relation),
            period=booking.period,
            document_date=booking.document_date,
            expiry_date=booking.expiry_date,
            currency=booking.currency,
            rate=booking.rate,
            booking_amount=self.to_booking_amount(signed, booking.rate),
            document_amount=signed,
            comment=booking.comment,
            reference=booking.reference,
        )

    def _line_item(self, booking, number, line):
        signed = self.line_debit(booking, line)
        journal = self.dossier.journals[booking.key.series]
        by_account = line.type == ACCOUNT
        booking_amount, document_amount = self.financial_amounts(booking, signed)
        return Item(
            key=LineKey(*booking.key, number),
            party=Party(line.type, line.account if by_account else line.relation),
            period=booking.period,
            document_date=booking.document_date,
            expiry_date=booking.document_date,
            currency=journal.currency or "EUR",
            rate=booking.rate,
            booking_amount=booking_amount,
            document_amount=document_amount,
            reference=line.reference,
        )

    def line_debit(self, booking, line):
        """Amount of a financial line, + debit and - credit."""
        return line.amount if self.debit_is_positive(booking.journal) else -line.amount

    def debit_is_positive(self, journal_key):
        """Whether a positive line of a journal is a debit (switch ``divers_sign``)."""
        debit = self.switches["divers_sign"] == "debit_positive"
        return debit and journal_key.startswith(DIVERS)

    # -- acts ----------------------------------------------------------------

    def balance(self, debit_key, credit_key, amount):
        """Match ``amount`` (positive) of a debit item with a credit item."""
        debit, credit = self._side(debit_key, True), self._side(credit_key, False)
        if debit.party != credit.party:
            raise self._refuse("Debet and credit have another relation or account")
        if amount <= ZERO or amount != to_cents(amount):
            raise self._refuse(f"Amount {amount} is not a positive amount")
        for item in (debit, credit):
            if amount > self.open_amount(item):
                raise self._refuse(
                    f"Amount {amount} above open {self.open_amount(item)} of {item.key}"
                )
        pair = (debit_key, credit_key)
        known = self.dossier.balancings.get(pair)
        total = amount + known.amount if known else amount
        self.dossier.balancings[pair] = Balancing(debit_key, credit_key, total)
        self.dossier.count_match(pair, amount)
        self.dossier.deleted_balancings.pop(pair, None)
        self.dossier.feeds.balancings.record(pair, self.clock.stamp())

    def unbalance(self, debit_key, credit_key):
        """Undo the match of two items."""
        balancing = self.dossier.balancings.get((debit_key, credit_key))
        if not balancing:
            raise self._refuse(f"{debit_key} and {credit_key} are not balanced")
        self._undo(balancing)

    def unbalance_line(self, key):
        """Undo every match of one item; returns how many there were."""
        return self._undo_where(lambda line: line == key)

    def unbalance_document(self, key):
        """Undo every match of one document; returns how many there were."""
        return self._undo_where(lambda line: line.document == key)

    def rename(self, old, new):
        """A document got another key: its matches follow."""
        for balancing in list(self.dossier.balancings.values()):
            if old not in (line.document for line in balancing.key):
                continue
            self._forget(balancing)
            sides = [
                LineKey(*new, line.line) if line.document == old else line
                for line in balancing.key
            ]
            moved = replace(balancing, debit=sides[0], credit=sides[1])
            self.dossier.balancings[moved.key] = moved
            self.dossier.count_match(moved.key, moved.amount)
            self.dossier.feeds.balancings.changes.pop(balancing.key, None)
            self.dossier.feeds.balancings.record(moved.key, self.clock.stamp())

    def _side(self, key, is_debit):
        item = self.item(key)
        if not item:
            raise self._refuse(f"{key} unknown")
        if item.is_debit != is_debit:
            raise self._refuse(f"{key} is not on the {_side_name(is_debit)} side")
        return item

    def _undo_where(self, fits):
        found = [
            balancing
            for balancing in self.dossier.balancings.values()
            if any(fits(line) for line in balancing.key)
        ]
        for balancing in found:
            self._undo(balancing)
        return len(found)

    def _undo(self, balancing):
        self.dossier.deleted_balancings[balancing.key] = DeletedBalancing(
            self.item(balancing.debit), self.item(balancing.credit), balancing.amount
        )
        self._forget(balancing)
        self.dossier.feeds.balancings.record(
            balancing.key, self.clock.stamp(), deleted=True
        )

    def _forget(self, balancing):
        del self.dossier.balancings[balancing.key]
        self.dossier.count_match(balancing.key, -balancing.amount)

    def _refuse(self, detail):
        act = f"Unable to change balancing in dossier {self.dossier.id}."
        return Refusal(Code.BALANCING_NOT_SAVED, f"{act}  {detail}")


def _side_name(is_debit):
    return "debet" if is_debit else "credit"
