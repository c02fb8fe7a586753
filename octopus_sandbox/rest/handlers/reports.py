"""Open items and histories (docs/octopus.md §17)."""

from ...state.financial_booking import ACCOUNT, CLIENT, SUPPLIER
from ...state.journal import BUY, SELL
from ...state.reports import InvalidQuery, Span
from ..answers import Answer
from ..codec import without_nulls
from .balancings import sides_json
from .common import date_json, list_or_nothing
from .registry import handles

_NOBODY = -1


@handles("getReportOpenClient")
def get_report_open_client(call):
    return _open_relations(call, CLIENT, "open client data")


@handles("getReportOpenSupplier")
def get_report_open_supplier(call):
    return _open_relations(call, SUPPLIER, "open supplier data")


@handles("getReportOpenAccount")
def get_report_open_account(call):
    account = call.body.get("accountNr")
    items = call.books.reports.open_items(ACCOUNT, _span(call), account)
    return _open_answer(call, items, "open account data")


@handles("getReportHistoryClient")
def get_report_history_client(call):
    return _relation_history(call, CLIENT)


@handles("getReportHistorySupplier")
def get_report_history_supplier(call):
    return _relation_history(call, SUPPLIER)


@handles("getReportHistoryAccount")
def get_report_history_account(call):
    account = call.body.get("accountNr")
    lines = call.books.reports.history(ACCOUNT, _span(call), account)
    return _history_answer(call, lines)


@handles("getUnbalancedInvoices")
def get_unbalanced_invoices(call):
    items = [
        item
        for item in call.books.matching.open_items()
        if item.key.journal.startswith((BUY, SELL))
    ]
    return Answer(200, [_bank_document_json(call, item) for item in items])


def _open_relations(call, type_, what):
    items = call.books.reports.open_items(type_, _span(call), _relation(call))
    return _open_answer(call, items, what)


def _relation_history(call, type_):
    """Both ids -1 gives no rows and no error (measured, docs/octopus.md §17)."""
    relation = _relation(call)
    span = _span(call)
    if relation is None:
        return Answer(200, [])
    return _history_answer(call, call.books.reports.history(type_, span, relation))


def _relation(call):
    """The relation asked for, by its key or else its external id; None for all."""
    relation_id = call.body.get("relationId", _NOBODY)
    external_id = call.body.get("externalRelationId", _NOBODY)
    if relation_id == _NOBODY and external_id == _NOBODY:
        return None
    relation = call.books.relations.by_reference(relation_id, external_id)
    return relation.id if relation else relation_id


def _span(call):
    fields = call.body
    try:
        return Span(
            fields["fromBookyearKey"]["id"],
            fields["fromBookyearPeriodNr"],
            fields["toBookyearKey"]["id"],
            fields["toBookyearPeriodNr"],
        )
    except KeyError as error:
        raise InvalidQuery(None, f"Invalid query data: {error} missing") from error


def _open_answer(call, items, what):
    rows = [_open_json(call, item) for item in items]
    return Answer(200, list_or_nothing(rows, what, call))


def _open_json(call, item):
    by_account = item.party.type == ACCOUNT
    relation = None if by_account else call.dossier.relations.get(item.party.id)
    signed = call.switches["open_amount_sign"] == "signed"
    sign = -1 if signed and not item.is_debit else 1
    return without_nulls(
        {
            "bookyearKey": {"id": item.key.bookyear},
            "journalKey": item.key.journal,
            "documentSequenceNr": item.key.number,
            "lineSequenceNr": item.key.line,
            "bookyearPeriodNr": item.period,
            "documentDate": date_json(item.document_date),
            "expirationDate": date_json(item.expiry_date),
            "relationKey": None if by_account else {"id": item.party.id},
            "externalRelationId": relation.external_id if relation else None,
            "currencyCode": item.currency,
            "exchangeRate": item.rate,
            "openBookingAmount": sign * call.books.matching.open_amount(item),
            "openDocAmount": sign * call.books.matching.open_document_amount(item),
            "comment": item.comment,
            "reference": item.reference,
        }
        | sides_json(item)
    )


def _history_answer(call, lines):
    rows = [_history_json(line) for line in lines]
    return Answer(200, list_or_nothing(rows, "history data", call))


def _history_json(line):
    return without_nulls(
        {
            "bookyearKey": {"id": line.key.bookyear},
            "journalKey": line.key.journal,
            "documentSequenceNr": line.key.number,
            "bookyearPeriodNr": line.period,
            "documentDate": date_json(line.document_date),
            "currencyCode": line.currency,
            "exchangeRate": line.rate,
            "comment": line.comment,
            "reference": line.reference,
        }
        | sides_json(line)
    )


def _bank_document_json(call, item):
    relation = call.dossier.relations.get(item.party.id)
    is_sale = item.key.journal.startswith(SELL)
    full = call.switches["bank_invoice_amount"] == "full"
    amount = (
        abs(item.document_amount)
        if full
        else call.books.matching.open_document_amount(item)
    )
    return without_nulls(
        {
            "bookyearKey": {"id": item.key.bookyear},
            "journalKey": item.key.journal,
            "documentSequenceNr": item.key.number,
            "documentDate": date_json(item.document_date),
            "expiryDate": date_json(item.expiry_date),
            "amount": amount,
            "currencyCode": item.currency,
            "relationKey": {"id": item.party.id},
            "relationName": relation.name if relation else None,
            "comment": item.comment,
            "reference": item.reference,
            "credit": item.is_debit != is_sale,
        }
    )
