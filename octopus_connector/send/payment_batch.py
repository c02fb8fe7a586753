"""One pass over the payments of a dossier that are due: check, book, match."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

from ..core import codes
from ..core.codes import WAIT
from ..core.findings import Finding, worst
from ..prepare.payment import Preparation
from .batch import Push
from .document_matches import DocumentMatches
from .payment import MatchStop, PaymentSendRequest, Transfer
from .sender import Scope

_logger = logging.getLogger(__name__)


class Round(Push):
    """A pass as for documents, and then the matches that changed since."""

    model = "octopus.payment"
    told_on = "payment_id"

    def __init__(self, env, dossier, run, octopus):
        super().__init__(env, dossier, run, octopus)
        self.no_matches: MatchStop | None = None

    @property
    def carrier(self):
        return partial(Transfer, matching=not self.no_matches)

    def travel(self, due, matches, pairs) -> bool:
        """Send payments, then make and take back matches.

        :param pairs: ``octopus.document.match`` rows, of documents with each other
        :return: whether all were looked at; else the time of the scheduled action is
            over, and it will be called again
        """
        # What is taken back makes room for what comes instead.
        back = pairs.filtered(lambda pair: pair._has_too_much())
        if not self._match_pairs(back):
            return False
        if not self.go(due, self.env["octopus.booking"]):
            return False
        with self.env.registry.cursor() as cr:
            self.worker = self.env(cr=cr)
            for row_id, journal_id in [(row.id, row.journal_id.id) for row in matches]:
                if self.stopped or self.no_matches or self.dossier.ends_pass():
                    break
                if not self._match(row_id, journal_id):
                    return False
        if not self._match_pairs(pairs - back):
            return False
        if self.no_matches:
            self.run.problem = self.no_matches.finding.as_json()
        return True

    def _match_pairs(self, pairs):
        """Match documents with each other; parameters and answer as for
        :meth:`travel`."""
        ids = [(pair.id, pair._bookings()[0].journal_id.id) for pair in pairs]
        with self.env.registry.cursor() as cr:
            self.worker = self.env(cr=cr)
            for pair_id, journal_id in ids:
                if self.stopped or self.no_matches or self.dossier.ends_pass():
                    break
                if not self._match_pair(pair_id, journal_id):
                    return False
        return True

    def _match_pair(self, pair_id, journal_id):
        def work(transfer):
            return DocumentMatches(transfer.env, transfer.octopus).match(pair_id)

        stop = self._under_lock(journal_id, work).stop
        if stop and stop.finding:
            self.no_matches = MatchStop(stop.scope, stop.finding, stop.retry_at)
        elif stop and stop.scope is Scope.DOSSIER:
            self.stopped = stop
        return self._commit(1)

    def _match(self, row_id, journal_id):
        result = self._under_lock(journal_id, lambda transfer: transfer.match(row_id))
        stop = self._without_matches(result).stop
        if stop and stop.scope is Scope.DOSSIER:
            self.stopped = stop
        return self._commit(1)

    def _note(self, booking_id, journal_id, result):
        return super()._note(booking_id, journal_id, self._without_matches(result))

    def _without_matches(self, result):
        """Keep what stops matches only away from the bookings behind."""
        if not isinstance(result.stop, MatchStop):
            return result
        self.no_matches = result.stop
        return replace(result, stop=None)

    # Choosing and checking

    def _check(self, rows):
        """Hold what cannot go, and return the requests of the others, in order."""
        rows -= rows._drop_needless()
        requests = []
        preparations = {}
        for row in rows:
            settings = row.company_id.octopus_settings()
            if settings not in preparations:
                preparations[settings] = Preparation(settings)
            prepared = self._prepared(row, preparations[settings])
            stops = [found for found in prepared.findings if found.stops]
            if stops:
                self._keep(row, prepared.findings)
            else:
                requests.append(self._request(row, prepared))
        self._skip_journals_in_wait({request.journal_id for request in requests})
        return requests

    def _prepared(self, row, preparation):
        """Return the payment prepared; what fails is its own finding."""
        try:
            if row.reversal_of_id:
                return preparation.take_back(row.reversal_of_id)
            return preparation.prepare(row.move_id)
        except Exception as error:
            _logger.exception("Payment %s could not be prepared", row.id)
            return _Unprepared((Finding(codes.UNEXPECTED, {"message": repr(error)}),))

    def _keep(self, row, findings):
        waits = worst(findings).severity == WAIT
        state = "waiting" if waits else "blocked"
        row._join_run(self.run)
        row._hold(state, findings, row._retry_at() if waits else None)
        self.results[state] += 1

    def _request(self, row, prepared):
        booking = prepared.booking(row.reference)
        partners = tuple(
            (leg.partner.id, leg.type) if leg.type != "A" and not leg.relation else None
            for leg in prepared.legs
        )
        return PaymentSendRequest(
            booking_id=row.id,
            move_id=row.move_id.id,
            journal_id=prepared.journal.id,
            journal_year_id=prepared.journal_year.id,
            booking=booking,
            currency_id=row.company_id.currency_id.id,
            fingerprint=prepared.fingerprint,
            write_date=prepared.write_date,
            findings=tuple(found.as_json() for found in prepared.findings),
            relation_id=None if any(partners) else 0,
            run_id=row._run_or(self.run).id,
            partners=partners,
            slots=tuple(prepared.slots()),
        )


class _Unprepared:
    """Stands for a payment that could not be prepared."""

    def __init__(self, findings):
        self.findings = findings
