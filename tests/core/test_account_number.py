"""Which Octopus account has the number of an Odoo account (D.8), without Odoo."""

import pytest

from octopus_connector.core.account_number import same_number

NUMBERS = {700000, 700100, 604000, 7}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("700000", 700000),
        ("7000", 700000),
        ("7001", 700100),
        ("70010000", 700100),
        ("70010001", None),
        ("7", 7),
        ("604", 604000),
        ("999999", None),
        ("0700000", None),
        ("70X0", None),
        ("", None),
    ],
)
def test_d8_the_same_number_with_or_without_trailing_zeros(text, expected):
    assert same_number(text, NUMBERS) == expected
