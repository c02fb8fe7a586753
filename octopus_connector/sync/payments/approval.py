"""Decides which changes a person must look at before they are made."""

from collections import defaultdict

from odoo.tools import SQL, split_every

from ...core import codes
from ...core.findings import Finding
from ...core.states import BOOKED
from .plan import Plan

BATCH = 100
# Below this number of documents a share of the open ones says nothing.
SHARE_FROM = 20


class Approval:
    """Looks at what a reading of payments would change, per holder of settings.

    :param dossier: ``octopus.dossier``
    :param rows: ``octopus.balancing`` that are due, in sudo
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
            for company in self.rows._bookings().company_id
        }
        ids = defaultdict(list)
        for row in self.rows:
            for company in row._bookings().company_id:
                ids[settings[company]].append(row.id)
        return ids

    def _is_suspect(self, holder, rows):
        """Whether it is worth finding out exactly what would change: more than the
        number of documents that are due cannot change."""
        count = len(rows._bookings())
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
            around = batch._of_bookings(batch._bookings())
            wider = around._of_bookings(around._bookings())
            for task in Plan(around, wider).tasks():
                if task.row in batch and task.acts and not task.is_decided:
                    proposals[task.row] = task.proposal
        return proposals

    def _reasons(self, holder, proposals):
        rows = self.rows.browse().union(*proposals)
        count = len(rows._bookings())
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
