"""The security document names what is really there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/security.md"
#: What the document has to say something about.
ASVS = [
    "1.2.10",
    "1.3.11",
    "2.3.1",
    "2.3.3",
    "2.3.4",
    "2.4.1",
    "3.4.3",
    "3.4.4",
    "3.4.5",
    "3.5.1",
    "3.5.3",
    "5.4.2",
    "7.2.3",
    "8.2.2",
    "8.3.2",
    "8.4.1",
    "9.2.1",
    "14.2.1",
    "14.2.7",
    "14.3.2",
    "16.2.5",
    "16.4.1",
    "16.5.2",
    "16.5.3",
    "16.5.4",
]
NCSC = ["B.05", "U/TV.01", "U/WA.03", "U/WA.04", "U/WA.05"]


def named_tests() -> list[tuple[str, str]]:
    found = re.findall(r"`(tests/[\w/]+\.py)::(\w+|\*)`", DOCUMENT.read_text())
    return sorted(set(found))


def rows() -> list[list[str]]:
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if row[0] not in ("Who", "Item") and not row[0].startswith("---")]


@pytest.mark.parametrize(("file", "name"), named_tests())
def test_named_test_exists(file: str, name: str) -> None:
    code = (ROOT / file).read_text()

    wanted = r"\w+" if name == "*" else name
    assert re.search(rf"^(?:async )?def {wanted}\(", code, re.MULTILINE)


def test_every_row_has_a_test_or_a_reason() -> None:
    assert len(rows()) > 50
    for row in rows():
        assert all(row), row
        assert "::" in row[-1] or row[-1].startswith(("not code:", "not ours:", "not done:")), row


@pytest.mark.parametrize("item", [*ASVS, *NCSC])
def test_item_is_mapped(item: str) -> None:
    assert [row for row in rows() if item in row[0].split(", ")]
