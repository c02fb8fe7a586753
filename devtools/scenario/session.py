"""An Odoo environment outside the server."""

from contextlib import contextmanager

import odoo
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config


@contextmanager
def administrator(database):
    """Give an environment of the administrator on a database; what was done is
    committed at the end, or not at all."""
    config.parse_config(["--no-http", "--log-level=warn"], setup_logging=True)
    odoo.modules.registry  # noqa: B018 - a namespace package loads on demand
    with Registry(database).cursor() as cr:
        env = Environment(cr, odoo.SUPERUSER_ID, {})
        user = env.ref("base.user_admin")
        yield env(user=user, context={**env.user.context_get(), "lang": "en_US"})
