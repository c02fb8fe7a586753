"""Odoo is looked for where it may be, and a wrong one is named (issue 2 §1)."""

import pytest

from devtools import odoo_source
from devtools.cache import Cache
from devtools.errors import DevError


def make_tree(root, series="19, 0"):
    (root / "odoo" / "addons" / "base").mkdir(parents=True)
    release = f"version_info = ({series}, 0, FINAL, 0, '')\n"
    (root / "odoo" / "release.py").write_text(release)
    (root / "addons" / "account").mkdir(parents=True)
    return root


def test_odoo_path_comes_first(tmp_path, monkeypatch):
    tree = make_tree(tmp_path / "tree")
    monkeypatch.setenv("ODOO_PATH", str(tree))
    source = odoo_source.find(Cache(tmp_path / "cache"))
    assert source.root == tree
    assert source.addons == [tree / "addons"]


def test_odoo_path_may_name_the_package_itself(tmp_path, monkeypatch):
    tree = make_tree(tmp_path / "tree")
    monkeypatch.setenv("ODOO_PATH", str(tree / "odoo"))
    assert odoo_source.find(Cache(tmp_path / "cache")).root == tree


@pytest.mark.parametrize("series", ["18, 0", None])
def test_an_odoo_path_without_odoo_19_is_refused_by_name(tmp_path, monkeypatch, series):
    tree = make_tree(tmp_path / "tree", series) if series else tmp_path
    monkeypatch.setenv("ODOO_PATH", str(tree))
    with pytest.raises(DevError, match=r"ODOO_PATH=.* holds no Odoo 19\.0"):
        odoo_source.find(Cache(tmp_path / "cache"))
