"""What all tests share: where things are imported from.

pytest puts the checkout on the path (``pyproject.toml``), so ``octopus_sandbox``
and ``tests.common`` import as they are.
"""

from pathlib import Path

from devtools import light_addon

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure(config):
    """Without the Odoo plugin (``-p no:odoo``) the addon's ground floor is
    imported as ``octopus_connector.api``, without Odoo."""
    if not config.pluginmanager.has_plugin("odoo"):
        light_addon.register(ROOT)
