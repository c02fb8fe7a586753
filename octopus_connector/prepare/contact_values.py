"""What contact and relation say of one party, field by field, in the same words."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.find_relation import VatNumber
from ..core.follow_contacts import FIELDS, comparable


@dataclass(frozen=True)
class Value:
    """One value of one side.

    :param text: as it is shown
    :param key: as it is compared
    """

    text: str
    key: str


def values_here(partner) -> dict[str, Value]:
    """Return what a contact says.

    :param partner: ``res.partner`` in sudo, a commercial one
    """
    street = ", ".join(filter(None, (partner.street, partner.street2)))
    told = {
        "name": partner.name,
        "address": _address(street, partner.zip, partner.city, partner.country_code),
        "email": partner.email_normalized,
        "phone": partner.phone,
        "vat": VatNumber.of(partner.vat, partner.country_code) and partner.vat,
        "iban": iban_of(partner).acc_number,
    }
    return _values(told, partner.country_code)


def values_there(relation) -> dict[str, Value]:
    """Return what a relation says, as it was read last.

    :param relation: ``octopus.relation`` in sudo
    """
    data = relation.data or {}
    told = {
        "name": relation.full_name(),
        "address": _address(
            relation.street, relation.zip, relation.city, relation.country_code
        ),
        "email": relation.email,
        "phone": data.get("telephone"),
        "vat": relation.vat_number,
        "iban": relation.iban,
    }
    return _values(told, relation.country_code)


def iban_of(partner):
    """Return the first bank account of a contact that is an IBAN.

    :param partner: ``res.partner`` in sudo
    :return: ``res.partner.bank``
    """
    return partner.bank_ids.filtered(lambda bank: bank.acc_type == "iban")[:1]


def _address(street, postal_code, city, country):
    """A country alone is no address."""
    if not (street or postal_code or city):
        return ""
    place = " ".join(filter(None, (postal_code, city)))
    return ", ".join(filter(None, (street, place, country)))


def _values(told, country):
    return {
        field: Value(told[field] or "", comparable(field, told[field], country))
        for field in FIELDS
    }
