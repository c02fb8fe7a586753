"""What a balancing should have caused in Odoo. Nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from ...api.stored import from_json
from ...api.types import Balancing
from ...core import codes
from ...core.findings import Finding, FindingError
from ...core.matches import (
    BOOKING_CURRENCY,
    DOCUMENT,
    PAYMENT,
    WRITE_OFF,
    Match,
    document_amounts,
    document_total,
)
from ...core.money import exact
from ...core.states import BOOKED

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What closes one document, or a part of it.

    :param move: the document
    :param lines: its receivable or payable lines
    :param inbound: the document waits for money to come in
    :param amount: in the document's currency
    :param balance: the same in euro, as Octopus booked it
    :param journal: takes the entry
    """

    kind: ClassVar[str]

    move: Any
    lines: Any
    inbound: bool
    amount: Decimal
    balance: Decimal
    date: date
    journal: Any
    memo: str

    @property
    def moves(self):
        return self.move

    def facts(self) -> dict:
        """Return what makes it another one when it changes, as JSON values."""
        return {
            "kind": self.kind,
            "amount": str(self.amount),
            "balance": str(self.balance),
            "currency": self.move.currency_id.name,
            "date": self.date.isoformat(),
        }


@dataclass(frozen=True, kw_only=True)
class Payment(Settlement):
    """A payment of one document, in a bank journal or the clearing journal.

    :param method: payment method line of that journal
    :param payment: one without an entry that a person registered, and that this is
    :param foreign: in the currency of the bank, where that pays a document in euro
    """

    kind = "payment"

    method: Any
    payment: Any = None
    foreign: Decimal | None = None

    @property
    def currency(self):
        """Return the currency of the payment: that of the document, as a rule."""
        document = self.move.currency_id
        return document if self.foreign is None else self.journal.currency_id

    @property
    def paid(self) -> Decimal:
        """Return the amount of the payment, in its currency."""
        return self.amount if self.foreign is None else self.foreign

    def facts(self) -> dict:
        """Return what makes it another one when it changes, as JSON values.

        :return: as of :class:`Settlement`; for a bank in another currency with
            ``foreign``, the amount in that
        """
        facts = super().facts()
        # Only where there is one: what was made before stays what it was.
        if self.foreign is not None:
            facts["foreign"] = str(self.foreign)
        return facts


@dataclass(frozen=True, kw_only=True)
class WriteOff(Settlement):
    """A small difference of one document that the accountant wrote off.

    :param account: takes the difference
    """

    kind = "write_off"

    account: Any


@dataclass(frozen=True)
class Reconciliation:
    """Two documents matched with each other, such as an invoice and a credit note.

    :param amount: in the currency of both
    :param by_hand: a person did it already
    """

    debit_lines: Any
    credit_lines: Any
    amount: Decimal
    by_hand: bool = False

    @property
    def moves(self):
        return self.debit_lines.move_id | self.credit_lines.move_id

    def facts(self) -> dict:
        """Return what makes it another one when it changes, as JSON values."""
        return {
            "kind": "reconciliation",
            "amount": str(self.amount),
            "debit": self.debit_lines.move_id.id,
            "credit": self.credit_lines.move_id.id,
        }


def term_lines(move):
    """Return the lines of a document that wait for payment.

    :param move: its ``account.move``
    :return: ``account.move.line``, one for each payment term, paid or not
    """
    return move.line_ids.filtered(lambda line: line.display_type == "payment_term")


def open_amount(move):
    """Return what is open of a document: positive, in its currency.

    :param move: its ``account.move``
    :return: exact ``Decimal``
    """
    residual = sum(term_lines(move).mapped("amount_residual_currency"))
    return abs(exact(residual, move.currency_id))


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What we know of a document that was booked; unknown values are ``None``.

    ``total`` is positive, in the document's currency.
    """

    comment: str | None = None
    relation: int | None = None
    total: Decimal | None = None


def is_same_document(match: Match, sent: Sent) -> bool:
    """Tell whether the document of a match is still the one that was sent.

    The key alone is not enough: somebody may have given the number to another
    document. Our own comment proves it; else relation and total may not contradict.

    :param match: seen from the document in question
    :param sent: what is known of it here; what either side does not tell contradicts
        nothing
    """
    document, reference = match.document, match.balancing.relation
    if sent.comment and document.comment == sent.comment:
        return True
    relation = reference.id if reference else None
    facts = [(relation, sent.relation), (document_total(document), sent.total)]
    return all(there == here for there, here in facts if there and here)


def sides_of(row):
    """Return the documents of ours that a balancing is of.

    :param row: ``octopus.balancing``
    :return: ``[(octopus.booking, whether it stands on the debit side)]``
    """
    sides = ((row.debit_booking_id, True), (row.credit_booking_id, False))
    return [(booking, debit) for booking, debit in sides if booking]


def about(code, move, **params):
    """Return what is to be told about a document.

    :param code: one of ``core.codes``
    :param move: its ``account.move``
    :param params: of the text of that code, beside the name of the document
    :return: ``Finding``
    """
    return Finding(code, {"document": move.name, **params}, move._name, move.ids)


def _agreed(row):
    """Return how much of a document a person agreed to write off by a row, in the
    document's currency."""
    agreed = (row.decision or {}).get("write_off") or 0
    if agreed is True:
        # Before amounts were kept: what was written off then.
        made = row.made or {}
        agreed = made["amount"] if made.get("kind") == WriteOff.kind else 0
    return Decimal(agreed)


class Desired:
    """What a batch of balancings should have caused; queries do not grow with it.

    :param rows: ``octopus.balancing``, in sudo: all those of the documents concerned,
        and of the documents that these are matched with
    :param journals: ``Journals``
    """

    def __init__(self, rows, journals):
        self._journals = journals
        self._balancings = {row.id: from_json(Balancing, row.data) for row in rows}
        self._written_off = Counter()
        self._amounts = self._amounts_by_booking(rows)

    def _amounts_by_booking(self, rows):
        """Return ``{booking id: {row id: amount in the document's currency}}``."""
        matches = defaultdict(list)
        bookings = rows.debit_booking_id | rows.credit_booking_id
        for row in rows:
            if not row.deleted:
                for booking, debit in sides_of(row):
                    match = Match(row.id, self._balancings[row.id], debit)
                    matches[booking.id].append(match)
                    if match.meaning == WRITE_OFF and match.matched:
                        self._written_off[booking.id] += match.matched
        return {
            booking.id: document_amounts(
                matches[booking.id],
                booking.move_id.currency_id.name,
                booking.move_id.currency_id.decimal_places,
            )
            for booking in bookings
        }

    def wanted(self, row):
        """Return what a row should have caused.

        :param row: ``octopus.balancing`` that was not taken back
        :return: :class:`Payment`, :class:`Reconciliation`, :class:`WriteOff`; ``None``
            where nobody follows the payments of that bank
        :raises FindingError: nothing can be made of it, and why
        """
        sides = [self._side(row, *side) for side in sides_of(row)]
        if len(sides) == 2:
            return self._reconciliation(*sides)
        move, match, amount = sides[0]
        if match.meaning == PAYMENT:
            return self._payment(row, move, match, amount)
        if match.meaning == WRITE_OFF and self._may_write_off(row, amount):
            return self._write_off(row, move, match, amount)
        code = {
            DOCUMENT: codes.PAYMENT_OTHER_DOCUMENT,
            WRITE_OFF: codes.PAYMENT_WRITE_OFF,
        }.get(match.meaning, codes.PAYMENT_COUNTERPART_UNKNOWN)
        raise FindingError(
            about(
                code,
                move,
                amount=amount,
                currency=move.currency_id.name,
                counterpart=row.label(not match.debit),
            )
        )

    def _side(self, row, booking, debit):
        """Return the document, the match seen from it, and the amount of the match.

        :raises FindingError: the document cannot be paid by this row
        """
        move = booking.move_id
        match = Match(row.id, self._balancings[row.id], debit)
        amount = self._amounts[booking.id].get(row.id)
        if move.state != "posted":
            raise FindingError(
                Finding(
                    codes.PAYMENT_DOCUMENT_NOT_POSTED,
                    {"document": booking.document_name or booking.octopus_number},
                    "octopus.booking",
                    booking.ids,
                )
            )
        still_there = booking.state in BOOKED
        right_side = debit == move.is_inbound()
        if not (
            still_there and right_side and is_same_document(match, self._sent(booking))
        ):
            raise FindingError(
                about(
                    codes.PAYMENT_DOCUMENT_DIFFERS, move, number=booking.octopus_number
                )
            )
        self._check_currency(move, match)
        if amount is None or amount <= ZERO or match.paid is None:
            raise FindingError(about(codes.PAYMENT_AMOUNT_UNCLEAR, move))
        return move, match, amount

    @staticmethod
    def _sent(booking):
        payload = booking.payload or {}
        return Sent(
            comment=payload.get("comment"),
            relation=booking.relation_id.octopus_id or None,
            total=abs(exact(booking.amount, booking.move_id.currency_id)) or None,
        )

    def _check_currency(self, move, match):
        there = match.document.currency or BOOKING_CURRENCY
        here = move.currency_id.name
        if there != here or move.company_currency_id.name != BOOKING_CURRENCY:
            raise FindingError(
                about(codes.PAYMENT_CURRENCY, move, there=there, here=here)
            )

    def _payment(self, row, move, match, amount):
        day = self._day(move, match)
        journal = self._journals.of_bank(move, match.counterpart.key)
        owner = journal.octopus_owner_now()
        if owner == "none":
            return None  # nobody follows the payments of this bank
        if owner == "odoo":
            counterpart = row.label(not match.debit)
            raise FindingError(
                about(codes.PAYMENT_NOT_OWNED, move, counterpart=counterpart)
            )
        methods = (
            journal.inbound_payment_method_line_ids
            if match.debit
            else journal.outbound_payment_method_line_ids
        )
        manual = methods.filtered(lambda method: method.code == "manual")
        if not manual:
            raise FindingError(
                about(codes.PAYMENT_NO_METHOD, move, journal=journal.display_name)
            )
        return Payment(
            move=move,
            lines=term_lines(move),
            inbound=match.debit,
            amount=amount,
            balance=match.paid,
            date=day,
            journal=journal,
            method=manual[0],
            memo=row.label(not match.debit),
            foreign=self._in_bank_currency(row, move, match, journal),
        )

    def _in_bank_currency(self, row, move, match, journal):
        """Return what a bank that is not in euro moved for a document in euro, in its
        currency; ``None`` where the payment is in the currency of the document.

        :raises FindingError: the bank, its journal there and the document are in three
            currencies, or Octopus does not tell
        """
        currency = self._journals.currency(journal)
        if currency in (move.currency_id, move.company_currency_id):
            return None
        there = match.counterpart.currency or BOOKING_CURRENCY
        moved = None
        if there == currency.name and move.currency_id == move.company_currency_id:
            moved = self._moved_by_line(row, match, currency).get(row.id)
        if not moved:
            facts = {
                "journal": journal.display_name,
                "here": currency.name,
                "currency": move.currency_id.name,
            }
            raise FindingError(
                about(codes.PAYMENT_BANK_CURRENCY, move, there=there, **facts)
            )
        return moved

    def _moved_by_line(self, row, match, currency):
        """Return ``{row id: amount in the bank's currency}`` of all matches of the line
        that a row is of: rounded together, they add up to the line."""
        debit = not match.debit
        rows = row.of_same_line("debit" if debit else "credit")
        matches = [Match(it.id, from_json(Balancing, it.data), debit) for it in rows]
        return document_amounts(matches, currency.name, currency.decimal_places)

    def _day(self, move, match):
        if not match.counterpart.document_date:
            raise FindingError(about(codes.PAYMENT_DATE_MISSING, move))
        return match.counterpart.document_date

    def _may_write_off(self, row, amount):
        """Whether all that is written off of the document is small, or a person agreed
        to as much as this.

        :param amount: in the document's currency
        """
        booking = row.debit_booking_id or row.credit_booking_id
        settings = self._journals.settings(booking.company_id)
        if not settings.octopus_write_off_account_id:
            return False
        small = exact(settings.octopus_write_off_tolerance, settings.currency_id)
        return amount <= _agreed(row) or self._written_off[booking.id] <= small

    def _write_off(self, row, move, match, amount):
        settings = self._journals.settings(move.company_id)
        return WriteOff(
            move=move,
            lines=term_lines(move),
            inbound=match.debit,
            amount=amount,
            balance=match.paid,
            date=self._day(move, match),
            journal=self._journals.for_entries(move),
            account=settings.octopus_write_off_account_id,
            memo=row.label(not match.debit),
        )

    def _reconciliation(self, debit, credit):
        debit_move, _match, amount = debit
        credit_move, _match, credit_amount = credit
        lines = term_lines(debit_move), term_lines(credit_move)
        if amount != credit_amount:
            raise FindingError(about(codes.PAYMENT_AMOUNT_UNCLEAR, debit_move))
        if debit_move.currency_id != credit_move.currency_id:
            raise FindingError(
                about(
                    codes.PAYMENT_CURRENCY,
                    debit_move,
                    there=credit_move.currency_id.name,
                    here=debit_move.currency_id.name,
                )
            )
        if lines[0].account_id != lines[1].account_id:
            raise FindingError(
                about(codes.PAYMENT_ACCOUNTS_DIFFER, debit_move, other=credit_move.name)
            )
        return Reconciliation(*lines, amount)

    def matched(self, row):
        """Return what Octopus matched of our document.

        :param row: ``octopus.balancing``
        :return: exact ``Decimal`` in euro, zero when it was taken back; ``None`` when
            Octopus does not tell
        """
        booking, debit = sides_of(row)[0]
        if row.deleted:
            return ZERO
        amount = Match(row.id, self._balancings[row.id], debit).matched
        currency = booking.company_id.currency_id
        return None if amount is None else exact(float(amount), currency)
