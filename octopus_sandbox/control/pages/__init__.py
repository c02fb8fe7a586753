"""One module per screen of the accountant's page."""
