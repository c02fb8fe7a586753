"""Lines that are spread over time, where Odoo has days for that (Enterprise)."""

from __future__ import annotations

from ..api.enums import OverflowPeriod
from ..api.types import Overflow
from ..core import codes
from ..core.findings import Finding
from .findings import SETTINGS

# Of ``account.move.line``, in modules of Odoo Enterprise.
DAYS = ("deferred_start_date", "deferred_end_date")
NOT_SENT = "none"
PERIODS = {"bookyear": OverflowPeriod.BOOKYEAR, "period": OverflowPeriod.PERIOD}


def has_deferrals(env) -> bool:
    """Return whether lines of documents have days here.

    :param env: any environment of this database
    """
    return all(name in env["account.move.line"]._fields for name in DAYS)


class Deferrals:
    """How lines of the documents of one company are spread over time; not at all where
    nobody chose so.

    :param settings: the company that holds the settings, in sudo
    """

    def __init__(self, settings):
        self._settings = settings
        self._choice = settings.octopus_deferrals
        self.sent = self._choice in PERIODS and has_deferrals(settings.env)

    def days(self, item) -> tuple:
        """Return the first and the last day of a journal item; empty for none.

        :param item: ``account.move.line``
        """
        days = tuple(item[name] for name in DAYS) if self.sent else ()
        return days if all(days) else ()

    def account(self, direction):
        """Return the account that carries over what belongs to later periods.

        :param direction: ``sale`` or ``purchase``
        :return: ``octopus.account``, maybe empty
        """
        return self._settings[f"octopus_{direction}_deferral_account_id"]

    def of(self, item, direction, report) -> Overflow | None:
        """Return what Octopus is told of a journal item.

        :param item: ``account.move.line``
        :param direction: ``sale`` or ``purchase``
        :param report: takes each :class:`Finding`
        """
        days = self.days(item)
        if not days:
            return None
        start, end = days
        if self._settings.octopus_dossier_id.connection_id.transport == "soap":
            facts = {"line": item.name or "", "start_date": start, "end_date": end}
            move = item.move_id
            report(Finding(codes.DEFERRAL_NOT_SENT, facts, move._name, move.ids))
            return None
        account = self.account(direction)
        if not account:
            facts = {"direction": direction}
            report(Finding(codes.DEFERRAL_ACCOUNT_MISSING, facts, SETTINGS))
            return None
        return Overflow(
            start=start,
            end=end,
            period_type=PERIODS[self._choice],
            account=account.number,
        )
