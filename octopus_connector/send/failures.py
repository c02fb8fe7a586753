"""What an error of Octopus means for a row, and how far it concerns others."""

from __future__ import annotations

import logging

from psycopg2.errors import UniqueViolation

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..api.errors import (
    OctopusAccessError,
    OctopusError,
    OctopusJournalLocked,
    OctopusNotNow,
    OctopusQuotaError,
    OctopusUnknownOutcome,
)
from ..core import codes
from ..core.findings import Finding, FindingError
from ..core.states import IN_FLIGHT
from ..sync.mirror import Mirror
from .result import Scope

_logger = logging.getLogger(__name__)

# Their daily limit stops the documents of new contacts only.
OF_RELATIONS = (
    "find_relations",
    "relations",
    "relations_modified",
    "upsert_relation",
)
# Who else needs the operation of which the day's limit is reached.
SCOPE_OF_LIMIT = {
    "open_dossier": Scope.DOSSIER,
    "insert_booking": Scope.DOSSIER,
    "find_relations": Scope.ROW,
    "upsert_relation": Scope.ROW,
}
# Somebody else writes the mirror at this very moment.
MIRRORED_BY_OTHERS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UniqueViolation)


def scope_of(error: Exception, finding: Finding) -> Scope:
    """Return whom else an error concerns.

    :param error: what a call for one row raised
    :param finding: what it was taken for, see :class:`Failures`
    """
    if isinstance(error, OctopusJournalLocked) or finding.code == codes.JOURNAL_CLOSED:
        return Scope.JOURNAL
    if isinstance(error, OctopusQuotaError) and error.operation in OF_RELATIONS:
        return Scope.ROW
    if isinstance(error, OctopusQuotaError):
        # The limit of one operation concerns who needs that one, and nobody else.
        return SCOPE_OF_LIMIT.get(error.operation, Scope.JOURNAL)
    if isinstance(error, (OctopusNotNow, OctopusAccessError)):
        return Scope.DOSSIER
    return Scope.ROW


class Failures:
    """Turns errors of calls into findings, reading again what may explain them.

    :param kind: ``Kind`` of the row, in the transaction of its sender
    :param looked: ids of the journals in a bookyear whose state was read again already
        in this pass; reads are few
    """

    def __init__(self, kind, looked):
        self.kind = kind
        self.steps = kind.steps
        self.octopus = kind.octopus
        self.looked = looked

    def finding_of(self, row, error: OctopusError) -> Finding:
        """Return what stands in the way of a row.

        :param row: of the outbox
        :param error: what its call raised
        """
        journal_year = row.journal_year_id
        values = {
            "journal": journal_year.journal_id.key,
            "bookyear": journal_year.bookyear_id.name,
            "number": row.number,
            "dossier": row.dossier_id.name,
            "currency": row.currency_id.name,
            "period": row.period_number,
            "date": row.accounting_date,
        }
        if isinstance(error, OctopusJournalLocked):
            locked = self._why_locked(row, error)
            return Finding(locked, {**values, **error.answer})
        if isinstance(error, OctopusUnknownOutcome) and row.state not in IN_FLIGHT:
            # A relation, which is looked up again first: no booking is in doubt.
            return Finding(codes.SERVICE_DOWN)
        return self.kind.finding_of(row, error, values)

    def _why_locked(self, row, error):
        """Tell the two causes of the same answer apart (docs/octopus.md §12)."""
        journal_year = row.journal_year_id
        bookyear = journal_year.bookyear_id
        if error.code is None and journal_year:
            try:
                journal_year.read_state(self.octopus)
                if not (journal_year.closed or bookyear.closed or row.attempts):
                    # Once: it may be the whole bookyear that was closed.
                    Mirror(row.dossier_id).bookyears(self.octopus)
                # What another worker wrote meanwhile must show here, not later.
                self.kind.env.flush_all()
            except (OctopusError, FindingError) as failure:
                _logger.info("The state of a journal cannot be read: %s", failure)
            except MIRRORED_BY_OTHERS:
                self.steps.rollback()
        closed = journal_year.closed or bookyear.closed
        return codes.JOURNAL_CLOSED if closed else codes.JOURNAL_OPEN_ELSEWHERE

    def is_mirrored(self, row) -> bool:
        """Whether the mirror, read again if need be, knows what is closed.

        :param row: of the outbox, that Octopus refused for what is closed
        """
        journal_year = row.journal_year_id

        def knows():
            shut = row.period_number <= journal_year.closed_until
            return shut or journal_year.closed or journal_year.bookyear_id.closed

        if row.attempts or journal_year.id in self.looked:
            return knows()
        self.looked.add(journal_year.id)
        try:
            if not knows():
                journal_year.read_state(self.octopus)
            if not knows():
                Mirror(row.dossier_id).bookyears(self.octopus)
            self.steps.commit()
        except (OctopusError, FindingError) as error:
            _logger.info("What is closed cannot be read again now: %s", error)
        except MIRRORED_BY_OTHERS:
            # Concurrent update: the other transaction read the same.
            self.steps.rollback()
        return knows()
