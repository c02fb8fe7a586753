"""Parts that every seeded dossier is made of."""

import datetime

from ..state.bookyear import MONTH, Bookyear
from ..state.cost_centre import CostCentre
from ..state.dossier import Dossier
from ..state.journal import (
    INVOICES_VAT_EXCLUSIVE,
    Journal,
)
from .accounts import make_accounts
from .belgium import iban
from .vat_codes import make_vat_codes

BIC = "KREDBEBB"
_CURRENCIES = ["EUR", "USD", "GBP", "CHF"]
# key, texts, further values
_JOURNALS = (
    ("V1", ("Verkopen", "Ventes", "Sales", "Verkäufe"), {}),
    ("V2", ("Creditnota's", "Notes de crédit", "Credit notes", "Gutschriften"), {}),
    (
        "V3",
        ("Facturatie", "Facturation", "Invoicing", "Fakturierung"),
        {"insertion_type": INVOICES_VAT_EXCLUSIVE},
    ),
    ("A1", ("Aankopen", "Achats", "Purchases", "Einkäufe"), {}),
    (
        "A2",
        (
            "Creditnota's aankoop",
            "Notes de crédit achats",
            "Purchase credit notes",
            "Einkaufsgutschriften",
        ),
        {},
    ),
    ("F1", ("Bank", "Banque", "Bank", "Bank"), {"account": 550000}),
    (
        "F2",
        ("Tweede bank", "Seconde banque", "Second bank", "Zweite Bank"),
        {"account": 550010},
    ),
    ("D1", ("Diversen", "Opérations diverses", "Miscellaneous", "Diverses"), {}),
)


def make_names(texts):
    """Texts by language, in the order Dutch, French, English, German."""
    return dict(zip(("NL", "FR", "EN", "DE"), texts, strict=False))


def make_bookyears(year, period_kind):
    """Three calendar years around ``year``, the first one closed, by their id."""
    return {
        number: Bookyear(
            number,
            make_names([str(start)] * 4),
            datetime.date(start, 1, 1),
            datetime.date(start, 12, 31),
            period_kind,
            closed=start < year,
        )
        for number, start in enumerate((year - 1, year, year + 1), 1)
    }


def make_journals(bookyears, bank):
    """Eight journals in each bookyear; ``bank`` numbers the bank accounts."""
    journals = {}
    for bookyear in bookyears:
        for key, texts, values in _JOURNALS:
            journal = Journal(bookyear, key, make_names(texts), **values)
            if journal.account:
                journal.currency = "EUR"
                journal.iban = iban("734", f"{bank:06}{journal.sequence}")
                journal.bic = BIC
            journals[bookyear, key] = journal
    return journals


def make_dossier(year, period_kind=MONTH, bank=1, **values):
    """A dossier with plan, VAT codes, journals and three bookyears around ``year``."""
    bookyears = make_bookyears(year, period_kind)
    return Dossier(
        currencies=list(_CURRENCIES),
        bookyears=bookyears,
        journals=make_journals(bookyears, bank),
        accounts=make_accounts(bookyears),
        vat_codes=make_vat_codes(),
        cost_centres={
            1: CostCentre(1, make_names(["Winkel", "Magasin", "Shop", "Laden"])),
            2: CostCentre(2, make_names(["Atelier", "Atelier", "Workshop", "Werk"])),
            3: CostCentre(3, make_names(["Oud", "Ancien", "Old", "Alt"]), closed=True),
        },
        **values,
    )


def show_master_data(dossier, clock):
    """Let accounts and journals appear in their feeds as new."""
    stamp = clock.stamp()
    for key in dossier.accounts:
        dossier.feeds.accounts.record(key, stamp)
    for key in dossier.journals:
        dossier.feeds.journals.record(key, stamp)
