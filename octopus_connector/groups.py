"""The groups of this addon, and who else sees what became of a document."""

from odoo.exceptions import AccessError

# Sends documents, and sees what became of them.
USER = "octopus_connector.group_user"
# Links dossiers, enters logins, decides on settings and mappings.
MANAGER = "octopus_connector.group_manager"
# Invoicing people see that a document is in Octopus: it tells which buttons they have.
SHOWN_TO = "account.group_account_invoice,account.group_account_readonly"


def require(env, group: str, refusal: str) -> None:
    """Let only the users of a group go on.

    :param refusal: what the others are told
    :raises AccessError: the user of ``env`` is not in the group
    """
    if not env.user.has_group(group):
        raise AccessError(refusal)
