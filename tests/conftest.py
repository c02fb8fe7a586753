"""What all tests share: where things are imported from.

pytest puts the checkout on the path (``pyproject.toml``), so ``octopus_sandbox``
and ``tests.common`` import as they are.
"""

import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from devtools import light_addon

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config):
    """Without the Odoo plugin (``-p no:odoo``) the addon's ground floor is
    imported as ``octopus_connector.api``, without Odoo."""
    if not config.pluginmanager.has_plugin("odoo"):
        light_addon.register(ROOT)


@pytest.fixture(scope="session", autouse=True)
def own_filestore(request):
    """Give a worker of pytest-xdist files of its own.

    Each has its own database, and pytest-odoo lets all share the files of the one that
    was copied. At the end of a class Odoo removes the files that its database does not
    know: those that another worker's test has just written are among them.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not (worker and request.config.pluginmanager.has_plugin("odoo")):
        yield
        return
    request.getfixturevalue("load_registry")
    from odoo.tools import config

    shared = Path(config.filestore(config["db_name"][0]))
    own = shared.with_name(f"{shared.name}-{worker}")
    shutil.rmtree(own, ignore_errors=True)
    if shared.is_dir():
        shutil.copytree(shared, own, copy_function=os.link)
    with patch.object(config, "filestore", return_value=str(own)):
        yield
    shutil.rmtree(own, ignore_errors=True)
