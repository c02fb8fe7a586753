"""Journals of a bookyear (docs/octopus.md §12)."""

from ...state.codes import Code
from ...state.errors import NothingFound, Refusal
from ...state.journal import BUY, DIVERS, FINANCIAL, SELL
from ..answers import Answer
from ..codec import without_nulls
from .common import in_language, list_or_nothing, localized_json
from .registry import handles

_INSERTION_TYPES = {1: "BOOKING", 2: "VAT_EXCLUSIVE", 3: "VAT_INCLUSIVE"}


@handles("getJournals")
def get_journals(call):
    journals = call.dossier.journals_of(call["bookyearId"])
    rows = [_journal_json(journal, call) for journal in journals]
    return Answer(200, list_or_nothing(rows, "Journals", call))


@handles("getModifiedJournals")
def get_modified_journals(call):
    changed, deleted = call.changes(call.dossier.feeds.journals)
    found = [call.dossier.journals[key] for key in changed]
    gone = [call.dossier.deleted_journals[key] for key in deleted]
    return Answer(
        200,
        {
            "modifiedJournalServiceDataList": [_common_json(j, call) for j in found],
            "deletedJournalList": [_key_json(journal) for journal in gone],
        },
    )


@handles("getBuyJournal")
def get_buy_journal(call):
    return _detail(call, BUY)


@handles("getDiversJournal")
def get_divers_journal(call):
    return _detail(call, DIVERS)


@handles("getFinancialJournal")
def get_financial_journal(call):
    return _detail(
        call,
        FINANCIAL,
        lambda journal: {
            "bankAccountServiceData": _bank_json(journal),
            "account": journal.account,
            "currency": journal.currency or "EUR",
        },
    )


@handles("getSellJournal")
def get_sell_journal(call):
    return _detail(
        call,
        SELL,
        lambda journal: {
            "bankAccountServiceData": _bank_json(journal),
            "invoicingServiceData": {"unitPriceScale": "TWO"},
            "insertionType": _INSERTION_TYPES[journal.insertion_type],
        },
    )


@handles("getFinancialJournalBalance")
def get_financial_journal_balance(call):
    place = (call["bookyearId"], call["journalKey"])
    journal = call.dossier.journals.get(place)
    if not journal or journal.type != FINANCIAL:
        raise NothingFound("bookyear or journals not found")
    return Answer(
        200,
        {
            "bookyearKey": {"id": journal.bookyear},
            "journalKey": journal.key,
            "balance": call.books.reports.balance(*place),
        },
    )


def _detail(call, type_, more=lambda journal: {}):
    place = (call["bookyearId"], f"{type_}{call['sequenceNumber']}")
    journal = call.dossier.journals.get(place)
    if not journal:
        raise Refusal(Code.UNKNOWN_JOURNAL, f"Journal {place[1]} unknown")
    common = {"commonJournalServiceData": _common_json(journal, call)}
    return Answer(200, common | more(journal))


def _journal_json(journal, call):
    return without_nulls(
        {
            "bookyearKey": {"id": journal.bookyear},
            "journalKey": journal.key,
            "name": in_language(journal.names, call.language),
            "closed": journal.closed,
            "currencyCode": journal.currency,
            "lastBookedDocumentNr": call.dossier.last_number(
                journal.bookyear, journal.key
            ),
            "protectedPeriod": journal.protected_period,
            "closedPeriod": journal.closed_period,
            "insertionType": journal.insertion_type,
        }
    )


def _common_json(journal, call):
    last = call.dossier.last_number(journal.bookyear, journal.key)
    return {
        "journalKeyServiceData": _key_json(journal),
        "names": localized_json(journal.names),
        "nextDocumentNumber": max(last + 1, journal.next_number),
        "protectedPeriod": journal.protected_period,
        "closed": journal.closed,
        "closedPeriod": journal.closed_period,
    }


def _key_json(journal):
    return {
        "bookyearKey": {"id": journal.bookyear},
        "journalTypeCode": journal.type,
        "sequenceNumber": journal.sequence,
    }


def _bank_json(journal):
    return {"bankAccountIban": journal.iban, "bankAccountBic": journal.bic}
