"""Files for spreadsheets: nothing that somebody typed is a formula in them."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.spreadsheets import as_csv, as_xlsx, safe_text

FORMULAS = [
    '=HYPERLINK("http://kwaad.example")',
    "+31612345678",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff@SUM(1)",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "\u22121",
    " \t \uff1d1+1",
]


def read_csv(content: bytes) -> list[list[str]]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=";"))


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_is_no_formula_in_csv(text: str) -> None:
    assert read_csv(as_csv([[text]])) == [["'" + text]]


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_is_text_in_workbook(text: str) -> None:
    cell = openpyxl.load_workbook(io.BytesIO(as_xlsx([[text]], "Plannen")))["Plannen"]["A1"]

    assert cell.data_type == "s"


@pytest.mark.parametrize("text", ["Drones", "1 = 1", "a-b", "", "€ 3.600", "'s Gravenhage", "é"])
def test_common_text_stays_as_it_is(text: str) -> None:
    assert safe_text(text) == text


@given(st.text(max_size=12))
def test_no_safe_text_begins_like_a_formula(text: str) -> None:
    assert not safe_text(text).strip().startswith(("=", "+", "-", "@"))


def test_csv_is_for_dutch_excel() -> None:
    content = as_csv([["kop", "met; puntkomma"], ['"aan"haling', "regel 1\nregel 2"]])

    assert content.startswith(b"\xef\xbb\xbf")
    assert b'"kop";"met; puntkomma"\r\n' in content
    assert read_csv(content)[1] == ['"aan"haling', "regel 1\nregel 2"]


def test_numbers_and_dates_can_be_reckoned_with() -> None:
    row = [3600, date(2026, 11, 22), None]

    cells = openpyxl.load_workbook(io.BytesIO(as_xlsx([row], "Plannen")))["Plannen"][1]

    assert read_csv(as_csv([row])) == [["3600", "2026-11-22", ""]]
    assert [cell.value for cell in cells[:2]] == [3600, datetime(2026, 11, 22)]


def test_workbook_takes_what_no_cell_can_hold() -> None:
    content = as_xlsx([["a\x00\x0bb", "x" * 40_000]], "Plannen")

    cells = openpyxl.load_workbook(io.BytesIO(content))["Plannen"][1]

    assert cells[0].value == "ab"
    assert len(cells[1].value) == 32_767
