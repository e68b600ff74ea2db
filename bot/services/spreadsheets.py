"""Writes tables as CSV and as a workbook, in which nothing that people typed is a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

#: What a cell may hold. Only numbers that we counted ourselves come as numbers.
Cell = str | int | date | None

#: A spreadsheet may take what begins with one of these for a formula; the escaped one is the minus
#: sign of typography.
_FORMULA_STARTS = frozenset("=+-@\u2212\t\r\n")
#: Not seen, and perhaps dropped by what reads the file: white space, controls and format signs.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
#: The most that a cell of a workbook can hold.
_MOST = 32_767
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Give a table as CSV (UTF-8 with mark, semicolons: Dutch Excel), without formulas."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[_written(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode(errors="replace")


def as_xlsx(rows: Sequence[Sequence[Cell]], name: str) -> bytes:
    """Give a table as a workbook with one sheet, in which every text is a text."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = _stored(value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, date):
                cell.number_format = "dd-mm-yyyy"
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def safe_text(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula, with a quote before it if need be."""
    return f"'{text}" if _looks_like_formula(text) else text


def _looks_like_formula(text: str) -> bool:
    for character in text:
        if character in _FORMULA_STARTS:
            return True
        # Full-width signs come out as the plain ones, for some programs also on reading.
        if unicodedata.normalize("NFKC", character)[:1] in _FORMULA_STARTS:
            return True
        if unicodedata.category(character) not in _UNSEEN:
            return False
    return False


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return safe_text(cell)
    return "" if cell is None else str(cell)


def _stored(value: Cell) -> Cell:
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:_MOST] if isinstance(value, str) else value
