"""The addon's ground floor without Odoo.

``octopus_connector/__init__.py`` imports the models, and those import Odoo.
``octopus_connector.api`` needs none of it, so code that runs without Odoo
registers the folder as a package whose ``__init__`` is not run. Inside Odoo the
same code is ``odoo.addons.octopus_connector.api``; never use both names in one
process, their classes would differ.
"""

import sys
import types
from pathlib import Path

NAME = "octopus_connector"


def register(root: Path) -> None:
    """Make ``octopus_connector.api`` of the checkout ``root`` importable."""
    if NAME not in sys.modules:
        package = types.ModuleType(NAME, "The addon, without its models.")
        package.__path__ = [str(root / NAME)]
        sys.modules[NAME] = package
