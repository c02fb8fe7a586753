"""What we send is checked before any call (issue 2 §3)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from octopus_connector.api import (
    Attachment,
    BalancingKey,
    BookingLine,
    FinancialLine,
    OctopusClient,
    OctopusInvalidRequest,
    Relation,
    RelationRef,
)
from octopus_connector.api.operations import Capability

from .common import SINCE, a_booking, a_receipt


class NoTransport:
    """Fails the test that lets a wrong request through."""

    capabilities = frozenset(Capability)

    def __init__(self):
        self.calls = []

    def call(self, operation, arguments, dossier=None):
        self.calls.append((operation.name, dict(arguments)))

    def drop_announced(self):
        pass

    def close(self):
        pass


@pytest.fixture
def transport():
    return NoTransport()


@pytest.fixture
def dossier(transport):
    return OctopusClient(transport).dossier(49555)


def line(**changes):
    values = {"account": 700000, "base": Decimal(1), "vat_code": "21"}
    return BookingLine(**{**values, **changes})


WRONG_BOOKINGS = [
    ("amount", 2544.0, "a float where a Decimal"),
    ("amount", 2544, "a int where a Decimal"),
    ("amount", Decimal("NaN"), "not a number"),
    ("amount", Decimal("-Infinity"), "not a number"),
    ("amount", Decimal("0.001"), "more than 2 decimals"),
    ("amount", Decimal("1e12"), "too large"),
    ("exchange_rate", Decimal(0), "not a positive rate"),
    ("exchange_rate", None, "nothing"),
    ("number", True, "a bool where a int"),
    ("number", 0, "start at 1"),
    ("number", 2**31, "32 bits"),
    ("number", "3", "a str where a int"),
    ("bookyear_id", -(2**31) - 1, "32 bits"),
    ("journal", "v1", "journal key"),
    ("journal", "V1\r\nX: y", "journal key"),
    ("journal", None, "nothing"),
    ("period", None, "nothing"),
    ("relation", None, "nothing"),
    ("relation", RelationRef(), "its id or its external id"),
    ("relation", 16, "a int where a RelationRef"),
    ("document_date", datetime(2000, 3, 1), "a datetime where a date"),
    ("document_date", "2000-03-01", "a str where a date"),
    ("expiry_date", None, "nothing"),
    ("currency", "eur", "currency code"),
    ("currency", None, "nothing"),
    ("comment", "a\x00b", "control character"),
    ("comment", "half \ud83d", "half a character"),
    ("comment", 5, "a int where a str"),
    ("lines", [], "a list where a tuple"),
    ("lines", (line(account=None),), r"lines\[0\].account: nothing"),
    ("lines", (line(), line(vat=Decimal("1.005"))), r"lines\[1\].vat: 1.005 has more"),
    ("lines", (line(base=1.0),), r"lines\[0\].base: a float"),
    ("lines", (line(vat_recup_percentage=Decimal(101)),), "between 0 and 100"),
    ("payment_method", "1", "a str where a int"),
]


@pytest.mark.parametrize("field, value, complaint", WRONG_BOOKINGS)
def test_wrong_booking_is_never_sent(dossier, transport, field, value, complaint):
    with pytest.raises(OctopusInvalidRequest, match=complaint) as caught:
        dossier.insert_booking(a_booking(**{field: value}))
    assert f"booking.{field}" in caught.value.message
    assert caught.value.operation == "insert_booking"
    assert transport.calls == []


def test_right_booking_is_sent(dossier, transport):
    dossier.insert_booking(a_booking())
    assert [name for name, _arguments in transport.calls] == ["insert_booking"]


@pytest.mark.parametrize("amount", ["1.100", "1E+2", "-0.05", "999999999999.99"])
def test_amounts_that_are_right(dossier, transport, amount):
    dossier.insert_booking(a_booking(amount=Decimal(amount)))
    assert transport.calls


def test_currency_with_three_decimals(dossier, transport):
    lines = (line(base=Decimal("1.005")),)
    dossier.insert_booking(
        a_booking(currency="KWD", amount=Decimal("1.005"), lines=lines)
    )
    assert transport.calls
    with pytest.raises(OctopusInvalidRequest, match="more than 3 decimals"):
        dossier.insert_booking(a_booking(currency="KWD", amount=Decimal("1.0005")))


@pytest.mark.parametrize(
    "values, complaint",
    [
        ({"type": "X"}, "is not A, C or S"),
        ({"type": "A"}, "needs its account"),
        ({"type": "C", "account": 588888}, "needs its relation"),
        ({"type": "S", "relation": RelationRef()}, "its id or its external id"),
        ({"type": "A", "account": 588888, "amount": 5}, "a int where a Decimal"),
    ],
)
def test_wrong_financial_line(dossier, transport, values, complaint):
    lines = (FinancialLine(**{"amount": Decimal(1), **values}),)
    with pytest.raises(OctopusInvalidRequest, match=complaint):
        dossier.insert_financial_booking(a_receipt(lines=lines))
    assert transport.calls == []


@pytest.mark.parametrize(
    "values, complaint",
    [
        ({}, "currency: nothing"),
        ({"currency": "EUR"}, "needs an id, an external id or a name"),
        ({"currency": "EUR", "name": "X", "country": ""}, "country code"),
        ({"currency": "EUR", "name": "X", "country": "Belgium"}, "country code"),
        ({"currency": "EUR", "name": "X", "client": 1}, "a int where a bool"),
        ({"currency": "EUR", "external_id": 2**31}, "32 bits"),
    ],
)
def test_wrong_relation(dossier, transport, values, complaint):
    with pytest.raises(OctopusInvalidRequest, match=complaint):
        dossier.upsert_relation(Relation(**values))
    assert transport.calls == []


@pytest.mark.parametrize("name", ["", "  ", "../bill.pdf", "a\nb.pdf", "c:\\bill.pdf"])
def test_wrong_file_name(dossier, transport, name):
    with pytest.raises(OctopusInvalidRequest, match="not a file name"):
        dossier.add_attachment(1, "V1", 1, Attachment(name=name, content=b"x"))
    assert transport.calls == []


def test_empty_file(dossier):
    with pytest.raises(OctopusInvalidRequest, match="is empty"):
        dossier.insert_booking(a_booking(), [Attachment(name="a.pdf", content=b"")])


@pytest.mark.parametrize("amount", [Decimal(0), Decimal("-1"), Decimal("0.001"), 1.0])
def test_wrong_balancing(dossier, transport, amount):
    key = BalancingKey(bookyear_id=1, journal="V1", number=1)
    with pytest.raises(OctopusInvalidRequest):
        dossier.insert_balancing(key, key, amount)
    assert transport.calls == []


@pytest.mark.parametrize("since", [datetime(2026, 1, 1), date(2026, 1, 1), None, "x"])
def test_moment_without_time_zone(dossier, transport, since):
    with pytest.raises(OctopusInvalidRequest, match="since"):
        dossier.balancings_modified(since)
    assert transport.calls == []


@pytest.mark.parametrize(
    "conditions", [{}, {"name": ""}, {"external_id": 0}, {"id": 5, "vat_number": ""}]
)
def test_search_without_condition(dossier, transport, conditions):
    """It would be the full list, which has 2 calls a day."""
    with pytest.raises(OctopusInvalidRequest, match="condition"):
        dossier.find_relations(**conditions)
    assert transport.calls == []


def test_arguments_that_may_be_left_out(dossier, transport):
    dossier.bookings_modified(-1, None, SINCE)
    dossier.documents_modified(-1, -1, SINCE)
    dossier.open_items("supplier", 1, 200001, 1, 200012)
    assert len(transport.calls) == 3


@pytest.mark.parametrize(
    "call",
    [
        lambda d: d.booking(1, None, 1),
        lambda d: d.booking(1, "V1", None),
        lambda d: d.journals("1"),
        lambda d: d.open_items("partner", 1, 1, 1, 1),
        lambda d: d.journal_detail(1, "V1/../F1"),
    ],
)
def test_wrong_arguments(dossier, transport, call):
    with pytest.raises(OctopusInvalidRequest):
        call(dossier)
    assert transport.calls == []


@pytest.mark.parametrize("dossier_id", [None, "49555", True, 2**31])
def test_wrong_dossier(transport, dossier_id):
    with pytest.raises(OctopusInvalidRequest, match="dossier_id"):
        OctopusClient(transport).dossier(dossier_id)


def test_missing_capability_is_said_before_the_call(transport):
    """Issue 5: what a transport lacks is declared, never found out in a run."""
    transport.capabilities = frozenset()
    dossier = OctopusClient(transport).dossier(1)
    with pytest.raises(OctopusInvalidRequest, match="attachments_later"):
        dossier.add_attachment(1, "V1", 1, Attachment(name="a.pdf", content=b"x"))
    assert transport.calls == []
