"""Payments: what people do with them in Odoo, and what stands there then.

Documents go by their key in Octopus, ``2/V1/15``; amounts are texts, in euro.
"""

from decimal import Decimal

from odoo.addons.octopus_connector.api import Capability

from . import company as company_parts
from .payments import key_in
from .steps import step


@step
def keep_bank(env, company_id, iban):
    """Open one more bank account, of which Odoo keeps the payments."""
    env["account.journal"].create(
        {
            "name": "Bank kept in Odoo",
            "code": "OWN",
            "type": "bank",
            "company_id": company_id,
            "bank_acc_number": iban,
            "octopus_payment_owner": "odoo",
        }
    )


@step
def register_payment(env, company_id, move_ids, date, amount=None):
    """Register one payment of documents in that bank; give its id.

    :param amount: less than what is open of them
    """
    company = env["res.company"].browse(company_id)
    wizard = (
        env["account.payment.register"]
        .with_company(company)
        .with_context(active_model="account.move", active_ids=move_ids)
        .create(
            {
                "journal_id": company_parts.own_banks(company).id,
                "payment_date": date,
                "group_payment": True,
                # Odoo keeps money as a float that is exact to the cent.
                **({"amount": float(amount)} if amount else {}),
            }
        )
    )
    return wizard._create_payments().id


@step
def push(env, company_ids):
    """Wake the scheduled actions that send payments."""
    for company in env["res.company"].browse(company_ids):
        company.octopus_dossier().push_cron_id._trigger()


@step
def pull(env, company_ids):
    """Wake the scheduled actions that read payments."""
    for company in env["res.company"].browse(company_ids):
        company.octopus_dossier().pull_cron_id._trigger()


@step
def accept_payments(env, company_ids):
    """Look at what waits to be booked, and accept it, as a person does once.

    :return: how many changes were accepted
    """
    accepted = 0
    for company in env["res.company"].browse(company_ids):
        plan = env["octopus.payment.plan"].waiting(company.octopus_dossier())
        accepted += plan.count
        if plan:
            plan.with_env(env).action_accept()
    return accepted


@step
def sent_payments(env, payment_ids):
    """Tell of payments that go to Octopus where each is.

    :return: ``[{id, key, done, why}]``; ``done``: booked and matched there
    """
    return [_sent(it) for it in env["account.payment"].browse(payment_ids)]


def _sent(payment):
    row = payment.octopus_payment_id
    return {
        "id": payment.id,
        "key": _key(row),
        "done": row.state == "booked" and row.match_state == "done",
        "why": row.cause_text or f"{row.state or 'none'}, {row.match_state or 'none'}",
    }


@step
def missing_capabilities(env, company_id):
    """Name what the web service of a company does not offer."""
    with env["res.company"].browse(company_id).octopus_dossier().client() as octopus:
        missing = set(Capability) - octopus.capabilities
    return sorted(it.value.replace("_", " ") for it in missing)


# What stands in Odoo


@step
def settlements(env, move_ids):
    """Tell what settles documents, from Odoo's reconciliations alone, and what the
    connector knows of it.

    :return: ``settled``: ``[{keys, amount, state, told}]``, told: Octopus's match was
        read and is no question; ``taken_back``: ``[{keys, state, told}]``, told: the
        document and the list to decide say so; ``moved``: ``[[key, amount]]`` of the
        payments; ``open``: ``[[key, amount]]`` of the documents
    """
    moves = env["account.move"].browse(move_ids)
    rows = moves.octopus_booking_id
    evidence = env["octopus.balancing"].sudo().of_bookings(rows.sudo())
    read = {
        _pair(match) for match in evidence if not match.deleted and not match.problem
    }
    partials = moves.line_ids.matched_debit_ids | moves.line_ids.matched_credit_ids
    entries = (partials.debit_move_id | partials.credit_move_id).move_id
    return {
        "settled": [_settled(partial, read) for partial in partials],
        "taken_back": [_taken_back(match) for match in evidence if match.deleted],
        "moved": [
            (_key_of(payment.move_id), _text(payment.amount_signed))
            for payment in entries.origin_payment_id
        ],
        "open": [
            (_key(row), _text(row.move_id.amount_residual))
            for row in rows
            if row.number
        ],
    }


def _settled(partial, read):
    entries = [partial.debit_move_id.move_id, partial.credit_move_id.move_id]
    keys = sorted(map(_key_of, entries))
    payment = (entries[0] | entries[1]).origin_payment_id
    sent = payment.octopus_payment_id
    return {
        "keys": keys,
        "amount": _text(partial.amount),
        "state": sent.state or payment.state or "matched",
        "told": tuple(keys) in read,
    }


def _taken_back(match):
    asked = match.env["octopus.payment.question"].search_count(
        [
            ("balancing_id", "=", match.id),
            ("code", "=", "payment_undone"),
            ("state", "=", "open"),
        ]
    )
    notes = match.move_ids.message_ids.mapped("body")
    return {
        "keys": _pair(match),
        "state": match.payment_id.state,
        "told": bool(asked) and any(match.display_name in note for note in notes),
    }


def _key_of(entry):
    """Return the key in Octopus of what an entry of Odoo stands for; its own name when
    it stands for nothing there."""
    if entry.is_invoice():
        return _key(entry.octopus_booking_id) or entry.name
    payment = entry.origin_payment_id
    for match in payment.octopus_balancing_ids.sudo():
        paid_by = "credit" if match.debit_booking_id else "debit"
        return _side(match, paid_by)
    return _key(payment.octopus_payment_id) or entry.name


def _pair(match):
    return tuple(sorted((_side(match, "debit"), _side(match, "credit"))))


def _side(match, side):
    names = (f"{side}_{part}" for part in ("bookyear", "journal", "number"))
    return "/".join(str(match[name]) for name in names)


def _key(row):
    """Return the key of what was booked, ``None`` before that."""
    if not row.number:
        return None
    facts = {
        "bookyear": row.bookyear_id.octopus_id,
        "journal": row.journal_id.key,
        "number": row.number,
    }
    return key_in(facts)


def _text(amount):
    return str(Decimal(f"{amount:.2f}"))
