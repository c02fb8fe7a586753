"""Decides what is to be done about balancings, and what of it a person must look at
before it is made. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from odoo.tools import SQL, split_every

from ...core import codes
from ...core.findings import Finding, FindingError
from ...core.states import BOOKED
from .desired import Desired, Payment, Reconciliation, WriteOff, about, open_amount
from .existing import Existing, is_by_hand, is_in_force, of_row, registered
from .journals import Journals

BATCH = 100
# Below this number of documents a share of the open ones says nothing.
SHARE_FROM = 20


@dataclass
class Task:
    """What is to be done about one balancing.

    :param row: ``octopus.balancing``
    :param make: what is missing
    :param undo: what the row made must be taken back first
    :param problem: why nothing is done, for a person
    """

    row: Any
    make: Payment | Reconciliation | WriteOff | None = None
    undo: bool = False
    problem: Any = None

    @property
    def acts(self) -> bool:
        return bool(self.make or self.undo)

    @property
    def proposal(self) -> dict:
        """Return what would be done, as JSON: what a person accepts, or drops."""
        return {"make": self.make and self.make.facts(), "undo": self.undo}

    @property
    def is_decided(self) -> bool:
        """Whether a person accepted or dropped exactly this."""
        return (self.row.decision or {}).get("task") == self.proposal

    def apply_decision(self):
        """Do nothing of what a person dropped.

        :return: the task itself
        """
        if self.acts and self.is_decided and not self.row.decision["accepted"]:
            self.make, self.undo = None, False
            self.problem = Finding(
                codes.PAYMENT_DROPPED,
                {"document": ", ".join(self.row.bookings().move_id.octopus_names())},
                "account.move",
                self.row.bookings().move_id.ids,
            )
        return self


def _is_planned(row):
    """Whether what is to be done about a row waits for a person."""
    return row.plan_id.state == "open"


class Plan:
    """The tasks of a batch; queries do not grow with it, and nothing is written.

    :param rows: ``octopus.balancing``, in sudo: all those of the documents concerned
    :param context_rows: those of the documents that these are matched with, too
    """

    def __init__(self, rows, context_rows):
        self.env = rows.env
        self.rows = rows.sorted("id")
        self._journals = Journals(self.env)
        self._desired = Desired(context_rows, self._journals)
        self._existing = Existing(self.rows, self._journals)
        self._open = {}
        self._used = self.env["account.payment"]

    def tasks(self, *, all_at_once: bool = True) -> list[Task]:
        """Return one task per row, in the order of the rows.

        :param all_at_once: what waits in a plan is carried out with the others; else
            it is not undone, and makes no room for them
        """
        # What a person dropped frees nothing for the others.
        tasks = [self._task(row).apply_decision() for row in self.rows]
        waiting = [] if all_at_once else self.rows.filtered(_is_planned)
        while not self._have_room(tasks, waiting):
            # A row keeps what it made: less is open for the others than was thought.
            continue
        return tasks

    def _have_room(self, tasks, waiting):
        """Keep the tasks for which documents are open enough: what is made anew comes
        before what is new.

        :return: ``False`` when one of them does not free what it made after all
        """
        self._open = {}
        self._used = self.env["account.payment"]
        for task in tasks:
            if task.undo and task.row not in waiting:
                self._count_in(task.row)
        makes = [task for task in tasks if task.make]
        for task in sorted(makes, key=lambda task: not task.undo):
            frees = task.undo
            self._find_room(task)
            if frees and not task.undo:
                return False
        return True

    def _task(self, row):
        if self._existing.is_sent(row):
            there = self._desired.matched(row)
            return Task(row, problem=self._existing.about_sent(row, there))
        try:
            wanted = None if row.deleted else self._desired.wanted(row)
        except FindingError as error:
            return Task(row, problem=error.findings[0])
        if row in self._existing.leant_on:
            return Task(row, problem=of_row(codes.PAYMENT_UNDO_CHANGED, row))
        if not row.made:
            return Task(row, make=wanted)
        if not (wanted or row.deleted):
            return Task(row)  # of a bank that nobody follows any more: it stays
        if wanted and self._is_made(wanted, row.made):
            return Task(row, problem=self._existing.altered(row))
        problem = self._existing.why_it_must_stay(row)
        if problem:
            return Task(row, problem=problem)
        return Task(row, make=wanted, undo=True)

    @staticmethod
    def _is_made(wanted, made):
        """Whether a row made what it should; an older version noted no amount in the
        currency of the bank."""
        facts = wanted.facts()
        if "foreign" not in made:
            facts.pop("foreign", None)
        return facts.items() <= made.items()

    def _find_room(self, task):
        """Keep the task if the documents are open enough, else say why not."""
        make = task.make
        if isinstance(make, Reconciliation) and is_by_hand(make):
            task.make = replace(make, by_hand=True)
            return
        try:
            self._check_room(make)
            if isinstance(make, Payment):
                task.make = self._with_registered(make)
        except FindingError as error:
            task.make, task.undo, task.problem = None, False, error.findings[0]
        else:
            self._take(make.moves, make.amount)

    def _with_registered(self, make):
        """Return the payment with the one that a person registered for it.

        :raises FindingError: one is registered that is not just this
        """
        payment = registered(make, self._used)
        self._used |= payment
        return replace(make, payment=payment) if payment else make

    def _check_room(self, make):
        if not isinstance(make, Reconciliation):
            self._check_lock(make)
        for move in make.moves:
            if make.amount > self._open_amount(move):
                raise FindingError(
                    about(
                        codes.PAYMENT_RESIDUAL,
                        move,
                        amount=make.amount,
                        open=self._open_amount(move),
                        currency=move.currency_id.name,
                    )
                )

    def _check_lock(self, payment):
        lock = self._journals.lock_date(
            payment.move.company_id, payment.date, payment.journal
        )
        if lock:
            raise FindingError(
                about(
                    codes.PAYMENT_LOCKED_PERIOD,
                    payment.move,
                    date=payment.date,
                    lock_date=lock,
                )
            )

    # How much is open

    def _open_amount(self, move):
        """Return what is open of a document when the tasks before are carried out."""
        if move.id not in self._open:
            self._open[move.id] = open_amount(move)
        return self._open[move.id]

    def _take(self, moves, amount):
        for move in moves:
            self._open[move.id] = self._open_amount(move) - amount

    def _count_in(self, row):
        """Count in what is open again once what the row made is taken back."""
        if row.partial_ids or is_in_force(row):
            moves = self.env["account.move"].browse(row.made["moves"])
            self._take(moves, -Decimal(row.made["amount"]))


class Approval:
    """Looks at what a reading of payments would change, per holder of settings.

    :param dossier: ``octopus.dossier``
    :param rows: ``octopus.balancing`` that are pending, in sudo
    :param waiting: holders (``res.company``) of which a plan waits for a person already
    """

    def __init__(self, dossier, rows, waiting):
        self.dossier = dossier
        self.rows = rows
        self.waiting = waiting
        self.holders = rows.env["res.company"]
        self.reasons = []
        self._open = {}

    def held(self):
        """Return ``{row: proposal}`` of what must be asked first; ``reasons`` and
        ``holders`` tell why and whose. Nothing is written."""
        held = {}
        for holder, ids in self._by_holder().items():
            rows = self.rows.browse(ids)
            if not self._is_suspect(holder, rows):
                continue
            proposals = self._proposals(rows)
            reasons = self._reasons(holder, proposals) if proposals else []
            if reasons:
                held |= proposals
                self.holders |= holder
                self.reasons += reasons
        return held

    def _by_holder(self):
        settings = {
            company: company.octopus_settings()
            for company in self.rows.bookings().company_id
        }
        ids = defaultdict(list)
        for row in self.rows:
            for company in row.bookings().company_id:
                ids[settings[company]].append(row.id)
        return ids

    def _is_suspect(self, holder, rows):
        """Whether it is worth finding out exactly what would change: more than the
        number of documents that are pending cannot change."""
        count = len(rows.bookings())
        return (
            not holder.octopus_payments_accepted
            or holder in self.waiting
            or count > holder.octopus_payment_limit
            or self._is_large_share(holder, count)
            or self._unknown_years(rows)
        )

    def _proposals(self, rows):
        """Return what would be done about rows, but for what was accepted as it is."""
        proposals = {}
        for ids in split_every(BATCH, rows.ids):
            batch = rows.browse(ids)
            around = batch.of_bookings(batch.bookings())
            wider = around.of_bookings(around.bookings())
            for task in around.octopus_plan()(around, wider).tasks():
                if task.row in batch and task.acts and not task.is_decided:
                    proposals[task.row] = task.proposal
        return proposals

    def _reasons(self, holder, proposals):
        rows = self.rows.browse().union(*proposals)
        count = len(rows.bookings())
        facts = {"company": holder.name, "count": count}
        return [
            *self._first(holder, facts),
            *self._too_many(holder, facts),
            *self._missing_years(rows),
            *self._joining(holder),
        ]

    def _first(self, holder, facts):
        if holder.octopus_payments_accepted:
            return []
        return [Finding(codes.PAYMENTS_FIRST, facts)]

    def _too_many(self, holder, facts):
        count, limit = facts["count"], holder.octopus_payment_limit
        if count > limit:
            return [Finding(codes.PAYMENTS_MANY, {**facts, "limit": limit})]
        if self._is_large_share(holder, count):
            there = self._open_documents(holder)
            return [Finding(codes.PAYMENTS_SHARE, {**facts, "open": there})]
        return []

    def _is_large_share(self, holder, count):
        share = holder.octopus_payment_share
        return (
            count >= SHARE_FROM and count * 100 > self._open_documents(holder) * share
        )

    def _missing_years(self, rows):
        years = self._unknown_years(rows)
        if not years:
            return []
        return [Finding(codes.PAYMENTS_BOOKYEAR, {"years": sorted(years)})]

    def _unknown_years(self, rows):
        """Return the bookyears of matches that the dossier does not have (any more)."""
        known = set(self.dossier.bookyear_ids.mapped("octopus_id"))
        there = {*rows.mapped("debit_bookyear"), *rows.mapped("credit_bookyear")}
        return there - known

    def _joining(self, holder):
        """What comes while a plan waits is looked at together with it."""
        if holder not in self.waiting:
            return []
        return [Finding(codes.PAYMENTS_WAITING, {"company": holder.name})]

    def _open_documents(self, holder):
        """Return how many booked documents are open in Odoo."""
        if holder in self._open:
            return self._open[holder]
        self.rows.env["account.move"].flush_model(["payment_state"])
        [[self._open[holder]]] = self.rows.env.execute_query(
            SQL(
                """
                SELECT count(*)
                  FROM octopus_booking AS booking
                  JOIN account_move AS move ON move.id = booking.move_id
                 WHERE booking.dossier_id = %s AND booking.state IN %s
                   AND booking.company_id IN %s
                   AND move.payment_state IN ('not_paid', 'partial')
                """,
                self.dossier.id,
                BOOKED,
                tuple(holder.octopus_companies().ids),
            )
        )
        return self._open[holder]
