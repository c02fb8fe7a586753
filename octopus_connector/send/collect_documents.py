"""Which documents have a row in the outbox."""

from __future__ import annotations

from ..core.retry import PASS_LIMIT
from ..core.states import OPEN, THERE
from ..prepare.scope import in_scope, moves_without_row
from ..prepare.start import goes_by_itself
from ..sync.link_dossier import move_to


def collect(env, dossier) -> None:
    """Make rows for posted documents that have none yet, so that none is forgotten:
    those from before the link, and those of other companies' settings.

    :param env: in sudo
    :param dossier: ``octopus.dossier``
    """
    for settings in dossier.company_ids.filtered("octopus_enabled"):
        moves = moves_without_row(settings, PASS_LIMIT)
        rows_for(in_scope(moves).with_env(env))


def rows_for(moves):
    """Return the rows of documents, those that are missing made anew.

    A document that is in another dossier already, from before the company was linked
    anew, gets no second one; one that was to go there, and did not, goes to the present
    one.

    :param moves: posted documents in scope, of companies with a dossier
    :return: ``octopus.booking`` in the environment of ``moves``
    """
    env = moves.env
    if not moves:
        return env["octopus.booking"]
    moves = moves.sudo().sorted(_chronological)
    dossiers = {company: company.octopus_dossier() for company in moves.company_id}
    all_rows = env["octopus.booking"].sudo()
    rows = all_rows.search([("move_id", "in", moves.ids)])
    sent = rows.filtered(lambda row: row.state in THERE).move_id
    rows = _in_their_dossier(rows, sent, dossiers)
    known = {(row.move_id, row.dossier_id): row for row in rows}
    missing = [
        _values_for(move, dossiers[move.company_id])
        for move in moves - sent
        if (move, dossiers[move.company_id]) not in known
    ]
    made = all_rows.with_context(mail_create_nolog=True).create(missing)
    wanted = {(move, dossiers[move.company_id]) for move in moves}
    kept = rows.filtered(lambda row: (row.move_id, row.dossier_id) in wanted)
    return (kept | made).with_env(env)


def _in_their_dossier(rows, sent, dossiers):
    """Move what was not sent yet to the dossier in which its company books now, unless
    another dossier has the document; return the rows that are left.

    :param sent: ``account.move`` that are in some dossier
    :param dossiers: ``{company: octopus.dossier}``
    """
    astray = rows.filtered(
        lambda row: (
            row.state in OPEN
            and row.move_id not in sent
            and row.dossier_id != dossiers[row.move_id.company_id]
        )
    )
    for row in astray:
        move_to(row, dossiers[row.move_id.company_id])
    return rows.exists() if astray else rows


def _values_for(move, dossier):
    return {
        **facts_of(move),
        "move_id": move.id,
        "kind": move.move_type,
        "company_id": move.company_id.id,
        "dossier_id": dossier.id,
        "queued": goes_by_itself(move),
    }


def facts_of(move) -> dict:
    """Return what a row keeps of its document, for its order and its history.

    :param move: the document
    :return: values of fields of ``octopus.booking``
    """
    return {
        "document_name": move.name,
        "document_date": move.invoice_date or move.date,
        "accounting_date": move.date,
    }


def _chronological(move):
    return (
        move.date,
        move.invoice_date or move.date,
        move.sequence_prefix or "",
        move.sequence_number,
        move.id,
    )
