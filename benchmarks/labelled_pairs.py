"""400 labelled pairs of a contact and a relation, and the lists they stand in.

Made from how relations really are (docs/octopus.md §10): numbers that several share,
doubles, first names kept apart or twice, wrong VAT types, foreign numbers, no numbers,
external numbers of other software. Pure; the same seed gives the same pairs.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from .belgian_names import Draw, Facts, misspelled

# How many of each shape: 400 together.
COUNTS = {
    "plain": 70,
    "spelled": 40,
    "renamed": 15,
    "shared": 40,
    "shared_one_side": 30,
    "doubles": 30,
    "doubles_in_odoo": 10,
    "split": 30,
    "enterprise": 15,
    "foreign": 25,
    "same_digits": 15,
    "similar": 40,
    "no_number": 20,
    "namesakes": 10,
    "external": 5,
    "broken_number": 5,
}
FOREIGN = [
    ("NL", "NL{:09}B01"),
    ("FR", "FR23{:09}"),
    ("DE", "DE{:09}"),
    ("LU", "LU{:08}"),
]


@dataclass(frozen=True)
class Contact:
    """A contact as Odoo keeps it."""

    key: int
    facts: Facts
    company: bool = True
    country: str = "BE"
    registry: str = ""


@dataclass(frozen=True)
class Relation:
    """A relation as Octopus keeps it; see ``api.types.Relation``."""

    key: int
    facts: Facts
    country: str = "BE"
    vat_type: int = 1
    external_id: int = 0
    supplier: bool = False


@dataclass(frozen=True)
class Pair:
    """A contact and a relation, and whether they are the same party."""

    shape: str
    contact: int
    relation: int
    same: bool


@dataclass
class World:
    """Both lists, and the pairs that are labelled."""

    contacts: list[Contact] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)

    def contact(self, facts, **values) -> Contact:
        self.contacts.append(Contact(len(self.contacts) + 1, facts, **values))
        return self.contacts[-1]

    def relation(self, facts, **values) -> Relation:
        self.relations.append(Relation(len(self.relations) + 1, facts, **values))
        return self.relations[-1]

    def label(self, shape, contact, relation, same=True):
        self.pairs.append(Pair(shape, contact.key, relation.key, same))

    @property
    def right(self) -> set[tuple[int, int]]:
        """The pairs that are the same party."""
        return {(it.contact, it.relation) for it in self.pairs if it.same}


def labelled(seed: int = 2026) -> World:
    """Return the 400 pairs; nothing else is in their lists.

    :param seed: of what is drawn
    """
    world, draw = World(), Draw(random.Random(seed))
    for shape, count in COUNTS.items():
        while _count(world, shape) < count:
            SHAPES[shape](world, draw)
    return world


def fill(world: World, contacts: int, relations: int, seed: int = 5000):
    """Add parties until the lists are so long; two thirds stand on both sides. They
    are labelled too, under the shape ``filler``.

    :param contacts: the number of contacts afterwards
    :param relations: the number of relations afterwards
    """
    draw = Draw(random.Random(seed))
    draw.number = 100_000
    while len(world.contacts) < contacts or len(world.relations) < relations:
        person = draw.random.random() < 0.25
        facts = draw.person() if person else draw.company()
        if draw.random.random() < 0.67:
            contact = world.contact(_ours(facts), company=not person)
            there = _theirs(facts) if person else facts
            world.label("filler", contact, world.relation(there))
        elif len(world.contacts) < contacts and draw.random.random() < 0.5:
            world.contact(_ours(facts), company=not person)
        elif len(world.relations) < relations:
            world.relation(facts)


def _count(world, shape):
    return sum(pair.shape == shape for pair in world.pairs)


def _ours(facts):
    """As Odoo keeps it: the whole name in one field."""
    return replace(facts, name=facts.whole_name, first_name="")


def _theirs(facts):
    """As Octopus keeps it, who knows less of it."""
    return replace(facts, email="", iban="")


def _dotted(vat):
    return f"{vat[:2]} {vat[2:6]}.{vat[6:9]}.{vat[9:]}"


# One maker a shape: it adds one or more labelled pairs.


def _plain(world, draw):
    facts = draw.company()
    vat = _dotted(facts.vat)
    there = replace(_theirs(facts), vat=vat)
    world.label("plain", world.contact(facts), world.relation(there))


def _spelled(world, draw):
    facts = draw.company()
    there = replace(_theirs(facts), name=misspelled(facts.name, draw.random).upper())
    there = replace(there, vat=facts.vat.removeprefix("BE0"))
    world.label("spelled", world.contact(facts), world.relation(there))


def _renamed(world, draw):
    facts = draw.company()
    there = replace(_theirs(facts), name=draw.company().name)
    world.label("renamed", world.contact(facts), world.relation(there))


def _shared(world, draw):
    """Two of a VAT unit: both on both sides, each its own."""
    one = draw.company()
    other = draw.company(vat=one.vat)
    mine = [world.contact(one), world.contact(other)]
    theirs = [world.relation(_theirs(one)), world.relation(_theirs(other))]
    for number, contact in enumerate(mine):
        for place, relation in enumerate(theirs):
            world.label("shared", contact, relation, number == place)


def _shared_one_side(world, draw):
    """Of two that share a number, Odoo has one and Octopus the other."""
    one = draw.company()
    other = draw.company(vat=one.vat)
    relation = world.relation(_theirs(other))
    world.label("shared_one_side", world.contact(one), relation, False)


def _doubles(world, draw):
    """Entered twice in Octopus, as a customer and as a supplier."""
    facts = draw.company()
    contact = world.contact(facts)
    again = replace(_theirs(facts), name=misspelled(facts.name, draw.random))
    for there in (_theirs(facts), again):
        supplier = there is again
        world.label("doubles", contact, world.relation(there, supplier=supplier))


def _doubles_in_odoo(world, draw):
    facts = draw.company()
    relation = world.relation(_theirs(facts))
    again = replace(facts, name=misspelled(facts.name, draw.random))
    for ours in (facts, again):
        world.label("doubles_in_odoo", world.contact(ours), relation)


def _split(world, draw):
    """A person whose first name is kept apart, is repeated, or stands behind."""
    facts = draw.person()
    contact = world.contact(_ours(facts), company=False)
    there = _theirs(facts)
    there = draw.random.choice(
        [
            there,
            replace(there, name=facts.whole_name),
            replace(there, name=f"{facts.name} {facts.first_name}", first_name=""),
        ]
    )
    # Typed as a Belgian VAT payer, though there is no number.
    world.label("split", contact, world.relation(there, vat_type=1))


def _enterprise(world, draw):
    """The number is in the company's registration here, and in no VAT field."""
    facts = draw.company()
    contact = world.contact(replace(facts, vat=""), registry=facts.vat[2:])
    there = replace(_theirs(facts), name=misspelled(facts.name, draw.random))
    world.label("enterprise", contact, world.relation(there))


def _foreign(world, draw):
    """A number of abroad, that Octopus keeps with or without its country, and types
    as Belgian."""
    country, pattern = draw.random.choice(FOREIGN)
    facts = draw.company(vat=pattern.format(10_000_000 + draw.number * 31), zip="10115")
    there = _theirs(facts)
    if draw.random.random() < 0.5:
        there = replace(there, vat=facts.vat[2:])
    relation = world.relation(there, country=country, vat_type=1)
    world.label("foreign", world.contact(facts, country=country), relation)


def _same_digits(world, draw):
    """The same digits in two countries are two parties."""
    facts = draw.company()
    other = draw.company(vat="NL" + facts.vat[3:] + "B01", zip="1012")
    relation = world.relation(_theirs(other), country="NL")
    world.label("same_digits", world.contact(facts), relation, False)


def _similar(world, draw):
    """No number on one side at least, and another spelling."""
    facts = draw.company()
    there = replace(_theirs(facts), name=misspelled(facts.name, draw.random), vat="")
    if draw.random.random() < 0.3:
        there = replace(there, street="", zip="", city="")
    vat_type = draw.random.choice([0, 1])
    world.label(
        "similar", world.contact(facts), world.relation(there, vat_type=vat_type)
    )


def _no_number(world, draw):
    """The same name at the same place, and no number anywhere."""
    facts = replace(draw.company(), vat="")
    country = draw.random.choice(["BE", ""])
    relation = world.relation(_theirs(facts), country=country, vat_type=10)
    world.label("no_number", world.contact(facts), relation)


def _namesakes(world, draw):
    """Two people with one name, in two towns, or in two streets of one."""
    facts = draw.person()
    there = draw.person(name=facts.name, first_name=facts.first_name)
    if draw.random.random() < 0.5:
        there = replace(there, zip=facts.zip, city=facts.city)
    contact = world.contact(_ours(facts), company=False)
    relation = world.relation(_theirs(there), vat_type=7)
    world.label("namesakes", contact, relation, False)


def _external(world, draw):
    """Other software gave the relation the number that a contact has here."""
    contact = world.contact(draw.company())
    relation = world.relation(_theirs(draw.company()), external_id=contact.key)
    world.label("external", contact, relation, False)


def _broken_number(world, draw):
    """The VAT field holds an IBAN, or nothing but a country."""
    facts = draw.company()
    vat = draw.random.choice([facts.iban, "BE", "/"])
    there = replace(_theirs(facts), vat=vat)
    world.label("broken_number", world.contact(facts), world.relation(there))


SHAPES = {
    "plain": _plain,
    "spelled": _spelled,
    "renamed": _renamed,
    "shared": _shared,
    "shared_one_side": _shared_one_side,
    "doubles": _doubles,
    "doubles_in_odoo": _doubles_in_odoo,
    "split": _split,
    "enterprise": _enterprise,
    "foreign": _foreign,
    "same_digits": _same_digits,
    "similar": _similar,
    "no_number": _no_number,
    "namesakes": _namesakes,
    "external": _external,
    "broken_number": _broken_number,
}
