"""Which relation of a dossier is a contact (X.16), and how a VAT number is spelled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")
BELGIAN_DIGITS = 10


@dataclass(frozen=True)
class VatNumber:
    """A VAT number as two systems can compare it: digits, and a country if told."""

    country: str | None
    digits: str
    compact: str

    @classmethod
    def of(cls, text: str | None, country: str | None = None) -> VatNumber | None:
        """Return the number in ``text``, ``None`` when there is none (empty, ``/``).

        :param country: code of the country, used when the number does not name one
        """
        compact = _NOT_ALPHANUMERIC.sub("", text or "").upper()
        digits = re.sub(r"\D", "", compact)
        if not digits.strip("0"):
            return None
        prefix = compact[:2] if compact[:2].isalpha() else (country or "").strip()
        prefix = {"GR": "EL"}.get(prefix.upper(), prefix.upper()) or None
        if prefix == "BE" and len(digits) == BELGIAN_DIGITS - 1:
            digits = f"0{digits}"  # as they were written before 2005
        return cls(prefix, digits, compact)

    def same(self, other: VatNumber | None) -> bool:
        """Whether both are one number, as far as both tell."""
        if other is None or self.digits != other.digits:
            return False
        return None in (self.country, other.country) or self.country == other.country

    @property
    def spelled(self) -> str:
        """The number as Octopus wants it: ``BE0xxx.xxx.xxx`` (api.md §4.1)."""
        if self.country == "BE" and len(self.digits) == BELGIAN_DIGITS:
            first, second, third = self.digits[:4], self.digits[4:7], self.digits[7:]
            return f"BE{first}.{second}.{third}"
        if self.country and not self.compact[:2].isalpha():
            return f"{self.country}{self.compact}"
        return self.compact


@dataclass(frozen=True)
class Party:
    """What a contact and a relation are compared by.

    :param key: the record it stands for
    :param external_id: the contact's number, or the external number of the relation
    :param taken: the relation is already linked to another contact
    """

    key: Any
    name: str = ""
    vat: VatNumber | None = None
    external_id: int | None = None
    zip: str = ""
    taken: bool = False

    def same_external(self, other: Party) -> bool:
        return bool(self.external_id) and self.external_id == other.external_id

    def same_name(self, other: Party) -> bool:
        return bool(self.name) and _plain(self.name) == _plain(other.name)

    def other_vat(self, other: Party) -> bool:
        """Whether both have a VAT number, and not the same."""
        return bool(self.vat and other.vat) and not self.vat.same(other.vat)

    def other_place(self, other: Party) -> bool:
        return bool(self.zip and other.zip) and _plain(self.zip) != _plain(other.zip)


@dataclass(frozen=True)
class Match:
    """Relations that can be the contact.

    :param origin: ``vat``, ``external`` or ``name``; ``None`` without a hit
    :param hits: keys of the relations; more than one means that a person must choose
    :param doubtful: one hit by name alone, at another place
    """

    origin: str | None = None
    hits: tuple[Any, ...] = ()
    doubtful: bool = False

    @property
    def sure(self) -> bool:
        return len(self.hits) == 1 and not self.doubtful


def _plain(text):
    return _SPACES.sub(" ", text).strip().casefold()


def match(contact: Party, relations: Iterable[Party]) -> Match:
    """Find a contact among relations: VAT number, external number, exact name.

    An external number counts only when VAT number or name agree, because another
    program, or another database, may use the same numbers. A name alone never wins
    from a different VAT number, and a namesake that belongs to another contact is
    another person.
    """
    relations = list(relations)
    by_vat = [it for it in relations if contact.vat and contact.vat.same(it.vat)]
    if by_vat:
        return Match("vat", _keys(by_vat))
    named = [
        it
        for it in relations
        if contact.same_name(it) and not contact.other_vat(it) and not it.taken
    ]
    external = [it for it in named if contact.same_external(it)]
    if external:
        return Match("external", _keys(external))
    if len(named) == 1:
        return Match("name", _keys(named), contact.other_place(named[0]))
    return Match("name", _keys(named)) if named else Match()


def _keys(parties):
    return tuple(party.key for party in parties)


def external_taken(contact: Party, relations: Iterable[Party]) -> bool:
    """Whether the contact's number is already the external number of a relation."""
    return any(contact.same_external(it) for it in relations)
