"""Making bookyears and journals (docs/octopus.md §4, §11, §12)."""

from ...state.making import make_bookyear, make_journal
from ..answers import Answer
from .common import date
from .journals import get_buy_journal, get_financial_journal, get_sell_journal
from .master_data import get_bookyear
from .registry import handles

_INSERTION_TYPES = {"BOOKING": 1, "VAT_EXCLUSIVE": 2, "VAT_INCLUSIVE": 3}


@handles("insertBookyear")
def insert_bookyear(call):
    body = call.body
    year = make_bookyear(
        call.books.accountant,
        _names(body),
        date(body["fromDate"]),
        date(body["toDate"]),
        body["bookingPeriodType"],
        with_journals=call.switches["new_bookyear"] == "with_journals",
    )
    call.parameters["bookyearId"] = year.id
    return get_bookyear(call)


@handles("insertBuyJournal")
def insert_buy_journal(call):
    return _insert_journal(call, "A", get_buy_journal)


@handles("insertSellJournal")
def insert_sell_journal(call):
    given = call.body["sellJournalInsertionType"]
    return _insert_journal(
        call, "V", get_sell_journal, insertion_type=_INSERTION_TYPES[given]
    )


@handles("insertFinancialJournal")
def insert_financial_journal(call):
    body = call.body
    bank = body.get("bankAccountServiceData") or {}
    return _insert_journal(
        call,
        "F",
        get_financial_journal,
        account=body["account"],
        currency=body["currencyCode"],
        iban=bank.get("bankAccountIban", ""),
        bic=bank.get("bankAccountBic", ""),
    )


def _insert_journal(call, letter, detail, **values) -> Answer:
    common = call.body["commonJournalInsertRequestData"]
    bookyear = common["bookyearKey"]["id"]
    key = f"{letter}{common['sequenceNumber']}"
    make_journal(
        call.books.accountant,
        bookyear,
        key,
        _names(common),
        next_number=common.get("nextDocumentNumber", 0),
        protected_period=common.get("protectedPeriod", 0),
        **values,
    )
    call.parameters |= {
        "bookyearId": bookyear,
        "sequenceNumber": common["sequenceNumber"],
    }
    return detail(call)


def _names(fields):
    return {row["language"]: row["value"] for row in fields["names"]}
