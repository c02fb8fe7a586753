"""Which relation is a contact (X.14-X.16), without Odoo."""

import pytest

from octopus_connector.core.find_relation import (
    Party,
    SameParty,
    VatNumber,
    enterprise_number,
    external_taken,
    match,
    name_key,
    same_party,
)

VAT = "BE0477472701"
OTHER_VAT = "BE0895747092"


def party(key, name="", vat="", external=None, place="", taken=False):
    return Party(key, name, VatNumber.of(vat), external, place, taken)


@pytest.mark.parametrize(
    ("text", "country", "spelled"),
    [
        ("BE0477472701", "BE", "BE0477.472.701"),
        ("BE 0477.472.701", None, "BE0477.472.701"),
        ("477472701", "BE", "BE0477.472.701"),
        ("0477 472 701", "BE", "BE0477.472.701"),
        ("NL163392705B01", "NL", "NL163392705B01"),
        ("163392705B01", "NL", "NL163392705B01"),
        ("FR 23 334 175 221", "FR", "FR23334175221"),
    ],
)
def test_x15_a_vat_number_is_spelled_as_octopus_wants_it(text, country, spelled):
    assert VatNumber.of(text, country).spelled == spelled


@pytest.mark.parametrize("text", ["", None, "/", "BE", "NA", "0000"])
def test_x15_no_number_is_no_number(text):
    assert VatNumber.of(text, "BE") is None


def test_x16_the_same_number_in_two_spellings_is_one():
    octopus = VatNumber.of("NL1633.92.705 B01")
    assert VatNumber.of("NL163392705B01").same(octopus)
    assert VatNumber.of("BE0477.472.701").same(VatNumber.of("477472701", "BE"))
    assert VatNumber.of("0477472701").same(VatNumber.of(VAT))
    assert not VatNumber.of("NL0477472701").same(VatNumber.of(VAT))
    assert VatNumber.of("GR123456789").same(VatNumber.of("EL123456789"))


def test_x16_the_vat_number_comes_first():
    contact = party("us", "Zee BV", VAT, external=7)
    relations = [
        party(1, "Zee BV", external=7),
        party(2, "Something else", VAT),
        party(3, "Zee BV"),
    ]
    found = match(contact, relations)
    assert (found.origin, found.hits, found.sure) == ("vat", (2,), True)


def test_x16_then_the_external_number_when_the_name_agrees():
    contact = party("us", "Zee BV", external=7)
    relations = [party(1, "ZEE  bv", external=7), party(3, "Zee BV")]
    found = match(contact, relations)
    assert (found.origin, found.hits, found.sure) == ("external", (1,), True)


def test_x16_an_external_number_of_somebody_else_is_not_ours():
    contact = party("us", "Zee BV", VAT, external=7)
    relations = [party(1, "Lucht NV", external=7), party(2, "Zee BV", OTHER_VAT, 7)]
    assert match(contact, relations).hits == ()
    assert external_taken(contact, relations)
    assert not external_taken(contact, [party(1, external=8)])


def test_x16_then_the_exact_name():
    contact = party("us", "Zee BV", VAT)
    found = match(contact, [party(1, "zee bv"), party(2, "Zee BV Oostende")])
    assert (found.origin, found.hits, found.sure) == ("name", (1,), True)


@pytest.mark.parametrize("vat", [VAT, ""])
def test_x16_more_than_one_hit_is_never_sure(vat):
    contact = party("us", "Zee BV", vat)
    found = match(contact, [party(1, "Zee BV", vat), party(2, "Zee BV", vat)])
    assert (found.hits, found.sure) == ((1, 2), False)


def test_x16_a_namesake_at_another_place_is_asked_about():
    contact = party("us", "Jan Jansens", place="8400")
    found = match(contact, [party(1, "Jan Jansens", place="1000")])
    assert (found.hits, found.sure) == ((1,), False)


def test_x16_a_namesake_of_another_contact_is_another_person():
    contact = party("us", "Jan Jansens")
    assert match(contact, [party(1, "Jan Jansens", taken=True)]).hits == ()


def test_x16_without_name_and_number_nothing_is_found():
    assert match(party("us"), [party(1), party(2, "Zee BV", VAT)]).hits == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ESA58818501", "ESB58818501", False),
        ("NL123456782B01", "NL123456782B02", False),
        ("FRK7399859412", "FRX7399859412", False),
        ("IE6433435F", "IE6433435OA", False),
        ("ATU12345678", "AT12345678", False),
        ("ES A-58818501", "ESA58818501", True),
        ("CHE-123.456.788 MWST", "CHE123456788 TVA", True),
        ("NO 123456785 MVA", "NO123456785", True),
        ("BTW BE 0477.472.701", "BE0477472701", True),
        ("TVA: BE 477.472.701", "BE0477472701", True),
        ("EL123456789", "GR123456789", True),
        ("DE123456789", "LU123456789", False),
    ],
)
def test_x54_letters_count_as_much_as_digits(one, other, same):
    assert VatNumber.of(one).same(VatNumber.of(other)) is same


@pytest.mark.parametrize(
    ("text", "country", "found", "body"),
    [
        ("BE0477472701", "NL", "BE", "0477472701"),
        ("XK399859412", "FR", "FR", "XK399859412"),
        ("B58818501", "ES", "ES", "B58818501"),
        ("XI123456789", "GB", "XI", "123456789"),
        ("123456789", None, None, "123456789"),
    ],
)
def test_x53_the_number_tells_its_country_before_the_address_does(
    text, country, found, body
):
    number = VatNumber.of(text, country)
    assert (number.country, number.body) == (found, body)


def named(key, name, first_name="", **values):
    return Party(key, name, first_name=first_name, **values)


@pytest.mark.parametrize(
    ("contact", "relation", "verdict"),
    [
        (named(1, "Jan Peeters"), named(2, "Peeters", "Jan"), SameParty.SAME),
        (named(1, "Peeters Jan"), named(2, "Peeters", "Jan"), SameParty.SAME),
        (named(1, "Jan Peeters"), named(2, "Jan Peeters", "Jan"), SameParty.SAME),
        (named(1, "Vzw  De Linde"), named(2, "De Linde VZW"), SameParty.SAME),
        (named(1, "De Linde v.z.w."), named(2, "De Linde vzw"), SameParty.SAME),
        (named(1, "De Linde"), named(2, "De Linde vzw"), SameParty.UNSURE),
        (named(1, "De Linde NV"), named(2, "De Linde BV"), SameParty.UNSURE),
        (named(1, "Piet Maes"), named(2, "Maes Piet"), SameParty.UNSURE),
        (named(1, "Jan Peeters"), named(2, "Peeters", "An"), SameParty.OTHER),
        (named(1, "Peeters"), named(2, "Peeters", "Jan"), SameParty.OTHER),
        (
            named(1, "Jan Peeters", zip="9000"),
            named(2, "Peeters", "Jan", zip="1000"),
            SameParty.UNSURE,
        ),
        (
            named(1, "One", enterprise="0477472701"),
            named(2, "Other", vat=VatNumber.of("BE0477.472.701")),
            SameParty.SAME,
        ),
        (
            named(
                1, "One", vat=VatNumber.of("NL123456782B01"), enterprise="0477472701"
            ),
            named(2, "One", vat=VatNumber.of("BE0477472701")),
            SameParty.UNSURE,
        ),
        (
            named(1, "Same", enterprise="0477472701"),
            named(2, "Same", vat=VatNumber.of("BE0895747092")),
            SameParty.OTHER,
        ),
        (
            named(1, "One", vat=VatNumber.of("BE0477472701")),
            named(2, "Other", vat=VatNumber.of("0477472701")),
            SameParty.UNSURE,
        ),
    ],
)
def test_x60_one_answer_to_who_is_who(contact, relation, verdict):
    assert same_party(contact, relation) is verdict


def test_x60_a_number_that_checks_is_an_enterprise_number():
    assert enterprise_number("0477.472.701") == "0477472701"
    assert enterprise_number("477 472 701") == "0477472701"
    assert enterprise_number("0477.472.702") is None
    assert enterprise_number("") is None


def test_x60_names_that_may_be_one_are_searched_by_one_key():
    assert name_key("Peeters", "Jan") == name_key("Jan  PEETERS") == "jan peeters"
    assert name_key("Vzw De Linde") == name_key("de linde (VZW)") == "de linde"
    assert name_key("NV") == "nv"
