"""A bookyear and its periods."""

import datetime
from dataclasses import dataclass, field

MONTH, QUARTER, YEAR = "MONTH", "QUARTER", "YEAR"
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}


@dataclass
class Period:
    """A booking period; ``number`` is YYYYMM, YYYY + quarter, or YYYY + 01."""

    number: int
    start: datetime.date
    end: datetime.date


def _months_later(day, months):
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1, day=1)


def make_periods(start, end, kind):
    """Periods of one kind (``MONTH``…) from ``start`` to ``end``
    (docs/octopus.md §11)."""
    periods = []
    first = start
    while first <= end:
        following = _months_later(first, _MONTHS[kind])
        last = min(following - datetime.timedelta(days=1), end)
        count = first.month if kind == MONTH else len(periods) + 1
        year = first.year if kind == MONTH else start.year
        periods.append(Period(year * 100 + count, first, last))
        first = following
    return periods


@dataclass
class Bookyear:
    """A bookyear of a dossier; ``names`` by language.

    ``carried_over``: whether its lists show what is open from the years before.
    """

    id: int
    names: dict[str, str]
    start: datetime.date
    end: datetime.date
    period_kind: str = MONTH
    closed: bool = False
    carried_over: bool = True
    periods: list[Period] = field(default_factory=list)

    def __post_init__(self):
        if not self.periods:
            self.periods = make_periods(self.start, self.end, self.period_kind)

    def period(self, number):
        """The period of that number, or None."""
        return next((p for p in self.periods if p.number == number), None)

    def period_of(self, day):
        """The period that holds ``day``, or None."""
        return next((p for p in self.periods if p.start <= day <= p.end), None)
