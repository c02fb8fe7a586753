"""What decides whether the test database is made anew (issue 2 §1)."""

import os
from datetime import date

import pytest

from devtools.databases import (
    COMPANY,
    addon_digest,
    company_key,
    manifest,
    process_runs,
    quoted,
)
from devtools.errors import DevError


@pytest.fixture
def root(tmp_path):
    addon = tmp_path / "octopus_connector"
    (addon / "api").mkdir(parents=True)
    (addon / "views").mkdir()
    (addon / "__manifest__.py").write_text('{"depends": ["account"]}')
    (addon / "views" / "menu.xml").write_text("<odoo/>")
    (addon / "api" / "client.py").write_text("")
    return tmp_path


def test_the_manifest_is_read_without_importing_the_addon(root):
    assert manifest(root) == {"depends": ["account"]}


@pytest.mark.parametrize(
    "change",
    [
        lambda addon: (addon / "views/menu.xml").write_text("<odoo><data/></odoo>"),
        lambda addon: (addon / "views/menu.xml").rename(addon / "views/other.xml"),
        lambda addon: (addon / "views/menu.xml").unlink(),
    ],
)
def test_a_changed_addon_needs_a_new_database(root, change):
    before = addon_digest(root)
    change(root / "octopus_connector")
    assert addon_digest(root) != before


def test_the_ground_floor_and_caches_need_no_new_database(root):
    before = addon_digest(root)
    (root / "octopus_connector/api/client.py").write_text("changed = True")
    (root / "octopus_connector/views/__pycache__").mkdir()
    (root / "octopus_connector/views/__pycache__/x.pyc").write_text("")
    assert addon_digest(root) == before


def test_another_addon_maker_or_day_needs_another_company(root):
    maker = root / COMPANY
    maker.parent.mkdir()
    maker.write_text("one")
    day = date(2026, 3, 10)
    key = company_key(root, "addon", day)
    assert company_key(root, "addon", day) == key
    assert company_key(root, "other", day) != key
    assert company_key(root, "addon", day + day.resolution) != key
    maker.write_text("two")
    assert company_key(root, "addon", day) != key


@pytest.mark.parametrize("name", ["", 'a"; DROP DATABASE b; --', "a b", "x" * 64])
def test_a_name_that_is_no_database_name_is_refused(name):
    with pytest.raises(DevError, match="no usable database name"):
        quoted(name)


def test_this_process_runs_and_an_impossible_one_does_not():
    assert process_runs(os.getpid())
    assert not process_runs(2**22 + 1)
