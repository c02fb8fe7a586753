"""How REST spells our values (docs/octopus.md §5).

Names are the contract's to the letter, with its slips (``attachements``,
``documentSequennceNr``, ``bookyearPeriodeNr``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..codec import (
    BOOL,
    CODE,
    DATE,
    DECIMAL,
    FILE,
    ID,
    INT,
    TEXT,
    Form,
)
from ..shape import Shape, many
from ..types import (
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
    Intrastat,
    Journal,
    JournalDetail,
    JournalKey,
    OpenItem,
    Overflow,
    Period,
    Relation,
    RelationRef,
    Translations,
    VatCode,
)

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
    """A relation's identity; one without any number is no relation."""

    def read(value):
        ref = shape.decode(value)
        return None if ref == RelationRef() else ref

    def read_quickly(value):
        ref = shape.decode_quickly(value)
        return None if ref.id is None and ref.external_id is None else ref

    return Form(read, shape.encode, read_quickly)


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
OVERFLOW = Shape(
    Overflow,
    {
        "start": ("beginDate", DATE),
        "end": ("endDate", DATE),
        "period_type": ("overflowBookingPeriodType", INT),
        "account": ("accountNr", ID),
    },
)
INTRASTAT = Shape(
    Intrastat,
    {
        "country": ("isoCountrycode", CODE),
        "transaction": ("transactionCode", INT),
        "product": ("productCode", CODE),
        "region": ("region", INT),
        "transport": ("transportCode", INT),
        "incoterm": ("incoTerms", CODE),
        "origin": ("originCountry", CODE),
    },
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
        "overflow": ("overflowBookingServiceData", OVERFLOW),
        "intrastat": ("intrastatServiceData", INTRASTAT),
    },
    frozenset({"cost_centre_id", "overflow", "intrastat"}),
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
