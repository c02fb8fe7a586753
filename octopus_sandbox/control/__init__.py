"""The control API and the accountant's page."""
