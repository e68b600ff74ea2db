"""Writes the documents that are made from the code; run it with the app's own Python."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from proofs import filled, proof_rows, read_rows

from bot.texts.plan_states import states_page

ROOT = Path(__file__).parents[1]
SECURITY = ROOT / "docs" / "security.md"
SECURITY_ROWS = ROOT / "tests" / "security" / "table.yml"
_SECURITY_HEADS = {
    "threats": ("Nr.", "Who does what, where", "Measure", "Test"),
    "ncsc": ("Item", "About", "Measure", "Test, or why not"),
    "asvs": ("Item", "About", "Measure", "Test, or why not"),
}


def main() -> None:
    """Write each document anew."""
    # The tests are no part of what is installed, and their cases are counted.
    sys.path.insert(0, str(ROOT))
    (ROOT / "docs" / "plan-states.md").write_text(states_page())
    SECURITY.write_text(security_page())


def security_page(outcomes: Mapping[str, str] | None = None) -> str:
    """Give the page about security with its tables anew, and its prose as it is."""
    rows = read_rows(SECURITY_ROWS)
    tables = {
        name: proof_rows(rows[name], outcomes, heads) for name, heads in _SECURITY_HEADS.items()
    }
    amounts = import_module("tests.security.amounts").amount_lines()
    return filled(SECURITY.read_text(), {**tables, "amounts": amounts})


if __name__ == "__main__":
    main()
