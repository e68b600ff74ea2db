"""Tables of proofs show what they promise, and no row passes that was not proved."""

from __future__ import annotations

from pathlib import Path

import pytest
from proofs import Row, filled, missing_tests, proof_rows, read_rows, unproved

GOOD, ALSO, BAD = "tests/a.py::test_good", "tests/a.py::test_also", "tests/b.py::test_bad"
OUTCOMES = {GOOD: "passed", ALSO: "passed", BAD: "failed"}

pytestmark = pytest.mark.house


def last_cell(row: Row, outcomes: dict[str, str]) -> str:
    return proof_rows([row], outcomes)[-1].strip("| ").rpartition(" | ")[2]


def test_table_has_a_line_for_each_row_and_links_to_the_tests() -> None:
    rows = [Row("1", "loss", "nothing is lost", (GOOD, BAD)), Row("2", "rain", "", (), "no code")]

    assert proof_rows(rows, None) == [
        "| Item | About | Measure | Test, or why not |",
        "|---|---|---|---|",
        f"| 1 | loss | nothing is lost | [`{GOOD}`](../tests/a.py)<br>[`{BAD}`](../tests/b.py) |",
        "| 2 | rain |  | no code |",
    ]


def test_column_that_is_empty_in_every_row_is_left_out() -> None:
    rows = [Row("1", "rain", reason="no code")]

    assert proof_rows(rows, None, ("#", "Fault", "Expected", "Proof")) == [
        "| # | Fault | Proof |",
        "|---|---|---|",
        "| 1 | rain | no code |",
    ]


def test_sign_of_a_column_stays_inside_its_cell() -> None:
    assert proof_rows([Row("1", "a|b", reason="c")], None)[-1] == "| 1 | a\\|b | c |"


def test_row_passes_only_when_all_its_tests_did() -> None:
    assert last_cell(Row("1", "x", tests=(GOOD, ALSO)), OUTCOMES) == "✔"
    assert last_cell(Row("1", "x", tests=(GOOD, BAD)), OUTCOMES) == f"✘ `{BAD}`"


def test_test_that_did_not_run_is_no_proof() -> None:
    gone = "tests/a.py::test_gone"

    assert last_cell(Row("1", "x", tests=(GOOD, gone)), OUTCOMES) == f"✘ `{gone}`"
    assert last_cell(Row("1", "x", tests=(GOOD,)), {}) == f"✘ `{GOOD}`"
    assert last_cell(Row("1", "x", tests=(GOOD,)), {GOOD: "skipped"}) == f"✘ `{GOOD}`"


def test_all_tests_of_a_file_must_have_passed() -> None:
    assert last_cell(Row("1", "x", tests=("tests/a.py::*",)), OUTCOMES) == "✔"
    assert last_cell(Row("1", "x", tests=("tests/b.py::*",)), OUTCOMES) == "✘ `tests/b.py::*`"
    assert last_cell(Row("1", "x", tests=("tests/c.py::*",)), OUTCOMES) == "✘ `tests/c.py::*`"


def test_row_with_a_reason_alone_is_neither_good_nor_bad() -> None:
    table = proof_rows([Row("1", "x", reason="the host's")], OUTCOMES)

    assert table[0].endswith("| Last run |")
    assert table[-1] == "| 1 | x | the host's | – |"


def test_rows_are_read_by_section(tmp_path: Path) -> None:
    file = tmp_path / "table.yml"
    file.write_text(
        f"- {{section: asvs, id: 1.2.10, about: formulas, tests: ['{GOOD}']}}\n"
        "- {section: who, id: T1, about: guess, measure: 'a long\n  hash', reason: none}\n"
    )

    assert read_rows(file) == {
        "asvs": [Row("1.2.10", "formulas", tests=(GOOD,))],
        "who": [Row("T1", "guess", "a long hash", reason="none")],
    }


@pytest.mark.parametrize(
    "item", [{"id": "1"}, {"about": "x"}, {"id": "1", "about": "x", "test": 1}]
)
def test_row_that_misses_or_misspells_something_is_refused(item: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a row"):
        Row.read(item)


def test_missing_tests_and_rows_without_proof_are_found(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/a.py").write_text("def test_good(): ...\nasync def test_also(): ...\n")
    rows = [
        Row("1", "x", tests=(GOOD, ALSO, "tests/a.py::*")),
        Row("2", "x", tests=("tests/a.py::test_goo", BAD)),
        Row("3", "x", reason="not code"),
        Row("4", "x"),
    ]

    assert missing_tests(rows, tmp_path) == ["tests/a.py::test_goo", BAD]
    assert unproved(rows) == ["4"]


def test_tables_stand_between_their_marks_and_prose_is_kept() -> None:
    page = "Before.\n\n<!-- table: a -->\nold\n<!-- end -->\n\nAfter.\n"

    made = filled(page, {"a": ["| 1 |", "| \\2 |"]})

    assert made == "Before.\n\n<!-- table: a -->\n\n| 1 |\n| \\2 |\n\n<!-- end -->\n\nAfter.\n"
    assert filled(made, {"a": ["| 1 |", "| \\2 |"]}) == made


@pytest.mark.parametrize("tables", [{}, {"b": []}, {"a": [], "b": []}])
def test_table_without_a_place_is_refused(tables: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="other tables"):
        filled("<!-- table: a -->\n<!-- end -->\n", tables)
