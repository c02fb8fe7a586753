"""Every operation over HTTP against the pretend Octopus, over both transports (issue 2
§3, issue 5 §4). What a transport does not have is skipped by the capability's name."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from octopus_connector.api import (
    ALL_BOOKYEARS,
    ALL_JOURNAL_TYPES,
    FIRST_SYNC,
    Attachment,
    BalancingKey,
    Booking,
    BookingLine,
    Capability,
    FinancialBooking,
    FinancialLine,
    InsertionType,
    JournalType,
    OctopusAccessError,
    OctopusAuthError,
    OctopusInvalidRequest,
    OctopusJournalLocked,
    OctopusMissing,
    OctopusNotNow,
    OctopusProtocolError,
    OctopusQuotaError,
    OctopusRefused,
    OctopusUnknownOutcome,
    Relation,
    RelationRef,
    Timeouts,
    VatCodeType,
)
from octopus_connector.api.operations import OPERATIONS
from octopus_sandbox.seed import demo
from octopus_sandbox.state.keys import DocumentKey as SandboxKey

from .common import Diary

YEAR = 2
ALWAYS = FIRST_SYNC


def next_number(dossier, journal):
    journals = {found.key: found for found in dossier.journals(YEAR)}
    return journals[journal].last_number + 1


def year_of(dossier):
    return next(year for year in dossier.bookyears() if year.id == YEAR)


def relation_named(dossier, name):
    """The relation of that name, which a new client may read twice a day."""
    (found,) = [row for row in dossier.relations() if row.name == name]
    return found


def bakery_of(dossier):
    return relation_named(dossier, "Bakkerij De Molen")


def needs(client, *capabilities):
    """Skip what this transport does not have, and say what."""
    missing = [wanted.value for wanted in capabilities if not has(client, wanted)]
    if missing:
        pytest.skip(f"this transport has no {', '.join(missing)}")


def has(client, capability):
    return capability in client.capabilities


def kept(client, booking):
    """The booking without the fields that this transport does not send."""
    fields = {
        Capability.ORDER_REFERENCE: "order_reference",
        Capability.PAYMENT_METHOD: "payment_method",
    }
    left_out = [name for wanted, name in fields.items() if not has(client, wanted)]
    return replace(booking, **dict.fromkeys(left_out))


@pytest.fixture
def payer(dossier, transport):
    """A customer as the lines of a receipt can name it: SOAP by our number only."""
    if transport == "rest":
        return RelationRef(id=1)
    dossier.upsert_relation(
        Relation(external_id=7001, name="Brouwerij", client=True, currency="EUR")
    )
    return RelationRef(external_id=7001)


def a_sale(dossier, number, relation, **changes):
    year = year_of(dossier)
    values = {
        "bookyear_id": YEAR,
        "journal": "V1",
        "number": number,
        "relation": relation,
        "period": year.periods[1].number,
        "document_date": year.periods[1].start,
        "expiry_date": year.periods[1].end,
        "amount": Decimal("112.40"),
        "currency": "EUR",
        "exchange_rate": Decimal(1),
        "comment": "INV/2026/00003",
        "reference": "+++090/9337/55493+++",
        "order_reference": "S00042",
        "payment_method": 1,
        "lines": (
            BookingLine(
                account=700000,
                base=Decimal("80.00"),
                vat_code="21",
                vat=Decimal("16.80"),
                comment="goods",
                cost_centre_id=1,
            ),
            BookingLine(
                account=700000,
                base=Decimal("14.72"),
                vat_code="06",
                vat=Decimal("0.88"),
            ),
        ),
    }
    return Booking(**{**values, **changes})


def a_receipt(dossier, number, relation, amount):
    year = year_of(dossier)
    return FinancialBooking(
        bookyear_id=YEAR,
        journal="F1",
        number=number,
        period=year.periods[2].number,
        document_date=year.periods[2].start,
        exchange_rate=Decimal(1),
        lines=(
            FinancialLine(
                type="C", amount=amount, relation=relation, reference="INV/2026/00003"
            ),
        ),
    )


def from_now(sandbox):
    """A moment after everything that the seed did."""
    sandbox.world.clock.advance(seconds=30)
    return sandbox.world.clock.now()


def sold(dossier, relation=None):
    """Book a sale and return it."""
    relation = relation or RelationRef(id=1)
    sale = a_sale(dossier, next_number(dossier, "V1"), relation)
    dossier.insert_booking(sale)
    return sale


def received(dossier, amount, relation):
    """Book a receipt and return it."""
    receipt = a_receipt(dossier, next_number(dossier, "F1"), relation, amount)
    dossier.insert_financial_booking(receipt)
    return receipt


# Before a dossier is open


def test_version(client, sandbox):
    needs(client, Capability.VERSION)
    assert client.version()
    assert not sandbox.world.calls_of("authenticate")


@pytest.mark.parametrize("answer", ["token", "user"])
def test_whoami(client, sandbox, answer):
    """api.md §5.6: what is told is contradictory; a token is never passed on."""
    needs(client, Capability.WHOAMI)
    sandbox.world.set_switches({"whoami": answer})
    details = client.whoami().details
    assert "eyJ" not in str(details)
    assert bool(details) == (answer == "user")


def test_dossiers(client, transport):
    found = {dossier.id: dossier for dossier in client.dossiers()}
    assert set(found) == {demo.MAIN, demo.BRANCH, demo.THIRD}
    assert found[demo.MAIN].description
    if transport == "rest":  # SOAP tells no more than key and name
        assert found[demo.MAIN].vat_number == demo.MAIN_VAT
        assert found[demo.MAIN].country == "BE"


def test_no_dossier(connect):
    assert connect(demo.NOBODY, demo.NOBODY_PASSWORD).dossiers() == []


def test_dossier_without_access(client):
    with pytest.raises(OctopusAccessError):
        client.dossier(49555).bookyears()


@pytest.mark.parametrize("status", ["401", "403"])
def test_web_service_off(connect, sandbox, status):
    """X.41"""
    sandbox.world.set_switches({"web_service_off": status})
    client = connect(demo.SWITCHED_OFF, demo.SWITCHED_OFF_PASSWORD)
    with pytest.raises((OctopusAccessError, OctopusAuthError)):
        client.dossiers()


def test_wrong_password(connect, sandbox, transport):
    """X.38: told at once, and asked once."""
    client = connect(password="wrong")
    for _attempt in range(2):
        with pytest.raises(OctopusAuthError) as caught:
            client.dossier(demo.MAIN).journals(YEAR)
    if transport == "rest":
        assert caught.value.http_status == 401
        assert "failed login attempt" in caught.value.technical
    else:
        assert caught.value.code == -1 and caught.value.message
    assert len(sandbox.world.calls_of("authenticateUser")) == 1


def test_error_description(client):
    assert "nummer" in client.error_description(-13, locale=1)
    assert client.error_description(-13, locale=1) != (
        client.error_description(-13, locale=2)
    )


# What the dossier looks like


def test_bookyears(dossier):
    previous, current, following = dossier.bookyears()
    assert (previous.closed, current.closed, following.closed) == (True, False, False)
    assert len(current.periods) == 12
    assert current.periods[0].start == current.start == date(current.start.year, 1, 1)
    assert current.periods[-1].end == current.end
    assert current.periods[0].number == current.start.year * 100 + 1


def test_journals(dossier, transport):
    journals = {journal.key: journal for journal in dossier.journals(YEAR)}
    assert set(journals) == {"V1", "V2", "V3", "A1", "A2", "F1", "F2", "D1"}
    assert journals["V1"].last_number == 2
    mode = InsertionType.INVOICES_VAT_EXCLUSIVE if transport == "rest" else None
    assert journals["V3"].insertion_type == mode
    assert journals["F1"].currency == "EUR"
    assert (journals["A1"].type, journals["A1"].sequence) == ("A", 1)


def test_journal_detail(dossier):
    needs(dossier, Capability.JOURNAL_DETAIL)
    sales = dossier.journal_detail(YEAR, "V1")
    assert (sales.key, sales.next_number, sales.closed) == ("V1", 3, False)
    assert sales.names.text("fr") == "Ventes"
    bank = dossier.journal_detail(YEAR, "F1")
    assert (bank.account, bank.currency) == (550000, "EUR")
    assert bank.iban.startswith("BE")
    for key in ("A1", "D1"):
        assert dossier.journal_detail(YEAR, key).key == key
    with pytest.raises(OctopusMissing):
        dossier.journal_detail(YEAR, "V9")


def test_journals_modified(dossier, sandbox):
    needs(dossier, Capability.JOURNALS_MODIFIED)
    before = dossier.journals_modified(ALWAYS).modified
    assert {detail.bookyear_id for detail in before} == {1, 2, 3}
    moment = from_now(sandbox)
    sandbox.books().accountant.set_journal(YEAR, "V1", closed=True)
    (changed,) = dossier.journals_modified(moment).modified
    assert (changed.key, changed.closed) == ("V1", True)


def test_accounts(dossier, transport):
    accounts = {account.number: account for account in dossier.accounts(YEAR)}
    assert accounts[700000].bookyear_id == YEAR
    names = accounts[653000].description
    if transport == "rest":  # SOAP tells Dutch and French
        assert names.text("en") == "Cash discount given"
    assert names.nl and names.fr and names.nl != names.fr
    assert len(accounts) > 100


def test_accounts_modified(dossier):
    needs(dossier, Capability.ACCOUNTS_MODIFIED)
    assert len(dossier.accounts_modified(ALWAYS).modified) > 100


def test_vat_codes(dossier):
    codes = {(code.code, code.type): code for code in dossier.vat_codes()}
    assert codes["06", VatCodeType.SELL].percentage == 6
    assert ("D21", VatCodeType.BUY) in codes
    assert ("21", VatCodeType.SELL_CREDIT_NOTE) in codes


def test_cost_centres(dossier):
    assert {centre.id: centre.closed for centre in dossier.cost_centres()} == {
        1: False,
        2: False,
        3: True,
    }


def test_currencies(dossier):
    needs(dossier, Capability.CURRENCIES)
    assert "EUR" in dossier.currencies()


# Relations


def test_relations(dossier):
    relations = {relation.name: relation for relation in dossier.relations()}
    bakery = relations["Bakkerij De Molen"]
    assert (bakery.client, bakery.supplier, bakery.country) == (True, False, "BE")
    assert bakery.external_id is None
    assert relations["Jan Janssens"].vat_type == 7


@pytest.mark.parametrize("answer", ["empty", "404", "error"])
def test_find_relations(dossier, sandbox, answer):
    """api.md §4.1: the whole name in any case, or the VAT number; none in any form."""
    needs(dossier, Capability.RELATION_SEARCH)
    sandbox.world.set_switches({"relation_not_found": answer})
    bakery = bakery_of(dossier)
    assert dossier.find_relations(vat_number=bakery.vat_number) == [bakery]
    assert dossier.find_relations(id=bakery.id) == [bakery]
    assert dossier.find_relations(name="Bakkerij") == []
    assert dossier.find_relations(external_id=123456) == []


def test_upsert_relation(dossier):
    """Created: the relation comes back; merged: it is read back (X.19)."""
    needs(dossier, Capability.RELATION_SEARCH)
    created = dossier.upsert_relation(
        Relation(
            external_id=7001,
            name="Brouwerij Zeven",
            client=True,
            supplier=False,
            street="Dorpsplein 7",
            postal_code="2300",
            city="Turnhout",
            country="BE",
            currency="EUR",
            vat_number="BE0477.472.701",
            vat_type=1,
            email="info@zeven.example",
            language=0,
            expiration_type=2,
            expiration_days=14,
        )
    )
    assert created.id and created.external_id == 7001
    assert (created.name, created.expiration_days) == ("Brouwerij Zeven", 14)
    change = Relation(external_id=7001, supplier=True, currency="EUR")
    assert dossier.upsert_relation(change) is None
    (merged,) = dossier.find_relations(external_id=7001)
    assert (merged.id, merged.client, merged.supplier) == (created.id, True, True)
    assert merged.name == "Brouwerij Zeven"


def test_minimal_relation_comes_back_with_defaults(dossier):
    """samples.md"""
    dossier.upsert_relation(
        Relation(name="Kaal", client=True, currency="EUR", country="BE")
    )
    created = relation_named(dossier, "Kaal")
    assert (created.expiration_days, created.expiration_type) == (30, 2)
    assert (created.client, created.supplier, created.active) == (True, False, True)
    assert (created.client_account, created.vat_number or "") == (None, "")


def test_relations_modified(dossier, sandbox):
    moment = from_now(sandbox)
    dossier.upsert_relation(Relation(name="Nieuw", client=True, currency="EUR"))
    result = dossier.relations_modified(moment)
    assert [relation.name for relation in result.modified] == ["Nieuw"]
    assert result.deleted == ()


# Purchase and sales documents


def test_booking_there_and_back(dossier, sandbox):
    """Every field and every cent (X.26)."""
    sale = a_sale(dossier, 3, RelationRef(id=bakery_of(dossier).id))
    dossier.insert_booking(sale)
    assert dossier.booking(YEAR, "V1", 3) == kept(dossier, sale)
    assert next_number(dossier, "V1") == 4
    assert not sandbox.books().audit().problems


def test_credit_note(dossier):
    """X.28: negative total, positive lines."""
    lines = (
        BookingLine(
            account=700000,
            base=Decimal("10.00"),
            vat_code="21",
            vat=Decimal("2.10"),
        ),
    )
    note = a_sale(dossier, 3, RelationRef(id=1), amount=Decimal("-12.10"), lines=lines)
    dossier.insert_booking(note)
    assert dossier.booking(YEAR, "V1", 3).amount == Decimal("-12.10")


def test_purchase_with_recuperation(dossier):
    needs(dossier, Capability.VAT_RECUP)
    lines = (
        BookingLine(
            account=616000,
            base=Decimal("100.00"),
            vat_code="D21",
            vat=Decimal("21.00"),
            vat_recup_percentage=Decimal("50.00"),
        ),
    )
    bill = a_sale(
        dossier,
        2,
        RelationRef(id=2),
        journal="A1",
        amount=Decimal("121.00"),
        lines=lines,
    )
    dossier.insert_booking(bill)
    assert dossier.booking(YEAR, "A1", 2).lines[0].vat_recup_percentage == 50


def test_wrong_number(dossier, transport):
    """X.20"""
    with pytest.raises(OctopusRefused) as caught:
        dossier.insert_booking(a_sale(dossier, 99, RelationRef(id=1)))
    assert caught.value.code == -13
    assert "nummer" in caught.value.message
    if transport == "rest":
        assert caught.value.http_status == 400
        assert "Last Document = 2" in caught.value.technical


def test_message_is_in_the_locale(client, transport):
    """X.49; SOAP knows no German: the dossier's own language, and nothing stops."""
    messages = set()
    for locale in (1, 2, 3, 4):
        dossier = client.dossier(demo.MAIN, locale)
        with pytest.raises(OctopusRefused) as caught:
            dossier.insert_booking(a_sale(dossier, 99, RelationRef(id=1)))
        messages.add(caught.value.message)
    assert len(messages) == (4 if transport == "rest" else 3)


def test_missing_booking(dossier):
    with pytest.raises(OctopusMissing):
        dossier.booking(YEAR, "V1", 99)
    with pytest.raises(OctopusMissing):
        dossier.financial_booking(YEAR, "F1", 99)


def test_update_booking(dossier):
    sale = sold(dossier)
    changed = a_sale(dossier, sale.number, sale.relation, comment="changed")
    dossier.update_booking(changed)
    assert dossier.booking(YEAR, "V1", sale.number).comment == "changed"


def test_bookings_modified(dossier, sandbox):
    assert len(dossier.bookings_modified(YEAR, "V1", ALWAYS)) == 2
    assert len(dossier.bookings_modified(YEAR, "A1", ALWAYS)) == 1
    assert not dossier.bookings_modified(YEAR, "V2", ALWAYS)
    moment = from_now(sandbox)
    sale = sold(dossier)
    assert list(dossier.bookings_modified(ALL_BOOKYEARS, None, moment)) == [
        kept(dossier, sale)
    ]


def test_documents_modified_with_a_deletion(dossier, sandbox):
    """X.31"""
    needs(dossier, Capability.BOOKING_DELETIONS)
    sale = sold(dossier)
    rows = dossier.documents_modified(YEAR, JournalType.SELL, ALWAYS).modified
    mine = [row for row in rows if row.number == sale.number]
    assert {row.journal for row in mine} == {"V1"}
    assert sum(row.booking_amount for row in mine) == 0
    assert sale.amount in {abs(row.booking_amount) for row in mine}
    moment = from_now(sandbox)
    sandbox.books().accountant.delete_last(YEAR, "V1")
    feed = dossier.documents_modified(ALL_BOOKYEARS, ALL_JOURNAL_TYPES, moment)
    (gone,) = feed.deleted
    assert (gone.bookyear_id, gone.journal, gone.number) == (YEAR, "V1", sale.number)


def test_documents_modified_until(dossier):
    needs(dossier, Capability.BOOKING_DELETIONS)
    early = datetime(1990, 1, 1, tzinfo=timezone.utc)
    feed = dossier.documents_modified(YEAR, JournalType.SELL, ALWAYS, early)
    assert (feed.modified, feed.deleted) == ((), ())


def test_attachments_at_once_and_later(dossier, sandbox):
    """X.48"""
    needs(dossier, Capability.ATTACHMENTS, Capability.ATTACHMENTS_LATER)
    pdf = Attachment(name="INV-3.pdf", content=b"%PDF-1.7 \x00\xff")
    ubl = Attachment(name="INV-3.xml", content="<Invoice>é</Invoice>".encode())
    dossier.insert_booking(a_sale(dossier, 3, RelationRef(id=1)), [pdf])
    dossier.add_attachment(YEAR, "V1", 3, ubl)
    document = sandbox.books().dossier.document(SandboxKey(YEAR, "V1", 3))
    kept = {(kept.name, kept.content) for kept in document.attachments}
    assert kept == {(pdf.name, pdf.content), (ubl.name, ubl.content)}


@pytest.mark.parametrize("status", ["400", "413"])
def test_attachment_that_is_too_big(dossier, sandbox, status):
    """X.48: refused, and nothing is booked."""
    needs(dossier, Capability.ATTACHMENTS)
    sandbox.world.set_switches({"attachment_limit": 10, "attachment_status": status})
    big = Attachment(name="big.pdf", content=bytes(11))
    sale = a_sale(dossier, 3, RelationRef(id=1))
    with pytest.raises((OctopusRefused, OctopusInvalidRequest)):
        dossier.insert_booking(sale, [big])
    assert next_number(dossier, "V1") == 3


# Financial documents


def test_financial_booking_there_and_back(dossier, payer):
    receipt = received(dossier, Decimal("112.40"), payer)
    assert dossier.financial_booking(YEAR, "F1", receipt.number) == receipt
    dossier.update_financial_booking(receipt)


def test_financial_bookings_modified(dossier, sandbox, payer):
    moment = from_now(sandbox)
    receipt = received(dossier, Decimal("5.00"), payer)
    found = dossier.financial_bookings_modified(ALL_BOOKYEARS, None, moment)
    assert list(found) == [receipt]


# Who paid what


def test_payment_in_full_and_its_undoing(dossier, sandbox, payer):
    """api.md §4.10, H.2"""
    sale = sold(dossier, payer)
    receipt = received(dossier, sale.amount, payer)
    moment = from_now(sandbox)
    debit = BalancingKey(bookyear_id=YEAR, journal="V1", number=sale.number)
    credit = BalancingKey(bookyear_id=YEAR, journal="F1", number=receipt.number, line=1)
    dossier.insert_balancing(debit, credit, sale.amount)
    (match,) = dossier.balancings_modified(moment).modified
    assert (match.debit.key, match.credit.key) == (debit, credit)
    assert match.amount == sale.amount
    assert (match.type, match.relation.external_id) == ("C", payer.external_id)
    assert match.relation.id == payer.id or payer.id is None
    needs(dossier, Capability.BALANCING_DELETE)
    dossier.delete_balancing(debit, credit)
    (gone,) = dossier.balancings_modified(moment).deleted
    assert (gone.debit.key, gone.credit.key) == (debit, credit)


@pytest.mark.parametrize("by_line", [True, False])
def test_partial_payments_undone_at_once(dossier, sandbox, payer, by_line):
    needs(dossier, Capability.BALANCING_DELETE)
    sale = sold(dossier, payer)
    debit = BalancingKey(bookyear_id=YEAR, journal="V1", number=sale.number)
    credits = []
    for amount in (Decimal("12.40"), Decimal("50.00")):
        receipt = received(dossier, amount, payer)
        credits.append(
            BalancingKey(bookyear_id=YEAR, journal="F1", number=receipt.number, line=1)
        )
        dossier.insert_balancing(debit, credits[-1], amount)
    moment = from_now(sandbox)
    if by_line:
        dossier.delete_line_balancings(credits[0])
    else:
        dossier.delete_document_balancings(YEAR, "V1", sale.number)
    assert len(dossier.balancings_modified(moment).deleted) == (1 if by_line else 2)


def test_open_items(dossier):
    sale = sold(dossier)
    year = year_of(dossier)
    window = (YEAR, year.periods[0].number, YEAR, year.periods[-1].number)
    items = {item.number: item for item in dossier.open_items("client", *window)}
    assert abs(items[sale.number].open_booking_amount) == sale.amount
    assert items[sale.number].expiry_date == sale.expiry_date
    assert items[sale.number].relation.id == 1
    assert 1 not in items  # paid in full by the accountant
    (bill,) = dossier.open_items("supplier", *window)
    assert (bill.journal, bill.relation.id) == ("A1", 2)
    assert dossier.open_items("client", *window, relation_id=2) is None


def test_over_balancing_is_refused(dossier, payer):
    sale = sold(dossier, payer)
    receipt = received(dossier, Decimal("1000.00"), payer)
    debit = BalancingKey(bookyear_id=YEAR, journal="V1", number=sale.number)
    credit = BalancingKey(bookyear_id=YEAR, journal="F1", number=receipt.number, line=1)
    with pytest.raises(OctopusRefused) as caught:
        dossier.insert_balancing(debit, credit, Decimal("500.00"))
    assert caught.value.code == -26


# What may be in the way


@pytest.mark.parametrize("code_in_403", ["present", "absent"])
def test_journal_open_elsewhere(dossier, sandbox, transport, code_in_403):
    """X.4"""
    sandbox.world.set_switches({"code_in_403": code_in_403})
    sandbox.books().accountant.set_journal(YEAR, "V1", opened_by="accountant")
    with pytest.raises(OctopusJournalLocked) as caught:
        dossier.insert_booking(a_sale(dossier, 3, RelationRef(id=1)))
    told = transport == "soap" or code_in_403 == "present"
    assert caught.value.code == (-12 if told else None)


@pytest.mark.parametrize("code_in_403", ["present", "absent"])
def test_closed_journal(dossier, sandbox, code_in_403):
    """X.1: told apart from an open one by the code, or by the journal's state."""
    sandbox.world.set_switches({"code_in_403": code_in_403})
    sandbox.books().accountant.set_journal(YEAR, "V1", closed=True)
    with pytest.raises((OctopusRefused, OctopusJournalLocked)) as caught:
        dossier.insert_booking(a_sale(dossier, 3, RelationRef(id=1)))
    if code_in_403 == "present":
        assert type(caught.value) is OctopusRefused and caught.value.code == -11
    closed = {journal.key: journal.closed for journal in dossier.journals(YEAR)}
    assert closed["V1"]


@pytest.mark.parametrize("status", ["400", "500"])
def test_refusals_by_code(dossier, sandbox, status):
    """api.md §5.4: the status of most codes is unknown."""
    sandbox.world.set_switches({"refusal_status": status})
    wrong = {
        -16: {"relation": RelationRef(id=9999)},
        -21: {"lines": (BookingLine(account=799998, base=Decimal("112.40")),)},
        -14: {"period": 190001},
    }
    for code, changes in wrong.items():
        values = {"relation": RelationRef(id=1), **changes}
        sale = a_sale(dossier, 3, values.pop("relation"), **values)
        with pytest.raises(OctopusRefused) as caught:
            dossier.insert_booking(sale)
        assert caught.value.code == code


@pytest.mark.parametrize("status", ["429", "403", "400"])
def test_their_daily_limit(dossier, sandbox, status):
    """X.43: whatever the shape of Octopus's refusal."""
    soap = "429" if status == "429" else "fault"
    sandbox.world.set_switches({"quota_status": status, "soap_quota": soap})
    for _call in range(2):
        dossier.vat_codes()
    with pytest.raises(OctopusQuotaError):
        dossier.vat_codes()
    assert dossier.bookyears()


@pytest.mark.parametrize("expired_code", ["absent", "-2", "-79"])
def test_token_that_expires_in_the_middle(dossier, sandbox, transport, expired_code):
    """X.39: one silent renewal, whatever the code; of a session likewise."""
    sandbox.world.set_switches({"expired_code": expired_code})
    sale = a_sale(dossier, 3, RelationRef(id=1))
    sandbox.world.clock.advance(minutes=31)
    dossier.insert_booking(sale)
    calls = sandbox.world.calls_of("insertBuySellBooking")
    if transport == "rest":
        assert [call.status for call in calls] == [401, 201]
    else:
        assert [call.code for call in calls] == [-2, None]
    assert next_number(dossier, "V1") == 4


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["hang", "close", "reset", "html", "status"])
def test_write_that_is_not_answered(connect, sandbox, kind, when):
    """X.23: before or after processing, the client cannot know and says so."""
    timeouts = Timeouts(connect=5, read=1, slow=1)
    dossier = connect(timeouts=timeouts).dossier(demo.MAIN)
    sale = a_sale(dossier, 3, RelationRef(id=1))
    sandbox.world.faults.add(kind, operation="insertBuySellBooking", when=when)
    with pytest.raises(OctopusUnknownOutcome):
        dossier.insert_booking(sale)
    assert sandbox.world.faults.met == [(kind, "insertBuySellBooking")]
    processed = len(sandbox.world.calls_of("insertBuySellBooking"))
    assert processed == (when == "after")
    booked = sandbox.books().dossier.last_number(YEAR, "V1") == 3
    assert booked == (when == "after")


def test_created_relation_whose_answer_is_cut_off(dossier, sandbox):
    """X.23: it may be there now; the caller searches before trying again."""
    sandbox.world.faults.add("truncated", operation="*", when="after", skip=2)
    with pytest.raises(OctopusUnknownOutcome):
        dossier.upsert_relation(Relation(name="Half", client=True, currency="EUR"))
    assert relation_named(dossier, "Half").client


def test_read_faults(connect, sandbox):
    """X.44"""
    timeouts = Timeouts(connect=5, read=1, slow=1)
    dossier = connect(timeouts=timeouts).dossier(demo.MAIN)
    wanted = {
        "hang": OctopusNotNow,
        "close": OctopusNotNow,
        "status": OctopusNotNow,
        "html": OctopusProtocolError,
        "truncated": (OctopusNotNow, OctopusProtocolError),
    }
    for kind, error in wanted.items():
        sandbox.world.faults.add(kind, operation="getBookyears")
        with pytest.raises(error):
            dossier.bookyears()
    assert dossier.bookyears()


# The whole


def test_feeds_without_news_are_empty(dossier, sandbox):
    """X.46"""
    sandbox.world.clock.advance(hours=1)
    now = sandbox.world.clock.now() + timedelta(minutes=1)
    feeds = [dossier.relations_modified(now), dossier.balancings_modified(now)]
    if has(dossier, Capability.JOURNALS_MODIFIED):
        feeds.append(dossier.journals_modified(now))
    if has(dossier, Capability.ACCOUNTS_MODIFIED):
        feeds.append(dossier.accounts_modified(now))
    if has(dossier, Capability.BOOKING_DELETIONS):
        feeds.append(dossier.documents_modified(-1, -1, now))
    assert not any(feed.modified or feed.deleted for feed in feeds)
    assert not dossier.bookings_modified(-1, None, now)
    assert not dossier.financial_bookings_modified(-1, None, now)


def test_tokens_are_cached(connect, sandbox):
    """Two logins a morning, not two per call (api.md §1.1)."""
    diary = Diary()
    dossier = connect(observer=diary).dossier(demo.MAIN)
    for _call in range(3):
        dossier.bookyears()
    assert diary.operations.count("authenticate") == 1
    assert diary.operations.count("open_dossier") == 1


def test_capabilities(client, transport):
    """SOAP 01-13 has the common ground alone (issue 5 §1)."""
    all_of_rest = frozenset(Capability)
    assert client.capabilities == (all_of_rest if transport == "rest" else frozenset())
    assert {op.capability for op in OPERATIONS.values()} - {None} <= all_of_rest
