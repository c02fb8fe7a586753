"""The page of the turn of the year: one list of ticks for each dossier."""

from __future__ import annotations

from functools import cached_property

from odoo import fields
from odoo.fields import Domain

from ..core.check_lines import DONE, LATER, OPEN, UNKNOWN, CheckLine
from ..core.states import BOOKED, HELD
from .year_turn import YearTurns

# How many accounts, or last numbers, are named.
NAMED = 12
OPEN_HERE = ("not_paid", "partial")


class YearTurnList:
    """The lines of dossiers. Documents are counted as the user may see them.

    :param dossiers: ``octopus.dossier`` of who may read them
    """

    def __init__(self, dossiers):
        self.env = dossiers.env
        self.turns = YearTurns(self.env, dossiers)

    def turn(self, dossier):
        """Return the turn that is nearest to today.

        :param dossier: ``octopus.dossier``
        :return: ``Turn``; ``None`` when no bookyear has begun
        """
        return self.turns.turns[dossier]

    def lines(self, dossier) -> list[CheckLine]:
        """Return all lines of a dossier, in the order in which they are mended.

        :param dossier: ``octopus.dossier``
        """
        turn = self.turn(dossier)
        if not turn:
            return [CheckLine("turn_no_bookyear", UNKNOWN)]
        if not turn.now:
            return [CheckLine("turn_not_yet", LATER, self._facts(turn))]
        return [
            *self._bookyear(turn),
            *self._journals(dossier),
            *self._accounts(dossier),
            *self._documents(dossier),
            *self._open_items(dossier),
            *self._reading(dossier),
        ]

    @staticmethod
    def _facts(turn, **more):
        text = fields.Date.to_string
        facts = {
            "ending": turn.ending.name,
            "bookyear": turn.coming.name or "–",
            "date": text(turn.start),
            "start_date": text(turn.start),
            "end_date": text((turn.coming or turn.ending).date_end),
            "from_date": text(turn.opens),
        }
        return {**facts, **more}

    # What the bookyear that comes must have

    def _bookyear(self, turn):
        facts = self._facts(turn)
        if not turn.coming:
            yield CheckLine("turn_bookyear_missing", OPEN, facts)
        elif turn.coming.closed:
            yield CheckLine("turn_bookyear_closed", OPEN, facts)
        else:
            yield CheckLine("turn_bookyear_there", DONE, facts)

    def _journals(self, dossier):
        turn = self.turn(dossier)
        if turn.coming:
            states = self.turns.states(dossier)
            for journal in self.turns.journals(dossier):
                yield self._journal(turn, journal, states.get(journal))
        numbers = self._last_numbers(dossier, turn.ending)
        if numbers:
            facts = self._facts(turn, numbers=_named(numbers))
            yield CheckLine("turn_numbers", DONE, facts)

    def _journal(self, turn, journal, state):
        number = state.last_number if state else 0
        facts = self._facts(turn, journal=journal.display_name, number=number)
        if not state:
            return CheckLine("turn_journal_missing", OPEN, facts, key=journal.key)
        if state.closed:
            return CheckLine("turn_journal_closed", OPEN, facts, key=journal.key)
        return CheckLine("turn_journal_there", DONE, facts, key=journal.key)

    def _last_numbers(self, dossier, ending):
        """Return ``["V1 74", ...]`` of the journals that were used."""
        rows = ending.journal_year_ids.sorted(lambda row: row.journal_id.key)
        types = ("V", "A", "F")
        return [
            f"{row.journal_id.key} {row.last_number}"
            for row in rows
            if row.active and row.last_number and row.journal_type in types
        ]

    def _accounts(self, dossier):
        turn = self.turn(dossier)
        accounts = self.turns.accounts(dossier)
        if not turn.coming or not accounts:
            return
        missing = self.turns.missing_accounts(dossier)
        if not self.turns.accounts_told(dossier):
            yield CheckLine("turn_accounts_unread", UNKNOWN, self._facts(turn))
        elif missing:
            numbers = _named([str(number) for number in missing.mapped("number")])
            facts = self._facts(turn, count=len(missing), accounts=numbers)
            yield CheckLine("turn_accounts_missing", OPEN, facts)
        else:
            facts = self._facts(turn, count=len(accounts))
            yield CheckLine("turn_accounts_there", DONE, facts)

    # What is left of the bookyear that ends

    def _documents(self, dossier):
        turn = self.turn(dossier)
        left = self._left.get(dossier, 0)
        facts = self._facts(turn, count=left)
        if left:
            yield CheckLine("turn_documents_left", LATER, facts)
        else:
            yield CheckLine("turn_documents_sent", DONE, facts)

    @cached_property
    def _left(self):
        """``{dossier: number of documents}`` that are not in Octopus yet."""
        now = self.turns.now()
        ending = Domain.OR(
            Domain("dossier_id", "=", dossier.id)
            & Domain("accounting_date", ">=", self.turn(dossier).ending.date_start)
            & Domain("accounting_date", "<=", self.turn(dossier).ending.date_end)
            for dossier in now
        )
        return self._counts(ending & Domain("state", "in", ("ready", *HELD)))

    def _open_items(self, dossier):
        turn = self.turn(dossier)
        count = self._open_here.get(dossier, 0)
        facts = self._facts(turn, count=count)
        seen_at = dossier.sudo().open_items_at
        if not count:
            yield CheckLine("turn_open_items_none", DONE, facts)
        elif not self._is_seen(turn, seen_at):
            yield CheckLine("turn_open_items_untold", UNKNOWN, facts)
        elif dossier in self._lists_left_out:
            yield CheckLine("turn_open_items_left_out", OPEN, facts)
        else:
            facts["seen_at"] = seen_at.isoformat()
            yield CheckLine("turn_open_items_listed", DONE, facts)

    def _is_seen(self, turn, seen_at):
        """Whether the open items were compared in the bookyear that came, over both."""
        today = fields.Date.context_today(turn.ending)
        return (
            bool(seen_at and turn.coming)
            and today >= turn.start
            and seen_at.date() >= turn.start
            and seen_at >= turn.coming.create_date
        )

    @cached_property
    def _open_here(self):
        """``{dossier: number of documents}`` that Octopus has and are open here."""
        endings = [self.turn(dossier).ending.id for dossier in self.turns.now()]
        return self._counts(
            Domain("journal_year_id.bookyear_id", "in", endings)
            & Domain("state", "in", BOOKED)
            & Domain("move_id.payment_state", "in", OPEN_HERE)
        )

    @cached_property
    def _lists_left_out(self):
        """The dossiers whose list of open items was empty, or left out many."""
        questions = self.env["octopus.payment.question"].sudo()
        groups = questions._read_group(
            Domain("dossier_id", "in", self.turns.now().ids)
            & Domain("key", "=like", "report:%")
            & Domain("state", "=", "open"),
            ["dossier_id"],
        )
        return questions.dossier_id.browse([row.id for [row] in groups])

    def _counts(self, domain):
        rows = self.env["octopus.booking"]
        groups = rows._read_group(domain, ["dossier_id"], ["__count"])
        return dict(groups)

    def _reading(self, dossier):
        turn = self.turn(dossier)
        payments, bookings = dossier.sudo().payments_read_at, dossier.sudo().compared_at
        if not payments or not bookings:
            yield CheckLine("turn_old_year_unread", UNKNOWN, self._facts(turn))
            return
        facts = self._facts(
            turn, payments_at=payments.isoformat(), bookings_at=bookings.isoformat()
        )
        yield CheckLine("turn_old_year_read", DONE, facts)


def _named(names):
    """Name the first of many."""
    more = len(names) - NAMED
    named = ", ".join(names[:NAMED])
    return f"{named} (+{more})" if more > 0 else named
