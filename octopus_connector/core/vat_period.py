"""In which VAT return a booking falls: pure, no Odoo."""

from __future__ import annotations

from datetime import date, timedelta

MONTH, QUARTER = "month", "quarter"
# On which day of the month after its period a Belgian return is due (since 2025), and
# from which on it is told what lacks in it: some working days are left to mend it.
DUE_DAY = {MONTH: 20, QUARTER: 25}
TOLD_FROM = 10


def vat_returns(start: date, end: date, every: str | None) -> str:
    """Return the VAT return of a booking period, ``2026-04`` or ``2026-Q2``.

    While nobody told how often the dossier files one, that of a month may be either:
    ``2026-04/2026-Q2``. Of a period longer than a return only the year is certain.

    :param start: first day of the booking period
    :param end: its last day
    :param every: ``month``, ``quarter``, or nothing when it is not known
    """
    by_month = f"{start.year}-{start.month:02}"
    by_quarter = f"{start.year}-Q{_quarter(start)}"
    if (start.year, start.month) == (end.year, end.month):
        known = {MONTH: by_month, QUARTER: by_quarter}
        return known.get(every) or f"{by_month}/{by_quarter}"
    if (start.year, _quarter(start)) == (end.year, _quarter(end)) and every != MONTH:
        return by_quarter
    return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"


def first_day(vat_return: str) -> date | None:
    """Return the day a VAT return begins; none where only the year is known.

    :param vat_return: one that :func:`vat_returns` named, such as ``2026-04`` or
        ``2026-Q2``; of ``2026-04/2026-Q2`` one part
    """
    year, _dash, part = vat_return.partition("-")
    if not part:
        return None
    month = 3 * int(part[1:]) - 2 if part.startswith("Q") else int(part)
    return date(int(year), month, 1)


def first_untold(today: date, every: str) -> date:
    """Return the first day of the oldest return that is not due soon: whatever is
    booked before it belongs to one that is filed by now, or about to be.

    :param every: ``month`` or ``quarter``
    """
    start = _start(today, every)
    if today >= start.replace(day=TOLD_FROM):
        return start
    return _start(start - timedelta(days=1), every)


def due_date(first_day_after: date, every: str) -> date:
    """Return when the return is due that ends before a day.

    :param every: ``month`` or ``quarter``
    """
    return first_day_after.replace(day=DUE_DAY[every])


def _start(day, every):
    month = day.month if every == MONTH else 3 * _quarter(day) - 2
    return date(day.year, month, 1)


def _quarter(day: date) -> int:
    return (day.month + 2) // 3
