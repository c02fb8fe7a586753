"""What people filter long lists by has an index that can serve it."""

from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL


@tagged("standard", "post_install", "-at_install")
class TestIndexes(TransactionCase):
    def plan(self, query):
        """Return how PostgreSQL would carry a query out if reading all cost too much,
        as it does in a table that has grown."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        lines = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        return "\n".join(line for (line,) in lines)

    def test_the_filters_on_invoices(self):
        moves = self.env["account.move"]
        for states in (
            ("ready",),
            ("waiting", "sending", "unknown"),
            ("blocked",),
            ("changed", "differs", "gone"),
        ):
            with self.subTest(states=states):
                wanted = Domain("octopus_state", "in", states)
                plan = self.plan(moves._search(wanted))
                self.assertIn("account_move_octopus_idx", plan)
