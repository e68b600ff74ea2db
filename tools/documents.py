"""Writes the documents that are made from the code; run it with the app's own Python."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from proofs import filled, proof_rows, read_rows

from bot.texts.plan_states import states_page

ROOT = Path(__file__).parents[1]
SECURITY = ROOT / "docs" / "security.md"
SECURITY_ROWS = ROOT / "tests" / "security" / "table.yml"
FAULTS = ROOT / "docs" / "faults.md"
FAULTS_ROWS = ROOT / "tests" / "faults" / "table.yml"
#: The tables that name tests.
TABLES = (FAULTS_ROWS, SECURITY_ROWS)
#: How those tests ended, and the figures that they gave: written by `make faults`.
OUTCOMES = ROOT / "tests" / "faults" / "outcomes.json"
_SECURITY_HEADS = {
    "threats": ("Nr.", "Who does what, where", "Measure", "Test"),
    "ncsc": ("Item", "About", "Measure", "Test, or why not"),
    "asvs": ("Item", "About", "Measure", "Test, or why not"),
}
_FAULTS_HEADS = ("Nr.", "What goes wrong", "What happens then", "Test, or why not")


def main() -> None:
    """Write each document anew."""
    # The tests are no part of what is installed, and their cases are counted.
    sys.path.insert(0, str(ROOT))
    (ROOT / "docs" / "plan-states.md").write_text(states_page())
    SECURITY.write_text(security_page())
    FAULTS.write_text(faults_page())


def security_page() -> str:
    """Give the page about security with its tables anew, and its prose as it is."""
    rows, outcomes = read_rows(SECURITY_ROWS), _outcomes()
    tables = {
        name: proof_rows(rows[name], outcomes, heads) for name, heads in _SECURITY_HEADS.items()
    }
    amounts = import_module("tests.security.amounts").amount_lines()
    return filled(SECURITY.read_text(), {**tables, "amounts": amounts})


def faults_page() -> str:
    """Give the page about faults with its tables anew, and its prose as it is."""
    rows = read_rows(FAULTS_ROWS)["faults"]
    figures = [
        f"| {name} | {of_run.pop('test')} | {of_run.pop('form')} | {of_run.pop('on')} "
        f"| {_said(of_run)} |"
        for name, of_run in sorted(_kept()["figures"].items())
    ]
    head = ["| Figures of | Test | Form | On | What was counted |", "|---|---|---|---|---|"]
    tables = {
        "faults": proof_rows(rows, _outcomes(), _FAULTS_HEADS),
        "figures": head + figures,
    }
    return filled(FAULTS.read_text(), tables)


def _kept() -> dict[str, Any]:
    """Give what the last runs left; nothing before the first one."""
    found = json.loads(OUTCOMES.read_text()) if OUTCOMES.is_file() else {}
    return {"outcomes": {}, "figures": {}} | found


def _outcomes() -> Mapping[str, str] | None:
    return {test: one["outcome"] for test, one in _kept()["outcomes"].items()} or None


def _said(figures: Mapping[str, Any]) -> str:
    """Give figures as words: those of a part in brackets behind its name."""
    said = []
    for name, value in figures.items():
        words = name.replace("_", " ")
        is_part = isinstance(value, dict)
        said.append(f"{words} ({_said(value)})" if is_part else f"{words} {value}")
    return ", ".join(said)


if __name__ == "__main__":
    main()
