"""Who may use test mode."""

from odoo.addons.octopus_connector.groups import MANAGER, require


def require_manager(env) -> None:
    """Let only Octopus administrators go on.

    :raises AccessError: the user of ``env`` is none
    """
    require(env, MANAGER, env._("Test mode is for Octopus administrators."))
