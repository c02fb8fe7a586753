"""What the addon needs is said in several places, which agree (issue 11 §5)."""

import ast
import re
import sys
from distutils.core import run_setup
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
ADDON = ROOT / "octopus_connector"
# Libraries that Odoo itself cannot run without, by the name that is imported.
OF_ODOO = {
    "lxml",
    "markupsafe",
    "odoo",
    "openpyxl",
    "psycopg2",
    "stdnum",
    "urllib3",
    "xlsxwriter",
}
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.]+)(?: *; *(?P<marker>.+))?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def listed(name):
    """The requirements of a file, without comments and files that it names."""
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(it) for it in lines if it and it[0] not in "#-"]


def locked():
    """{name: (version, hashes)} of the lock."""
    text = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        pin, *hashes = re.split(r"\s+(?=--hash)", line.strip())
        match = PIN.match(pin)
        assert match, f"not pinned: {line}"
        found[canonicalize_name(match["name"])] = match["version"], hashes
    return found


@pytest.fixture(scope="module")
def of_manifest():
    manifest = ast.literal_eval((ADDON / "__manifest__.py").read_text())
    return manifest["external_dependencies"]["python"]


def test_requirements_manifest_and_setup_say_the_same(of_manifest, monkeypatch):
    monkeypatch.chdir(ROOT)
    setup = run_setup("setup.py", stop_after="init")
    texts = [str(it) for it in listed("requirements.txt")]
    assert texts == of_manifest == setup.install_requires


def test_each_says_from_which_version_on_and_the_lock_has_one(of_manifest):
    pins = locked()
    for requirement in map(Requirement, of_manifest):
        assert [it.operator for it in requirement.specifier] == [">="], requirement
        version, _hashes = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version)


def test_the_addon_imports_nothing_else(of_manifest):
    known = {Requirement(it).name for it in of_manifest} | OF_ODOO
    foreign = {}
    for path in ADDON.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for name in (name.split(".")[0] for name in names):
                if name not in known | sys.stdlib_module_names:
                    foreign.setdefault(name, path.name)
    assert not foreign


def test_the_lock_has_all_that_the_tools_need():
    pins = locked()
    for requirement in listed("requirements-dev.txt"):
        version, _hashes = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_the_lock_has_hashes_and_names_no_registry():
    for name, (_version, hashes) in locked().items():
        assert hashes, f"{name} has no hash"
        assert all(HASH.match(text) for text in hashes), name
    text = (ROOT / "requirements.lock").read_text()
    assert "://" not in text
    assert "index-url" not in text
