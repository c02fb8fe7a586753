from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, real_time

from ..work_time import begin_round

# How many seconds of a round a worker gives to dossiers while others wait for it.
SHARE = 1.0


@dataclass
class Round:
    """One walk of a worker through what was due when it began: when that was, which
    scheduled actions are of dossiers, how many seconds it gave them, and whether what
    is left of them makes way for others."""

    started: float
    ours: set[int] = field(default_factory=set)
    given: float = 0.0
    makes_way: bool = False


# By the scheduler's cursor, which lasts as long as a round. What a cursor itself
# remembers is forgotten at each commit.
ROUNDS: WeakKeyDictionary[object, Round] = WeakKeyDictionary()


class IrCron(models.Model):
    """A worker process runs all scheduled actions that are due on one allowance of
    time, and does not note when it began: what others used of it must be known here,
    see ``work_time``.

    It also chooses them once, at the beginning. Where hundreds of dossiers are due,
    what becomes due meanwhile would wait for all of them; so what is left of a dossier
    makes way, and the worker, woken by its own notice, chooses anew.
    """

    _inherit = "ir.cron"

    def method_direct_trigger(self):
        # A cursor that is not the scheduler's.
        ROUNDS.pop(self.env.cr, None)
        return super().method_direct_trigger()

    @classmethod
    def _process_job(cls, cron_cr, job):
        now = real_time()
        if cron_cr not in ROUNDS:
            ROUNDS[cron_cr] = Round(now, cls._octopus_of_dossiers(cron_cr))
        walk = ROUNDS[cron_cr]
        ours = job["id"] in walk.ours
        if ours and cls._octopus_makes_way(cron_cr, job, walk):
            # It stays due: nothing of it was done, or rescheduled.
            return None
        begin_round(walk.started)
        try:
            return super()._process_job(cron_cr, job)
        finally:
            begin_round(None)
            walk.given += max(real_time() - now, 0.0) if ours else 0.0

    @classmethod
    def _octopus_of_dossiers(cls, cron_cr):
        """Return the ids of all scheduled actions of dossiers."""
        cron_cr.execute(
            "SELECT unnest(ARRAY[push_cron_id, pull_cron_id, refresh_cron_id])"
            " FROM octopus_dossier"
        )
        return {id_ for (id_,) in cron_cr.fetchall() if id_}

    @classmethod
    def _octopus_makes_way(cls, cron_cr, job, walk):
        """Whether a scheduled action of a dossier is left for a round that begins anew,
        because others are due that would wait for all of them.

        Others are those of other modules, and of dossiers what is more urgent. What
        another worker is busy with does not wait. Some of ours go in each round, so
        that something that is always due cannot keep them out.
        """
        if walk.makes_way or walk.given < SHARE:
            return walk.makes_way
        try:
            walk.makes_way = cls._octopus_is_waited_for(cron_cr, job, walk)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Another worker did at this moment what waited. This one's hold on the
            # action is gone with its transaction: it chooses anew.
            cron_cr.rollback()
            walk.makes_way = True
        if walk.makes_way:
            env = api.Environment(cron_cr, job["user_id"], {})
            cron_cr.postcommit.add(env[cls._name]._notifydb)
        return walk.makes_way

    @classmethod
    def _octopus_is_waited_for(cls, cron_cr, job, walk):
        """Whether a scheduled action waits for a worker; it is held until the cursor is
        committed."""
        cron_cr.execute(
            SQL(
                """
                SELECT id FROM ir_cron
                 WHERE %(ready)s
                   AND (priority < %(priority)s OR id <> ALL(%(ours)s))
                 LIMIT 1
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                ready=cls._get_ready_sql_condition(cron_cr),
                priority=job["priority"],
                ours=list(walk.ours),
            ),
            log_exceptions=False,
        )
        return bool(cron_cr.fetchone())
