"""Matching of documents with payments (docs/octopus.md §18)."""

from ...state.balancing import Item
from ...state.errors import Refusal
from ...state.financial_booking import ACCOUNT
from ...state.keys import WHOLE_DOCUMENT, DocumentKey, LineKey
from ...state.money import ZERO
from ..answers import Answer
from ..codec import without_nulls
from .common import date_json, line_key, line_key_json, none_found, number
from .registry import handles


@handles("insertBalancing")
def insert_balancing(call):
    debit = line_key(call.body.get("debetKey", {}))
    credit = line_key(call.body.get("creditKey", {}))
    documents = debit.line == credit.line == WHOLE_DOCUMENT
    if documents and call.switches["document_match"] == "refuse":
        raise Refusal(None, f"{debit} and {credit} are both documents")
    amount = number(call.body.get("balanceAmount", ZERO))
    call.books.matching.balance(debit, credit, amount)
    return Answer(201)


@handles("deleteBalancing")
def delete_balancing(call):
    debit, credit = line_key(call.body["debetKey"]), line_key(call.body["creditKey"])
    how = call.switches["unmatched_twice"]
    if how == "refused" or (debit, credit) in call.dossier.balancings:
        call.books.matching.unbalance(debit, credit)
        return Answer(204)
    if how == "404":
        raise none_found("balancing", call)
    raise Refusal(None, f"{debit} and {credit} are not balanced")


@handles("deleteBalancingByBookingline")
def delete_balancing_by_bookingline(call):
    call.books.matching.unbalance_line(line_key(call.body))
    return Answer(204)


@handles("deleteBalancingByDocument")
def delete_balancing_by_document(call):
    fields = call.body
    key = DocumentKey(
        fields["bookyearKey"]["id"], fields["journal"], fields["documentSequenceNr"]
    )
    if not call.dossier.document(key):
        raise Refusal(None, f"Document {key} unknown")
    call.books.matching.unbalance_document(key)
    return Answer(204)


@handles("getModifiedBalancingRelations")
def get_modified_balancing_relations(call):
    changed, deleted = (
        [tuple(LineKey(*line) for line in pair) for pair in pairs]
        for pairs in call.changes(call.dossier.feeds.balancings)
    )
    if not changed and not deleted:
        raise none_found("modified balancings", call)
    matching, dossier = call.books.matching, call.dossier
    return Answer(
        200,
        {
            "modifiedBalancings": [
                _detail_json(
                    call,
                    matching.item(debit),
                    matching.item(credit),
                    dossier.balancings[debit, credit].amount,
                )
                for debit, credit in _told(call, changed)
            ],
            "deletedBalancings": [
                _detail_json(call, gone.debit, gone.credit, gone.amount)
                for gone in (
                    dossier.deleted_balancings[pair] for pair in _told(call, deleted)
                )
            ],
        },
    )


def _told(call, pairs):
    """The rows in the order, and as often, as switch ``match_feed`` says."""
    how = call.switches["match_feed"]
    first = pairs if how == "oldest_first" else pairs[::-1]
    return first + pairs if how == "repeated" else first


def _detail_json(call, debit: Item, credit: Item, amount):
    """A BalancingDetailServiceData; the samples hold the amount on the credit side."""
    both = call.switches["balanced_side"] == "both"
    return {
        "type": _type_json(call, debit.party),
        "debetDocument": _document_json(debit),
        "creditDocument": _document_json(credit),
        "debetBalancedBookingAmount": amount if both else ZERO,
        "creditBalancedBookingAmount": amount,
    }


def _type_json(call, party):
    if party.type == ACCOUNT:
        return {"type": party.type, "accountNr": party.id}
    relation = call.dossier.relations.get(party.id)
    return {
        "type": party.type,
        "accountNr": 0,
        "externalRelationId": relation.external_id if relation else 0,
        "relationKey": {"id": party.id},
    }


def _document_json(item):
    return without_nulls(
        {
            "balancingKey": line_key_json(item.key),
            "documentDate": date_json(item.document_date),
            "currencyCode": item.currency,
            "exchangeRate": item.rate,
            "comment": item.comment,
            "reference": item.reference,
        }
        | sides_json(item)
    )


def sides_json(item):
    """The debit and credit amounts of an item or ledger line."""
    return {
        "debetBookingAmount": max(item.booking_amount, ZERO),
        "creditBookingAmount": max(-item.booking_amount, ZERO),
        "debetDocumentAmount": max(item.document_amount, ZERO),
        "creditDocumentAmount": max(-item.document_amount, ZERO),
    }
