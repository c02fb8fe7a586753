"""Which cost centre an analytic account is, and how sure that is (Z.21)."""

import pytest

from octopus_connector.core.find_cost_centre import Centre, find_cost_centre

SHOP = Centre(1, {"nl": "Winkel", "en": "Shop"})
WORKSHOP = Centre(2, {"nl": "Atelier", "en": "Workshop"})
BAKERY = Centre(3, {"nl": "Bakkerij Gent"})
CENTRES = (SHOP, WORKSHOP, BAKERY)


@pytest.mark.parametrize(
    ("code", "names", "reason", "number"),
    [
        ("1", {"nl": "Winkel"}, "number_same", 1),
        ("001", {"nl": "Winkels"}, "number_padded", 1),
        # Nothing says that the names are of other things.
        ("1", {"fr": "Magasin"}, "number_same", 1),
        ("1", {"nl": "Burelen"}, "number_unlike", 1),
        ("1", {"nl": "Atelier"}, "name_elsewhere", 2),
        ("", {"nl": "  WINKEL "}, "name_same", 1),
        ("A7", {"en": "Workshop"}, "name_same", 2),
        ("", {"nl": "Bakkerij Gnt"}, "name_alike", 3),
        ("", {"nl": "Projecten"}, "centre_none", None),
        ("9", {}, "centre_none", None),
    ],
)
def test_z21_code_and_name_propose(code, names, reason, number):
    found = find_cost_centre(code, names, CENTRES)
    assert (found.reason, found.number) == (reason, number)


def test_z21_two_of_one_name_are_for_a_person():
    found = find_cost_centre("", {"nl": "winkel"}, (SHOP, Centre(8, SHOP.names)))
    assert (found.reason, found.number) == ("name_several", None)
    assert found.several == ("1 Winkel", "8 Winkel")
