"""A customer or supplier."""

import datetime
from dataclasses import dataclass, fields


@dataclass
class Relation:
    """A relation; the defaults are those of a new one (docs/octopus.md §6).

    ``external_id`` 0 = none. ``country`` is two spaces where it is not set.
    """

    id: int = 0
    external_id: int = 0
    name: str = ""
    first_name: str = ""
    client: bool = False
    default_booking_account_client: int = 0
    supplier: bool = False
    default_booking_account_supplier: int = 0
    street_and_nr: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "  "
    delivery_street_and_nr: str | None = None
    delivery_postal_code: str | None = None
    delivery_city: str | None = None
    delivery_country: str | None = None
    telephone: str | None = None
    email: str = ""
    fax: str | None = None
    mobile: str | None = None
    url: str | None = None
    bank_account_nr: str = ""
    iban_account_nr: str = ""
    bic_code: str = ""
    financial_discount: bool = False
    profession: str = ""
    contact_person: str = ""
    corporation_type: int = 0
    currency_code: str = "EUR"
    remarks: str = ""
    vat_nr: str = ""
    vat_type: int = 0
    expiration_type: int = 2
    expiration_days: int = 30
    search_field1: str = ""
    search_field2: str = ""
    extern_customer_nr: str = ""
    sdd_reference: str | None = None
    sdd_seqtype: int = 0
    sdd_mandate_type: int = 0
    sdd_signature_date: datetime.date | None = None
    sdd_active: bool = False
    fact_language: int = 0
    active: bool = True
    supplier_payment_method: int = 0
    invoice_delivery_method: int | None = None
    participant_id: str | None = None


KEYS = ("id", "external_id")
DEFAULTS = {
    field.name: field.default for field in fields(Relation) if field.name not in KEYS
}
