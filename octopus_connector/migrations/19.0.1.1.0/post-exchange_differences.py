"""Payments that were booked without their exchange differences stay as they are.

From here on the difference is booked with the payment. What was sent before is
not taken back for it: the accountant may have closed it by hand.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

from odoo.addons.octopus_connector.prepare.payment_items import fingerprint_of_move

BATCH = 500


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    rows = env["octopus.payment"].search(
        [
            ("state", "in", ("booked", "sending", "unknown")),
            ("move_id", "!=", False),
            ("reversal_of_id", "=", False),
        ]
    )
    for ids in split_every(BATCH, rows.ids):
        for row in rows.browse(ids):
            before = fingerprint_of_move(row.move_id, with_exchanges=False)
            if row.fingerprint == before:
                row.fingerprint = fingerprint_of_move(row.move_id)
        env.flush_all()
        env.invalidate_all()
