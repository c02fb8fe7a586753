"""Documents that are reconciled with each other in Odoo, matched in Octopus.

Under the lock of the debit document's journal. A call is committed before it leaves;
what became of it, when that is not known, is read from the feed of matches.
"""

from __future__ import annotations

import logging
from datetime import timezone
from decimal import Decimal

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..api.client import FIRST_SYNC
from ..api.errors import (
    NO_FEED,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusMissing,
    OctopusRefused,
    OctopusUnknownOutcome,
)
from ..api.operations import Capability
from ..api.types import BalancingKey
from ..core import codes
from ..core.findings import Finding, FindingError
from ..core.money import exact
from ..core.refusals import finding_of_error
from ..core.states import BOOKED
from .result import Scope, SendResult, Stop
from .steps import FEED_OVERLAP, TRIES

_logger = logging.getLogger(__name__)

# Octopus answered that it does not do that.
REFUSALS = (OctopusRefused, OctopusMissing, OctopusInvalidRequest)
WHOLE = -1  # the line of a document as a whole (docs/octopus.md §18)


def is_paired(debit, credit) -> bool:
    """Whether two reconciled entries are documents of which Octopus can have both.

    :param debit: ``account.move``, as is ``credit``; a payment is no document
    """
    return all(move.is_invoice(include_receipts=True) for move in (debit, credit))


def whole_document(booking) -> BalancingKey:
    """Return the key with which Octopus matches a document as a whole.

    :param booking: ``octopus.booking`` that is there
    """
    return BalancingKey(
        bookyear_id=booking.bookyear_id.octopus_id,
        journal=booking.journal_id.key,
        number=booking.number,
        line=WHOLE,
    )


class DocumentMatches:
    """Makes and takes back the matches of documents with each other.

    :param env: in sudo; its cursor is committed before and after each call
    :param octopus: ``api.client.DossierClient``
    """

    def __init__(self, env, octopus):
        self.env = env
        self.octopus = octopus
        # What was reconciled here when it was looked at last, in euro.
        self.wanted = None

    def match(self, match_id: int) -> SendResult:
        """Make or take back what a row lacks or has too much.

        Errors end on the row, and in a question for what a person must mend.

        :param match_id: id of an ``octopus.document.match``, whose journal is locked
        :return: ``booked`` when Octopus has what Odoo has, ``ready`` when more is to be
            done now, ``waiting``, ``blocked``, ``gone`` or ``conflict``
        """
        row = self.env["octopus.document.match"].browse(match_id)
        try:
            return self._match(row)
        except FindingError as error:
            self.env.cr.rollback()
            return self._stay(row, error.findings[0])
        except REFUSALS as error:
            self.env.cr.rollback()
            return self._stay(row, row.refused(error))
        except OctopusError as error:
            self.env.cr.rollback()
            return self._wait(row, error)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # Somebody reconciles one of them at this moment: the row stays due.
            self.env.cr.rollback()
            return SendResult("conflict")
        except Exception as error:
            _logger.exception("Match %s of documents could not be made", match_id)
            self.env.cr.rollback()
            return self._stay(row, Finding(codes.UNEXPECTED, {"message": repr(error)}))

    def _match(self, row):
        if not row.exists():
            return SendResult("gone")
        self._find_out(row)
        for _try in range(TRIES):
            self.wanted = row.wanted()
            missing = self.wanted - self._held(row)
            if not missing:
                # In the transaction that sees nothing left to do: what is reconciled
                # after that notes it on the row, and one of both starts again.
                row.set_done()
                self._commit()
                return SendResult("booked")
            if missing > 0:
                self._make(row, missing)
            else:
                self._remove(row)
        return SendResult("ready")

    @staticmethod
    def _held(row):
        return exact(row.amount, row.company_id.currency_id)

    def _make(self, row, missing):
        row.begin_call("making", missing)
        self._commit()
        try:
            self.octopus.insert_balancing(*self._sides(row), missing)
        except OctopusUnknownOutcome:
            raise
        except OctopusError as error:
            # Octopus answered, or was not asked: nothing is in doubt.
            held = self._held(row)
            row.end_call(held)
            self._commit()
            theirs = self._theirs(row, held) if isinstance(error, REFUSALS) else 0
            if theirs <= 0:
                raise
            row.end_call(held + min(theirs, missing))
            self._commit()
            return
        row.end_call(self._held(row) + missing)
        self._commit()

    def _theirs(self, row, held):
        """Return what somebody in Octopus matched the two for beside us, which is as
        good; zero where the feed does not tell."""
        try:
            return (self._there(row) or held) - held
        except FindingError as error:
            _logger.info("Nobody can tell why: %s", error)
            return 0

    def _remove(self, row):
        """Take the match back: Octopus takes it back as a whole only.

        :raises FindingError: this way of calling has no such call
        """
        if self._is_gone(row):
            row.end_call(0)
            self._commit()
            return
        if Capability.BALANCING_DELETE not in self.octopus.capabilities:
            if self._there(row) != 0:
                facts = {"payment": row.debit_booking_id.octopus_number}
                facts["document"] = row.credit_booking_id.octopus_number
                raise FindingError(Finding(codes.MATCH_BY_HAND, facts))
        else:
            row.begin_call("removing", row.amount)
            self._commit()
            self._delete(row)
        row.end_call(0)
        self.env["octopus.balancing"].forget_by_hand(
            row.debit_booking_id, row.credit_booking_id
        )
        self._commit()

    def _delete(self, row):
        try:
            self.octopus.delete_balancing(*self._sides(row))
        except REFUSALS:
            # Perhaps the accountant took it back before: how that is answered is not
            # known.
            if self._there(row):
                raise

    @staticmethod
    def _is_gone(row):
        """Whether Octopus does not have one of the documents any more."""
        return any(booking.state not in BOOKED for booking in row.bookings())

    def _find_out(self, row):
        """Find out what became of a call without an answer."""
        if not row.step:
            return
        there = self._there(
            row, row.sent_at.replace(tzinfo=timezone.utc) - FEED_OVERLAP
        )
        held = self._held(row)
        if there is None:
            # Nothing changed since: it did not arrive.
            there = held
        elif row.step == "making":
            there = min(
                there, held + exact(row.step_amount, row.company_id.currency_id)
            )
        row.end_call(there)
        self._commit()

    def _there(self, row, since=FIRST_SYNC):
        """Return what the two are matched for there, in euro; zero when that was taken
        back, ``None`` when the feed does not tell.

        :raises FindingError: the feed is refused
        """
        sides = self._sides(row)
        try:
            changes = self.octopus.balancings_modified(since)
        except NO_FEED as error:
            # What is not listed was not refused: it waits, as a match of a payment.
            _logger.info("The matches of %s are not listed: %s", row.id, error)
            raise FindingError(Finding(codes.ANSWER_UNCLEAR)) from error
        # Told as both, it was made again after it was taken back.
        for balancing in changes.modified:
            if (balancing.debit.key, balancing.credit.key) == sides:
                return abs(balancing.amount or Decimal(0))
        for balancing in changes.deleted:
            if (balancing.debit.key, balancing.credit.key) == sides:
                return Decimal(0)
        return None

    @staticmethod
    def _sides(row):
        """Return the keys (debit, credit) of the documents as a whole."""
        return tuple(map(whole_document, row.bookings()))

    def _wait(self, row, error):
        if isinstance(error, OctopusAuthError):
            # Noted on the connection, and nothing here has failed.
            return SendResult("waiting", Stop(Scope.DOSSIER))
        dossier = row.dossier_id.name
        finding = finding_of_error(error, dossier=dossier)
        result = self._stay(row, finding)
        # The others need the same calls.
        return SendResult(result.state, Stop(Scope.DOSSIER, finding, row.retry_at))

    def _stay(self, row, finding):
        if self.wanted is not None and row.wanted() != self.wanted:
            # Something was reconciled or undone during the call: the row says so.
            return SendResult("conflict")
        row.hold(finding)
        self._commit()
        return SendResult("waiting" if finding.waits else "blocked")

    def _commit(self):
        # Each step is a promise to the next one, and to whoever finds the row later.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        # What was reconciled meanwhile must show.
        self.env.invalidate_all()
