"""How REST spells our values and operations (docs/octopus.md §4 and §5).

Names are the contract's to the letter, with its slips (``attachements``,
``documentSequennceNr``, ``bookyearPeriodeNr``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .codec import (
    BOOL,
    CODE,
    DATE,
    DECIMAL,
    FILE,
    ID,
    INT,
    TEXT,
    Form,
    Shape,
    Unreadable,
    clean,
    many,
    read_rows,
)
from .types import (
    Account,
    Attachment,
    Balancing,
    BalancingDocument,
    BalancingKey,
    Booking,
    BookingLine,
    BookingRow,
    Bookyear,
    CostCentre,
    DocumentKey,
    Dossier,
    FinancialBooking,
    FinancialLine,
    Journal,
    JournalDetail,
    JournalKey,
    Listed,
    ModifiedResult,
    OpenItem,
    Period,
    Relation,
    RelationRef,
    Translations,
    UserInfo,
    VatCode,
)

# Values

_TRANSLATIONS = Shape(
    Translations,
    {
        "nl": ("description_NL", TEXT),
        "fr": ("description_FR", TEXT),
        "en": ("description_EN", TEXT),
        "de": ("description_DE", TEXT),
    },
)


def _read_names(value):
    names = {}
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            value = item.get("value")
            names[str(item.get("language", "")).lower()] = value and TEXT.decode(value)
    known = {key: names.get(key) for key in ("nl", "fr", "en", "de")}
    return Translations(**known)


NAMES = Form(_read_names, None)


def _reference(shape):
    """A relation's identity; one without any number is no relation (samples.md)."""

    def read(value):
        ref = shape.decode(value)
        return None if ref == RelationRef() else ref

    return Form(read, shape.encode)


_REFERENCE = {
    "id": ("relationKey.id", ID),
    "external_id": ("externalRelationId", ID),
}
REFERENCE = _reference(Shape(RelationRef, _REFERENCE))
FLAT_REFERENCE = _reference(
    Shape(
        RelationRef,
        {"id": ("relationId", ID), "external_id": ("externalRelationId", ID)},
    )
)


def _needing(shape, *names):
    """A shape of which every value but these may be lost alone."""
    return replace(shape, expendable=frozenset(shape.spelling) - {*names})


DOSSIER = Shape(
    Dossier,
    {
        "id": ("dossierKey.id", ID),
        "description": ("dossierDescription", TEXT),
        "vat_number": ("vatNr", CODE),
        "street": ("streetAndNr", TEXT),
        "postal_code": ("postalCode", TEXT),
        "city": ("city", TEXT),
        "country": ("country", CODE),
        "language": ("languageCode", CODE),
        "email": ("email", TEXT),
        "url": ("url", TEXT),
        "corporation_type": ("corporationTypeKey.id", INT),
    },
    frozenset({"vat_number", "country", "language", "corporation_type"}),
)
PERIOD = Shape(
    Period,
    {
        "number": ("bookyearPeriod", INT),
        "start": ("startDate", DATE),
        "end": ("endDate", DATE),
    },
)
BOOKYEAR = Shape(
    Bookyear,
    {
        "id": ("bookyearKey.id", INT),
        "description": ("bookyearDescription", TEXT),
        "start": ("startDate", DATE),
        "end": ("endDate", DATE),
        "closed": ("closed", BOOL),
        "periods": ("periods", many(PERIOD)),
    },
)
JOURNAL = Shape(
    Journal,
    {
        "bookyear_id": ("bookyearKey.id", INT),
        "key": ("journalKey", CODE),
        "name": ("name", TEXT),
        "closed": ("closed", BOOL),
        "currency": ("currencyCode", CODE),
        "last_number": ("lastBookedDocumentNr", INT),
        "protected_period": ("protectedPeriod", INT),
        "closed_period": ("closedPeriod", INT),
        "insertion_type": ("insertionType", INT),
    },
    frozenset({"insertion_type"}),
)
_JOURNAL_KEY = {
    "bookyear_id": ("bookyearKey.id", INT),
    "type": ("journalTypeCode", CODE),
    "sequence": ("sequenceNumber", INT),
}
_JOURNAL_STATE = {
    **{
        name: (f"journalKeyServiceData.{path}", form)
        for name, (path, form) in _JOURNAL_KEY.items()
    },
    "names": ("names", NAMES),
    "next_number": ("nextDocumentNumber", INT),
    "closed": ("closed", BOOL),
    "protected_period": ("protectedPeriod", INT),
    "closed_period": ("closedPeriod", INT),
}
JOURNAL_KEY = Shape(JournalKey, _JOURNAL_KEY)
JOURNAL_STATE = Shape(JournalDetail, _JOURNAL_STATE)
JOURNAL_DETAIL = Shape(
    JournalDetail,
    {
        **{
            name: (f"commonJournalServiceData.{path}", form)
            for name, (path, form) in _JOURNAL_STATE.items()
        },
        "iban": ("bankAccountServiceData.bankAccountIban", CODE),
        "bic": ("bankAccountServiceData.bankAccountBic", CODE),
        "account": ("account", ID),
        "currency": ("currency", CODE),
        "insertion_type": ("insertionType", CODE),
    },
    frozenset({"names", "iban", "bic", "account", "currency", "insertion_type"}),
)
ACCOUNT = Shape(
    Account,
    {
        "bookyear_id": ("accountKey.bookyearKey.id", INT),
        "number": ("accountKey.id", INT),
        "description": ("description", _TRANSLATIONS),
        "vat_recup_percentage": ("vatRecupPercentage", DECIMAL),
        "purchase_vat_code": ("purchaseVatCode", CODE),
        "sales_vat_code": ("salesVatCode", CODE),
        "cost_centre_type": ("costCentreType", INT),
        "default_cost_centre_id": ("defaultCostCentreKey.id", ID),
    },
    frozenset(
        {
            "description",
            "purchase_vat_code",
            "sales_vat_code",
            "cost_centre_type",
            "default_cost_centre_id",
        }
    ),
)
VAT_CODE = Shape(
    VatCode,
    {
        "code": ("code", CODE),
        "description": ("description", TEXT),
        "type": ("type", INT),
        "percentage": ("basePercentage", DECIMAL),
        "default_sell_account": ("defaultSellBookingAccountNr", ID),
    },
    frozenset({"default_sell_account"}),
)
COST_CENTRE = Shape(
    CostCentre,
    {
        "id": ("costCentreKey.id", INT),
        "description": ("description", _TRANSLATIONS),
        "closed": ("closed", BOOL),
    },
    frozenset({"description"}),
)
RELATION = _needing(
    Shape(
        Relation,
        {
            **{
                name: (f"relationIdentificationServiceData.{path}", form)
                for name, (path, form) in _REFERENCE.items()
            },
            "name": ("name", TEXT),
            "first_name": ("firstName", TEXT),
            "client": ("client", BOOL),
            "supplier": ("supplier", BOOL),
            "client_account": ("defaultBookingAccountClient", ID),
            "supplier_account": ("defaultBookingAccountSupplier", ID),
            "street": ("streetAndNr", TEXT),
            "postal_code": ("postalCode", TEXT),
            "city": ("city", TEXT),
            "country": ("country", CODE),
            "delivery_street": ("deliveryStreetAndNr", TEXT),
            "delivery_postal_code": ("deliveryPostalCode", TEXT),
            "delivery_city": ("deliveryCity", TEXT),
            "delivery_country": ("deliveryCountry", CODE),
            "contact_person": ("contactPerson", TEXT),
            "profession": ("profession", TEXT),
            "telephone": ("telephone", TEXT),
            "mobile": ("mobile", TEXT),
            "fax": ("fax", TEXT),
            "email": ("email", TEXT),
            "url": ("url", TEXT),
            "bank_account": ("bankAccountNr", TEXT),
            "iban": ("ibanAccountNr", TEXT),
            "bic": ("bicCode", TEXT),
            "currency": ("currencyCode", CODE),
            "vat_number": ("vatNr", TEXT),
            "vat_type": ("vatType", INT),
            "corporation_type": ("corporationType", INT),
            "expiration_type": ("expirationType", INT),
            "expiration_days": ("expirationDays", INT),
            "financial_discount": ("financialDiscount", BOOL),
            "language": ("factLanguage", INT),
            "remarks": ("remarks", TEXT),
            "search_field_1": ("searchField1", TEXT),
            "search_field_2": ("searchField2", TEXT),
            "customer_number": ("externCustomerNr", TEXT),
            "sdd_reference": ("sddReference", TEXT),
            "sdd_sequence_type": ("sddSeqtype", INT),
            "sdd_mandate_type": ("sddMandateType", INT),
            "sdd_signature_date": ("sddSignatureDate", DATE),
            "sdd_active": ("sddActive", BOOL),
            "supplier_payment_method": ("supplierPaymentMethod", INT),
            "invoice_delivery_method": ("invoiceDeliveryMethod", INT),
            "participant_id": ("participantId", TEXT),
            "active": ("active", BOOL),
        },
    ),
    "id",
    "external_id",
    "client",
    "supplier",
    "vat_type",
    "active",
)
BOOKING_LINE = Shape(
    BookingLine,
    {
        "account": ("accountKey", ID),
        "base": ("baseAmount", DECIMAL),
        "vat_code": ("vatCodeKey", CODE),
        "vat": ("vatAmount", DECIMAL),
        "comment": ("comment", TEXT),
        "cost_centre_id": ("costCentreKey.id", ID),
        "vat_recup_percentage": ("vatRecupPercentage", DECIMAL),
    },
    frozenset({"cost_centre_id"}),
)
_DOCUMENT = {
    "bookyear_id": ("bookyearKey.id", INT),
    "journal": ("journalKey", CODE),
    "number": ("documentSequenceNr", INT),
}
BOOKING = Shape(
    Booking,
    {
        **_DOCUMENT,
        "relation": ("relationIdentificationServiceData", REFERENCE),
        "period": ("bookyearPeriodeNr", INT),
        "document_date": ("documentDate", DATE),
        "expiry_date": ("expiryDate", DATE),
        "amount": ("amount", DECIMAL),
        "currency": ("currencyCode", CODE),
        "exchange_rate": ("exchangeRate", DECIMAL),
        "lines": ("bookingLines", many(BOOKING_LINE)),
        "comment": ("comment", TEXT),
        "order_reference": ("orderReference", TEXT),
        "reference": ("reference", TEXT),
        "payment_method": ("paymentMethod", INT),
    },
    frozenset({"period", "expiry_date", "payment_method"}),
)
FINANCIAL_LINE = Shape(
    FinancialLine,
    {
        "type": ("type", CODE),
        "amount": ("amount", DECIMAL),
        "account": ("accountKey", ID),
        "relation": ("", FLAT_REFERENCE),
        "reference": ("reference", TEXT),
        "cost_centre_id": ("costCentreKey.id", ID),
    },
    frozenset({"cost_centre_id"}),
)
FINANCIAL_BOOKING = Shape(
    FinancialBooking,
    {
        **_DOCUMENT,
        "period": ("bookyearPeriodeNr", INT),
        "document_date": ("documentDate", DATE),
        "exchange_rate": ("exchangeRate", DECIMAL),
        "lines": ("bookingLines", many(FINANCIAL_LINE)),
    },
    frozenset({"period"}),
)
ATTACHMENT = Shape(
    Attachment, {"name": ("fileName", TEXT), "content": ("fileData", FILE)}
)
_DOCUMENT_KEY = {
    "bookyear_id": ("bookyearKey.id", INT),
    "number": ("documentSequenceNr", INT),
    "journal_type": ("journalType", INT),
}
DOCUMENT_KEY = Shape(
    DocumentKey,
    {**_DOCUMENT_KEY, "journal_number": ("journalSequenceNr", INT)},
)
BOOKING_ROW = _needing(
    Shape(
        BookingRow,
        {
            **_DOCUMENT_KEY,
            "journal_number": ("journalNr", INT),
            "line": ("lineSequenceNr", INT),
            "period": ("bookyearPeriodeNr", INT),
            "document_date": ("documentDate", DATE),
            "expiry_date": ("expiryDate", DATE),
            "currency": ("currencyCode", CODE),
            "exchange_rate": ("exchangeRate", DECIMAL),
            "relation_id": ("relationKey.id", ID),
            "comment": ("comment", TEXT),
            "reference": ("reference", TEXT),
            "account": ("accountKey", ID),
            "booking_amount": ("bookingAmount", DECIMAL),
            "document_amount": ("documentAmount", DECIMAL),
            "vat_section_code": ("vatSectionCode", CODE),
            "vat_recup_percentage": ("vatRecuperationPercentage", DECIMAL),
            "cost_centre_id": ("costCentreKey.id", ID),
        },
    ),
    "bookyear_id",
    "number",
    "journal_type",
    "journal_number",
)
BALANCING_KEY = Shape(BalancingKey, {**_DOCUMENT, "line": ("lineSequenceNr", INT)})
_AMOUNTS = {
    "debit_booking_amount": ("debetBookingAmount", DECIMAL),
    "credit_booking_amount": ("creditBookingAmount", DECIMAL),
    "debit_document_amount": ("debetDocumentAmount", DECIMAL),
    "credit_document_amount": ("creditDocumentAmount", DECIMAL),
}
BALANCING_DOCUMENT = Shape(
    BalancingDocument,
    {
        "key": ("balancingKey", BALANCING_KEY),
        "document_date": ("documentDate", DATE),
        "currency": ("currencyCode", CODE),
        "exchange_rate": ("exchangeRate", DECIMAL),
        "comment": ("comment", TEXT),
        "reference": ("reference", TEXT),
        **_AMOUNTS,
    },
    frozenset({"document_date", "currency", "exchange_rate"}),
)
BALANCING = Shape(
    Balancing,
    {
        "debit": ("debetDocument", BALANCING_DOCUMENT),
        "credit": ("creditDocument", BALANCING_DOCUMENT),
        "debit_booking_amount": ("debetBalancedBookingAmount", DECIMAL),
        "credit_booking_amount": ("creditBalancedBookingAmount", DECIMAL),
        "type": ("type.type", CODE),
        "relation": ("type", REFERENCE),
        "account": ("type.accountNr", ID),
    },
)
OPEN_ITEM = Shape(
    OpenItem,
    {
        **_DOCUMENT,
        "line": ("lineSequenceNr", INT),
        "period": ("bookyearPeriodNr", INT),
        "document_date": ("documentDate", DATE),
        "expiry_date": ("expirationDate", DATE),
        "relation": ("", REFERENCE),
        "currency": ("currencyCode", CODE),
        "exchange_rate": ("exchangeRate", DECIMAL),
        **_AMOUNTS,
        "open_booking_amount": ("openBookingAmount", DECIMAL),
        "open_document_amount": ("openDocAmount", DECIMAL),
        "comment": ("comment", TEXT),
        "reference": ("reference", TEXT),
    },
    frozenset({"period", "document_date", "expiry_date", "currency", "exchange_rate"}),
)


# Answers


def _list(shape):
    return lambda payload: read_rows(shape, payload)


def _changes(shape, modified="modified", deleted="deleted", deleted_shape=None):
    shapes = {modified: shape, deleted: deleted_shape or shape}

    def read(payload):
        if not isinstance(payload, Mapping):
            raise Unreadable("a list of changes was expected")
        if payload and not shapes.keys() & payload.keys():
            raise Unreadable(f"neither {modified} nor {deleted} is there")
        return changes(
            *(read_rows(shape, payload.get(key) or ()) for key, shape in shapes.items())
        )

    return read


def changes(modified: Listed, deleted: Listed) -> ModifiedResult:
    """Return what changed and what was deleted as one result.

    :param modified: the records that could be read, with the others in ``left_out``;
        ``deleted`` likewise
    """
    return ModifiedResult(
        modified=tuple(modified),
        deleted=tuple(deleted),
        left_out=modified.left_out + deleted.left_out,
    )


def _nothing(_payload):
    """A write tells nothing but its status."""


def _created_relation(payload):
    return None if payload is None else RELATION.decode(payload)


def _read_currency(value):
    # The contract calls them keys and shows text.
    if isinstance(value, Mapping):
        value = next((item for item in value.values() if isinstance(item, str)), None)
    return TEXT.decode(value)


_TOKEN = re.compile(r"[!-~]+")


def _token(name):
    def read(payload):
        tokens = {str(key).lower(): item for key, item in _mapping(payload).items()}
        token = tokens.get(name)
        # It will travel in a header.
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise Unreadable(f"{name} is missing")
        return token

    return read


def _mapping(payload):
    if not isinstance(payload, Mapping):
        raise Unreadable(f"{type(payload).__name__} where an object was expected")
    return payload


def _user(payload):
    details = payload if isinstance(payload, Mapping) else {}
    return UserInfo(
        details={
            clean(key): clean(str(item))
            for key, item in details.items()
            if "token" not in key.lower() and isinstance(item, (str, int))
        }
    )


# Requests

Arguments = Mapping[str, Any]


def _insert(key, shape, argument):
    """The body of an insert is wrapped, also without attachments
    (docs/octopus.md §4)."""

    def body(arguments):
        wrapped = {key: shape.encode(arguments[argument])}
        if arguments["attachments"]:
            wrapped["attachments"] = many(ATTACHMENT).encode(arguments["attachments"])
        return wrapped

    return body


def _one(shape, argument):
    return lambda arguments: shape.encode(arguments[argument])


def _relation_body(arguments):
    body = RELATION.encode(arguments["relation"])
    body.setdefault("relationIdentificationServiceData", {})
    return body


def _balancing_body(arguments):
    body = {
        "debetKey": BALANCING_KEY.encode(arguments["debit"]),
        "creditKey": BALANCING_KEY.encode(arguments["credit"]),
    }
    if "amount" in arguments:
        body["balanceAmount"] = arguments["amount"]
    return body


def _document_body(arguments):
    return {
        "bookyearKey": {"id": arguments["bookyear_id"]},
        "journal": arguments["journal"],
        "documentSequenceNr": arguments["number"],
    }


def _open_items_body(arguments):
    relation_id = arguments["only_relation"]
    return {
        "fromBookyearKey": {"id": arguments["from_bookyear"]},
        "fromBookyearPeriodNr": arguments["from_period"],
        "toBookyearKey": {"id": arguments["to_bookyear"]},
        "toBookyearPeriodNr": arguments["to_period"],
        # Both -1: everyone.
        "relationId": -1 if relation_id is None else relation_id,
        "externalRelationId": -1,
    }


def _journal_path(arguments):
    journal = arguments["journal"]
    return f"/bookyears/{arguments['bookyear_id']}/journals/{journal[0]}/{journal[1:]}"


def _attachment_path(arguments):
    return f"/bookyears/{arguments['bookyear_id']}/bookings/attachements"


@dataclass(frozen=True)
class Spelling:
    """One operation as a request, and how its answer is read.

    ``path`` is below the dossier for operations of a dossier; ``query`` and ``headers``
    map the wire's names to our arguments, an absent or ``None`` argument is left out.
    ``is_plain``: the answer is text; ``is_sample``: it is an error, as asked for.
    """

    method: str
    path: str | Callable[[Arguments], str]
    read: Callable[[Any], Any] = _nothing
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[Arguments], Any] | None = None
    is_plain: bool = False
    is_sample: bool = False


_SINCE = {"modifiedTimeStamp": "since"}
_OF_JOURNAL = {"bookyearId": "bookyear_id", "journalKey": "only_journal", **_SINCE}
_OF_DOCUMENT = {
    "bookyearId": "bookyear_id",
    "journalKey": "journal",
    "documentSeqNr": "number",
}

SPELLINGS: dict[str, Spelling] = {
    "version": Spelling("GET", "/about/version", TEXT.decode, is_plain=True),
    "error_description": Spelling(
        "GET",
        "/error",
        query={"errorCode": "code", "localeId": "locale"},
        is_sample=True,
    ),
    "authenticate": Spelling(
        "POST",
        "/authentication",
        _token("token"),
        headers={"softwareHouseUuid": "software_house"},
        body=lambda a: {"user": a["user"], "password": a["password"]},
    ),
    "whoami": Spelling("GET", "/authentication", _user),
    "dossiers": Spelling("GET", "/dossiers", _list(DOSSIER)),
    "open_dossier": Spelling(
        "POST",
        "/dossiers",
        _token("dossiertoken"),
        query={"dossierId": "dossier_id", "localeId": "locale"},
    ),
    "bookyears": Spelling("GET", "/bookyears", _list(BOOKYEAR)),
    "journals": Spelling(
        "GET", lambda a: f"/bookyears/{a['bookyear_id']}/journals", _list(JOURNAL)
    ),
    "journals_modified": Spelling(
        "GET",
        "/journals/modified",
        _changes(
            JOURNAL_STATE,
            "modifiedJournalServiceDataList",
            "deletedJournalList",
            JOURNAL_KEY,
        ),
        query=_SINCE,
    ),
    "journal_detail": Spelling("GET", _journal_path, JOURNAL_DETAIL.decode),
    "accounts": Spelling(
        "GET", "/accounts", _list(ACCOUNT), query={"bookyearId": "bookyear_id"}
    ),
    "accounts_modified": Spelling(
        "GET", "/accounts/modified", _changes(ACCOUNT), query=_SINCE
    ),
    "vat_codes": Spelling("GET", "/vatcodes", _list(VAT_CODE)),
    "cost_centres": Spelling("GET", "/costcentres", _list(COST_CENTRE)),
    "currencies": Spelling("GET", "/currencies", _list(Form(_read_currency, None))),
    "relations": Spelling("GET", "/relations", _list(RELATION)),
    "find_relations": Spelling(
        "GET",
        "/relations",
        _list(RELATION),
        query={
            "relationId": "relation_id",
            "extRelationId": "external_id",
            "name": "name",
            "vatNr": "vat_number",
        },
    ),
    "relations_modified": Spelling(
        "GET", "/relations/modified", _changes(RELATION), query=_SINCE
    ),
    "upsert_relation": Spelling(
        "PUT", "/relations", _created_relation, body=_relation_body
    ),
    "booking": Spelling("GET", "/buysellbookings", BOOKING.decode, query=_OF_DOCUMENT),
    "insert_booking": Spelling(
        "POST",
        "/buysellbookings",
        body=_insert("buySellBookingServiceData", BOOKING, "booking"),
    ),
    "update_booking": Spelling(
        "PUT", "/buysellbookings", body=_one(BOOKING, "booking")
    ),
    "bookings_modified": Spelling(
        "GET", "/buysellbookings/modified", _list(BOOKING), query=_OF_JOURNAL
    ),
    "documents_modified": Spelling(
        "GET",
        lambda a: f"/bookyears/{a['bookyear_id']}/bookings/modified",
        _changes(BOOKING_ROW, "modifiedBookings", "deletedBookings", DOCUMENT_KEY),
        query={
            "journalTypeId": "journal_type",
            **_SINCE,
            "modifiedTimeStampTo": "until",
        },
    ),
    "add_attachment": Spelling(
        "POST",
        _attachment_path,
        headers={"journalKey": "journal", "documentSequennceNr": "number"},
        body=_one(ATTACHMENT, "attachment"),
    ),
    "financial_booking": Spelling(
        "GET", "/financialdiversbookings", FINANCIAL_BOOKING.decode, query=_OF_DOCUMENT
    ),
    "insert_financial_booking": Spelling(
        "POST",
        "/financialdiversbookings",
        body=_insert(
            "financialDiversBookingServiceData", FINANCIAL_BOOKING, "financial_booking"
        ),
    ),
    "update_financial_booking": Spelling(
        "PUT",
        "/financialdiversbookings",
        body=_one(FINANCIAL_BOOKING, "financial_booking"),
    ),
    "financial_bookings_modified": Spelling(
        "GET",
        "/financialdiversbookings/modified",
        _list(FINANCIAL_BOOKING),
        query=_OF_JOURNAL,
    ),
    "balancings_modified": Spelling(
        "GET",
        "/balancings/modified",
        _changes(BALANCING, "modifiedBalancings", "deletedBalancings"),
        query=_SINCE,
    ),
    "insert_balancing": Spelling("POST", "/balancings", body=_balancing_body),
    "delete_balancing": Spelling("DELETE", "/balancings/delete", body=_balancing_body),
    "delete_line_balancings": Spelling(
        "DELETE", "/balancings/bookingline/delete", body=_one(BALANCING_KEY, "key")
    ),
    "delete_document_balancings": Spelling(
        "DELETE", "/balancings/document/delete", body=_document_body
    ),
    "open_items_client": Spelling(
        "POST", "/reports/clients/open", _list(OPEN_ITEM), body=_open_items_body
    ),
    "open_items_supplier": Spelling(
        "POST", "/reports/suppliers/open", _list(OPEN_ITEM), body=_open_items_body
    ),
}
