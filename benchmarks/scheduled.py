"""Scheduled actions, run as a worker of Odoo's runs them."""

from odoo.sql_db import db_connect

from odoo.addons.base.models.ir_cron import IrCron

# A pass that wakes itself again and again would never end.
MOST_ROUNDS = 100


def run_scheduled(database, cron_id) -> int:
    """Let a scheduled action work until it is not due any more; give the rounds.

    A round is what a worker does between two looks at what is due
    (``IrCron._process_jobs``), for one action: taken under its lock on a cursor of the
    scheduler's own, and run again and again for ten seconds, or ten times, as long as
    it tells that something remains. What remains then waits for a worker's next look
    in production; here the next round begins at once.

    :raises RuntimeError: when it stays due
    """
    for rounds in range(MOST_ROUNDS):
        with db_connect(database).cursor() as cr:
            if cron_id not in [job["id"] for job in IrCron._get_all_ready_jobs(cr)]:
                return rounds
            IrCron._process_jobs_loop(cr, job_ids=[cron_id])
    raise RuntimeError(f"Scheduled action {cron_id} is due after {MOST_ROUNDS} rounds")
