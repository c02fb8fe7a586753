"""Boxes of the VAT return, where the name of a code tells them (Z.12)."""

from decimal import Decimal

import pytest

from octopus_connector.core.find_vat_code import CodeFacts
from octopus_connector.core.vat_boxes import NONE, Boxes, vat_boxes


def boxes(code, rate, description, sale, refund=False):
    return vat_boxes(CodeFacts(code, Decimal(rate), description), sale, refund)


@pytest.mark.parametrize(
    ("code", "rate", "description", "expected"),
    [
        ("21", "21.0", "Binnenland 21%", Boxes(("03",), ("54",))),
        ("06", 6, "Binnenland 6%", Boxes(("01",), ("54",))),
        ("00", 0, "Binnenland 0%", Boxes(("00",))),
        ("MC", 0, "Medecontractant", Boxes(("45",))),
        ("ICL", 0, "Intracommunautaire levering goederen", Boxes(("46",))),
        ("ICD", 0, "Intracommunautaire diensten", Boxes(("44",))),
        ("EX", 0, "Export buiten EU", Boxes(("47",))),
    ],
)
def test_z12_sales(code, rate, description, expected):
    assert boxes(code, rate, description, sale=True) == expected


@pytest.mark.parametrize(
    ("code", "rate", "description", "expected"),
    [
        ("H21", 21, "Handelsgoederen 21%", Boxes(("81",), ("59",))),
        ("D21", 21, "Diensten 21%", Boxes(("82",), ("59",))),
        ("I00", 0, "Investeringen 0%", Boxes(("83",))),
        ("H99", 21, "Intracommunautair", Boxes(("81", "86"), ("55", "59"))),
        ("D98", 21, "Medecontractant", Boxes(("82", "87"), ("56", "59"))),
    ],
)
def test_z12_purchases(code, rate, description, expected):
    assert boxes(code, rate, description, sale=False) == expected


def test_z12_credit_notes():
    assert boxes("21", 21, "Binnenland", True, True) == Boxes(("49",), ("64",))
    icl = "Intracommunautaire levering goederen"
    assert boxes("ICL", 0, icl, True, True) == Boxes(("48",))
    assert boxes("D21", 21, "Diensten", False, True) == Boxes(("82", "85"), ("63",))


@pytest.mark.parametrize(
    ("code", "rate", "description", "sale"),
    [
        ("19", 19, "Oud tarief", True),
        ("M", 21, "Margeregeling", True),
        ("IC", 0, "Intracommunautair", True),
        ("21", 21, "Aankopen", False),
        ("D21", 21, "Diensten niet aftrekbaar", False),
        ("D97", 21, "Intracommunautair", False),
    ],
)
def test_z12_what_leaves_a_doubt_has_no_box(code, rate, description, sale):
    assert boxes(code, rate, description, sale) == NONE
