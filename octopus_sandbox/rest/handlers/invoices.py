"""Invoices of the invoicing module, as far as their numbers matter
(docs/octopus.md §2)."""

from ...state.invoice import Invoice
from ..answers import Answer
from .common import (
    date,
    date_json,
    document_key,
    header_json,
    header_of,
    identified_relation,
    modified_documents,
    relation_json,
)
from .registry import handles

_HEADER = (
    "bookyearKey",
    "journalKey",
    "documentSequenceNr",
    "bookyearPeriodeNr",
    "documentDate",
    "expiryDate",
    "currencyCode",
    "exchangeRate",
    "relationIdentificationServiceData",
)


@handles("insertInvoice")
def insert_invoice(call):
    fields = call.body
    invoice = Invoice(
        **header_of(fields),
        relation=identified_relation(call, fields),
        expiry_date=date(fields["expiryDate"]),
        currency=fields["currencyCode"],
        content={name: fields[name] for name in fields if name not in _HEADER},
    )
    call.books.bookkeeping.insert_invoice(invoice)
    return Answer(201)


@handles("getInvoice")
def get_invoice(call):
    invoice = call.books.bookkeeping.invoice(document_key(call))
    return Answer(200, _invoice_json(call, invoice))


@handles("getModifiedInvoices")
def get_modified_invoices(call):
    found = modified_documents(
        call, call.dossier.feeds.invoices, call.dossier.invoices, "Invoices"
    )
    return Answer(200, [_invoice_json(call, invoice) for invoice in found])


def _invoice_json(call, invoice):
    return {
        **invoice.content,
        **header_json(invoice),
        "expiryDate": date_json(invoice.expiry_date),
        "currencyCode": invoice.currency,
        "relationIdentificationServiceData": relation_json(call, invoice.relation),
    }
