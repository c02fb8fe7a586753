"""Odoo environments outside the server, beside it on the same database."""

from contextlib import contextmanager

import odoo
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.tools import config


def open_registry(database):
    """Load Odoo for a database, without HTTP and scheduled actions."""
    config.parse_config(["--no-http", "--log-level=warn"], setup_logging=True)
    odoo.modules.registry  # noqa: B018 - a namespace package loads on demand
    return Registry(database)


@contextmanager
def administrator(registry):
    """Give an environment of the administrator; what was done is committed at the end,
    or not at all."""
    # The server beside us may have changed what we keep in memory.
    registry.check_signaling()
    with registry.cursor() as cr:
        env = Environment(cr, odoo.SUPERUSER_ID, {})
        user = env.ref("base.user_admin")
        context = {**user.context_get(), "lang": "en_US"}
        companies = user.company_ids - user.company_id
        context["allowed_company_ids"] = [user.company_id.id, *companies.ids]
        yield env(user=user, context=context)
        env.flush_all()
    registry.signal_changes()
