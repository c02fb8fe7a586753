"""The recorded test dossier 49555, as far as its answers were seen (api.md §2.5)."""

import datetime
from decimal import Decimal

from octopus_sandbox.state.account import Account
from octopus_sandbox.state.booking import Booking, BookingLine
from octopus_sandbox.state.books import Books
from octopus_sandbox.state.bookyear import Bookyear
from octopus_sandbox.state.dossier import Dossier
from octopus_sandbox.state.financial_booking import (
    ACCOUNT,
    CLIENT,
    SUPPLIER,
    FinancialBooking,
    FinancialLine,
)
from octopus_sandbox.state.journal import INVOICES_VAT_EXCLUSIVE, Journal
from octopus_sandbox.state.keys import LineKey
from octopus_sandbox.state.login import Login
from octopus_sandbox.state.vat_code import BUY, SELL, VatCode
from octopus_sandbox.switches import Switches

DOSSIER = 49555
SOFTWARE_HOUSE, USER, PASSWORD = "recorded-house", "recorded_user", "recorded"
_ONE = Decimal("1.0")


def fill(state):
    """Put the recorded dossier into an empty state."""
    state.clock.frozen = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)
    state.logins[USER] = Login(USER, PASSWORD, SOFTWARE_HOUSE, [DOSSIER])
    dossier = _dossier()
    state.dossiers[DOSSIER] = dossier
    books = Books(dossier, state.clock, Switches())
    _relations(books)
    _sales(books)
    _purchases(books)
    _bank(books)
    _divers(books)
    _matches(books)


def _dossier():
    names = (
        ("D1", "Opening", {}),
        ("F1", "Bank ING", {"currency": "EUR", "account": 550000}),
        ("D2", "Diverse", {}),
        ("V2", "Verkoopsfacturen", {"insertion_type": INVOICES_VAT_EXCLUSIVE}),
        ("A1", "AANKOPEN", {}),
        ("V1", "VERKOOP", {}),
    )
    start = datetime.date(2000, 1, 1)
    return Dossier(
        id=DOSSIER,
        name="by2.be",
        vat_number="BE0000.000.097",
        street="Kolenkaai 68",
        postal_code="8000",
        city="Brugge",
        bookyears={1: Bookyear(1, {"NL": "2000"}, start, datetime.date(2000, 12, 31))},
        journals={
            (1, key): Journal(1, key, {"NL": name}, **values)
            for key, name, values in names
        },
        accounts={
            (1, number): _account(number)
            for number in (140000, 550000, 588888, 600000, 230000, 700100)
        },
        vat_codes={
            (code, type_): VatCode(code, type_, {"NL": code}, Decimal(rate))
            for code, type_, rate in (
                ("06", SELL, 6),
                ("D21", BUY, 21),
                ("I21", BUY, 21),
            )
        },
        last_relation=14,
    )


def _account(number):
    names = {"NL": "Overgedragen winst", "FR": "...", "EN": ""}
    return Account(1, number, names)


def _relations(books):
    """15 supplies, 16 buys; the last one that was ever made is 27."""
    _relation(books, "De Leverancier", supplier=True)
    _relation(
        books,
        "De Zeesnoepers",
        client=True,
        supplier=True,
        bank_account_nr="001347600990",
        bic_code="GEBABEBB",
        city="Oostende",
        corporation_type=8,
        country="BE",
        default_booking_account_client=700100,
        email="jan@dezeesnoepers.be",
        expiration_days=0,
        iban_account_nr="BE34001347600990",
        postal_code="8400",
        street_and_nr="Havenlaan 37",
        vat_nr="BE0895.747.092",
        vat_type=1,
    )
    books.dossier.last_relation = 27


def _relation(books, name, **values):
    books.relations.upsert(None, 0, {"name": name, **values})


def _sales(books):
    line = BookingLine(
        700100,
        Decimal("2400.00"),
        "06",
        Decimal("144.00"),
        comment="Lever. dd 01012000 De Zeesnoepers",
    )
    day = datetime.date(2000, 3, 1)
    _book(books, "V1", 1, 16, day, Decimal("2544.00"), [line], "Levering", "Levering")
    _book(books, "V1", 2, 16, day, Decimal("0.00"), [], "Leeg", None)


def _purchases(books):
    amounts = ("347.04", "679.00", "321.00", "121.00", "242.00")
    for number, total in enumerate(amounts, 1):
        amount = Decimal(total)
        base = (amount / Decimal("1.21")).quantize(Decimal("0.01"))
        code, account = ("I21", 230000) if number == 5 else ("D21", 600000)
        line = BookingLine(account, base, code, amount - base)
        day = datetime.date(2000, number, 15)
        text = f"2009/A1/{number}"
        _book(
            books, "A1", number, 15, day, amount, [line], text, "+++251/8016/43531+++"
        )
    _book(
        books,
        "A1",
        6,
        15,
        datetime.date(2000, 11, 30),
        Decimal("0.00"),
        [],
        "november",
        None,
        period=200001,
    )


def _book(
    books,
    journal,
    number,
    relation,
    day,
    amount,
    lines,
    comment,
    reference,
    period=None,
):
    books.bookkeeping.insert_booking(
        Booking(
            bookyear=1,
            journal=journal,
            number=number,
            relation=relation,
            period=period or 200000 + day.month,
            document_date=day,
            expiry_date=day,
            amount=amount,
            currency="EUR",
            rate=_ONE,
            lines=lines,
            comment=comment,
            reference=reference,
        )
    )


def _bank(books):
    """F1/1 pays a supplier, F1/2 is the receipt, F1/4 pays two purchases with 600."""
    _financial(
        books,
        "F1",
        1,
        [
            FinancialLine(
                SUPPLIER, Decimal("-347.04"), relation=15, reference="2009/A1/7"
            )
        ],
    )
    _financial(
        books,
        "F1",
        2,
        [FinancialLine(CLIENT, Decimal("2544.00"), relation=16, reference="2010/V1/1")],
    )
    _financial(
        books, "F1", 3, [FinancialLine(ACCOUNT, Decimal("4500.00"), account=588888)]
    )
    _financial(
        books, "F1", 4, [FinancialLine(SUPPLIER, Decimal("-600.00"), relation=15)]
    )
    _financial(
        books, "F1", 5, [FinancialLine(ACCOUNT, Decimal("10.00"), account=588888)]
    )


def _divers(books):
    for journal in ("D1", "D2"):
        lines = [
            FinancialLine(ACCOUNT, Decimal("100.00"), account=140000),
            FinancialLine(ACCOUNT, Decimal("-100.00"), account=588888),
        ]
        _financial(books, journal, 1, lines)


def _financial(books, journal, number, lines):
    books.bookkeeping.insert_financial(
        FinancialBooking(
            bookyear=1,
            journal=journal,
            number=number,
            period=200003,
            document_date=datetime.date(2000, 3, 20),
            rate=_ONE,
            lines=lines,
        )
    )


def _matches(books):
    for debit, credit, amount in (
        (("V1", 1, -1), ("F1", 2, 1), "2544.00"),
        (("F1", 4, 1), ("A1", 3, -1), "321.00"),
        (("F1", 4, 1), ("A1", 2, -1), "279.00"),
    ):
        books.matching.balance(LineKey(1, *debit), LineKey(1, *credit), Decimal(amount))
