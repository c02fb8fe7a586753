"""What a payment of Odoo consists of: the counterparts of the bank, the documents that
each of them pays, and the exchange differences between them.

A payment is a posted entry of a bank or cash journal with a line on a customer or
supplier: that of a registered payment, or that of a bank statement line once it is
reconciled. Nothing is written and nothing is called.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from ..core.fingerprint import fingerprint
from ..core.money import CENT, exact
from ..core.states import BOOKED, NOT_THERE

ZERO = Decimal(0)
PARTIES = {"asset_receivable": "C", "liability_payable": "S"}


class Exchange(NamedTuple):
    """An exchange difference that came with the reconciliation of a payment.

    :param account: ``account.account`` of the gain or loss
    :param amount: in euro, positive: what closes the document beyond the payment, or
        what of the payment closes no document
    :param document: ``octopus.booking`` that it closes; empty when it is of the payment
    """

    account: Any
    amount: Decimal
    document: Any = None


@dataclass
class Item:
    """A counterpart of the bank in a payment.

    :param line: ``account.move.line``
    :param type: ``C`` customer, ``S`` supplier, ``A`` account
    :param amount: in euro; positive when money comes in
    :param parts: ``[(octopus.booking, positive amount)]`` of the documents it pays
    :param exchanges: ``[Exchange]`` between it and those documents
    :param foreign: in the currency of a bank that is not in euro, signed as ``amount``
    """

    line: Any
    type: str
    amount: Decimal
    foreign: Decimal | None = None
    parts: list = field(default_factory=list)
    exchanges: list = field(default_factory=list)

    @property
    def sign(self) -> int:
        return 1 if self.amount > ZERO else -1

    @property
    def growth(self) -> Decimal:
        """What its documents take beyond what the bank moved."""
        return sum((it.amount for it in self.exchanges if it.document), ZERO)

    @property
    def shrinkage(self) -> Decimal:
        """What of the bank's movement closes no document."""
        return sum((it.amount for it in self.exchanges if not it.document), ZERO)

    @property
    def taken(self) -> Decimal:
        """What customers' and suppliers' lines of the booking take together."""
        return abs(self.amount) + self.growth - self.shrinkage

    def pays(self) -> list:
        """Return ``[(octopus.booking, positive amount)]`` with exchange differences."""
        more = Counter()
        for found in self.exchanges:
            if found.document:
                more[found.document] += found.amount
        # More than one reconciliation with a document: the first takes the difference.
        return [(row, amount + more.pop(row, ZERO)) for row, amount in self.parts]


def items_of(move) -> list[Item]:
    """Return the counterparts of a payment, in an order that does not depend on ids.

    Lines on an account of the bank's own, such as outstanding receipts, exist in Odoo
    only: Octopus books the bank at once.

    :param move: its ``account.move``
    :return: without the documents they pay, which :func:`documents_of` fills in
    """
    own = bank_accounts(move)
    lines = move.line_ids.filtered(
        lambda line: line.account_id not in own and line.balance
    )
    items = [
        Item(
            line=line,
            type=_type_of(line),
            amount=-exact(line.balance, line.company_currency_id),
        )
        for line in lines
    ]
    items = sorted(items, key=_order)
    _fill_in_foreign(move, items)
    return items


def _fill_in_foreign(move, items):
    """Say what each counterpart is in the currency of a bank that is not in euro. Those
    that Odoo keeps in another currency share what is left of the bank's movement;
    rounded together, they add up to it."""
    currency = bank_currency(move.journal_id)
    if currency == move.company_currency_id:
        return
    left, _worth = moved_by(move)
    others = []
    for item in items:
        if item.line.currency_id == currency:
            item.foreign = -exact(item.line.amount_currency, currency)
            left -= item.foreign
        else:
            others.append(item)
    worth = sum((item.amount for item in others), ZERO)
    run = before = ZERO
    for item in others:
        run += item.amount
        after = exact(float(left * run / worth), currency) if worth else ZERO
        item.foreign, before = after - before, after


def is_in_bank_currency(move) -> bool:
    """Whether a payment moves the bank in the bank's own currency.

    :param move: ``account.move`` of the payment; a person can register one in another
        currency than its bank has
    """
    currency = bank_currency(move.journal_id)
    return all(line.currency_id == currency for line in _bank_lines(move))


def bank_currency(journal):
    """Return the currency of a bank or cash journal.

    :param journal: ``account.journal``; one without a currency has the company's
    :return: ``res.currency``
    """
    return journal.currency_id or journal.company_id.currency_id


def moved_by(move):
    """Return what the bank moves: positive when money comes in.

    :param move: ``account.move`` of the payment
    :return: ``(Decimal, Decimal)``, in the bank's currency and in the company's
    """
    lines, currency = _bank_lines(move), bank_currency(move.journal_id)
    return (
        exact(sum(lines.mapped("amount_currency")), currency),
        exact(sum(lines.mapped("balance")), move.company_currency_id),
    )


def _bank_lines(move):
    own = bank_accounts(move)
    return move.line_ids.filtered(lambda line: line.account_id in own)


def _type_of(line):
    if not line.partner_id and _policy_without_contact(line.move_id) == "account":
        return "A"
    return PARTIES.get(line.account_id.account_type, "A")


def _policy_without_contact(move):
    """Return what becomes of what has no customer or supplier, such as the takings of
    a point of sale: ``ask``, ``out`` or ``account``."""
    return move.company_id.octopus_settings().octopus_without_contact


def _order(item):
    line = item.line
    return item.type, line.partner_id.id, line.account_id.id, item.amount, line.id


def bank_accounts(move):
    """Return the accounts that stand for the bank of a payment's journal.

    :param move: ``account.move`` of the payment
    :return: ``account.account``, those of outstanding payments included
    """
    journal = move.journal_id
    methods = (
        journal.inbound_payment_method_line_ids
        | journal.outbound_payment_method_line_ids
    )
    accounts = journal.default_account_id | methods.payment_account_id
    return accounts | move.origin_payment_id.outstanding_account_id


def is_payment(move) -> bool:
    """Whether an entry of a bank journal pays a customer or supplier: all of it is
    known, and it is not a payment that came from Octopus.

    :param move: ``account.move``; one with a line on the suspense account of its bank
        is not known yet
    """
    if move.origin_payment_id.octopus_balancing_ids:
        return False
    suspense = move.journal_id.suspense_account_id
    if move.statement_line_id and suspense in move.line_ids.account_id:
        return False
    return pays_somebody(move)


def pays_somebody(move) -> bool:
    """Whether money of a customer or supplier is moved; of whoever it is, unless what
    has no contact stays out.

    :param move: ``account.move`` of a bank journal; the company's setting says what
        becomes of one without a contact
    """
    own = bank_accounts(move)
    parties = move.line_ids.filtered(
        lambda line: line.account_type in PARTIES and line.account_id not in own
    ).filtered("balance")
    if parties and not parties.partner_id:
        return _policy_without_contact(move) != "out"
    return bool(parties)


def fingerprint_of_move(move, with_exchanges: bool = True) -> str:
    """Return what makes it another booking when it changes.

    :param with_exchanges: exchange differences are booked with it
    """
    items = items_of(move)
    facts = {
        "date": move.date,
        "journal": move.journal_id.id,
        "items": [
            [
                item.type,
                item.line.partner_id.commercial_partner_id.id or 0,
                item.line.account_id.id,
                item.amount,
            ]
            for item in items
        ],
    }
    exchanges = [
        [number, account.id, amount]
        for number, item in enumerate(items if with_exchanges else ())
        for account, amount in exchange_sums(item, _exchanges(item))
    ]
    # Only where there are some: a fingerprint that was stored stays what it is.
    if exchanges:
        facts["exchanges"] = exchanges
    foreign = [item.foreign for item in items if item.foreign is not None]
    return fingerprint({**facts, "foreign": foreign} if foreign else facts)


def documents_of(items, dossier):
    """Fill in the documents that each item pays, from the reconciliations of Odoo.

    :return: the documents of Octopus's kinds that have no booking in the dossier
    """
    without = dossier.env["account.move"]
    for item in items:
        if item.type == "A":
            continue
        for other, amount in _reconciled_with(item):
            if not other.is_invoice(include_receipts=True):
                continue
            row = other.octopus_booking_ids.filtered(
                lambda row: row.dossier_id == dossier
            )
            if row:
                item.parts.append((row, amount))
            else:
                without |= other
        item.exchanges = list(_exchanges_in(item, dossier))
    return without


def _exchanges_in(item, dossier):
    """Yield what :func:`_exchanges` gives as ``Exchange``; those of documents that
    never reach Octopus, or left it, are nothing there either."""
    for account, amount, entry in _exchanges(item):
        row = entry and entry.octopus_booking_ids.filtered(
            lambda row: row.dossier_id == dossier and row.state not in NOT_THERE
        )
        if row or not entry:
            yield Exchange(account, amount, row)


def _reconciled_with(item):
    """Yield ``(entry, positive amount in euro)`` of each reconciliation of an item."""
    for partial, other in _partials(item.line):
        yield other.move_id, exact(partial.amount, item.line.company_currency_id)


def _partials(line):
    """Yield each reconciliation of an entry's line, and the line on its other side."""
    for partial in line.matched_debit_ids:
        yield partial, partial.debit_move_id
    for partial in line.matched_credit_ids:
        yield partial, partial.credit_move_id


def _exchanges(item):
    """Yield ``(account, positive amount in euro, document or None)`` of the exchange
    differences that Odoo booked when it reconciled an item.

    Odoo closes with an entry of its own what is left of either side: of the document,
    when the payment is worth less than was booked, else of the payment.
    """
    if item.type == "A":
        return
    currency = item.line.company_currency_id
    for partial, other in _partials(item.line):
        amount = exact(partial.amount, currency)
        if other.move_id.exchange_diff_partial_ids:
            yield _exchange_account(other), amount, None
        for closing, line in _partials(other):
            if line.move_id == partial.exchange_move_id:
                amount = exact(closing.amount, currency)
                yield _exchange_account(line), amount, other.move_id


def has_exchanges(items) -> bool:
    """Whether Odoo booked an exchange difference with one of these items.

    :param items: what :func:`items_of` returned
    """
    return any(True for item in items for _found in _exchanges(item))


def _exchange_account(line):
    """Return the account of the gain or loss that an exchange entry's line is of."""
    others = line.move_id.line_ids.filtered(
        lambda it: it.account_type not in PARTIES and it.balance
    )
    own = others.filtered(lambda it: it.balance == -line.balance)
    return (own or others)[:1].account_id


def exchange_sums(item, exchanges):
    """Return what exchange differences book besides, in an order that does not depend
    on ids.

    :param item: the :class:`Item` they came with, whose sign decides
    :param exchanges: ``(account.account, positive amount in euro, document or empty)``
        each, as :class:`Exchange` is
    :return: ``[(account.account, Decimal)]`` in euro, positive when money comes in
    """
    sums = Counter()
    for account, amount, document in exchanges:
        sums[account] += -item.sign * amount if document else item.sign * amount
    return sorted(sums.items(), key=lambda it: (it[1], it[0].id))


def wanted_of(items, slots=None) -> dict[tuple[int, int], Decimal]:
    """Return what should be matched, by (item, document), of documents that are in
    Octopus.

    :param slots: of the booking there; it may have been made before Odoo booked the
        exchange difference, and can take no more than it was made for
    """
    room = _room(slots or ())
    wanted = defaultdict(lambda: ZERO)
    for number, item in enumerate(items):
        whole = slots is None or room[number] >= item.taken
        parts = item.pays() if whole else item.parts
        if slots is not None and item.foreign is not None:
            parts = _within_a_cent(parts, room[number])
        for row, amount in parts:
            if row.state in BOOKED:
                wanted[number, row.id] += amount
    return dict(wanted)


def left_open(items, slots=()) -> Decimal:
    """Return what stays open in Octopus of a payment in a foreign currency that is
    closed here, in euro: exchange differences, and the cent that a line lacks.

    :param items: with their documents
    :param slots: the lines of the booking there, where there is one already
    """
    room = _room(slots)
    left = ZERO
    for number, item in enumerate(items):
        if item.foreign is None:
            continue
        left += item.growth + item.shrinkage
        if number in room:
            paid = sum((amount for _row, amount in item.parts), ZERO)
            fitting = _within_a_cent(item.parts, room[number])
            left += paid - sum((amount for _row, amount in fitting), ZERO)
    return left


def _room(slots):
    """Return what the lines of a booking can take, by item."""
    room = Counter()
    for slot in slots:
        room[slot.item] += slot.amount
    return room


def _within_a_cent(parts, room):
    """Return what is paid without the cent that a line lacks because Octopus computes
    its euro from the rate: a match cannot be above what the line is worth."""
    over = sum((amount for _row, amount in parts), ZERO) - room
    if not ZERO < over <= CENT:
        return parts
    row, amount = parts[-1]
    return [*parts[:-1], (row, amount - over)]


def parts_of(items):
    """Return what items pay of documents, without exchange differences.

    :param items: with documents, see :func:`documents_of`
    :return: ``[(octopus.booking, positive Decimal in euro)]``; a document may be there
        more than once
    """
    return [part for item in items for part in item.parts]
