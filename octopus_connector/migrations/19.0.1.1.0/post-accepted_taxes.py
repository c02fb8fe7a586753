"""Taxes that were accepted before are taken for what they are now.

From here on a mapping remembers what its tax was, and stops when that changes.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    accepted = env["octopus.tax.mapping"].search([("state", "=", "accepted")])
    accepted.filtered(lambda row: not row.accepted_as)._remember_tax()
