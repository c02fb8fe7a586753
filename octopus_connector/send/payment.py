"""One payment, under the lock of its bank journal: book it, then match its documents.

The booking travels as a document does (``send.sender``): number and payload are
committed before the call. A match is committed before its call too; while what became
of it is not known, Octopus is asked before anything else is done.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timezone

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..api.client import FIRST_SYNC
from ..api.errors import (
    NO_FEED,
    OctopusAuthError,
    OctopusError,
    OctopusInvalidRequest,
    OctopusJournalLocked,
    OctopusMissing,
    OctopusQuotaError,
    OctopusRefused,
    OctopusUnknownOutcome,
)
from ..api.operations import Capability
from ..api.stored import to_json
from ..api.types import BalancingKey, RelationRef
from ..core import codes
from ..core.bank_money import money_of
from ..core.codes import WAIT
from ..core.compare_booking import Match
from ..core.compare_payment import compare, is_like, party_of, references
from ..core.findings import Finding, FindingError, worst
from ..core.money import exact
from ..core.payment_allocation import OverAllocated, Pair, difference
from ..core.states import BOOKED, IN_FLIGHT
from ..prepare.payment import rate_for
from .document_matches import whole_document
from .relations import RelationSender
from .sender import FEED_OVERLAP, TRIES, Scope, Sender, SendRequest, SendResult, Stop

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PaymentSendRequest(SendRequest):
    """A payment before its journal is locked.

    :param partners: ``(contact id, type)`` for each line, ``None`` where the relation
        is known
    :param slots: the lines that documents can be matched with, as JSON values
    """

    partners: tuple = ()
    slots: tuple = ()
    # A relation of a document that is gone is for a person to mend.
    known: bool = False


@dataclass(frozen=True)
class MatchStop(Stop):
    """No match can be made or taken back now; payments can be booked."""


class Transfer(Sender):
    """The way of one payment to Octopus.

    :param matching: make and take back matches too
    """

    model = "octopus.payment"

    def __init__(self, env, octopus, looked=None, *, matching=True):
        super().__init__(env, octopus, looked)
        self.matching = matching
        # What was to be matched when it was looked at last.
        self.wanted = None

    def send(self, request: PaymentSendRequest) -> SendResult:
        """Book a payment and match its documents; what it takes back is unmatched
        first.

        :param request: as it was prepared; a payment that changed since is not sent
        :return: with the row's state, and the stop that the matching met
        :raises psycopg2.OperationalError: as by ``Sender.send``
        """
        row = self.env[self.model].browse(request.booking_id)
        taken_back = row.reversal_of_id
        if taken_back.match_state in ("todo", "waiting"):
            if not self.matching:
                return SendResult(row.state)
            result = self.match(taken_back.id)
            if taken_back.match_state != "done" and result.stop:
                return SendResult(row.state, result.stop)
        result = super().send(request)
        return self._then_match(row, result)

    def settle(self, booking_id) -> SendResult:
        """Find out whether a payment that was sent without an answer is booked, and
        match its documents if so.

        :param booking_id: id of an ``octopus.payment``
        :return: as of :meth:`send`, and so is what is raised
        """
        result = super().settle(booking_id)
        return self._then_match(self.env[self.model].browse(booking_id), result)

    def _then_match(self, row, result):
        due = result.state == "booked" and row.match_state == "todo"
        if due and self.matching:
            stop = self.match(row.id).stop
            return replace(result, stop=stop) if stop else result
        return result

    # Booking: what differs from a document

    def _send(self, row, request):
        if row.reversal_of_id:
            self._see_what_is_undone(row.reversal_of_id)
        return super()._send(row, request)

    def _see_what_is_undone(self, undone):
        """Look what became in Octopus of a payment that is taken back: the same lines
        the other way would leave what the accountant changed.

        :raises FindingError: it was changed there
        """
        try:
            found = self._read_back(undone, undone._booking())
        except OctopusQuotaError as error:
            # The feed tells it in time, or afterwards: then a person is asked.
            _logger.info("A payment cannot be looked at now: %s", error)
            return
        undone._judge(found and self._recognised(found))
        self._commit()
        edited = undone._edited()
        if edited:
            raise FindingError(edited)

    def _look(self, row, request):
        left = self.env[self.model].search(
            [
                ("journal_year_id", "=", request.journal_year_id),
                ("state", "in", IN_FLIGHT),
                ("id", "!=", row.id),
            ],
            limit=1,
        )
        return self._is_unchanged(row, request) and row._is_due(), left, True

    def _is_unchanged(self, row, request):
        if row.reversal_of_id:
            return row._has_to_undo()
        move = row.move_id
        return move.state == "posted" and move.write_date == request.write_date

    def _with_relation(self, row, request, known=True):
        """Have each customer or supplier in Octopus first."""
        relations = {}
        with self._keeping():
            for partner_id, type_ in filter(None, request.partners):
                relations[partner_id, type_] = self._relation(row, partner_id, type_)
        lines = tuple(
            replace(line, relation=RelationRef(id=relations[key])) if key else line
            for line, key in zip(request.booking.lines, request.partners, strict=True)
        )
        return replace(request, booking=replace(request.booking, lines=lines))

    def _relation(self, row, partner_id, type_):
        partner = self.env["res.partner"].browse(partner_id)
        partner = partner.with_company(row.company_id)
        relations = RelationSender(partner.env, row.dossier_id, self.octopus)
        relation = relations.ensure(partner, client=type_ == "C", supplier=type_ == "S")
        return relation.octopus_id

    def _adopt(self, row, request):
        """Take a booking that is this payment for its own; return whether there is one.

        :raises FindingError: a person must say whether one that may be it is
        """
        journal = self.env["octopus.journal"].browse(request.journal_id)
        found = self.env["octopus.payment.entry"]._find(row, journal, request.booking)
        for entry in found:
            booking = self._looked_at(row, entry, request.booking)
            if not booking:
                continue
            if compare(request.booking, booking) is not Match.SAME:
                row.entry_id = entry
                # What was read stays true, and is what the person sees.
                self._commit()
                raise FindingError(entry._maybe())
            self._take_over_booking(row, entry, booking, request)
            return True
        return False

    def _looked_at(self, row, entry, sent):
        """Return what an entry is now if it may be a payment, else ``None``."""
        found = self._recognised(entry._booking())
        if compare(sent, found) is Match.SAME:
            return found
        if not self._may_be(row, entry, sent, found):
            return None
        found = entry._read_anew(self.octopus)
        found = found and self._recognised(found)
        return found if found and self._may_be(row, entry, sent, found) else None

    @staticmethod
    def _may_be(row, entry, sent, found):
        """Whether a person must say if something is a payment: it was found on its
        number, has its reference, or all but the text agrees."""
        if entry == row.entry_id or references(found) & references(sent):
            return True
        return is_like(sent, found) and not row._is_of_another(references(found))

    def _take_over_booking(self, row, entry, booking, request):
        request = replace(request, journal_year_id=entry.journal_year_id.id)
        if _cut(booking) != _cut(request.booking):
            request = replace(
                request, slots=_slots_in(row, booking, _items_of(request))
            )
        row.adopted = True
        self._claim(row, request, booking)
        self._booked(row, "none")

    def adopt(self, row_id) -> None:
        """Link the booking that a person said is a payment, whatever stands in the way
        of booking that anew; nothing is sent.

        :raises FindingError: it is not as it was shown any more
        :raises OctopusError: it cannot be read now
        """
        row = self.env[self.model].browse(row_id)
        entry = row.entry_id
        shown = entry._booking()
        found = entry._read_anew(self.octopus)
        # What it is called by may have changed: that is no other payment.
        if not found or not is_like(shown, found) or entry._is_over():
            if found:
                row._hold("blocked", [entry._maybe()])
            self._commit()
            raise FindingError(Finding(codes.PAYMENT_ALTERED))
        found = self._recognised(found)
        slots = _slots_in(row, found, row._items_by_party())
        row._adopt(entry, to_json(found), slots)
        self._commit()

    def _claim(self, row, request, booking):
        row._claim(
            {
                "journal_year_id": request.journal_year_id,
                "number": booking.number,
                "period_number": booking.period,
                "run_id": request.run_id,
                "payload": to_json(booking),
                "slots": list(request.slots),
                "fingerprint": request.fingerprint,
                "findings": list(request.findings),
            }
        )
        self._commit()

    def _insert(self, row, booking, request):
        self.octopus.insert_financial_booking(self._named(booking))
        return ()

    def _named(self, booking):
        """Return the booking with our own numbers of its relations besides, where a
        line knows no others (SOAP, docs/octopus.md §7)."""
        if Capability.LINE_RELATIONS in self.octopus.capabilities:
            return booking
        numbers = [line.relation.id for line in booking.lines if line.relation]
        relations = self.env["octopus.relation"].search(
            [
                ("dossier_id.octopus_id", "=", self.octopus.dossier_id),
                ("octopus_id", "in", numbers),
            ]
        )
        ours = {it.octopus_id: it.external_id or None for it in relations}

        def named(line):
            if not line.relation:
                return line
            number = ours.get(line.relation.id)
            return replace(line, relation=replace(line.relation, external_id=number))

        return replace(booking, lines=tuple(map(named, booking.lines)))

    def _recognised(self, booking):
        """Return a booking of Octopus with the numbers of its relations, where it
        tells ours only: the other way round than :meth:`_named`."""
        ours = {
            line.relation.external_id
            for line in booking.lines
            if line.relation and not line.relation.id
        }
        if not ours:
            return booking
        relations = self.env["octopus.relation"].search(
            [
                ("dossier_id.octopus_id", "=", self.octopus.dossier_id),
                ("external_id", "in", list(filter(None, ours))),
            ]
        )
        numbers = {it.external_id: it.octopus_id for it in relations}

        def recognised(line):
            if not line.relation or line.relation.id:
                return line
            number = numbers.get(line.relation.external_id)
            return replace(line, relation=replace(line.relation, id=number))

        return replace(booking, lines=tuple(map(recognised, booking.lines)))

    def _settle(self, row):
        if row.state not in IN_FLIGHT:
            return SendResult(row.state)
        # From here on no answer but a success or a look at the number itself takes the
        # doubt away.
        row.state = "unknown"
        self._commit()
        if self._is_withdrawn(row):
            return self._identify(row)
        try:
            self._insert_again(row)
        except OctopusJournalLocked:
            if self._look_for(row)[0] is not Match.SAME:
                raise
        except (OctopusRefused, OctopusInvalidRequest):
            return self._identify(row)
        return self._booked(row, "none")

    def _is_withdrawn(self, row):
        if row.reversal_of_id:
            return not row._has_to_undo()
        return row.move_id.state != "posted"

    def _insert_again(self, row):
        self.octopus.insert_financial_booking(self._named(row._booking()))

    def _identify(self, row):
        """Look what sits on the number of a row and decide by that."""
        match, found = self._look_for(row)
        if match is Match.SAME:
            return self._booked(row, "none")
        journal_year = row.journal_year_id
        row._give_number_back()
        if match is Match.ALTERED:
            journal_year.note_there(found.number)
            entries = self.env["octopus.payment.entry"]
            row.entry_id = entries._keep(journal_year, [found])
            return self._end(row, [row.entry_id._maybe()])
        self._commit()
        journal_year.read_state(self.octopus)
        self._commit()
        return SendResult(row.state)

    def _look_for(self, row):
        sent = row._booking()
        found = self._read_back(row, sent)
        if not found:
            return Match.OTHER, None
        return row._likeness(self._recognised(found)), found

    def _read_back(self, row, sent):
        key = sent.bookyear_id, sent.journal
        try:
            return self.octopus.financial_booking(*key, sent.number)
        except OctopusMissing:
            return None
        except OctopusQuotaError as error:
            since = row.sent_at.replace(tzinfo=timezone.utc) - FEED_OVERLAP
            try:
                changed = self.octopus.financial_bookings_modified(*key, since)
            except NO_FEED:
                # The payment was not refused: it can be looked at tomorrow.
                raise error from None
            on_number = [item for item in changed if item.number == sent.number]
            if not on_number:
                raise
            return on_number[0]

    def _finding(self, row, error):
        finding = super()._finding(row, error)
        if finding.code == codes.CURRENCY_UNKNOWN:
            return Finding(codes.REFUSED, finding.params)
        return finding

    # Matching

    def match(self, row_id) -> SendResult:
        """Make and take back matches until Octopus has what is reconciled in Odoo.

        Errors end in ``match_state`` and its finding; the payment itself is booked.
        What somebody changed at that very moment is looked at once more, for nobody
        may wake the next pass.

        :param row_id: id of an ``octopus.payment`` that is booked
        :return: with the state of the payment, not that of its matches
        """
        row = self.env[self.model].browse(row_id)
        result = self._try_to_match(row)
        return self._try_to_match(row) if result.conflict else result

    def _try_to_match(self, row):
        self.wanted = None
        try:
            return self._match(row)
        except FindingError as error:
            self.env.cr.rollback()
            return self._stay(row, error.findings)
        except OverAllocated as error:
            self.env.cr.rollback()
            _logger.warning("Payment %s: %s", row.id, error)
            facts = {"payment": row.octopus_number}
            return self._stay(row, [Finding(codes.MATCH_NO_ROOM, facts)])
        except OctopusError as error:
            self.env.cr.rollback()
            return self._stay(row, [self._match_finding(row, error)], error)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            return SendResult(row.state, conflict=True)
        except Exception as error:
            _logger.exception("Payment %s could not be matched", row.id)
            self.env.cr.rollback()
            return self._stay(
                row, [Finding(codes.UNEXPECTED, {"message": repr(error)})]
            )

    def _match(self, row):
        if row.match_state not in ("todo", "waiting"):
            return SendResult(row.state)
        if row.adopted or any(match.state != "made" for match in row.match_ids):
            self._settle_matches(row)
        for _try in range(TRIES):
            slots, self.wanted, held, told = row._match_plan_parts()
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
        row._set_matched(told)
        self._commit()
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
        self._commit()
        try:
            self.octopus.insert_balancing(*self._sides(row, pair), amount)
        except OctopusUnknownOutcome:
            raise
        except OctopusError as error:
            refused = isinstance(error, OctopusRefused)
            if not (refused and self._is_theirs(row, match, pair)):
                # Octopus answered, or was not asked: nothing is in doubt.
                match.unlink()
                self._commit()
                raise
        match.state = "made"
        self._commit()

    def _is_theirs(self, row, match, pair):
        """Whether somebody in Octopus matched the two before, for that or a part of it;
        the match is then for no more than that."""
        ours = row.match_ids.filtered(lambda it: it._pair() == pair)
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
            matches = row.match_ids.filtered(lambda it, pair=pair: it._pair() == pair)
            if pair in there:
                left |= matches
                continue
            if not by_hand:
                self._delete(row, pair, matches)
            matches.unlink()
            self._commit()
        if left:
            facts = {
                "payment": row.octopus_number,
                "document": ", ".join(left.booking_id.mapped("octopus_number")),
            }
            raise FindingError(Finding(codes.MATCH_BY_HAND, facts))

    def _delete(self, row, pair, matches):
        sides = self._sides(row, pair)
        matches.state = "removing"
        self._commit()
        try:
            self.octopus.delete_balancing(*sides)
        except (OctopusRefused, OctopusMissing, OctopusInvalidRequest):
            # Perhaps the accountant took it back before: how that is answered is not
            # known.
            if pair in self._read_matches(row):
                raise

    def _sides(self, row, pair):
        """Return (debit, credit): money that comes in stands on the credit side."""
        booking = row._booking()
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

    def _settle_matches(self, row):
        """Find out what became of calls without an answer, by what is matched now."""
        found = self._read_matches(row)
        rows = row.match_ids
        # What was being taken back is tried again, which changes nothing twice.
        rows.filtered(lambda match: match.state == "removing").state = "made"
        told = Counter()
        for match in rows.sorted(lambda match: (match.state == "making", match.id)):
            pair = match._pair()
            amount = exact(match.amount, row.company_id.currency_id)
            if match.state == "making" and found.get(pair, 0) < told[pair] + amount:
                match.unlink()
                continue
            match.state = "made"
            told[pair] += amount
        if row.adopted:
            self._take_over(row, {pair: found[pair] - told[pair] for pair in found})
        self._commit()

    def _take_over(self, row, found):
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
            since = row.sent_at.replace(tzinfo=timezone.utc) - FEED_OVERLAP
        booking = row._booking()
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
        return self.env["octopus.finding"].from_error(
            error, dossier=row.dossier_id.name
        )

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
        scope = self._scope(error, findings[0]) if error else Scope.DOCUMENT
        if scope is Scope.DOCUMENT and self._is_outdated(row):
            return SendResult(row.state, conflict=True)
        waits = worst(findings).severity == WAIT
        retry_at = row._retry_at(findings) if waits else None
        row._hold_matches("waiting" if waits else "blocked", findings, retry_at)
        self._commit()
        if scope is Scope.DOCUMENT:
            return SendResult(row.state)
        stop = Stop(Scope.DOSSIER, findings[0], retry_at)
        if _is_limit_of_matches(error):
            stop = MatchStop(Scope.DOSSIER, findings[0], retry_at)
        return SendResult(row.state, stop)

    def _is_outdated(self, row):
        """Whether something was reconciled or undone since it was looked at: the row
        says so already, and that must not be written over."""
        return self.wanted is not None and self.wanted != row._match_plan_parts()[1]


def _is_limit_of_matches(error):
    """Whether the limit of an operation is reached that bookings do not need."""
    return isinstance(error, OctopusQuotaError) and error.operation != "open_dossier"


def _cut(booking):
    return [(party_of(line), line.amount) for line in booking.lines]


def _items_of(request):
    """Return ``{party: item}`` of what would be sent."""
    lines = [line for line in request.booking.lines if line.type != "A"]
    items = {}
    for line, slot in zip(lines, request.slots, strict=True):
        items.setdefault(party_of(line), slot["item"])
    return items


def _slots_in(row, found, items):
    """Return the slots of a booking that was cut in other lines than ours; a line of
    nobody that is paid here cannot be matched."""
    rate = rate_for(row.move_id, found, row.dossier_id)
    money = money_of(row.journal_id, rate)
    return tuple(
        {
            "line": number,
            "item": items[party_of(line)],
            "amount": str(abs(money.in_euro(line.amount))),
            "document": None,
        }
        for number, line in enumerate(found.lines, 1)
        if party_of(line) in items
    )
