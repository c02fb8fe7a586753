"""Carries out the tasks of a plan, all of them or none."""

from collections import Counter
from itertools import chain

from odoo import Command
from odoo.exceptions import UserError

from .desired import Payment, WriteOff
from .open_amounts import open_amount


def carry_out(tasks):
    """Undo, then make; each row then holds what it made.

    :param tasks: of any number of documents; each with something to do
    :raises Exception: what Odoo raises; the caller rolls back
    """
    waiting = _without_entry(tasks)
    take_back([task.row for task in tasks if task.undo])
    makes = [task for task in tasks if task.make]
    wanted = _wanted_open(makes)
    _pay([task for task in makes if isinstance(task.make, Payment)])
    _write_off([task for task in makes if isinstance(task.make, WriteOff)])
    for task in makes:
        if not isinstance(task.make, (Payment, WriteOff)):
            _reconcile(task)
    _keep_states(waiting)
    _check_open(wanted)


# What people registered without an entry


def _without_entry(tasks):
    """Return ``{payment: state}`` of those without an entry of these documents."""
    rows = tasks[0].row.union(*(task.row for task in tasks))
    registered = rows._bookings().move_id.matched_payment_ids
    return {it: it.state for it in registered if not it.move_id}


def _keep_states(waiting):
    """Leave those that were not used as they are: Odoo takes any reconciliation of the
    same amount for the bank's word about one of them."""
    for payment, state in waiting.items():
        if not payment.move_id and payment.state != state:
            payment.state = state


# What must be open afterwards


def _wanted_open(tasks):
    """Return what each document has open once these tasks are done."""
    taken = Counter()
    for task in tasks:
        if not getattr(task.make, "by_hand", False):
            for move in task.make.moves:
                taken[move] += task.make.amount
    return {move: open_amount(move) - amount for move, amount in taken.items()}


def _check_open(wanted):
    """Refuse a payment that did not pay what it should, or paid something else."""
    for move, amount in wanted.items():
        if open_amount(move) != amount:
            raise UserError(
                move.env._(
                    "%(document)s would have %(open)s open instead of %(wanted)s.",
                    document=move.name,
                    open=open_amount(move),
                    wanted=amount,
                )
            )


# Undo


def take_back(rows):
    """Cancel payments and take reconciliations back; both leave the row's account
    of what was made, so that only the row decides what should exist.

    :param rows: ``octopus.balancing``, as records or in a list
    :raises UserError: Odoo refuses, such as for a lock date
    """
    for row in rows:
        payment, entry = row.payment_id, row.entry_id
        if payment.state in ("in_process", "paid"):
            payment.action_cancel()
        if entry.state == "posted":
            entry.button_draft()
            entry.button_cancel()
        row.partial_ids.unlink()
        row.made = False


# Payments


def _pay(tasks):
    if not tasks:
        return
    env = tasks[0].row.env
    new = [task for task in tasks if not task.make.payment]
    created = env["account.payment"].create([_values(task.make) for task in new])
    for task, payment in zip(new, created, strict=True):
        _prepare_entry(task.make, payment)
    created.action_post()
    registered = [task for task in tasks if task.make.payment]
    for task in registered:
        _confirm(task.make)
    made = [
        *zip(new, created, strict=True),
        *((task, task.make.payment) for task in registered),
    ]
    env["account.move.line"]._reconcile_plan(
        [_lines_to_reconcile(payment.move_id, task.make) for task, payment in made]
    )
    for task, payment in made:
        make = task.make
        make.move.matched_payment_ids |= payment
        task.row.payment_id = payment
        task.row.made = {
            **_made(make, journal=payment.journal_id.id, payment=payment.id),
            **({"registered": True} if make.payment else {}),
        }


def _confirm(make):
    """Give the payment that a person registered its entry, on the day that the bank
    knows."""
    payment, move = make.payment, make.move
    account = make.lines.account_id[:1]
    payment.write({"date": make.date, "destination_account_id": account.id})
    _prepare_entry(make, payment)
    payment._generate_journal_entry()
    payment.move_id.action_post()
    note = move.env._(
        "Matched in Octopus with %(document)s by %(counterpart)s: this payment got its"
        " entry, on the day that stands there.",
        document=move.name,
        counterpart=make.memo,
    )
    payment._message_log(body=note)


def _prepare_entry(make, payment):
    """See that a payment gets an entry, on the account of the money: with evidence of
    the bank it needs no statement to be waited for. Odoo computes that account when it
    creates the payment, and there may be none."""
    method, journal = make.method, make.journal
    payment.outstanding_account_id = (
        method.payment_account_id or journal.default_account_id
    )
    if make.currency != make.move.company_id.currency_id:
        payment._generate_journal_entry(force_balance=float(make.balance))


def _values(make):
    move, company = make.move, make.move.company_id
    return {
        "payment_type": "inbound" if make.inbound else "outbound",
        "partner_type": "customer" if move.is_sale_document(True) else "supplier",
        "partner_id": move.commercial_partner_id.id,
        "company_id": company.id,
        "journal_id": make.journal.id,
        "payment_method_line_id": make.method.id,
        "destination_account_id": make.lines.account_id[:1].id,
        "amount": float(make.paid),
        "currency_id": make.currency.id,
        "date": make.date,
        "memo": make.memo,
    }


def _lines_to_reconcile(entry, make):
    lines = entry.line_ids | make.lines
    account = make.lines.account_id[:1]
    return lines.filtered(
        lambda line: line.account_id == account and not line.reconciled
    )


# Small differences


def _write_off(tasks):
    if not tasks:
        return
    env = tasks[0].row.env
    entries = env["account.move"].create([_entry_values(task.make) for task in tasks])
    entries.action_post()
    env["account.move.line"]._reconcile_plan(
        [
            _lines_to_reconcile(entry, task.make)
            for entry, task in zip(entries, tasks, strict=True)
        ]
    )
    for entry, task in zip(entries, tasks, strict=True):
        task.row.entry_id = entry
        task.row.made = _made(task.make, journal=entry.journal_id.id, entry=entry.id)


def _entry_values(make):
    move = make.move
    sign = -1 if make.inbound else 1
    common = {
        "name": make.memo,
        "partner_id": move.commercial_partner_id.id,
        "currency_id": move.currency_id.id,
    }
    return {
        "move_type": "entry",
        "company_id": move.company_id.id,
        "journal_id": make.journal.id,
        "date": make.date,
        "ref": make.memo,
        "line_ids": [
            Command.create(
                {
                    **common,
                    "account_id": account.id,
                    "amount_currency": float(way * make.amount),
                    "balance": float(way * make.balance),
                }
            )
            for account, way in (
                (make.lines.account_id[:1], sign),
                (make.account, -sign),
            )
        ],
    }


# Documents with each other


def _reconcile(task):
    make = task.make
    partials = task.row.env["account.partial.reconcile"]
    if not make.by_hand:
        partials = _match(make.debit_lines, make.credit_lines, float(make.amount))
    task.row.partial_ids = partials
    task.row.made = _made(make, by_hand=make.by_hand)


def _match(debits, credits_, amount):
    """Reconcile lines for exactly ``amount``, the oldest first; return the partials."""
    before = debits.matched_credit_ids
    currency = debits.currency_id[:1]
    pairs = chain.from_iterable(
        ((debit, credit) for credit in credits_.sorted("date_maturity"))
        for debit in debits.sorted("date_maturity")
    )
    for debit, credit in pairs:
        part = min(
            amount, debit.amount_residual_currency, -credit.amount_residual_currency
        )
        if currency.compare_amounts(part, 0) > 0:
            _match_pair(debit, credit, part)
            amount -= part
    return debits.matched_credit_ids - before


def _match_pair(debit, credit, amount):
    """Reconcile two lines for ``amount``, at most what both have open."""
    currency = debit.currency_id
    smallest = min(debit.amount_residual_currency, -credit.amount_residual_currency)
    if currency.compare_amounts(amount, smallest) >= 0:
        (debit | credit).reconcile()
        return
    # Odoo always takes all it can, so it is shown only this part of both lines; no
    # difference in exchange is booked before one of them is closed.
    env = debit.with_context(no_exchange_difference=True).env
    result = env["account.move.line"]._prepare_reconciliation_single_partial(
        _share(debit, amount), _share(credit, -amount)
    )
    env["account.partial.reconcile"].create(result["partial_values"])


def _share(line, amount_currency):
    """Return the part of a line that Odoo's reconciliation may see."""
    share = amount_currency / line.amount_residual_currency
    return {
        "aml": line,
        "amount_residual_currency": amount_currency,
        "amount_residual": line.company_currency_id.round(line.amount_residual * share),
        "parent_state": line.parent_state,
    }


def _made(make, **facts):
    return {**make.facts(), "moves": make.moves.ids, **facts}
