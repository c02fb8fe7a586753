"""What a person may accept of whole lists at once (E.8, E.9, X.16, X.17, Z.8)."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.labelled_pairs import COUNTS, labelled
from octopus_connector.core.find_relation import (
    Party,
    VatNumber,
    enterprise_number,
    joined_key,
    name_key,
)
from octopus_connector.core.propose_relations import (
    ALIKE,
    CRITERIA,
    DOUBTFUL,
    EMAIL,
    ENTERPRISE,
    IBAN,
    MATCHED,
    NAME,
    NOTHING,
    NUMBER,
    SIMILAR,
    VAT,
    evidence,
    resolve,
    weigh,
)

from ..trigrams import alike

ACME, OTHER = "BE0477472701", "BE0895747092"


def similar_names(contacts, relations):
    """What the database tells: ``prepare.similar_names``."""
    found = {}
    for us, them in product(contacts, relations):
        names = (us.name, us.first_name), (them.name, them.first_name)
        value = alike(*names, name_key, joined_key)
        if value >= ALIKE:
            found[us.key, them.key] = value
    return found


def party(key, name, vat="", place="9000", **values):
    values.setdefault("company", True)
    return Party(key, name, VatNumber.of(vat, "BE"), zip=place, **values)


def parties_of(world):
    contacts = [
        party(
            it.key,
            it.facts.name,
            place=it.facts.zip,
            street=it.facts.street,
            email=it.facts.email,
            iban=it.facts.iban,
            company=it.company,
            enterprise=enterprise_number(it.registry),
            numbers=frozenset({("external", it.key)}),
        )
        for it in world.contacts
    ]
    relations = [
        party(
            it.key,
            it.facts.name,
            place=it.facts.zip,
            first_name=it.facts.first_name,
            street=it.facts.street,
            numbers=frozenset({("external", it.external_id)} - {("external", 0)}),
        )
        for it in world.relations
    ]
    for parties, records in (
        (contacts, world.contacts),
        (relations, world.relations),
    ):
        for at, record in enumerate(records):
            vat = VatNumber.of(record.facts.vat, record.country)
            known = {**vars(parties[at]), "vat": vat if vat and vat.plausible else None}
            parties[at] = Party(**known)
    return contacts, relations


def places(contacts, relations, criteria=CRITERIA):
    similar = similar_names(contacts, relations)
    return resolve(evidence(contacts, relations, similar), criteria)


def test_z8_of_400_labelled_pairs_none_is_matched_wrongly_and_nearly_all_are_found():
    assert sum(COUNTS.values()) == 400
    for seed in (2026, 2027, 2028):
        world = labelled(seed)
        assert len(world.pairs) == 400
        found = places(*parties_of(world))
        wrong = {pair for pair, place in found.items() if place == MATCHED}
        assert not wrong - world.right
        proposed = {pair for pair, place in found.items() if place != NOTHING}
        assert len(world.right & proposed) >= 0.95 * len(world.right)
        # Without a person's help as well: it is no use if all is doubtful.
        assert len(wrong & world.right) >= 0.5 * len(world.right)


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"vat": ACME}, (VAT, NAME)),
        ({"vat": ""}, (NAME,)),
        ({"name": "Bakkerij De Moolen"}, (VAT, SIMILAR)),
        ({"vat": "", "enterprise": "0477472701"}, (ENTERPRISE, NAME)),
        ({"vat": "", "numbers": frozenset({("octopus", 7)})}, (NUMBER, NAME)),
        ({"vat": "", "iban": "BE1"}, (NAME, IBAN)),
        ({"vat": "", "email": "INFO@acme.be"}, (NAME, EMAIL)),
        ({"vat": OTHER}, ()),
        ({"name": "Slager", "vat": "", "numbers": frozenset({("octopus", 7)})}, ()),
    ],
)
def test_z8_what_speaks_for_a_pair_is_told(values, reasons):
    us = party(
        1,
        "Bakkerij De Molen",
        ACME,
        iban="BE1",
        email="info@acme.be",
        numbers=frozenset({("octopus", 7)}),
    )
    them = party(2, **{"name": "Bakkerij De Molen", "vat": ACME, **values})
    value = similar_names([us], [them]).get((1, 2), 0.0)
    assert weigh(us, them, value).reasons == reasons


def test_x16_doubles_are_never_accepted_together():
    contact = party(1, "Acme NV", ACME)
    doubles = [party(2, "Acme NV", ACME), party(3, "Acme", ACME)]
    assert set(places([contact], doubles).values()) == {DOUBTFUL}


def test_x16_a_shared_number_with_nothing_alike_in_the_names_is_doubtful():
    found = places([party(1, "Hotel Zeezicht", ACME)], [party(2, "Acme NV", ACME)])
    assert found == {(1, 2): DOUBTFUL}


def test_x16_namesakes_in_two_streets_are_doubtful():
    one = party(1, "Jan Peeters", company=False, street="Kerkstraat 1")
    other = party(2, "Jan Peeters", company=False, street="Markt 12")
    assert places([one], [other]) == {(1, 2): DOUBTFUL}
    same = party(2, "Jan Peeters", company=False, street="Kerkstraat, 1")
    assert places([one], [same]) == {(1, 2): MATCHED}


def test_e9_a_criterion_that_is_off_speaks_for_nothing():
    contacts = [party(1, "Acme NV", ACME), party(2, "Zee", OTHER, place="")]
    relations = [party(1, "Acme NV", ACME), party(2, "Zee", OTHER, place="")]
    assert set(places(contacts, relations).values()) == {MATCHED}
    without = places(contacts, relations, {NAME})
    # By the name alone, at one place and at an unknown one.
    assert without == {(1, 1): MATCHED, (2, 2): DOUBTFUL}
    assert set(places(contacts, relations, {IBAN}).values()) == {NOTHING}


def test_x17_similar_names_are_weighed_by_place():
    us = party(1, "Van den Berghe Bouw")
    assert weigh(us, party(2, "Vandenberghe Bouw"), 0.55).reasons == (SIMILAR,)
    assert weigh(us, party(2, "Vandenberghe Bouw", place="1000"), 0.9).reasons == ()
    assert weigh(us, party(2, "Vandenberghe Bouw", place=""), 0.55).reasons == ()
    assert weigh(us, party(2, "Vandenberghe Bouw", place=""), 0.65).reasons == (
        SIMILAR,
    )


def test_z8_what_many_share_tells_nobody_apart_and_costs_nothing():
    office = "info@kantoor.be"
    contacts = [party(key, f"A{key}", email=office) for key in range(2000)]
    relations = [party(key, f"B{key}", email=office) for key in range(2000)]
    assert evidence(contacts, relations, {}) == []
    contacts = [party(key, "Jan", place=str(key), company=False) for key in range(300)]
    relations = [party(key, "Jan", place=str(key), company=False) for key in range(300)]
    assert len(evidence(contacts, relations, {})) == 300


NAMES = ["Acme", "Acme NV", "Bakkerij Maes", "Maes", "Jan Maes", "Zee & Zon"]


@st.composite
def lists(draw, count=6):
    return [
        party(
            key,
            draw(st.sampled_from(NAMES)),
            draw(st.sampled_from(["", "", ACME, OTHER, "NL123456782B01"])),
            draw(st.sampled_from(["", "9000", "1000"])),
            email=draw(st.sampled_from(["", "a@b.be", "c@d.be"])),
            street=draw(st.sampled_from(["", "Markt 1", "Markt 2"])),
            company=draw(st.booleans()),
        )
        for key in range(draw(st.integers(0, count)))
    ]


@given(lists(), lists(), st.sets(st.sampled_from(CRITERIA)))
def test_z8_nobody_is_matched_twice_or_against_a_number(contacts, relations, criteria):
    found = places(contacts, relations, criteria)
    matched = [pair for pair, place in found.items() if place == MATCHED]
    for side in (0, 1):
        assert len({pair[side] for pair in matched}) == len(matched)
    for one, other in matched:
        assert not contacts[one].other_number(relations[other])


@given(lists(), lists(), st.randoms(use_true_random=False))
def test_z8_the_order_of_the_lists_changes_nothing(contacts, relations, order):
    found = places(contacts, relations)
    order.shuffle(contacts)
    order.shuffle(relations)
    assert places(contacts, relations) == found


@given(lists(), lists())
def test_z8_who_shares_something_is_found_as_if_all_were_compared(contacts, relations):
    similar = similar_names(contacts, relations)
    found = {(it.contact, it.relation) for it in evidence(contacts, relations, similar)}
    every = {
        (us.key, them.key)
        for us, them in product(contacts, relations)
        if weigh(us, them, similar.get((us.key, them.key), 0.0)).reasons
    }
    # What every second one has in common is no evidence by itself.
    assert found <= every
    assert {
        (one, other)
        for one, other in every
        if set(weigh(contacts[one], relations[other]).reasons) & {VAT, NAME}
    } <= found


def test_z8_the_score_follows_what_is_known():
    us = party(1, "Acme NV", ACME)
    best = weigh(us, party(2, "Acme NV", ACME)).score()
    number = weigh(us, party(2, "Zee", ACME)).score()
    name = weigh(us, party(2, "Acme NV")).score()
    alike = weigh(us, party(2, "Acmee NV"), 0.6).score()
    assert 100 >= best > number > alike > 0
    assert best > name > alike


def test_z8_the_pairs_are_the_same_for_one_seed():
    assert labelled(7).pairs == labelled(7).pairs


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Van den Berghe Bouw NV", "bouw vandenberghe"),
        ("Bouw Vandenberghe", "bouw vandenberghe"),
        ("De Smet", "desmet"),
        ("D'Hondt", "dhondt"),
        ("Van de", "vande"),
        ("", ""),
    ],
)
def test_x17_what_stands_before_a_name_is_part_of_it(name, key):
    assert joined_key(name) == key
