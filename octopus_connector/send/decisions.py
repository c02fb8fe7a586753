"""What a person decides about documents that are not the same on both sides."""

from __future__ import annotations

from odoo.exceptions import UserError

from ..api.errors import OctopusError, OctopusMissing, OctopusUnknownOutcome
from ..api.stored import from_json, to_json
from ..api.types import Booking, RelationRef
from ..core import codes
from ..core.differences import differences
from ..core.findings import Finding, FindingError
from ..core.states import TO_DECIDE
from ..prepare.scope import out_of_place
from ..sync.compare_documents import is_alike, judge, standing
from ..sync.entries import DocumentEntries
from ..sync.link_dossier import bring_along
from ..transaction import own_transaction
from .relations import RelationSender

# What a row no longer says once Octopus has nothing of its document.
NOTHING_THERE = {
    "number": False,
    "payload": False,
    "sent_at": False,
    "payments_linked": False,
}


def accept_difference(rows, reason: str) -> None:
    """Agree with the accountant that both sides stay as they are; the reason is kept.

    :param rows: ``octopus.booking`` in sudo
    :raises UserError: no reason was given, or nothing is different
    """
    reason = rows.checked_reason(reason)
    rows = rows.locked(*TO_DECIDE)
    documents = rows.move_id.octopus_prepare()
    note = rows.env._("Settled with the accountant: %(reason)s", reason=reason)
    for row in rows:
        row.write(_accepted(row, documents))
        row._message_log(body=note)
        row.tell(note)


def _accepted(row, documents):
    values = {"differences": False}
    if row.state == "gone":
        # Its number is another document's now.
        return values | NOTHING_THERE | {"state": "excluded", "queued": False}
    values["state"] = "booked"
    stands = row.entry_ids.filtered(lambda it: not it.deleted)[:1]
    if stands and _is_told(row, stands.as_booking()):
        values |= {"payload": stands.data, "amount": stands.amount}
    if row.move_id:
        values["fingerprint"] = documents[row.move_id.id].fingerprint
    return values


def _is_told(row, booking):
    """Whether people know all in which a booking differs; what they do not, the next
    comparison tells."""
    found = differences(from_json(Booking, row.payload), booking)
    return [difference.as_json() for difference in found] == (row.differences or [])


def send_anew(rows) -> None:
    """Send documents again that are gone in Octopus, as new ones; what stands on their
    numbers is another document. They go to the dossier in which their company books
    now.

    :param rows: ``octopus.booking`` in sudo
    :raises UserError: one of them is in Octopus, or has its place in that dossier
    """
    rows = rows.locked(*TO_DECIDE)
    found = {row: standing(row) for row in rows}
    if any(row.state != "gone" and not found[row] for row in rows):
        raise UserError(rows.env._("They are in Octopus: update or credit them."))
    for row, entry in found.items():
        entry.other_booking_ids += row
        entry.booking_id = False
        if row.state == "gone":
            row.journal_year_id.note_freed(_left_to_others(row))
    rows.write({**NOTHING_THERE, "state": "ready", "differences": False})
    rows.env["octopus.document.match"].note_gone(rows)
    # What is kept of the former dossier is of a document there.
    bring_along(rows).entry_ids.booking_id = False
    rows.queue(rows.env.user)
    for dossier in rows.dossier_id:
        dossier.push_cron_id._trigger()


def _left_to_others(row):
    """Return the number of a document that is gone, unless it is another one's of ours:
    somebody may have booked there since."""
    here = [row.number]
    return {*here} - {*row.by_number(row.journal_year_id, here)}


def update(row) -> None:
    """Write a document over the booking that Octopus has of it (10 a day).

    Writing the same twice changes nothing, so after a lost answer it may be done again.

    :param row: ``octopus.booking`` in the environment of who decided
    :raises UserError: what Octopus, or the document itself, has against it
    """
    row.ensure_one()
    with own_transaction(row.env) as env:
        finding = _write_over(row.with_env(env).sudo())
    if finding:
        raise UserError(row.env["octopus.finding"].sentences(finding))


def _write_over(row):
    """Carry the update out; return the finding, as JSON, that kept it.

    :raises UserError: Octopus does not have the document, or has it as it is here
    """
    row.locked("changed", "differs")
    document = row.move_id.octopus_prepare()[row.move_id.id]
    if stops := out_of_place(row, document.dossier) + document.stops:
        return stops[0].as_json()
    if document.journal_year != row.journal_year_id:
        raise UserError(
            row.env._(
                "%(document)s now belongs in another journal or bookyear: credit it"
                " and make it anew.",
                document=row.document_name,
            )
        )
    try:
        with row.dossier_id.client() as octopus:
            _check_stands(row, octopus)
            relation = _relation_for(row, octopus)
            ref = RelationRef(id=relation.octopus_id)
            booking = document.booking(row.number, ref)
            octopus.update_booking(booking)
    except OctopusUnknownOutcome:
        return Finding(codes.UPDATE_UNKNOWN).as_json()
    except OctopusError as error:
        return row.dossier_id.note_error(error)
    except FindingError as error:
        return error.findings[0].as_json()
    _set_updated(row, document, booking, relation)
    return None


def _check_stands(row, octopus):
    """Look first what would be written over: it may be another document by now.

    :raises FindingError: it is, or nothing is there
    """
    try:
        there = octopus.booking(
            row.bookyear_id.octopus_id, row.journal_id.key, row.number
        )
    except OctopusMissing:
        there = None
    number = {"number": row.octopus_number}
    if there is None or not judge(row, there):
        entries = DocumentEntries(row.journal_year_id)
        entries.delete([row.number])
        row.set_gone()
        if there:
            entries.keep([there])
        raise FindingError(Finding(codes.UPDATE_OTHER, number))
    if not is_alike(row, there):
        raise FindingError(Finding(codes.UPDATE_UNLIKE, number))


def _relation_for(row, octopus):
    move = row.move_id.with_company(row.company_id)
    relations = RelationSender(move.env, row.dossier_id, octopus)
    return relations.ensure(
        move.commercial_partner_id,
        client=move.is_sale_document(include_receipts=True),
        supplier=move.is_purchase_document(include_receipts=True),
        fiscal_position=move.fiscal_position_id,
    )


def _set_updated(row, document, booking, relation):
    row.write(
        {
            "state": "booked",
            "differences": False,
            "payload": to_json(booking),
            "fingerprint": document.fingerprint,
            "amount": float(booking.amount),
            "currency_id": document.currency.id,
            "period_number": booking.period,
            "relation_id": relation.id,
        }
    )
    note = row.env._("Updated in Octopus: %(number)s.", number=row.octopus_number)
    row.tell(note)
