"""What the tests of the ground floor share."""

import ssl
import subprocess
from datetime import date, datetime, timezone
from decimal import Decimal

from octopus_connector.api import (
    Booking,
    BookingLine,
    FinancialBooking,
    FinancialLine,
    OctopusClient,
    PasswordLogin,
    RelationRef,
    RestTransport,
    Timeouts,
)

SOFTWARE_HOUSE = "5f2d1c9a-software-house"
USER = "clerk@example.com"
PASSWORD = 'pa"ss wörd-7391'
SECRETS = (SOFTWARE_HOUSE, PASSWORD)
SINCE = datetime(2026, 1, 31, 12, 30, 15, 250000, tzinfo=timezone.utc)
PATIENT = Timeouts(connect=10, read=20, slow=20)
IMPATIENT = Timeouts(connect=1, read=0.8, slow=0.8)


def login():
    return PasswordLogin(SOFTWARE_HOUSE, USER, PASSWORD)


def client_of(url, **options):
    """A client of a server, patient unless told otherwise."""
    source = options.pop("source", None) or login()
    options.setdefault("timeouts", PATIENT)
    return OctopusClient(RestTransport(url, source, **options))


def self_signed(folder):
    """Return a context of a server on this machine, and the file that vouches for it.

    Needs the command ``openssl``.
    """
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        + ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        + ["-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate


def a_booking(**changes):
    values = {
        "bookyear_id": 1,
        "journal": "V1",
        "number": 3,
        "relation": RelationRef(id=16),
        "period": 200003,
        "document_date": date(2000, 3, 1),
        "expiry_date": date(2000, 3, 31),
        "amount": Decimal("2544.00"),
        "currency": "EUR",
        "exchange_rate": Decimal(1),
        "comment": "Levering",
        "reference": "+++251/8016/43531+++",
        "lines": (
            BookingLine(
                account=700100,
                base=Decimal("2400.00"),
                vat_code="06",
                vat=Decimal("144.00"),
            ),
        ),
    }
    return Booking(**{**values, **changes})


def a_receipt(**changes):
    values = {
        "bookyear_id": 1,
        "journal": "F1",
        "number": 6,
        "period": 200003,
        "document_date": date(2000, 3, 9),
        "exchange_rate": Decimal(1),
        "lines": (
            FinancialLine(
                type="C",
                amount=Decimal("2544.00"),
                relation=RelationRef(id=16),
                reference="2000/V1/1",
            ),
        ),
    }
    return FinancialBooking(**{**values, **changes})


class Diary:
    """An observer that writes down what it is told."""

    def __init__(self, refusal=None):
        self.refusal = refusal
        self.before_calls = []
        self.after_calls = []

    def before(self, call):
        self.before_calls.append(call)
        if self.refusal and call.operation == self.refusal[0]:
            raise self.refusal[1]

    def after(self, call, duration, http_status, code, technical):
        self.after_calls.append((call, duration, http_status, code, technical))

    @property
    def operations(self):
        return [call.operation for call in self.before_calls]


class NosyDiary(Diary):
    """An observer in support mode: it also gets the masked bodies."""

    def __init__(self):
        super().__init__()
        self.texts = []

    def bodies(self, call, request, answer):
        self.texts.append((call.operation, request, answer))
