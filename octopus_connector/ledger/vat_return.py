"""In which VAT return a booking falls: pure, no Odoo (X.2, Z.6)."""

from __future__ import annotations

from datetime import date

MONTH, QUARTER = "month", "quarter"


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
    """Return the day a return of :func:`vat_returns` begins; none for a whole year."""
    year, _dash, part = vat_return.partition("-")
    if not part:
        return None
    month = 3 * int(part[1:]) - 2 if part.startswith("Q") else int(part)
    return date(int(year), month, 1)


def _quarter(day: date) -> int:
    return (day.month + 2) // 3
