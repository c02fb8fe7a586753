"""No document goes to a relation of another party, whoever is who (X.53-X.60).

Parties are drawn with what tells them apart in truth: a VAT number or, without one,
the words of a name. Contacts and relations are two records of parties, each as its own
program keeps them, and one of them may change afterwards.
"""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from octopus_connector.core.find_relation import (
    Party,
    SameParty,
    VatNumber,
    match,
    name_key,
    same_party,
)

BODIES = ["0477472701", "0895747092", "0246697724"]
NUMBERS = [
    *(("BE", body) for body in BODIES),
    ("ES", "A58818501"),
    ("ES", "B58818501"),
    ("NL", "123456782B01"),
    ("NL", "123456782B02"),
    ("DE", "477472701"),
]
FIRST, LAST = ["Jan", "An", "Élise"], ["Peeters", "De Linde", "Maes"]
FORMS = ["", "BV", "NV", "vzw"]


@st.composite
def parties(draw):
    """One true party: ``(number, first name, name, legal form)``."""
    number = draw(st.sampled_from([None, *NUMBERS]))
    form = draw(st.sampled_from(FORMS))
    first = "" if form else draw(st.sampled_from(["", *FIRST]))
    return number, first, draw(st.sampled_from(LAST)), form


@st.composite
def records(draw, truth, key, apart):
    """A record of a party, with the freedom that people take."""
    number, first, name, form = truth
    vat = enterprise = None
    if number and draw(st.booleans()):
        prefix, body = number
        text = draw(st.sampled_from([prefix + body, f"{prefix} {body}"]))
        if prefix == "BE":
            dotted = f"BE{body[:4]}.{body[4:7]}.{body[7:]}"
            text = draw(st.sampled_from([text, dotted, f"BTW {text}"]))
        vat = VatNumber.of(text, draw(st.sampled_from([None, "BE", "FR"])))
    elif number and number[0] == "BE" and draw(st.booleans()):
        enterprise = number[1]
    spaced = draw(st.sampled_from([" ", "  "]))
    whole = spaced.join(filter(None, draw(st.permutations([name, form]))))
    if first and not (apart and draw(st.booleans())):
        whole, first = f"{first} {whole}", ""
    whole = draw(st.sampled_from([whole, whole.upper()]))
    return Party(key, whole, vat, first_name=first, enterprise=enterprise)


def is_known_apart(us, them):
    """Whether anything in two records tells their parties apart: namesakes without a
    number cannot be."""
    if us.other_number(them):
        return True
    return name_key(us.name, us.first_name) != name_key(them.name, them.first_name)


@given(st.data())
def test_x60_a_sure_hit_is_never_another_party(data):
    truths = data.draw(st.lists(parties(), min_size=1, max_size=5, unique=True))
    relations = [
        data.draw(records(truth, number, apart=True))
        for number, truth in enumerate(truths)
    ]
    number = data.draw(st.integers(0, len(truths) - 1))
    contact = data.draw(records(truths[number], "us", apart=False))
    found = match(contact, relations)
    for hit in found.hits if found.sure else ():
        other = relations[hit]
        if truths[hit] == truths[number]:
            continue
        # Two companies may share a number, as 11 % do: then both are hits. Alone, a hit
        # on another party needs records that say nothing to the contrary.
        same_number = truths[hit][0] == truths[number][0] is not None
        assert same_number or not is_known_apart(contact, other)


@given(st.data())
def test_x55_a_link_never_outlives_another_number(data):
    truth, other = data.draw(parties()), data.draw(parties())
    assume(truth[0] and other[0] and truth[0] != other[0])
    relation = data.draw(records(truth, 1, apart=True))
    contact = data.draw(records(other, "us", apart=False))
    contact = replace(contact, vat=VatNumber.of("".join(other[0])))
    if relation.vat:
        assert same_party(contact, relation) is not SameParty.SAME


@given(st.data())
def test_x60_the_answer_is_the_same_from_both_sides(data):
    one = data.draw(records(data.draw(parties()), 1, apart=True))
    two = data.draw(records(data.draw(parties()), 2, apart=True))
    assert same_party(one, two) is same_party(two, one)


@given(st.data())
def test_x60_who_is_kept_as_it_is_is_found(data):
    truth = data.draw(parties())
    record = data.draw(records(truth, 1, apart=True))
    assert match(replace(record, key="us"), [record]).hits == (1,)
    assert same_party(record, replace(record, key="us")) is not SameParty.OTHER
