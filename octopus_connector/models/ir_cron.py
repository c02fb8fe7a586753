from odoo import models
from odoo.tools import real_time

from ..work_time import begin_round

ROUND = "octopus_round_started"


class IrCron(models.Model):
    """A worker process runs all scheduled actions that are due on one allowance of
    time, and does not note when it began: what others used of it must be known here,
    see ``work_time``."""

    _inherit = "ir.cron"

    def method_direct_trigger(self):
        # Not the scheduler's cursor, which lasts as long as a round.
        self.env.cr.cache.pop(ROUND, None)
        return super().method_direct_trigger()

    @classmethod
    def _process_job(cls, cron_cr, job):
        begin_round(cron_cr.cache.setdefault(ROUND, real_time()))
        try:
            return super()._process_job(cron_cr, job)
        finally:
            begin_round(None)
