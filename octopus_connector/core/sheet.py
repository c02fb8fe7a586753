"""A spreadsheet of plain text: sheets with a row of headings, and rows below it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

ROWS = 20_000
WIDTH = 24
# What a file that is no spreadsheet, or a broken one, makes the library say.
UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,
)


class SheetError(Exception):
    """The file is no spreadsheet that can be read, or has too many rows."""


def write(sheets: Mapping[str, tuple[list, Iterable[Mapping[str, str]]]]) -> bytes:
    """Return an xlsx file of which every cell is text: "06" stays "06", and what looks
    like a formula is none.

    :param sheets: title → headings, and rows as ``{heading: text}``
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False}
    )
    text = book.add_format({"num_format": "@", "valign": "top"})
    bold = book.add_format({"bold": True, "num_format": "@"})
    for title, (headings, rows) in sheets.items():
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, WIDTH, text)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, heading in enumerate(headings):
                sheet.write_string(number, column, row.get(heading) or "", text)
    book.close()
    return buffer.getvalue()


def read(content: bytes) -> dict[str, list[tuple[int, dict[str, str]]]]:
    """Return the rows of each sheet: number in the sheet, and ``{heading: text}``.

    A number that somebody typed is read as it shows: 21, not 21.0.

    :param content: an xlsx file
    :raises SheetError: it cannot be read
    """
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        return {sheet.title: _rows(sheet) for sheet in book.worksheets}
    except UNREADABLE as error:
        raise SheetError(str(error)) from error


def _rows(sheet):
    lines = sheet.iter_rows(values_only=True)
    headings = [_text(value) for value in next(lines, ())]
    rows = []
    for number, line in enumerate(lines, 2):
        if number > ROWS:
            raise SheetError(f"{sheet.title}: more than {ROWS} rows")
        row = dict(zip(headings, map(_text, line), strict=False))
        if any(row.values()):
            rows.append((number, row))
    return rows


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
