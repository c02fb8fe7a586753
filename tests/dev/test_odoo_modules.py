"""Which of Odoo's modules ``./dev test --with-modules`` takes."""

import sys

import pytest

from devtools.errors import DevError
from devtools.odoo_modules import TESTED, OdooModules

ABSENT = "no-such-library-anywhere"
TREE = {
    "account": {},
    "sale": {"depends": ["account"]},
    "shop": {"depends": ["sale"]},
    "crm": {"depends": ["mail"]},
    "mail": {},
    "bank": {"depends": ["account"], "external_dependencies": {"python": [ABSENT]}},
    "bank_shop": {"depends": ["shop", "bank"]},
    "old": {"depends": ["account"], "installable": False},
    "orphan": {"depends": ["account", "elsewhere"]},
    **{name: {} for name in TESTED if name != "sale"},
}


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    folder = tmp_path_factory.mktemp("addons")
    for name, manifest in TREE.items():
        (folder / name).mkdir()
        (folder / name / "__manifest__.py").write_text(repr(manifest))
    (folder / "no_module").mkdir()
    found = OdooModules([folder], sys.executable)
    # Without Odoo in this process's reach, another Python tells what is absent.
    found.__dict__["_absent"] = {ABSENT}
    return found


def test_all_are_those_that_build_on_account_through_others_too(modules, capsys):
    assert set(modules.chosen("all")) == {"sale", "shop", *TESTED}
    told = capsys.readouterr().err
    assert told.count("Left out: ") == 4
    assert f"Left out: bank_shop: bank needs the library {ABSENT}" in told


def test_what_cannot_be_installed_is_named_with_its_reason(modules):
    needs_library = f"bank needs the library {ABSENT}"
    assert modules.impossible() == {
        "bank": needs_library,
        "bank_shop": needs_library,
        "old": "old is not installable",
        "orphan": "elsewhere is not there",
    }


def test_some_are_taken_as_they_are_named(modules):
    assert modules.chosen("shop, sale,") == ("sale", "shop")


@pytest.mark.parametrize("text", ["nothing_of_the_kind", "bank", ",", "no_module"])
def test_a_wrong_name_is_refused(modules, text):
    with pytest.raises(DevError):
        modules.chosen(text)
