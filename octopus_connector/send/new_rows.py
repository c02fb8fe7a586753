"""Rows in the outbox of documents that never had one, by one statement.

Confirming an invoice is what people do all day, and the ORM takes nine queries for the
row of one: it looks for rows that cannot be there, reads the dossier, follows the row,
and writes on the document what it just wrote on the row. What it would have written is
held by ``tests/flows/test_screens.py``; what differs is that nobody follows the row.
Where another addon does something with a new row, the ORM makes it.
"""

from __future__ import annotations

from odoo.tools import SQL

from .statements import is_followed

# Modules of which the statement knows what they keep in a row.
OURS = {"octopus_connector", "mail"}
READ = [
    "name",
    "date",
    "invoice_date",
    "move_type",
    "company_id",
    "sequence_prefix",
    "sequence_number",
]
OF_ROW = (
    "move_id",
    "document_name",
    "document_date",
    "accounting_date",
    "kind",
    "company_id",
    "dossier_id",
    "queued",
    "state",
)
WRITTEN = [
    "octopus_booking_ids",
    "octopus_booking_id",
    "octopus_state",
    "octopus_number",
    "write_date",
    "write_uid",
]


def new_rows(moves) -> tuple:
    """Make the rows of documents that have none, as ``rows_for`` would.

    Access is checked by whoever asks, and the documents are in scope.

    :param moves: posted ``account.move``, of companies with a dossier
    :return: the documents that have a row now, and the ``octopus.dossier`` to which
        some of them go by themselves
    """
    dossiers = moves.env["octopus.dossier"].sudo()
    if not moves or _is_extended(moves.env["octopus.booking"]):
        return moves.browse(), dossiers
    moves.flush_recordset(READ)
    dossiers.flush_model(["automatic"])
    holders = {company: company.octopus_settings() for company in moves.company_id}
    books = [
        (company.id, holder.octopus_dossier_id.id, bool(holder.octopus_by_hand))
        for company, holder in holders.items()
    ]
    made = moves.env.execute_query(
        SQL(
            """
            WITH made AS (
                INSERT INTO octopus_booking
                       (move_id, document_name, document_date, accounting_date, kind,
                        company_id, dossier_id, queued, state,
                        create_uid, create_date, write_uid, write_date)
                SELECT move.id, move.name, COALESCE(move.invoice_date, move.date),
                       move.date, move.move_type, move.company_id, dossier.id,
                       COALESCE(dossier.automatic, FALSE) AND NOT book.by_hand,
                       'ready',
                       %(user)s, now() AT TIME ZONE 'UTC',
                       %(user)s, now() AT TIME ZONE 'UTC'
                  FROM account_move AS move
                  JOIN (VALUES %(books)s) AS book (company_id, dossier_id, by_hand)
                       ON book.company_id = move.company_id
                  JOIN octopus_dossier AS dossier ON dossier.id = book.dossier_id
                 WHERE move.id IN %(moves)s
                   AND NOT EXISTS (SELECT 1 FROM octopus_booking AS row
                                    WHERE row.move_id = move.id)
                 ORDER BY move.date, COALESCE(move.invoice_date, move.date),
                       COALESCE(move.sequence_prefix, ''), move.sequence_number, move.id
                RETURNING id, move_id, dossier_id, queued, state,
                          write_uid, write_date
            )
            UPDATE account_move AS move
               SET octopus_booking_id = made.id,
                   octopus_state = CASE WHEN made.queued THEN 'queued'
                                        ELSE made.state END,
                   octopus_number = NULL,
                   write_uid = made.write_uid, write_date = made.write_date
              FROM made
             WHERE made.move_id = move.id
            RETURNING move.id, made.dossier_id, made.queued
            """,
            user=moves.env.uid,
            books=SQL(", ").join(SQL("(%s, %s, %s)", *book) for book in books),
            moves=tuple(moves.ids),
        )
    )
    done = moves.browse(move_id for move_id, _dossier, _queued in made)
    done.invalidate_recordset(WRITTEN, flush=False)
    dossiers.invalidate_model(["booking_ids"], flush=False)
    queued = {dossier for _move, dossier, queued in made if queued}
    return done, dossiers.browse(queued)


def _is_extended(rows):
    """Whether another addon keeps something in a new row, or something follows it."""
    of_others = (
        field.store and field.column_type and not OURS.issuperset(field._modules)
        for field in rows._fields.values()
    )
    return any(of_others) or is_followed(rows, OF_ROW)
