"""Documents that Octopus has already, and bills that Odoo has twice: what a person
decides about them, and what is linked because it is the same."""

from __future__ import annotations

from odoo.exceptions import UserError

from ..api.types import RelationRef
from ..core import codes
from ..core.states import AT_REST, OPEN
from ..prepare.duplicates import BILLS
from ..sync.find_entry import maybe_document
from .collect_documents import collect


def link(row, entry, fingerprint: str) -> None:
    """Take a booking that Octopus has already for a document's own: nothing is sent,
    and nothing is changed there.

    :param row: ``octopus.booking``
    :param entry: ``octopus.journal.entry`` that is nobody's yet
    :param fingerprint: the mark of the document as it is now
    """
    row.frees_number(entry)
    row.link(
        entry,
        {
            **AT_REST,
            "state": "booked",
            "period_number": entry.data["period"],
            "relation_id": entry.relation_id.id,
            "amount": entry.amount,
            "currency_id": row.move_id.currency_id.id,
            "payload": entry.data,
            "fingerprint": fingerprint,
            "attachment_state": "none",
        },
    )
    entry.booking_id = row


def ask_about_existing(env, dossier):
    """Hold documents that may be in Octopus already, before anything is sent.

    :param env: in sudo
    :param dossier: ``octopus.dossier`` of which the journals were read
    :return: the rows of which a person must say whether they are
    """
    collect(env, dossier)
    rows = env["octopus.booking"].search(
        [("dossier_id", "=", dossier.id), ("state", "in", OPEN)]
    )
    documents = rows.move_id.octopus_prepare(find_relations=True)
    asked = rows.browse()
    for row in rows:
        document = documents.get(row.move_id.id)
        if document is None or document.stops:
            continue
        ref = RelationRef(id=document.relation.octopus_id or None)
        finding = maybe_document(row, document.booking(0, ref))
        if finding:
            row.hold("blocked", [finding])
            asked |= row
    return asked


def link_chosen(rows) -> None:
    """Link documents with what they were shown with.

    :param rows: ``octopus.booking`` in the environment of who decided
    :raises UserError: it is another document's, or was deleted meanwhile
    """
    rows = (
        rows.sudo().locked(*OPEN).filtered(lambda row: row.candidate_id and row.move_id)
    )
    documents = rows.move_id.octopus_prepare()
    for row in rows:
        _check_free(row.candidate_id)
        link(row, row.candidate_id, documents[row.move_id.id].fingerprint)
    rows.filtered(lambda row: row.move_id.state != "posted").note_withdrawn()


def _check_free(entry):
    if entry.booking_id:
        raise UserError(
            entry.env._(
                "%(number)s is %(document)s already.",
                number=entry.octopus_number,
                document=entry.booking_id.document_name,
            )
        )
    if entry.deleted:
        raise UserError(
            entry.env._(
                "%(number)s was deleted in Octopus meanwhile: it can only be"
                " another document.",
                number=entry.octopus_number,
            )
        )


def part(rows) -> None:
    """Keep that documents are not what Octopus has, or not the same bill as another one
    in Odoo: they may be sent.

    :param rows: ``octopus.booking`` in the environment of who decided
    """
    user = rows.env.user
    rows = rows.sudo().locked(*OPEN)
    bills = rows.filtered(lambda row: row.cause == codes.BILL_TWICE)
    for bill in bills:
        _set_other_bills(bill, user)
    rows = rows.filtered("candidate_id")
    for row in rows:
        entry = row.candidate_id
        entry.other_booking_ids += row
        note = rows.env._(
            "%(user)s says that %(number)s in Octopus is another document.",
            user=user.name,
            number=entry.octopus_number,
        )
        row.tell(note)
    (rows | bills).may_go()


def _set_other_bills(row, user):
    """Keep that a bill is not the same as those that it was shown with."""
    others = row.browse(row.deciding()["ids"]).exists()
    row.other_bill_ids |= others
    note = row.env._(
        "%(user)s says that it is another bill than %(documents)s.",
        user=user.name,
        documents=", ".join(others.mapped("document_name")),
    )
    row.tell(note)


def let_duplicates_go(rows) -> None:
    """Look again at bills that may be the same as these, which do not go now.

    :param rows: ``octopus.booking`` in sudo
    """
    bills = rows.filtered(lambda row: row.kind in BILLS)
    if not bills:
        return
    asked = rows.search(
        [
            ("company_id", "in", bills.company_id.ids),
            ("state", "=", "blocked"),
            ("cause", "=", codes.BILL_TWICE),
            ("queued", "=", True),
        ]
    )
    asked = asked.filtered(lambda row: {*row.deciding()["ids"]} & {*bills.ids})
    asked.write({"state": "ready", "attempts": 0})
    for dossier in asked.dossier_id:
        dossier.push_cron_id._trigger()
