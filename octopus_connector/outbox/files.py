"""The files that go along with a booking: PDF and UBL of sales, the original of bills.

Source: Z.14, X.48. A file that can not be read or made never holds a booking.
"""

from __future__ import annotations

import logging
from collections import defaultdict

from ..api.texts import file_name
from ..api.types import Attachment

_logger = logging.getLogger(__name__)

PDF_FIELD = "invoice_pdf_report_file"
UBL_FIELD = "ubl_cii_xml_file"


def file_ids(moves) -> dict[int, list[int]]:
    """Return ``{move id: ids of its attachments}`` for documents that have any.

    Those are Odoo's own PDF and UBL, and of a bill the file it was made from. Two
    queries, whatever the number of documents.
    """
    moves = moves.sudo()
    found = defaultdict(list)
    own = moves.env["ir.attachment"].search_fetch(
        [
            ("res_model", "=", moves._name),
            ("res_id", "in", moves.ids),
            ("res_field", "in", (PDF_FIELD, UBL_FIELD)),
        ],
        ["res_id"],
        order="id",
    )
    for attachment in own:
        found[attachment.res_id].append(attachment.id)
    for move in moves:
        original = move.message_main_attachment_id.id
        if move.is_purchase_document() and original and original not in found[move.id]:
            found[move.id].append(original)
    return {move_id: ids for move_id, ids in found.items() if ids}


def files_of(move, known_ids, make=False) -> tuple[Attachment, ...]:
    """Return the files of a document.

    :param known_ids: its attachments, see :func:`file_ids`
    :param make: also make what is missing of the PDF and UBL of a sale; nothing is kept
        in Odoo, where making it is the user's decision
    """
    # Somebody may have deleted some of them, or the document, since they were found.
    attachments = move.env["ir.attachment"].sudo().browse(known_ids).exists()
    files = [
        _attachment(attachment.name, attachment.raw)
        for attachment in attachments
        if attachment.raw
    ]
    if make and move.exists().is_sale_document():
        fields = set(attachments.mapped("res_field"))
        if PDF_FIELD not in fields:
            files += _made(move, _render_pdf)
        if UBL_FIELD not in fields:
            files += _made(move, _export_ubl)
    return tuple(files)


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
        _logger.exception("A file of document %s can not be made", move.id)
        return []


def _render_pdf(move):
    reports = move.env["ir.actions.report"]
    if reports.get_wkhtmltopdf_state() in ("install", "broken"):
        return []
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
