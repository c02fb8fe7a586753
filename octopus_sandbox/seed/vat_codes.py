"""Belgian VAT codes, each with its credit-note twin.

The codes are ours: no list of Octopus was ever seen (docs/octopus.md §19.5); only the
letters D, H, I and the plain rates are.
"""

from decimal import Decimal

from ..state.vat_code import BUY, CREDIT_NOTE_TWIN, SELL, VatCode

_LANGUAGES = ("NL", "FR", "EN", "DE")

# code, rate, default account, texts
_SALES = (
    ("21", 21, 700000, "Verkopen 21 %", "Ventes 21 %", "Sales 21 %", "Verkäufe 21 %"),
    ("12", 12, 700200, "Verkopen 12 %", "Ventes 12 %", "Sales 12 %", "Verkäufe 12 %"),
    ("06", 6, 700100, "Verkopen 6 %", "Ventes 6 %", "Sales 6 %", "Verkäufe 6 %"),
    ("00", 0, 700000, "Verkopen 0 %", "Ventes 0 %", "Sales 0 %", "Verkäufe 0 %"),
    (
        "VR",
        0,
        703000,
        "Vrijgesteld (art. 44)",
        "Exonéré (art. 44)",
        "Exempt (art. 44)",
        "Befreit (Art. 44)",
    ),
    (
        "MC",
        0,
        700500,
        "Medecontractant",
        "Cocontractant",
        "Co-contractor",
        "Vertragspartner",
    ),
    (
        "IG",
        0,
        700300,
        "Intracommunautaire levering van goederen",
        "Livraison intracommunautaire de biens",
        "Goods within the EU",
        "Innergemeinschaftliche Lieferung",
    ),
    (
        "IS",
        0,
        702300,
        "Intracommunautaire diensten",
        "Services intracommunautaires",
        "Services within the EU",
        "Innergemeinschaftliche Dienstleistung",
    ),
    ("EX", 0, 700400, "Uitvoer", "Exportation", "Export", "Ausfuhr"),
    (
        "EU",
        0,
        702400,
        "Diensten buiten de EU",
        "Services hors UE",
        "Services outside the EU",
        "Dienstleistungen außerhalb der EU",
    ),
)
_KINDS = {
    "H": ("Handelsgoederen", "Marchandises", "Goods for resale", "Handelswaren"),
    "D": (
        "Diensten en diverse goederen",
        "Services et biens divers",
        "Services and other goods",
        "Dienstleistungen und sonstige Güter",
    ),
    "I": ("Investeringen", "Investissements", "Investments", "Investitionen"),
}
# second character: (texts, rates by last character); VAT is owed by the customer
_REVERSED = {
    "E": (
        (
            "intracommunautair",
            "intracommunautaire",
            "within the EU",
            "innerhalb der EU",
        ),
        {"1": 21, "2": 12, "6": 6, "0": 0},
    ),
    "M": (
        ("medecontractant", "cocontractant", "co-contractor", "Vertragspartner"),
        {"1": 21, "2": 12, "6": 6},
    ),
    "W": (
        ("invoer", "importation", "import", "Einfuhr"),
        {"1": 21, "2": 12, "6": 6, "0": 0},
    ),
}
_CREDIT_NOTE = ("creditnota", "note de crédit", "credit note", "Gutschrift")


def make_vat_codes():
    """``{(code, type): VatCode}``."""
    codes = {}
    for code in (*_sales(), *_purchases()):
        codes[code.code, code.type] = code
        twin = _twin(code)
        codes[twin.code, twin.type] = twin
    return codes


def _sales():
    for code, rate, account, *texts in _SALES:
        yield _code(code, SELL, texts, rate, account=account)


def _purchases():
    for letter, names in _KINDS.items():
        for rate in (21, 12, 6, 0):
            texts = [f"{name} {rate} %" for name in names]
            yield _code(f"{letter}{rate:02}", BUY, texts, rate)
        for second, (words, rates) in _REVERSED.items():
            for last, rate in rates.items():
                pairs = zip(names, words, strict=True)
                texts = [f"{name} {word} {rate} %" for name, word in pairs]
                code = f"{letter}{second}{last}"
                yield _code(code, BUY, texts, rate, reverse_charge=True)


def _code(code, type_, texts, rate, account=None, reverse_charge=False):
    names = dict(zip(_LANGUAGES, texts, strict=True))
    return VatCode(code, type_, names, Decimal(rate), account, reverse_charge)


def _twin(code):
    texts = [
        f"{name} ({word})"
        for name, word in zip(code.names.values(), _CREDIT_NOTE, strict=True)
    ]
    return _code(
        code.code,
        CREDIT_NOTE_TWIN[code.type],
        texts,
        code.percentage,
        code.default_account,
        code.reverse_charge,
    )
