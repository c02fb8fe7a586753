"""Which relation of a dossier is a contact, and whether it still is; how a VAT number
is spelled.

:func:`same_party` is the one answer to "is this the same party?".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from ..api.texts import clean

BELGIUM = "BE"
BELGIAN_DIGITS = 10
# Of the VAT numbers of other countries, without the prefix.
LONGEST_BODY = 13
# Scheme of Belgian enterprise numbers in addresses on Peppol.
KBO_SCHEME = "0208"

# Prefixes of VAT numbers of the European Union; Northern Ireland is one for goods.
EU_PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    " XI".split()
)
OTHER_PREFIXES = frozenset("AD AL BA CH GB IS LI MC MD ME MK NO RS SM TR UA".split())
_PREFIXES = EU_PREFIXES | OTHER_PREFIXES
_SPELLINGS = {"GR": "EL", "UK": "GB"}
# What people write before the number, and what some countries write after it.
_BEFORE = re.compile(r"^(?:BTW|TVA|VAT|MWST|UST(?:ID)?|NR)+(?=[A-Z]*\d)")
_AFTER = re.compile(r"(?:MWST|TVA|IVA|MVA)$")
# A French number may begin with two letters of its own.
_FRENCH = re.compile(r"[A-HJ-NP-Z0-9]{2}\d{9}")

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")

LEGAL_FORMS = frozenset(
    # Belgian, in the languages of Belgium, old ones included; then the neighbours'.
    "bv bvba cv cvba cvoa nv vzw ivzw vof gcv commv ebvba"
    " srl sprl sprlu sc scrl scris sa asbl aisbl snc scs scomm"
    " gmbh ag kg ohg ug ev gbr ltd limited plc llc llp inc corp sarl sas sasu eurl sci"
    " spa ab as oy".split()
)

# Of so many texts it is remembered how they are compared: where two lists are held
# against each other, each is looked at again and again.
REMEMBERED = 20_000
# What stands before the main word of many Belgian names, apart or not.
PARTICLES = frozenset("van vande vanden vander de den der d la le du ten ter".split())


@dataclass(frozen=True)
class VatNumber:
    """A VAT number as two systems can compare it.

    :param country: prefix of VAT numbers, ``None`` when it is not told
    :param digits: digits only, to search by; never to compare by
    :param body: the number without its prefix, letters included
    :param compact: letters and digits as they were written
    """

    country: str | None
    digits: str
    body: str
    compact: str

    @classmethod
    def of(cls, text: str | None, country: str | None = None) -> VatNumber | None:
        """Return the number in ``text``, ``None`` when there is none (empty, ``/``).

        :param country: code of the country, used when the number does not name one
        """
        compact = _NOT_ALPHANUMERIC.sub("", text or "").upper()
        compact = _BEFORE.sub("", compact)
        digits = re.sub(r"\D", "", compact)
        if not digits.strip("0"):
            return None
        country = (country or "").strip().upper()
        country = _SPELLINGS.get(country, country)
        prefix, body = _split(compact, country)
        body = _AFTER.sub("", body)
        if prefix == BELGIUM:
            # Belgian numbers are digits only, nine of them before 2005.
            body = digits = digits.rjust(BELGIAN_DIGITS, "0")
        return cls(prefix or None, digits, body, compact)

    def same(self, other: VatNumber | None) -> bool:
        """Whether both are one number, as far as both tell.

        :param other: ``None`` is no number, and never the same
        """
        if other is None or self.body != other.body:
            return False
        return None in (self.country, other.country) or self.country == other.country

    def surely_same(self, other: VatNumber | None) -> bool:
        """Whether both are one number, and both tell of which country.

        :param other: ``None`` is no number, and never the same
        """
        return self.same(other) and None not in (self.country, other.country)

    @property
    def belgian(self) -> bool:
        return self.country == BELGIUM

    @property
    def european(self) -> bool:
        """Whether it is a number of a member of the EU, Belgium included."""
        return self.country in EU_PREFIXES

    @property
    def plausible(self) -> bool:
        """Whether it can be a VAT number at all, and not an IBAN in the wrong field
        (docs/octopus.md §10)."""
        longest = BELGIAN_DIGITS if self.belgian else LONGEST_BODY
        return len(self.body) <= longest

    @property
    def enterprise(self) -> str | None:
        """The Belgian enterprise number (KBO) that a Belgian VAT number is."""
        return enterprise_number(self.body) if self.belgian else None

    @property
    def spelled(self) -> str:
        """The number as Octopus wants it: ``BE0xxx.xxx.xxx`` (docs/octopus.md §10)."""
        if self.belgian and len(self.body) == BELGIAN_DIGITS:
            first, second, third = self.body[:4], self.body[4:7], self.body[7:]
            return f"{BELGIUM}{first}.{second}.{third}"
        return f"{self.country}{self.body}" if self.country else self.compact


def _split(compact, country):
    """Return prefix and the rest; without a prefix the country of the address."""
    written = _SPELLINGS.get(compact[:2], compact[:2])
    own = country == "FR" and _FRENCH.fullmatch(compact)
    if (written in _PREFIXES or written == country) and written.isalpha() and not own:
        return written, compact[2:]
    return country, compact


def enterprise_number(text: str | None) -> str | None:
    """Return a Belgian enterprise number as ten digits, ``None`` when it is none.

    Its last two digits check the others.

    :param text: with or without spaces, dots and ``BE``; one of nine digits, as they
        were once, gets a 0 in front
    """
    digits = re.sub(r"\D", "", text or "").rjust(BELGIAN_DIGITS, "0")
    if len(digits) != BELGIAN_DIGITS or not digits.strip("0"):
        return None
    check = 97 - int(digits[:8]) % 97
    return digits if check == int(digits[8:]) else None


@lru_cache(maxsize=REMEMBERED)
def plain(text: str | None) -> str:
    """Return a name as it is compared: one space between words, no case.

    :param text: a name or part of an address, maybe empty; accents and signs stay
    """
    normal = unicodedata.normalize("NFKC", clean(text) or "")
    return _SPACES.sub(" ", normal).strip().casefold()


@lru_cache(maxsize=REMEMBERED)
def words(text: str | None) -> tuple[str, ...]:
    """Return the words of a name: no accents, no punctuation, no case.

    :param text: maybe empty; dots join what they stand between: ``n.v.`` is ``nv``
    """
    bare = unicodedata.normalize("NFKD", plain(text).replace(".", ""))
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return tuple(_NOT_ALPHANUMERIC.sub(" ", bare).split())


def name_key(name: str | None, first_name: str | None = None) -> str:
    """Return what names of one party have in common, to search by: their words in
    alphabetical order, once each, without legal form.

    :param name: of a contact, or the name of a relation, maybe empty
    :param first_name: where it is kept apart from the name
    :return: with the legal form where there is nothing else; empty without a name
    """
    found = {*words(name), *words(first_name)}
    return " ".join(sorted(found - LEGAL_FORMS or found))


def joined_key(name: str | None, first_name: str | None = None) -> str:
    """Return what :func:`name_key` does, with ``van den`` and the like written as one
    with the word behind: ``Van den Berghe`` is ``Vandenberghe``.

    :param name: of a contact, or the name of a relation, maybe empty
    :param first_name: where it is kept apart from the name
    """
    found, before = set(), ""
    for word in (*words(first_name), *words(name)):
        if word in PARTICLES:
            before += word
        else:
            found.add(before + word)
            before = ""
    if before:
        found.add(before)
    return " ".join(sorted(found - LEGAL_FORMS or found))


class SameParty(Enum):
    """Whether two are the same party."""

    SAME = "same"
    UNSURE = "unsure"  # a person must say
    OTHER = "other"


@dataclass(frozen=True)
class Party:
    """What a contact and a relation are compared by.

    :param key: the record it stands for
    :param external_id: the contact's number, or the external number of the relation
    :param taken: the relation is already linked to another contact
    :param first_name: where it is kept apart from the name
    :param enterprise: Belgian enterprise number (KBO), ten digits, from elsewhere than
        the VAT number
    :param numbers: by which one side knows the other: of a contact its own number, as
        ``("external", 7)``, and that of Octopus, as ``("octopus", 12)``
    :param iban: without spaces
    :param company: it is none of the people who share their name with others
    """

    key: Any
    name: str = ""
    vat: VatNumber | None = None
    external_id: int | None = None
    zip: str = ""
    taken: bool = False
    first_name: str = ""
    enterprise: str | None = None
    numbers: frozenset[tuple[str, int]] = frozenset()
    street: str = ""
    email: str = ""
    iban: str = ""
    company: bool = False

    @property
    def enterprises(self) -> frozenset[str]:
        """Belgian enterprise numbers that it tells, in whatever field."""
        own = self.vat and self.vat.enterprise
        return frozenset(number for number in (own, self.enterprise) if number)

    @property
    def names(self) -> frozenset[str]:
        """Its name in each way that it may be written, without case."""
        name, first = plain(self.name), plain(self.first_name)
        if not name:
            return frozenset()
        if not first or first in name.split() or first == name:
            return frozenset({name})
        return frozenset({f"{first} {name}", f"{name} {first}"})

    def same_external(self, other: Party) -> bool:
        """Whether both have the same external number, which is no proof of identity
        (docs/octopus.md §10).

        :param other: without such a number it shares none
        """
        return bool(self.external_id) and self.external_id == other.external_id

    def same_name(self, other: Party) -> bool:
        """Whether the names are one, but for spaces, the order of name and first name,
        and the side on which a legal form is written.

        :param other: one without a name has none in common
        """
        if self.names & other.names:
            return True
        mine = {_form_last(name) for name in self.names}
        return bool(mine & {_form_last(name) for name in other.names})

    def like_name(self, other: Party) -> bool:
        """Whether the names have the same words, whatever the legal form.

        :param other: one without a name has none in common
        """
        key = name_key(self.name, self.first_name)
        return bool(key) and key == name_key(other.name, other.first_name)

    def same_number(self, other: Party) -> bool:
        """Whether VAT or enterprise number say that both are one.

        :param other: its VAT number counts when both tell of which country they are
        """
        if self.vat and self.vat.surely_same(other.vat):
            return True
        return bool(self.enterprises & other.enterprises)

    def like_number(self, other: Party) -> bool:
        """Whether the VAT numbers are one, where one may not tell its country.

        :param other: without a VAT number it is not alike
        """
        return bool(self.vat and self.vat.same(other.vat))

    def other_number(self, other: Party) -> bool:
        """Whether both have a number of the same sort, and not the same.

        :param other: compared by VAT number, else by Belgian enterprise number
        """
        if self.same_number(other) or self.like_number(other):
            return False
        if self.vat and other.vat:
            return True
        return bool(self.enterprises and other.enterprises)

    def other_place(self, other: Party) -> bool:
        """Whether both tell their postal code, and not the same.

        :param other: without a postal code it is at no other place
        """
        return bool(self.zip and other.zip) and plain(self.zip) != plain(other.zip)


def _form_last(name):
    """Return a name with its legal form behind, wherever it was; no accents."""
    found = words(name)
    for at in (0, -1):
        if len(found) > 1 and found[at] in LEGAL_FORMS:
            form = found[at]
            rest = found[1:] if at == 0 else found[:-1]
            return (*rest, form)
    return found


def same_party(us: Party, them: Party) -> SameParty:
    """Tell whether a contact and a relation are the same party.

    A number (VAT, enterprise) decides where both have one; numbers that contradict
    each other decide nothing. A name decides only where no number says otherwise; at
    another place it leaves a doubt, and so do names that differ in legal form,
    punctuation or order only.

    :param us: the contact
    :param them: the relation
    """
    if us.same_number(them):
        torn = us.vat and them.vat and not us.vat.same(them.vat)
        return SameParty.UNSURE if torn else SameParty.SAME
    if us.other_number(them):
        return SameParty.OTHER
    if us.like_number(them):
        return SameParty.SAME if us.same_name(them) else SameParty.UNSURE
    if us.same_name(them):
        return SameParty.UNSURE if us.other_place(them) else SameParty.SAME
    return SameParty.UNSURE if us.like_name(them) else SameParty.OTHER


@dataclass(frozen=True)
class Match:
    """Relations that can be the contact.

    :param origin: ``vat``, ``external`` or ``name``; ``None`` without a hit
    :param hits: keys of the relations; more than one means that a person must choose
    :param doubtful: one hit that only a person can be sure of
    """

    origin: str | None = None
    hits: tuple[Any, ...] = ()
    doubtful: bool = False

    @property
    def sure(self) -> bool:
        return len(self.hits) == 1 and not self.doubtful


def match(contact: Party, relations: Iterable[Party]) -> Match:
    """Find a contact among relations: number, external number, name.

    An external number counts only when the name agrees, because another program, or
    another database, may use the same numbers. A namesake that belongs to another
    contact is another person.

    :param relations: of one dossier
    :return: relations found by the first of the three that finds any
    """
    numbered, named, alike = [], [], []
    for relation in relations:
        verdict = same_party(contact, relation)
        if verdict is SameParty.OTHER:
            continue
        if contact.same_number(relation) or contact.like_number(relation):
            numbered.append((relation, verdict))
        elif not relation.taken:
            exact = contact.same_name(relation)
            (named if exact else alike).append((relation, verdict))
    if numbered:
        return _match("vat", numbered)
    external = [hit for hit in named if contact.same_external(hit[0])]
    if external:
        return Match("external", tuple(party.key for party, _verdict in external))
    return _match("name", named or alike)


def _match(origin, hits):
    if not hits:
        return Match()
    keys = tuple(party.key for party, _verdict in hits)
    doubtful = len(hits) == 1 and hits[0][1] is SameParty.UNSURE
    return Match(origin, keys, doubtful)


def external_taken(contact: Party, relations: Iterable[Party]) -> bool:
    """Whether the contact's number is already the external number of a relation.

    :param relations: those of the dossier that may have it (docs/octopus.md §10)
    """
    return any(contact.same_external(it) for it in relations)
