"""A pass over payments: those that are due, then the matches that changed since."""

from __future__ import annotations

from functools import partial

from odoo.service.model import retrying

from .collect_payments import offer_accounts
from .document_matches import DocumentMatches
from .matcher import Matcher
from .push import Pass
from .result import Scope, Stop


class PaymentPass(Pass):
    """A pass over payments, and the matches of documents with each other."""

    def __init__(self, kind, dossier, chosen=None):
        super().__init__(kind, dossier, chosen)
        self.matches = kind.rows
        self.pairs = self.env["octopus.document.match"]

    @property
    def count(self):
        """How many payments and matches will be looked at (``Pass.count``)."""
        return len(self.due) + len(self.matches) + len(self.pairs)

    def collect(self):
        """Make rows, and follow what changed (``Pass.collect``)."""
        retrying(partial(self.kind.collect, self.dossier), self.env)

    def choose_besides(self):
        """Find which matches are to be made or taken back (``Pass.choose_besides``)."""
        retrying(partial(offer_accounts, self.due), self.env)
        self.matches = self.kind.rows.matches_due(self.dossier, self.chosen)
        if self.chosen is None:
            self.pairs = self.pairs.due_for(self.dossier)

    def begin(self):
        """Return a run of its own (``Pass.begin``)."""
        return self.env["octopus.run"].create(
            {
                "kind": "remit",
                "dossier_id": self.dossier.id,
                "interactive": self.chosen is not None,
                "user_id": self.env.uid,
                "total": len(self.due),
            }
        )

    def go(self, batch):
        """Send payments, then make and take back matches (``Pass.go``)."""
        # What is taken back makes room for what comes instead.
        back = self.pairs.filtered(lambda pair: pair.has_too_much())
        finished = (
            self._match_pairs(batch, back)
            and batch.send(self.due)
            and self._match_payments(batch)
            and self._match_pairs(batch, self.pairs - back)
        )
        stop = self.kind.stops.get(Scope.MATCHES)
        if finished and stop:
            batch.run.problem = stop.finding.as_json()
        return finished

    def _is_over(self, batch):
        return batch.is_over() or Scope.MATCHES in self.kind.stops

    def _match_payments(self, batch):
        """Match payments with their documents; the answer is that of :meth:`go`."""
        places = [(row.id, row.journal_id.id) for row in self.matches]
        with batch.working():
            for row_id, journal_id in places:
                if self._is_over(batch):
                    break
                result = batch.under_lock(
                    journal_id,
                    lambda sender, row_id=row_id: Matcher(sender.kind).match(row_id),
                )
                if result.stop and result.stop.scope is not Scope.JOURNAL:
                    batch.note_stop(journal_id, result.stop)
                if not batch.commit(1):
                    return False
        return True

    def _match_pairs(self, batch, pairs):
        """Match documents with each other; the answer is that of :meth:`go`."""
        places = [(pair.id, pair.bookings()[0].journal_id.id) for pair in pairs]
        with batch.working():
            for pair_id, journal_id in places:
                if self._is_over(batch):
                    break
                stop = batch.under_lock(
                    journal_id, partial(self._match_pair, pair_id)
                ).stop
                if stop and stop.finding:
                    stop = Stop(Scope.MATCHES, stop.finding, stop.retry_at)
                if stop and stop.scope is not Scope.JOURNAL:
                    batch.note_stop(journal_id, stop)
                if not batch.commit(1):
                    return False
        return True

    @staticmethod
    def _match_pair(pair_id, sender):
        return DocumentMatches(sender.env, sender.octopus).match(pair_id)
