"""Reads documents as both sides have them, many at once: from what is kept here of the
journals of Octopus, never with a call."""

from __future__ import annotations

import logging
from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from odoo.fields import Domain

from ..api.stored import from_json
from ..api.types import Booking
from ..core.bank_money import BankMoney
from ..core.both_sides import Document, Place, Side, side
from ..core.find_booking import same_relation
from ..core.matches import BOOKING_CURRENCY
from ..core.money import exact
from ..core.states import AS_SENT, BOOKED
from .kinds import REFUNDS, SALES
from .rehearse import prepared_each

_logger = logging.getLogger(__name__)

MOVE_FIELDS = [
    "amount_total",
    "amount_total_signed",
    "commercial_partner_id",
    "company_id",
    "currency_id",
    "date",
    "invoice_date",
    "move_type",
    "name",
    "state",
]
BOOKING_FIELDS = [
    "company_id",
    "document_date",
    "document_name",
    "journal_year_id",
    "kind",
    "move_id",
    "number",
    "octopus_number",
    "payload",
    "period_number",
    "state",
]
ENTRY_FIELDS = [
    "amount",
    "booking_id",
    "comment",
    "currency_code",
    "data",
    "document_date",
    "journal_year_id",
    "number",
    "octopus_number",
]


class Unit(NamedTuple):
    """One document, by what it is kept under.

    :param anchor: ``booking`` for one with a row in the outbox; ``move`` for one that
        only Odoo has; ``entry`` for one that only Octopus has
    :param id: of that record
    """

    anchor: str
    id: int


class Found(NamedTuple):
    """A document with its records, which may be empty."""

    document: Document
    move: Any
    booking: Any
    entry: Any


class BothSidesReader:
    """Reads documents of one dossier, a batch at a time.

    The number of queries does not depend on the number of documents.

    :param dossier: ``octopus.dossier`` in sudo
    """

    def __init__(self, dossier):
        self.env = dossier.env
        self.dossier = dossier
        self.direction = dossier.exchange_rate_direction
        years = self.env["octopus.bookyear"].with_context(active_test=False)
        self._bookyears = years.search([("dossier_id", "=", dossier.id)])
        here = [("dossier_id", "=", dossier.id)]
        states = self.env["octopus.journal.year"].with_context(active_test=False)
        self._journal_years = {
            (year.journal_id.id, year.bookyear_id.id): year.id
            for year in states.search(here)
        }

    def documents(self, units) -> dict[Unit, Found]:
        """Return what is known of documents.

        :param units: ``Unit`` values, of this dossier
        """
        ids = defaultdict(list)
        for unit in units:
            ids[unit.anchor].append(unit.id)
        bookings = self.env["octopus.booking"].browse(ids["booking"])
        bookings.fetch(BOOKING_FIELDS)
        moves = self.env["account.move"].browse(ids["move"]) | bookings.move_id
        moves.fetch(MOVE_FIELDS)
        entries = self._entries(ids["entry"], bookings)
        prepared = self._prepared(moves, bookings)
        deleted = self._deleted(bookings)
        # Records of one search are read together; those of one id each are not.
        records = {
            "booking": {it.id: it for it in bookings},
            "move": {it.id: it for it in moves},
            "entry": {it.id: it for it in entries},
        }
        of_booking = {entry.booking_id.id: entry for entry in entries}
        return {
            unit: self._found(unit, records, of_booking, prepared, deleted)
            for unit in units
        }

    def _found(self, unit, records, of_booking, prepared, deleted):
        record = records[unit.anchor][unit.id]
        booking = self.env["octopus.booking"]
        move = self.env["account.move"]
        entry = self.env["octopus.journal.entry"]
        if unit.anchor == "booking":
            booking = record
            move = records["move"].get(booking.move_id.id, move)
            entry = of_booking.get(booking.id, entry)
        elif unit.anchor == "move":
            move = record
        else:
            entry = record
        document = self._document(move, booking, entry, prepared, deleted)
        return Found(document, move, booking, entry)

    # Reading, once for a batch

    def _entries(self, ids, bookings):
        entries = self.env["octopus.journal.entry"]
        ours = Domain("booking_id", "in", bookings.ids) & Domain("deleted", "=", False)
        return entries.search_fetch(ours | Domain("id", "in", ids), ENTRY_FIELDS)

    def _prepared(self, moves, bookings):
        """Return what documents would be, of which no codes were sent that hold."""
        sent = {row.move_id.id for row in bookings if _is_as_sent(row)}
        missing = moves.filtered(lambda it: it.state == "posted" and it.id not in sent)
        if not missing:
            return {}
        return prepared_each(missing, lambda some: some.octopus_prepare())

    def _deleted(self, bookings):
        """Return journal and number of those documents on whose number nothing stands
        any more, as Octopus told."""
        sent = bookings.filtered(lambda row: row.state in BOOKED)
        if not sent:
            return set()
        here = [
            ("journal_year_id", "in", sent.journal_year_id.ids),
            ("number", "in", sent.mapped("number")),
            ("deleted", "=", True),
        ]
        entries = self.env["octopus.journal.entry"].search_fetch(
            here, ["journal_year_id", "number"]
        )
        return {(entry.journal_year_id.id, entry.number) for entry in entries}

    # One document

    def _document(self, move, booking, entry, prepared, deleted):
        there = booking_there = None
        if entry:
            booking_there = self._as_booking(entry)
            there = self._there(entry, booking_there)
        sent = booking.payload and self._as_sent(booking)
        here = None
        if move.state == "posted":
            here = self._here(move, booking, sent, prepared.get(move.id))
        return Document(
            state=booking.state or None,
            here=here,
            there=there,
            deleted=(booking.journal_year_id.id, booking.number) in deleted,
            renumbered=bool(sent and entry and _is_renumbered(sent, booking_there)),
            others=_others(move, booking, sent, booking_there),
        )

    def _here(self, move, booking, sent, prepared) -> Side:
        lines, journal = (), booking.journal_year_id.journal_id
        if sent and _is_as_sent(booking):
            lines = sent.lines
        elif prepared is not None and not isinstance(prepared, tuple):
            lines = prepared.lines
            journal = journal or prepared.journal
        return side(
            self._place_here(move, journal),
            move.currency_id.name,
            _amount_of(move),
            lines,
            total=_booking_amount_of(move),
        )

    def _place_here(self, move, journal) -> Place:
        """Return where a document belongs by its accounting date, whatever period it
        was booked in."""
        day = move.date
        year = self._bookyears.filtered(lambda it: it.date_start <= day <= it.date_end)
        period = year.period_ids.filtered(
            lambda it: it.date_start <= day <= it.date_end
        )[:1]
        key = (journal.id, year[:1].id)
        return Place(self._journal_years.get(key), period.number if period else None)

    def _there(self, entry, booking) -> Side:
        total, certain = booking.amount, True
        if booking.currency != BOOKING_CURRENCY:
            total, certain = self._booking_amount_there(entry, booking)
        return side(
            Place(entry.journal_year_id.id, booking.period),
            booking.currency,
            booking.amount,
            booking.lines,
            total=total,
            certain=certain,
        )

    def _booking_amount_there(self, entry, booking):
        """Return the booking amount of a document in foreign currency, and whether it
        is Octopus's own: no feed of documents tells it, so it is calculated with the
        rate; ``None`` while nobody said which way rates are written."""
        rate = booking.exchange_rate
        if not self.direction or not rate:
            return None, False
        money = BankMoney(rate=rate, direction=self.direction)
        return money.in_euro(booking.amount), False

    def _as_sent(self, booking):
        try:
            return from_json(Booking, booking.payload)
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("What was sent of %s cannot be read", booking)
            return None

    def _as_booking(self, entry):
        """Return what stands in Octopus; what cannot be read as it was kept has its
        total, which then is nothing that could be called equal."""
        try:
            return from_json(Booking, entry.data)
        except Exception:  # pylint: disable=broad-exception-caught
            _logger.exception("%s cannot be read", entry)
        place = entry.journal_year_id.place()
        return Booking(
            bookyear_id=place[0],
            journal=place[1],
            number=entry.number,
            relation=None,
            period=None,
            document_date=entry.document_date or None,
            expiry_date=None,
            amount=Decimal(f"{entry.amount:.2f}"),
            currency=entry.currency_code or BOOKING_CURRENCY,
            exchange_rate=None,
        )


def _is_as_sent(booking) -> bool:
    """Whether the lines that were sent of a document still are its own: it is as it was
    sent, and what was agreed on since has the same amount.

    Lines of a credit note of 0 were once sent as those of a negative one, which Octopus
    books the other way round: what such a document is, only Odoo tells.
    """
    if booking.state not in AS_SENT or not booking.payload:
        return False
    amount = Decimal(booking.payload["amount"])
    move = booking.move_id
    if not amount and booking.kind in REFUNDS:
        return False
    return bool(move) and amount == _amount_of(move)


def _amount_of(move) -> Decimal:
    """Return the total of a document in its currency, negative on a credit note."""
    amount = exact(move.amount_total, move.currency_id)
    return -amount if move.move_type in REFUNDS else amount


def _booking_amount_of(move) -> Decimal:
    """Return the total of a document as it is booked, negative on a credit note. Odoo
    signs it as what the company gets or pays."""
    amount = exact(move.amount_total_signed, move.company_id.currency_id)
    return amount if move.move_type in SALES else -amount


def _is_renumbered(sent, there) -> bool:
    key = (sent.bookyear_id, sent.journal, sent.number)
    return key != (there.bookyear_id, there.journal, there.number)


def _others(move, booking, sent, there) -> tuple[str, ...]:
    """Return in what else than amounts and periods a document differs."""
    if there is None or not move or move.state != "posted":
        return ()
    others = []
    day = move.invoice_date or move.date
    if there.document_date and there.document_date != day:
        others.append("date")
    if sent and same_relation(sent, there) is False:
        others.append("relation")
    if booking.state == "changed":
        others.append("changed")
    return tuple(others)
