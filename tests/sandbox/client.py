"""A plain HTTP caller of the REST API, with bodies ready to change."""

from copy import deepcopy

import requests

from octopus_sandbox.seed import demo

OLD = "1980-01-01 00:00:00.000"


class Caller:
    """Calls one dossier of a sandbox; paths are below the dossier."""

    def __init__(self, sandbox, dossier=demo.MAIN, locale=0, token=None):
        self.sandbox = sandbox
        self.base = f"{sandbox.url}/dossiers/{dossier}"
        self.session = requests.Session()
        token = token or sandbox.dossier_token(dossier, locale)
        self.session.headers["dossierToken"] = token

    def call(self, method, path, **options):
        options.setdefault("timeout", 10)
        return self.session.request(method, f"{self.base}/{path}", **options)

    def get(self, path, **params):
        return self.call("GET", path, params=params)

    def post(self, path, body):
        return self.call("POST", path, json=body)

    def put(self, path, body):
        return self.call("PUT", path, json=body)

    def delete(self, path, body):
        return self.call("DELETE", path, json=body)

    def book(self, attachments=(), **changes):
        """Insert a sale of 100.00 + 21 % (or what the changes make of it)."""
        body = {"buySellBookingServiceData": sale(**changes)}
        if attachments:
            body["attachments"] = list(attachments)
        return self.post("buysellbookings", body)

    def book_financial(self, **changes):
        """Insert a receipt of 121.00 of relation 1."""
        body = {"financialDiversBookingServiceData": receipt(**changes)}
        return self.post("financialdiversbookings", body)

    def balance(self, debit, credit, amount):
        """Match two line keys given as tuples."""
        return self.post(
            "balancings",
            {
                "debetKey": key(*debit),
                "creditKey": key(*credit),
                "balanceAmount": amount,
            },
        )

    def open_items(self, kind="clients", year=2, first=None, last=None, **more):
        """An open-items report over a bookyear."""
        number = self.sandbox.books().dossier.bookyears[year].start.year
        query = {
            "fromBookyearKey": {"id": year},
            "toBookyearKey": {"id": year},
            "fromBookyearPeriodNr": first or number * 100 + 1,
            "toBookyearPeriodNr": last or number * 100 + 12,
            "relationId": -1,
            "externalRelationId": -1,
        }
        return self.post(f"reports/{kind}/open", query | more)


def key(bookyear, journal, number, line=-1):
    return {
        "bookyearKey": {"id": bookyear},
        "journalKey": journal,
        "documentSequenceNr": number,
        "lineSequenceNr": line,
    }


_LINE = {
    "accountKey": 700000,
    "baseAmount": 100.0,
    "vatCodeKey": "21",
    "vatAmount": 21.0,
}
_SALE = {
    "bookyearKey": {"id": 2},
    "journalKey": "V1",
    "documentSequenceNr": 3,
    "relationIdentificationServiceData": {"relationKey": {"id": 1}},
    "bookyearPeriodeNr": 202602,
    "documentDate": "2026-02-03",
    "expiryDate": "2026-03-05",
    "comment": "INV/2026/00001",
    "reference": "+++000/0000/00101+++",
    "amount": 121.0,
    "currencyCode": "EUR",
    "exchangeRate": 1.0,
    "bookingLines": [_LINE],
}
_RECEIPT = {
    "bookyearKey": {"id": 2},
    "journalKey": "F1",
    "documentSequenceNr": 2,
    "bookyearPeriodeNr": 202602,
    "documentDate": "2026-02-20",
    "exchangeRate": 1.0,
    "bookingLines": [{"type": "C", "relationId": 1, "amount": 121.0}],
}


def sale(line=None, lines=None, **changes):
    """Body of a sale; ``line`` changes its only line, ``lines`` replaces them."""
    body = deepcopy(_SALE) | changes
    if line:
        body["bookingLines"][0] |= line
    if lines is not None:
        body["bookingLines"] = lines
    return body


def purchase(**changes):
    """Body of a purchase of 100.00 + 21 % from relation 2."""
    values = {
        "journalKey": "A1",
        "documentSequenceNr": 2,
        "relationIdentificationServiceData": {"relationKey": {"id": 2}},
        "line": {"accountKey": 612400, "vatCodeKey": "D21"},
    }
    return sale(**values | changes)


def receipt(**changes):
    """Body of a receipt in F1."""
    return deepcopy(_RECEIPT) | changes
