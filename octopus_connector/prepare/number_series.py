"""Whether the numbers of Odoo can be those of Octopus's journals.

Octopus counts each journal from 1 in each bookyear, without gaps. Odoo's numbers do so
only where one series, which runs through the year, goes to a journal.
"""

from __future__ import annotations

from collections import defaultdict

from .journals import JournalResolver
from .kinds import REFUNDS

MONTHLY = ("month", "year_range_month")


def series_problem(settings) -> tuple[str, dict] | None:
    """Return why Odoo's numbers cannot be used, ``None`` when they can.

    Looks at the series that documents have had in the last year; what is numbered
    otherwise later is stopped document by document.

    :param settings: the company that holds the settings, in sudo
    :return: ``monthly``, ``prefixes`` or ``shared``, with values for a text:
        ``octopus_journal``, ``series``
    """
    targets = defaultdict(lambda: defaultdict(set))
    places = JournalResolver(settings)
    for journal, kind, prefix in _used(settings):
        target = places.chosen_journal(journal, kind)
        if target and prefix:
            own = kind in REFUNDS and journal.refund_sequence
            targets[target][journal, own].add(prefix)
    for target, found in targets.items():
        for prefixes in found.values():
            facts = {"octopus_journal": target.key, "series": sorted(prefixes)}
            if any(is_monthly(settings.env, prefix) for prefix in prefixes):
                return "monthly", facts
            if len(prefixes) > 1:
                return "prefixes", facts
        if len(found) > 1:
            names = sorted(set().union(*found.values()))
            return "shared", {"octopus_journal": target.key, "series": names}
    return None


def is_monthly(env, prefix: str) -> bool:
    """Whether a series starts anew each month.

    :param prefix: beginning of its numbers, such as ``INV/2026/05/``
    """
    moves = env["account.move"]
    return moves._deduce_sequence_number_reset(f"{prefix}0001") in MONTHLY


def _used(settings):
    """Return ``[(journal, kind, beginning of the numbers)]`` of what goes to Octopus,
    from the start to the end, of the calendar year of the last document."""
    domain = [
        ("company_id", "in", settings.octopus_companies().ids),
        ("move_type", "in", settings.octopus_kinds()),
        ("state", "=", "posted"),
    ]
    if settings.octopus_start_date:
        domain.append(("date", ">=", settings.octopus_start_date))
    if settings.octopus_end_date:
        domain.append(("date", "<", settings.octopus_end_date))
    moves = settings.env["account.move"].sudo()
    last = moves.search(domain, order="date desc", limit=1).date
    if not last:
        return []
    year = last.replace(month=1, day=1)
    return moves._read_group(
        [*domain, ("date", ">=", year)], ["journal_id", "move_type", "sequence_prefix"]
    )
