"""The files that go along with a booking: PDF and UBL of sales, the original of bills.

A file that cannot be read or made, or is too big, never holds a
booking.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from typing import NamedTuple

from odoo.tools import SQL

from ..api.texts import file_name
from ..api.types import Attachment
from ..core import codes
from . import styles

_logger = logging.getLogger(__name__)

PDF_FIELD = "invoice_pdf_report_file"
UBL_FIELD = "ubl_cii_xml_file"
# What Odoo makes of a sale; of a receipt the first only.
MADE = (PDF_FIELD, UBL_FIELD)
# How many megabytes of files a document may take along. The contract states no limit
# (docs/octopus.md §16); ours keeps them within the memory and the time of a worker.
LIMIT_PARAMETER = "octopus_connector.attachment_limit_mb"
LIMIT_MB = 20
MB = 1024 * 1024


class Files(NamedTuple):
    """The files of a document, the names of those that are too big to go, and whether
    its PDF is not made now, because it would have no styles."""

    going: tuple[Attachment, ...] = ()
    too_big: tuple[str, ...] = ()
    unstyled: bool = False


def limit_mb(env) -> int:
    """Return how many megabytes of files a document may take along.

    :param env: its system parameter decides; without a whole number there, ``LIMIT_MB``
    """
    set_to = env["ir.config_parameter"].sudo().get_param(LIMIT_PARAMETER) or ""
    return int(set_to) if set_to.isdecimal() else LIMIT_MB


def file_ids(moves) -> dict[int, list[int]]:
    """Return the ids of the attachments that go along.

    Those are Odoo's own PDF and UBL, and of a bill the file it was made from. Two
    queries, whatever the number of documents.

    :param moves: ``account.move``; read in sudo
    :return: ``{move id: [attachment id]}`` of documents that have any
    """
    moves = moves.sudo()
    found = defaultdict(list)
    own = moves.env["ir.attachment"].search_fetch(
        [
            ("res_model", "=", moves._name),
            ("res_id", "in", moves.ids),
            ("res_field", "in", MADE),
        ],
        ["res_id", "res_field"],
        order="id",
    )
    for attachment in own:
        found[attachment.res_id].append(attachment.id)
    for move in moves:
        original = move.message_main_attachment_id.id
        bought = move.is_purchase_document(include_receipts=True)
        if bought and original and original not in found[move.id]:
            found[move.id].append(original)
    return {move_id: ids for move_id, ids in found.items() if ids}


def dossiers_with_later_files(dossiers):
    """Return those dossiers with a booked document that went without a file and has one
    now, or whose PDF waits for its styles.

    :param dossiers: ``octopus.dossier``
    """
    dossiers.env.flush_all()
    found = dossiers.env.execute_query(
        SQL(
            """
            SELECT DISTINCT row.dossier_id
              FROM octopus_booking AS row
              JOIN account_move AS move ON move.id = row.move_id
             WHERE row.dossier_id = ANY(%(dossiers)s)
               AND row.attachment_state = 'later'
               AND (row.findings @> %(unstyled)s::jsonb
                    OR move.move_type IN %(bought)s
                       AND move.message_main_attachment_id IS NOT NULL
                    OR EXISTS (
                       SELECT FROM ir_attachment AS file
                        WHERE file.res_model = 'account.move'
                          AND file.res_id = move.id
                          AND file.res_field IN %(fields)s))
            """,
            dossiers=dossiers.ids,
            unstyled=json.dumps([{"code": codes.ATTACHMENT_UNSTYLED}]),
            bought=tuple(dossiers.env["account.move"].get_purchase_types(True)),
            fields=MADE,
        )
    )
    return dossiers.browse([id_ for (id_,) in found])


def files_of(move, known_ids, make=False, styled=None) -> Files:
    """Return the files of a document.

    What is too big is not even read: its size is known before.

    :param known_ids: its attachments, see :func:`file_ids`
    :param make: also make what is missing of the PDF and UBL of a sale; nothing is kept
        in Odoo, where making it is the user's decision
    :param styled: tells whether a PDF would get its styles; asked when one is made
    """
    # Somebody may have deleted some of them, or the document, since they were found.
    attachments = move.env["ir.attachment"].sudo().browse(known_ids).exists()
    going, too_big, unstyled = [], [], False
    left = limit_mb(move.env) * MB
    for attachment in attachments:
        if attachment.file_size > left:
            too_big.append(file_name(attachment.name))
        elif attachment.raw:
            left -= attachment.file_size
            going.append(_attachment(attachment.name, attachment.raw))
    if make and move.exists().is_sale_document(include_receipts=True):
        fields = set(attachments.mapped("res_field"))
        made = []
        if PDF_FIELD not in fields and can_render(move.env):
            unstyled = not (styled() if styled else styles.are_there(move.env))
            made = [] if unstyled else _made(move, _render_pdf)
        if UBL_FIELD not in fields and move.is_sale_document():
            made += _made(move, _export_ubl)
        for file in made:
            if len(file.content) > left:
                too_big.append(file.name)
            else:
                left -= len(file.content)
                going.append(file)
    return Files(tuple(going), tuple(too_big), unstyled)


def pdf_of(move, known_ids) -> Files:
    """Return the PDF of a sale that was booked without: the one that Odoo has by now,
    else a new one, which is not kept in Odoo.

    :param move: the sale
    :param known_ids: its attachments, see :func:`file_ids`
    :return: no file when none can be made, or it is too big
    """
    attachments = move.env["ir.attachment"].sudo().browse(known_ids).exists()
    kept = attachments.filtered(lambda it: it.res_field == PDF_FIELD)
    if kept:
        return files_of(move, kept.ids)
    made = _made(move, _render_pdf)
    big = [file for file in made if len(file.content) > limit_mb(move.env) * MB]
    going = [file for file in made if file not in big]
    return Files(tuple(going), tuple(file.name for file in big))


def can_render(env) -> bool:
    """Whether Odoo has a renderer of PDFs.

    :param env: any; the answer is the same for all of a server
    """
    return env["ir.actions.report"].get_wkhtmltopdf_state() not in ("install", "broken")


def _attachment(name, content):
    return Attachment(name=file_name(name), content=content)


def _made(move, make):
    try:
        with move.env.cr.savepoint() as savepoint:
            files = make(move)
            # Making a document may leave traces on it, such as a portal link: to the
            # outbox that would look as if somebody had changed it meanwhile.
            savepoint.rollback()
        return files
    except Exception:
        _logger.exception("A file of document %s cannot be made", move.id)
        return []


def _render_pdf(move):
    reports = move.env["ir.actions.report"]
    report = move.env["account.move.send"]._get_default_pdf_report_id(move)
    content, kind = reports._render_qweb_pdf(report.report_name, move.ids)
    # Odoo falls back on HTML where it does not want to start wkhtmltopdf.
    if kind != "pdf":
        return []
    return [_attachment(move._get_invoice_report_filename(report=report), content)]


def _export_ubl(move):
    made = move._get_invoice_legal_documents("ubl", allow_fallback=True)
    if not made or made.get("errors"):
        return []
    return [_attachment(made["filename"], made["content"])]
