"""What a frozen period held, held against what it holds now: pure, no Odoo.

The content is plain JSON: ``{"periods": [{"place": …, "sums": …, "codes": […],
"rows": [{"key": …, "document": …, …}]}]}``, with money as text, and in no language.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter

WIDTH = 18


class Change(NamedTuple):
    """One document that is not as it was frozen.

    :param what: ``added``, ``removed`` or ``changed``
    :param place: journal, bookyear and period
    :param before: as it was frozen, ``None`` for one that was added
    :param now: as it is, ``None`` for one that was removed
    """

    what: str
    place: tuple
    before: dict | None
    now: dict | None

    @property
    def row(self) -> dict:
        return self.now or self.before


def changes(frozen: Mapping, present: Mapping) -> list[Change]:
    """Return the documents of which a period has not what was frozen of it.

    :param frozen: content as it was kept
    :param present: content of the same periods now
    """
    before, now = _rows(frozen), _rows(present)
    found = []
    for key in sorted({*before, *now}, key=repr):
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        what = "changed" if old and new else "removed" if old else "added"
        found.append(Change(what, key[0], old, new))
    return found


def _rows(content):
    return {
        (tuple(period["place"]), row["key"]): row
        for period in content["periods"]
        for row in period["rows"]
    }


def write_sheets(sheets: Mapping[str, tuple[list[str], Iterable[list[Any]]]]) -> bytes:
    """Return an xlsx file in which money is a number, a day a date, and every text a
    text: what looks like a formula is none.

    :param sheets: title → headings, and rows of ``str``, ``Decimal``, ``int``, ``date``
        or ``None``
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        formats = {
            "heading": book.add_format({"bold": True}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for title, (headings, rows) in sheets.items():
            _write_sheet(book.add_worksheet(title), headings, rows, formats)
    return buffer.getvalue()


def _write_sheet(sheet, headings, rows, formats):
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, WIDTH)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, formats["heading"])
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write_cell(sheet, number, column, value, formats)


def _write_cell(sheet, row, column, value, formats):
    if value is None or value == "":
        return
    if isinstance(value, Decimal):
        sheet.write_number(row, column, value, formats["money"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value)
