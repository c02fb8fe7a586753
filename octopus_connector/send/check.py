"""What stands in the way of documents that were not sent yet, for people who look.

The preflight of sending (``prepare.document``), and besides it what only sending itself
would meet: a number that is used, files that do not go along. Nothing is written and
nothing is called.
"""

from __future__ import annotations

from odoo.fields import Domain

from ..api.texts import file_name
from ..core import codes
from ..core.findings import Finding
from ..core.states import HELD, IN_FLIGHT, QUEUED, SENT
from ..prepare.scope import concerned, why_not_concerned
from .files import MB, file_ids, limit_mb

# How many documents a search looks at, newest first: a second or less on a small server
# (docs/architecture.md). Of more, the older ones are not found.
LIMIT = 2000


def preflight(moves) -> dict[int, tuple[bool, list[Finding]]]:
    """Return whether documents go to Octopus at all, and what there is to tell.

    A draft is judged as if it were confirmed. A contact without a relation is looked up
    in the mirror, which costs a few queries for each.

    :param moves: ``account.move`` that are saved
    :return: ``{id: (goes, findings)}`` of those that were not sent yet
    """
    saved = moves.filtered(lambda move: move.octopus_state not in (*IN_FLIGHT, *SENT))
    prepared = concerned(saved).octopus_prepare(find_relations=True)
    files = _file_findings(prepared.values())
    checked = {}
    for move in saved:
        document = prepared.get(move.id)
        if document is None:
            checked[move.id] = False, why_not_concerned(move)
            continue
        told = (*document.findings, *_number_findings(document), *files[move.id])
        told = [found for found in told if found.code != codes.NOT_POSTED]
        checked[move.id] = True, told
    return checked


def stopped_domain(env) -> Domain:
    """Return the domain of posted documents that would not pass if they were sent now.

    Those that something stops already say so themselves; of the others the
    :data:`LIMIT` newest are prepared, in a number of queries that does not grow with
    them. Contacts are not looked up, nor are their VAT numbers: whether one has several
    relations, or a number that is none, shows on the form and when it goes.

    :param env: of who looks
    """
    held = Domain("octopus_state", "in", HELD)
    new = (
        Domain("state", "=", "posted")
        & Domain("move_type", "in", env["account.move"].get_invoice_types(True))
        & (Domain("octopus_state", "in", ("ready", QUEUED)) | _without_row(env))
    )
    moves = env["account.move"].search(new, order="date desc, id desc", limit=LIMIT)
    moves = concerned(moves.sudo())
    stopped = [
        document.move.id
        for document in moves.octopus_prepare().values()
        if _stops(document)
    ]
    return held | Domain("id", "in", stopped)


def _without_row(env) -> Domain:
    """Return the domain of documents that get a row with the next pass."""
    linked = [company.id for company in env.companies if company.octopus_dossier()]
    return Domain("octopus_booking_id", "=", False) & Domain("company_id", "in", linked)


def _stops(document):
    more = [*_number_findings(document)]
    if not document.relation and document.partner:
        position = document.move.fiscal_position_id
        more += document.partner.octopus_findings(position, check_number=False)
    return any(found.stops for found in (*document.findings, *more))


def _number_findings(document):
    """Return the finding that Octopus has the number that the document must have."""
    year, move = document.journal_year, document.move
    named = move.name and move.name != "/"
    if document.settings.octopus_number_policy != "same" or not (year and named):
        return []
    if move.sequence_number > year.last_number:
        return []
    facts = {"number": move.sequence_number, "journal": year.journal_id.key}
    return [Finding(codes.NUMBER_USED, facts)]


def _file_findings(documents):
    """Return what there is to tell of the files of documents: ``{move id: findings}``.

    Three queries, whatever the number of documents.
    """
    documents = list(documents)
    moves = [document.move for document in documents]
    known = file_ids(moves[0].union(*moves)) if moves else {}
    return {
        document.move.id: _of_files(document, known.get(document.move.id, ()))
        for document in documents
    }


def _of_files(document, known_ids):
    policy, move = document.settings.octopus_attachment_policy, document.move
    by_soap = document.dossier.connection_id.transport == "soap"
    if policy == "none" or by_soap or not document.dossier:
        return []
    if not known_ids:
        return [] if _follows(move, policy) else [Finding(codes.ATTACHMENT_MISSING)]
    files = move.env["ir.attachment"].browse(known_ids)
    limit = limit_mb(move.env)
    if sum(files.mapped("file_size")) <= limit * MB:
        return []
    facts = {"file": [file_name(file.name) for file in files], "limit": limit}
    return [Finding(codes.ATTACHMENT_TOO_BIG, facts)]


def _follows(move, policy):
    """Whether a document without a file gets one by itself, or later as ever: the PDF
    of a sale is made when it goes, or after it was confirmed."""
    if not move.is_sale_document(include_receipts=True):
        return False
    return policy == "make" or move.state == "draft"
