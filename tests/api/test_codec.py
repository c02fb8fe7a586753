"""Numbers stay what they are, and reading is tolerant (issue 2 §3)."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from octopus_connector.api import (
    Booking,
    BookingLine,
    FinancialBooking,
    FinancialLine,
    Overflow,
    Relation,
    RelationRef,
)
from octopus_connector.api.codec import Unreadable, dumps, loads, timestamp
from octopus_connector.api.rest.mapping import SPELLINGS
from octopus_connector.api.rest.shapes import (
    ATTACHMENT,
    BALANCING,
    BOOKING,
    DOSSIER,
    FINANCIAL_BOOKING,
    JOURNAL,
    JOURNAL_DETAIL,
    OPEN_ITEM,
    RELATION,
)
from octopus_connector.api.texts import clean

from .common import a_booking, a_receipt

cents = st.decimals(-(10**11), 10**11, places=2)
rates = st.decimals(Decimal("0.000001"), 10**6, places=6)
ids = st.integers(1, 2**31 - 1)
days = st.dates(date(1980, 1, 1), date(2100, 1, 1))
# What Octopus would refuse is left out when a text is written (``api.texts``).
texts = st.none() | st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20
).filter(lambda text: clean(text) == text)
refs = st.builds(RelationRef, id=ids, external_id=st.none() | ids)
overflows = st.builds(
    Overflow, start=days, end=days, period_type=st.sampled_from([0, 1]), account=ids
)
lines = st.builds(
    BookingLine,
    account=ids,
    base=cents,
    vat=cents,
    vat_code=st.sampled_from(["21", "06", "D21", "00"]),
    comment=texts,
    cost_centre_id=st.none() | ids,
    vat_recup_percentage=st.none() | st.decimals(0, 100, places=2),
    overflow=st.none() | overflows,
)
bookings = st.builds(
    Booking,
    bookyear_id=ids,
    journal=st.sampled_from(["V1", "A12"]),
    number=ids,
    relation=refs,
    period=ids,
    document_date=days,
    expiry_date=days,
    amount=cents,
    currency=st.just("EUR"),
    exchange_rate=rates,
    lines=st.lists(lines, max_size=4).map(tuple),
    comment=texts,
    order_reference=texts,
    reference=texts,
    payment_method=st.none() | st.integers(0, 13),
)
financial_lines = st.one_of(
    st.builds(FinancialLine, type=st.just("A"), amount=cents, account=ids),
    st.builds(
        FinancialLine, type=st.sampled_from("CS"), amount=cents, relation=refs,
        reference=texts,
    ),
)  # fmt: skip
receipts = st.builds(
    FinancialBooking,
    bookyear_id=ids,
    journal=st.just("F1"),
    number=ids,
    period=ids,
    document_date=days,
    exchange_rate=rates,
    lines=st.lists(financial_lines, max_size=4).map(tuple),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | cents | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
few = settings(max_examples=40, deadline=None)


@few
@given(st.decimals(allow_nan=False, allow_infinity=False, places=8))
def test_decimal_survives_json_digit_by_digit(number):
    assert loads(f"[{dumps(number)}]")[0] == number
    assert "e" not in dumps(number).lower()


@few
@given(json_values)
def test_json_round_trip(value):
    assert loads(dumps(value)) == value


@pytest.mark.parametrize(
    "number", ["0.1", "0.30", "-347.04", "2544.00", "1E+3", "1E-7"]
)
def test_no_float_detour(number):
    assert Decimal(dumps(Decimal(number))) == Decimal(number)


def test_zero_has_no_sign():
    assert dumps(Decimal("-0.00")) == "0.00"


@pytest.mark.parametrize("value", [0.1, {"a": 1.0}, object(), b"x", {1, 2}])
def test_a_float_can_not_be_sent(value):
    with pytest.raises(TypeError):
        dumps(value)


@pytest.mark.parametrize("text", ["", "[1,", "<html>", b"\xff"])
def test_what_is_not_json(text):
    with pytest.raises(Unreadable):
        loads(text)


@few
@given(bookings)
def test_booking_round_trip(booking):
    """What we write is what we read, and what any JSON reader sees."""
    text = dumps(BOOKING.encode(booking))
    assert BOOKING.decode(loads(text)) == booking
    plain = json.loads(text, parse_float=Decimal)
    assert Decimal(plain["amount"]) == booking.amount


@few
@given(receipts)
def test_financial_booking_round_trip(booking):
    assert FINANCIAL_BOOKING.decode(
        loads(dumps(FINANCIAL_BOOKING.encode(booking)))
    ) == (booking)


@few
@given(st.binary(min_size=1))
def test_attachment_round_trip(content):
    source = {"fileName": "a.pdf", "fileData": ""}
    attachment = ATTACHMENT.decode(source | {"fileData": "QQ=="})
    written = ATTACHMENT.encode(type(attachment)(name="a.pdf", content=content))
    assert ATTACHMENT.decode(loads(dumps(written))).content == content


@few
@given(
    st.dictionaries(st.text(), json_values),
    st.sets(st.sampled_from(sorted(BOOKING.spelling))),
)
def test_reading_a_booking_is_tolerant(extra, missing):
    """Extra fields are ignored; a missing one is told by name or takes its default."""
    written = loads(dumps(BOOKING.encode(a_booking())))
    known = {path.partition(".")[0] for path, _form in BOOKING.spelling.values()}
    source = {key: value for key, value in extra.items() if key not in known} | written
    for name in missing:
        source.pop(BOOKING.spelling[name][0].partition(".")[0], None)
    if missing & {"bookyear_id", "journal", "number", "amount"}:
        with pytest.raises(Unreadable, match="is missing"):
            BOOKING.decode(source)
    else:
        read = BOOKING.decode(source)
        kept = set(BOOKING.spelling) - missing
        assert all(getattr(read, k) == getattr(a_booking(), k) for k in kept)
        assert read.lines == (() if "lines" in missing else a_booking().lines)


@few
@given(json_values, st.sampled_from(sorted(SPELLINGS)))
def test_any_answer_is_read_or_called_unreadable(payload, name):
    """Nothing but ``Unreadable`` comes out of an answer that makes no sense."""
    try:
        SPELLINGS[name].read(payload)
    except Unreadable as error:
        assert str(error)


@few
@given(st.dictionaries(st.sampled_from(sorted(
    path.rpartition(".")[0] or path for path, _form in RELATION.spelling.values()
)), json_values))  # fmt: skip
def test_any_relation_is_read_or_called_unreadable(source):
    try:
        assert isinstance(RELATION.decode(source), Relation)
    except Unreadable as error:
        assert str(error)


# The recorded answers (samples.md), as facts


def test_recorded_relation_without_country_or_external_id():
    read = RELATION.decode(
        {
            "country": "  ",
            "name": "Bol.com",
            "vatNr": "NL1633.92.705 B01",
            "vatType": 4,
            "currencyCode": "EUR",
            "defaultBookingAccountSupplier": 0,
            "relationIdentificationServiceData": {
                "externalRelationId": 0,
                "relationKey": {"id": 28},
            },
        }
    )
    assert (read.id, read.external_id, read.country) == (28, None, None)
    assert (read.vat_type, read.supplier_account) == (4, None)
    assert read.ref == RelationRef(id=28)


def test_recorded_financial_lines():
    read = FINANCIAL_BOOKING.decode(
        loads(
            '{"bookyearKey":{"id":1},"journalKey":"F1","documentSequenceNr":1,'
            '"bookingLines":[{"accountKey":0,"amount":-347.04,"externalRelationId":0,'
            '"reference":"2009/A1/7","relationId":15,"type":"S"},'
            '{"accountKey":588888,"amount":4500.0,"type":"A"}]}'
        )
    )
    supplier, account = read.lines
    assert supplier.relation == RelationRef(id=15) and supplier.account is None
    assert supplier.amount == Decimal("-347.04")
    assert account.relation is None and account.account == 588888


def test_recorded_balancing_holds_its_amount_on_the_credit_side():
    side = {"bookyearKey": {"id": 1}, "documentSequenceNr": 2, "lineSequenceNr": 1}
    read = BALANCING.decode(
        {
            "creditBalancedBookingAmount": Decimal("279.0"),
            "debetBalancedBookingAmount": Decimal("0.0"),
            "creditDocument": {"balancingKey": side | {"journalKey": "F1"}},
            "debetDocument": {"balancingKey": side | {"journalKey": "V1"}},
            "type": {
                "accountNr": 0,
                "externalRelationId": 0,
                "relationKey": {"id": 16},
                "type": "C",
            },
        }
    )
    assert read.amount == 279
    assert (read.type, read.relation, read.account) == ("C", RelationRef(id=16), None)
    assert (read.debit.key.journal, read.credit.key.line) == ("V1", 1)


def test_recorded_journal():
    read = JOURNAL.decode(
        {"bookyearKey": {"id": 1}, "journalKey": "V2", "closed": False,
         "insertionType": 2, "lastBookedDocumentNr": 0, "name": "Verkoopsfacturen"}
    )  # fmt: skip
    assert (read.type, read.sequence, read.insertion_type) == ("V", 2, 2)
    assert (read.last_number, read.protected_period, read.currency) == (0, 0, None)


def test_journal_detail():
    common = {
        "journalKeyServiceData": {
            "bookyearKey": {"id": 1}, "journalTypeCode": "F", "sequenceNumber": 1,
        },
        "names": [{"language": "NL", "value": "Bank"}, {"language": "FR", "value": ""}],
        "nextDocumentNumber": 6, "protectedPeriod": 200001, "closed": False,
        "closedPeriod": 0,
    }  # fmt: skip
    read = JOURNAL_DETAIL.decode(
        {
            "commonJournalServiceData": common,
            "bankAccountServiceData": {"bankAccountIban": "BE34001347600990"},
            "account": 550000,
            "currency": "EUR",
        }
    )
    assert (read.key, read.next_number, read.account) == ("F1", 6, 550000)
    assert (read.iban, read.names.text("fr_BE")) == ("BE34001347600990", "Bank")


def test_disabled_dossier_may_come_without_its_key():
    """api.md §1.1"""
    assert DOSSIER.decode({"dossierDescription": "Gone"}).id is None


def test_open_item_without_amount_concludes_nothing():
    """X.33: absent is not zero."""
    key = {"bookyearKey": {"id": 1}, "journalKey": "V1", "documentSequenceNr": 1}
    assert OPEN_ITEM.decode(key).open_booking_amount is None
    assert OPEN_ITEM.decode(key | {"relationKey": {"id": 5}}).relation.id == 5


def test_relation_body_leaves_out_what_is_not_told():
    body = SPELLINGS["upsert_relation"].body(
        {"relation": Relation(name="Nieuw", currency="EUR", supplier=False)}
    )
    assert body == {
        "name": "Nieuw",
        "currencyCode": "EUR",
        "supplier": False,
        "relationIdentificationServiceData": {},
    }


def test_insert_is_wrapped_and_update_is_not():
    """api.md §2.3"""
    inserted = SPELLINGS["insert_booking"].body(
        {"booking": a_booking(), "attachments": ()}
    )
    updated = SPELLINGS["update_booking"].body({"booking": a_booking()})
    assert inserted == {"buySellBookingServiceData": updated}
    receipt = SPELLINGS["insert_financial_booking"].body(
        {"financial_booking": a_receipt(), "attachments": ()}
    )
    assert list(receipt) == ["financialDiversBookingServiceData"]


def test_timestamp():
    """api.md §2.2: UTC, milliseconds, a space."""
    brussels = timezone(timedelta(hours=2))
    moment = datetime(2026, 7, 1, 1, 2, 3, 456789, tzinfo=brussels)
    assert timestamp(moment) == "2026-06-30 23:02:03.456"
    assert timestamp(datetime(1980, 1, 1, tzinfo=timezone.utc)) == (
        "1980-01-01 00:00:00.000"
    )
