"""Purchase and sales bookings, and the feed of all bookings (docs/octopus.md §14)."""

from ...state.booking import Booking, BookingLine
from ...state.journal import TYPE_NUMBERS
from ...state.keys import DocumentKey
from ...state.money import ZERO
from ..answers import Answer
from ..codec import without_nulls
from .common import (
    attachment,
    attachments,
    date,
    date_json,
    document_key,
    header_json,
    header_of,
    identified_relation,
    key_id,
    key_json,
    modified_documents,
    none_found,
    number,
    relation_json,
)
from .registry import handles

_ALL_TYPES = -1


@handles("insertBuySellBooking")
def insert_buy_sell_booking(call):
    booking = _booking(call, call.body.get("buySellBookingServiceData") or {})
    booking.attachments = attachments(call.body.get("attachments"))
    call.books.bookkeeping.insert_booking(booking)
    return Answer(201)


@handles("updateBuySellBooking")
def update_buy_sell_booking(call):
    call.books.bookkeeping.update_booking(_booking(call, call.body))
    return Answer(204)


@handles("getBuySellBooking")
def get_buy_sell_booking(call):
    booking = call.books.bookkeeping.booking(document_key(call))
    return Answer(200, _booking_json(call, booking))


@handles("getModifiedBuySellBookings")
def get_modified_buy_sell_bookings(call):
    found = modified_documents(
        call, call.dossier.feeds.bookings, call.dossier.bookings, "Bookings"
    )
    return Answer(200, [_booking_json(call, booking) for booking in found])


@handles("addAttachementToBooking")
def add_attachement_to_booking(call):
    key = DocumentKey(
        call["bookyearId"], call["journalKey"], call["documentSequennceNr"]
    )
    call.books.bookkeeping.attach(key, attachment(call.body))
    return Answer(204)


@handles("getReportModifiedBooking")
def get_report_modified_booking(call):
    wants = call.wants_bookyear(call["bookyearId"])
    wanted = call["journalTypeId"]
    changed, deleted = (
        [
            DocumentKey(*key)
            for key in keys
            if wants(key[0]) and wanted in (_ALL_TYPES, TYPE_NUMBERS[key[1][0]])
        ]
        for keys in call.changes(
            call.dossier.feeds.documents, call.moment("modifiedTimeStampTo")
        )
    )
    if not changed and not deleted:
        raise none_found("modified bookings", call)
    lines = (
        line
        for key in changed
        for line in call.books.reports.ledger_lines(call.dossier.document(key))
    )
    return Answer(
        200,
        {
            "modifiedBookings": [_ledger_json(line) for line in lines],
            "deletedBookings": [_key_json(key) for key in deleted],
        },
    )


def _booking(call, fields):
    return Booking(
        **header_of(fields),
        relation=identified_relation(call, fields),
        expiry_date=date(fields.get("expiryDate")),
        amount=number(fields["amount"]),
        currency=fields["currencyCode"],
        lines=[_line(line) for line in fields.get("bookingLines", ())],
        comment=fields.get("comment"),
        order_reference=fields.get("orderReference"),
        reference=fields.get("reference"),
        payment_method=fields.get("paymentMethod", 0),
    )


def _line(fields):
    return BookingLine(
        account=fields.get("accountKey", 0),
        base=number(fields.get("baseAmount", ZERO)),
        vat_code=fields.get("vatCodeKey"),
        vat=number(fields.get("vatAmount", ZERO)),
        comment=fields.get("comment"),
        cost_centre=key_id(fields.get("costCentreKey")),
        vat_recup=number(fields.get("vatRecupPercentage")),
        intrastat=fields.get("intrastatServiceData"),
        overflow=fields.get("overflowBookingServiceData"),
    )


def _booking_json(call, booking):
    return without_nulls(
        {
            **header_json(booking),
            "relationIdentificationServiceData": relation_json(call, booking.relation),
            "expiryDate": date_json(booking.expiry_date),
            "comment": booking.comment,
            "orderReference": booking.order_reference,
            "reference": booking.reference,
            "amount": booking.amount,
            "currencyCode": booking.currency,
            "bookingLines": [_line_json(call, line) for line in booking.lines],
            "paymentMethod": booking.payment_method,
        }
    )


def _line_json(call, line):
    told = call.switches["line_details"] == "told"
    return without_nulls(
        {
            "accountKey": line.account,
            "baseAmount": line.base,
            "vatCodeKey": line.vat_code,
            "vatAmount": line.vat,
            "comment": line.comment,
            "costCentreKey": key_json(line.cost_centre),
            "vatRecupPercentage": line.vat_recup,
            "intrastatServiceData": line.intrastat if told else None,
            "overflowBookingServiceData": line.overflow if told else None,
        }
    )


def _ledger_json(line):
    key = line.key
    return without_nulls(
        {
            "bookyearKey": {"id": key.bookyear},
            "journalType": TYPE_NUMBERS[key.journal[0]],
            "journalNr": int(key.journal[1:]),
            "documentSequenceNr": key.number,
            "lineSequenceNr": key.line,
            "bookyearPeriodeNr": line.period,
            "documentDate": date_json(line.document_date),
            "expiryDate": date_json(line.expiry_date),
            "currencyCode": line.currency,
            "exchangeRate": line.rate,
            "relationKey": key_json(line.relation),
            "comment": line.comment,
            "reference": line.reference,
            "accountKey": line.account,
            "bookingAmount": line.booking_amount,
            "documentAmount": line.document_amount,
            "vatSectionCode": line.vat_code,
            "vatRecuperationPercentage": line.vat_recup,
            "costCentreKey": key_json(line.cost_centre),
        }
    )


def _key_json(key):
    return {
        "bookyearKey": {"id": key.bookyear},
        "journalType": TYPE_NUMBERS[key.journal[0]],
        "journalSequenceNr": int(key.journal[1:]),
        "documentSequenceNr": key.number,
    }
