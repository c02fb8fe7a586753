"""A pretend Octopus: its REST API over books that live in memory or in a file.

``python -m octopus_sandbox`` starts it; :class:`octopus_sandbox.testing.Sandbox` is the
same for tests. Never imports Odoo or the connector.
"""
