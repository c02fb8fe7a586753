from odoo import models

from odoo.addons.octopus_connector.sync.payments.plan import Plan


class ExamplePlan(Plan):
    """Leaves to a person what is matched with a document of the shop."""

    def tasks(self, *, all_at_once=True):
        """Return the tasks (``Plan.tasks``)."""
        tasks = super().tasks(all_at_once=all_at_once)
        return [task for task in tasks if not self._is_of_shop(task)]

    @staticmethod
    def _is_of_shop(task):
        moves = task.row.debit_booking_id.move_id | task.row.credit_booking_id.move_id
        return "SHOP" in moves.mapped("invoice_origin")


class OctopusBalancing(models.Model):
    _inherit = "octopus.balancing"

    def octopus_plan(self):
        # OVERRIDES 'octopus_connector'
        return ExamplePlan
