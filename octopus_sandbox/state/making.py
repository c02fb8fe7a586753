"""Making bookyears and journals, as the program and the web service do."""

import datetime

from .bookyear import Bookyear
from .codes import Code
from .errors import Refusal
from .journal import Journal

_DAY = datetime.timedelta(days=1)


def make_bookyear(accountant, names, start, end, period_kind, *, with_journals=True):
    """Make the bookyear that follows the last one, or the first; return it.

    ``with_journals``: those of the year before, with its accounts, come along.
    :raises Refusal: it ends before it begins, or does not follow the last one
    """
    dossier = accountant.dossier
    years = dossier.bookyears.values()
    last = max(years, key=lambda year: year.end, default=None)
    if end < start:
        raise Refusal(None, f"Bookyear ends on {end}, before it starts on {start}")
    if last and start != last.end + _DAY:
        raise Refusal(None, f"Bookyear must start on {last.end + _DAY}, not on {start}")
    number = max(dossier.bookyears, default=0) + 1
    year = Bookyear(number, names, start, end, period_kind)
    dossier.bookyears[number] = year
    if last:
        accountant.copy_year(last.id, number, journals=with_journals)
    return year


def make_journal(accountant, bookyear, key, names, **values):
    """Make a journal in a bookyear.

    :raises Refusal: there is no such bookyear, it is closed, or has such a journal
    """
    dossier = accountant.dossier
    year = dossier.bookyears.get(bookyear)
    if not year:
        raise Refusal(Code.UNKNOWN_BOOKYEAR, f"Bookyear {bookyear} unknown")
    if year.closed:
        raise Refusal(None, f"Bookyear {bookyear} is closed")
    if (bookyear, key) in dossier.journals:
        raise Refusal(Code.INVALID_JOURNAL, f"Journal {key} exists in {bookyear}")
    dossier.journals[bookyear, key] = Journal(bookyear, key, names, **values)
    dossier.feeds.journals.record((bookyear, key), accountant.clock.stamp())
