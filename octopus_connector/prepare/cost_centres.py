"""What the analytic distribution of a line means in Octopus."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from ..core import codes
from ..core.codes import WARN
from ..core.cost_centres import SharesError, of_plan, split, with_rest
from ..core.findings import Finding

NONE_WANTED, MANDATORY = "none", "mandatory"


class CostCentres:
    """The cost centres of the documents of one company.

    Everything is read once, whatever the number of documents, and nothing without a
    plan.

    :param settings: the company that holds the settings, in sudo
    """

    def __init__(self, settings):
        self.env = settings.env
        self.plan = settings.octopus_cost_plan_id
        self._settings = settings
        self._rows = {}

    @cached_property
    def _mapped(self):
        """``{analytic account id: octopus.cost.centre, empty for none by choice}``"""
        return self.env["octopus.cost.centre.mapping"].lookup(self._settings)

    @cached_property
    def _accounts(self):
        """Ids of the accounts of the plan and of those below it, archived ones too."""
        accounts = self.env["octopus.cost.centre.mapping"].of_plan(self.plan)
        return frozenset(accounts.ids)

    @cached_property
    def _digits(self):
        return self.env["decimal.precision"].precision_get("Percentage Analytic")

    def distribution(self, item) -> dict[int, Decimal]:
        """Return what a journal item gives to the accounts of the plan.

        :param item: ``account.move.line``
        :return: ``{analytic account id: percent}``; empty without a plan
        """
        if not self.plan or not item.analytic_distribution:
            return {}
        return of_plan(item.analytic_distribution, self._accounts)

    def shares(self, item, account, base, expected_vat, unit, report) -> tuple:
        """Return what each cost centre takes of a line, empty for none.

        :param item: ``account.move.line``
        :param account: ``octopus.account`` that it is booked on, maybe empty
        :param base: its base, in the document's currency
        :param expected_vat: VAT by the rate of its tax
        :param unit: the currency's smallest amount
        :param report: takes each :class:`Finding`
        :return: tuple of ``core.cost_centres.CostShare``
        """
        if account.cost_centre_policy == NONE_WANTED:
            return ()
        given = self.distribution(item)
        unmapped = [it for it in given if it not in self._mapped]
        if unmapped:
            for analytic_id in unmapped:
                report(self._unmapped(analytic_id))
            return ()
        try:
            wanted = self._by_number(given, report)
        except SharesError as error:
            report(self._wrong(item, error.total))
            return ()
        if account.cost_centre_policy == MANDATORY:
            self._check_whole(item, account, wanted, report)
        return split(base, expected_vat, wanted, unit) if wanted else ()

    def _by_number(self, given, report):
        """Return the percentages by number of cost centre, with the rest.

        :raises SharesError: they cannot be
        """
        found = {}
        for analytic_id, percent in given.items():
            number = self._number(analytic_id, report)
            found[number] = found.get(number, Decimal(0)) + percent
        return with_rest(found, self._digits) if found else {}

    def _number(self, analytic_id, report):
        """Return the number of the cost centre of an analytic account, ``None`` for
        none by choice; report one that cannot be booked on."""
        centre = self._mapped[analytic_id]
        if centre and (centre.closed or not centre.active):
            facts = {"cost_centre": centre.display_name}
            row = self._row(analytic_id)
            report(Finding(codes.COST_CENTRE_CLOSED, facts, row._name, row.ids))
        return centre.octopus_id or None

    def _wrong(self, item, total):
        facts = {
            "line": item.name or "",
            "plan": self.plan.display_name,
            "percentage": f"{total.normalize():f}",
        }
        return Finding(codes.COST_SHARES_WRONG, facts, *_document(item))

    def _unmapped(self, analytic_id):
        account = self.env["account.analytic.account"].browse(analytic_id)
        row = self._row(analytic_id)
        facts = {"analytic": account.display_name}
        return Finding(codes.COST_CENTRE_NOT_MAPPED, facts, row._name, row.ids)

    def _row(self, analytic_id):
        """Return the mapping of an analytic account, accepted or not, maybe empty."""
        if analytic_id not in self._rows:
            account = self.env["account.analytic.account"].browse(analytic_id)
            mappings = self.env["octopus.cost.centre.mapping"]
            self._rows[analytic_id] = mappings.of_accounts(self._settings, account)
        return self._rows[analytic_id]

    def _check_whole(self, item, account, wanted, report):
        """Report a line that has no cost centre, or a part that has none, on an account
        that wants one. Without a plan the document goes: nobody said where cost centres
        come from, and Octopus may take it."""
        if wanted and None not in wanted:
            return
        facts = {"octopus_account": account.number, "line": item.name or ""}
        if self.plan:
            report(Finding(codes.COST_CENTRE_WANTED, facts, *_document(item)))
        else:
            told = codes.COST_CENTRE_WITHOUT_PLAN
            own = {"octopus_account": account.number}
            report(Finding(told, own, "res.config.settings", severity=WARN))


def _document(item):
    return item.move_id._name, item.move_id.ids
