import logging
from functools import partial

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying

from ..core import codes
from ..core.findings import Finding
from ..core.states import TO_DECIDE
from ..sync import synchronise
from ..sync.both_sides import BothSides
from ..sync.compare_entries import Comparison
from ..sync.payments.pull import pull
from ..sync.scheduled import is_left

_logger = logging.getLogger(__name__)


class OctopusDossierScheduled(models.Model):
    """What the scheduled actions that send and read do for a dossier, also as phases of
    a run over everything (``sync.synchronise``)."""

    _inherit = "octopus.dossier"  # pylint: disable=consider-merging-classes-inherited

    def _cron_push(self):
        if self._may_run() and not is_left(self):
            for rows in self.env["octopus.outbox.mixin"].outboxes():
                whole = synchronise.begin(self, synchronise.PHASE_OF.get(rows._name))
                part = rows.push(self)
                # What is left goes on first: the count of what remains is its own.
                if part.state == "running":
                    break
                self._end_sending(whole, part)
            self.env["octopus.error.text"]._fetch(self.connection_id)

    def _end_sending(self, whole, part):
        """Note a phase of a run over everything, also where nothing may be sent."""
        paused = {"state": "paused"} if self.paused else {}
        synchronise.end(whole, part, **paused)

    def _cron_pull(self):
        if not self._may_run():
            return
        # One that somebody begins meanwhile wakes this action for its turn.
        going_on = synchronise.going_on(self)[:1]
        self._compare(synchronise.turn_of(going_on, synchronise.COMPARISON))
        self._compare_both_sides()
        # What comes next may be rolled back, and takes its time under the lock.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        whole = synchronise.turn_of(going_on, synchronise.PULL)
        before = self._last_pull() if whole else whole
        over = partial(self._end_pull, whole, before)
        # A person may write to a document at the very moment at which it is paid; what
        # was committed on the way stays, and is not done again.
        retrying(partial(pull, self, when_done=over), self.env)

    def _end_pull(self, whole, before):
        """Note a phase of a run over everything.

        :param before: the last pull that nobody asked for, before this one
        """
        if whole:
            synchronise.end(whole, self._last_pull() - before)

    def _last_pull(self):
        mine = [("dossier_id", "=", self.id), ("kind", "=", "pull")]
        by_itself = [*mine, ("interactive", "=", False)]
        return self.env["octopus.run"].search(by_itself, limit=1)

    def _compare(self, whole):
        """Compare the documents, and note it with a run over everything.

        :param whole: the run of which it is the turn, if any
        """
        try:
            problem = Comparison(self).run()
            self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody wrote the same at this moment; the feed is read again from there.
            self.env.cr.rollback()
            _logger.info("%s: documents are compared the next time", self.name)
            if whole:
                self.pull_cron_id._trigger()
            return
        except Exception:  # pylint: disable=broad-exception-caught
            # Payments do not wait for what is wrong with the documents.
            self.env.cr.rollback()
            _logger.exception("The documents of %s cannot be compared", self.name)
            facts = {"documents": [self.display_name]}
            problem = Finding(codes.DOCUMENTS_NOT_COMPARED, facts).as_json()
            self.note_comparison([problem])
        if whole:
            found = {"counts": self._count_different(), "problem": problem}
            synchronise.end(whole, whole.browse(), **found)
            # What comes next may be rolled back; the rest was committed before.
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _compare_both_sides(self):
        """Bring the report of both sides in line with what was read; much of it is left
        to its own scheduled action. What was compared before is committed."""
        try:
            _done, left = BothSides(self).update()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("%s: both sides are compared the next time", self.name)
            return
        except Exception:  # pylint: disable=broad-exception-caught
            # Payments do not wait for a report.
            self.env.cr.rollback()
            _logger.exception("Both sides of %s cannot be compared", self.name)
            return
        if left:
            self.env["octopus.comparison"].wake()

    def _count_different(self):
        """Return how many documents are not the same on both sides, by state."""
        rows = self.env["octopus.booking"].sudo()
        here = [("dossier_id", "=", self.id), ("state", "in", TO_DECIDE)]
        return dict(rows._read_group(here, ["state"], ["__count"]))

    @api.private
    def note_comparison(self, problems, **values):
        """Write down what came of comparing documents, also beside a refresh; commits.

        :param problems: findings, as JSON, of what could not be compared
        """
        values["comparison_problems"] = problems or False
        retrying(partial(self.sudo().write, values), self.env)
