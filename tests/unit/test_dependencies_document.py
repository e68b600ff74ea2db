"""The document about dependencies names each direct one, and no other, with all there is to say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/dependencies.md"
#: The heading of each group's table.
HEADINGS = {
    "app": "The app",
    "nlu": "Rasa, in an environment of its own",
    "test": "Tests",
    "dev": "Development",
    "setup": "Setting up",
}
COLUMNS = 6

pytestmark = pytest.mark.house


def asked() -> dict[str, set[str]]:
    """Give the names of the direct dependencies, by group."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = {"app": project["project"]["dependencies"], **project["dependency-groups"]}
    return {
        group: {Requirement(entry).name.lower() for entry in entries if isinstance(entry, str)}
        for group, entries in groups.items()
    }


def described(group: str) -> list[list[str]]:
    """Give the cells of a group's table, without its head."""
    section = DOCUMENT.read_text().split(f"\n## {HEADINGS[group]}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_group_has_a_table() -> None:
    assert asked().keys() == HEADINGS.keys()


@pytest.mark.parametrize("group", HEADINGS)
def test_document_names_exactly_what_is_asked(group: str) -> None:
    named = [row[0].strip("`") for row in described(group)]

    assert named == sorted(named)
    assert len(named) == len(set(named))
    assert set(named) == asked()[group]


@pytest.mark.parametrize("group", HEADINGS)
def test_nothing_is_left_open(group: str) -> None:
    for row in described(group):
        assert len(row) == COLUMNS, row
        assert all(row), row
        assert re.fullmatch(r"\d[\w.]*", row[1]), row


def test_build_backend_is_described_too() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = {Requirement(entry).name for entry in project["build-system"]["requires"]}

    assert needed <= set().union(*asked().values())


def test_every_proof_exists() -> None:
    text = DOCUMENT.read_text()
    files = re.findall(r"`((?:tests|bot|nlu|content)/[\w./]+)`", text)
    tests = re.findall(r"`(test_\w+)`", text)
    code = "".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))

    assert [name for name in files if not (ROOT / name).exists()] == []
    assert [name for name in tests if f"def {name}(" not in code] == []
