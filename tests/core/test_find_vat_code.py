"""Which VAT code fits a tax (D.1-D.3, D.5, X.9), without Odoo."""

from decimal import Decimal

import pytest

from octopus_connector.core.find_vat_code import (
    CodeFacts,
    Treatment,
    propose,
    tax_facts,
    treatment_of,
)


def code(text, percentage, description=""):
    return CodeFacts(text, Decimal(percentage), description)


SALES = [
    code("21", 21, "Leveringen en diensten 21 %"),
    code("06", 6, "Livraisons et prestations 6 %"),
    code("00", 0, "Vrijgesteld"),
    code("IG", 0, "Intracommunautaire leveringen van goederen"),
    code("ID", 0, "Prestations de services intracommunautaires"),
    code("MC", 0, "Medecontractant, btw verlegd"),
    code("EX", 0, "Ausfuhr außerhalb der EU"),
    code("MA", 21, "Margeregeling 21 %"),
]
PURCHASES = [
    code("H21", 21, "Handelsgoederen 21 %"),
    code("D21", 21, "Diensten en diverse goederen 21 %"),
    code("D06", 6, "Services et biens divers 6 %"),
    code("I21", 21, "Investeringen 21 %"),
    code("H21C", 21, "Handelsgoederen, medecontractant"),
    code("D21C", 21, "Autoliquidation, cocontractant"),
    code("IC1", 21, "Intracommunautaire verwerving handelsgoederen"),
    code("IC2", 21, "Acquisition intracommunautaire de services et biens divers"),
    code("IM1", 0, "Einfuhr Handelswaren"),
]


def sale(rate, *boxes, name="x"):
    return tax_facts("sale", Decimal(rate), name, boxes)


def purchase(rate, *boxes, name="x", scope=None, recovered=100):
    return tax_facts("purchase", Decimal(rate), name, boxes, scope, Decimal(recovered))


@pytest.mark.parametrize(
    ("facts", "codes", "expected", "reason"),
    [
        (sale(21, "03", "54"), SALES, "21", "vat_shape"),
        (sale(6, "01", "54"), SALES, "06", "vat_shape"),
        (sale(0, "00"), SALES, "00", "vat_shape"),
        (sale(0, "46L"), SALES, "IG", "vat_description"),
        (sale(0, "44"), SALES, "ID", "vat_description"),
        (sale(0, "45"), SALES, "MC", "vat_description"),
        (sale(0, "47"), SALES, "EX", "vat_description"),
        (sale(0, "46T"), SALES, None, "vat_none"),
        (sale(12, "02", "54"), SALES, None, "vat_none"),
        (purchase(21, "81", "59"), PURCHASES, "H21", "vat_shape"),
        (purchase(21, "82", "59"), PURCHASES, "D21", "vat_shape"),
        (purchase(6, "82", "59"), PURCHASES, "D06", "vat_shape"),
        (purchase(21, "83", "59"), PURCHASES, "I21", "vat_shape"),
        (purchase(21, "81", "87", "56", "59"), PURCHASES, "H21C", "vat_description"),
        (purchase(21, "82", "87", "56", "59"), PURCHASES, "D21C", "vat_description"),
        (purchase(21, "81", "86", "55", "59"), PURCHASES, "IC1", "vat_description"),
        (purchase(21, "82", "88", "55", "59"), PURCHASES, "IC2", "vat_description"),
        (purchase(21, "81", "87", "57", "59"), PURCHASES, "IM1", "vat_description"),
        (purchase(0, "81", "87", name="0% EX M"), PURCHASES, "IM1", "vat_description"),
        (purchase(0, "81", "87", name="0% M"), PURCHASES, None, "vat_unclear"),
        (purchase(21, "82", "81", "59"), PURCHASES, None, "vat_several"),
        (purchase(21, "59", "82", "81", scope="merch"), PURCHASES, "H21", "vat_shape"),
        (purchase(21, "82", "59", recovered=50), PURCHASES, "D21", "vat_shape"),
    ],
)
def test_d5_a_tax_finds_its_code_or_none(facts, codes, expected, reason):
    found = propose(facts, codes)
    assert (found.code, found.reason) == (expected, reason)


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (sale(21, "(OSS)", name="21.0% NL BTW"), SALES),
        (sale(21, "03", "54", "(OSS)"), SALES),
        (sale(21, name="21% verkoop"), SALES),
        (sale(21, "54"), SALES),
        (sale(21, "Umsatz 19"), SALES),
        (sale(12, "01", "54"), [code("12", 12)]),
        (sale(21, "03", "02"), SALES),
        (sale(0, "44", "47"), SALES),
        (purchase(21, name="21 %", scope="merch"), PURCHASES),
        (purchase(21, "59"), PURCHASES),
        (purchase(21, "82", "55", "57"), PURCHASES),
        (
            tax_facts("sale", Decimal(21), "21%", {"03", "54"}, countries={"NL"}),
            SALES,
        ),
        (
            tax_facts("sale", Decimal(21), "21%", {"03"}, countries={"BE", "NL"}),
            SALES,
        ),
    ],
)
def test_x52_a_tax_that_is_not_understood_gets_no_proposal(facts, codes):
    found = propose(facts, codes)
    assert (found.code, found.reason) == (None, "vat_unclear")


def test_x9_a_code_without_its_leading_zero_is_another_code():
    found = propose(sale(6, "01"), [code("6", 12), code("60", 60)])
    assert found.code is None


def test_d3_the_shape_alone_does_not_convince_the_percentage_must_agree():
    found = propose(sale(6, "01"), [code("06", 5)])
    assert (found.code, found.reason) == (None, "vat_percentage")
    assert found.values["percentage"] == "5"
    assert found.values["rate"] == "6"


def test_d5_two_codes_that_fit_are_named_and_neither_is_taken():
    codes = [code("E1", 0, "Export goederen"), code("E2", 0, "Export diensten")]
    found = propose(sale(0, "47"), codes)
    assert (found.code, found.values) == (None, {"codes": ["E1", "E2"]})


def test_d2_the_shape_of_a_code_for_something_else_is_not_taken():
    codes = [code("00", 0, "Intracommunautaire leveringen van goederen")]
    assert propose(sale(0, "00"), codes).code is None
    assert propose(sale(0, "46L"), codes).code == "00"


def test_d2_not_deductible_has_its_own_code_only_for_taxes_without_recovery():
    codes = [code("D21", 21, "Diensten"), code("N21", 21, "Niet aftrekbaar, diensten")]
    assert propose(purchase(21, "82"), codes).code == "D21"
    assert propose(purchase(21, "82", recovered=0), codes[1:]).code == "N21"
    assert propose(purchase(21, "82", recovered=0), codes[:1]).code == "D21"


def test_d5_a_tax_for_anything_takes_the_code_that_is_not_for_services_only():
    codes = [code("EX", 0, "Uitvoer"), code("EU", 0, "Diensten buiten de EU")]
    assert propose(sale(0, "47"), codes).code == "EX"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dienstleistungen außerhalb der EU", Treatment.OUTSIDE_EU),
        ("Dienstleistungen innerhalb der EU", Treatment.EU),
        ("MC Vertragspartner", Treatment.COCONTRACTOR),
        ("Intracommunautaire verwerving, btw verlegd", Treatment.EU),
        ("Innergemeinschaftliche Lieferung", Treatment.EU),
        ("Leveringen buiten de EU", Treatment.OUTSIDE_EU),
        ("Livraisons hors UE", Treatment.OUTSIDE_EU),
        ("Invoer met verlegging", Treatment.OUTSIDE_EU),
        ("Co-contractor", Treatment.COCONTRACTOR),
        ("0% M.Cocont", Treatment.COCONTRACTOR),
        ("Steuerschuldnerschaft des Leistungsempfängers", Treatment.COCONTRACTOR),
        ("Opérations triangulaires", Treatment.TRIANGULAR),
        ("Margeregeling", None),
        ("Vente 21 %", Treatment.DOMESTIC),
        ("EURO diensten", Treatment.DOMESTIC),
    ],
)
def test_d5_a_description_names_its_treatment_in_four_languages(text, expected):
    assert treatment_of(text) is expected
