"""Payments on their way to Octopus: an F booking, and what is theirs alone.

A match is committed before its call, as a number is; ``matcher`` makes and takes back
matches once the payment is booked.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial

from odoo.fields import Domain
from odoo.service.model import retrying

from ..api.errors import NO_FEED, OctopusMissing, OctopusQuotaError
from ..api.stored import to_json
from ..api.types import RelationRef
from ..core import codes
from ..core.bank_money import money_of
from ..core.compare_booking import Match
from ..core.compare_payment import compare, is_like, party_of, references
from ..core.findings import Finding, FindingError, unexpected
from ..core.states import IN_FLIGHT, OPEN
from ..prepare.findings import no_dossier
from ..prepare.payment import Preparation, preparation_of, rate_for
from ..prepare.payment_documents import once_documents_went
from ..prepare.payment_questions import edited
from ..prepare.payments_missing import payments_without_row
from ..prepare.scope import out_of_place, unasked_before_start
from ..sync.compare_payments import answer, judge, likeness
from ..sync.entries import PaymentEntries, read_anew
from ..sync.find_entry import find_payment, is_over, maybe_payment
from ..sync.line_relations import named, recognised
from .collect_payments import (
    collect,
    drop_needless,
    needless,
    offer_accounts,
    to_collect,
    wake_waiting,
)
from .kinds import Kind
from .link_payments import link, link_chosen
from .matcher import Matcher
from .payment_pass import PaymentPass
from .relations import RelationSender
from .result import PaymentRequest, Scope, SendResult
from .steps import sent_since

_logger = logging.getLogger(__name__)


class PaymentKind(Kind):
    """Payments of banks and cash registers that Odoo keeps."""

    model = "octopus.payment"
    told_on = "payment_id"

    @property
    def matching(self) -> bool:
        """Whether matches can be made and taken back now."""
        return Scope.MATCHES not in self.stops

    # Of a pass

    def new_pass(self, dossier, chosen=None):
        """Return a pass over payments and matches (``Kind.new_pass``)."""
        return PaymentPass(self, dossier, chosen)

    def collect(self, dossier):
        """Give each payment its row, follow what changed (``Kind.collect``)."""
        collect(self.env, dossier)
        wake_waiting(self.env, dossier)

    def corrects(self):
        """Return what undoes a booking that is there (``Kind.corrects``)."""
        return Domain("reversal_of_id", "!=", False)

    def without_row(self, settings, start):
        """Return those without a row (``Kind.without_row``).

        :param settings: as of :meth:`goes`, as is ``start``
        """
        return self.goes(settings, start) & payments_without_row(settings)

    def due_in(self, dossiers):
        """Return where payments or matches are due, are new, were changed in Odoo, or
        wait for nothing any more (``Kind.due_in``)."""
        found = super().due_in(dossiers)
        found |= self.rows.matches_due(dossiers).dossier_id
        found |= self.env["octopus.document.match"].due_for(dossiers).dossier_id
        return found | to_collect(self.env, dossiers - found)

    def prepare(self, rows, run):
        """Prepare payments, those of one company together (``Kind.prepare``)."""
        rows = rows - drop_needless(rows)
        for row in rows:
            if unasked_before_start(row):
                row.queued = False
        requests, held = [], []
        for row, prepared, findings in self._prepared_each(rows):
            if any(found.stops for found in findings):
                held.append((findings, row))
            else:
                requests.append(self._request(row, prepared, run))
        return requests, held

    def _prepared_each(self, rows):
        """Yield each row with its ``PreparedPayment``, ``None`` if that fails, and what
        there is to tell."""
        preparations = {}
        for row in rows:
            if misplaced := _misplaced(row):
                yield row, None, misplaced
                continue
            settings = row.company_id.octopus_settings_in(row.dossier_id)
            books = settings, row.dossier_id
            if books not in preparations:
                preparations[books] = Preparation(*books)
            try:
                prepared = self._prepared(row, preparations[books])
            except Exception as error:
                _logger.exception("Payment %s could not be prepared", row.id)
                yield row, None, (unexpected(error),)
                continue
            yield row, prepared, (*unasked_before_start(row), *prepared.findings)

    def foresee(self, rows):
        """Prepare payments (``Kind.foresee``). Their documents would go before them:
        that Octopus has not got those yet is told, and stops none."""
        left = rows - needless(rows)
        offer_accounts(left)
        return [
            (row, *self._foreseen(row, prepared, once_documents_went(findings)))
            for row, prepared, findings in self._prepared_each(left)
        ]

    @staticmethod
    def _foreseen(row, prepared, findings):
        if any(found.stops for found in findings):
            return None, findings
        return replace(prepared, findings=findings).booking(row.reference), findings

    @staticmethod
    def _prepared(row, preparation):
        if row.reversal_of_id:
            return preparation.take_back(row.reversal_of_id)
        return preparation.prepare(row.move_id)

    @staticmethod
    def _request(row, prepared, run):
        partners = tuple(
            (leg.partner.id, leg.type) if leg.type != "A" and not leg.relation else None
            for leg in prepared.legs
        )
        return PaymentRequest(
            booking_id=row.id,
            move_id=row.move_id.id,
            journal_id=prepared.journal.id,
            journal_year_id=prepared.journal_year.id,
            booking=prepared.booking(row.reference),
            fingerprint=prepared.fingerprint,
            write_date=prepared.write_date,
            findings=tuple(found.as_json() for found in prepared.findings),
            relation_id=None if any(partners) else 0,
            run_id=row.run_or(run).id,
            partners=partners,
            slots=tuple(prepared.slots()),
        )

    # Of a row under the lock of its journal

    def before(self, row):
        """Take the matches back of what this one undoes (``Kind.before``)."""
        taken_back = row.reversal_of_id
        if taken_back.match_state not in ("todo", "waiting"):
            return None
        if not self.matching:
            return SendResult(row.state)
        result = Matcher(self).match(taken_back.id)
        if taken_back.match_state != "done" and result.stop:
            return SendResult(row.state, result.stop)
        return None

    def check(self, row):
        """Look what became in Octopus of a payment that is taken back: the same lines
        the other way would leave what the accountant changed (``Kind.check``)."""
        undone = row.reversal_of_id
        if not undone:
            return
        try:
            found = self._read_back(undone, undone.booking())
        except OctopusQuotaError as error:
            # The feed tells it in time, or afterwards: then a person is asked.
            _logger.info("A payment cannot be looked at now: %s", error)
            return
        judge(undone, found and recognised(self.env, self.octopus, found))
        self.steps.commit()
        if found := edited(undone):
            raise FindingError(found)

    def look(self, row, request):
        """Look once more (``Kind.look``); any entry of the bank may be it."""
        left = self.rows.search(
            [
                ("journal_year_id", "=", request.journal_year_id),
                ("state", "in", IN_FLIGHT),
                ("id", "!=", row.id),
            ],
            limit=1,
        )
        unchanged = self._is_unchanged(row, request)
        unchanged = unchanged and row.is_due() and row.state in OPEN
        return unchanged, left, True

    def _is_unchanged(self, row, request):
        year = self.env["octopus.journal.year"].browse(request.journal_year_id)
        if row.dossier_id != year.dossier_id:
            return False
        if row.reversal_of_id:
            return row.has_to_undo()
        move = row.move_id
        return move.state == "posted" and move.write_date == request.write_date

    def with_relations(self, row, request, known=True):
        """Have each customer or supplier in Octopus first (``Kind.with_relations``)."""
        relations = {}
        with self.steps.keeping():
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

    def claim(self, request, booking):
        """Return what is noted of a payment with the number (``Kind.claim``)."""
        return {"slots": list(request.slots)}

    def announcing(self, booking):
        """Write the call down with the number (``Kind.announcing``)."""
        return self.octopus.announcing(
            "insert_financial_booking", self.env.cr, financial_booking=booking
        )

    def insert(self, row, request, booking):
        """Book it (``Kind.insert``); no files go along."""
        self.octopus.insert_financial_booking(named(self.env, self.octopus, booking))
        return ()

    def insert_again(self, row):
        """Book once more what was sent (``Kind.insert_again``)."""
        self.octopus.insert_financial_booking(
            named(self.env, self.octopus, row.booking())
        )

    def find(self, row):
        """Read what sits on the number of a payment (``Kind.find``)."""
        found = self._read_back(row, row.booking())
        if not found:
            return Match.OTHER, None
        return likeness(row, recognised(self.env, self.octopus, found)), found

    def _read_back(self, row, sent):
        """Return the booking on a number, ``None`` when there is none.

        :raises OctopusQuotaError: no read is left, and the feed does not have it
        """
        key = sent.bookyear_id, sent.journal
        try:
            return self.octopus.financial_booking(*key, sent.number)
        except OctopusMissing:
            return None
        except OctopusQuotaError as error:
            try:
                changed = self.octopus.financial_bookings_modified(
                    *key, sent_since(row)
                )
            except NO_FEED:
                # The payment was not refused: it can be looked at tomorrow.
                raise error from None
            on_number = [item for item in changed if item.number == sent.number]
            if not on_number:
                raise
            return on_number[0]

    def dispute(self, row, journal_year, number, found):
        """Keep what has the number, and ask (``Kind.dispute``)."""
        journal_year.note_there(number)
        row.entry_id = PaymentEntries(journal_year).keep([found])
        return maybe_payment(row.entry_id)

    def is_withdrawn(self, row):
        """Whether nothing is left to book, or to undo (``Kind.is_withdrawn``)."""
        if row.reversal_of_id:
            return not row.has_to_undo()
        return super().is_withdrawn(row)

    def set_booked(self, row, request=None, refused=(), again=False):
        """Note that Octopus has it; its documents follow (``Kind.set_booked``)."""
        reversal = row.reversal_of_id
        row.set_booked(
            {"match_state": "done" if reversal else "todo", "entry_id": False}
        )
        reversal.state = "reversed"

    def finding_of(self, row, error, values):
        """Return what an error means; no currency goes along (``Kind.finding_of``)."""
        finding = super().finding_of(row, error, values)
        if finding.code == codes.CURRENCY_UNKNOWN:
            return Finding(codes.REFUSED, finding.params)
        return finding

    def after(self, row, result):
        """Match what is booked with its documents (``Kind.after``)."""
        due = result.state == "booked" and row.match_state == "todo"
        if due and self.matching:
            stop = Matcher(self).match(row.id).stop
            return replace(result, stop=stop) if stop else result
        return result

    # Already in Octopus

    def link(self, row, request):
        """Take a booking that is this payment for its own (``Kind.link``)."""
        journal = self.env["octopus.journal"].browse(request.journal_id)
        found = find_payment(row, journal, request.booking)
        for entry in found:
            booking = self._looked_at(row, entry, request.booking)
            if not booking:
                continue
            if compare(request.booking, booking) is not Match.SAME:
                row.entry_id = entry
                # What was read stays true, and is what the person sees.
                self.steps.commit()
                raise FindingError(maybe_payment(entry))
            self._take_over(row, entry, booking, request)
            return True
        return False

    def _looked_at(self, row, entry, sent):
        """Return what an entry is now if it may be a payment, else ``None``."""
        found = recognised(self.env, self.octopus, entry.as_booking())
        if compare(sent, found) is Match.SAME:
            return found
        if not self._may_be(row, entry, sent, found):
            return None
        found = read_anew(entry, self.octopus)
        found = found and recognised(self.env, self.octopus, found)
        return found if found and self._may_be(row, entry, sent, found) else None

    @staticmethod
    def _may_be(row, entry, sent, found):
        """Whether a person must say if something is a payment: it was found on its
        number, has its reference, or all but the text agrees."""
        if entry == row.entry_id or references(found) & references(sent):
            return True
        return is_like(sent, found) and not row.is_of_another(references(found))

    def _take_over(self, row, entry, booking, request):
        slots = request.slots
        if _cut(booking) != _cut(request.booking):
            slots = _slots_in(row, booking, _items_of(request))
        row.adopted = True
        place = {"journal_year_id": entry.journal_year_id.id}
        row.claim(request, booking, **place, slots=list(slots))
        self.steps.commit()
        # It is there: a conflict at this very moment must not make us forget that.
        retrying(partial(self.set_booked, row), self.env)

    def link_chosen(self, rows):
        """Link payments that a person found in Octopus, and match them
        (``Kind.link_chosen``)."""
        return link_chosen(rows)

    def exclude(self, rows):
        """Keep payments out, without the number they had (``Kind.exclude``)."""
        rows.forget_number()
        return super().exclude(rows)

    def wake(self, dossiers):
        """Look again; what is a payment at all depends on settings (``Kind.wake``)."""
        alone = self.rows.search(
            [
                ("dossier_id", "in", dossiers.ids),
                ("state", "=", "blocked"),
                ("cause", "=", codes.PAYMENT_WITHOUT_CONTACT),
            ]
        )
        alone.seen_at = False
        return super().wake(dossiers)

    def set_gone(self, rows):
        """Note that payments are gone; what was taken back in Odoo, or was to be, is as
        it should be then (``Kind.set_gone``)."""
        # What is not there any more is no other there.
        for row in rows:
            answer(row)
        undone = rows.filtered(lambda row: row.state in ("reversing", "reversed"))
        # Its number is free for another payment.
        undone.write({"state": "reversed", "match_state": "done", "number": False})
        (rows - undone).write({"state": "gone", "match_state": "done"})
        rows.match_ids.unlink()
        drop_needless(rows | rows.reversal_ids)

    def link_one(self, row) -> None:
        """Link the booking that a person said is a payment, whatever stands in the way
        of booking that anew; nothing is sent.

        :param row: ``octopus.payment`` with what it may be in ``entry_id``
        :raises FindingError: it is not as it was shown any more
        :raises OctopusError: it cannot be read now
        """
        entry = row.entry_id
        shown = entry.as_booking()
        found = read_anew(entry, self.octopus)
        # What it is called by may have changed: that is no other payment.
        if not found or not is_like(shown, found) or is_over(entry):
            if found:
                row.hold("blocked", [maybe_payment(entry)])
            self.steps.commit()
            raise FindingError(Finding(codes.PAYMENT_ALTERED))
        found = recognised(self.env, self.octopus, found)
        slots = _slots_in(row, found, _items_by_party(row))
        link(row, entry, to_json(found), slots)
        self.set_booked(row)
        self.steps.commit()


def _misplaced(row):
    """Return the finding that keeps a payment from its dossier: its company left that
    one, or none holds for it. What takes a payment of a former dossier back is at home
    there."""
    dossier = row.company_id.octopus_dossier()
    if not dossier:
        return (no_dossier(row.company_id),)
    return () if row.reversal_of_id else out_of_place(row, dossier)


def _cut(booking):
    return [(party_of(line), line.amount) for line in booking.lines]


def _items_of(request):
    """Return ``{party: item}`` of what would be sent."""
    lines = [line for line in request.booking.lines if line.type != "A"]
    items = {}
    for line, slot in zip(lines, request.slots, strict=True):
        items.setdefault(party_of(line), slot["item"])
    return items


def _items_by_party(row):
    """Return ``{party: item}`` of what a payment pays, parties as ``party_of`` names
    them."""
    if row.move_id.state != "posted":
        return {}
    items = {}
    for leg in preparation_of(row).prepare(row.move_id).legs:
        items.setdefault((leg.type, leg.relation, leg.amount > 0), leg.item)
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
