"""The matches of a payment in Octopus with the documents it pays.

Each match is committed before its call; while what became of it is not known, Octopus
is asked before anything else is done.
"""

from __future__ import annotations

import logging
from collections import Counter

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..api.client import FIRST_SYNC
from ..api.errors import (
    NO_FEED,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusMissing,
    OctopusQuotaError,
    OctopusRefused,
    OctopusUnknownOutcome,
)
from ..api.operations import Capability
from ..api.types import BalancingKey
from ..call_log import about
from ..core import codes
from ..core.codes import WAIT
from ..core.findings import Finding, FindingError, unexpected, worst
from ..core.money import exact
from ..core.payment_allocation import OverAllocated, Pair, difference
from ..core.refusals import finding_of_error
from ..core.states import BOOKED
from .document_matches import whole_document
from .failures import scope_of
from .result import Scope, SendResult, Stop
from .steps import TRIES, sent_since

_logger = logging.getLogger(__name__)


class Matcher:
    """Makes and takes back matches of payments that are booked.

    :param kind: ``PaymentKind`` in the transaction of a sender
    """

    def __init__(self, kind):
        self.kind = kind
        self.env = kind.env
        self.steps = kind.steps
        self.octopus = kind.octopus
        # What was to be matched when it was looked at last.
        self.wanted = None

    def match(self, row_id) -> SendResult:
        """Make and take back matches until Octopus has what is reconciled in Odoo.

        Errors end in ``match_state`` and its finding; the payment itself is booked.
        What somebody changed at that very moment is looked at once more, for nobody
        may wake the next pass.

        :param row_id: id of an ``octopus.payment`` that is booked
        :return: with the state of the payment, not that of its matches
        """
        row = self.kind.rows.browse(row_id)
        result = self._try_to_match(row)
        return self._try_to_match(row) if result.conflict else result

    def _try_to_match(self, row):
        self.wanted = None
        try:
            with about(row):
                return self._match(row)
        except FindingError as error:
            self.steps.rollback()
            return self._stay(row, error.findings)
        except OverAllocated as error:
            self.steps.rollback()
            _logger.warning("Payment %s: %s", row.id, error)
            facts = {"payment": row.octopus_number}
            return self._stay(row, [Finding(codes.MATCH_NO_ROOM, facts)])
        except OctopusError as error:
            self.steps.rollback()
            return self._stay(row, [self._match_finding(row, error)], error)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.steps.rollback()
            return SendResult(row.state, conflict=True)
        except Exception as error:
            _logger.exception("Payment %s could not be matched", row.id)
            self.steps.rollback()
            return self._stay(row, [unexpected(error)])

    def _match(self, row):
        if row.match_state not in ("todo", "waiting"):
            return SendResult(row.state)
        if row.adopted or any(match.state != "made" for match in row.match_ids):
            self._resolve_matches(row)
        for _try in range(TRIES):
            slots, self.wanted, held, told = row.match_plan_parts()
            remove, make = difference(slots, self.wanted, held)
            if not remove and not make:
                # In the transaction that sees nothing left to do: what is reconciled
                # or undone after that notes it on the row, and one of both starts
                # again.
                return self._matched(row, told)
            self._unmatch(row, remove)
            self._make_all(row, make)
        # Somebody goes on reconciling it: the next pass looks again.
        return SendResult(row.state)

    def _matched(self, row, told):
        if any(found.stops for found in told):
            return self._stay(row, told)
        row.set_matched(told)
        self.steps.commit()
        return SendResult(row.state)

    def _make_all(self, row, pairs):
        """Make matches; one that Octopus refuses stops no other.

        :raises OctopusRefused: the first refusal, in the end
        """
        refusals = []
        for pair, amount in pairs.items():
            try:
                self._make(row, pair, amount)
            except OctopusRefused as error:
                refusals.append(error)
        if refusals:
            raise refusals[0]

    def _make(self, row, pair, amount):
        match = self.env["octopus.payment.match"].create(
            {
                "payment_id": row.id,
                "line": pair.line,
                "booking_id": pair.document,
                "amount": float(amount),
                "state": "making",
            }
        )
        self.steps.commit()
        try:
            self.octopus.insert_balancing(*self._sides(row, pair), amount)
        except OctopusUnknownOutcome:
            raise
        except OctopusError as error:
            refused = isinstance(error, OctopusRefused)
            if not (refused and self._is_theirs(row, match, pair)):
                # Octopus answered, or was not asked: nothing is in doubt.
                match.unlink()
                self.steps.commit()
                raise
        match.state = "made"
        self.steps.commit()

    def _is_theirs(self, row, match, pair):
        """Whether somebody in Octopus matched the two before, for that or a part of it;
        the match is then for no more than that."""
        ours = row.match_ids.filtered(lambda it: it.pair() == pair)
        known = sum(exact(it.amount, row.company_id.currency_id) for it in ours - match)
        found = self._read_matches(row).get(pair, 0) - known
        if found <= 0:
            return False
        match.amount = min(match.amount, float(found))
        return True

    def _unmatch(self, row, pairs):
        """Take matches back."""
        by_hand = Capability.BALANCING_DELETE not in self.octopus.capabilities
        there = self._read_matches(row) if pairs and by_hand else {}
        left = self.env["octopus.payment.match"]
        for pair in pairs:
            matches = row.match_ids.filtered(lambda it, pair=pair: it.pair() == pair)
            if pair in there:
                left |= matches
                continue
            if not by_hand:
                self._delete(row, pair, matches)
            matches.unlink()
            self.steps.commit()
        if left:
            facts = {
                "payment": row.octopus_number,
                "document": ", ".join(left.booking_id.mapped("octopus_number")),
            }
            raise FindingError(Finding(codes.MATCH_BY_HAND, facts))

    def _delete(self, row, pair, matches):
        sides = self._sides(row, pair)
        matches.state = "removing"
        self.steps.commit()
        try:
            self.octopus.delete_balancing(*sides)
        except (OctopusRefused, OctopusMissing, OctopusInvalidRequest):
            # Perhaps the accountant took it back before: how that is answered is not
            # known.
            if pair in self._read_matches(row):
                raise

    def _sides(self, row, pair):
        """Return (debit, credit): money that comes in stands on the credit side."""
        booking = row.booking()
        document = self.env["octopus.booking"].browse(pair.document)
        paid = whole_document(document)
        paying = BalancingKey(
            bookyear_id=booking.bookyear_id,
            journal=booking.journal,
            number=booking.number,
            line=pair.line,
        )
        money_in = booking.lines[pair.line - 1].amount > 0
        return (paid, paying) if money_in else (paying, paid)

    def _resolve_matches(self, row):
        """Find out what became of calls without an answer, by what is matched now."""
        found = self._read_matches(row)
        rows = row.match_ids
        # What was being taken back is tried again, which changes nothing twice.
        rows.filtered(lambda match: match.state == "removing").state = "made"
        told = Counter()
        for match in rows.sorted(lambda match: (match.state == "making", match.id)):
            pair = match.pair()
            amount = exact(match.amount, row.company_id.currency_id)
            if match.state == "making" and found.get(pair, 0) < told[pair] + amount:
                match.unlink()
                continue
            match.state = "made"
            told[pair] += amount
        if row.adopted:
            self._keep_those_of_before(
                row, {pair: found[pair] - told[pair] for pair in found}
            )
        self.steps.commit()

    def _keep_those_of_before(self, row, found):
        """Keep the matches that were there before the backup was restored."""
        self.env["octopus.payment.match"].create(
            [
                {
                    "payment_id": row.id,
                    "line": pair.line,
                    "booking_id": pair.document,
                    "amount": float(amount),
                    "state": "made",
                }
                for pair, amount in found.items()
                if amount > 0
            ]
        )

    def _read_matches(self, row):
        """Return ``{Pair: amount}`` of what Octopus matched a payment with, of our
        documents."""
        since = FIRST_SYNC
        if not row.adopted:
            since = sent_since(row)
        booking = row.booking()
        key = booking.bookyear_id, booking.journal, booking.number
        found = {}
        for balancing in self._balancings(row, since):
            sides = balancing.debit.key, balancing.credit.key
            for ours, other in (sides, sides[::-1]):
                if (ours.bookyear_id, ours.journal, ours.number) == key:
                    document = self._document(row, other)
                    if document and balancing.amount:
                        found[Pair(ours.line, document.id)] = abs(balancing.amount)
        return found

    def _balancings(self, row, since):
        """Return the matches that changed.

        :raises FindingError: they are not listed, which is no refusal of ours
        """
        try:
            return self.octopus.balancings_modified(since).modified
        except NO_FEED as error:
            _logger.info("The matches of %s are not listed: %s", row.id, error)
            raise FindingError(Finding(codes.ANSWER_UNCLEAR)) from error

    def _document(self, row, key):
        return self.env["octopus.booking"].search(
            [
                ("dossier_id", "=", row.dossier_id.id),
                ("bookyear_id.octopus_id", "=", key.bookyear_id),
                ("journal_id.key", "=", key.journal),
                ("number", "=", key.number),
                ("state", "in", BOOKED),
            ],
            limit=1,
        )

    def _match_finding(self, row, error):
        if isinstance(error, OctopusRefused):
            facts = {"payment": row.octopus_number}
            older = self._to_be_taken_back(row)
            if older:
                documents = ", ".join(older.mapped("octopus_number"))
                return Finding(codes.MATCH_WAITS, {**facts, "documents": documents})
            return Finding(codes.MATCH_REFUSED, {**facts, **error.answer})
        return finding_of_error(error, dossier=row.dossier_id.name)

    def _to_be_taken_back(self, row):
        """Return the documents of a payment that other payments do not pay any more
        here, and still do in Octopus."""
        documents = [document for _item, document in self.wanted or ()]
        others = self.env["octopus.payment.match"].search(
            [
                ("booking_id", "in", documents),
                ("payment_id", "!=", row.id),
                ("payment_id.match_state", "in", ("todo", "waiting")),
            ]
        )
        return others.booking_id

    def _stay(self, row, findings, error=None):
        """Note why matches are not as they should be, and whom that concerns."""
        if isinstance(error, OctopusAuthError):
            # Noted on the connection, and nothing here has failed.
            return SendResult(row.state, Stop(Scope.DOSSIER))
        alone = not error or scope_of(error, findings[0]) is Scope.ROW
        if alone and self._is_outdated(row):
            return SendResult(row.state, conflict=True)
        waits = worst(findings).severity == WAIT
        retry_at = row.next_try_at(findings) if waits else None
        row.hold_matches("waiting" if waits else "blocked", findings, retry_at)
        self.steps.commit()
        if alone:
            return SendResult(row.state)
        scope = Scope.MATCHES if _is_limit_of_matches(error) else Scope.DOSSIER
        return SendResult(row.state, Stop(scope, findings[0], retry_at))

    def _is_outdated(self, row):
        """Whether something was reconciled or undone since it was looked at: the row
        says so already, and that must not be written over."""
        return self.wanted is not None and self.wanted != row.match_plan_parts()[1]


def _is_limit_of_matches(error):
    """Whether the limit of an operation is reached that bookings do not need."""
    return isinstance(error, OctopusQuotaError) and error.operation != "open_dossier"
