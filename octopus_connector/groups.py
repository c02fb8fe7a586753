"""The groups of this addon, and who else sees what became of a document."""

# Sends documents, and sees what became of them.
USER = "octopus_connector.group_user"
# Links dossiers, enters logins, decides on settings and mappings.
MANAGER = "octopus_connector.group_manager"
# Invoicing people see that a document is in Octopus: it tells which buttons they have.
SHOWN_TO = "account.group_account_invoice,account.group_account_readonly"
