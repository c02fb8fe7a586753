"""Bookings in financial and divers journals (docs/octopus.md §18)."""

from ...state.financial_booking import ACCOUNT, FinancialBooking, FinancialLine
from ..answers import Answer
from ..codec import without_nulls
from .common import (
    attachments,
    document_key,
    header_json,
    header_of,
    key_id,
    key_json,
    modified_documents,
    number,
    relation_of,
)
from .registry import handles


@handles("insertFinancialDiversBooking")
def insert_financial_divers_booking(call):
    booking = _booking(call, call.body.get("financialDiversBookingServiceData") or {})
    booking.attachments = attachments(call.body.get("attachments"))
    call.books.bookkeeping.insert_financial(booking)
    return Answer(201)


@handles("updateFinancialDiversBooking")
def update_financial_divers_booking(call):
    call.books.bookkeeping.update_financial(_booking(call, call.body))
    return Answer(204)


@handles("getFinancialDiversBooking")
def get_financial_divers_booking(call):
    booking = call.books.bookkeeping.financial_booking(document_key(call))
    return Answer(200, _booking_json(call, booking))


@handles("getModifiedFinancialDiversBookings")
def get_modified_financial_divers_bookings(call):
    found = modified_documents(
        call,
        call.dossier.feeds.financial_bookings,
        call.dossier.financial_bookings,
        "Bookings",
    )
    return Answer(200, [_booking_json(call, booking) for booking in found])


def _booking(call, fields):
    return FinancialBooking(
        **header_of(fields),
        lines=[_line(call, line) for line in fields.get("bookingLines", ())],
    )


def _line(call, fields):
    by_account = fields["type"] == ACCOUNT
    relation = relation_of(
        call, fields.get("relationId"), fields.get("externalRelationId")
    )
    return FinancialLine(
        type=fields["type"],
        amount=number(fields["amount"]),
        account=fields.get("accountKey", 0) if by_account else 0,
        relation=None if by_account else relation,
        reference=fields.get("reference"),
        cost_centre=key_id(fields.get("costCentreKey")),
        coda_info=fields.get("codaInfo"),
    )


def _booking_json(call, booking):
    return {
        **header_json(booking),
        "bookingLines": [_line_json(call, line) for line in booking.lines],
    }


def _line_json(call, line):
    relation = call.dossier.relations.get(line.relation)
    return without_nulls(
        {
            "type": line.type,
            "accountKey": line.account,
            "externalRelationId": relation.external_id if relation else None,
            "relationId": line.relation,
            "reference": line.reference,
            "amount": line.amount,
            "costCentreKey": key_json(line.cost_centre),
            "codaInfo": line.coda_info,
        }
    )
