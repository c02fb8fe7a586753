from __future__ import annotations

from datetime import date
from functools import cached_property

from ..core import codes
from ..core.closed_days import closed_up_to
from ..core.codes import BLOCK
from ..core.findings import Finding
from ..core.vat_period import vat_returns
from .findings import SETTINGS, about
from .kinds import REFUNDS, SALES, SALES_BOOKINGS, settings_kind


class JournalResolver:
    """Where the documents of one company go: journal, bookyear and period.

    Mappings and mirror are read once, whatever the number of documents. Records are in
    sudo; what is wrong is told through ``report``.

    :param settings: the company that holds the settings, with its dossier
    :param dossier: one that the company left, for what is booked there
    """

    def __init__(self, settings, dossier=None):
        self.env = settings.env
        self.settings = settings
        self.dossier = dossier or settings.octopus_dossier_id
        mappings = self.env["octopus.journal.mapping"]
        self._journals = mappings.lookup(settings, self.dossier)
        self._others = self.env["octopus.bookyear.journal"].lookup(self.dossier)

    @cached_property
    def _bookyears(self):
        return self.env["octopus.bookyear"].search(
            [("dossier_id", "=", self.dossier.id)]
        )

    @cached_property
    def _journal_years(self):
        years = self.env["octopus.journal.year"].search(
            [("dossier_id", "=", self.dossier.id)]
        )
        return {(year.journal_id.id, year.bookyear_id.id): year for year in years}

    def place(self, move, day, report) -> dict:
        """Return where a document goes; the accounting date decides.

        Where that is closed, the policy for its journal, or else for this kind of
        document, decides; the document date stays what it is.

        :param day: its accounting date
        :return: ``journal``, ``bookyear``, ``journal_year`` and ``period_number``; each
            maybe empty
        """
        closed = []
        bookyear = self._bookyear(day, report, closed)
        chosen = self.chosen_journal(move.journal_id, move.move_type)
        journal = self._journal(move, self._in_year(chosen, bookyear), report)
        journal_year = self.env["octopus.journal.year"]
        period = self.env["octopus.period"]
        if journal and bookyear:
            journal_year = self._journal_year(journal, bookyear, report, closed)
            period = self._period(journal_year, bookyear, day, report, closed)
        if closed:
            moved, state = self._by_policy(move, chosen, day, closed, report)
            if moved:
                bookyear, journal_year, period = moved.bookyear_id, state, moved
                journal = state.journal_id
        return {
            "journal": journal,
            "bookyear": bookyear,
            "journal_year": journal_year,
            "period_number": period.number or None,
        }

    # The journal

    def _journal(self, move, journal, report):
        """Return the Octopus journal for a document, empty when it cannot take any."""
        kind = move.move_type
        facts = {"kind": kind, "journal": journal.key}
        if not journal or journal.dossier_id != self.dossier:
            report(Finding(codes.KIND_WITHOUT_JOURNAL, {"kind": kind}, SETTINGS))
            return journal.browse()
        if journal.type != ("V" if kind in SALES else "A"):
            report(Finding(codes.JOURNAL_WRONG_TYPE, facts, SETTINGS))
        elif kind in SALES and journal.insertion_type > SALES_BOOKINGS:
            report(
                Finding(codes.JOURNAL_INVOICE_MODE, facts, journal._name, journal.ids)
            )
        return journal

    def chosen_journal(self, journal, kind):
        """Return the Octopus journal that documents of a kind go to, maybe empty.

        :param journal: the ``account.journal`` that they are in
        """
        mapping = self._journals.get(journal.id)
        own = self.env["octopus.journal"]
        if mapping:
            refund = kind in REFUNDS
            own = mapping[
                "octopus_refund_journal_id" if refund else "octopus_journal_id"
            ]
        return own or self.settings[f"octopus_{settings_kind(kind)}_journal_id"]

    def _in_year(self, journal, bookyear):
        """Return the journal that stands for a chosen one in a bookyear."""
        return self._others.get((bookyear.id, journal.id), journal)

    # The date. What is closed there goes into ``closed``, for the policy to judge.

    def _bookyear(self, day, report, closed):
        found = self._bookyears.filtered(lambda it: it.date_start <= day <= it.date_end)
        if not found:
            report(Finding(codes.NO_BOOKYEAR, {"date": day}))
        elif found[0].closed:
            closed.append(
                about(codes.BOOKYEAR_CLOSED, found[0], bookyear=found[0].name)
            )
        return found[:1]

    def _journal_year(self, journal, bookyear, report, closed):
        year = self._journal_years.get((journal.id, bookyear.id))
        facts = {"journal": journal.key, "bookyear": bookyear.name}
        if not year:
            report(about(codes.JOURNAL_NOT_IN_BOOKYEAR, journal, **facts))
            return self.env["octopus.journal.year"]
        if year.closed:
            closed.append(about(codes.JOURNAL_CLOSED, journal, **facts))
        return year

    def _period(self, journal_year, bookyear, day, report, closed):
        found = bookyear.period_ids.filtered(
            lambda it: it.date_start <= day <= it.date_end
        )[:1]
        facts = {"bookyear": bookyear.name, "date": day}
        if not found:
            report(about(codes.PERIOD_MISSING, bookyear, **facts))
        elif found.number <= journal_year.closed_until:
            # The bookyear tells this period from that of another year.
            facts = {
                "period": found.number,
                "journal": journal_year.journal_id.key,
                "bookyear": bookyear.name,
            }
            closed.append(about(codes.PERIOD_PROTECTED, journal_year, **facts))
        return found

    # Closed

    def closed_up_to(self, journal) -> date | None:
        """Return the last day up to which a journal takes nothing any more, in all
        bookyears that are known; ``None`` when its first period is open.

        :param journal: ``octopus.journal``
        """
        return closed_up_to(
            part for year in self._bookyears for part in self._periods(year, journal)
        )

    def closed_years_up_to(self) -> date | None:
        """Return the last day of the bookyears that are closed, one after the other;
        ``None`` when the first that is known is open."""
        return closed_up_to(
            (year.date_start, year.date_end, year.closed) for year in self._bookyears
        )

    def _periods(self, year, journal):
        """Return the periods of a bookyear, with whether a journal is closed there."""
        if year.closed:
            return [(year.date_start, year.date_end, True)]
        there = self._in_year(journal, year)
        state = self._journal_years.get((there.id, year.id))
        return [
            (
                period.date_start,
                period.date_end,
                bool(state) and (state.closed or period.number <= state.closed_until),
            )
            for period in year.period_ids
        ]

    def _policy(self, move):
        """Return what becomes of a document where it is closed: what was chosen for
        its journal, else for its kind."""
        own = self._journals.get(move.journal_id.id)
        kind = settings_kind(move.move_type)
        return (own and own.closed_policy) or self.settings[
            f"octopus_{kind}_closed_policy"
        ]

    def _by_policy(self, move, journal, day, closed, report):
        """Report what is closed as the policy wants it: wait, go elsewhere, or stop.

        :return: ``(period, journal in its bookyear)`` to book in instead, maybe empty
        """
        policy = self._policy(move)
        period, state = self._next_open(journal, day)
        if policy == "next" and period:
            report(self._moved(day, period))
            return period, state
        severity = BLOCK if policy == "refuse" else ""
        for found in closed:
            told = found.params, found.model, found.ids, severity
            report(Finding(found.code, *told))
        return period.browse(), state.browse()

    def _next_open(self, journal, day):
        """Return the first period after a day in which a journal takes bookings, and
        the journal in its bookyear; both empty when there is none."""
        for year in self._bookyears:
            there = self._in_year(journal, year)
            state = self._journal_years.get((there.id, year.id))
            if year.closed or not state or state.closed:
                continue
            for period in year.period_ids.sorted("date_start"):
                if period.date_start > day and period.number > state.closed_until:
                    return period, state
        return self.env["octopus.period"], self.env["octopus.journal.year"]

    def _moved(self, day, period):
        """Tell in which period, and so in which VAT return, it falls instead."""
        start, end = period.date_start, period.date_end
        facts = {
            "date": day,
            "period": period.number,
            "bookyear": period.bookyear_id.name,
            "vat_period": vat_returns(start, end, self.dossier.vat_return),
        }
        return about(codes.PERIOD_MOVED, period.bookyear_id, **facts)
