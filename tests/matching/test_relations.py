"""Which relation is a contact (X.14-X.16), without Odoo."""

import pytest

from octopus_connector.matching.relations import (
    Party,
    VatNumber,
    external_taken,
    match,
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
