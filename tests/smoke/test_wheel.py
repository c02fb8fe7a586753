"""The distribution holds the addon, whole and nothing else, and works without
the checkout (issue 2 §1)."""

import subprocess
import zipfile

import pytest

from devtools import wheel
from devtools.databases import manifest
from devtools.workspace import Workspace

FOLDERS = ("octopus_connector", "octopus_connector_sandbox", "octopus_sandbox")
PLACES = tuple(f"odoo/addons/{name}/" for name in FOLDERS)


@pytest.fixture(scope="module")
def workspace():
    workspace = Workspace()
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def names(workspace, tmp_path_factory):
    built = wheel.build(workspace, tmp_path_factory.mktemp("wheel"))
    version = manifest(workspace.root)["version"]
    assert built.name == f"odoo_addon_octopus_connector-{version}-py3-none-any.whl"
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_wheel_holds_every_file_of_the_addon(workspace, names, folder):
    listing = subprocess.run(
        ["git", "ls-files", folder],
        cwd=workspace.root,
        capture_output=True,
        text=True,
        check=True,
    )
    tracked = {
        f"odoo/addons/{name}"
        for name in listing.stdout.splitlines()
        if (workspace.root / name).exists()
    }
    assert tracked, "git lists no file of the addon"
    assert tracked - set(names) == set()


def test_the_wheel_leaves_the_namespaces_of_odoo_alone(names):
    assert "odoo/__init__.py" not in names
    assert "odoo/addons/__init__.py" not in names
    foreign = [n for n in names if not n.startswith(PLACES) and ".dist-info/" not in n]
    assert foreign == []


@pytest.mark.slow
def test_the_module_installs_from_the_wheel_without_the_checkout(workspace, tmp_path):
    assert wheel.check(workspace, tmp_path) == "installed"
