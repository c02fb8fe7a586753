"""Ends the tasks of a plan: in payments, or in a question to a person."""

import logging
from collections import Counter
from itertools import chain

from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...core import codes
from ...core.codes import CODES
from ...core.findings import Finding
from .companies import following
from .desired import Payment, Reconciliation, WriteOff, open_amount
from .feed import Pending

_logger = logging.getLogger(__name__)

COUNTED = {Payment: "payments", Reconciliation: "reconciled", WriteOff: "written_off"}


def apply(tasks):
    """Carry out tasks all at once; those that fail are found by halving.

    One that fails alone is noted on its row and never stops the others.

    :param tasks: list of ``Task`` with something to do
    :return: ``Counter`` of ``payments``, ``reconciled``, ``written_off``, ``undone``
        and ``problems``
    """
    if not tasks:
        return Counter()
    try:
        with tasks[0].row.env.cr.savepoint():
            carry_out(tasks)
            counts = _count(tasks)
            note(tasks)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise  # another worker was here: this transaction must start anew
    except Exception as error:  # pylint: disable=broad-exception-caught
        if len(tasks) > 1:
            half = len(tasks) // 2
            return apply(tasks[:half]) + apply(tasks[half:])
        return note_failure(tasks[0], error)
    return counts


def _count(tasks):
    counts = Counter(COUNTED[type(task.make)] for task in tasks if task.make)
    undone = [task for task in tasks if task.undo and not task.make]
    for task in undone:
        task.row.tell_undone()
    counts["undone"] = len(undone)
    return +counts


# What a person must know


def note(tasks):
    """Write the problems down, and that the rows were looked at.

    :param tasks: list of ``Task``, carried out or with nothing to do
    :return: ``Counter`` of ``problems`` that are new
    """
    counts = Counter()
    if not tasks:
        return counts
    done = answered = tasks[0].row.browse()
    asked = []
    for task in tasks:
        row = task.row
        problem = task.problem and task.problem.as_json()
        if problem:
            asked.append(task)
            if problem != row.problem:
                row.write({"problem": problem, "pending": False})
                counts["problems"] += 1
            elif row.pending:
                row.pending = False
        elif row.pending or row.problem:
            done += row
            if task.make or row.problem and not task.undo:
                answered += row
    done.write({"problem": False, "pending": False})
    _ask_about(asked, answered)
    return counts


def note_failure(task, error):
    """Say on the row that Odoo refused, with Odoo's own words for people.

    :param task: ``Task`` that could not be carried out
    :param error: the exception
    :return: ``Counter`` as :func:`note` gives
    """
    if isinstance(error, UserError):
        message = str(error)
    else:
        _logger.exception("Balancing %s could not be followed", task.row.id)
        message = type(error).__name__
    moves = task.row.move_ids
    task.problem = Finding(
        codes.PAYMENT_FAILED,
        {"document": ", ".join(moves.octopus_names()), "message": message},
        "account.move",
        moves.ids,
    )
    return note([task])


def _ask_about(tasks, answered):
    """Keep the list of what is to be decided in step with the rows."""
    for dossier, rows in answered.grouped("dossier_id").items():
        answer(dossier, [row.question_key() for row in rows])
    asking = answered.browse().union(*(task.row for task in tasks))
    findings = {task.row: task.problem for task in tasks}
    for dossier, rows in asking.grouped("dossier_id").items():
        asked = {
            row.question_key(): (findings[row], row.question_values()) for row in rows
        }
        ask(dossier, asked)
        plan = dossier.env["octopus.payment.plan"].waiting(dossier)
        Pending(dossier, following(dossier), plan).looked_at(rows)


def ask(dossier, asked):
    """Ask a person, or ask again what is another question than it was.

    :param dossier: ``octopus.dossier``
    :param asked: ``{key: (Finding, values)}``; values of ``balancing_id``,
        ``booking_id``, ``company_id``, ``partner_id``, ``amount`` of
        ``octopus.payment.question``
    :return: the questions that are new or different, in sudo
    """
    questions = dossier.env["octopus.payment.question"].sudo()
    if not asked:
        return questions
    known = questions.of_keys(dossier, asked)
    fresh = []
    changed = questions
    for key, (finding, values) in asked.items():
        values = {
            **values,
            "code": finding.code,
            "kind": CODES[finding.code].question,
            "finding": finding.as_json(),
            "state": "ignored" if finding.code == codes.PAYMENT_DROPPED else "open",
        }
        question = known.get(key)
        if not question:
            fresh.append({"dossier_id": dossier.id, "key": key, **values})
        elif question.is_another(values["finding"]):
            question.write({**values, "reason": False})
            changed |= question
    untold = questions.with_context(mail_create_nolog=True)
    return changed | untold.create(fresh)


def answer(dossier, keys):
    """Close the questions with these keys: what they were about is over.

    :param dossier: ``octopus.dossier``
    :param keys: of questions, open or not
    """
    known = dossier.env["octopus.payment.question"].of_keys(dossier, keys)
    dossier.env["octopus.payment.question"].sudo().union(*known.values()).close()


# Making what is missing


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
    registered = rows.bookings().move_id.matched_payment_ids
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
    text = move.env._(
        "Matched in Octopus with %(document)s by %(counterpart)s: this payment got its"
        " entry, on the day that stands there.",
        document=move.name,
        counterpart=make.memo,
    )
    payment._message_log(body=text)


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
