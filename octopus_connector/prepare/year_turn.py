"""The turn of the year: which bookyear ends, and what the next one lacks.

Nothing is called. Many dossiers are looked at together, in a number of queries that
does not grow with them.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from odoo import fields
from odoo.fields import Domain

from .kinds import KINDS_OF_TYPE
from .settings import ACCOUNT_FIELDS, GOES_FIELDS

# From mid-November of a calendar year until the end of February.
BEFORE = timedelta(days=46)
MONTHS_AFTER = 2


class Turn(NamedTuple):
    """The turn that is nearest to a day.

    :param ending: ``octopus.bookyear`` that ends, or ended
    :param coming: the one that follows, maybe empty
    :param start: the first day of the one that follows
    :param opens: from when on it is asked for
    :param now: whether it is asked for on that day
    """

    ending: object
    coming: object
    start: date
    opens: date
    now: bool


def turn_of(dossier, today) -> Turn | None:
    """Return the turn of the year that is nearest to a day.

    :param dossier: ``octopus.dossier``
    :param today: date
    :return: ``None`` when no bookyear has begun
    """
    years = dossier.bookyear_ids.sorted("date_start")
    ending = years.filtered(lambda year: year.date_start <= today)[-1:]
    if not ending:
        return None
    before = _year_at(years, "date_end", ending.date_start - timedelta(days=1))
    if before and ending.date_end - today > BEFORE and today <= _closes(before):
        ending = before
    start = ending.date_end + timedelta(days=1)
    opens = ending.date_end - BEFORE
    coming = _year_at(years, "date_start", start)
    return Turn(ending, coming, start, opens, opens <= today <= _closes(ending))


def _year_at(years, field, day):
    return years.filtered(lambda year: year[field] == day)[:1]


def _closes(year):
    return fields.Date.add(year.date_end, months=MONTHS_AFTER)


class YearTurns:
    """The turns of dossiers, and what the bookyears that come lack.

    :param env: in the time zone of the reader
    :param dossiers: ``octopus.dossier``; read in sudo
    """

    def __init__(self, env, dossiers):
        self.env = env
        self.dossiers = dossiers.sudo()
        today = fields.Date.context_today(dossiers.with_env(env))
        self.turns = {dossier: turn_of(dossier, today) for dossier in self.dossiers}

    def now(self):
        """Return the dossiers in which the year turns now."""
        return self.dossiers.filtered(
            lambda dossier: self.turns[dossier] and self.turns[dossier].now
        )

    def that_lack(self):
        """Return the dossiers in which the year turns now, and the bookyear that comes
        lacks something; what is looked at is read of all of them at once."""
        now = self.now()
        coming = self.env["octopus.bookyear"].sudo()
        coming = coming.union(*(self.turns[dossier].coming for dossier in now))
        coming.journal_year_ids.fetch(["journal_id", "active", "closed"])
        now.journal_ids.fetch(["dossier_id"])
        return now.filtered(self.lacks)

    # Journals

    def journals(self, dossier):
        """Return the journals that are needed in the bookyear that comes: of the kinds
        that go, of overrides, of banks; where another takes its place there, that one.

        :param dossier: ``octopus.dossier``
        :return: ``octopus.journal`` in sudo
        """
        needed = self._holders(dossier).octopus_journals_used()
        needed = needed.union(*self._mapped_journals.get(dossier, ()))
        coming = self.turns[dossier].coming
        others = {
            row.journal_id: row.other_id
            for row in dossier.other_journal_ids
            if coming and row.bookyear_id == coming
        }
        in_year = (others.get(journal, journal) for journal in needed)
        mine = needed.browse().union(*in_year)
        return mine.filtered(lambda journal: journal.dossier_id == dossier).sorted()

    def states(self, dossier):
        """Return the journals of the bookyear that comes.

        :param dossier: ``octopus.dossier``
        :return: ``{octopus.journal: octopus.journal.year}`` in sudo
        """
        rows = self.turns[dossier].coming.journal_year_ids
        return {row.journal_id: row for row in rows if row.active}

    def missing_journals(self, dossier):
        """Return the journals that take no bookings in the bookyear that comes.

        :param dossier: ``octopus.dossier``
        :return: ``octopus.journal`` in sudo
        """
        states = self.states(dossier)
        return self.journals(dossier).filtered(
            lambda journal: journal not in states or states[journal].closed
        )

    def _holders(self, dossier):
        return dossier.company_ids.filtered("octopus_enabled")

    @cached_property
    def _mapped_journals(self):
        """``{dossier: [octopus.journal]}`` of what was accepted for Odoo's journals."""
        found = {}
        for row in self._accepted("octopus.journal.mapping"):
            if row.company_id in self._holders(row.dossier_id):
                found.setdefault(row.dossier_id, []).extend(self._of_mapping(row))
        return found

    @staticmethod
    def _of_mapping(row):
        kinds = KINDS_OF_TYPE.get(row.octopus_type)
        if not kinds:
            return [row.octopus_journal_id]
        chosen = (row.octopus_journal_id, row.octopus_refund_journal_id)
        return [
            journal
            for journal, kind in zip(chosen, kinds, strict=True)
            if row.company_id[GOES_FIELDS[kind]]
        ]

    def _accepted(self, model):
        return (
            self.env[model]
            .sudo()
            .search(
                Domain("dossier_id", "in", self.now().ids)
                & Domain("state", "=", "accepted")
            )
        )

    # Accounts, which Octopus keeps by bookyear

    def accounts(self, dossier):
        """Return the accounts of the settings and mappings of a dossier.

        :param dossier: ``octopus.dossier``
        :return: ``octopus.account`` in sudo
        """
        accounts = self._mapped_accounts.get(dossier, self.env["octopus.account"])
        for holder in self._holders(dossier):
            accounts = accounts.union(*(holder[field] for field in ACCOUNT_FIELDS))
        return accounts.sudo().filtered(lambda row: row.dossier_id == dossier)

    def accounts_told(self, dossier) -> bool:
        """Whether the accounts of the bookyear that comes were read: those of one that
        was not read tell nothing.

        :param dossier: ``octopus.dossier``
        """
        return dossier.id in self._told

    def missing_accounts(self, dossier):
        """Return the accounts that the bookyear that comes lacks, as far as told.

        :param dossier: ``octopus.dossier``
        :return: ``octopus.account`` in sudo
        """
        accounts = self.accounts(dossier)
        if not self.accounts_told(dossier):
            return accounts.browse()
        coming = self.turns[dossier].coming
        return accounts.filtered(lambda row: coming not in row.bookyear_ids).sorted()

    @cached_property
    def _mapped_accounts(self):
        rows = self._accepted("octopus.account.mapping")
        return {
            dossier: same.octopus_account_id
            for dossier, same in rows.grouped("dossier_id").items()
        }

    @cached_property
    def _told(self):
        """Ids of the dossiers whose bookyear that comes has accounts."""
        coming = (self.turns[dossier].coming for dossier in self.now())
        years = [year.id for year in coming if year]
        groups = (
            self.env["octopus.account"]
            .sudo()
            ._read_group([("bookyear_ids", "in", years)], ["dossier_id"])
        )
        return {dossier.id for [dossier] in groups}

    # What can be made

    def journal_to_make(self, dossier):
        """Return the first journal that the bookyear that comes does not have; of a
        bank only one whose ledger account is told.

        :param dossier: ``octopus.dossier``
        :return: ``octopus.journal`` in sudo, maybe empty
        """
        states = self.states(dossier)
        return self.journals(dossier).filtered(
            lambda row: (
                row not in states and (row.type != "F" or bool(row.ledger_account))
            )
        )[:1]

    def lacks(self, dossier) -> bool:
        """Whether the bookyear that comes lacks something.

        :param dossier: ``octopus.dossier`` whose year turns now
        """
        coming = self.turns[dossier].coming
        return (
            not coming
            or coming.closed
            or bool(self.missing_journals(dossier))
            or bool(self.missing_accounts(dossier))
        )
