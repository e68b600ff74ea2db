"""The security document names what is really there, and leaves no item out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import SECURITY, SECURITY_ROWS, security_page
from proofs import Row, missing_tests, read_rows, unproved

from tests.security.amounts import amounts

ROOT = Path(__file__).parents[2]
ROWS = read_rows(SECURITY_ROWS)
ALL = [row for rows in ROWS.values() for row in rows]
#: Every requirement of OWASP ASVS 5.0 at level 1 or 2, but for OAuth and WebRTC: how far each
#: section goes, and what of it is level 3.
LEVEL_2 = {
    "1.1": 2, "1.2": 10, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4,
    "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2,
    "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1,
    "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
}  # fmt: skip
#: Of level 3, and kept all the same.
LEVEL_3 = {"8.3.2", "14.2.7", "16.5.4"}
NCSC = ["B.05", "U/TV.01", "U/WA.03", "U/WA.04", "U/WA.05"]
WHY_NOT = ("not code:", "not ours:", "not used:", "not done:")


def items(row: Row) -> list[str]:
    """Give each item that a row is about; `2.1.1–2.1.3` is three."""
    found = []
    for part in row.id.split(", "):
        first, _, last = part.partition("–")
        section, _, number = first.rpartition(".")
        end = int(last.rpartition(".")[2]) if last else int(number)
        found += [f"{section}.{one}" for one in range(int(number), end + 1)]
    return found


def test_document_is_made_from_the_table() -> None:
    assert SECURITY.read_text() == security_page()


def test_every_named_test_exists() -> None:
    prose = re.findall(r"`(tests/[\w/]+\.py::(?:\w+|\*))`", SECURITY.read_text())

    assert len(prose) > len(ALL)
    assert missing_tests([*ALL, Row("prose", "x", tests=tuple(prose))], ROOT) == []


def test_every_row_has_a_test_or_a_reason() -> None:
    assert len(ALL) > 150
    assert unproved(ALL) == []
    assert [row.id for row in ALL if not row.tests and not row.reason.startswith(WHY_NOT)] == []


def test_every_threat_is_met() -> None:
    assert [row.id for row in ROWS["threats"] if not row.tests or not row.expected] == []


def test_every_item_of_level_2_is_mapped_once() -> None:
    wanted = {f"{section}.{one}" for section, most in LEVEL_2.items() for one in range(1, most + 1)}
    found = [item for row in ROWS["asvs"] for item in items(row)]

    assert len(found) == len(set(found))
    assert set(found) == wanted | LEVEL_3


@pytest.mark.parametrize("item", NCSC)
def test_item_of_ncsc_is_mapped(item: str) -> None:
    assert [row for row in ROWS["ncsc"] if row.id == item]


def test_hundreds_of_cases_are_tried() -> None:
    found = amounts()

    assert {kind.partition(":")[0] for kind in found} == {"injection", "tokens", "callbacks", "web"}
    assert all(number > 150 for number in found.values()), found
    # Guesses are cheap; without them there are enough too.
    assert sum(number for kind, number in found.items() if "guessed" not in kind) > 1500
