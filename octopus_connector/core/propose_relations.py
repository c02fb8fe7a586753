"""Which contacts and relations of two whole lists are the same party, and how sure
that is.

:func:`~.find_relation.same_party` decides who is who; here is told what speaks for a
pair, and what a person may accept together with thousands of others. Candidates are
found by what they share, so nothing is compared with everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .find_relation import LEGAL_FORMS, Party, name_key, plain, words

# What can speak for a pair, the strongest first.
VAT = "vat"
ENTERPRISE = "enterprise"
NUMBER = "number"
NAME = "name"
SIMILAR = "similar"
IBAN = "iban"
EMAIL = "email"
CRITERIA = (VAT, ENTERPRISE, NUMBER, NAME, SIMILAR, IBAN, EMAIL)
# How much each convinces, in percent; of several, what is left over is convinced again.
WEIGHTS = {VAT: 90, ENTERPRISE: 90, NUMBER: 60, NAME: 75, IBAN: 65, EMAIL: 45}
SAME_PLACE = 25
STRONG = frozenset((VAT, ENTERPRISE, NAME))

# What a person must look at.
UNLIKE_NAMES = "unlike_names"  # the same number, and nothing alike in the names
TORN_NUMBERS = "torn_numbers"  # one number is the same, another is not
NO_COUNTRY = "no_country"  # a VAT number that does not tell its country
OTHER_PLACE = "other_place"  # the same name at another postal code
OTHER_ADDRESS = "other_address"  # a namesake with another street or e-mail address
ONLY_NAME = "only_name"  # a name, and nothing else that says the same

# Names are alike from here on (trigrams that they share, as pg_trgm counts them): in
# the same postal code, and where one has none. See docs/architecture.md.
ALIKE = 0.5
ALIKE_ANYWHERE = 0.6
# More than so many parties on both sides with one value: it tells nobody apart.
MOST_OF_ONE_KEY = 400
MOST_OF_ONE_ADDRESS = 9

# Where a pair stands.
MATCHED = "matched"
DOUBTFUL = "doubtful"
NOTHING = "nothing"


@dataclass(frozen=True)
class Evidence:
    """What speaks for one contact being one relation.

    :param contact: key of the contact
    :param relation: key of the relation
    :param reasons: of :data:`CRITERIA`, the strongest first
    :param doubts: why a person must look at it
    :param similarity: of the names, 0 to 1; 0 when they are not alike
    :param same_place: both tell the same postal code
    """

    contact: int
    relation: int
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    similarity: float = 0.0
    same_place: bool = False

    def counting(self, criteria: Collection[str]) -> tuple[str, ...]:
        """Return the reasons that count.

        :param criteria: those that are switched on
        """
        return tuple(reason for reason in self.reasons if reason in criteria)

    def score(self, criteria: Collection[str] = CRITERIA) -> int:
        """Return how convincing it is, in percent.

        :param criteria: those that are switched on
        """
        unsure = 1.0
        for reason in self.counting(criteria):
            weight = WEIGHTS.get(reason) or 100 * self.similarity * 0.8
            unsure *= 1 - weight / 100
        if unsure == 1.0:
            return 0
        if self.same_place:
            unsure *= 1 - SAME_PLACE / 100
        return round(100 * (1 - unsure)) - 15 * bool(self.doubts)


def evidence(
    contacts: Iterable[Party],
    relations: Iterable[Party],
    similar: Mapping[tuple, float],
) -> list[Evidence]:
    """Return what speaks for each pair for which anything does.

    :param contacts: of one dossier
    :param relations: of the same dossier
    :param similar: similarity of the names of pairs, ``{(contact, relation): 0 to 1}``,
        at least of those from :data:`ALIKE` on
    """
    us = {party.key: party for party in contacts}
    them = {party.key: party for party in relations}
    pairs = set(_sharing(us.values(), them.values()))
    pairs |= {pair for pair in similar if pair[0] in us and pair[1] in them}
    found = (
        weigh(us[one], them[other], similar.get((one, other), 0.0))
        for one, other in sorted(pairs)
    )
    return [it for it in found if it.reasons]


def _sharing(contacts, relations):
    """Yield the keys of pairs that share a value by which one is known."""
    for values, most in (
        (_numbers, MOST_OF_ONE_KEY),
        (_names, MOST_OF_ONE_KEY),
        (_addresses, MOST_OF_ONE_ADDRESS),
    ):
        left, right = _index(contacts, values), _index(relations, values)
        for value in left.keys() & right.keys():
            mine, theirs = left[value], right[value]
            if len(mine) * len(theirs) <= most:
                yield from ((one.key, other.key) for one in mine for other in theirs)
            elif most == MOST_OF_ONE_KEY:
                yield from _same_place(mine, theirs)


def _same_place(contacts, relations):
    """Yield those of many that have name and postal code in common."""
    left, right = _index(contacts, _place), _index(relations, _place)
    for value in left.keys() & right.keys():
        mine, theirs = left[value], right[value]
        if len(mine) * len(theirs) <= MOST_OF_ONE_KEY:
            yield from ((one.key, other.key) for one in mine for other in theirs)


def _index(parties, values):
    found = defaultdict(list)
    for party in parties:
        for value in values(party):
            found[value].append(party)
    return found


def _numbers(party):
    """What a party is numbered by; external numbers have a space of their own."""
    numbers = {*party.enterprises, *([party.vat.digits] if party.vat else ())}
    yield from (("number", number) for number in numbers)
    yield from (("external", number) for number in party.numbers)


def _names(party):
    key = name_key(party.name, party.first_name)
    if key:
        yield key


def _addresses(party):
    if party.email:
        yield "email", party.email.casefold()
    if party.iban:
        yield "iban", party.iban


def _place(party):
    if party.zip:
        yield name_key(party.name, party.first_name), plain(party.zip)


def weigh(us: Party, them: Party, similarity: float = 0.0) -> Evidence:
    """Return what speaks for two being one party.

    :param us: the contact
    :param them: the relation
    :param similarity: of their names
    :return: without reasons when nothing does, or their numbers say that they are two
    """
    if us.other_number(them):
        return Evidence(us.key, them.key, ())
    if us.like_name(them):
        similarity = 1.0
    reasons = tuple(_reasons(us, them, similarity))
    place = bool(us.zip and them.zip) and not us.other_place(them)
    doubts = tuple(_doubts(us, them, reasons, similarity)) if reasons else ()
    return Evidence(us.key, them.key, reasons, doubts, similarity, place)


def _reasons(us, them, similarity):
    named = us.same_name(them)
    alike = named or similarity >= ALIKE
    if us.vat and us.vat.same(them.vat):
        yield VAT
    elif us.enterprises & them.enterprises:
        yield ENTERPRISE
    # Another program may use the same numbers: alone it says nothing.
    if alike and us.numbers & them.numbers:
        yield NUMBER
    if named:
        yield NAME
    elif _similar(us, them, similarity):
        yield SIMILAR
    if us.iban and us.iban == them.iban:
        yield IBAN
    if us.email and us.email.casefold() == (them.email or "").casefold():
        yield EMAIL


def _similar(us, them, similarity):
    if us.zip and them.zip and us.other_place(them):
        return similarity == 1.0
    return similarity >= (ALIKE if us.zip and them.zip else ALIKE_ANYWHERE)


def _doubts(us, them, reasons, similarity):
    numbered = VAT in reasons or ENTERPRISE in reasons
    if numbered:
        if us.vat and them.vat and not us.vat.same(them.vat):
            yield TORN_NUMBERS
        if VAT in reasons and not us.same_number(them) and NAME not in reasons:
            yield NO_COUNTRY
        related = NAME in reasons or similarity >= ALIKE
        if not related and not _contained(us, them):
            yield UNLIKE_NAMES
        return
    if us.other_place(them):
        yield OTHER_PLACE
    told = _agreements(us, them)
    if False in told:
        yield OTHER_ADDRESS
    # A company's name is its own; many people share theirs.
    own = us.company and them.company and bool(us.zip) and us.zip == them.zip
    if NAME not in reasons or not (own or True in told or NUMBER in reasons):
        yield ONLY_NAME


def _agreements(us, them):
    """Whether street, e-mail address and bank account agree, of those that both tell;
    a bank account that differs says nothing, as one may have several."""
    told = []
    if us.street and them.street:
        told.append(words(us.street) == words(them.street))
    if us.email and them.email:
        told.append(us.email.casefold() == them.email.casefold())
    if us.iban and us.iban == them.iban:
        told.append(True)
    return told


def _contained(us, them):
    """Whether all words of one name stand in the other."""
    mine = {*words(us.name), *words(us.first_name)} - LEGAL_FORMS
    theirs = {*words(them.name), *words(them.first_name)} - LEGAL_FORMS
    fewer = min(mine, theirs, key=len)
    return bool(fewer) and fewer <= mine and fewer <= theirs


def resolve(
    pairs: Iterable[Evidence], criteria: Collection[str] = CRITERIA
) -> dict[tuple, str]:
    """Tell which pairs a person can accept together, and which one by one.

    A pair is matched when nothing about it is doubtful and no other pair with its
    contact or its relation is as strong. What it leaves over is nothing.

    :param pairs: of one dossier; those that a person decided on are not among them
    :param criteria: those that are switched on
    :return: ``{(contact, relation): MATCHED, DOUBTFUL or NOTHING}``
    """
    live, strong = {}, defaultdict(int)
    places = {}
    for pair in pairs:
        places[pair.contact, pair.relation] = NOTHING
        counting = pair.counting(criteria)
        if counting:
            live[pair.contact, pair.relation] = pair
            if STRONG.intersection(counting):
                strong["us", pair.contact] += 1
                strong["them", pair.relation] += 1
    taken = set()
    for key, pair in live.items():
        alone = strong["us", pair.contact] == strong["them", pair.relation] == 1
        convinced = STRONG.intersection(pair.counting(criteria))
        if convinced and alone and not _doubtful(pair, criteria):
            places[key] = MATCHED
            taken |= {("us", pair.contact), ("them", pair.relation)}
    for key, pair in live.items():
        if places[key] != MATCHED:
            free = taken.isdisjoint({("us", pair.contact), ("them", pair.relation)})
            places[key] = DOUBTFUL if free else NOTHING
    return places


def _doubtful(pair, criteria):
    """Whether a person must look at a pair, by the criteria that count.

    Without its number, what is left is a name: that must hold by itself.
    """
    if pair.doubts:
        return True
    off = {VAT, ENTERPRISE}.intersection(pair.reasons) and not {
        VAT,
        ENTERPRISE,
    }.intersection(pair.counting(criteria))
    return bool(off) and not pair.same_place
