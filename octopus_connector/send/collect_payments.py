"""Which payments have a row in the outbox, and what became of them in Odoo since."""

from __future__ import annotations

import logging
from datetime import date

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ..core import codes
from ..core.retry import PASS_LIMIT
from ..core.states import BOOKED, OPEN
from ..prepare.banks import banks_above, banks_of
from ..prepare.payment import preparation_of
from ..prepare.payment_documents import UNMATCHED, waiting_for
from ..prepare.payment_items import (
    PARTIES,
    bank_accounts,
    documents_of,
    fingerprint_of_move,
    is_payment,
    items_of,
)
from ..prepare.start import goes_by_itself
from ..sync.find_entry import maybe_payment

_logger = logging.getLogger(__name__)

NO_START, NO_END = date(1900, 1, 1), date(9999, 12, 31)
# Payments that went unmatched and were told so; an index holds them.
ALONE = (
    "state = 'booked' AND match_state = 'done'"
    f""" AND findings @> '[{{"code": "{UNMATCHED}"}}]'"""
)


def collect(env, dossier) -> None:
    """Give each payment of the banks that Odoo keeps its row; follow those that were
    changed or taken back in Odoo since they were looked at.

    :param env: in sudo
    :param dossier: ``octopus.dossier``
    """
    try:
        with env.cr.savepoint():
            _collect(env, dossier)
    except UniqueViolation as error:
        _logger.info("Another worker collects payments at this moment: %s", error)


def _collect(env, dossier):
    for row in _changed(env, dossier):
        _follow(row)
    make_rows(env, _new_payments(env, dossier))


def to_collect(env, dossiers):
    """Return those dossiers for which :func:`collect` or :func:`wake_waiting` has
    something to do; they write, this does not.

    :param env: in sudo
    :param dossiers: ``octopus.dossier``
    """
    rows = _changed(env, dossiers) | _came_after_all(env["octopus.payment"], dossiers)
    found = rows.dossier_id | _released(env, dossiers).dossier_id
    for company in _new_payments(env, dossiers).company_id:
        found |= company.octopus_dossier()
    return found & dossiers


def _new_payments(env, dossiers):
    """Return the entries that are payments and have no row yet."""
    holders = dossiers.sudo().company_ids.filtered("octopus_enabled")
    # A branch with its own dossier may pay from the bank of the company above it.
    banks = _banks(holders) | banks_above(holders).filtered(_is_kept_here)
    companies = {
        company: company.octopus_settings() for company in holders.octopus_companies()
    }
    # A branch may keep a dossier in which it does not book any more.
    if not banks or not companies:
        return env["account.move"]
    return moves_without_row(env, banks, companies).filtered(is_payment)


def _banks(holders):
    """Return the bank and cash journals of which Odoo owns the payments."""
    return banks_of(holders).filtered(_is_kept_here)


def _is_kept_here(bank):
    return bank.octopus_owner_now() == "odoo"


def moves_without_row(env, banks, companies):
    """Return posted entries of companies in banks, with a line on a customer or
    supplier, from the day on that each bank's payments go to Octopus, and each
    company's documents do, and before the day from which those do not any more.

    :param env: in sudo
    :param banks: ``account.journal``
    :param companies: ``{company: company that holds its settings}``
    :return: ``account.move`` without a row in the outbox, oldest first, of each dossier
        as many as a pass takes: what never gets a row in one hides nothing of others
    """
    env.flush_all()
    banks = [(bank.id, bank.octopus_payments_start()) for bank in banks]
    holders = [
        (
            company.id,
            holder.octopus_start_date or NO_START,
            holder.octopus_end_date or NO_END,
            holder.octopus_without_contact == "out",
            holder.octopus_dossier_id.id or None,
        )
        for company, holder in companies.items()
    ]
    holders = SQL(", ").join(
        SQL("(%s, %s::date, %s::date, %s, %s::int)", *it) for it in holders
    )
    found = env.execute_query(
        SQL(
            """
              WITH found AS (
            SELECT move.id, move.date,
                   row_number() OVER (PARTITION BY holder.dossier_id
                                          ORDER BY move.date, move.id) AS place
              FROM account_move AS move
              JOIN (VALUES %(banks)s) AS bank (id, start)
                   ON move.journal_id = bank.id AND move.date >= bank.start
              JOIN (VALUES %(holders)s)
                       AS holder (company_id, start, stop, strict, dossier_id)
                   ON move.company_id = holder.company_id
                  AND move.date >= holder.start
                  AND move.date < holder.stop
             WHERE move.state = 'posted'
               AND EXISTS (
                   SELECT FROM account_move_line AS line
                     JOIN account_account AS account ON account.id = line.account_id
                    WHERE line.move_id = move.id
                      AND (line.partner_id IS NOT NULL OR NOT holder.strict)
                      AND account.account_type IN %(parties)s)
               AND NOT EXISTS (
                   SELECT FROM octopus_payment AS row
                    WHERE row.move_id = move.id AND row.reversal_of_id IS NULL
                      AND row.state <> 'reversed'))
            SELECT id FROM found
             WHERE place <= %(limit)s
             ORDER BY date, id
            """,
            banks=SQL(", ").join(SQL("(%s, %s::date)", *it) for it in banks),
            holders=holders,
            parties=tuple(PARTIES),
            limit=PASS_LIMIT,
        )
    )
    return env["account.move"].browse([move_id for [move_id] in found])


def make_rows(env, moves):
    """Make the rows of payments.

    :param moves: posted entries that are payments, of companies with a dossier
    :return: ``octopus.payment``
    """
    made = env["octopus.payment"].sudo().with_context(mail_create_nolog=True)
    return made.create([_values_for(move) for move in moves])


def _values_for(move):
    settings = move.company_id.octopus_settings()
    rows = move.env["octopus.payment"].sudo()
    before = rows.search_count(
        [("move_id", "=", move.id), ("reversal_of_id", "=", False)]
    )
    return {
        **_facts_of(move),
        "move_id": move.id,
        "company_id": move.company_id.id,
        "dossier_id": settings.octopus_dossier_id.id,
        # What stood in Octopus before it was changed here is to stand there again.
        "queued": settings.octopus_is_automatic() if before else goes_by_itself(move),
        # The same payment sent anew after it was taken back is another one there.
        "reference": f"{move.name} {before + 1}" if before else move.name,
    }


def _facts_of(move):
    """Return what a row keeps of its payment, for its order and its history."""
    amount = sum(item.amount for item in items_of(move))
    return {
        "document_name": move.name,
        "document_date": move.date,
        "amount": float(amount),
        "seen_at": move.write_date,
    }


# What changed in Odoo


def _changed(env, dossiers):
    """Return rows whose entry was written, or deleted, since it was looked at."""
    env.flush_all()
    found = env.execute_query(
        SQL(
            """
            SELECT row.id
              FROM octopus_payment AS row
         LEFT JOIN account_move AS move ON move.id = row.move_id
             WHERE row.dossier_id = ANY(%s)
               AND row.reversal_of_id IS NULL
               AND row.state IN ('ready', 'waiting', 'blocked', 'booked')
               AND (move.id IS NULL
                    OR row.seen_at IS NULL
                    OR move.write_date IS DISTINCT FROM row.seen_at
                    OR move.state <> 'posted'
                       AND (row.state = 'booked' OR row.entry_id IS NULL))
            """,
            dossiers.ids,
        )
    )
    return env["octopus.payment"].browse([row_id for (row_id,) in found])


def _follow(row):
    """Take over what a payment became in Odoo."""
    move = row.move_id
    stands = move.state == "posted" and is_payment(move)
    if row.state == "booked":
        if stands and _is_as_sent(row):
            row.seen_at = move.write_date
        else:
            _take_back(row)
    elif stands:
        row.write(_facts_of(move))
    elif row.entry_id:
        # Octopus may have it: then it must be taken back there.
        row.hold("blocked", [maybe_payment(row.entry_id)])
    else:
        row.unlink()


def _is_as_sent(row):
    """Whether Octopus has the payment as it is here."""
    now = fingerprint_of_move(row.move_id)
    if now != row.fingerprint:
        prepared = preparation_of(row).prepare(row.move_id)
        if not prepared.is_same(row.booking()):
            return False
        row.fingerprint = now
    return True


def _take_back(row):
    """Undo in Octopus what was taken back or changed in Odoo."""
    row.write({"state": "reversing", "match_state": "todo", "retry_at": False})
    row.with_context(mail_create_nolog=True).create(
        {
            "document_name": row.document_name,
            "document_date": row.document_date,
            "company_id": row.company_id.id,
            "dossier_id": row.dossier_id.id,
            "amount": -row.amount,
            "reference": f"{row.reference} R",
            "reversal_of_id": row.id,
            "queued": True,
        }
    )


def needless(rows):
    """Return bookings the other way of which nothing is there any more that they undo.

    :param rows: ``octopus.payment``
    """
    return rows.filtered(
        lambda row: (
            row.reversal_of_id
            and row.state in (*OPEN, "gone")
            and not row.has_to_undo()
        )
    )


def drop_needless(rows):
    """Keep bookings the other way from leaving when nothing is there any more that they
    undo.

    :param rows: ``octopus.payment``
    :return: those that are kept
    """
    kept = needless(rows)
    kept.write({"state": "excluded", "queued": False, "retry_at": False})
    return kept


# What payments waited for


def wake_waiting(env, dossier) -> None:
    """Let payments go that waited for documents which are booked now, and match those
    that went without a document that came after all.

    :param dossier: ``octopus.dossier``
    """
    rows = env["octopus.payment"]
    _came_after_all(rows, dossier).match_state = "todo"
    for row in _released(env, dossier):
        row.retry_at = fields.Datetime.now()


def _released(env, dossiers):
    """Return payments that wait for documents, and need not any more."""
    waiting = env["octopus.payment"].search(
        [
            ("dossier_id", "in", dossiers.ids),
            ("cause", "=", codes.PAYMENT_WAITS),
            "|",
            ("state", "=", "waiting"),
            ("match_state", "=", "waiting"),
        ]
    )
    _read_along(waiting.move_id)
    released = waiting.browse()
    for row in waiting:
        items = items_of(row.move_id)
        documents = documents_of(items, row.dossier_id)
        if not waiting_for(items, documents, row.dossier_id):
            released |= row
    return released


def _read_along(moves):
    """Read together what payments are reconciled with; each by itself, they would be
    asked for one by one."""
    lines = moves.line_ids
    for _step in ("document", "exchange difference"):
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        lines = partials.debit_move_id | partials.credit_move_id
        # With one field, Odoo reads all that is kept in the same table.
        lines.move_id.mapped("move_type")
        lines.move_id.octopus_booking_ids.mapped("state")
        lines.move_id.exchange_diff_partial_ids.mapped("amount")


def _came_after_all(rows, dossiers):
    """Return payments that were told to go unmatched, with a document among those that
    were told which is booked now."""
    rows.env.flush_all()
    found = rows.env.execute_query(
        SQL(
            """
            SELECT DISTINCT row.id
              FROM octopus_payment AS row,
                   jsonb_array_elements(row.findings) AS told,
                   jsonb_array_elements(told->'ids') AS document
              JOIN octopus_booking AS booking
                   ON booking.move_id = document::integer
             WHERE row.dossier_id = ANY(%(dossiers)s)
               AND row.id IN (
                   SELECT id FROM octopus_payment WHERE %(alone)s)
               AND told->>'code' = %(code)s
               AND booking.dossier_id = row.dossier_id
               AND booking.state IN %(booked)s
            """,
            dossiers=dossiers.ids,
            alone=SQL(ALONE),
            code=UNMATCHED,
            booked=BOOKED,
        )
    )
    return rows.browse([row_id for [row_id] in found])


# What their accounts need


def offer_accounts(rows) -> None:
    """Have a row in the account mapping for every account of these payments, so that a
    person can choose or accept it.

    :param rows: ``octopus.payment``
    """
    for (settings, _bank), same in rows.grouped(
        lambda row: (row.company_id.octopus_settings(), row.bank_journal_id)
    ).items():
        offer_accounts_of(settings, same.move_id)


def offer_accounts_of(settings, moves) -> None:
    """Have a row in the account mapping of a company for every account of payments of
    one bank.

    :param settings: the company that holds the settings, in sudo
    :param moves: ``account.move`` of the payments
    """
    unnamed = settings.octopus_without_contact == "account"
    accounts = other_accounts(moves, unnamed)
    try:
        with moves.env.cr.savepoint():
            moves.env["octopus.account.mapping"].offer(settings, accounts)
    except UniqueViolation as error:
        _logger.info("Another worker offers accounts at this moment: %s", error)


def other_accounts(moves, unnamed):
    """Return the accounts of payments of one bank that stand neither for the bank nor
    for a customer or supplier, those of exchange differences too.

    :param moves: ``account.move`` of the payments
    :param unnamed: what has no contact stands for none either
    :return: ``account.account``
    """
    env = moves.env
    others = Domain("account_id.account_type", "not in", tuple(PARTIES))
    if unnamed:
        others |= Domain("partner_id", "=", False)
    used = env["account.move.line"]._read_group(
        Domain("move_id", "in", moves.ids) & others, ["account_id"]
    )
    accounts = env["account.account"].union(*(account for [account] in used))
    lines = [("move_id", "in", moves.ids)]
    exchanges = env["account.partial.reconcile"].search(
        Domain("exchange_move_id", "!=", False)
        & (
            Domain("debit_move_id", "any", lines)
            | Domain("credit_move_id", "any", lines)
        )
    )
    accounts |= exchanges.exchange_move_id.line_ids.account_id.filtered(
        lambda account: account.account_type not in PARTIES
    )
    return accounts - bank_accounts(moves)
