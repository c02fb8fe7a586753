"""Distribution of the addon: ``odoo-addon-octopus-connector``.

Puts the folder ``octopus_connector`` at ``odoo.addons.octopus_connector``, and beside
it the addon with which it can be tried, with its pretend Octopus. That is no addon, but
stands where an addons path has it, so that there is one name for it. Odoo 19 is a
namespace package: no ``__init__.py`` of odoo or odoo.addons goes along.
"""

import ast
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
ADDON = "octopus_connector"
FOLDERS = (ADDON, "octopus_connector_sandbox", "octopus_sandbox")
PLACES = {f"odoo.addons.{name}": name for name in FOLDERS}
# What Odoo reads beside Python. Everything else (caches, drafts) stays here.
DATA = ["csv", "css", "html", "js", "md", "png", "po", "pot", "scss", "sql", "svg"]
DATA += ["rst", "xml", "xsd", "wsdl"]


def data_files(name):
    """The data files of a folder, as paths below it."""
    addon = ROOT / name
    files = {path for kind in DATA for path in addon.rglob(f"*.{kind}")}
    # Odoo finds the scripts of an upgrade by their names, which are no modules.
    files |= set(addon.glob("migrations/*/*.py"))
    return sorted(path.relative_to(addon).as_posix() for path in files)


manifest = ast.literal_eval((ROOT / ADDON / "__manifest__.py").read_text())
packages = [
    ".".join([place, *below])
    for place, folder in PLACES.items()
    for below in ([], *([name] for name in find_packages(str(ROOT / folder))))
]

setup(
    name="odoo-addon-octopus-connector",
    version=manifest["version"],
    description=manifest["summary"],
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author=manifest["author"],
    license=manifest["license"],
    license_files=["LICENSE"],
    packages=packages,
    package_dir=PLACES,
    package_data={place: data_files(name) for place, name in PLACES.items()},
    install_requires=manifest["external_dependencies"]["python"],
    python_requires=">=3.10",
    zip_safe=False,
    classifiers=[
        "Environment :: Web Environment",
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
    ],
)
