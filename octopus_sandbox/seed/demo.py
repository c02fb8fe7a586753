"""The demonstration: three Belgian dossiers under one login.

The credentials are fixed and public; nothing real stands behind them.
"""

import datetime
from decimal import Decimal

from ..state.booking import Booking, BookingLine
from ..state.books import Books
from ..state.bookyear import QUARTER
from ..state.financial_booking import ACCOUNT, CLIENT, FinancialLine
from ..state.keys import WHOLE_DOCUMENT, LineKey
from ..state.login import Login
from ..switches import Switches
from .belgium import iban, structured, vat_number
from .dossiers import make_dossier, show_master_data

SOFTWARE_HOUSE = "0c7045a7-de30-4000-8000-000000000001"
USER, PASSWORD = "odoo-link", "octopus-demo"
NOBODY, NOBODY_PASSWORD = "no-dossier", "octopus-demo"
SWITCHED_OFF, SWITCHED_OFF_PASSWORD = "no-web-service", "octopus-demo"
MAIN, BRANCH, THIRD = 71001, 71002, 71003
MAIN_VAT = "BE0477.472.701"

_CURRENT = 2
_ONE = Decimal("1.0")


def fill(state):
    """Put logins and dossiers into an empty state."""
    for user, password, dossiers, active in (
        (USER, PASSWORD, [MAIN, BRANCH, THIRD], True),
        (NOBODY, NOBODY_PASSWORD, [], True),
        (SWITCHED_OFF, SWITCHED_OFF_PASSWORD, [MAIN], False),
    ):
        state.logins[user] = Login(user, password, SOFTWARE_HOUSE, dossiers, active)
    year = state.clock.today().year
    for dossier in (_main(year), _branch(year), _third(year)):
        state.dossiers[dossier.id] = dossier
        show_master_data(dossier, state.clock)
        _books_by_hand(Books(dossier, state.clock, Switches()), year)


def _main(year):
    return make_dossier(
        year,
        bank=10,
        id=MAIN,
        name="Demo Brussel BV",
        vat_number=MAIN_VAT,
        street="Kolenmarkt 12",
        postal_code="1000",
        city="Brussel",
        email="boekhouding@demo.example",
        corporation_type=9,
    )


def _branch(year):
    return make_dossier(
        year,
        QUARTER,
        bank=20,
        id=BRANCH,
        name="Demo Liège SRL",
        vat_number=vat_number("07123456"),
        street="Rue de la Régence 4",
        postal_code="4000",
        city="Liège",
        language="fr",
        corporation_type=21,
    )


def _third(year):
    return make_dossier(
        year,
        bank=30,
        id=THIRD,
        name="Demo Gent VZW",
        vat_number=vat_number("06543210"),
        street="Korenlei 8",
        postal_code="9000",
        city="Gent",
        corporation_type=8,
    )


def _books_by_hand(books, year):
    """What the accountant entered before anything was linked."""
    bakery = _relation(
        books, "Bakkerij De Molen", "08765432", client=True, city="Leuven"
    )
    paper = _relation(
        books, "Papeterie Centrale", "04011223", supplier=True, city="Namur"
    )
    _relation(
        books,
        "Garage Peeters",
        "05566778",
        client=True,
        supplier=True,
        city="Mechelen",
    )
    _relation(books, "Jan Janssens", None, client=True, city="Aalst", vat_type=7)
    for number, base in enumerate(("250.00", "480.00"), 1):
        _book(books, year, "V1", number, bakery, 700000, "21", Decimal(base))
    _book(books, year, "A1", 1, paper, 612400, "D21", Decimal("120.00"))
    _open_balance(books, year)
    _receipt(books, year, bakery)


def _relation(books, name, vat, city, vat_type=1, **values):
    relation, _new = books.relations.upsert(
        None,
        0,
        {
            "name": name,
            "city": city,
            "country": "BE",
            "vat_nr": vat_number(vat) if vat else "",
            "vat_type": vat_type,
            "iban_account_nr": iban("001", f"{int(vat or 0) % 10**7:07}"),
            **values,
        },
    )
    return relation


def _book(books, year, journal, number, relation, account, code, base):
    day = datetime.date(year, 1, 4 + number)
    vat = (base * 21 / 100).quantize(Decimal("0.01"))
    books.bookkeeping.insert_booking(
        Booking(
            bookyear=_CURRENT,
            journal=journal,
            number=number,
            relation=relation.id,
            period=books.dossier.bookyears[_CURRENT].period_of(day).number,
            document_date=day,
            expiry_date=day + datetime.timedelta(days=30),
            amount=base + vat,
            currency="EUR",
            rate=_ONE,
            lines=[BookingLine(account, base, code, vat)],
            comment=f"{year}-{number:03} {journal}",
            reference=structured(year * 1000 + number),
        )
    )


def _open_balance(books, year):
    lines = [
        FinancialLine(ACCOUNT, Decimal("12500.00"), account=100000),
        FinancialLine(ACCOUNT, Decimal("-12500.00"), account=588888),
    ]
    books.accountant.book_lines("D1", datetime.date(year, 1, 1), lines)


def _receipt(books, year, bakery):
    """The bank's opening, and a receipt for the first sale."""
    paid = Decimal("302.50")
    key = books.accountant.book_lines(
        "F1",
        datetime.date(year, 1, 20),
        [
            FinancialLine(ACCOUNT, Decimal("12500.00"), account=588888),
            FinancialLine(CLIENT, paid, relation=bakery.id, reference=f"{year}-001"),
        ],
    )
    sale = LineKey(_CURRENT, "V1", 1, WHOLE_DOCUMENT)
    books.matching.balance(sale, LineKey(*key, 2), paid)
